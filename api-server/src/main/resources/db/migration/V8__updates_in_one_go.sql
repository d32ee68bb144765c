-- A batch in which every commit is one update, which is most of what a busy server has to do. The same as commit_writes for
-- such commits when all of them hold, without judging them one by one. When one does not (KE002) nothing has happened, and
-- the batch is one for commit_writes.
-- Answers the revision before those that the updates got, in order of the arrays; and the uids. Every lookup is by primary
-- key: the settings that see to it, whatever statistics of a young table suggest, are the connection's.
CREATE FUNCTION commit_updates(
    p_writer uuid, p_batch bigint, p_group text[], p_resource text[], p_namespace text[], p_name text[],
    p_expected bigint[], p_json bytea[], p_author text[],
    OUT base bigint, OUT uids text[])
LANGUAGE plpgsql
AS $$
DECLARE
    n int := cardinality(p_name);
    size bigint;
    before bytea[];
BEGIN
    -- Takes the lock that keeps revisions in commit order, and the next revisions with it.
    UPDATE revision_counter SET value = value + n WHERE sequence = 0
    RETURNING value - n, partition_size INTO base, size;

    -- Only what was last changed in an earlier partition, which each object is once in each partition.
    IF (SELECT min(expected) FROM unnest(p_expected) expected) < (base + n) / size * size THEN
        before := ARRAY(
            SELECT CASE WHEN p_expected[i] < (base + i) / size * size THEN o.json END
            FROM generate_series(1, n) i
            LEFT JOIN object o ON o.api_group = p_group[i] AND o.resource = p_resource[i]
                AND o.namespace = p_namespace[i] AND o.name = p_name[i]
            ORDER BY i);
    END IF;

    -- Before the log: of a batch that is refused the log would keep dead rows, and is not vacuumed for growing.
    WITH updated AS (
        UPDATE object o SET revision = base + i, json = p_json[i]
        FROM generate_series(1, n) i
        WHERE o.api_group = p_group[i] AND o.resource = p_resource[i]
            AND o.namespace = p_namespace[i] AND o.name = p_name[i] AND o.revision = p_expected[i]
        RETURNING i, o.uid
    )
    SELECT array_agg(updated.uid ORDER BY i) INTO uids FROM updated;
    IF cardinality(uids) IS DISTINCT FROM n THEN
        RAISE EXCEPTION 'batch % of writer % holds an update that must be refused', p_batch, p_writer
            USING ERRCODE = 'KE002';
    END IF;

    INSERT INTO revision_log (revision, kind, api_group, resource, namespace, name, uid, previous_revision,
        previous_json, json, committed_at, author, commit_last)
    SELECT base + i, 1, p_group[i], p_resource[i], p_namespace[i], p_name[i], uids[i], p_expected[i],
        before[i], p_json[i], clock_timestamp(), p_author[i], base + i
    FROM generate_series(1, n) i;

    UPDATE writer w SET batch = p_batch, outcome = ARRAY(SELECT generate_series(base + 1, base + n)),
        seen_at = clock_timestamp()
    WHERE w.id = p_writer AND w.batch < p_batch;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'batch % of writer % was given up', p_batch, p_writer USING ERRCODE = 'KE001';
    END IF;
END $$;
