-- +goose Up
-- The number that people see, by which the history is searched. What was asked
-- before is found by the meeting's id.
ALTER TABLE request ADD COLUMN number TEXT NOT NULL DEFAULT '';
