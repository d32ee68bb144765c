package dev.keelson.apiserver.admission;

import dev.keelson.apiserver.registry.rules.Addresses;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The IPv4 addresses of Services. Pure: what is taken is an argument.
 *
 * @param network the first address of the range, as a number
 * @param prefix length of the network part in bits
 */
public record ServiceRange(long network, int prefix) {
    /** Kubernetes hands out no more of a huge range. */
    private static final int SHORTEST_PREFIX = 12;

    private static final int LONGEST_PREFIX = 30;

    /** @throws IllegalArgumentException in words for whoever wrote the configuration */
    public static ServiceRange parse(String cidr) {
        String[] parts = cidr.split("/", -1);
        Optional<Long> address = number(parts[0]);
        if (parts.length != 2 || address.isEmpty() || !parts[1].matches("\\d{1,2}")) {
            throw new IllegalArgumentException(
                    "the range of service addresses is \"%s\"; an IPv4 range such as 10.96.0.0/16 is expected"
                            .formatted(cidr));
        }
        int prefix = Integer.parseInt(parts[1]);
        if (prefix < SHORTEST_PREFIX || prefix > LONGEST_PREFIX) {
            throw new IllegalArgumentException(
                    "the range of service addresses is \"%s\"; its prefix must be between %d and %d"
                            .formatted(cidr, SHORTEST_PREFIX, LONGEST_PREFIX));
        }
        long mask = -1L << (32 - prefix) & 0xffffffffL;
        return new ServiceRange(address.get() & mask, prefix);
    }

    /** How many addresses can be given out: without the network's own and the broadcast address. */
    public long size() {
        return (1L << (32 - prefix)) - 2;
    }

    /** The first address, which belongs to the API itself. */
    public String first() {
        return text(network + 1);
    }

    public boolean contains(String address) {
        return number(address)
                .filter(value -> value > network && value <= network + size())
                .isPresent();
    }

    /**
     * A free address, the first one at or after a starting point, so that an address just given back is not handed out
     * again at once.
     *
     * @param start any number; where the search begins
     * @param taken what is in use
     */
    public Optional<String> free(long start, Predicate<String> taken) {
        // The first address of the range is never handed out: the API's own service has it.
        long candidates = size() - 1;
        for (long i = 0; i < candidates; i++) {
            String address = text(network + 2 + Math.floorMod(start + i, candidates));
            if (!taken.test(address)) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    private static Optional<Long> number(String text) {
        String address = Addresses.decimal(text);
        String[] parts = address.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        long value = 0;
        for (String part : parts) {
            if (!part.matches("0|[1-9]\\d{0,2}") || Integer.parseInt(part) > 255) {
                return Optional.empty();
            }
            value = value << 8 | Integer.parseInt(part);
        }
        return Optional.of(value);
    }

    private static String text(long value) {
        return (value >> 24 & 255) + "." + (value >> 16 & 255) + "." + (value >> 8 & 255) + "." + (value & 255);
    }

    @Override
    public String toString() {
        return text(network) + "/" + prefix;
    }
}
