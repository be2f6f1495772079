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
SELECT n.person_id AS key, n.person_id, n.name, c.capability, EXISTS (SELECT 1 FROM private_list AS l WHERE l.person_id = n.person_id) AS is_listed
FROM temp.touched AS t JOIN private_name AS n ON n.person_id = t.key JOIN private_club AS c
WHERE EXISTS (SELECT 1 FROM private_list AS l WHERE l.person_id = n.person_id) OR EXISTS (SELECT 1 FROM private_record AS e
	JOIN public_count AS r ON r.run_id = e.id AND NOT r.is_cancelled WHERE e.person_id = n.person_id
		AND run_is_over(e.date, e.start, e.end, e.zone, e.opens_min, e.closes_min, :now))
-- @query lists
SELECT g.name AS "group", g.slug FROM private_list AS l JOIN public_group AS g ON g.id = l.group_id WHERE l.person_id = :person_id ORDER BY g.name, g.id
-- @query lines
SELECT substr(e.date, 1, 4) AS year, e.group_name AS "group", g.slug, sum(e.status IN ('present', 'late')) AS came, sum(e.status = 'late') AS late,
	coalesce(sum(CASE e.status WHEN 'late' THEN max(0, e.since - run_starts(e.date, e.start, e.end, e.zone, e.opens_min, e.closes_min)) / 60 END), 0) AS minutes,
	sum(e.status = 'excused') AS excused, sum(e.status = 'absent') AS absent
FROM private_record AS e JOIN public_count AS r ON r.run_id = e.id AND NOT r.is_cancelled JOIN public_group AS g ON g.id = e.group_id
WHERE e.person_id = :person_id AND run_is_over(e.date, e.start, e.end, e.zone, e.opens_min, e.closes_min, :now)
GROUP BY year, g.id ORDER BY year DESC, g.name, g.id
-- @query years
SELECT substr(e.date, 1, 4) AS year, row_number() OVER (ORDER BY substr(e.date, 1, 4) DESC) = 1 AS is_newest
FROM private_record AS e JOIN public_count AS r ON r.run_id = e.id AND NOT r.is_cancelled
WHERE e.person_id = :person_id AND run_is_over(e.date, e.start, e.end, e.zone, e.opens_min, e.closes_min, :now)
GROUP BY year ORDER BY year DESC
-- Row around: year.
-- @query entries
SELECT e.path, e.date, date_short(e.date, :language) AS words, e.title, nullif(e.group_name, e.title) AS of_group, e.status = 'present' AS is_present, e.status = 'late' AS is_late,
	e.status = 'excused' AS is_excused, e.status = 'absent' AS is_absent, e.proof,
	CASE WHEN e.status IN ('present', 'late') THEN wall_time(e.since, e.zone) END AS time
FROM private_record AS e JOIN public_count AS r ON r.run_id = e.id AND NOT r.is_cancelled
WHERE e.person_id = :person_id AND substr(e.date, 1, 4) = :year AND run_is_over(e.date, e.start, e.end, e.zone, e.opens_min, e.closes_min, :now)
ORDER BY e.date DESC, e.start DESC, e.title, e.id
