-- +goose Up
-- People to tell that a meeting was cancelled. An address is removed once its person has
-- been dealt with, the rows once everyone has.
CREATE TABLE invited (
	request  TEXT NOT NULL,
	n        INTEGER NOT NULL,
	email    TEXT NOT NULL,
	person   TEXT NOT NULL,
	begun_at BIGINT,
	ended_at BIGINT,
	tries    INTEGER NOT NULL,
	result   TEXT NOT NULL,
	PRIMARY KEY (request, n)
);

-- The meetings of open cards, which are read repeatedly. cards counts the cards shown
-- since, so that a reader that wants to stop notices a new one.
CREATE TABLE watch (
	meeting TEXT PRIMARY KEY,
	cards   BIGINT NOT NULL
);
