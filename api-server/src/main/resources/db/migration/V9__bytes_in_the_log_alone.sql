-- The bytes of an object are written once, to the log. Before, they were in the row of the current state as well, where
-- PostgreSQL compared the old with the new ones, byte by byte, to save log of its own.
ALTER TABLE object RENAME TO object_state;
ALTER INDEX object_pkey RENAME TO object_state_pkey;
ALTER TABLE object_state ALTER json DROP NOT NULL;     -- null: as in the log at this revision
ALTER TABLE object_state SET (fillfactor = 80);        -- rows are small now

-- The current state with its bytes, wherever they are; what the table of this name was. Always by the log's key: a join
-- could be planned as one that reads the whole log.
CREATE VIEW object AS
SELECT o.api_group, o.resource, o.namespace, o.name, o.uid, o.revision,
    coalesce(o.json, (SELECT l.json FROM revision_log l WHERE l.revision = o.revision)) AS json
FROM object_state o;

-- Moves the bytes of objects that did not change since history that is about to go, p_most of them, and says how many: call
-- it until it says none. An object that is being changed right now is left out; either it gets a new revision, or it
-- keeps the partition from being dropped until the next time.
CREATE FUNCTION keep_bytes_below_floor(p_most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    kept int;
BEGIN
    WITH unchanged AS (
        SELECT o.api_group, o.resource, o.namespace, o.name, o.revision
        FROM object_state o
        WHERE o.json IS NULL AND o.revision <= (SELECT floor FROM revision_counter WHERE sequence = 0)
        LIMIT p_most FOR UPDATE SKIP LOCKED
    ), moved AS (
        UPDATE object_state o SET json = (SELECT l.json FROM revision_log l WHERE l.revision = u.revision)
        FROM unchanged u
        WHERE o.api_group = u.api_group AND o.resource = u.resource AND o.namespace = u.namespace AND o.name = u.name
        RETURNING o.json
    )
    SELECT count(json) INTO kept FROM moved;
    RETURN kept;
END $$;

-- A partition goes when no object has its bytes there alone. Whoever writes or reads waits while a drop waits for its turn,
-- so it gives up soon: there is a next time.
CREATE OR REPLACE FUNCTION drop_history_below_floor() RETURNS int LANGUAGE plpgsql SET lock_timeout = '200ms' AS $$
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
        CONTINUE WHEN EXISTS (
            SELECT FROM object_state
            WHERE json IS NULL AND revision >= old_partition.lower_bound
                AND revision < old_partition.lower_bound + history.partition_size);
        EXECUTE format('DROP TABLE IF EXISTS %I', old_partition.relname);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;

-- The functions that commit, without bytes for the current state. The one that knows no authors was for servers of the
-- release before authors.
DROP FUNCTION commit_writes(
    uuid, bigint, int[], smallint[], text[], text[], text[], text[], text[], bigint[], bytea[]);

-- Commits many independent commits at once; a commit is one or more writes that happen together or not at all.
-- The arrays are parallel, one element for each write; no key appears twice. p_commit numbers the commits.
-- p_verb: 0 create, 1 update, 2 delete. Answers, for each write: the revision it got, or -1 exists already,
-- -2 does not exist, -3 was changed, 0 not done because another write of its commit was refused; and the uid.
CREATE OR REPLACE FUNCTION commit_writes(
    p_writer uuid, p_batch bigint, p_commit int[], p_verb smallint[],
    p_group text[], p_resource text[], p_namespace text[], p_name text[],
    p_uid text[], p_expected bigint[], p_json bytea[], p_author text[],
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
        LEFT JOIN object_state o USING (api_group, resource, namespace, name)
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

    INSERT INTO revision_log (revision, kind, api_group, resource, namespace, name, uid, previous_revision,
        previous_json, json, committed_at, author, commit_last)
    SELECT w.revision, w.verb, w.api_group, w.resource, w.namespace, w.name, w.uid, w.previous,
        CASE WHEN w.previous < w.revision / size * size THEN (
            SELECT o.json FROM object o
            WHERE (o.api_group, o.resource, o.namespace, o.name) = (w.api_group, w.resource, w.namespace, w.name))
        END,
        w.json, clock_timestamp(), w.author, max(w.revision) OVER (PARTITION BY w.commit)
    FROM unnest(outcome, p_verb, p_group, p_resource, p_namespace, p_name, uids, previous, p_json, p_author, p_commit)
        AS w(revision, verb, api_group, resource, namespace, name, uid, previous, json, author, commit)
    WHERE w.revision > 0;

    IF 1 = ANY (p_verb) THEN
        UPDATE object_state o SET revision = w.revision, json = NULL
        FROM unnest(outcome, p_verb, p_group, p_resource, p_namespace, p_name)
            AS w(revision, verb, api_group, resource, namespace, name)
        WHERE w.revision > 0 AND w.verb = 1
            AND o.api_group = w.api_group AND o.resource = w.resource
            AND o.namespace = w.namespace AND o.name = w.name;
    END IF;
    IF 0 = ANY (p_verb) THEN
        INSERT INTO object_state (api_group, resource, namespace, name, uid, revision)
        SELECT w.api_group, w.resource, w.namespace, w.name, w.uid, w.revision
        FROM unnest(outcome, p_verb, p_group, p_resource, p_namespace, p_name, uids)
            AS w(revision, verb, api_group, resource, namespace, name, uid)
        WHERE w.revision > 0 AND w.verb = 0;
    END IF;
    IF 2 = ANY (p_verb) THEN
        DELETE FROM object_state o
        USING unnest(outcome, p_verb, p_group, p_resource, p_namespace, p_name)
            AS w(revision, verb, api_group, resource, namespace, name)
        WHERE w.revision > 0 AND w.verb = 2
            AND o.api_group = w.api_group AND o.resource = w.resource
            AND o.namespace = w.namespace AND o.name = w.name;
    END IF;

    UPDATE revision_counter SET value = base + done WHERE sequence = 0;
    PERFORM record_batch(p_writer, p_batch, outcome);
END $$;

-- A single update: the planner's settings are the connection's, and the batch is recorded in place.
CREATE OR REPLACE FUNCTION commit_update(
    p_writer uuid, p_batch bigint, p_group text, p_resource text, p_namespace text, p_name text,
    p_expected bigint, p_json bytea, p_author text,
    OUT outcome bigint, OUT uid text)
LANGUAGE plpgsql
AS $$
DECLARE
    size bigint;
    before bytea;
BEGIN
    -- Takes the lock that keeps revisions in commit order, and the next revision with it.
    UPDATE revision_counter SET value = value + 1 WHERE sequence = 0 RETURNING value, partition_size INTO outcome, size;

    IF p_expected < outcome / size * size THEN
        SELECT o.json INTO before FROM object o
        WHERE o.api_group = p_group AND o.resource = p_resource AND o.namespace = p_namespace AND o.name = p_name;
    END IF;

    UPDATE object_state o SET revision = outcome, json = NULL
    WHERE o.api_group = p_group AND o.resource = p_resource AND o.namespace = p_namespace AND o.name = p_name
        AND o.revision = p_expected
    RETURNING o.uid INTO uid;
    IF NOT FOUND THEN
        UPDATE revision_counter SET value = value - 1 WHERE sequence = 0;
        outcome := CASE WHEN EXISTS (
            SELECT FROM object_state o
            WHERE o.api_group = p_group AND o.resource = p_resource AND o.namespace = p_namespace AND o.name = p_name
        ) THEN -3 ELSE -2 END;
        RETURN;
    END IF;

    INSERT INTO revision_log (revision, kind, api_group, resource, namespace, name, uid, previous_revision,
        previous_json, json, committed_at, author, commit_last)
    VALUES (outcome, 1, p_group, p_resource, p_namespace, p_name, uid, p_expected,
        before, p_json, clock_timestamp(), p_author, outcome);

    UPDATE writer w SET batch = p_batch, outcome = ARRAY[commit_update.outcome], seen_at = clock_timestamp()
    WHERE w.id = p_writer AND w.batch < p_batch;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'batch % of writer % was given up', p_batch, p_writer USING ERRCODE = 'KE001';
    END IF;
END $$;

-- A batch in which every commit is one update, which is most of what a busy server has to do. The same as commit_writes for
-- such commits when all of them hold, without judging them one by one. When one does not (KE002) nothing has happened, and
-- the batch is one for commit_writes.
-- Answers the revision before those that the updates got, in order of the arrays; and the uids. Every lookup is by primary
-- key: the settings that see to it, whatever statistics of a young table suggest, are the connection's.
CREATE OR REPLACE FUNCTION commit_updates(
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
        UPDATE object_state o SET revision = base + i, json = NULL
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
