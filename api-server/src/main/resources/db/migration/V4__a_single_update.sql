-- A commit of one update, which is most of what a server that is not busy has to do. The same as commit_writes for one
-- write of verb 1, without its set operations: those cost more than the update itself.
-- Answers the revision it got, or -2 does not exist, -3 was changed; and the uid.
CREATE FUNCTION commit_update(
    p_writer uuid, p_batch bigint, p_group text, p_resource text, p_namespace text, p_name text,
    p_expected bigint, p_json bytea, p_author text,
    OUT outcome bigint, OUT uid text)
LANGUAGE plpgsql
-- Every lookup is by primary key, whatever statistics of a young table suggest.
SET enable_seqscan = off
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
    PERFORM record_batch(p_writer, p_batch, ARRAY[outcome]);
END $$;
