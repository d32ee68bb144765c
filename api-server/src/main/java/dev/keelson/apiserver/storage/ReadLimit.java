package dev.keelson.apiserver.storage;

import java.util.List;

/**
 * How much of the past is read at once: objects may have a megabyte each, so their number alone bounds nothing.
 *
 * @param bytes of objects as they are stored; the one that reaches this is the last
 */
public record ReadLimit(int changes, long bytes) {

    public ReadLimit {
        if (changes < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "nothing can be read within %d changes and %d bytes".formatted(changes, bytes));
        }
    }

    public static ReadLimit changes(int changes) {
        return new ReadLimit(changes, Long.MAX_VALUE);
    }

    /** Whether reading stopped here because of the limit, so that more may follow. */
    public boolean reachedBy(List<Change> read) {
        return read.size() >= changes || bytes(read) >= bytes;
    }

    /** As many of the first as the limit lets through. */
    List<Change> first(List<Change> all) {
        int count = 0;
        long taken = 0;
        while (count < all.size() && count < changes && taken < bytes) {
            taken += all.get(count++).object().json().length;
        }
        return all.subList(0, count);
    }

    /** What is counted of these changes. */
    public static long bytes(List<Change> read) {
        return read.stream().mapToLong(change -> change.object().json().length).sum();
    }
}
