package dev.keelson.linux.net.nft;

import dev.keelson.linux.net.Ipv4;

/** What a set's element holds beside its key. */
public sealed interface Value {
    Value NONE = new None();

    static Value goTo(String chain) {
        return new GoTo(chain);
    }

    /** The element of a plain set. */
    record None() implements Value {}

    /** Evaluation goes on in the chain and does not come back. */
    record GoTo(String chain) implements Value {}

    /** Where a connection is sent. */
    record Target(Ipv4 address, int port) implements Value {
        public Target {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("%d is not a port from 1 to 65535".formatted(port));
            }
        }

        @Override
        public String toString() {
            return address + ":" + port;
        }
    }
}
