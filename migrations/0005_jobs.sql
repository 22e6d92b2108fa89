-- The queue. A key is unique among waiting jobs alone (slot is 'waiting' there, the job's own number afterwards): what is
-- asked for while the same work runs gets a run of its own.
CREATE TABLE job (
    number BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    unique_key TEXT NOT NULL,
    slot TEXT NOT NULL,
    payload TEXT NOT NULL,
    priority BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    holder TEXT,
    beat BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_error TEXT,
    UNIQUE (kind, unique_key, slot)
);
CREATE INDEX job_due ON job (state, priority, number);
