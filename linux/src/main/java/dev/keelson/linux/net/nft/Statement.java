package dev.keelson.linux.net.nft;

import dev.keelson.linux.net.Cidr;
import java.util.List;

/** What a rule is made of, in the order in which it is evaluated: conditions first, then what happens. */
public sealed interface Statement {

    /** The device that the packet came in by. @param prefix whether all names that start so match */
    record ComesInBy(String name, boolean prefix, boolean negated) implements Statement {}

    /** The device that the packet leaves by. @param prefix whether all names that start so match */
    record LeavesBy(String name, boolean prefix, boolean negated) implements Statement {}

    record SourceIn(Cidr range, boolean negated) implements Statement {}

    record DestinationIn(Cidr range, boolean negated) implements Statement {}

    record ProtocolIs(Protocol protocol) implements Statement {}

    /** An ICMP message of this type (matches only after {@link ProtocolIs} ICMP). */
    record IcmpTypeIs(int type) implements Statement {}

    /** The destination is an address of this host. */
    record DestinationIsLocal() implements Statement {}

    /** The connection was redirected to another destination. */
    record IsRedirected() implements Statement {}

    /** The packet belongs to no connection that the host knows. */
    record IsInvalid() implements Statement {}

    /** The packet belongs to, or is an error about, a connection that was let through before. */
    record IsEstablished() implements Statement {}

    record InSet(List<Field> key, String set) implements Statement {
        public InSet {
            key = List.copyOf(key);
        }
    }

    /** Goes to the chain that the map holds for the key; goes on when it holds none. */
    record MapToVerdict(List<Field> key, String map) implements Statement {
        public MapToVerdict {
            key = List.copyOf(key);
        }
    }

    /** Sends the connection to the target that the map holds for the key; goes on when it holds none. */
    record MapToTarget(List<Field> key, String map) implements Statement {
        public MapToTarget {
            key = List.copyOf(key);
        }
    }

    /** Sends each new connection to one of the targets, chosen at random with equal chance. */
    record Balance(List<Value.Target> targets) implements Statement {
        public Balance {
            targets = List.copyOf(targets);
        }
    }

    /** Goes to one of the chains, chosen at random with equal chance. */
    record BalanceChains(List<String> chains) implements Statement {
        public BalanceChains {
            chains = List.copyOf(chains);
        }
    }

    /** Adds the key to a remembering set, or makes it stay longer. */
    record Remember(Field key, String set) implements Statement {}

    /** Sends the connection to the target. */
    record Redirect(Value.Target target) implements Statement {}

    /** Gives the connection the source address of the device that it leaves by. */
    record Masquerade() implements Statement {}

    /** Refuses with a TCP reset. */
    record RejectWithReset() implements Statement {}

    /** Refuses with ICMP "port unreachable". */
    record RejectWithIcmp() implements Statement {}

    record Accept() implements Statement {}

    record Drop() implements Statement {}

    record Jump(String chain) implements Statement {}

    record GoTo(String chain) implements Statement {}
}
