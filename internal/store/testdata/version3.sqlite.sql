CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
CREATE TABLE envelope (
	id          TEXT PRIMARY KEY,
	kind        TEXT NOT NULL,
	person      TEXT NOT NULL,
	received_at BIGINT NOT NULL,
	handled_at  BIGINT,
	body        TEXT NOT NULL
);
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
	body       TEXT NOT NULL, number TEXT NOT NULL DEFAULT '',
	CHECK ((state = 'done') = (outcome <> ''))
);
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
CREATE TABLE river_leader (
    elected_at timestamp NOT NULL,
    expires_at timestamp NOT NULL,
    leader_id text NOT NULL,
    name text PRIMARY KEY NOT NULL DEFAULT 'default' CHECK (name = 'default'),
    CONSTRAINT name_length CHECK (length(name) > 0 AND length(name) < 128),
    CONSTRAINT leader_id_length CHECK (length(leader_id) > 0 AND length(leader_id) < 128)
);
CREATE TABLE river_migration (
    line text NOT NULL,
    version integer NOT NULL,
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT line_length CHECK (length(line) > 0 AND length(line) < 128),
    CONSTRAINT version_gte_1 CHECK (version >= 1),
    PRIMARY KEY (line, version)
);
CREATE TABLE river_notification (
    id integer PRIMARY KEY AUTOINCREMENT,
    created_at timestamp NOT NULL DEFAULT (datetime('now', 'subsec')),
    payload text NOT NULL,
    topic text NOT NULL,
    CONSTRAINT topic_length CHECK (length(topic) > 0 AND length(topic) < 128)
);
CREATE TABLE river_queue (
    name text PRIMARY KEY NOT NULL,
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    metadata blob NOT NULL DEFAULT (jsonb('{}')),
    paused_at timestamp,
    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE river_job (
    id integer PRIMARY KEY AUTOINCREMENT,
    args blob NOT NULL DEFAULT (jsonb('{}')),
    attempt integer NOT NULL DEFAULT 0,
    attempted_at timestamp,
    attempted_by blob, -- json
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    errors blob, -- json
    finalized_at timestamp,
    kind text NOT NULL,
    max_attempts integer NOT NULL DEFAULT 25,
    metadata blob NOT NULL DEFAULT (jsonb('{}')),
    priority integer NOT NULL DEFAULT 1,
    queue text NOT NULL DEFAULT 'default',
    state text NOT NULL DEFAULT 'available',
    scheduled_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    tags blob NOT NULL DEFAULT (jsonb('[]')),
    unique_key blob,
    unique_states integer,
    CONSTRAINT finalized_or_finalized_at_null CHECK (
        (finalized_at IS NULL AND state NOT IN ('cancelled', 'completed', 'discarded')) OR
        (finalized_at IS NOT NULL AND state IN ('cancelled', 'completed', 'discarded'))
    ),
    CONSTRAINT priority_in_range CHECK (priority >= 1 AND priority <= 4),
    CONSTRAINT queue_length CHECK (length(queue) > 0 AND length(queue) < 128),
    CONSTRAINT kind_length CHECK (length(kind) > 0 AND length(kind) < 128),
    CONSTRAINT state_valid CHECK (state IN ('available', 'cancelled', 'completed', 'discarded', 'pending', 'retryable', 'running', 'scheduled'))
);
INSERT INTO goose_db_version VALUES (1,0,1,'2026-11-25 22:42:02');
INSERT INTO goose_db_version VALUES (2,1,1,'2026-11-25 22:42:02');
INSERT INTO goose_db_version VALUES (3,2,1,'2026-11-25 22:42:02');
INSERT INTO goose_db_version VALUES (4,3,1,'2026-11-25 22:42:02');
INSERT INTO envelope VALUES ('e1','command','U1',1795457160123,NULL,'{"text":"914087436"}');
INSERT INTO envelope VALUES ('e2','click','U1',1795457160123,1795457160123,'');
INSERT INTO request VALUES ('received1',1,'received','','U1','C1','914087416','',1795456800123,1795460400123,NULL,'{"ID":"received1","State":"received","Outcome":"","Asker":"U1","Channel":"C1","Thread":"","Number":"914087436","End":false,"Scope":"","Wanted":"","Reason":"","CreatedAt":"2026-11-23T18:00:00.123Z","ExpiresAt":"2026-11-23T19:00:00.123Z","Response":{},"Supersedes":"","Meeting":{"id":"914087416","subject":"a\u0000b \\u0000 \"quoted\" ü"},"Chosen":null,"Choices":null,"More":0,"Card":{},"ConfirmedBy":"","ConfirmedAt":"0001-01-01T00:00:00Z","UndoUntil":"0001-01-01T00:00:00Z","ClosedBy":"","ClosedAt":"0001-01-01T00:00:00Z","Why":"","Unanswered":0,"Reference":"","Owner":{}}','914087436');
INSERT INTO request VALUES ('asked2',1,'asked','','U1','C1','914087426','',1795456860123,1795460460123,NULL,'{"ID":"asked2","State":"asked","Outcome":"","Asker":"U1","Channel":"C1","Thread":"","Number":"914087436","End":false,"Scope":"","Wanted":"","Reason":"","CreatedAt":"2026-11-23T18:01:00.123Z","ExpiresAt":"2026-11-23T19:01:00.123Z","Response":{},"Supersedes":"","Meeting":{"id":"914087426","subject":"a\u0000b \\u0000 \"quoted\" ü"},"Chosen":null,"Choices":null,"More":0,"Card":{"channel":"C1","ts":"1.1","way":"message"},"ConfirmedBy":"","ConfirmedAt":"0001-01-01T00:00:00Z","UndoUntil":"0001-01-01T00:00:00Z","ClosedBy":"","ClosedAt":"0001-01-01T00:00:00Z","Why":"","Unanswered":0,"Reference":"","Owner":{}}','914087436');
INSERT INTO request VALUES ('direct3',1,'asked','','U1','C1','914087436','',1795456920123,1795460520123,NULL,'{"ID":"direct3","State":"asked","Outcome":"","Asker":"U1","Channel":"C1","Thread":"","Number":"914087436","End":false,"Scope":"","Wanted":"","Reason":"","CreatedAt":"2026-11-23T18:02:00.123Z","ExpiresAt":"2026-11-23T19:02:00.123Z","Response":{},"Supersedes":"","Meeting":{"id":"914087436","subject":"a\u0000b \\u0000 \"quoted\" ü"},"Chosen":null,"Choices":null,"More":0,"Card":{"channel":"D1","ts":"1.2","way":"direct"},"ConfirmedBy":"","ConfirmedAt":"0001-01-01T00:00:00Z","UndoUntil":"0001-01-01T00:00:00Z","ClosedBy":"","ClosedAt":"0001-01-01T00:00:00Z","Why":"","Unanswered":0,"Reference":"","Owner":{}}','914087436');
INSERT INTO request VALUES ('calling4',1,'calling','','U1','C1','914087446','',1795456980123,1795460580123,NULL,'{"ID":"calling4","State":"calling","Outcome":"","Asker":"U1","Channel":"C1","Thread":"","Number":"914087436","End":false,"Scope":"","Wanted":"","Reason":"","CreatedAt":"2026-11-23T18:03:00.123Z","ExpiresAt":"2026-11-23T19:03:00.123Z","Response":{},"Supersedes":"","Meeting":{"id":"914087446","subject":"a\u0000b \\u0000 \"quoted\" ü"},"Chosen":null,"Choices":null,"More":0,"Card":{"channel":"C1","ts":"1.3","way":"message"},"ConfirmedBy":"U2","ConfirmedAt":"2026-11-23T18:03:00.123Z","UndoUntil":"0001-01-01T00:00:00Z","ClosedBy":"","ClosedAt":"0001-01-01T00:00:00Z","Why":"","Unanswered":0,"Reference":"","Owner":{}}','914087436');
INSERT INTO request VALUES ('done5',1,'done','cancelled','U1','C1','914087456','',1795457040123,1795460640123,1795457040123,'{"ID":"done5","State":"done","Outcome":"cancelled","Asker":"U1","Channel":"C1","Thread":"","Number":"914087436","End":false,"Scope":"","Wanted":"","Reason":"","CreatedAt":"2026-11-23T18:04:00.123Z","ExpiresAt":"2026-11-23T19:04:00.123Z","Response":{},"Supersedes":"","Meeting":{"id":"914087456","subject":"a\u0000b \\u0000 \"quoted\" ü"},"Chosen":null,"Choices":null,"More":0,"Card":{"channel":"C1","ts":"1.4","way":"message"},"ConfirmedBy":"","ConfirmedAt":"0001-01-01T00:00:00Z","UndoUntil":"0001-01-01T00:00:00Z","ClosedBy":"","ClosedAt":"2026-11-23T18:04:00.123Z","Why":"","Unanswered":0,"Reference":"","Owner":{}}','914087436');
INSERT INTO request VALUES ('refused6',1,'done','refused','U1','C1','914087466','',1795457100123,1795460700123,1795457100123,'{"ID":"refused6","State":"done","Outcome":"refused","Asker":"U1","Channel":"C1","Thread":"","Number":"914087436","End":false,"Scope":"","Wanted":"","Reason":"","CreatedAt":"2026-11-23T18:05:00.123Z","ExpiresAt":"2026-11-23T19:05:00.123Z","Response":{},"Supersedes":"","Meeting":{"id":"914087466","subject":"a\u0000b \\u0000 \"quoted\" ü"},"Chosen":null,"Choices":null,"More":0,"Card":{},"ConfirmedBy":"","ConfirmedAt":"0001-01-01T00:00:00Z","UndoUntil":"0001-01-01T00:00:00Z","ClosedBy":"","ClosedAt":"2026-11-23T18:05:00.123Z","Why":"not_allowed","Unanswered":0,"Reference":"","Owner":{}}','914087436');
INSERT INTO effect VALUES ('asked2','card',1795457160123,1795457160123,1,'C1/1.1','message');
INSERT INTO effect VALUES ('direct3','card',1795457160123,1795457160123,1,'C1/1.1','message');
INSERT INTO effect VALUES ('calling4','card',1795457160123,1795457160123,1,'C1/1.1','message');
INSERT INTO effect VALUES ('done5','card',1795457160123,1795457160123,1,'C1/1.1','message');
INSERT INTO effect VALUES ('calling4','call',1795457160123,NULL,2,'','');
INSERT INTO effect VALUES ('done5','owner',1795457160123,1795457160123,1,'D2/2.1','sent');
INSERT INTO audit VALUES (1,1795456800123,'received1','requested','U1','914087416','{"channel":"C1","reason":"because \u003cof\u003e \"this\""}');
INSERT INTO audit VALUES (2,1795456860123,'asked2','requested','U1','914087426','{"channel":"C1","reason":"because \u003cof\u003e \"this\""}');
INSERT INTO audit VALUES (3,1795456920123,'direct3','requested','U1','914087436','{"channel":"C1","reason":"because \u003cof\u003e \"this\""}');
INSERT INTO audit VALUES (4,1795456980123,'calling4','requested','U1','914087446','{"channel":"C1","reason":"because \u003cof\u003e \"this\""}');
INSERT INTO audit VALUES (5,1795457040123,'done5','requested','U1','914087456','{"channel":"C1","reason":"because \u003cof\u003e \"this\""}');
INSERT INTO audit VALUES (6,1795457100123,'refused6','requested','U1','914087466','{"channel":"C1","reason":"because \u003cof\u003e \"this\""}');
INSERT INTO river_migration VALUES ('main',1,'2026-11-25 22:42:02');
INSERT INTO river_migration VALUES ('main',2,'2026-11-25 22:42:02');
INSERT INTO river_migration VALUES ('main',3,'2026-11-25 22:42:02');
INSERT INTO river_migration VALUES ('main',4,'2026-11-25 22:42:02');
INSERT INTO river_migration VALUES ('main',5,'2026-11-25 22:42:02');
INSERT INTO river_migration VALUES ('main',6,'2026-11-25 22:42:02');
INSERT INTO river_migration VALUES ('main',7,'2026-11-25 22:42:02');
INSERT INTO river_migration VALUES ('main',8,'2026-11-25 22:42:02');
INSERT INTO river_job VALUES (1,X'CC36475374657077636F6D6D616E64775375626A656374676C656173656437447565C714303030312D30312D30315430303A30303A30305A',0,NULL,NULL,'2026-11-23 18:00:00.123',NULL,NULL,'step',30000,X'CC26C71272697665723A756E697175655F6E6F6E6365C71033326138336165633662633165306662',1,'default','scheduled','2026-11-23 18:06:11.123',X'0B',NULL,NULL);
INSERT INTO river_job VALUES (2,X'CC3647537465704763616C6C775375626A6563745774696D656437447565C718323032362D31312D32335431393A30303A30302E3132335A',0,NULL,NULL,'2026-11-23 18:00:00.123',NULL,NULL,'step',30000,X'CC26C71272697665723A756E697175655F6E6F6E6365C71037353338643435396538666462636161',2,'default','scheduled','2026-11-23 19:00:00.123',X'0B',NULL,NULL);
INSERT INTO river_job VALUES (3,X'CC364753746570677265706F7274775375626A6563747772756E6E696E6737447565C714303030312D30312D30315430303A30303A30305A',2,'2026-11-23 18:00:00.123',NULL,'2026-11-23 18:00:00.123',NULL,NULL,'step',30000,X'CC26C71272697665723A756E697175655F6E6F6E6365C71034653732366166323362366435626537',1,'default','running','2026-11-23 18:06:11.123',X'0B',NULL,NULL);
INSERT INTO river_job VALUES (4,X'CC37475374657057636C69636B775375626A65637497617661696C61626C6537447565C714303030312D30312D30315430303A30303A30305A',1,NULL,NULL,'2026-11-23 18:00:00.123',NULL,NULL,'step',30000,X'CC26C71272697665723A756E697175655F6E6F6E6365C71033303362636633366530373730356561',1,'default','available','2026-11-23 18:06:11.123',X'0B',NULL,NULL);
INSERT INTO river_job VALUES (5,X'CC384753746570677265706F7274775375626A65637497636F6D706C6574656437447565C714303030312D30312D30315430303A30303A30305A',0,NULL,NULL,'2026-11-23 18:00:00.123',NULL,'2026-11-23 18:00:00.123','step',30000,X'CC26C71272697665723A756E697175655F6E6F6E6365C71031386162303666323932373161366464',1,'default','completed','2026-11-23 18:06:11.123',X'0B',NULL,NULL);
CREATE INDEX envelope_person ON envelope (person, kind, received_at);
CREATE INDEX envelope_received ON envelope (received_at);
CREATE UNIQUE INDEX request_one_open_card ON request (channel, meeting) WHERE state = 'asked';
CREATE INDEX request_expiry ON request (expires_at) WHERE state IN ('received', 'asked');
CREATE INDEX request_created ON request (created_at);
CREATE INDEX request_asker ON request (asker, created_at);
CREATE INDEX request_meeting ON request (meeting, created_at);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_request ON audit (request);
CREATE INDEX audit_meeting ON audit (meeting, at);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE INDEX request_room ON request (number) WHERE number <> meeting;
CREATE INDEX river_notification_created_at_idx ON river_notification (created_at);
CREATE INDEX river_notification_topic_id_idx ON river_notification (topic, id);
CREATE INDEX river_job_kind ON river_job (kind);
CREATE INDEX river_job_state_and_finalized_at_index ON river_job (state, finalized_at) WHERE finalized_at IS NOT NULL;
CREATE INDEX river_job_prioritized_fetching_index ON river_job (state, queue, priority, scheduled_at, id);
CREATE UNIQUE INDEX river_job_unique_idx ON river_job (unique_key)
    WHERE unique_key IS NOT NULL
        AND unique_states IS NOT NULL
        AND CASE state
            WHEN 'available' THEN unique_states & (1 << 0)
            WHEN 'cancelled' THEN unique_states & (1 << 1)
            WHEN 'completed' THEN unique_states & (1 << 2)
            WHEN 'discarded' THEN unique_states & (1 << 3)
            WHEN 'pending'   THEN unique_states & (1 << 4)
            WHEN 'retryable' THEN unique_states & (1 << 5)
            WHEN 'running'   THEN unique_states & (1 << 6)
            WHEN 'scheduled' THEN unique_states & (1 << 7)
            ELSE 0
        END >= 1;
