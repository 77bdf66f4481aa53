-- +goose Up
-- No query needs these, but every row costs a write. Unlike SQLite, PostgreSQL uses audit_at
-- to read the trail since some time.
DROP INDEX request_addressee;
DROP INDEX card_meeting_request;
