-- SPDX-License-Identifier: ISC
-- 0002.sql: people may have a page of their own; proofs, arrivals, first runs and milestones are kept beside the counts.

ALTER TABLE person ADD COLUMN capability TEXT;
ALTER TABLE person ADD COLUMN profile TEXT;

DROP VIEW private_run;
DROP VIEW public_attendance;
DROP VIEW public_run;
DROP VIEW public_schedule;
DROP VIEW public_place;
DROP VIEW public_group;
DROP VIEW public_club;
DROP INDEX attendance_by_person;
DROP TRIGGER event_keep;
DROP TRIGGER person_changed;

CREATE UNIQUE INDEX person_by_capability ON person (capability) WHERE capability IS NOT NULL;
CREATE UNIQUE INDEX person_by_profile ON person (profile) WHERE profile IS NOT NULL;
CREATE TABLE face (
	person_id	INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
	name		TEXT NOT NULL,
	path		TEXT
) STRICT;
CREATE INDEX attendance_by_person ON attendance (person_id, run_id, status, since);
CREATE INDEX attendance_in_order ON attendance (run_id, ordinal, since, person_id, status);
CREATE TABLE run_proof (
	run_id		INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	proof		TEXT NOT NULL,
	number		INTEGER NOT NULL,
	PRIMARY KEY (run_id, proof)
) STRICT, WITHOUT ROWID;
CREATE TABLE run_arrival (
	run_id		INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	at		INTEGER NOT NULL,
	number		INTEGER NOT NULL,
	PRIMARY KEY (run_id, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE person_count (
	person_id	INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
	came		INTEGER NOT NULL DEFAULT 0,
	first_run_id	INTEGER REFERENCES run (id),
	last_run_id	INTEGER REFERENCES run (id)
) STRICT;
CREATE INDEX person_count_by_first ON person_count (first_run_id);
CREATE TABLE milestone (
	person_id	INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	number		INTEGER NOT NULL,
	run_id		INTEGER NOT NULL REFERENCES run (id),
	PRIMARY KEY (person_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX milestone_by_run ON milestone (run_id);

-- What the triggers would have kept, had they been there.
INSERT INTO run_proof SELECT run_id, proof, count(*) FROM attendance WHERE status IN ('present', 'late') GROUP BY run_id, proof;
INSERT INTO run_arrival SELECT run_id, since / 300 * 300, count(*) FROM attendance WHERE status IN ('present', 'late') GROUP BY run_id, since / 300 * 300;
CREATE TEMP TABLE came_in_order AS
	SELECT a.person_id, a.run_id, row_number() OVER w AS number, count(*) OVER (PARTITION BY a.person_id) AS came
	FROM main.attendance AS a JOIN main.run AS r ON r.id = a.run_id WHERE a.status IN ('present', 'late')
	WINDOW w AS (PARTITION BY a.person_id ORDER BY r.date, r.start, r.id);
INSERT INTO person_count (person_id, came, first_run_id, last_run_id)
	SELECT person_id, came, max(run_id) FILTER (WHERE number = 1), max(run_id) FILTER (WHERE number = came)
	FROM temp.came_in_order GROUP BY person_id;
INSERT INTO milestone (person_id, number, run_id)
	SELECT person_id, number, run_id FROM temp.came_in_order WHERE number IN (10, 25, 50, 100, 250);
DROP TABLE temp.came_in_order;
INSERT INTO face SELECT p.id, CASE coalesce(p.visibility, c.visibility) WHEN 'name' THEN p.name
	WHEN 'nickname' THEN coalesce(p.nickname, p.initials) ELSE p.initials END, NULL
	FROM person AS p JOIN club AS c WHERE coalesce(p.visibility, c.visibility) <> 'hidden';

CREATE TRIGGER event_keep BEFORE UPDATE ON event
	WHEN (NEW.id, NEW.run_id, NEW.person_id, NEW.kind, NEW.status, NEW.at, NEW.received_at, NEW.proof, NEW.host_id, NEW.nonce, NEW.note)
		IS NOT (OLD.id, OLD.run_id, OLD.person_id, OLD.kind, OLD.status, OLD.at, OLD.received_at, OLD.proof, OLD.host_id, NULL, '')
BEGIN
	SELECT raise(ABORT, 'An event is never changed; enter another one.');
END;

CREATE VIEW came_step (run_id, person_id, proof, at, step) AS SELECT NULL, NULL, NULL, NULL, NULL;

CREATE TRIGGER came_step_taken INSTEAD OF INSERT ON came_step
BEGIN
	INSERT INTO run_proof (run_id, proof, number) VALUES (NEW.run_id, NEW.proof, NEW.step)
		ON CONFLICT (run_id, proof) DO UPDATE SET number = number + NEW.step;
	INSERT INTO run_arrival (run_id, at, number) VALUES (NEW.run_id, NEW.at / 300 * 300, NEW.step)
		ON CONFLICT (run_id, at) DO UPDATE SET number = number + NEW.step;
	INSERT INTO person_count (person_id, came) VALUES (NEW.person_id, NEW.step)
		ON CONFLICT (person_id) DO UPDATE SET came = came + NEW.step;
	DELETE FROM run_proof WHERE run_id = NEW.run_id AND proof = NEW.proof AND number = 0;
	DELETE FROM run_arrival WHERE run_id = NEW.run_id AND at = NEW.at / 300 * 300 AND number = 0;
	INSERT INTO person_recount (person_id) SELECT NEW.person_id WHERE NEW.step < 0;
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

CREATE TRIGGER attendance_came_else AFTER UPDATE ON attendance
	WHEN OLD.status IN ('present', 'late') OR NEW.status IN ('present', 'late')
BEGIN
	INSERT INTO came_step SELECT OLD.run_id, OLD.person_id, OLD.proof, OLD.since, -1 WHERE OLD.status IN ('present', 'late');
	INSERT INTO came_step SELECT NEW.run_id, NEW.person_id, NEW.proof, NEW.since, 1 WHERE NEW.status IN ('present', 'late');
	INSERT INTO person_recount (person_id) VALUES (NEW.person_id);
END;

CREATE VIEW person_came (person_id, run_id) AS SELECT NULL, NULL;

CREATE TRIGGER person_came_taken INSTEAD OF INSERT ON person_came
BEGIN
	UPDATE person_count SET last_run_id = NEW.run_id
		WHERE person_id = NEW.person_id AND (last_run_id IS NULL OR (SELECT (r.date, r.start, r.id) > (l.date, l.start, l.id)
			FROM run AS r JOIN run AS l ON l.id = last_run_id WHERE r.id = NEW.run_id));
	UPDATE person_count SET first_run_id = NEW.run_id
		WHERE person_id = NEW.person_id AND (first_run_id IS NULL OR (SELECT (r.date, r.start, r.id) < (f.date, f.start, f.id)
			FROM run AS r JOIN run AS f ON f.id = first_run_id WHERE r.id = NEW.run_id));
	INSERT INTO milestone (person_id, number, run_id) SELECT person_id, came, NEW.run_id FROM person_count
		WHERE person_id = NEW.person_id AND last_run_id = NEW.run_id AND came IN (10, 25, 50, 100, 250)
		ON CONFLICT DO NOTHING;
	INSERT INTO person_recount (person_id) SELECT person_id FROM person_count
		WHERE person_id = NEW.person_id AND last_run_id <> NEW.run_id AND (came IN (10, 25, 50, 100, 250) OR EXISTS (
			SELECT 1 FROM milestone AS m JOIN run AS r ON r.id = m.run_id JOIN run AS n ON n.id = NEW.run_id
			WHERE m.person_id = NEW.person_id AND (r.date, r.start, r.id) >= (n.date, n.start, n.id)));
END;

CREATE VIEW person_recount (person_id) AS SELECT NULL;

CREATE TRIGGER person_recount_taken INSTEAD OF INSERT ON person_recount
BEGIN
	UPDATE person_count SET
		first_run_id = (SELECT r.id FROM attendance AS a JOIN run AS r ON r.id = a.run_id
			WHERE a.person_id = NEW.person_id AND a.status IN ('present', 'late') ORDER BY r.date, r.start, r.id LIMIT 1),
		last_run_id = (SELECT r.id FROM attendance AS a JOIN run AS r ON r.id = a.run_id
			WHERE a.person_id = NEW.person_id AND a.status IN ('present', 'late') ORDER BY r.date DESC, r.start DESC, r.id DESC LIMIT 1)
	WHERE person_id = NEW.person_id;
	DELETE FROM milestone WHERE person_id = NEW.person_id AND (number, run_id) NOT IN (SELECT number, run_id FROM person_order
		WHERE person_id = NEW.person_id);
	INSERT INTO milestone (person_id, number, run_id) SELECT person_id, number, run_id FROM person_order
		WHERE person_id = NEW.person_id AND number IN (10, 25, 50, 100, 250)
		ON CONFLICT DO NOTHING;
END;

CREATE VIEW person_order AS
	SELECT a.person_id, a.run_id, row_number() OVER (PARTITION BY a.person_id ORDER BY r.date, r.start, r.id) AS number
	FROM attendance AS a JOIN run AS r ON r.id = a.run_id WHERE a.status IN ('present', 'late');

CREATE TRIGGER run_moved AFTER UPDATE OF date, start ON run WHEN (OLD.date, OLD.start) <> (NEW.date, NEW.start)
BEGIN
	INSERT INTO person_recount SELECT person_id FROM attendance WHERE run_id = NEW.id AND status IN ('present', 'late');
END;

CREATE TRIGGER milestone_new AFTER INSERT ON milestone
BEGIN INSERT INTO change (kind, key) VALUES ('milestone', NEW.run_id); END;

CREATE TRIGGER milestone_gone AFTER DELETE ON milestone
BEGIN INSERT INTO change (kind, key) VALUES ('milestone', OLD.run_id); END;

CREATE TRIGGER debut_changed AFTER UPDATE OF first_run_id ON person_count WHEN OLD.first_run_id IS NOT NEW.first_run_id
BEGIN
	INSERT INTO change (kind, key) SELECT 'debut', OLD.first_run_id WHERE OLD.first_run_id IS NOT NULL;
	INSERT INTO change (kind, key) SELECT 'debut', NEW.first_run_id WHERE NEW.first_run_id IS NOT NULL;
END;

CREATE VIEW person_face AS
	SELECT p.id AS person_id,
		CASE coalesce(p.visibility, c.visibility)
			WHEN 'name' THEN p.name
			WHEN 'nickname' THEN coalesce(p.nickname, p.initials)
			ELSE p.initials END AS name,
		'people/' || p.profile || '/' AS path
	FROM person AS p JOIN club AS c
	WHERE coalesce(p.visibility, c.visibility) <> 'hidden';

CREATE TRIGGER face_new AFTER INSERT ON person
BEGIN INSERT INTO face SELECT * FROM person_face WHERE person_id = NEW.id; END;

CREATE TRIGGER face_changed AFTER UPDATE OF name, initials, nickname, visibility, profile ON person
BEGIN
	DELETE FROM face WHERE person_id = NEW.id;
	INSERT INTO face SELECT * FROM person_face WHERE person_id = NEW.id;
END;

CREATE TRIGGER face_of_all AFTER UPDATE OF visibility ON club
BEGIN
	DELETE FROM face;
	INSERT INTO face SELECT * FROM person_face;
END;

CREATE TRIGGER person_changed AFTER UPDATE ON person
BEGIN INSERT INTO change (kind, key) VALUES ('person', NEW.id); END;

CREATE TRIGGER person_seen_changed AFTER UPDATE OF name, initials, nickname, visibility, profile ON person
BEGIN
	INSERT INTO change (kind, key) SELECT 'count', run_id FROM attendance WHERE person_id = NEW.id;
	INSERT INTO change (kind, key) SELECT 'milestone', run_id FROM milestone WHERE person_id = NEW.id;
END;

CREATE VIEW public_club AS
	SELECT name AS club, zone, language, address, word, created_at AS club_created_at FROM club;

CREATE VIEW public_group AS
	SELECT id, slug, name, is_closed, 'groups/' || slug || '/' AS path,
		(SELECT count(*) FROM group_list WHERE group_id = "group".id) AS listed
	FROM "group";

CREATE VIEW public_place AS
	SELECT id, slug, name, address, latitude, longitude, 'places/' || slug || '/' AS path FROM place;

CREATE VIEW public_schedule AS
	SELECT s.id, s.group_id, s.place_id, coalesce(nullif(s.title, ''), g.name) AS title, s.rule, s.first, s.start, s.end, s.zone,
		g.name AS group_name, 'groups/' || g.slug || '/' AS group_path,
		p.name AS place_name, 'places/' || p.slug || '/' AS place_path
	FROM schedule AS s JOIN "group" AS g ON g.id = s.group_id LEFT JOIN place AS p ON p.id = s.place_id;

CREATE VIEW public_run AS
	SELECT r.id, r.session, r.group_id, g.name AS group_name, g.slug AS group_slug, g.is_closed,
		r.place_id, p.name AS place_name, p.address AS place_address, 'places/' || p.slug || '/' AS place_path,
		r.date, substr(r.date, 1, 7) AS month, substr(r.date, 1, 4) AS year, r.start, r.end, r.zone,
		coalesce(nullif(r.title, ''), g.name) AS title, r.title AS own_title,
		'runs/' || r.date || '/' || r.slug || '/' AS path,
		r.opens_min, r.closes_min, r.cancelled_at IS NOT NULL AS is_cancelled, r.cancelled_at, r.reason, r.sequence, r.uid,
		r.created_at, r.updated_at,
		c.present, c.late, c.excused, c.absent, c.present + c.late AS came, c.sequence AS count_sequence,
		c.changed_at AS counted_at,

		CASE WHEN (SELECT count(*) FROM face) = (SELECT count(*) FROM person) THEN c.present + c.late + c.excused + c.absent
			ELSE (SELECT count(*) FROM public_attendance WHERE run_id = r.id) END AS shown
	FROM run AS r JOIN "group" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id
		JOIN run_count AS c ON c.run_id = r.id;

CREATE VIEW public_count AS
	SELECT r.id AS run_id, r.group_id, r.place_id, r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min,
		r.cancelled_at IS NOT NULL AS is_cancelled, c.present + c.late AS came
	FROM run AS r JOIN run_count AS c ON c.run_id = r.id;

CREATE VIEW public_attendance AS
	SELECT a.run_id, a.status, a.since, a.ordinal, a.person_id AS person, f.name, f.path AS person_path
	FROM attendance AS a JOIN face AS f ON f.person_id = a.person_id;

CREATE VIEW public_proof AS SELECT run_id, proof, number FROM run_proof;

CREATE VIEW public_arrival AS SELECT run_id, at, number FROM run_arrival;

CREATE VIEW public_debut AS
	SELECT id AS run_id, (SELECT count(*) FROM person_count WHERE first_run_id = run.id) AS number FROM run;

CREATE VIEW public_presence AS
	SELECT run_id, person_id AS person FROM attendance WHERE status IN ('present', 'late');

CREATE VIEW public_milestone AS
	SELECT m.run_id, m.number, m.person_id AS person, f.name, f.path AS person_path
	FROM milestone AS m JOIN face AS f ON f.person_id = m.person_id;

CREATE VIEW public_person AS
	SELECT p.id, p.profile, f.path, f.name FROM person AS p JOIN face AS f ON f.person_id = p.id WHERE p.profile IS NOT NULL;

CREATE VIEW private_run AS
	SELECT v.*, r.key, r.capability FROM public_run AS v JOIN run AS r ON r.id = v.id;

CREATE VIEW private_person AS
	SELECT p.id, p.name, p.capability, f.name AS shown_name, f.path AS public_path
	FROM person AS p LEFT JOIN face AS f ON f.person_id = p.id WHERE p.capability IS NOT NULL;

CREATE VIEW private_attendance AS
	SELECT run_id, person_id, status, since, proof, ordinal FROM attendance;

CREATE VIEW private_list AS SELECT group_id, person_id FROM group_list;

CREATE VIEW private_milestone AS SELECT person_id, number, run_id FROM milestone;

CREATE VIEW private_record AS
	SELECT a.person_id, a.status, a.since, a.proof, r.id, r.session, r.group_id, g.name AS group_name, r.date, r.start, r.end, r.zone,
		r.opens_min, r.closes_min, coalesce(nullif(r.title, ''), g.name) AS title,
		'runs/' || r.date || '/' || r.slug || '/' AS path, p.name AS place_name
	FROM attendance AS a INDEXED BY attendance_by_person JOIN run AS r ON r.id = a.run_id
		LEFT JOIN "group" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id;

CREATE VIEW public_record AS
	SELECT v.id AS person, a.status, r.id, r.group_id, g.name AS group_name, r.date, r.start, r.end, r.zone,
		r.opens_min, r.closes_min, coalesce(nullif(r.title, ''), g.name) AS title,
		'runs/' || r.date || '/' || r.slug || '/' AS path
	FROM public_person AS v JOIN attendance AS a INDEXED BY attendance_by_person ON a.person_id = v.id JOIN run AS r ON r.id = a.run_id
		LEFT JOIN "group" AS g ON g.id = r.group_id;

CREATE VIEW private_roll AS
	SELECT p.id AS person_id, r.id, r.group_id, r.date, r.start, r.title AS own_title, r.end, r.zone, r.opens_min, r.closes_min, a.status
	FROM person AS p JOIN run AS r
		LEFT JOIN attendance AS a INDEXED BY attendance_by_person ON a.person_id = p.id AND a.run_id = r.id
	WHERE r.cancelled_at IS NULL OR a.status IS NOT NULL;

CREATE VIEW public_roll AS
	SELECT v.id AS person, r.id, r.group_id, r.date, r.start, r.title AS own_title, r.end, r.zone, r.opens_min, r.closes_min, a.status
	FROM public_person AS v JOIN run AS r
		LEFT JOIN attendance AS a INDEXED BY attendance_by_person ON a.person_id = v.id AND a.run_id = r.id
	WHERE r.cancelled_at IS NULL OR a.status IS NOT NULL;
