-- +goose Up
-- Every row of the audit trail is chained to the one before it by its hash. What it
-- says about people is hashed as a salted digest, so that it can be blanked later
-- without breaking the chain. The program, which can hash, chains existing rows (see
-- migrateChain); until then their hash is empty.
ALTER TABLE audit ADD COLUMN private TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN salt TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN prev TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_loose ON audit (seq) WHERE hash = '';
CREATE INDEX audit_private ON audit (at) WHERE salt <> '';
ALTER TABLE request ADD COLUMN blanked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX request_private ON request (closed_at) WHERE blanked = 0;
DROP TRIGGER audit_no_update;
-- +goose StatementBegin
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit WHEN NOT (
	OLD.hash = '' OR (
		OLD.salt <> '' AND NEW.salt = '' AND NEW.actor = '' AND NEW.private = ''
		AND NEW.seq = OLD.seq AND NEW.at = OLD.at AND NEW.request = OLD.request AND NEW.event = OLD.event AND NEW.meeting = OLD.meeting
		AND NEW.detail = OLD.detail AND NEW.digest = OLD.digest AND NEW.prev = OLD.prev AND NEW.hash = OLD.hash)
) BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_no_loose_row BEFORE INSERT ON audit WHEN NEW.hash = '' BEGIN
	SELECT RAISE(ABORT, 'the audit trail is a chain');
END;
-- +goose StatementEnd
