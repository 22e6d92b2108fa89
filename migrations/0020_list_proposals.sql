-- Watchlist files that were uploaded and are not applied yet. The second step finds the content here, and so does the second
-- person whom a large change waits for. Removed when applied or dropped, and after a day.
CREATE TABLE list_proposal (
    id TEXT NOT NULL PRIMARY KEY,
    -- Public id of the list.
    watchlist TEXT NOT NULL,
    file_name TEXT NOT NULL,
    format TEXT NOT NULL,
    -- 1: the file adds and changes, and removes nothing.
    merges BIGINT NOT NULL,
    content BYTEA NOT NULL,
    by_user TEXT,
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX list_proposal_of_list ON list_proposal (watchlist, created_at, id);
CREATE INDEX list_proposal_by_age ON list_proposal (created_at);
