-- +goose Up
-- No query uses these, but every row costs a write. The trail is read by seq, not by time.
DROP INDEX audit_at;
DROP INDEX request_addressee;
DROP INDEX card_meeting_request;
