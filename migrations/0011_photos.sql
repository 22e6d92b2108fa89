-- Pictures: what is compared of them, apart from the bytes, so that reading a million hashes does not read the pictures.
CREATE TABLE photo (
    -- Taken from the photo counter, so that numbers rise in the order of commits and others can follow.
    number BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    candidate BIGINT NOT NULL REFERENCES candidate (number),
    submission BIGINT NOT NULL REFERENCES submission (number),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Why the picture could not be read; then there are no features and no bytes to serve.
    fault TEXT,
    algorithm TEXT,
    hash_whole BYTEA,
    hash_without_head BYTEA,
    hash_head BYTEA,
    quality_whole BIGINT,
    quality_without_head BIGINT,
    quality_head BIGINT
);
CREATE INDEX photo_of_candidate ON photo (candidate, number);

CREATE TABLE photo_image (
    photo BIGINT NOT NULL PRIMARY KEY REFERENCES photo (number),
    gray BYTEA NOT NULL,
    served BYTEA NOT NULL
);
