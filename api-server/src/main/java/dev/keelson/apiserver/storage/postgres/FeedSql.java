package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Sequence;

/** The statements that read one sequence. */
record FeedSql(String load, String readAfter, String history) {
    static final String CURRENT = "SELECT value FROM revision_counter WHERE sequence = $1";
    static final String FLOOR = "SELECT floor FROM revision_counter WHERE sequence = $1";

    private static final String KEY = "api_group, resource, namespace, name, uid, revision, json";

    private static final FeedSql LOG = new FeedSql(
            "SELECT " + KEY + " FROM object ORDER BY api_group, resource, namespace, name",
            // At least as many as asked for, and never a part of a commit: readers see a commit whole or not at all.
            "SELECT kind, " + KEY + " FROM revision_log WHERE revision > $1 AND revision <= (SELECT max(last) FROM ("
                    + within(
                            "SELECT revision, coalesce(commit_last, revision) AS last, json FROM revision_log"
                                    + " WHERE revision > $1",
                            "$2",
                            "$3")
                    + ") AS page) ORDER BY revision",
            """
            SELECT l.kind, l.api_group, l.resource, l.namespace, l.name, l.uid, l.revision, l.json,
                l.previous_revision, coalesce(l.previous_json, p.json) AS previous_json
            FROM (%s) AS l LEFT JOIN revision_log p ON p.revision = l.previous_revision
            ORDER BY l.revision
            """.formatted(within(
                    "SELECT kind, " + KEY + ", previous_revision, previous_json FROM revision_log"
                            + " WHERE api_group = $1 AND resource = $2 AND revision > $3 AND revision <= $4",
                    "$5",
                    "$6")));

    // Relative to what a reader has seen, a heartbeat object is new, changed or gone; what it was between is not kept.
    private static final String HEARTBEAT_CHANGE =
            "CASE WHEN deleted_at IS NOT NULL THEN 2 WHEN created_revision > %s THEN 0 ELSE 1 END AS kind, " + KEY;

    private static final FeedSql HEARTBEAT = new FeedSql(
            "SELECT " + KEY + " FROM heartbeat WHERE deleted_at IS NULL ORDER BY api_group, resource, namespace, name",
            within("SELECT " + HEARTBEAT_CHANGE.formatted("$1") + " FROM heartbeat WHERE revision > $1", "$2", "$3")
                    + " ORDER BY revision",
            within(
                            "SELECT " + HEARTBEAT_CHANGE.formatted("$3") + ", NULL::bigint AS previous_revision,"
                                    + " NULL::bytea AS previous_json FROM heartbeat WHERE api_group = $1 AND resource = $2"
                                    + " AND revision > $3 AND revision <= $4",
                            "$5",
                            "$6")
                    + " ORDER BY revision");

    /**
     * The first rows by revision within a {@link dev.keelson.apiserver.storage.ReadLimit}. A length is known without
     * reading what is stored out of line.
     */
    private static String within(String rows, String changes, String bytes) {
        return "SELECT * FROM (SELECT page.*, coalesce(sum(length(json)) OVER (ORDER BY revision ROWS BETWEEN UNBOUNDED"
                + " PRECEDING AND 1 PRECEDING), 0) AS before FROM (" + rows + " ORDER BY revision LIMIT " + changes
                + ") AS page) AS sized WHERE before < " + bytes;
    }

    static FeedSql of(Sequence sequence) {
        return sequence == Sequence.LOG ? LOG : HEARTBEAT;
    }
}
