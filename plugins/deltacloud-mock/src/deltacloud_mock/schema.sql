-- The pretend cloud's state. Contents of blobs are files beside it; a row names its file.
-- Everything but images belongs to one user, and ids are unique for each user and kind.
CREATE TABLE things (
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    sort TEXT NOT NULL,         -- where it stands in lists
    body BLOB NOT NULL,         -- the model as JSON
    becomes TEXT,               -- the state that it takes by itself ...
    due REAL,                   -- ... at this time, in Unix seconds
    PRIMARY KEY (kind, owner, id)
) WITHOUT ROWID;
CREATE INDEX things_listed ON things (kind, owner, sort);
CREATE INDEX things_sorted ON things (kind, sort);
CREATE INDEX things_named ON things (kind, id);

CREATE TABLE blobs (
    owner TEXT NOT NULL,
    bucket TEXT NOT NULL,
    id TEXT NOT NULL,
    file TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (owner, bucket, id)
) WITHOUT ROWID;

CREATE TABLE uploads (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    bucket TEXT NOT NULL,
    blob TEXT NOT NULL,
    properties BLOB NOT NULL,
    begun REAL NOT NULL
) WITHOUT ROWID;

CREATE TABLE segments (
    upload TEXT NOT NULL REFERENCES uploads ON DELETE CASCADE,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (upload, number)
) WITHOUT ROWID;

-- What was asked for under an Idempotency-Key, and what that has made, as JSON.
CREATE TABLE repeats (
    owner TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    made BLOB NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (owner, operation, key)
) WITHOUT ROWID;
CREATE INDEX repeats_by_age ON repeats (at);

-- The last number that an id with a clock was given.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
