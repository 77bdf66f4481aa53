-- +goose Up
-- Every index costs a page of each commit that touches it.

-- A job's subject comes first in its key, which also finds a subject's other jobs.
CREATE TABLE keyed_job (
	subject    TEXT NOT NULL,
	id         BIGINT NOT NULL,
	step       TEXT NOT NULL,
	due_at     BIGINT NOT NULL,
	fence      BIGINT NOT NULL,
	tries      INTEGER NOT NULL,
	leased     INTEGER NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (subject, id)
) WITHOUT ROWID;
INSERT INTO keyed_job (subject, id, step, due_at, fence, tries, leased, created_at)
SELECT subject, id, step, due_at, fence, tries, leased, created_at FROM job;
DROP TABLE job;
ALTER TABLE keyed_job RENAME TO job;
CREATE INDEX job_due ON job (due_at);

-- Only closed requests are blanked or purged.
DROP INDEX request_unshown;
CREATE INDEX request_unshown ON request (closed_at) WHERE shown = 0 AND closed_at IS NOT NULL;
DROP INDEX request_private;
CREATE INDEX request_private ON request (closed_at) WHERE blanked = 0 AND closed_at IS NOT NULL;
