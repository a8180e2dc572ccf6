-- A store as the first version wrote it.
PRAGMA journal_mode = WAL;
CREATE TABLE documents (
    fingerprint TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,
    blocks TEXT NOT NULL, metadata TEXT NOT NULL, added TEXT NOT NULL);
CREATE TABLE calls (
    key TEXT PRIMARY KEY, task TEXT NOT NULL, model TEXT NOT NULL, answer TEXT NOT NULL,
    added TEXT NOT NULL);
CREATE TABLE attempts (
    attempt INTEGER PRIMARY KEY, call TEXT NOT NULL, fingerprint TEXT NOT NULL, task TEXT NOT NULL,
    model TEXT NOT NULL, number INTEGER NOT NULL, started TEXT NOT NULL, seconds REAL NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, cached_tokens INTEGER,
    finish_reason TEXT, status_code INTEGER, error TEXT);
CREATE TABLE results (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, task TEXT NOT NULL, result TEXT NOT NULL,
    added TEXT NOT NULL);
CREATE INDEX results_by_document ON results (fingerprint, added);
INSERT INTO documents VALUES (
    'cbd9d7e21451a3a822c4880d29822c6693db1069fca05b7463f7b0286cead1c6', 'cdf1a0a1b2c3d4e5', 'old.txt', 'Forty men.', '[[0, 10, false]]',
    '{}', '2031-04-02T08:00:00.000+00:00');
INSERT INTO calls VALUES ('call', 'figures', 'm', '{"a":1}', '2031-04-02T08:00:01.000+00:00');
INSERT INTO attempts VALUES (NULL, 'call',
    'cbd9d7e21451a3a822c4880d29822c6693db1069fca05b7463f7b0286cead1c6', 'figures', 'm', 1, '2031-04-02T08:00:00.500+00:00',
    0.5, 7, 3, NULL, 'stop', 200, NULL);
INSERT INTO results VALUES ('key',
    'cbd9d7e21451a3a822c4880d29822c6693db1069fca05b7463f7b0286cead1c6', 'figures', '{"records":[]}', '2031-04-02T08:00:02.000+00:00');
PRAGMA user_version = 1;
