package dev.keelson.controllers.node;

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** IPv4 arithmetic for handing out the /24 ranges of a cluster's pod range. Pure. */
final class PodCidrs {
    private static final int NODE_PREFIX = 24;
    private static final int ADDRESSES = 1 << (32 - NODE_PREFIX);

    private PodCidrs() {}

    /**
     * The lowest /24 of the cluster's range that overlaps none of those in use; empty when the range is full.
     *
     * @param cluster such as {@code 10.42.0.0/16}
     * @param used ranges of any size, also ones outside the cluster's range, which another configuration left behind
     */
    static Optional<String> allocate(String cluster, Collection<String> used) {
        long base = start(cluster);
        long end = base + size(cluster);
        Set<Long> taken = new HashSet<>();
        used.forEach(range -> {
            long last = start(range) + size(range);
            for (long block = start(range) / ADDRESSES; block * ADDRESSES < last; block++) {
                taken.add(block);
            }
        });
        for (long address = base; address < end; address += ADDRESSES) {
            if (!taken.contains(address / ADDRESSES)) {
                return Optional.of(text(address) + "/" + NODE_PREFIX);
            }
        }
        return Optional.empty();
    }

    /** First address, with the bits behind the prefix cleared. */
    private static long start(String range) {
        long address = 0;
        for (String part : range.substring(0, range.indexOf('/')).split("\\.")) {
            address = address << 8 | Integer.parseInt(part);
        }
        return address & -size(range);
    }

    private static long size(String range) {
        return 1L << (32 - Integer.parseInt(range.substring(range.indexOf('/') + 1)));
    }

    private static String text(long address) {
        return "%d.%d.%d.%d".formatted(address >> 24 & 255, address >> 16 & 255, address >> 8 & 255, address & 255);
    }
}
