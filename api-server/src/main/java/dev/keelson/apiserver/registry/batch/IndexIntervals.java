package dev.keelson.apiserver.registry.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
            Interval ends = interval(interval, completions);
            if (previous >= ends.first) {
                throw notIncreasing(previous, ends.first);
            }
            total += ends.last - ends.first + 1;
            previous = ends.last;
        }
        return total;
    }

    /** The first index that stands in both texts; intervals that are none do not count. */
    static Optional<Long> overlap(String one, String other, long completions) {
        List<Interval> left = readable(one, completions);
        List<Interval> right = readable(other, completions);
        int i = 0;
        int j = 0;
        while (i < left.size() && j < right.size()) {
            Interval a = left.get(i);
            Interval b = right.get(j);
            if (a.first <= b.last && b.first <= a.last) {
                return Optional.of(Math.max(a.first, b.first));
            }
            if (a.first <= b.first) {
                i++;
            } else {
                j++;
            }
        }
        return Optional.empty();
    }

    private static List<Interval> readable(String text, long completions) {
        List<Interval> intervals = new ArrayList<>();
        for (String interval : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            try {
                intervals.add(interval(interval, completions));
            } catch (IllegalArgumentException none) {
                // Whoever judges the text says so.
            }
        }
        return intervals;
    }

    private record Interval(long first, long last) {}

    private static Interval interval(String text, long completions) {
        String[] ends = text.split("-", -1);
        if (ends.length > 2) {
            throw new IllegalArgumentException(
                    "the fragment \"%s\" violates the requirement that an index interval can have at most two parts separated by '-'"
                            .formatted(text));
        }
        long first = index(ends[0], completions);
        long last = ends.length == 1 ? first : index(ends[1], completions);
        if (ends.length == 2 && first >= last) {
            throw notIncreasing(first, last);
        }
        return new Interval(first, last);
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
