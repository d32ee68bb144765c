package dev.keelson.linux.net;

import dev.keelson.linux.net.Flow.SocketEnd;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The IPv4 connections that one network namespace tracks (linux/netfilter/nfnetlink_conntrack.h). */
public final class Conntrack implements AutoCloseable {
    private static final int SUBSYSTEM = 1 << 8;
    private static final int GET = 1;
    private static final int DELETE = 2;
    private static final int GENERIC_HEADER = 4;
    private static final int FAMILY_IPV4 = 2;

    private static final int TUPLE_ORIGINAL = 1;
    private static final int TUPLE_REPLY = 2;
    private static final int PROTOCOL_INFO = 4;
    private static final int TIMEOUT = 7;
    private static final int FILTER = 25;
    private static final int FILTER_ORIGINAL = 1;
    private static final int FILTER_REPLY = 2;
    private static final int BY_SOURCE_ADDRESS = 1 << 0;
    private static final int BY_PROTOCOL = 1 << 3;
    private static final int TUPLE_IP = 1;
    private static final int TUPLE_PROTOCOL = 2;
    private static final int IP_SOURCE = 1;
    private static final int IP_DESTINATION = 2;
    private static final int PROTOCOL_NUMBER = 1;
    private static final int SOURCE_PORT = 2;
    private static final int DESTINATION_PORT = 3;

    private final NetlinkSocket socket;

    private Conntrack(NetlinkSocket socket) {
        this.socket = socket;
    }

    public static Conntrack open(NetworkNamespace namespace) {
        return new Conntrack(NetlinkSocket.open(namespace, NetlinkSocket.NETFILTER));
    }

    /** Connections of an IP protocol. */
    public List<Flow> flowsOf(int protocol) {
        NetlinkMessage request = list("of protocol " + protocol)
                .nest(
                        TUPLE_ORIGINAL,
                        tuple -> tuple.nest(TUPLE_PROTOCOL, number -> number.attributeU8(PROTOCOL_NUMBER, protocol)))
                .nest(FILTER, filter -> filter.attributeU32(FILTER_ORIGINAL, BY_PROTOCOL));
        return read(request).filter(flow -> flow.protocol() == protocol).toList();
    }

    /** Connections whose answers come from the address. */
    public List<Flow> flowsAnsweredBy(Ipv4 address) {
        NetlinkMessage request = list("answered by " + address)
                .nest(TUPLE_REPLY, tuple -> tuple.nest(TUPLE_IP, ip -> ip.attribute(IP_SOURCE, address.bytes())))
                .nest(FILTER, filter -> filter.attributeU32(FILTER_REPLY, BY_SOURCE_ADDRESS));
        return read(request)
                .filter(flow -> flow.answeredBy().address().equals(address))
                .toList();
    }

    private static NetlinkMessage list(String which) {
        return request("list tracked connections " + which, GET, NetlinkMessage.DUMP);
    }

    /** A busy host tracks 100,000 connections. Kernels before 5.8 do not filter, so what they answer is filtered again. */
    private Stream<Flow> read(NetlinkMessage request) {
        return socket.dump(request).stream()
                .map(answer ->
                        Attributes.parse(Arrays.copyOfRange(answer.body(), GENERIC_HEADER, answer.body().length)))
                .map(Conntrack::read)
                .flatMap(Optional::stream);
    }

    /** Makes the host forget the connection, so that its next packet is looked at afresh. */
    public void delete(Flow flow) {
        NetlinkMessage request = request("forget connection " + flow, DELETE, 0)
                .nest(TUPLE_ORIGINAL, tuple -> tuple.nest(TUPLE_IP, ip -> ip.attribute(
                                        IP_SOURCE, flow.source().address().bytes())
                                .attribute(
                                        IP_DESTINATION,
                                        flow.destination().address().bytes()))
                        .nest(TUPLE_PROTOCOL, protocol -> protocol.attributeU8(PROTOCOL_NUMBER, flow.protocol())
                                .attributeBe16(SOURCE_PORT, flow.source().port())
                                .attributeBe16(
                                        DESTINATION_PORT, flow.destination().port())));
        try {
            socket.execute(request);
        } catch (NetlinkException failure) {
            if (failure.errno() != Errno.ENOENT) {
                throw failure;
            }
        }
    }

    private static Optional<Flow> read(Attributes entry) {
        Attributes original = entry.nested(TUPLE_ORIGINAL);
        Attributes reply = entry.nested(TUPLE_REPLY);
        Optional<Integer> protocol = original.nested(TUPLE_PROTOCOL).u8(PROTOCOL_NUMBER);
        if (protocol.isEmpty() || original.nested(TUPLE_IP).bytes(IP_SOURCE).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Flow(
                protocol.get(),
                end(original, IP_SOURCE, SOURCE_PORT),
                end(original, IP_DESTINATION, DESTINATION_PORT),
                end(reply, IP_SOURCE, SOURCE_PORT),
                entry.nested(PROTOCOL_INFO).nested(1).u8(1).orElse(0),
                Duration.ofSeconds(entry.be32(TIMEOUT).orElse(0))));
    }

    /** ICMP has no ports: they read as 0. */
    private static SocketEnd end(Attributes tuple, int addressAttribute, int portAttribute) {
        Ipv4 address =
                tuple.nested(TUPLE_IP).bytes(addressAttribute).map(Ipv4::of).orElse(new Ipv4(0));
        return new SocketEnd(
                address, tuple.nested(TUPLE_PROTOCOL).be16(portAttribute).orElse(0));
    }

    private static NetlinkMessage request(String operation, int type, int flags) {
        return new NetlinkMessage(operation, SUBSYSTEM | type, flags)
                .u8(FAMILY_IPV4)
                .u8(0)
                .be16(0);
    }

    @Override
    public void close() {
        socket.close();
    }
}
