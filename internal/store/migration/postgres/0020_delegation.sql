-- +goose Up
-- Who has delegated to whom, and until when. One per pair at a time.
CREATE TABLE delegation (
	id       TEXT PRIMARY KEY,
	team     TEXT NOT NULL,
	giver    TEXT NOT NULL,
	receiver TEXT NOT NULL,
	given_at BIGINT NOT NULL,
	until    BIGINT NOT NULL,
	ended_at BIGINT
);
CREATE UNIQUE INDEX delegation_standing ON delegation (giver, receiver) WHERE ended_at IS NULL;

-- The Home tabs that have been opened. One must be drawn while drawn is less than
-- wanted; listed is what the buttons next to its meetings mean.
CREATE TABLE home (
	person  TEXT PRIMARY KEY,
	team    TEXT NOT NULL,
	channel TEXT NOT NULL,
	wanted  BIGINT NOT NULL,
	drawn   BIGINT NOT NULL,
	listed  TEXT NOT NULL
);

-- A person's cancelled meetings, for their Home.
CREATE INDEX request_owner ON request (owner, closed_at) WHERE owner <> '';
