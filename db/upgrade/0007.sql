-- SPDX-License-Identifier: ISC
-- 0007.sql: the runs beside a run are looked for in one place, and what a check-in touches is in
-- views that say that and no more: who publishes reads all of the schema each time, and all of
-- each view that a page names. And a run that is cancelled is no date: what somebody has at it
-- counts nowhere.

CREATE VIEW near_change (group_id, date, start, title) AS SELECT NULL, NULL, NULL, NULL;
CREATE TRIGGER near_change_taken INSTEAD OF INSERT ON near_change
BEGIN
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = NEW.group_id AND (date, start, title) < (NEW.date, NEW.start, NEW.title)
		ORDER BY date DESC, start DESC, title DESC LIMIT 1);
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = NEW.group_id AND (date, start, title) > (NEW.date, NEW.start, NEW.title)
		ORDER BY date, start, title LIMIT 1);
END;

DROP TRIGGER run_new;
CREATE TRIGGER run_new AFTER INSERT ON run
BEGIN
	INSERT INTO change (kind, key) VALUES ('run', NEW.id), ('timetable', NEW.group_id), ('date', NEW.date);
	INSERT INTO near_change VALUES (NEW.group_id, NEW.date, NEW.start, NEW.title);
END;

DROP TRIGGER run_changed;
CREATE TRIGGER run_changed AFTER UPDATE ON run
BEGIN
	INSERT INTO change (kind, key) VALUES ('run', NEW.id), ('timetable', OLD.group_id), ('timetable', NEW.group_id),
		('date', OLD.date), ('date', NEW.date);
	INSERT INTO near_change VALUES (OLD.group_id, OLD.date, OLD.start, OLD.title);
	INSERT INTO near_change VALUES (NEW.group_id, NEW.date, NEW.start, NEW.title);
END;

DROP TRIGGER run_gone;
CREATE TRIGGER run_gone AFTER DELETE ON run
BEGIN
	INSERT INTO change (kind, key) VALUES ('run', OLD.id), ('timetable', OLD.group_id), ('date', OLD.date);
	INSERT INTO near_change VALUES (OLD.group_id, OLD.date, OLD.start, OLD.title);
END;

DROP VIEW public_run;
CREATE VIEW public_run AS
	SELECT r.id, r.session, r.group_id, g.name AS group_name, g.slug AS group_slug, g.is_closed, g.language AS group_language,
		r.place_id, p.name AS place_name, p.address AS place_address, 'places/' || p.slug || '/' AS place_path,
		r.date, substr(r.date, 1, 7) AS month, substr(r.date, 1, 4) AS year, r.start, r.end, r.zone,
		coalesce(nullif(r.title, ''), g.name) AS title, r.title AS own_title,
		'runs/' || r.date || '/' || r.slug || '/' AS path,
		r.opens_min, r.closes_min, r.cancelled_at IS NOT NULL AS is_cancelled, r.cancelled_at, r.reason, r.sequence, r.uid,
		r.created_at, r.updated_at,
		c.present * (r.cancelled_at IS NULL) AS present, c.late * (r.cancelled_at IS NULL) AS late,
		c.excused * (r.cancelled_at IS NULL) AS excused, c.absent * (r.cancelled_at IS NULL) AS absent,
		(c.present + c.late) * (r.cancelled_at IS NULL) AS came, c.sequence AS count_sequence,
		c.changed_at AS counted_at
	FROM run AS r JOIN "group" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id
		JOIN run_count AS c ON c.run_id = r.id;
CREATE VIEW public_shown AS
	SELECT r.id AS run_id, (r.cancelled_at IS NULL) * CASE (SELECT count(*) FROM face) WHEN 0 THEN 0
		WHEN (SELECT count(*) FROM person) THEN c.present + c.late + c.excused + c.absent
		ELSE (SELECT count(*) FROM attendance AS a JOIN face AS f ON f.person_id = a.person_id
			WHERE a.run_id = r.id) END AS shown
	FROM run AS r JOIN run_count AS c ON c.run_id = r.id;
CREATE VIEW public_live AS
	SELECT r.id AS run_id, r.session, r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min,
		r.cancelled_at IS NOT NULL AS is_cancelled, (c.present + c.late) * (r.cancelled_at IS NULL) AS came,
		c.late * (r.cancelled_at IS NULL) AS late, c.excused * (r.cancelled_at IS NULL) AS excused,
		c.absent * (r.cancelled_at IS NULL) AS absent, c.sequence AS count_sequence, c.changed_at AS counted_at
	FROM run AS r JOIN run_count AS c ON c.run_id = r.id;
CREATE VIEW private_code AS
	SELECT id AS run_id, capability, is_single, interval_s,
		1 + coalesce((SELECT max(serial) FROM used_code WHERE run_id = run.id), 0) AS serial
	FROM run;

-- What somebody has at a run that is cancelled counts nowhere.
DROP TRIGGER came_step_taken;
CREATE TRIGGER came_step_taken INSTEAD OF INSERT ON came_step
BEGIN
	INSERT INTO run_proof VALUES (NEW.run_id, NEW.proof, NEW.step) ON CONFLICT DO UPDATE SET number = number + NEW.step;
	INSERT INTO run_arrival VALUES (NEW.run_id, NEW.at / 300 * 300, NEW.step) ON CONFLICT DO UPDATE SET number = number + NEW.step;
	UPDATE person_count SET came = came + NEW.step,
		first_run_id = CASE WHEN first_run_id IS NULL OR (SELECT (r.date, r.start, r.id) < (f.date, f.start, f.id)
			FROM run AS r JOIN run AS f ON f.id = first_run_id WHERE r.id = NEW.run_id) THEN NEW.run_id ELSE first_run_id END,
		last_run_id = CASE WHEN last_run_id IS NULL OR (SELECT (r.date, r.start, r.id) > (l.date, l.start, l.id)
			FROM run AS r JOIN run AS l ON l.id = last_run_id WHERE r.id = NEW.run_id) THEN NEW.run_id ELSE last_run_id END
	WHERE person_id = NEW.person_id AND (SELECT cancelled_at FROM run WHERE id = NEW.run_id) IS NULL;
	INSERT INTO person_count VALUES (NEW.person_id,
		CASE WHEN (SELECT cancelled_at FROM run WHERE id = NEW.run_id) IS NULL THEN NEW.step ELSE 0 END,
		(SELECT id FROM run WHERE id = NEW.run_id AND cancelled_at IS NULL),
		(SELECT id FROM run WHERE id = NEW.run_id AND cancelled_at IS NULL)) ON CONFLICT DO NOTHING;
END;
DROP VIEW person_order;
CREATE VIEW person_order AS
	SELECT a.person_id, a.run_id, row_number() OVER (PARTITION BY a.person_id ORDER BY r.date, r.start, r.id) AS number
	FROM attendance AS a JOIN run AS r ON r.id = a.run_id
	WHERE a.status IN ('present', 'late') AND r.cancelled_at IS NULL;
DROP VIEW public_count;
CREATE VIEW public_count AS
	SELECT r.id AS run_id, r.group_id, r.place_id, r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min,
		r.cancelled_at IS NOT NULL AS is_cancelled, (c.present + c.late) * (r.cancelled_at IS NULL) AS came
	FROM run AS r JOIN run_count AS c ON c.run_id = r.id;
DROP VIEW private_record;
CREATE VIEW private_record AS
	SELECT a.person_id, a.status, a.since, a.proof, r.id, r.session, r.group_id, g.name AS group_name, r.date, r.start, r.end, r.zone,
		r.opens_min, r.closes_min, r.cancelled_at IS NOT NULL AS is_cancelled, coalesce(nullif(r.title, ''), g.name) AS title,
		'runs/' || r.date || '/' || r.slug || '/' AS path, p.name AS place_name
	FROM attendance AS a INDEXED BY attendance_by_person JOIN run AS r ON r.id = a.run_id
		LEFT JOIN "group" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id;
DROP VIEW public_record;
CREATE VIEW public_record AS
	SELECT v.id AS person, a.status, r.id, r.group_id, g.name AS group_name, r.date, r.start, r.end, r.zone,
		r.opens_min, r.closes_min, r.cancelled_at IS NOT NULL AS is_cancelled, coalesce(nullif(r.title, ''), g.name) AS title,
		'runs/' || r.date || '/' || r.slug || '/' AS path
	FROM public_person AS v JOIN attendance AS a INDEXED BY attendance_by_person ON a.person_id = v.id JOIN run AS r ON r.id = a.run_id
		LEFT JOIN "group" AS g ON g.id = r.group_id;
DROP VIEW private_roll;
CREATE VIEW private_roll AS
	SELECT p.id AS person_id, r.id, r.group_id, r.date, r.start, r.title AS own_title, r.end, r.zone, r.opens_min, r.closes_min, a.status
	FROM person AS p JOIN run AS r
		LEFT JOIN attendance AS a INDEXED BY attendance_by_person ON a.person_id = p.id AND a.run_id = r.id
	WHERE r.cancelled_at IS NULL;
DROP VIEW public_roll;
CREATE VIEW public_roll AS
	SELECT v.id AS person, r.id, r.group_id, r.date, r.start, r.title AS own_title, r.end, r.zone, r.opens_min, r.closes_min, a.status
	FROM public_person AS v JOIN run AS r
		LEFT JOIN attendance AS a INDEXED BY attendance_by_person ON a.person_id = v.id AND a.run_id = r.id
	WHERE r.cancelled_at IS NULL;
DROP TRIGGER person_recount_taken;
CREATE TRIGGER person_recount_taken INSTEAD OF INSERT ON person_recount
BEGIN
	INSERT INTO person_count (person_id) VALUES (NEW.person_id) ON CONFLICT DO NOTHING;
	UPDATE person_count SET
		came = (SELECT count(*) FROM attendance AS a JOIN run AS r ON r.id = a.run_id
			WHERE a.person_id = NEW.person_id AND a.status IN ('present', 'late') AND r.cancelled_at IS NULL),
		first_run_id = (SELECT r.id FROM attendance AS a JOIN run AS r ON r.id = a.run_id
			WHERE a.person_id = NEW.person_id AND a.status IN ('present', 'late') AND r.cancelled_at IS NULL
			ORDER BY r.date, r.start, r.id LIMIT 1),
		last_run_id = (SELECT r.id FROM attendance AS a JOIN run AS r ON r.id = a.run_id
			WHERE a.person_id = NEW.person_id AND a.status IN ('present', 'late') AND r.cancelled_at IS NULL
			ORDER BY r.date DESC, r.start DESC, r.id DESC LIMIT 1)
	WHERE person_id = NEW.person_id;
	DELETE FROM milestone WHERE person_id = NEW.person_id AND (number, run_id) NOT IN (SELECT number, run_id FROM person_order
		WHERE person_id = NEW.person_id);
	INSERT INTO milestone (person_id, number, run_id) SELECT person_id, number, run_id FROM person_order
		WHERE person_id = NEW.person_id AND number IN (10, 25, 50, 100, 250)
		ON CONFLICT DO NOTHING;
END;
DROP TRIGGER run_moved;
CREATE TRIGGER run_moved AFTER UPDATE OF date, start, cancelled_at ON run
	WHEN (OLD.date, OLD.start, OLD.cancelled_at IS NULL) <> (NEW.date, NEW.start, NEW.cancelled_at IS NULL)
BEGIN
	INSERT INTO person_recount SELECT person_id FROM attendance WHERE run_id = NEW.id AND status IN ('present', 'late');
END;
INSERT INTO person_recount SELECT DISTINCT a.person_id FROM run AS r JOIN attendance AS a ON a.run_id = r.id
	WHERE r.cancelled_at IS NOT NULL AND a.status IN ('present', 'late');
