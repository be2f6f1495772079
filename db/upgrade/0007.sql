-- SPDX-License-Identifier: ISC
-- 0007.sql: the runs beside a run are looked for in one place, and what a check-in touches is in
-- views that say that and no more: who publishes reads all of the schema each time, and all of
-- each view that a page names.

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
		c.present, c.late, c.excused, c.absent, c.present + c.late AS came, c.sequence AS count_sequence,
		c.changed_at AS counted_at
	FROM run AS r JOIN "group" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id
		JOIN run_count AS c ON c.run_id = r.id;
CREATE VIEW public_shown AS
	SELECT run_id, CASE (SELECT count(*) FROM face) WHEN 0 THEN 0
		WHEN (SELECT count(*) FROM person) THEN present + late + excused + absent
		ELSE (SELECT count(*) FROM attendance AS a JOIN face AS f ON f.person_id = a.person_id
			WHERE a.run_id = c.run_id) END AS shown
	FROM run_count AS c;
CREATE VIEW public_live AS
	SELECT r.id AS run_id, r.session, r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min,
		r.cancelled_at IS NOT NULL AS is_cancelled, c.present + c.late AS came, c.late, c.excused, c.absent,
		c.sequence AS count_sequence, c.changed_at AS counted_at
	FROM run AS r JOIN run_count AS c ON c.run_id = r.id;
CREATE VIEW private_code AS
	SELECT id AS run_id, capability, is_single, interval_s,
		1 + coalesce((SELECT max(serial) FROM used_code WHERE run_id = run.id), 0) AS serial
	FROM run;
