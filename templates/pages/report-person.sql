-- SPDX-License-Identifier: ISC
-- report-person.sql: all that is known of somebody at the runs that are over, by year and group and date by date, for the admin. It has no rate: that
-- moves with each date that somebody misses, and stands in the reports of the years, to which this page leads.
-- @page private reports/{capability}/people/{person_id}/index.html
-- @query keys
WITH renamed(group_id) AS (SELECT key FROM temp.changed WHERE kind = 'group')
SELECT person_id AS key FROM private_name WHERE :since = 0
UNION SELECT key FROM temp.changed WHERE kind = 'person'
UNION SELECT a.person_id FROM temp.changed AS c JOIN private_attendance AS a ON a.run_id = c.key WHERE c.kind IN ('settled', 'run')
-- Whose check-in was taken back, and who came to a list. A check-in to a run that is open changes nothing here.
UNION SELECT key FROM temp.changed WHERE kind = 'record' AND EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('settled', 'list', 'date'))
UNION SELECT e.person_id FROM renamed AS g JOIN private_record AS e USING (group_id)
UNION SELECT l.person_id FROM renamed AS g JOIN private_list AS l USING (group_id)
-- @query page
SELECT *, is_listed OR has_entries AS has_page FROM (SELECT n.person_id AS key, n.person_id, n.name, c.capability,
	EXISTS (SELECT 1 FROM private_list AS l WHERE l.person_id = n.person_id) AS is_listed,
	EXISTS (SELECT 1 FROM private_attendance AS a CROSS JOIN public_count AS r ON r.run_id = a.run_id WHERE a.person_id = n.person_id
		AND NOT r.is_cancelled AND run_is_over(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min, :now)) AS has_entries
	FROM temp.touched AS t JOIN private_name AS n ON n.person_id = t.key JOIN private_club AS c)
WHERE has_page
-- @query lists
SELECT g.name AS "group", g.slug FROM private_list AS l JOIN public_group AS g ON g.id = l.group_id WHERE l.person_id = :person_id ORDER BY g.name, g.id
-- @query lines
SELECT substr(r.date, 1, 4) AS year, g.name AS "group", g.slug, sum(a.status IN ('present', 'late')) AS came, sum(a.status = 'late') AS late,
	coalesce(sum(CASE a.status WHEN 'late' THEN max(0, a.since - run_starts(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min)) / 60 END), 0) AS minutes,
	sum(a.status = 'excused') AS excused, sum(a.status = 'absent') AS absent
FROM private_attendance AS a CROSS JOIN public_count AS r ON r.run_id = a.run_id JOIN public_group AS g ON g.id = r.group_id
WHERE a.person_id = :person_id AND NOT r.is_cancelled AND run_is_over(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min, :now)
GROUP BY year, g.id ORDER BY year DESC, g.name, g.id
-- @query years
SELECT DISTINCT substr(r.date, 1, 4) AS year FROM private_attendance AS a CROSS JOIN public_count AS r ON r.run_id = a.run_id
WHERE a.person_id = :person_id AND NOT r.is_cancelled AND run_is_over(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min, :now)
ORDER BY year DESC
-- Row around: year.
-- @query entries
SELECT r.path, r.date, date_short(r.date, :language) AS words, r.title, nullif(r.group_name, r.title) AS of_group, a.status = 'present' AS is_present,
	a.status = 'late' AS is_late, a.status = 'excused' AS is_excused, a.status = 'absent' AS is_absent, a.proof,
	CASE WHEN a.status IN ('present', 'late') THEN wall_time(a.since, r.zone) END AS time
FROM private_attendance AS a CROSS JOIN public_run AS r ON r.id = a.run_id
WHERE a.person_id = :person_id AND r.year = :year AND NOT r.is_cancelled AND run_is_over(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min, :now)
ORDER BY r.date DESC, r.start DESC, r.title, r.id
