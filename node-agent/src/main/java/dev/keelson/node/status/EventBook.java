package dev.keelson.node.status;

import io.fabric8.kubernetes.api.model.ObjectReference;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Decides what becomes of an event: a new object, a higher count on an earlier one, or nothing because its object has
 * had too many (as Kubernetes' event correlator: a burst of 25 an object, then one in 5 minutes). Not thread-safe.
 */
final class EventBook {
    private static final int MOST_KEPT = 4096;
    private static final int BURST = 25;
    private static final Duration REFILL = Duration.ofMinutes(5);

    private final Map<Key, Entry> entries = bounded();
    private final Map<String, Budget> budgets = bounded();

    /** Something that happened to an object. */
    record Note(ObjectReference about, String type, String reason, String message, Instant at) {}

    /** One Event object: its name, how often it was seen, and when first. */
    record Entry(String name, int count, Instant first) {}

    sealed interface Place {}

    record New(Entry entry) implements Place {}

    record Repeat(Entry entry) implements Place {}

    record TooMany() implements Place {}

    private record Key(String uid, String fieldPath, String type, String reason, String message) {}

    private record Budget(double tokens, Instant at) {
        Budget refilled(Instant now) {
            double gained = Math.max(0, Duration.between(at, now).toMillis()) / (double) REFILL.toMillis();
            return new Budget(Math.min(BURST, tokens + gained), now);
        }
    }

    Place place(Note note) {
        String uid = Objects.requireNonNullElse(note.about().getUid(), "");
        Budget budget = budgets.getOrDefault(uid, new Budget(BURST, note.at())).refilled(note.at());
        if (budget.tokens() < 1) {
            budgets.put(uid, budget);
            return new TooMany();
        }
        budgets.put(uid, new Budget(budget.tokens() - 1, note.at()));
        String path = Objects.requireNonNullElse(note.about().getFieldPath(), "");
        Key key = new Key(uid, path, note.type(), note.reason(), note.message());
        Entry old = entries.get(key);
        if (old != null) {
            Entry next = new Entry(old.name(), old.count() + 1, old.first());
            entries.put(key, next);
            return new Repeat(next);
        }
        // The name that Kubernetes' own recorder gives: the object's name and the time in nanoseconds, in hex.
        long nanos = note.at().getEpochSecond() * 1_000_000_000L + note.at().getNano() + entries.size();
        Entry entry = new Entry(note.about().getName() + "." + Long.toHexString(nanos), 1, note.at());
        entries.put(key, entry);
        return new New(entry);
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST_KEPT;
            }
        };
    }
}
