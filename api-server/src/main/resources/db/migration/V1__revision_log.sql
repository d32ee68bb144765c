-- The revision counters: whoever commits holds the row's lock from before it reads what is stored until its commit is
-- on disk, so revisions are contiguous and in commit order, for any number of API servers.
CREATE TABLE revision_counter (
    sequence smallint PRIMARY KEY,      -- 0: revision log, 1: heartbeats
    value bigint NOT NULL,              -- the newest revision
    floor bigint NOT NULL,              -- history is complete after this revision
    partition_size bigint NOT NULL      -- revisions in one partition of the log
) WITH (fillfactor = 10);

-- The first object gets revision 2: an empty cluster's list must not have version 0, which means "any" to clients.
INSERT INTO revision_counter VALUES (0, 1, 1, 262144), (1, 1, 1, 262144);

-- What each committing process did last, so that after a lost connection it can find out instead of guessing.
CREATE TABLE writer (
    id uuid PRIMARY KEY,
    batch bigint NOT NULL,              -- the last batch that was committed, or given up for good
    outcome bigint[] NOT NULL,          -- its answer; empty when it was given up
    seen_at timestamptz NOT NULL
) WITH (fillfactor = 10);

-- The current state. Bytes are kept exactly as they came. Rows up to a page stay in line and uncompressed: squeezing
-- 2 KB costs more time than writing them.
CREATE TABLE object (
    api_group text COLLATE "C" NOT NULL,
    resource text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    uid text NOT NULL,
    revision bigint NOT NULL,
    json bytea NOT NULL,
    PRIMARY KEY (api_group, resource, namespace, name)
) WITH (fillfactor = 60, toast_tuple_target = 8160);
ALTER TABLE object ALTER json SET STORAGE EXTERNAL;

-- Every change, forever until retention drops the oldest partitions. A partition is self-contained: where the state
-- before a change is not in the same partition, it is kept with the change (previous_json).
CREATE TABLE revision_log (
    revision bigint NOT NULL,
    kind smallint NOT NULL,             -- 0: created, 1: updated, 2: deleted
    api_group text COLLATE "C" NOT NULL,
    resource text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    uid text NOT NULL,
    previous_revision bigint,
    previous_json bytea,
    json bytea NOT NULL,
    committed_at timestamptz NOT NULL,
    PRIMARY KEY (revision)
) PARTITION BY RANGE (revision);
ALTER TABLE revision_log ALTER json SET STORAGE EXTERNAL, ALTER previous_json SET STORAGE EXTERNAL;
CREATE INDEX revision_log_of_resource ON revision_log (api_group, resource, revision);

-- Leases: the newest state only, deletions as tombstones until retention removes them.
CREATE TABLE heartbeat (
    api_group text COLLATE "C" NOT NULL,
    resource text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    uid text NOT NULL,
    revision bigint NOT NULL,
    created_revision bigint NOT NULL,
    deleted_at timestamptz,
    json bytea NOT NULL,
    PRIMARY KEY (api_group, resource, namespace, name)
) WITH (fillfactor = 50, toast_tuple_target = 8160);
ALTER TABLE heartbeat ALTER json SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX heartbeat_revision ON heartbeat (revision);

-- Makes the partition that holds a revision, and the one after it. ATTACH lets writers and readers go on.
CREATE FUNCTION ensure_partitions(p_revision bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    size bigint;
    lower_bound bigint;
    partition_name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('keelson.partitions'));
    SELECT partition_size INTO size FROM revision_counter WHERE sequence = 0;
    FOR step IN 0..1 LOOP
        lower_bound := (p_revision / size + step) * size;
        partition_name := 'revision_log_' || lower_bound;
        CONTINUE WHEN to_regclass(partition_name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE revision_log INCLUDING ALL)', partition_name);
        EXECUTE format('ALTER TABLE %I SET (toast_tuple_target = 8160)', partition_name);
        EXECUTE format('ALTER TABLE revision_log ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
            partition_name, lower_bound, lower_bound + size);
    END LOOP;
END $$;
DO $$ BEGIN PERFORM ensure_partitions(1); END $$;

-- Remembers a batch with its answer. Fails when the batch was given up meanwhile: its writer believes it did not happen.
CREATE FUNCTION record_batch(p_writer uuid, p_batch bigint, p_outcome bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE writer SET batch = p_batch, outcome = p_outcome, seen_at = clock_timestamp()
        WHERE id = p_writer AND batch < p_batch;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'batch % of writer % was given up', p_batch, p_writer USING ERRCODE = 'KE001';
    END IF;
END $$;

-- What became of a batch whose answer was lost: its outcome, or an empty array when it did not and never will happen.
-- Waiting for the counter's lock is what makes the answer final: the batch is over, or comes after this and fails.
CREATE FUNCTION resolve_batch(p_sequence smallint, p_writer uuid, p_batch bigint) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    known writer%ROWTYPE;
BEGIN
    PERFORM 1 FROM revision_counter WHERE sequence = p_sequence FOR UPDATE;
    SELECT * INTO known FROM writer WHERE id = p_writer;
    IF known.batch >= p_batch THEN
        RETURN known.outcome;
    END IF;
    UPDATE writer SET batch = p_batch, outcome = '{}' WHERE id = p_writer;
    RETURN '{}';
END $$;

-- Commits many independent commits at once; a commit is one or more writes that happen together or not at all.
-- The arrays are parallel, one element for each write; no key appears twice. p_commit numbers the commits.
-- p_verb: 0 create, 1 update, 2 delete. Answers, for each write: the revision it got, or -1 exists already,
-- -2 does not exist, -3 was changed, 0 not done because another write of its commit was refused; and the uid.
CREATE FUNCTION commit_writes(
    p_writer uuid, p_batch bigint, p_commit int[], p_verb smallint[],
    p_group text[], p_resource text[], p_namespace text[], p_name text[],
    p_uid text[], p_expected bigint[], p_json bytea[],
    OUT outcome bigint[], OUT uids text[])
LANGUAGE plpgsql
-- Every lookup is by primary key, whatever statistics of a young table suggest.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    base bigint;
    size bigint;
    done int;
    previous bigint[];
BEGIN
    SELECT value, partition_size INTO base, size FROM revision_counter WHERE sequence = 0 FOR UPDATE;

    WITH judged AS (
        SELECT a.ord, a.commit, a.uid AS new_uid, o.revision, o.uid,
            CASE
                WHEN a.verb = 0 THEN CASE WHEN o.revision IS NULL THEN 1 ELSE -1 END
                WHEN o.revision IS NULL THEN -2
                WHEN o.revision <> a.expected THEN -3
                ELSE 1
            END AS verdict
        FROM unnest(p_commit, p_verb, p_group, p_resource, p_namespace, p_name, p_uid, p_expected)
            WITH ORDINALITY AS a(commit, verb, api_group, resource, namespace, name, uid, expected, ord)
        LEFT JOIN object o USING (api_group, resource, namespace, name)
    ), grouped AS (
        SELECT *, min(verdict) OVER (PARTITION BY commit) > 0 AS granted FROM judged
    ), numbered AS (
        SELECT *, sum(granted::int) OVER (ORDER BY ord) AS place FROM grouped
    )
    SELECT
        array_agg(CASE WHEN granted THEN base + place ELSE least(verdict, 0) END ORDER BY ord),
        array_agg(revision ORDER BY ord),
        array_agg(coalesce(uid, new_uid) ORDER BY ord),
        sum(granted::int)
    INTO outcome, previous, uids, done
    FROM numbered;

    IF done = 0 THEN
        RETURN;
    END IF;

    INSERT INTO revision_log
    SELECT w.revision, w.verb, w.api_group, w.resource, w.namespace, w.name, w.uid, w.previous,
        CASE WHEN w.previous < w.revision / size * size THEN (
            SELECT o.json FROM object o
            WHERE (o.api_group, o.resource, o.namespace, o.name) = (w.api_group, w.resource, w.namespace, w.name))
        END,
        w.json, clock_timestamp()
    FROM unnest(outcome, p_verb, p_group, p_resource, p_namespace, p_name, uids, previous, p_json)
        AS w(revision, verb, api_group, resource, namespace, name, uid, previous, json)
    WHERE w.revision > 0;

    IF 1 = ANY (p_verb) THEN
        UPDATE object o SET revision = w.revision, json = w.json
        FROM unnest(outcome, p_verb, p_group, p_resource, p_namespace, p_name, p_json)
            AS w(revision, verb, api_group, resource, namespace, name, json)
        WHERE w.revision > 0 AND w.verb = 1
            AND o.api_group = w.api_group AND o.resource = w.resource
            AND o.namespace = w.namespace AND o.name = w.name;
    END IF;
    IF 0 = ANY (p_verb) THEN
        INSERT INTO object
        SELECT w.api_group, w.resource, w.namespace, w.name, w.uid, w.revision, w.json
        FROM unnest(outcome, p_verb, p_group, p_resource, p_namespace, p_name, uids, p_json)
            AS w(revision, verb, api_group, resource, namespace, name, uid, json)
        WHERE w.revision > 0 AND w.verb = 0;
    END IF;
    IF 2 = ANY (p_verb) THEN
        DELETE FROM object o
        USING unnest(outcome, p_verb, p_group, p_resource, p_namespace, p_name)
            AS w(revision, verb, api_group, resource, namespace, name)
        WHERE w.revision > 0 AND w.verb = 2
            AND o.api_group = w.api_group AND o.resource = w.resource
            AND o.namespace = w.namespace AND o.name = w.name;
    END IF;

    UPDATE revision_counter SET value = base + done WHERE sequence = 0;
    PERFORM record_batch(p_writer, p_batch, outcome);
END $$;

-- The same for heartbeats, which have no log: a deletion leaves a tombstone so that readers hear of it.
CREATE FUNCTION commit_heartbeats(
    p_writer uuid, p_batch bigint, p_commit int[], p_verb smallint[],
    p_group text[], p_resource text[], p_namespace text[], p_name text[],
    p_uid text[], p_expected bigint[], p_json bytea[],
    OUT outcome bigint[], OUT uids text[])
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    base bigint;
    done int;
BEGIN
    SELECT value INTO base FROM revision_counter WHERE sequence = 1 FOR UPDATE;

    WITH judged AS (
        SELECT a.ord, a.commit, a.uid AS new_uid, a.verb, h.uid,
            CASE
                WHEN a.verb = 0 THEN CASE WHEN h.revision IS NULL OR h.deleted_at IS NOT NULL THEN 1 ELSE -1 END
                WHEN h.revision IS NULL OR h.deleted_at IS NOT NULL THEN -2
                WHEN h.revision <> a.expected THEN -3
                ELSE 1
            END AS verdict
        FROM unnest(p_commit, p_verb, p_group, p_resource, p_namespace, p_name, p_uid, p_expected)
            WITH ORDINALITY AS a(commit, verb, api_group, resource, namespace, name, uid, expected, ord)
        LEFT JOIN heartbeat h USING (api_group, resource, namespace, name)
    ), grouped AS (
        SELECT *, min(verdict) OVER (PARTITION BY commit) > 0 AS granted FROM judged
    ), numbered AS (
        SELECT *, sum(granted::int) OVER (ORDER BY ord) AS place FROM grouped
    )
    SELECT
        array_agg(CASE WHEN granted THEN base + place ELSE least(verdict, 0) END ORDER BY ord),
        array_agg(CASE WHEN verb = 0 THEN new_uid ELSE coalesce(uid, new_uid) END ORDER BY ord),
        sum(granted::int)
    INTO outcome, uids, done
    FROM numbered;

    IF done = 0 THEN
        RETURN;
    END IF;

    INSERT INTO heartbeat AS h
    SELECT w.api_group, w.resource, w.namespace, w.name, w.uid, w.revision, w.revision,
        CASE WHEN w.verb = 2 THEN clock_timestamp() END, w.json
    FROM unnest(outcome, p_verb, p_group, p_resource, p_namespace, p_name, uids, p_json)
        AS w(revision, verb, api_group, resource, namespace, name, uid, json)
    WHERE w.revision > 0
    ON CONFLICT (api_group, resource, namespace, name) DO UPDATE SET
        uid = excluded.uid,
        revision = excluded.revision,
        created_revision = CASE WHEN h.deleted_at IS NULL THEN h.created_revision ELSE excluded.revision END,
        deleted_at = excluded.deleted_at,
        json = excluded.json;

    UPDATE revision_counter SET value = base + done WHERE sequence = 1;
    PERFORM record_batch(p_writer, p_batch, outcome);
END $$;

-- Retention, in two steps because dropping a table is seen by readers at once while a changed row is not: first the
-- floor rises, so that a reader of removed history learns that it is gone; then the partitions go.
-- Whole partitions only, and never the one that is being written.
CREATE FUNCTION raise_history_floor(p_before timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    counter revision_counter%ROWTYPE;
    new_floor bigint;
    upper_bound bigint;
    newest timestamptz;
BEGIN
    SELECT * INTO counter FROM revision_counter WHERE sequence = 0;
    new_floor := counter.floor;
    LOOP
        upper_bound := ((new_floor + 1) / counter.partition_size + 1) * counter.partition_size;
        EXIT WHEN upper_bound > counter.value;
        SELECT committed_at INTO newest FROM revision_log WHERE revision = upper_bound - 1;
        EXIT WHEN newest >= p_before;
        new_floor := upper_bound - 1;
    END LOOP;
    IF new_floor > counter.floor THEN
        UPDATE revision_counter SET floor = new_floor WHERE sequence = 0;
    END IF;
    RETURN new_floor;
END $$;

CREATE FUNCTION drop_history_below_floor() RETURNS int LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
    history revision_counter%ROWTYPE;
    old_partition record;
    dropped int := 0;
BEGIN
    SELECT * INTO history FROM revision_counter WHERE sequence = 0;
    FOR old_partition IN
        SELECT c.relname, substring(c.relname FROM 'revision_log_(\d+)')::bigint AS lower_bound
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'revision_log'::regclass
    LOOP
        CONTINUE WHEN old_partition.lower_bound + history.partition_size - 1 > history.floor;
        EXECUTE format('DROP TABLE IF EXISTS %I', old_partition.relname);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;

-- Tombstones of heartbeats, and the memory of processes that are gone.
CREATE FUNCTION prune_heartbeats(p_before timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    pruned int;
BEGIN
    UPDATE revision_counter SET floor = greatest(floor, (
        SELECT max(revision) FROM heartbeat WHERE deleted_at < p_before
    )) WHERE sequence = 1;
    DELETE FROM heartbeat WHERE deleted_at < p_before;
    GET DIAGNOSTICS pruned = ROW_COUNT;
    DELETE FROM writer WHERE seen_at < least(p_before, now() - interval '1 day');
    RETURN pruned;
END $$;
