package dev.keelson.linux.net.nft;

import dev.keelson.linux.net.Ipv4;
import java.util.List;

/** The key of a set's element: one number for each {@link Field} of the set, addresses as their 32 bits. */
public record Key(List<Integer> parts) {
    public Key {
        parts = List.copyOf(parts);
    }

    public static Key of(Ipv4 address) {
        return new Key(List.of(address.bits()));
    }

    public static Key of(Ipv4 source, Ipv4 destination) {
        return new Key(List.of(source.bits(), destination.bits()));
    }

    public static Key of(Protocol protocol, int port) {
        return new Key(List.of(protocol.number(), port));
    }

    public static Key of(Ipv4 address, Protocol protocol, int port) {
        return new Key(List.of(address.bits(), protocol.number(), port));
    }
}
