-- SPDX-License-Identifier: ISC
-- 0005.sql: a club offers its readers languages, and a group may have one of its own; reports name everybody who is on a list, also those who never came.

ALTER TABLE club ADD COLUMN languages TEXT NOT NULL DEFAULT '';
ALTER TABLE "group" ADD COLUMN language TEXT;
DROP VIEW public_club;
CREATE VIEW public_club AS
	SELECT name AS club, zone, address, word, created_at AS club_created_at FROM club;
DROP VIEW public_group;
CREATE VIEW public_group AS
	SELECT id, slug, name, is_closed, language AS group_language, 'groups/' || slug || '/' AS path,
		(SELECT count(*) FROM group_list WHERE group_id = "group".id) AS listed
	FROM "group";
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
		-- How many of those with a status may be seen: counted only where some are hidden.
		CASE WHEN (SELECT count(*) FROM face) = (SELECT count(*) FROM person) THEN c.present + c.late + c.excused + c.absent
			ELSE (SELECT count(*) FROM public_attendance WHERE run_id = r.id) END AS shown
	FROM run AS r JOIN "group" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id
		JOIN run_count AS c ON c.run_id = r.id;
CREATE VIEW private_name AS SELECT id AS person_id, name, folded FROM person WHERE folded >= '!';
