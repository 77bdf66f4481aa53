-- +goose Up
-- The number that people see, for searching the history. Older requests are found by
-- the meeting's id.
ALTER TABLE request ADD COLUMN number TEXT NOT NULL DEFAULT '';
