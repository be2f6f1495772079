-- SPDX-License-Identifier: ISC
-- 0006.sql: what an event changed is read from the events, so a check-in writes nothing into the change log; a host's page reads the lines
-- that it shows, and no more.

CREATE VIEW event_change (event_id, kind, key) AS
	SELECT id, 'count', run_id FROM event
	UNION ALL SELECT id, 'record', person_id FROM event
	UNION ALL SELECT e.id, 'debut', e.run_id FROM event AS e JOIN person_count AS c ON c.person_id = e.person_id WHERE c.first_run_id = e.run_id;
CREATE INDEX attendance_to_settle ON attendance (run_id, pending) WHERE pending > '';
CREATE INDEX attendance_delivered_late ON attendance (run_id, is_delivered_late) WHERE is_delivered_late = 1;
CREATE INDEX attendance_left ON attendance (run_id, left_at) WHERE left_at IS NOT NULL;

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
		c.changed_at AS counted_at,
		-- How many of those with a status may be seen: counted only where some are hidden and some are not.
		CASE (SELECT count(*) FROM face) WHEN 0 THEN 0 WHEN (SELECT count(*) FROM person) THEN c.present + c.late + c.excused + c.absent
			ELSE (SELECT count(*) FROM public_attendance WHERE run_id = r.id) END AS shown
	FROM run AS r JOIN "group" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id
		JOIN run_count AS c ON c.run_id = r.id;

DROP TRIGGER attendance_new;
CREATE TRIGGER attendance_new AFTER INSERT ON attendance
BEGIN
	UPDATE run_count SET
		present = present + (NEW.status = 'present'), late = late + (NEW.status = 'late'),
		excused = excused + (NEW.status = 'excused'), absent = absent + (NEW.status = 'absent'),
		sequence = sequence + 1, changed_at = CASE WHEN NEW.since > changed_at THEN NEW.since ELSE changed_at END
	WHERE run_id = NEW.run_id;
END;

DROP TRIGGER attendance_changed;
CREATE TRIGGER attendance_changed AFTER UPDATE ON attendance
BEGIN
	UPDATE run_count SET
		present = present - (OLD.status = 'present') + (NEW.status = 'present'),
		late = late - (OLD.status = 'late') + (NEW.status = 'late'),
		excused = excused - (OLD.status = 'excused') + (NEW.status = 'excused'),
		absent = absent - (OLD.status = 'absent') + (NEW.status = 'absent'),
		sequence = sequence + 1, changed_at = CASE WHEN NEW.since > changed_at THEN NEW.since ELSE changed_at END
	WHERE run_id = NEW.run_id;
END;

DROP TRIGGER attendance_gone;
CREATE TRIGGER attendance_gone AFTER DELETE ON attendance
BEGIN
	UPDATE OR ROLLBACK run_count SET
		present = present - (OLD.status = 'present'), late = late - (OLD.status = 'late'),
		excused = excused - (OLD.status = 'excused'), absent = absent - (OLD.status = 'absent'),
		sequence = sequence + 1
	WHERE run_id = OLD.run_id;
END;

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
	WHERE person_id = NEW.person_id;
	INSERT INTO person_count VALUES (NEW.person_id, NEW.step, NEW.run_id, NEW.run_id) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER debut_changed;
CREATE TRIGGER debut_changed AFTER UPDATE OF first_run_id ON person_count	-- of one who had one before
	WHEN NEW.first_run_id <> OLD.first_run_id OR (NEW.first_run_id IS NULL AND OLD.first_run_id IS NOT NULL)
BEGIN
	INSERT INTO change (kind, key) VALUES ('debut', OLD.first_run_id);
	INSERT INTO change (kind, key) VALUES ('debut', coalesce(NEW.first_run_id, OLD.first_run_id));
END;

DROP TRIGGER person_new;
CREATE TRIGGER person_new AFTER INSERT ON person WHEN coalesce(NEW.visibility, (SELECT visibility FROM club)) <> 'hidden'
BEGIN INSERT INTO face SELECT * FROM person_face WHERE person_id = NEW.id; END;
