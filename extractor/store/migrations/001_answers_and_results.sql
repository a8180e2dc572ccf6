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
