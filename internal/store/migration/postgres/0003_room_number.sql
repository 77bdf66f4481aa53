-- +goose Up
-- The audit trail can be searched by the number that people see, too. It differs from
-- the meeting's id only for rooms, and only those are indexed.
CREATE INDEX request_room ON request (number) WHERE number <> meeting;
