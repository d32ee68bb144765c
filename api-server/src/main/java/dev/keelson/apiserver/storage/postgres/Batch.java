package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.storage.WriteRules;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Commits that go to the database together: as the arguments of its function, and its answer as theirs. */
record Batch(long number, List<PendingCommit> commits) {
    private static final int MOST_WRITES = 256;
    private static final int MOST_BYTES = 4 << 20;

    /** What the database's function answers for a write that got no revision. */
    private static final int EXISTS = -1;

    private static final int MISSING = -2;
    private static final int CHANGED = -3;

    /**
     * Takes what fits together from the queue, oldest first. Two writes of one key never meet in a batch: the second
     * must be judged by what the first has done.
     */
    static Batch take(long number, Deque<PendingCommit> queue) {
        List<PendingCommit> taken = new ArrayList<>();
        Set<ObjectKey> keys = new HashSet<>();
        int writes = 0;
        long bytes = 0;
        int looked = 0;
        Iterator<PendingCommit> waiting = queue.iterator();
        while (waiting.hasNext() && writes < MOST_WRITES && bytes < MOST_BYTES && looked++ < 4 * MOST_WRITES) {
            PendingCommit commit = waiting.next();
            if (commit.writes().stream().noneMatch(write -> keys.contains(write.key()))) {
                waiting.remove();
                taken.add(commit);
                for (Write write : commit.writes()) {
                    keys.add(write.key());
                    bytes += WriteRules.json(write).length;
                    writes++;
                }
            }
        }
        return new Batch(number, List.copyOf(taken));
    }

    /** The arguments of the database's function for a single update, when that is all that there is to commit. */
    Optional<Tuple> singleUpdate(UUID writer) {
        if (commits.size() != 1 || commits.getFirst().writes().size() != 1) {
            return Optional.empty();
        }
        PendingCommit only = commits.getFirst();
        if (!(only.writes().getFirst() instanceof Write.Update(ObjectKey key, Revision expected, byte[] json))) {
            return Optional.empty();
        }
        return Optional.of(Tuple.of(writer, number, key.group(), key.resource(), key.namespace(), key.name())
                .addValue(expected.value())
                .addValue(Buffer.buffer(json))
                .addValue(only.author()));
    }

    /**
     * The arguments of the database's function for a batch of updates, when every commit is exactly one: no answer then
     * depends on another write.
     */
    Optional<Tuple> updates(UUID writer) {
        boolean fits = commits.stream()
                .allMatch(
                        commit -> commit.writes().size() == 1 && commit.writes().getFirst() instanceof Write.Update);
        if (!fits) {
            return Optional.empty();
        }
        WriteColumns columns = WriteColumns.of(commits);
        return Optional.of(Tuple.of(writer, number, columns.group(), columns.resource())
                .addValue(columns.namespace())
                .addValue(columns.name())
                .addValue(columns.expected())
                .addValue(columns.json())
                .addValue(columns.author()));
    }

    /** @param sequence heartbeats have no history that could name an author */
    Tuple arguments(UUID writer, Sequence sequence) {
        WriteColumns columns = WriteColumns.of(commits);
        Tuple arguments = Tuple.of(writer, number, columns.commit(), columns.verb(), columns.group())
                .addValue(columns.resource())
                .addValue(columns.namespace())
                .addValue(columns.name())
                .addValue(columns.uid())
                .addValue(columns.expected())
                .addValue(columns.json());
        return sequence == Sequence.LOG ? arguments.addValue(columns.author()) : arguments;
    }

    /** The changes that were made, in order of revision. */
    List<Change> changes(Long[] outcome, String[] uids) {
        List<Write> writes = writes();
        List<Change> changes = new ArrayList<>(writes.size());
        for (int i = 0; i < outcome.length; i++) {
            if (outcome[i] > 0) {
                changes.add(new Change(
                        WriteColumns.kind(writes.get(i)),
                        stored(writes.get(i), outcome[i], uids[i]),
                        Optional.empty()));
            }
        }
        return changes;
    }

    /** Gives every commit its own answer. */
    void answer(Long[] outcome, String[] uids) {
        int at = 0;
        for (PendingCommit commit : commits) {
            int from = at;
            at += commit.writes().size();
            answerOne(commit, from, outcome, uids);
        }
    }

    private static void answerOne(PendingCommit commit, int from, Long[] outcome, String[] uids) {
        List<Stored> stored = new ArrayList<>(commit.writes().size());
        for (int i = 0; i < commit.writes().size(); i++) {
            Write write = commit.writes().get(i);
            long result = outcome[from + i];
            if (result < 0) {
                commit.answer().completeExceptionally(WriteRules.refusal(refusal(result), write.key()));
                return;
            }
            stored.add(stored(write, result, uids[from + i]));
        }
        commit.answer().complete(List.copyOf(stored));
    }

    private static StorageException.Kind refusal(long code) {
        return switch ((int) code) {
            case EXISTS -> StorageException.Kind.ALREADY_EXISTS;
            case MISSING -> StorageException.Kind.NOT_FOUND;
            case CHANGED -> StorageException.Kind.CONFLICT;
            default -> StorageException.Kind.INTERNAL;
        };
    }

    private static Stored stored(Write write, long revision, String uid) {
        return new Stored(write.key(), uid, new Revision(revision), WriteRules.json(write));
    }

    private List<Write> writes() {
        return commits.stream().flatMap(commit -> commit.writes().stream()).toList();
    }
}
