-- What a further server needs to become one of this cluster is sealed anew with each join token that is handed out, and
-- goes when that token ends (decision 0200). Nobody keeps the tokens themselves.
CREATE TABLE join_token (
    id         text        PRIMARY KEY,
    sealed     bytea       NOT NULL,
    expires_at timestamptz NOT NULL
);

-- The one token that never ended opens nothing any more. Servers of the release before still ask for the column.
UPDATE shared_cluster SET sealed = '';
ALTER TABLE shared_cluster ALTER sealed SET DEFAULT '';
