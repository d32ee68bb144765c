-- Who made a change, and which changes were made together: readers of the past see a commit whole or not at all.
ALTER TABLE revision_log
    ADD COLUMN author text NOT NULL DEFAULT '',     -- name of the user; empty for what the store was told by nobody
    ADD COLUMN commit_last bigint;                  -- the last revision of the commit; null in rows from before this column

-- The newest revision that was committed at or before a moment, by halving: revisions are contiguous, and their times
-- grow with them. The floor of history when the moment lies before everything that is kept.
CREATE FUNCTION revision_at(p_moment timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    low bigint;
    high bigint;
    middle bigint;
    made timestamptz;
BEGIN
    SELECT floor, value INTO low, high FROM revision_counter WHERE sequence = 0;
    WHILE low < high LOOP
        middle := (low + high + 1) / 2;
        SELECT committed_at INTO made FROM revision_log WHERE revision = middle;
        IF made <= p_moment THEN
            low := middle;
        ELSE
            high := middle - 1;
        END IF;
    END LOOP;
    RETURN low;
END $$;

-- The function of V1 without authors stays beside this one for servers of the release before.
-- Commits many independent commits at once; a commit is one or more writes that happen together or not at all.
-- The arrays are parallel, one element for each write; no key appears twice. p_commit numbers the commits.
-- p_verb: 0 create, 1 update, 2 delete. Answers, for each write: the revision it got, or -1 exists already,
-- -2 does not exist, -3 was changed, 0 not done because another write of its commit was refused; and the uid.
CREATE FUNCTION commit_writes(
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
