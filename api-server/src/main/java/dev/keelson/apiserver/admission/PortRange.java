package dev.keelson.apiserver.admission;

import java.util.OptionalInt;
import java.util.function.IntPredicate;

/** The ports of NodePort Services. Pure. */
public record PortRange(int first, int last) {

    /** @throws IllegalArgumentException in words for whoever wrote the configuration */
    public static PortRange parse(String text) {
        if (text.matches("\\d{1,5}-\\d{1,5}")) {
            String[] ends = text.split("-");
            PortRange range = new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
            if (range.first > 0 && range.first <= range.last && range.last <= 65535) {
                return range;
            }
        }
        throw new IllegalArgumentException(
                "the range of node ports is \"%s\"; two ports such as 30000-32767 are expected".formatted(text));
    }

    public boolean contains(int port) {
        return port >= first && port <= last;
    }

    /** A free port, searched from any starting point. */
    public OptionalInt free(int start, IntPredicate taken) {
        int size = last - first + 1;
        for (int i = 0; i < size; i++) {
            int port = first + Math.floorMod(start + i, size);
            if (!taken.test(port)) {
                return OptionalInt.of(port);
            }
        }
        return OptionalInt.empty();
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
