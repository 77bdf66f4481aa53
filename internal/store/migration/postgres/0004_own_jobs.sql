-- +goose Up
-- Effects are stored with their request, because they change together. Columns hold
-- what requests are queried by.
ALTER TABLE request ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN card_channel TEXT NOT NULL DEFAULT '';
ALTER TABLE request ADD COLUMN parent TEXT NOT NULL DEFAULT '';
-- PostgreSQL can't read JSON with a NUL in any text.
UPDATE request SET
	shown = (EXISTS (SELECT 1 FROM effect WHERE effect.request = request.id AND kind = 'card' AND ended_at IS NOT NULL))::integer,
	card_channel = coalesce(replace(body, '\u0000', '\u0020')::json -> 'Card' ->> 'channel', '');
UPDATE request SET body = left(body, -1) || ',"Effects":' || (
	SELECT json_object_agg(kind, json_build_object(
		'begun_at', to_char(to_timestamp(begun_at / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'ended_at', to_char(to_timestamp(ended_at / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'attempts', attempts, 'ref', ref, 'result', result))
	FROM effect WHERE effect.request = request.id)::text || '}'
WHERE EXISTS (SELECT 1 FROM effect WHERE effect.request = request.id);
DROP TABLE effect;
CREATE INDEX request_parent ON request (parent) WHERE parent <> '';
CREATE INDEX request_unshown ON request (closed_at) WHERE shown = 0;
-- A card that fell back to a direct message doesn't block the channel.
DROP INDEX request_one_open_card;
CREATE UNIQUE INDEX request_one_open_card ON request (channel, meeting)
	WHERE state = 'asked' AND (card_channel = '' OR card_channel = channel);

-- The same event may come again in another envelope. A click says what it is about, so
-- that it can be found before it is handled.
ALTER TABLE envelope ADD COLUMN event TEXT NOT NULL DEFAULT '';
ALTER TABLE envelope ADD COLUMN request TEXT NOT NULL DEFAULT '';
ALTER TABLE envelope ADD COLUMN action TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX envelope_event ON envelope (event) WHERE event <> '';
CREATE INDEX envelope_pending ON envelope (request) WHERE request <> '' AND handled_at IS NULL;

-- Our own jobs. fence counts a job's holders, so that an earlier holder's writes find a
-- different number. A leased job is due when its lease expires.
CREATE TABLE job (
	id         BIGINT PRIMARY KEY,
	step       TEXT NOT NULL,
	subject    TEXT NOT NULL,
	due_at     BIGINT NOT NULL,
	fence      BIGINT NOT NULL,
	tries      INTEGER NOT NULL,
	leased     INTEGER NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE INDEX job_due ON job (due_at);

-- Take over River's open jobs. If River was never here, create its table to drop it.
CREATE TABLE IF NOT EXISTS river_job (
	id BIGINT PRIMARY KEY, args JSONB, attempt SMALLINT, attempted_at TIMESTAMPTZ, created_at TIMESTAMPTZ,
	priority SMALLINT, scheduled_at TIMESTAMPTZ, state TEXT
);
INSERT INTO job (id, step, subject, due_at, fence, tries, leased, created_at)
SELECT id, CASE args ->> 'Step' WHEN 'call' THEN 'cancel' ELSE args ->> 'Step' END,
	args ->> 'Subject',
	CASE state::text WHEN 'running' THEN (extract(epoch FROM attempted_at) * 1000)::bigint + 11000
		ELSE (extract(epoch FROM scheduled_at) * 1000)::bigint END,
	0, CASE WHEN priority = 2 AND state::text = 'scheduled' THEN attempt ELSE attempt + 1 END,
	CASE WHEN state::text = 'running' OR priority = 1 AND state::text = 'scheduled' AND attempt = 0 THEN 1 ELSE 0 END,
	(extract(epoch FROM created_at) * 1000)::bigint
FROM river_job
WHERE state::text IN ('available', 'pending', 'retryable', 'running', 'scheduled') AND args ->> 'Step' IS NOT NULL;
DROP TABLE river_job;
DROP TABLE IF EXISTS river_leader;
DROP TABLE IF EXISTS river_queue;
DROP TABLE IF EXISTS river_client_queue;
DROP TABLE IF EXISTS river_client;
DROP TABLE IF EXISTS river_notification;
DROP TABLE IF EXISTS river_migration;
DROP FUNCTION IF EXISTS river_job_state_in_bitmask;
DROP FUNCTION IF EXISTS river_job_notify;
DROP TYPE IF EXISTS river_job_state;

-- River could lose the job of a step that failed while the database was unavailable.
-- Give unfinished requests without a job a new one.
INSERT INTO job (id, step, subject, due_at, fence, tries, leased, created_at)
SELECT (random() * 9000000000000000000)::bigint, 'cancel', id, created_at, 0, 1, 0, created_at FROM request
WHERE state IN ('confirmed', 'calling') AND NOT EXISTS (SELECT 1 FROM job WHERE subject = request.id);

-- A row that is changed to check whether writing works.
CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), touched_at BIGINT NOT NULL);
INSERT INTO probe (id, touched_at) VALUES (1, 0);
