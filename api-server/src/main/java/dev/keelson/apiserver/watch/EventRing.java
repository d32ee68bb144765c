package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.Revision;
import java.util.ArrayList;
import java.util.List;

/** Events in order of revision: added at one end, evicted at the other, found by revision. */
final class EventRing {
    private static final int COMPACT_AT = 256;
    private final ArrayList<WatchEvent> events = new ArrayList<>();
    private int first;

    void add(WatchEvent event) {
        events.add(event);
    }

    WatchEvent removeFirst() {
        WatchEvent evicted = events.get(first++);
        // Cut off in larger pieces: removing one by one from an array list would move all the others each time.
        if (first >= COMPACT_AT && first * 2 >= events.size()) {
            events.subList(0, first).clear();
            first = 0;
        }
        return evicted;
    }

    boolean hasAfter(Revision cursor) {
        return events.size() > first && events.getLast().revision().compareTo(cursor) > 0;
    }

    /** The next events, at least one if there is any: at most {@code limit}, and no more once they make {@code bytes}. */
    List<WatchEvent> after(Revision cursor, int limit, long bytes) {
        int from = firstAfter(cursor);
        int to = from;
        long taken = 0;
        while (to < events.size() && to < from + limit && taken < bytes) {
            taken += events.get(to++).object().json().length;
        }
        return List.copyOf(events.subList(from, to));
    }

    private int firstAfter(Revision cursor) {
        int low = first;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.get(middle).revision().compareTo(cursor) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
