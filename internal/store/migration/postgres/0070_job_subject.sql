-- +goose Up
-- A subject gets one run of a step at a time: each claim looks for its other jobs.
CREATE INDEX job_subject ON job (subject);
