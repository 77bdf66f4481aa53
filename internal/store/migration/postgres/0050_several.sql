-- +goose Up
-- Which of a card's meetings a person was invited to: ids of its parts, separated by
-- spaces; empty for a card with one meeting.
ALTER TABLE invited ADD COLUMN parts TEXT NOT NULL DEFAULT '';

-- The meetings of cards with several, which are read repeatedly while the card is open.
CREATE TABLE card_meeting (
	meeting TEXT NOT NULL,
	request TEXT NOT NULL,
	PRIMARY KEY (meeting, request)
);
CREATE INDEX card_meeting_request ON card_meeting (request);
