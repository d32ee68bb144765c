package dev.keelson.linux.net.nft;

import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.nft.ExpressionWriter.Header;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Translates statements into the kernel's expressions. */
final class StatementWriter {
    private static final int REGISTER = ExpressionWriter.REGISTER_0;
    private static final int NAME_BYTES = 16;
    private static final int SOURCE_OFFSET = 12;
    private static final int DESTINATION_OFFSET = 16;
    private static final int ROUTE_LOCAL = 2;
    private static final int STATE_INVALID = 1;
    private static final int STATE_ESTABLISHED_OR_RELATED = 2 | 4;
    private static final int STATUS_REDIRECTED = 1 << 5;
    private static final int REJECT_ICMP = 0;
    private static final int REJECT_RESET = 1;
    private static final int ICMP_PORT_UNREACHABLE = 3;
    private static final int VERDICT_DROP = 0;
    private static final int VERDICT_ACCEPT = 1;
    private static final int VERDICT_JUMP = -3;
    static final int VERDICT_GOTO = -4;

    private final ExpressionWriter out;
    private final Iterator<SetReference> anonymousMaps;

    /** @param anonymousMaps the maps made before this rule, in the order of the statements that need one */
    StatementWriter(ExpressionWriter out, Iterator<SetReference> anonymousMaps) {
        this.out = out;
        this.anonymousMaps = anonymousMaps;
    }

    void write(Statement statement) {
        switch (statement) {
            case Statement.ComesInBy(String name, boolean prefix, boolean negated) ->
                device(ExpressionWriter.META_IIFNAME, name, prefix, negated);
            case Statement.LeavesBy(String name, boolean prefix, boolean negated) ->
                device(ExpressionWriter.META_OIFNAME, name, prefix, negated);
            case Statement.SourceIn(Cidr range, boolean negated) -> range(SOURCE_OFFSET, range, negated);
            case Statement.DestinationIn(Cidr range, boolean negated) -> range(DESTINATION_OFFSET, range, negated);
            case Statement.ProtocolIs(Protocol protocol) -> {
                out.meta(ExpressionWriter.META_L4PROTO, REGISTER);
                out.compare(REGISTER, new byte[] {(byte) protocol.number()}, false);
            }
            case Statement.IcmpTypeIs(int type) -> {
                out.payload(Header.TRANSPORT, 0, 1, REGISTER);
                out.compare(REGISTER, new byte[] {(byte) type}, false);
            }
            case Statement.DestinationIsLocal _ -> {
                out.destinationKind(REGISTER);
                out.compare(REGISTER, word(ROUTE_LOCAL), false);
            }
            case Statement.IsRedirected _ -> connectionHas(ExpressionWriter.CT_STATUS, STATUS_REDIRECTED);
            case Statement.IsInvalid _ -> connectionHas(ExpressionWriter.CT_STATE, STATE_INVALID);
            case Statement.IsEstablished _ -> connectionHas(ExpressionWriter.CT_STATE, STATE_ESTABLISHED_OR_RELATED);
            case Statement.InSet set -> {
                out.load(set.key());
                out.lookup(SetReference.named(set.set()), REGISTER);
            }
            case Statement.MapToVerdict map -> {
                out.load(map.key());
                out.map(SetReference.named(map.map()), REGISTER, ExpressionWriter.REGISTER_VERDICT);
            }
            case Statement.MapToTarget map -> {
                out.load(map.key());
                out.map(SetReference.named(map.map()), REGISTER, REGISTER);
                out.redirect(REGISTER);
            }
            case Statement.Balance balance -> {
                out.random(REGISTER, balance.targets().size());
                out.map(anonymousMaps.next(), REGISTER, REGISTER);
                out.redirect(REGISTER);
            }
            case Statement.BalanceChains balance -> {
                out.random(REGISTER, balance.chains().size());
                out.map(anonymousMaps.next(), REGISTER, ExpressionWriter.REGISTER_VERDICT);
            }
            case Statement.Remember(Field key, String set) -> {
                out.load(List.of(key));
                out.remember(set, REGISTER);
            }
            case Statement.Redirect(Value.Target target) -> {
                out.immediate(REGISTER, target.address().bytes());
                out.immediate(REGISTER + 1, port(target.port()));
                out.redirect(REGISTER);
            }
            case Statement.Masquerade _ -> out.masquerade();
            case Statement.RejectWithReset _ -> out.reject(REJECT_RESET, 0);
            case Statement.RejectWithIcmp _ -> out.reject(REJECT_ICMP, ICMP_PORT_UNREACHABLE);
            case Statement.Accept _ -> out.verdict(VERDICT_ACCEPT, "");
            case Statement.Drop _ -> out.verdict(VERDICT_DROP, "");
            case Statement.Jump(String chain) -> out.verdict(VERDICT_JUMP, chain);
            case Statement.GoTo(String chain) -> out.verdict(VERDICT_GOTO, chain);
        }
    }

    private void device(int metaKey, String name, boolean prefix, boolean negated) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        out.meta(metaKey, ExpressionWriter.REGISTER_OF_16_BYTES);
        out.compare(ExpressionWriter.REGISTER_OF_16_BYTES, prefix ? text : Arrays.copyOf(text, NAME_BYTES), negated);
    }

    private void range(int offset, Cidr range, boolean negated) {
        out.payload(Header.NETWORK, offset, 4, REGISTER);
        if (range.prefix() < 32) {
            out.mask(REGISTER, range.maskAddress().bytes());
        }
        out.compare(REGISTER, range.base().bytes(), negated);
    }

    private void connectionHas(int key, int bits) {
        out.connection(key, REGISTER);
        out.mask(REGISTER, word(bits));
        out.compare(REGISTER, word(0), true);
    }

    private static byte[] word(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    private static byte[] port(int port) {
        return new byte[] {(byte) (port >> 8), (byte) port};
    }
}
