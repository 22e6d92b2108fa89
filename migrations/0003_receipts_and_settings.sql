-- A receipt is the answer given to a request that may come twice: an idempotency key, a form sent by a double click.
CREATE TABLE receipt (
    key_hash BYTEA NOT NULL PRIMARY KEY,
    body_hash BYTEA NOT NULL,
    status BIGINT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX receipt_by_age ON receipt (created_at);

-- What people change while the program runs; the version makes a lost race visible.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    version BIGINT NOT NULL
);
