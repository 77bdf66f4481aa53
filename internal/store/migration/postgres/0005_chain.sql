-- +goose Up
-- Every row of the audit trail is chained to the one before it by its hash. What it
-- says about people is hashed as a salted digest, so that it can be blanked later
-- without breaking the chain. The program chains existing rows (see migrateChain);
-- until then their hash is empty.
ALTER TABLE audit ALTER COLUMN seq DROP IDENTITY;
ALTER TABLE audit ADD COLUMN private TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN salt TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN prev TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_loose ON audit (seq) WHERE hash = '';
CREATE INDEX audit_private ON audit (at) WHERE salt <> '';
ALTER TABLE request ADD COLUMN blanked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX request_private ON request (closed_at) WHERE blanked = 0;

-- The end of the chain. A writer locks this row, and no other, until its commit.
CREATE TABLE audit_head (id INTEGER PRIMARY KEY CHECK (id = 1), seq BIGINT NOT NULL, hash TEXT NOT NULL);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

-- +goose StatementBegin
CREATE FUNCTION audit_append(ats BIGINT[], requests TEXT[], events TEXT[], actors TEXT[], meetings TEXT[], details TEXT[],
	privates TEXT[], salts TEXT[], digests TEXT[], contents TEXT[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	s BIGINT;
	before TEXT;
	h TEXT;
BEGIN
	SELECT seq, hash INTO s, h FROM audit_head WHERE id = 1 FOR UPDATE;
	FOR i IN 1 .. cardinality(ats) LOOP
		s := s + 1;
		before := h;
		h := encode(sha256(convert_to(
			octet_length(before) || ':' || before || ',' || octet_length(s::text) || ':' || s || ',' || contents[i], 'UTF8')), 'hex');
		INSERT INTO audit (seq, at, request, event, actor, meeting, detail, private, salt, digest, prev, hash)
		VALUES (s, ats[i], requests[i], events[i], actors[i], meetings[i], details[i], privates[i], salts[i], digests[i], before, h);
	END LOOP;
	UPDATE audit_head SET seq = s, hash = h WHERE id = 1;
END $$;
-- +goose StatementEnd

DROP TRIGGER audit_no_change ON audit;
CREATE TRIGGER audit_no_delete BEFORE DELETE OR TRUNCATE ON audit
	FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW WHEN (NOT (
	OLD.hash = '' OR (
		OLD.salt <> '' AND NEW.salt = '' AND NEW.actor = '' AND NEW.private = ''
		AND NEW.seq = OLD.seq AND NEW.at = OLD.at AND NEW.request = OLD.request AND NEW.event = OLD.event AND NEW.meeting = OLD.meeting
		AND NEW.detail = OLD.detail AND NEW.digest = OLD.digest AND NEW.prev = OLD.prev AND NEW.hash = OLD.hash)
)) EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_no_loose_row BEFORE INSERT ON audit FOR EACH ROW WHEN (NEW.hash = '') EXECUTE FUNCTION audit_is_append_only();
