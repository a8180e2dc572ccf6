-- Which file an attempt was first written to: the same one always, whatever the file is called.
CREATE TABLE identity (id TEXT NOT NULL);
INSERT INTO identity VALUES (lower(hex(randomblob(16))));

-- NULL: in this file. Else the other file's identity, and the attempt's number there.
ALTER TABLE attempts ADD COLUMN origin TEXT;
ALTER TABLE attempts ADD COLUMN origin_attempt INTEGER;
CREATE UNIQUE INDEX attempts_by_origin ON attempts (origin, origin_attempt)
    WHERE origin IS NOT NULL;
