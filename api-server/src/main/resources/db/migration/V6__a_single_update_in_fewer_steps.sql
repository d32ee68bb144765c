-- A single update in fewer steps: the planner's settings are the connection's, and the batch is recorded in place.
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

    UPDATE object o SET revision = outcome, json = p_json
    WHERE o.api_group = p_group AND o.resource = p_resource AND o.namespace = p_namespace AND o.name = p_name
        AND o.revision = p_expected
    RETURNING o.uid INTO uid;
    IF NOT FOUND THEN
        UPDATE revision_counter SET value = value - 1 WHERE sequence = 0;
        outcome := CASE WHEN EXISTS (
            SELECT FROM object o
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
