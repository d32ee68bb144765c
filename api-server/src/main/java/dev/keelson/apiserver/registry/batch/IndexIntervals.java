package dev.keelson.apiserver.registry.batch;

/** Indexes of a job's pods as text, such as {@code 0,3-5} (batch/validation's {@code validateIndexesFormat}). */
final class IndexIntervals {
    private IndexIntervals() {}

    /** How many they are; an IllegalArgumentException says in Kubernetes' words what is wrong. */
    static long count(String text, long completions) {
        if (text.isEmpty()) {
            return 0;
        }
        long total = 0;
        long previous = -1;
        for (String interval : text.split(",", -1)) {
            String[] ends = interval.split("-", -1);
            if (ends.length > 2) {
                throw new IllegalArgumentException(
                        "the fragment \"%s\" violates the requirement that an index interval can have at most two parts separated by '-'"
                                .formatted(interval));
            }
            long first = index(ends[0], completions);
            long last = ends.length == 1 ? first : index(ends[1], completions);
            if (ends.length == 2 && first >= last) {
                throw notIncreasing(first, last);
            }
            if (previous >= first) {
                throw notIncreasing(previous, first);
            }
            total += last - first + 1;
            previous = last;
        }
        return total;
    }

    private static long index(String text, long completions) {
        if (!text.matches("\\+?[0-9]{1,18}")) {
            throw new IllegalArgumentException("cannot convert string to integer for index: \"" + text + "\"");
        }
        long index = Long.parseLong(text);
        if (index >= completions) {
            throw new IllegalArgumentException("too large index: \"" + text + "\"");
        }
        return index;
    }

    private static IllegalArgumentException notIncreasing(long previous, long current) {
        return new IllegalArgumentException(
                "non-increasing order, previous: %d, current: %d".formatted(previous, current));
    }
}
