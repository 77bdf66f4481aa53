-- +goose Up
-- When the next invited person may be messaged: at most one a second over all requests
-- and replicas.
CREATE TABLE turn (
	kind    TEXT PRIMARY KEY,
	free_at BIGINT NOT NULL
);
