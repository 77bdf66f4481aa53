-- +goose Up
-- The owner whom a request asks, if it asks one: one open question per asker and
-- meeting, found by either person.
ALTER TABLE request ADD COLUMN addressee TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX request_one_question ON request (asker, meeting) WHERE state = 'asked' AND addressee <> '';
CREATE INDEX request_addressee ON request (addressee, created_at) WHERE addressee <> '';

-- Which owner does not want to be asked by whom, and until when.
CREATE TABLE mute (
	owner TEXT NOT NULL,
	asker TEXT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (owner, asker)
);
