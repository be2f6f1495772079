-- SPDX-License-Identifier: ISC
-- 0004.sql: a check-in costs half: no list in a CHECK, no SELECT in its triggers, no AUTOINCREMENT where nothing is deleted from the end; and what
-- left as a file is kept, and a page of the admin shows it.

DROP TRIGGER debut_changed;
DROP TRIGGER came_step_taken;
DROP VIEW person_came;

-- SQLite changes no CHECK: these tables are made anew; their triggers go with them.
CREATE TEMP TABLE old_person AS SELECT * FROM person;
DROP TABLE person;
CREATE TABLE person (
	id		INTEGER PRIMARY KEY,
	name		TEXT NOT NULL,
	folded		TEXT NOT NULL UNIQUE,
	initials	TEXT NOT NULL,
	nickname	TEXT,
	visibility	TEXT
			CHECK (visibility = 'hidden' OR visibility = 'initials' OR visibility = 'nickname' OR visibility = 'name'),
	created_at	INTEGER NOT NULL,
	capability	TEXT,
	profile		TEXT
) STRICT;
CREATE UNIQUE INDEX person_by_capability ON person (capability) WHERE capability IS NOT NULL;
CREATE UNIQUE INDEX person_by_profile ON person (profile) WHERE profile IS NOT NULL;
INSERT INTO person (id, name, folded, initials, nickname, visibility, created_at, capability, profile)
	SELECT id, name, folded, initials, nickname, visibility, created_at, capability, profile FROM temp.old_person;
DROP TABLE temp.old_person;

CREATE TEMP TABLE old_event AS SELECT * FROM event;
DROP TABLE event;
CREATE TABLE event (
	id		INTEGER PRIMARY KEY,
	run_id		INTEGER NOT NULL REFERENCES run (id),
	person_id	INTEGER NOT NULL REFERENCES person (id),
	kind		TEXT NOT NULL CHECK (kind = 'check-in' OR kind = 'check-out' OR kind = 'mark' OR kind = 'undo' OR kind = 'merge'),
	status		TEXT NOT NULL CHECK (status = 'present' OR status = 'late' OR status = 'excused' OR status = 'absent'),
	at		INTEGER NOT NULL,
	received_at	INTEGER NOT NULL,
	proof		TEXT NOT NULL
			CHECK (proof = 'printed' OR proof = 'screen' OR proof = 'digits' OR proof = 'session' OR proof = 'place' OR proof = 'host' OR proof = 'import'),
	host_id		INTEGER REFERENCES host (id),
	nonce		TEXT UNIQUE,
	note		TEXT NOT NULL DEFAULT '',
	claim		BLOB CHECK (length(claim) = 16),
	is_delivered_late INTEGER NOT NULL DEFAULT 0 CHECK (is_delivered_late IN (0, 1)),
	pending		TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX event_by_run ON event (run_id, person_id, at);
CREATE INDEX event_by_claim ON event (run_id, claim) WHERE claim IS NOT NULL;
INSERT INTO event (id, run_id, person_id, kind, status, at, received_at, proof, host_id, nonce, note, claim, is_delivered_late, pending)
	SELECT id, run_id, person_id, kind, status, at, received_at, proof, host_id, nonce, note, claim, is_delivered_late, pending FROM temp.old_event;
DROP TABLE temp.old_event;

CREATE TEMP TABLE old_attendance AS SELECT * FROM attendance;
DROP TABLE attendance;
CREATE TABLE attendance (
	run_id		INTEGER NOT NULL REFERENCES run (id),
	person_id	INTEGER NOT NULL REFERENCES person (id),
	status		TEXT NOT NULL CHECK (status = 'present' OR status = 'late' OR status = 'excused' OR status = 'absent'),
	since		INTEGER NOT NULL,
	proof		TEXT NOT NULL,
	ordinal		INTEGER NOT NULL,
	event_id	INTEGER NOT NULL REFERENCES event (id),
	left_at		INTEGER,
	is_delivered_late INTEGER NOT NULL,
	pending		TEXT NOT NULL,
	PRIMARY KEY (run_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_by_person ON attendance (person_id, run_id, status, since);
CREATE INDEX attendance_in_order ON attendance (run_id, ordinal, since, person_id, status);
INSERT INTO attendance (run_id, person_id, status, since, proof, ordinal, event_id, left_at, is_delivered_late, pending)
	SELECT run_id, person_id, status, since, proof, ordinal, event_id, left_at, is_delivered_late, pending FROM temp.old_attendance;
DROP TABLE temp.old_attendance;

CREATE TEMP TABLE old_change AS SELECT * FROM change;
DROP TABLE change;
CREATE TABLE change (
	id		INTEGER PRIMARY KEY,
	kind		TEXT NOT NULL,
	key		ANY NOT NULL
) STRICT;
CREATE INDEX change_by_key ON change (kind, key);
INSERT INTO change (id, kind, key)
	SELECT id, kind, key FROM temp.old_change;
DROP TABLE temp.old_change;

CREATE TRIGGER change_newest AFTER INSERT ON change
BEGIN
	DELETE FROM change WHERE kind = NEW.kind AND key = NEW.key AND id < NEW.id;
END;
CREATE TRIGGER event_attend AFTER INSERT ON event WHEN NEW.kind IN ('check-in', 'mark')
BEGIN
	INSERT INTO attendance (run_id, person_id, status, since, proof, ordinal, event_id, is_delivered_late, pending)
	VALUES (NEW.run_id, NEW.person_id, NEW.status, NEW.at, NEW.proof,
		CASE WHEN NEW.status IN ('present', 'late') THEN
			1 + coalesce((SELECT max(ordinal) FROM attendance WHERE run_id = NEW.run_id), 0)
		ELSE 0 END, NEW.id, NEW.is_delivered_late, NEW.pending)
	ON CONFLICT (run_id, person_id) DO UPDATE SET
		status = excluded.status, since = excluded.since, proof = excluded.proof, event_id = excluded.event_id,
		is_delivered_late = excluded.is_delivered_late, pending = excluded.pending,
		left_at = CASE WHEN excluded.status IN ('present', 'late') AND NEW.kind = 'mark' THEN left_at END,
		ordinal = CASE WHEN excluded.ordinal > 0 AND ordinal > 0 THEN ordinal ELSE excluded.ordinal END
	WHERE excluded.since >= since
		OR (NEW.kind = 'check-in' AND status IN ('excused', 'absent'));
END;
CREATE TRIGGER event_leave AFTER INSERT ON event WHEN NEW.kind = 'check-out'
BEGIN
	UPDATE attendance SET left_at = NEW.at
		WHERE run_id = NEW.run_id AND person_id = NEW.person_id AND status IN ('present', 'late');
END;
CREATE TRIGGER event_undo AFTER INSERT ON event WHEN NEW.kind = 'undo'
BEGIN
	DELETE FROM attendance WHERE run_id = NEW.run_id AND person_id = NEW.person_id;
END;
CREATE TRIGGER event_keep BEFORE UPDATE ON event
	WHEN (NEW.id, NEW.run_id, NEW.person_id, NEW.kind, NEW.status, NEW.at, NEW.received_at, NEW.proof, NEW.host_id, NEW.nonce, NEW.note,
			NEW.claim, NEW.is_delivered_late, NEW.pending)
		IS NOT (OLD.id, OLD.run_id, OLD.person_id, OLD.kind, OLD.status, OLD.at, OLD.received_at, OLD.proof, OLD.host_id, NULL, '',
			NULL, OLD.is_delivered_late, OLD.pending)
BEGIN
	SELECT raise(ABORT, 'An event is never changed; enter another one.');
END;
CREATE TRIGGER event_stay BEFORE DELETE ON event
BEGIN
	SELECT raise(ABORT, 'An event is never deleted; enter another one.');
END;
CREATE TRIGGER attendance_new AFTER INSERT ON attendance
BEGIN
	UPDATE run_count SET
		present = present + (NEW.status = 'present'), late = late + (NEW.status = 'late'),
		excused = excused + (NEW.status = 'excused'), absent = absent + (NEW.status = 'absent'),
		sequence = sequence + 1, changed_at = max(changed_at, NEW.since)
	WHERE run_id = NEW.run_id;
	INSERT INTO change (kind, key) VALUES ('count', NEW.run_id);
	INSERT INTO change (kind, key) VALUES ('record', NEW.person_id);
END;
CREATE TRIGGER attendance_changed AFTER UPDATE ON attendance
BEGIN
	UPDATE run_count SET
		present = present - (OLD.status = 'present') + (NEW.status = 'present'),
		late = late - (OLD.status = 'late') + (NEW.status = 'late'),
		excused = excused - (OLD.status = 'excused') + (NEW.status = 'excused'),
		absent = absent - (OLD.status = 'absent') + (NEW.status = 'absent'),
		sequence = sequence + 1, changed_at = max(changed_at, NEW.since)
	WHERE run_id = NEW.run_id;
	INSERT INTO change (kind, key) VALUES ('count', NEW.run_id);
	INSERT INTO change (kind, key) VALUES ('record', NEW.person_id);
END;
CREATE TRIGGER attendance_gone AFTER DELETE ON attendance
BEGIN
	UPDATE run_count SET
		present = present - (OLD.status = 'present'), late = late - (OLD.status = 'late'),
		excused = excused - (OLD.status = 'excused'), absent = absent - (OLD.status = 'absent'),
		sequence = sequence + 1
	WHERE run_id = OLD.run_id;
	INSERT INTO change (kind, key) VALUES ('count', OLD.run_id);
	INSERT INTO change (kind, key) VALUES ('record', OLD.person_id);
END;
CREATE TRIGGER came_step_taken INSTEAD OF INSERT ON came_step
BEGIN
	INSERT INTO run_proof (run_id, proof, number) VALUES (NEW.run_id, NEW.proof, NEW.step)
		ON CONFLICT (run_id, proof) DO UPDATE SET number = number + NEW.step;
	INSERT INTO run_arrival (run_id, at, number) VALUES (NEW.run_id, NEW.at / 300 * 300, NEW.step)
		ON CONFLICT (run_id, at) DO UPDATE SET number = number + NEW.step;
	INSERT INTO person_count (person_id, came, first_run_id, last_run_id) VALUES (NEW.person_id, NEW.step, NEW.run_id, NEW.run_id)
		ON CONFLICT (person_id) DO UPDATE SET came = came + NEW.step,
			first_run_id = CASE WHEN first_run_id IS NULL OR (SELECT (r.date, r.start, r.id) < (f.date, f.start, f.id)
				FROM run AS r JOIN run AS f ON f.id = first_run_id WHERE r.id = NEW.run_id) THEN NEW.run_id ELSE first_run_id END,
			last_run_id = CASE WHEN last_run_id IS NULL OR (SELECT (r.date, r.start, r.id) > (l.date, l.start, l.id)
				FROM run AS r JOIN run AS l ON l.id = last_run_id WHERE r.id = NEW.run_id) THEN NEW.run_id ELSE last_run_id END;
END;
CREATE TRIGGER run_proof_none AFTER UPDATE ON run_proof WHEN NEW.number = 0
BEGIN DELETE FROM run_proof WHERE run_id = NEW.run_id AND proof = NEW.proof; END;
CREATE TRIGGER run_arrival_none AFTER UPDATE ON run_arrival WHEN NEW.number = 0
BEGIN DELETE FROM run_arrival WHERE run_id = NEW.run_id AND at = NEW.at; END;
CREATE TRIGGER attendance_came AFTER INSERT ON attendance WHEN NEW.status IN ('present', 'late')
BEGIN
	INSERT INTO came_step VALUES (NEW.run_id, NEW.person_id, NEW.proof, NEW.since, 1);
END;
CREATE TRIGGER attendance_came_not AFTER DELETE ON attendance WHEN OLD.status IN ('present', 'late')
BEGIN
	INSERT INTO came_step VALUES (OLD.run_id, OLD.person_id, OLD.proof, OLD.since, -1);
	INSERT INTO person_recount (person_id) VALUES (OLD.person_id);
END;
CREATE TRIGGER attendance_came_else AFTER UPDATE OF status, since, proof ON attendance
	WHEN OLD.status IN ('present', 'late') OR NEW.status IN ('present', 'late')
BEGIN
	INSERT INTO came_step SELECT OLD.run_id, OLD.person_id, OLD.proof, OLD.since, -1 WHERE OLD.status IN ('present', 'late');
	INSERT INTO came_step SELECT NEW.run_id, NEW.person_id, NEW.proof, NEW.since, 1 WHERE NEW.status IN ('present', 'late');
	INSERT INTO person_recount (person_id) VALUES (NEW.person_id);
END;
CREATE TRIGGER came_newest AFTER UPDATE OF came ON person_count
	WHEN NEW.came > OLD.came AND NEW.last_run_id IS NOT OLD.last_run_id
		AND (NEW.came = 10 OR NEW.came = 25 OR NEW.came = 50 OR NEW.came = 100 OR NEW.came = 250)
BEGIN
	INSERT INTO milestone (person_id, number, run_id) VALUES (NEW.person_id, NEW.came, NEW.last_run_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER came_older AFTER UPDATE OF came ON person_count
	WHEN NEW.came > OLD.came AND NEW.last_run_id IS OLD.last_run_id
		AND (NEW.came IN (10, 25, 50, 100, 250) OR EXISTS (SELECT 1 FROM milestone WHERE person_id = NEW.person_id))
BEGIN
	INSERT INTO person_recount (person_id) VALUES (NEW.person_id);
END;
CREATE TRIGGER debut_first AFTER INSERT ON person_count WHEN NEW.first_run_id IS NOT NULL
BEGIN INSERT INTO change (kind, key) VALUES ('debut', NEW.first_run_id); END;
CREATE TRIGGER debut_new AFTER UPDATE OF first_run_id ON person_count
	WHEN NEW.first_run_id IS NOT NULL AND OLD.first_run_id IS NOT NEW.first_run_id
BEGIN INSERT INTO change (kind, key) VALUES ('debut', NEW.first_run_id); END;
CREATE TRIGGER debut_gone AFTER UPDATE OF first_run_id ON person_count
	WHEN OLD.first_run_id IS NOT NULL AND OLD.first_run_id IS NOT NEW.first_run_id
BEGIN INSERT INTO change (kind, key) VALUES ('debut', OLD.first_run_id); END;
CREATE TRIGGER face_new AFTER INSERT ON person
BEGIN INSERT INTO face SELECT * FROM person_face WHERE person_id = NEW.id; END;
CREATE TRIGGER face_changed AFTER UPDATE OF name, initials, nickname, visibility, profile ON person
BEGIN
	DELETE FROM face WHERE person_id = NEW.id;
	INSERT INTO face SELECT * FROM person_face WHERE person_id = NEW.id;
END;
CREATE TRIGGER person_new AFTER INSERT ON person
BEGIN INSERT INTO change (kind, key) VALUES ('person', NEW.id); END;
CREATE TRIGGER person_changed AFTER UPDATE ON person
BEGIN INSERT INTO change (kind, key) VALUES ('person', NEW.id); END;
CREATE TRIGGER person_seen_changed AFTER UPDATE OF name, initials, nickname, visibility, profile ON person
BEGIN
	INSERT INTO change (kind, key) SELECT 'count', run_id FROM attendance WHERE person_id = NEW.id;
	INSERT INTO change (kind, key) SELECT 'milestone', run_id FROM milestone WHERE person_id = NEW.id;
END;
CREATE TRIGGER person_gone AFTER DELETE ON person
BEGIN INSERT INTO change (kind, key) VALUES ('person', OLD.id); END;

ALTER TABLE club ADD COLUMN capability TEXT;
UPDATE club SET capability = hex(randomblob(16));
CREATE TABLE export (
	id		INTEGER PRIMARY KEY,
	at		INTEGER NOT NULL,
	who		TEXT NOT NULL,
	kind		TEXT NOT NULL,
	format		TEXT NOT NULL,
	first		TEXT,
	last		TEXT,
	group_id	INTEGER REFERENCES "group" (id),
	person_id	INTEGER REFERENCES person (id),
	lines		INTEGER NOT NULL
) STRICT;
CREATE TRIGGER export_new AFTER INSERT ON export
BEGIN INSERT INTO change (kind, key) VALUES ('export', 1); END;
CREATE VIEW private_club AS SELECT capability FROM club WHERE capability IS NOT NULL;
CREATE VIEW private_export AS
	SELECT e.id, e.at, e.who, e.kind, e.format, e.first, e.last, g.name AS group_name, p.name AS person_name, e.lines
	FROM export AS e LEFT JOIN "group" AS g ON g.id = e.group_id LEFT JOIN person AS p ON p.id = e.person_id;
