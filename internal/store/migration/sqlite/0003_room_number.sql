-- +goose Up
-- The audit trail is searched by the number that people see, too. It differs
-- from the meeting's id for rooms only, and only those are in the index.
CREATE INDEX request_room ON request (number) WHERE number <> meeting;
