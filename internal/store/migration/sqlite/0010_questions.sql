-- +goose Up
-- The owner that a question goes to. An asker has at most one open question per
-- meeting; it is looked up by either person.
ALTER TABLE request ADD COLUMN addressee TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX request_one_question ON request (asker, meeting) WHERE state = 'asked' AND addressee <> '';
CREATE INDEX request_addressee ON request (addressee, created_at) WHERE addressee <> '';

-- Which owners have muted which askers, and until when.
CREATE TABLE mute (
	owner TEXT NOT NULL,
	asker TEXT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (owner, asker)
);
