-- Review: one case a candidate, verdicts on findings, decisions. Verdicts and decisions are only ever added.
CREATE TABLE review_case (
    candidate BIGINT NOT NULL PRIMARY KEY REFERENCES candidate (number),
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    is_open BIGINT NOT NULL,
    assignee_user TEXT,
    assignee_name TEXT,
    opened_at BIGINT NOT NULL,
    decided_at BIGINT,
    version BIGINT NOT NULL,
    -- Copied from the candidate, so that one index holds the order of the queue.
    attention BIGINT NOT NULL,
    sources BIGINT NOT NULL,
    weight_bits DOUBLE PRECISION NOT NULL
);
CREATE INDEX review_case_queue ON review_case (is_open, attention DESC, sources DESC, weight_bits DESC, opened_at, candidate);

-- Remembered for candidate, code, counterpart and the values that were compared: when a value changes, nobody has judged it yet.
CREATE TABLE disposition (
    number BIGINT NOT NULL PRIMARY KEY,
    candidate BIGINT NOT NULL REFERENCES candidate (number),
    code TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    other_kind TEXT,
    other_id TEXT,
    verdict TEXT NOT NULL,
    note TEXT NOT NULL,
    by_user TEXT,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX disposition_of_candidate ON disposition (candidate, at, number);

CREATE TABLE decision (
    number BIGINT NOT NULL PRIMARY KEY,
    candidate BIGINT NOT NULL REFERENCES candidate (number),
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    by_user TEXT,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- The version of the case that was decided: two decisions of one version cannot both stand.
    case_version BIGINT NOT NULL,
    UNIQUE (candidate, case_version)
);
