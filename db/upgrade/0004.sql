-- SPDX-License-Identifier: ISC
-- 0004.sql: a check-in costs half: no list and no function in what it runs through, no statement that SQLite must be able to take back by itself,
-- no reference from what only triggers write, no AUTOINCREMENT where nothing is deleted from the end; and what left as a file is kept, and
-- a page of the admin shows it.

DROP TRIGGER person_came_taken;
DROP TRIGGER came_step_taken;
DROP VIEW person_came;

-- SQLite changes no CHECK and no reference: these tables are made anew; their triggers go with them.
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

CREATE TEMP TABLE old_face AS SELECT * FROM face;
DROP TABLE face;
CREATE TABLE face (
	person_id	INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	name		TEXT NOT NULL,
	path		TEXT
) STRICT;
INSERT INTO face (person_id, name, path)
	SELECT person_id, name, path FROM temp.old_face;
DROP TABLE temp.old_face;

CREATE TEMP TABLE old_event AS SELECT * FROM event;
DROP TABLE event;
CREATE TABLE event (
	id		INTEGER PRIMARY KEY,
	run_id		INTEGER NOT NULL REFERENCES run (id) DEFERRABLE INITIALLY DEFERRED,
	person_id	INTEGER NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	kind		TEXT NOT NULL CHECK (kind = 'check-in' OR kind = 'check-out' OR kind = 'mark' OR kind = 'undo' OR kind = 'merge'),
	status		TEXT NOT NULL CHECK (status = 'present' OR status = 'late' OR status = 'excused' OR status = 'absent'),
	at		INTEGER NOT NULL,
	received_at	INTEGER NOT NULL,
	proof		TEXT NOT NULL
			CHECK (proof = 'printed' OR proof = 'screen' OR proof = 'digits' OR proof = 'session' OR proof = 'place' OR proof = 'host' OR proof = 'import'),
	host_id		INTEGER REFERENCES host (id) DEFERRABLE INITIALLY DEFERRED,
	nonce		TEXT UNIQUE,
	note		TEXT NOT NULL DEFAULT '',
	claim		BLOB,
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
	run_id		INTEGER NOT NULL,
	person_id	INTEGER NOT NULL,
	status		TEXT NOT NULL CHECK (status = 'present' OR status = 'late' OR status = 'excused' OR status = 'absent'),
	since		INTEGER NOT NULL,
	proof		TEXT NOT NULL,
	ordinal		INTEGER NOT NULL,
	event_id	INTEGER NOT NULL,
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

CREATE TEMP TABLE old_run_count AS SELECT * FROM run_count;
DROP TABLE run_count;
CREATE TABLE run_count (
	run_id		INTEGER PRIMARY KEY,
	present		INTEGER NOT NULL DEFAULT 0,
	late		INTEGER NOT NULL DEFAULT 0,
	excused		INTEGER NOT NULL DEFAULT 0,
	absent		INTEGER NOT NULL DEFAULT 0,
	sequence	INTEGER NOT NULL DEFAULT 0,
	changed_at	INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO run_count (run_id, present, late, excused, absent, sequence, changed_at)
	SELECT run_id, present, late, excused, absent, sequence, changed_at FROM temp.old_run_count;
DROP TABLE temp.old_run_count;

CREATE TEMP TABLE old_run_proof AS SELECT * FROM run_proof;
DROP TABLE run_proof;
CREATE TABLE run_proof (
	run_id		INTEGER NOT NULL,
	proof		TEXT NOT NULL,
	number		INTEGER,
	PRIMARY KEY (run_id, proof)
) STRICT, WITHOUT ROWID;
INSERT INTO run_proof (run_id, proof, number)
	SELECT run_id, proof, number FROM temp.old_run_proof;
DROP TABLE temp.old_run_proof;

CREATE TEMP TABLE old_run_arrival AS SELECT * FROM run_arrival;
DROP TABLE run_arrival;
CREATE TABLE run_arrival (
	run_id		INTEGER NOT NULL,
	at		INTEGER NOT NULL,
	number		INTEGER,
	PRIMARY KEY (run_id, at)
) STRICT, WITHOUT ROWID;
INSERT INTO run_arrival (run_id, at, number)
	SELECT run_id, at, number FROM temp.old_run_arrival;
DROP TABLE temp.old_run_arrival;

CREATE TEMP TABLE old_person_count AS SELECT * FROM person_count;
DROP TABLE person_count;
CREATE TABLE person_count (
	person_id	INTEGER PRIMARY KEY,
	came		INTEGER NOT NULL DEFAULT 0,
	first_run_id	INTEGER,
	last_run_id	INTEGER
) STRICT;
CREATE INDEX person_count_by_first ON person_count (first_run_id);
INSERT INTO person_count (person_id, came, first_run_id, last_run_id)
	SELECT person_id, came, first_run_id, last_run_id FROM temp.old_person_count;
DROP TABLE temp.old_person_count;

CREATE TEMP TABLE old_milestone AS SELECT * FROM milestone;
DROP TABLE milestone;
CREATE TABLE milestone (
	person_id	INTEGER NOT NULL,
	number		INTEGER NOT NULL,
	run_id		INTEGER NOT NULL,
	PRIMARY KEY (person_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX milestone_by_run ON milestone (run_id);
INSERT INTO milestone (person_id, number, run_id)
	SELECT person_id, number, run_id FROM temp.old_milestone;
DROP TABLE temp.old_milestone;

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
	ON CONFLICT (run_id, person_id) DO NOTHING;
	UPDATE attendance SET
		status = NEW.status, since = NEW.at, proof = NEW.proof, event_id = NEW.id,
		is_delivered_late = NEW.is_delivered_late, pending = NEW.pending,
		left_at = CASE WHEN NEW.status IN ('present', 'late') AND NEW.kind = 'mark' THEN left_at END,
		ordinal = CASE WHEN NEW.status NOT IN ('present', 'late') THEN 0 WHEN ordinal > 0 THEN ordinal
			ELSE 1 + (SELECT max(ordinal) FROM attendance WHERE run_id = NEW.run_id) END
	WHERE run_id = NEW.run_id AND person_id = NEW.person_id AND event_id <> NEW.id
		AND (NEW.at >= since
			OR (NEW.kind = 'check-in' AND status IN ('excused', 'absent')));
END;
CREATE TRIGGER event_other AFTER INSERT ON event WHEN NEW.kind IN ('check-out', 'undo')
BEGIN
	UPDATE attendance SET left_at = NEW.at
		WHERE NEW.kind = 'check-out' AND run_id = NEW.run_id AND person_id = NEW.person_id AND status IN ('present', 'late');
	DELETE FROM attendance WHERE NEW.kind = 'undo' AND run_id = NEW.run_id AND person_id = NEW.person_id;
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
CREATE TRIGGER run_count_gone AFTER DELETE ON run
BEGIN
	DELETE FROM run_count WHERE run_id = OLD.id;
END;
CREATE TRIGGER attendance_new AFTER INSERT ON attendance
BEGIN
	UPDATE run_count SET
		present = present + (NEW.status = 'present'), late = late + (NEW.status = 'late'),
		excused = excused + (NEW.status = 'excused'), absent = absent + (NEW.status = 'absent'),
		sequence = sequence + 1, changed_at = CASE WHEN NEW.since > changed_at THEN NEW.since ELSE changed_at END
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
		sequence = sequence + 1, changed_at = CASE WHEN NEW.since > changed_at THEN NEW.since ELSE changed_at END
	WHERE run_id = NEW.run_id;
	INSERT INTO change (kind, key) VALUES ('count', NEW.run_id);
	INSERT INTO change (kind, key) VALUES ('record', NEW.person_id);
END;
CREATE TRIGGER attendance_gone AFTER DELETE ON attendance
BEGIN
	UPDATE OR ROLLBACK run_count SET
		present = present - (OLD.status = 'present'), late = late - (OLD.status = 'late'),
		excused = excused - (OLD.status = 'excused'), absent = absent - (OLD.status = 'absent'),
		sequence = sequence + 1
	WHERE run_id = OLD.run_id;
	INSERT OR ROLLBACK INTO change (kind, key) VALUES ('count', OLD.run_id);
	INSERT OR ROLLBACK INTO change (kind, key) VALUES ('record', OLD.person_id);
END;
CREATE TRIGGER came_step_taken INSTEAD OF INSERT ON came_step
BEGIN
	INSERT INTO run_proof VALUES (NEW.run_id, NEW.proof, NEW.step) ON CONFLICT DO UPDATE SET number = number + NEW.step;
	INSERT INTO run_arrival VALUES (NEW.run_id, NEW.at / 300 * 300, NEW.step) ON CONFLICT DO UPDATE SET number = number + NEW.step;
	INSERT INTO person_count (person_id) VALUES (NEW.person_id) ON CONFLICT DO NOTHING;
	UPDATE person_count SET came = came + NEW.step,
		first_run_id = CASE WHEN first_run_id IS NULL OR (SELECT (r.date, r.start, r.id) < (f.date, f.start, f.id)
			FROM run AS r JOIN run AS f ON f.id = first_run_id WHERE r.id = NEW.run_id) THEN NEW.run_id ELSE first_run_id END,
		last_run_id = CASE WHEN last_run_id IS NULL OR (SELECT (r.date, r.start, r.id) > (l.date, l.start, l.id)
			FROM run AS r JOIN run AS l ON l.id = last_run_id WHERE r.id = NEW.run_id) THEN NEW.run_id ELSE last_run_id END
	WHERE person_id = NEW.person_id;
END;
CREATE TRIGGER attendance_came AFTER INSERT ON attendance WHEN NEW.status IN ('present', 'late')
BEGIN
	INSERT INTO came_step VALUES (NEW.run_id, NEW.person_id, NEW.proof, NEW.since, 1);
END;
CREATE TRIGGER attendance_came_not AFTER DELETE ON attendance WHEN OLD.status IN ('present', 'late')
BEGIN
	INSERT OR ROLLBACK INTO came_step VALUES (OLD.run_id, OLD.person_id, OLD.proof, OLD.since, -1);
	DELETE FROM run_proof WHERE run_id = OLD.run_id AND number = 0;
	DELETE FROM run_arrival WHERE run_id = OLD.run_id AND number = 0;
	INSERT OR ROLLBACK INTO person_recount (person_id) VALUES (OLD.person_id);
END;
CREATE TRIGGER attendance_came_else AFTER UPDATE OF status, since, proof ON attendance
	WHEN OLD.status IN ('present', 'late') OR NEW.status IN ('present', 'late')
BEGIN
	INSERT INTO came_step SELECT OLD.run_id, OLD.person_id, OLD.proof, OLD.since, -1 WHERE OLD.status IN ('present', 'late');
	INSERT INTO came_step SELECT NEW.run_id, NEW.person_id, NEW.proof, NEW.since, 1 WHERE NEW.status IN ('present', 'late');
	DELETE FROM run_proof WHERE run_id = OLD.run_id AND number = 0;
	DELETE FROM run_arrival WHERE run_id = OLD.run_id AND number = 0;
	INSERT INTO person_recount (person_id) VALUES (NEW.person_id);
END;
CREATE TRIGGER came_counted AFTER UPDATE OF came ON person_count
	WHEN NEW.came > OLD.came AND (NEW.came = 10 OR NEW.came = 25 OR NEW.came = 50 OR NEW.came = 100 OR NEW.came = 250
		OR (NEW.last_run_id IS OLD.last_run_id AND EXISTS (SELECT 1 FROM milestone WHERE person_id = NEW.person_id)))
BEGIN
	INSERT INTO person_recount (person_id) VALUES (NEW.person_id);
END;
CREATE TRIGGER milestone_new AFTER INSERT ON milestone
BEGIN INSERT INTO change (kind, key) VALUES ('milestone', NEW.run_id); END;
CREATE TRIGGER milestone_gone AFTER DELETE ON milestone
BEGIN INSERT OR ROLLBACK INTO change (kind, key) VALUES ('milestone', OLD.run_id); END;
CREATE TRIGGER debut_changed AFTER UPDATE OF first_run_id ON person_count WHEN NEW.first_run_id IS NOT OLD.first_run_id
BEGIN
	INSERT INTO change (kind, key) VALUES ('debut', coalesce(OLD.first_run_id, NEW.first_run_id));
	INSERT INTO change (kind, key) VALUES ('debut', coalesce(NEW.first_run_id, OLD.first_run_id));
END;
CREATE TRIGGER face_changed AFTER UPDATE OF name, initials, nickname, visibility, profile ON person
BEGIN
	DELETE FROM face WHERE person_id = NEW.id;
	INSERT INTO face SELECT * FROM person_face WHERE person_id = NEW.id;
END;
CREATE TRIGGER person_new AFTER INSERT ON person
BEGIN
	INSERT INTO face SELECT * FROM person_face WHERE person_id = NEW.id;
	INSERT INTO change (kind, key) VALUES ('person', NEW.id);
END;
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
