-- Candidates and what was sent of them: the intake is kept whole as JSON, and only what is listed, filtered or joined has a column.
CREATE TABLE candidate (
    number BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    team TEXT NOT NULL,
    external_id TEXT,
    -- 0 for the first person under an external id; a renamed one is a candidate of its own and counts on.
    twin BIGINT NOT NULL,
    name TEXT NOT NULL,
    role TEXT,
    requisition TEXT,
    stage TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_submission_at BIGINT NOT NULL,
    submissions BIGINT NOT NULL,
    is_demo BIGINT NOT NULL,
    version BIGINT NOT NULL,
    -- What lists show and order by, copied from the latest finished screening; attention is its rank, -1 before the first.
    screening BIGINT,
    screened_at BIGINT,
    attention BIGINT NOT NULL,
    sources BIGINT NOT NULL,
    weight_bits DOUBLE PRECISION NOT NULL,
    top_code TEXT,
    top_severity TEXT,
    top_sentence TEXT,
    top_other TEXT,
    -- The verdict of the latest decision.
    decision TEXT,
    UNIQUE (team, external_id, twin)
);
CREATE INDEX candidate_by_arrival ON candidate (last_submission_at, number);
CREATE INDEX candidate_of_demo ON candidate (is_demo, number);

CREATE TABLE candidate_link (
    candidate BIGINT NOT NULL REFERENCES candidate (number),
    other BIGINT NOT NULL REFERENCES candidate (number),
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (candidate, other)
);
CREATE INDEX candidate_link_back ON candidate_link (other, candidate);

CREATE TABLE candidate_import (
    id TEXT NOT NULL PRIMARY KEY,
    file_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    team TEXT NOT NULL,
    by_user TEXT,
    by_name TEXT NOT NULL,
    candidates BIGINT NOT NULL
);
CREATE INDEX candidate_import_by_time ON candidate_import (at, id);

CREATE TABLE submission (
    number BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    candidate BIGINT NOT NULL REFERENCES candidate (number),
    intake TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    by_user TEXT,
    by_name TEXT NOT NULL,
    import TEXT REFERENCES candidate_import (id)
);
CREATE INDEX submission_of_candidate ON submission (candidate, received_at, number);
CREATE INDEX submission_of_import ON submission (import, number);
