package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import dev.keelson.apiserver.storage.History;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.PastChange;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.WriteRules;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The past out of the revision log: what has not changed since is still in the table of current objects, and what has
 * is the state before the first change after the revision.
 */
final class PostgresHistory implements History {
    private static final Change.Kind[] KINDS = Change.Kind.values();

    /** The newest revision up to $1 that ends a commit; nothing when there is none that history knows of. */
    private static final String WHOLE_COMMITS =
            "SELECT revision FROM revision_log WHERE revision <= $1 AND coalesce(commit_last, revision) <= $1"
                    + " ORDER BY revision DESC LIMIT 1";

    private static final String OBJECTS = """
            WITH changed AS (
                SELECT DISTINCT ON (namespace, name) namespace, name, kind, uid, previous_revision, previous_json
                FROM revision_log
                WHERE api_group = $1 AND resource = $2 AND revision > $3
                    AND ($4 = '' OR namespace = $4) AND ($5 = '' OR name = $5)
                ORDER BY namespace, name, revision
            )
            SELECT api_group, resource, namespace, name, uid, revision, json FROM object
            WHERE api_group = $1 AND resource = $2 AND revision <= $3
                AND ($4 = '' OR namespace = $4) AND ($5 = '' OR name = $5)
            UNION ALL
            SELECT $1, $2, c.namespace, c.name, c.uid, c.previous_revision, coalesce(c.previous_json, p.json)
            FROM changed c LEFT JOIN revision_log p ON p.revision = c.previous_revision
            WHERE c.kind <> 0
            ORDER BY namespace, name
            """;

    /** From the newest change back along the previous revisions; it ends where the object was created. */
    private static final String CHANGES = """
            WITH RECURSIVE newest AS (
                SELECT coalesce(
                    (SELECT revision FROM object WHERE (api_group, resource, namespace, name) = ($1, $2, $3, $4)
                        AND revision < $5),
                    (SELECT max(revision) FROM revision_log WHERE api_group = $1 AND resource = $2
                        AND namespace = $3 AND name = $4 AND revision < $5)) AS revision
            ), chain AS (
                SELECT l.*, 1 AS place FROM revision_log l JOIN newest USING (revision)
                UNION ALL
                SELECT l.*, place + 1 FROM chain c JOIN revision_log l ON l.revision = c.previous_revision
                WHERE place < $6
            )
            SELECT kind, api_group, resource, namespace, name, uid, revision, json, committed_at, author
            FROM chain ORDER BY revision DESC
            """;

    private final Pool pool;

    PostgresHistory(Pool pool) {
        this.pool = pool;
    }

    @Override
    public CompletionStage<Revision> revisionAt(Instant moment) {
        return PostgresFeed.answered(() -> query("SELECT revision_at($1)", Tuple.of(moment.atOffset(ZoneOffset.UTC)))
                .map(rows -> new Revision(rows.iterator().next().getLong(0)))
                .compose(found -> floor().map(floor -> {
                    // Without any change before it, only a log that has forgotten nothing knows the moment.
                    if (found.compareTo(floor) <= 0 && floor.value() > 1) {
                        throw WriteRules.forgotten(floor);
                    }
                    return found;
                })));
    }

    @Override
    public CompletionStage<List<Stored>> objects(Scope scope, String namespace, String name, Revision revision) {
        return PostgresFeed.answered(() -> query(WHOLE_COMMITS, Tuple.of(revision.value()))
                .map(rows -> rows.size() == 0
                        ? revision
                        : new Revision(rows.iterator().next().getLong(0)))
                .compose(whole ->
                        query(OBJECTS, Tuple.of(scope.group(), scope.resource(), whole.value(), namespace, name)))
                // The floor is read after the rows: retention raises it before it removes anything.
                .compose(rows -> floor().map(floor -> {
                    if (revision.compareTo(floor) < 0) {
                        throw WriteRules.forgotten(floor);
                    }
                    return stored(rows);
                })));
    }

    @Override
    public CompletionStage<List<PastChange>> changes(ObjectKey key, Revision before, int limit) {
        return PostgresFeed.answered(() -> changesBefore(key, before, limit, new ArrayList<>()));
    }

    private Future<List<PastChange>> changesBefore(ObjectKey key, Revision before, int limit, List<PastChange> found) {
        Tuple arguments = Tuple.of(
                key.group(), key.resource(), key.namespace(), key.name(), before.value(), limit - found.size());
        return query(CHANGES, arguments).compose(rows -> {
            rows.forEach(row -> found.add(new PastChange(
                    KINDS[row.getInteger("kind")],
                    PostgresFeed.stored(row),
                    row.getOffsetDateTime("committed_at").toInstant(),
                    row.getString("author"))));
            if (rows.size() == 0 || found.size() >= limit) {
                return Future.succeededFuture(List.copyOf(found));
            }
            return changesBefore(key, found.getLast().object().revision(), limit, found);
        });
    }

    private static List<Stored> stored(RowSet<Row> rows) {
        List<Stored> objects = new ArrayList<>(rows.size());
        rows.forEach(row -> objects.add(PostgresFeed.stored(row)));
        return objects;
    }

    private Future<Revision> floor() {
        return query(FeedSql.FLOOR, Tuple.of((short) Sequence.LOG.ordinal()))
                .map(rows -> new Revision(rows.iterator().next().getLong(0)));
    }

    private Future<RowSet<Row>> query(String sql, Tuple arguments) {
        return pool.preparedQuery(sql).execute(arguments);
    }
}
