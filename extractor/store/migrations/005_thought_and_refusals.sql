-- Part of completion_tokens; NULL: the server did not say.
ALTER TABLE attempts ADD COLUMN reasoning_tokens INTEGER;

-- Which model was asked, and how (SHA-256); NULL: not known. What was refused is tried again where
-- this has changed.
ALTER TABLE dead_letters ADD COLUMN asked TEXT;
