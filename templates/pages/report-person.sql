-- report-person.sql: a person's attendance at past runs, for the admin: one line for each year and
-- group, and the latest dates; turnout export has all of them. The rate is that of the year's
-- report (partials/report.sql). So a run that ends renders the pages of all who have an entry in
-- its group and year, while a mark renders only the pages of the people of its run.
-- @page private reports/{capability}/people/{person_id}/index.html
-- @query keys
WITH renamed(group_id) AS (SELECT key FROM temp.changed WHERE kind = 'group'),
	dated(group_id, year) AS (
		SELECT r.group_id, substr(r.date, 1, 4) FROM temp.changed AS c
			JOIN public_count AS r ON r.run_id = c.key WHERE c.kind = 'state'
			AND run_is_over(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min, :now)
		UNION SELECT g.key, substr(d.key, 1, 4) FROM temp.changed AS g
			JOIN temp.changed AS d ON d.kind = 'date' AND d.key <= date_add(:today, 2)
			WHERE g.kind = 'timetable')
SELECT person_id AS key FROM private_name WHERE :since = 0
UNION SELECT key FROM temp.changed WHERE kind = 'person'
UNION SELECT a.person_id FROM temp.changed AS c JOIN private_attendance AS a ON a.run_id = c.key WHERE c.kind IN ('settled', 'run')
-- People whose check-in was undone, or who were put on a list. A check-in to an open run changes nothing here.
UNION SELECT key FROM temp.changed WHERE kind = 'record' AND EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('settled', 'list', 'date'))
UNION SELECT e.person_id FROM renamed AS g JOIN private_record AS e USING (group_id)
UNION SELECT l.person_id FROM renamed AS g JOIN private_list AS l USING (group_id)
-- Everybody who was at a group in a year in which its past dates changed.
UNION SELECT a.person_id FROM dated AS d JOIN public_count AS r ON r.group_id = d.group_id
	AND r.date BETWEEN d.year || '-01-01' AND d.year || '-12-31'
	JOIN private_attendance AS a ON a.run_id = r.run_id
-- `held` is the number of past dates of each group in each year: {group/year: dates}.
-- @query page
WITH held AS MATERIALIZED (SELECT group_id || '/' || substr(date, 1, 4) AS year, count(*) AS dates FROM public_count
	WHERE date <= date_add(:today, 2) AND NOT is_cancelled
		AND (date < date_add(:today, -4) OR run_is_over(date, start, end, zone, opens_min, closes_min, :now)) GROUP BY 1)
SELECT *, is_listed OR has_entries AS has_page FROM (SELECT n.person_id AS key, n.person_id, n.name, c.capability, 100 AS most,
	replace(n.name, '''', '''\''''') AS quoted, (SELECT json_group_object(year, dates) FROM held) AS held,
	EXISTS (SELECT 1 FROM private_list AS l WHERE l.person_id = n.person_id) AS is_listed,
	EXISTS (SELECT 1 FROM private_attendance AS a CROSS JOIN public_count AS r ON r.run_id = a.run_id WHERE a.person_id = n.person_id
		AND NOT r.is_cancelled AND run_is_over(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min, :now)) AS has_entries
	FROM temp.touched AS t JOIN private_name AS n ON n.person_id = t.key JOIN private_club AS c)
WHERE has_page
-- @query lists
SELECT g.name AS "group", g.slug FROM private_list AS l JOIN public_group AS g ON g.id = l.group_id
	WHERE l.person_id = :person_id ORDER BY g.name, g.id
-- @query lines
WITH line AS MATERIALIZED (SELECT r.group_id, substr(r.date, 1, 4) AS year, min(r.date) AS first,
		sum(r.status IN ('present', 'late')) AS came, sum(r.status = 'late') AS late,
		coalesce(sum(CASE r.status WHEN 'late'
			THEN max(0, r.since - run_starts(r.date, r.start, r.end, r.zone, r.opens_min,
				r.closes_min)) / 60 END), 0) AS minutes,
		sum(r.status = 'excused') AS excused, sum(r.status = 'absent') AS absent
		FROM private_record AS r WHERE r.person_id = :person_id AND NOT r.is_cancelled
			AND (r.date < date_add(:today, -4)
				OR run_is_over(r.date, r.start, r.end, r.zone, r.opens_min,
				r.closes_min, :now))
		GROUP BY 2, 1),
	-- In the year of the first entry, dates before it do not count.
	counted AS (SELECT *, json_extract(:held, '$."' || group_id || '/' || year || '"') - excused
			- CASE WHEN first = (SELECT min(first) FROM line WHERE group_id = l.group_id) THEN (SELECT count(*)
				FROM (SELECT c.group_id, c.date, c.start, c.run_id
						FROM public_count AS c CROSS JOIN private_attendance AS a ON a.run_id = c.run_id
						WHERE c.group_id = l.group_id AND c.date = l.first AND a.person_id = :person_id AND NOT c.is_cancelled
							AND run_is_over(c.date, c.start, c.end, c.zone, c.opens_min, c.closes_min, :now)
						ORDER BY c.start, c.run_id LIMIT 1) AS f
					CROSS JOIN public_count AS r ON r.group_id = f.group_id
						AND r.date BETWEEN l.year || '-01-01' AND f.date
				WHERE (r.date, r.start, r.run_id) < (f.date, f.start, f.run_id) AND NOT r.is_cancelled
					AND run_is_over(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min, :now)) ELSE 0 END AS due
		FROM line AS l)
SELECT l.year, g.name AS "group", g.slug, came, due, CAST(round(100.0 * came / due) AS INTEGER) AS rate, late, minutes, excused, absent
FROM counted AS l JOIN public_group AS g ON g.id = l.group_id ORDER BY l.year DESC, g.name, g.id
-- The latest dates, and one more row if there are more.
-- @query entries
SELECT e.number > :most AS is_more, r.path, r.date, date_near(r.date, '', :language) AS words,
	r.title, nullif(r.group_name, r.title) AS of_group,
	nullif(a.status, 'present') AS remark, a.proof,
	CASE WHEN a.status IN ('present', 'late') THEN wall_time(a.since, r.zone) END AS time
FROM (SELECT run_id, row_number() OVER (ORDER BY date DESC, start DESC, run_id DESC) AS number
		FROM (SELECT c.id AS run_id, c.date, c.start FROM private_record AS c
			WHERE c.person_id = :person_id AND NOT c.is_cancelled
				AND (c.date < date_add(:today, -4)
					OR run_is_over(c.date, c.start, c.end, c.zone, c.opens_min,
					c.closes_min, :now))
			ORDER BY c.date DESC, c.start DESC, c.id DESC LIMIT :most + 1)) AS e
	CROSS JOIN public_run AS r ON r.id = e.run_id CROSS JOIN private_attendance AS a ON a.run_id = e.run_id AND a.person_id = :person_id
ORDER BY e.number
