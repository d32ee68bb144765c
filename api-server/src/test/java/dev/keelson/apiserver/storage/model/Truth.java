package dev.keelson.apiserver.storage.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Every commit in order of revision, and the state of any object at any of them. */
final class Truth {

    /** @param payload what only this write has written */
    record Entry(long revision, ObjectKey key, Change.Kind kind, String payload) {
        static Entry of(Change change) {
            return new Entry(
                    change.revision().value(),
                    change.key(),
                    change.kind(),
                    Truth.payload(change.object().json()));
        }
    }

    private final TreeMap<Long, Entry> log = new TreeMap<>();
    private final Map<ObjectKey, TreeMap<Long, Entry>> byKey = new HashMap<>();
    private final Map<String, Entry> byPayload = new HashMap<>();

    Truth(List<Entry> entries) {
        for (Entry entry : entries) {
            log.put(entry.revision(), entry);
            byPayload.put(entry.payload(), entry);
            byKey.computeIfAbsent(entry.key(), absent -> new TreeMap<>()).put(entry.revision(), entry);
        }
        assertThat(log).as("one commit for each revision").hasSize(entries.size());
        assertThat(log.isEmpty() || log.lastKey() - log.firstKey() + 1 == log.size())
                .as("revisions are contiguous")
                .isTrue();
        byKey.values().forEach(versions -> assertThat(legal(versions))
                .as("created, then updated, then deleted: %s", versions.values())
                .isTrue());
    }

    static String payload(byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8);
        int start = text.indexOf("\"v\":\"") + 5;
        return text.substring(start, text.indexOf('"', start));
    }

    long last() {
        return log.isEmpty() ? 1 : log.lastKey();
    }

    Entry at(long revision) {
        return Optional.ofNullable(log.get(revision))
                .orElseThrow(() -> new AssertionError("nothing was committed at revision " + revision));
    }

    /** The commit that wrote this, if any did. */
    Optional<Entry> find(String payload) {
        return Optional.ofNullable(byPayload.get(payload));
    }

    /** The object as of the revision; empty when it did not exist. */
    Optional<Entry> state(ObjectKey key, long revision) {
        return Optional.ofNullable(byKey.get(key))
                .map(versions -> versions.floorEntry(revision))
                .map(Map.Entry::getValue)
                .filter(entry -> entry.kind() != Change.Kind.DELETED);
    }

    /** Whether what was seen of the object can be true at some moment between two revisions, both included. */
    boolean possible(ObjectKey key, long from, long upTo, Predicate<Optional<Entry>> seen) {
        return seen.test(state(key, from))
                || byKey.getOrDefault(key, new TreeMap<>()).subMap(from, false, upTo, true).keySet().stream()
                        .anyMatch(revision -> seen.test(state(key, revision)));
    }

    /** What a watch of a namespace that begins after a revision must have delivered up to another one. */
    List<Entry> events(String namespace, long after, long upTo) {
        return log.subMap(after, false, upTo, true).values().stream()
                .filter(entry -> namespace.isEmpty() || entry.key().namespace().equals(namespace))
                .toList();
    }

    /** The objects as of a revision with the revision of each. */
    Map<ObjectKey, Long> objects(long revision) {
        Map<ObjectKey, Long> objects = new HashMap<>();
        byKey.keySet().forEach(key -> state(key, revision).ifPresent(entry -> objects.put(key, entry.revision())));
        return objects;
    }

    private static boolean legal(TreeMap<Long, Entry> versions) {
        boolean exists = false;
        for (Entry entry : versions.values()) {
            if (exists == (entry.kind() == Change.Kind.CREATED)) {
                return false;
            }
            exists = entry.kind() != Change.Kind.DELETED;
        }
        return true;
    }
}
