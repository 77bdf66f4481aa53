-- +goose Up
CREATE TABLE note (text TEXT PRIMARY KEY);
CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), touched_at BIGINT NOT NULL);
INSERT INTO probe (id, touched_at) VALUES (1, 0);
