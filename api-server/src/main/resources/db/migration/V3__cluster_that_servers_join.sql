-- What a further server needs to become one of this cluster, sealed with a token that the database does not hold
-- (decision 0155). One row at most.
CREATE TABLE shared_cluster (
    only_one     boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    -- SHA-256 of the cluster's certificate authority: a server with another one belongs to another cluster.
    authority    text        NOT NULL,
    sealed       bytea       NOT NULL,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
