-- Watchlists in versions. A change is staged in short writes that show nothing and published in one.
CREATE TABLE watchlist (
    number BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    is_demo BIGINT NOT NULL,
    -- Token of the change that is being staged.
    staging TEXT
);

CREATE TABLE list_version (
    -- Taken from the list counter, so that numbers rise in the order of commits and others can follow.
    number BIGINT NOT NULL PRIMARY KEY,
    watchlist BIGINT NOT NULL REFERENCES watchlist (number),
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    note TEXT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    removed BIGINT NOT NULL,
    new_hits BIGINT NOT NULL,
    gone_hits BIGINT NOT NULL,
    UNIQUE (watchlist, version)
);

-- One row a revision of an entry: it counts from first_version to last_version of its list. A changed entry keeps its id.
CREATE TABLE entry (
    number BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    watchlist BIGINT NOT NULL REFERENCES watchlist (number),
    entry_key TEXT NOT NULL,
    search TEXT NOT NULL,
    persona TEXT NOT NULL,
    status TEXT NOT NULL,
    first_version BIGINT NOT NULL,
    last_version BIGINT,
    changed_at BIGINT NOT NULL,
    UNIQUE (watchlist, entry_key, first_version)
);
CREATE INDEX entry_by_id ON entry (id, first_version);
CREATE INDEX entry_of_list ON entry (watchlist, number);
CREATE INDEX entry_begun ON entry (watchlist, first_version, number);
CREATE INDEX entry_ended ON entry (watchlist, last_version, number);
