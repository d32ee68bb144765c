-- Partitions of the log are written once, never updated, and dropped whole. Vacuuming them because they grow would read and
-- write each page again and find nothing to remove. Analyzing them holds a snapshot for seconds, in which the versions that
-- each batch leaves of the counter's row and of the objects cannot be removed: a write takes twice the processor
-- meanwhile. Readers go by key whatever statistics say. What protects against the wraparound of transaction numbers
-- is not affected.
CREATE OR REPLACE FUNCTION ensure_partitions(p_revision bigint) RETURNS void LANGUAGE plpgsql AS $$
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
        EXECUTE format('ALTER TABLE %I SET (toast_tuple_target = 8160, autovacuum_enabled = false)',
            partition_name);
        EXECUTE format('ALTER TABLE revision_log ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
            partition_name, lower_bound, lower_bound + size);
    END LOOP;
END $$;

DO $$
DECLARE
    partition regclass;
BEGIN
    FOR partition IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'revision_log'::regclass LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', partition);
    END LOOP;
END $$;
