package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed;
import dev.keelson.apiserver.storage.ChangeSource;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.storage.WriteRules;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Storage on PostgreSQL: group commit for writes, a feed for each sequence of revisions. */
public final class PostgresStorage implements Storage, ChangeSource, AutoCloseable {
    private final Map<Sequence, PostgresFeed> feeds = new EnumMap<>(Sequence.class);
    private final Map<Sequence, GroupCommit> commits = new EnumMap<>(Sequence.class);
    private final Pool pool;
    private final CommitNotifications notifications;
    private final ObjectReads reads;

    /**
     * @param pool needs room for three connections that are kept, and more for reads
     * @param patience how long a commit waits for a database that is away before it fails with {@code UNAVAILABLE}
     */
    public PostgresStorage(Vertx vertx, Pool pool, ObjectReads reads, Duration patience) {
        this.pool = pool;
        this.reads = reads;
        this.notifications =
                new CommitNotifications(vertx, pool, () -> feeds.values().forEach(PostgresFeed::wake));
        for (Sequence sequence : Sequence.values()) {
            feeds.put(sequence, new PostgresFeed(pool, sequence));
            commits.put(
                    sequence,
                    new GroupCommit(vertx, pool, sequence, patience, changes -> committed(sequence, changes)));
        }
    }

    public void start() {
        notifications.start();
    }

    @Override
    public CompletionStage<List<Stored>> commit(List<Write> writes, String author) {
        try {
            return commits.get(WriteRules.sequenceOf(writes)).commit(writes, author);
        } catch (StorageException refused) {
            return CompletableFuture.failedStage(refused);
        }
    }

    @Override
    public CompletionStage<Stored> get(ObjectKey key) {
        return reads.find(key)
                .thenApply(found -> found.orElseThrow(() -> WriteRules.refusal(StorageException.Kind.NOT_FOUND, key)));
    }

    @Override
    public CompletionStage<Revision> currentRevision() {
        return feed(Sequence.LOG).current();
    }

    @Override
    public CompletionStage<Long> sizeInBytes() {
        return pool.query("SELECT pg_database_size(current_database())")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0))
                .toCompletionStage();
    }

    @Override
    public ChangeFeed feed(Sequence sequence) {
        return feeds.get(sequence);
    }

    @Override
    public void close() {
        commits.values().forEach(GroupCommit::close);
        notifications.close();
    }

    private void committed(Sequence sequence, List<Change> changes) {
        feeds.get(sequence).committed(changes);
        notifications.send();
    }
}
