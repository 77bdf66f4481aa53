-- +goose Up
-- Every index costs a write of each commit that touches it.

-- A job's subject comes first in its key, which also finds a subject's other jobs.
ALTER TABLE job DROP CONSTRAINT job_pkey;
ALTER TABLE job ADD PRIMARY KEY (subject, id);
DROP INDEX job_subject;

-- Only closed requests are blanked or purged.
DROP INDEX request_unshown;
CREATE INDEX request_unshown ON request (closed_at) WHERE shown = 0 AND closed_at IS NOT NULL;
DROP INDEX request_private;
CREATE INDEX request_private ON request (closed_at) WHERE blanked = 0 AND closed_at IS NOT NULL;
