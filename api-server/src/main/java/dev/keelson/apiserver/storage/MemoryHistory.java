package dev.keelson.apiserver.storage;

import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The past of {@link MemoryStorage}: the present with every later change undone. */
record MemoryHistory(List<Stored> present, List<Entry> entries, Revision floor) implements History {

    /** @param commitLast the last revision of the commit that the change belongs to */
    record Entry(Change change, Instant at, String author, Revision commitLast) {
        boolean after(Revision revision) {
            return commitLast.compareTo(revision) > 0;
        }
    }

    MemoryHistory {
        entries = List.copyOf(entries);
    }

    @Override
    public CompletionStage<Revision> revisionAt(Instant moment) {
        return answer(() -> {
            Revision found = entries.stream()
                    .filter(entry -> !entry.at().isAfter(moment))
                    .map(entry -> entry.change().revision())
                    .max(Comparator.naturalOrder())
                    .orElse(floor);
            // Without any change before it, only a store that has forgotten nothing knows the moment.
            if (found.equals(floor) && floor.value() > 1) {
                throw WriteRules.forgotten(floor);
            }
            return found;
        });
    }

    @Override
    public CompletionStage<List<Stored>> objects(Scope scope, String namespace, String name, Revision revision) {
        return answer(() -> {
            if (revision.compareTo(floor) < 0) {
                throw WriteRules.forgotten(floor);
            }
            Map<List<String>, Stored> found = new TreeMap<>(
                    Comparator.<List<String>, String>comparing(List::getFirst).thenComparing(List::getLast));
            present.forEach(object -> found.put(place(object.key()), object));
            entries.reversed().stream().filter(entry -> entry.after(revision)).forEach(entry -> {
                found.remove(place(entry.change().key()));
                entry.change().previous().ifPresent(before -> found.put(place(before.key()), before));
            });
            return found.values().stream()
                    .filter(object -> matches(object.key(), scope, namespace, name))
                    .toList();
        });
    }

    @Override
    public CompletionStage<List<PastChange>> changes(ObjectKey key, Revision before, int limit) {
        return answer(() -> entries.reversed().stream()
                .filter(entry -> entry.change().key().equals(key)
                        && entry.change().revision().compareTo(before) < 0)
                .limit(limit)
                .map(entry ->
                        new PastChange(entry.change().kind(), entry.change().object(), entry.at(), entry.author()))
                .toList());
    }

    private static boolean matches(ObjectKey key, Scope scope, String namespace, String name) {
        return key.group().equals(scope.group())
                && key.resource().equals(scope.resource())
                && (namespace.isEmpty() || key.namespace().equals(namespace))
                && (name.isEmpty() || key.name().equals(name));
    }

    private static List<String> place(ObjectKey key) {
        return List.of(key.group() + "/" + key.resource() + "/" + key.namespace(), key.name());
    }

    private static <T> CompletionStage<T> answer(Supplier<T> answer) {
        try {
            return CompletableFuture.completedStage(answer.get());
        } catch (StorageException refused) {
            return CompletableFuture.failedStage(refused);
        }
    }
}
