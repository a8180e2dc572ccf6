-- Batches of requests. `state`: intended (written down, maybe not submitted), submitted, ended.
-- `status`: the server's last word. `submitted`: UTC. Tokens and US dollars at their upper end.
CREATE TABLE batches (
    id TEXT PRIMARY KEY, model TEXT NOT NULL, state TEXT NOT NULL, requests INTEGER NOT NULL,
    bytes INTEGER NOT NULL, most_tokens INTEGER NOT NULL, most_cost REAL NOT NULL, remote TEXT,
    submitted TEXT, status TEXT, added TEXT NOT NULL);
-- `line`: what the server said to a call, until it has been read; then there are the attempt and,
-- where it was usable, the answer.
CREATE TABLE batch_calls (
    batch TEXT NOT NULL, call TEXT NOT NULL, line TEXT, PRIMARY KEY (batch, call)) WITHOUT ROWID;
CREATE INDEX batch_calls_by_call ON batch_calls (call);
