-- SPDX-License-Identifier: ISC
-- 0003.sql: rules of the check-in for each run; phones, late deliveries, what the host is to settle, check-outs, codes for one person.

ALTER TABLE club ADD COLUMN interval_s INTEGER NOT NULL DEFAULT 25 CHECK (interval_s BETWEEN 10 AND 120);
ALTER TABLE club ADD COLUMN typed TEXT NOT NULL DEFAULT 'digits' CHECK (typed IN ('digits', 'letters'));
ALTER TABLE club ADD COLUMN is_single INTEGER NOT NULL DEFAULT 0 CHECK (is_single IN (0, 1));
ALTER TABLE club ADD COLUMN late_min INTEGER CHECK (late_min BETWEEN 0 AND 1440);
ALTER TABLE club ADD COLUMN deliver_min INTEGER NOT NULL DEFAULT 360 CHECK (deliver_min BETWEEN 0 AND 1440);
ALTER TABLE club ADD COLUMN has_check_out INTEGER NOT NULL DEFAULT 0 CHECK (has_check_out IN (0, 1));
ALTER TABLE club ADD COLUMN position TEXT NOT NULL DEFAULT 'ignored' CHECK (position IN ('ignored', 'noted', 'pending', 'refused'));
ALTER TABLE club ADD COLUMN network TEXT NOT NULL DEFAULT 'ignored' CHECK (network IN ('ignored', 'noted', 'pending', 'refused'));
ALTER TABLE club ADD COLUMN access_point TEXT NOT NULL DEFAULT 'ignored' CHECK (access_point IN ('ignored', 'noted', 'pending', 'refused'));
ALTER TABLE club ADD COLUMN position_days INTEGER NOT NULL DEFAULT 0 CHECK (position_days BETWEEN 0 AND 365);
ALTER TABLE run ADD COLUMN interval_s INTEGER NOT NULL DEFAULT 25 CHECK (interval_s BETWEEN 10 AND 120);
ALTER TABLE run ADD COLUMN typed TEXT NOT NULL DEFAULT 'digits' CHECK (typed IN ('digits', 'letters'));
ALTER TABLE run ADD COLUMN is_single INTEGER NOT NULL DEFAULT 0 CHECK (is_single IN (0, 1));
ALTER TABLE run ADD COLUMN late_min INTEGER CHECK (late_min BETWEEN 0 AND 1440);
ALTER TABLE run ADD COLUMN deliver_min INTEGER NOT NULL DEFAULT 360 CHECK (deliver_min BETWEEN 0 AND 1440);
ALTER TABLE run ADD COLUMN has_check_out INTEGER NOT NULL DEFAULT 0 CHECK (has_check_out IN (0, 1));
ALTER TABLE run ADD COLUMN position TEXT NOT NULL DEFAULT 'ignored' CHECK (position IN ('ignored', 'noted', 'pending', 'refused'));
ALTER TABLE run ADD COLUMN network TEXT NOT NULL DEFAULT 'ignored' CHECK (network IN ('ignored', 'noted', 'pending', 'refused'));
ALTER TABLE run ADD COLUMN access_point TEXT NOT NULL DEFAULT 'ignored' CHECK (access_point IN ('ignored', 'noted', 'pending', 'refused'));

DROP VIEW private_run;
DROP VIEW private_attendance;

-- Events of another kind, and with more to say: SQLite changes no CHECK, so the table is made anew, and with it the one that refers to it.
CREATE TEMP TABLE old_event AS SELECT * FROM event ORDER BY id;
CREATE TEMP TABLE old_attendance AS SELECT * FROM attendance;
DROP TABLE attendance;
DROP TABLE event;
CREATE TABLE event (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	run_id		INTEGER NOT NULL REFERENCES run (id),
	person_id	INTEGER NOT NULL REFERENCES person (id),
	kind		TEXT NOT NULL CHECK (kind IN ('check-in', 'check-out', 'mark', 'undo', 'merge')),
	status		TEXT NOT NULL CHECK (status IN ('present', 'late', 'excused', 'absent')),
	at		INTEGER NOT NULL,
	received_at	INTEGER NOT NULL,
	proof		TEXT NOT NULL
			CHECK (proof IN ('session', 'digits', 'printed', 'screen', 'place', 'host', 'import')),
	host_id		INTEGER REFERENCES host (id),
	nonce		TEXT UNIQUE,
	note		TEXT NOT NULL DEFAULT '',
	claim		BLOB CHECK (length(claim) = 16),
	is_delivered_late INTEGER NOT NULL DEFAULT 0 CHECK (is_delivered_late IN (0, 1)),
	pending		TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX event_by_run ON event (run_id, person_id, at);
CREATE INDEX event_by_claim ON event (run_id, claim) WHERE claim IS NOT NULL;
INSERT INTO event (id, run_id, person_id, kind, status, at, received_at, proof, host_id, nonce, note)
	SELECT id, run_id, person_id, kind, status, at, received_at, proof, host_id, nonce, note FROM temp.old_event ORDER BY id;
CREATE TABLE attendance (
	run_id		INTEGER NOT NULL REFERENCES run (id),
	person_id	INTEGER NOT NULL REFERENCES person (id),
	status		TEXT NOT NULL CHECK (status IN ('present', 'late', 'excused', 'absent')),
	since		INTEGER NOT NULL,
	proof		TEXT NOT NULL,
	ordinal		INTEGER NOT NULL,
	event_id	INTEGER NOT NULL REFERENCES event (id),
	left_at		INTEGER,
	is_delivered_late INTEGER NOT NULL,
	pending		TEXT NOT NULL,
	PRIMARY KEY (run_id, person_id)
) STRICT, WITHOUT ROWID;
-- Who undid a check-in left a place that was given twice: where that is so, places are counted anew.
INSERT INTO attendance (run_id, person_id, status, since, proof, ordinal, event_id, is_delivered_late, pending)
	SELECT run_id, person_id, status, since, proof,
		CASE WHEN ordinal > 0 AND run_id IN (SELECT run_id FROM temp.old_attendance WHERE ordinal > 0 GROUP BY run_id, ordinal HAVING count(*) > 1)
			THEN row_number() OVER (PARTITION BY run_id, ordinal > 0 ORDER BY ordinal, since, person_id) ELSE ordinal END,
		event_id, 0, ''
	FROM temp.old_attendance;
CREATE INDEX attendance_by_person ON attendance (person_id, run_id, status, since);
CREATE INDEX attendance_in_order ON attendance (run_id, ordinal, since, person_id, status);
DROP TABLE temp.old_attendance;
DROP TABLE temp.old_event;

CREATE TABLE event_position (
	event_id	INTEGER PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
	latitude	REAL NOT NULL CHECK (latitude BETWEEN -90 AND 90),
	longitude	REAL NOT NULL CHECK (longitude BETWEEN -180 AND 180),
	accuracy_m	REAL NOT NULL CHECK (accuracy_m >= 0),
	received_at	INTEGER NOT NULL
) STRICT;
CREATE INDEX event_position_by_age ON event_position (received_at);
CREATE TABLE used_code (
	run_id		INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	serial		INTEGER NOT NULL CHECK (serial > 0),
	nonce		TEXT,
	at		INTEGER NOT NULL,
	person_id	INTEGER REFERENCES person (id),
	PRIMARY KEY (run_id, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_code_by_person ON used_code (person_id) WHERE person_id IS NOT NULL;

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
	INSERT INTO change (kind, key) VALUES ('count', NEW.run_id), ('record', NEW.person_id);
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
	INSERT INTO change (kind, key) VALUES ('count', NEW.run_id), ('record', NEW.person_id);
END;
CREATE TRIGGER attendance_gone AFTER DELETE ON attendance
BEGIN
	UPDATE run_count SET
		present = present - (OLD.status = 'present'), late = late - (OLD.status = 'late'),
		excused = excused - (OLD.status = 'excused'), absent = absent - (OLD.status = 'absent'),
		sequence = sequence + 1
	WHERE run_id = OLD.run_id;
	INSERT INTO change (kind, key) VALUES ('count', OLD.run_id), ('record', OLD.person_id);
END;
CREATE TRIGGER attendance_came AFTER INSERT ON attendance WHEN NEW.status IN ('present', 'late')
BEGIN
	INSERT INTO came_step VALUES (NEW.run_id, NEW.person_id, NEW.proof, NEW.since, 1);
	INSERT INTO person_came VALUES (NEW.person_id, NEW.run_id);
END;
CREATE TRIGGER attendance_came_not AFTER DELETE ON attendance WHEN OLD.status IN ('present', 'late')
BEGIN
	INSERT INTO came_step VALUES (OLD.run_id, OLD.person_id, OLD.proof, OLD.since, -1);
END;
CREATE TRIGGER attendance_came_else AFTER UPDATE OF status, since, proof ON attendance
	WHEN OLD.status IN ('present', 'late') OR NEW.status IN ('present', 'late')
BEGIN
	INSERT INTO came_step SELECT OLD.run_id, OLD.person_id, OLD.proof, OLD.since, -1 WHERE OLD.status IN ('present', 'late');
	INSERT INTO came_step SELECT NEW.run_id, NEW.person_id, NEW.proof, NEW.since, 1 WHERE NEW.status IN ('present', 'late');
	INSERT INTO person_recount (person_id) VALUES (NEW.person_id);
END;
CREATE TRIGGER place_network_new AFTER INSERT ON place_network
BEGIN INSERT INTO change (kind, key) VALUES ('place', NEW.place_id); END;
CREATE TRIGGER place_network_gone AFTER DELETE ON place_network
BEGIN INSERT INTO change (kind, key) VALUES ('place', OLD.place_id); END;
CREATE TRIGGER place_access_point_new AFTER INSERT ON place_access_point
BEGIN INSERT INTO change (kind, key) VALUES ('place', NEW.place_id); END;
CREATE TRIGGER place_access_point_gone AFTER DELETE ON place_access_point
BEGIN INSERT INTO change (kind, key) VALUES ('place', OLD.place_id); END;
CREATE TRIGGER used_code_new AFTER INSERT ON used_code
BEGIN INSERT INTO change (kind, key) VALUES ('code', NEW.run_id); END;
CREATE VIEW private_run AS
	SELECT v.*, r.key, r.capability, r.interval_s, r.typed, r.is_single, r.late_min, r.deliver_min, r.has_check_out,
		r.position, r.network, r.access_point,
		1 + coalesce((SELECT max(serial) FROM used_code WHERE run_id = r.id), 0) AS serial
	FROM public_run AS v JOIN run AS r ON r.id = v.id;
CREATE VIEW private_attendance AS
	SELECT run_id, person_id, status, since, proof, ordinal, left_at, is_delivered_late, pending FROM attendance;
CREATE VIEW private_line AS
	SELECT a.run_id, a.person_id, p.name, a.status, a.since, e.received_at, a.proof, a.ordinal, a.left_at, a.is_delivered_late, a.pending
	FROM attendance AS a JOIN person AS p ON p.id = a.person_id JOIN event AS e ON e.id = a.event_id;

-- Pages are made by other queries now, so everything is looked at again.
INSERT INTO change (kind, key) VALUES ('club', 1);
