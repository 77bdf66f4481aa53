-- +goose Up
CREATE TABLE envelope (
	id          TEXT PRIMARY KEY,
	kind        TEXT NOT NULL,
	person      TEXT NOT NULL,
	received_at BIGINT NOT NULL,
	handled_at  BIGINT,
	body        TEXT NOT NULL
);
CREATE INDEX envelope_person ON envelope (person, kind, received_at);
CREATE INDEX envelope_received ON envelope (received_at);

CREATE TABLE request (
	id         TEXT PRIMARY KEY,
	version    INTEGER NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('received','asked','confirmed','calling','done','declined','expired','superseded')),
	outcome    TEXT NOT NULL CHECK (outcome IN ('','cancelled','ended','gone','refused','failed','unknown')),
	asker      TEXT NOT NULL,
	channel    TEXT NOT NULL,
	meeting    TEXT NOT NULL,
	owner      TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	closed_at  BIGINT,
	body       TEXT NOT NULL,
	CHECK ((state = 'done') = (outcome <> ''))
);
CREATE UNIQUE INDEX request_one_open_card ON request (channel, meeting) WHERE state = 'asked';
CREATE INDEX request_expiry ON request (expires_at) WHERE state IN ('received', 'asked');
CREATE INDEX request_created ON request (created_at);
CREATE INDEX request_asker ON request (asker, created_at);
CREATE INDEX request_meeting ON request (meeting, created_at);

CREATE TABLE effect (
	request  TEXT NOT NULL REFERENCES request (id),
	kind     TEXT NOT NULL,
	begun_at BIGINT NOT NULL,
	ended_at BIGINT,
	attempts INTEGER NOT NULL,
	ref      TEXT NOT NULL,
	result   TEXT NOT NULL,
	PRIMARY KEY (request, kind)
);

CREATE TABLE audit (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT,
	at      BIGINT NOT NULL,
	request TEXT NOT NULL,
	event   TEXT NOT NULL,
	actor   TEXT NOT NULL,
	meeting TEXT NOT NULL,
	detail  TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_request ON audit (request);
CREATE INDEX audit_meeting ON audit (meeting, at);

-- +goose StatementBegin
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
-- +goose StatementEnd
