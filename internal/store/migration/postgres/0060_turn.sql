-- +goose Up
-- When the next of those invited may be written to: at most one a second, from however
-- many requests and replicas.
CREATE TABLE turn (
	kind    TEXT PRIMARY KEY,
	free_at BIGINT NOT NULL
);
