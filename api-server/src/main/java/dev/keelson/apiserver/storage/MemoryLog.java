package dev.keelson.apiserver.storage;

import dev.keelson.apiserver.storage.Change.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** One revision sequence of {@link MemoryStorage}; the object's monitor is the commit order. */
final class MemoryLog implements ChangeFeed {
    private static final Listener NOBODY = new Listener() {
        @Override
        public void committed(List<Change> changes) {
            // Nobody listens yet.
        }

        @Override
        public void wake() {
            // Nobody listens yet.
        }
    };

    private final Map<ObjectKey, Stored> objects = new HashMap<>();
    private final List<MemoryHistory.Entry> past = new ArrayList<>();
    /** 1, so that not even the list of an empty cluster has the version 0, which means "any" to clients. */
    private long current = 1;

    private long floor = 1;
    private Listener listener = NOBODY;

    synchronized List<Stored> commit(List<Write> writes, String author) {
        writes.forEach(this::check);
        List<Change> changes = new ArrayList<>();
        for (Write write : writes) {
            changes.add(apply(write, new Revision(++current)));
        }
        Revision last = new Revision(current);
        Instant now = Instant.now();
        changes.forEach(change -> past.add(new MemoryHistory.Entry(change, now, author, last)));
        listener.committed(changes.stream()
                .map(change -> new Change(change.kind(), change.object(), Optional.empty()))
                .toList());
        return changes.stream().map(Change::object).toList();
    }

    synchronized Optional<Stored> find(ObjectKey key) {
        return Optional.ofNullable(objects.get(key));
    }

    synchronized MemoryHistory past() {
        return new MemoryHistory(List.copyOf(objects.values()), past, new Revision(floor));
    }

    synchronized void forget(Revision upTo) {
        past.removeIf(entry -> entry.change().revision().compareTo(upTo) <= 0);
        floor = Math.max(floor, upTo.value());
    }

    @Override
    public synchronized CompletionStage<Revision> load(Consumer<List<Stored>> sink) {
        sink.accept(List.copyOf(objects.values()));
        return current();
    }

    @Override
    public synchronized CompletionStage<Revision> current() {
        return CompletableFuture.completedStage(new Revision(current));
    }

    @Override
    public synchronized CompletionStage<List<Change>> readAfter(Revision after, ReadLimit limit) {
        List<MemoryHistory.Entry> rest = past.stream()
                .filter(entry -> entry.change().revision().compareTo(after) > 0)
                .toList();
        List<Change> changes = rest.stream().map(MemoryHistory.Entry::change).toList();
        Revision last = rest.stream()
                .limit(limit.first(changes).size())
                .map(MemoryHistory.Entry::commitLast)
                .reduce(after, (one, other) -> other);
        return CompletableFuture.completedStage(changes.stream()
                .takeWhile(change -> change.revision().compareTo(last) <= 0)
                .toList());
    }

    @Override
    public synchronized CompletionStage<List<Change>> history(
            Scope scope, Revision after, Revision upTo, ReadLimit limit) {
        if (after.value() < floor) {
            return CompletableFuture.failedStage(new StorageException(
                    StorageException.Kind.EXPIRED, "history before revision %d is gone".formatted(floor)));
        }
        return CompletableFuture.completedStage(limit.first(past.stream()
                .map(MemoryHistory.Entry::change)
                .filter(change -> change.key().group().equals(scope.group())
                        && change.key().resource().equals(scope.resource())
                        && change.revision().compareTo(after) > 0
                        && change.revision().compareTo(upTo) <= 0)
                .toList()));
    }

    @Override
    public synchronized void listen(Listener newListener) {
        listener = newListener;
    }

    /** The objects alone: what was before them is the same bytes again, or garbage. */
    synchronized long sizeInBytes() {
        return objects.values().stream()
                .mapToLong(object -> object.json().length)
                .sum();
    }

    private void check(Write write) {
        Stored found = objects.get(write.key());
        switch (write) {
            case Write.Create create -> refuseIf(found != null, StorageException.Kind.ALREADY_EXISTS, create.key());
            case Write.Update update -> checkRevision(found, update.key(), update.expected());
            case Write.Delete delete -> checkRevision(found, delete.key(), delete.expected());
        }
    }

    private static void checkRevision(Stored found, ObjectKey key, Revision expected) {
        refuseIf(found == null, StorageException.Kind.NOT_FOUND, key);
        refuseIf(!found.revision().equals(expected), StorageException.Kind.CONFLICT, key);
    }

    private static void refuseIf(boolean refused, StorageException.Kind kind, ObjectKey key) {
        if (refused) {
            throw WriteRules.refusal(kind, key);
        }
    }

    private Change apply(Write write, Revision revision) {
        Optional<Stored> previous = Optional.ofNullable(objects.get(write.key()));
        return switch (write) {
            case Write.Create create -> {
                Stored created = new Stored(create.key(), create.uid(), revision, create.json());
                objects.put(create.key(), created);
                yield new Change(Kind.CREATED, created, previous);
            }
            case Write.Update update -> {
                Stored updated = new Stored(update.key(), previous.orElseThrow().uid(), revision, update.json());
                objects.put(update.key(), updated);
                yield new Change(Kind.UPDATED, updated, previous);
            }
            case Write.Delete delete -> {
                objects.remove(delete.key());
                yield new Change(
                        Kind.DELETED,
                        new Stored(delete.key(), previous.orElseThrow().uid(), revision, delete.json()),
                        previous);
            }
        };
    }
}
