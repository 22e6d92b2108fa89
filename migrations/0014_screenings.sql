-- Screenings: one row a digest of recorded inputs, its findings, and which entries and candidates the latest one cites.
CREATE TABLE screening (
    number BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    candidate BIGINT NOT NULL REFERENCES candidate (number),
    digest TEXT NOT NULL,
    as_of BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    attention TEXT NOT NULL,
    attention_reason TEXT NOT NULL,
    sources TEXT NOT NULL,
    weight_bits DOUBLE PRECISION NOT NULL,
    checks TEXT NOT NULL,
    links TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    list_versions TEXT NOT NULL,
    UNIQUE (candidate, digest)
);

CREATE TABLE finding (
    screening BIGINT NOT NULL REFERENCES screening (number),
    position BIGINT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    candidate BIGINT NOT NULL REFERENCES candidate (number),
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    source TEXT NOT NULL,
    sentence TEXT NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (screening, position)
);
CREATE INDEX finding_of_candidate ON finding (candidate, screening);

-- Of each candidate's latest screening alone: every entry and candidate that a finding names, further pairs included.
CREATE TABLE citation (
    kind TEXT NOT NULL,
    other TEXT NOT NULL,
    candidate BIGINT NOT NULL REFERENCES candidate (number),
    position BIGINT NOT NULL,
    list TEXT,
    PRIMARY KEY (kind, other, candidate, position)
);
CREATE INDEX citation_of_candidate ON citation (candidate, position);
