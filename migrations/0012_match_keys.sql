-- One table of 64-bit keys for every direction of the search: candidates (kind 1) and watchlist entries (kind 2).
CREATE TABLE match_key (
    h BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (h, kind, number)
) --@sqlite WITHOUT ROWID
;
CREATE INDEX match_key_of_owner ON match_key (kind, number);
