-- Numbers that other processes follow (photo, list, audit) are taken last in their transaction; all others are reserved in
-- blocks with gaps. A plain row gives both the same way on either database; a sequence would not follow commit order.
CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL
);
INSERT INTO counter (name, n) VALUES ('photo', 0), ('list', 0), ('audit', 0);
