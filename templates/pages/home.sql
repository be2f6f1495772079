-- SPDX-License-Identifier: ISC
-- home.sql: the front page: what is open or next, this month, the latest counts, the groups. Rendered at every
-- publish.
-- @page public index.html
-- @query keys
-- Of the counts, those of an open run and of the latest that are over.
SELECT 'home' AS key WHERE :since = 0
	OR EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('run', 'group', 'place', 'timetable', 'settled', 'state', 'today'))
	OR EXISTS (SELECT 1 FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key
		WHERE c.kind = 'count' AND r.date BETWEEN date_add(:today, -2) AND date_add(:today, 2))
-- @query page
SELECT t.key, substr(:today, 1, 7) AS month, month_words(substr(:today, 1, 7)) AS heading,
	EXISTS (SELECT 1 FROM public_run WHERE date >= substr(:today, 1, 7) || '-01'
		AND date <= substr(:today, 1, 7) || '-31') AS has_month,
	EXISTS (SELECT 1 FROM public_run WHERE date >= date_add(:today, -2)
		AND NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now)
		AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now)
			<> 'open') AS has_coming
FROM temp.touched AS t
-- @query open_runs
SELECT *, nullif(group_name, title) AS of_group, date_words(date) AS day_words,
	zone_short(date, start, zone) AS zone_name,
	wall_time(run_closes(date, start, end, zone, opens_min, closes_min), zone) AS closes
FROM public_run
WHERE date BETWEEN date_add(:today, -2) AND date_add(:today, 2)
	AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open'
ORDER BY date, start, title, id
-- @query next_run
SELECT *, nullif(group_name, title) AS of_group, date_words(date) AS day_words,
	zone_short(date, start, zone) AS zone_name, date = :today AS is_today,
	wall_time(run_opens(date, start, end, zone, opens_min, closes_min), zone) AS opens
FROM public_run
WHERE date >= date_add(:today, -2)
	AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'scheduled'
ORDER BY date, start, title, id LIMIT 1
-- @query coming
SELECT path, date, date_short(date) || CASE WHEN substr(date, 1, 4) <> substr(:today, 1, 4)
	THEN ' ' || substr(date, 1, 4) ELSE '' END AS date_short,
	start, end, title, nullif(group_name, title) AS of_group, place_name, is_cancelled, reason, came,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open' AS is_open,
	0 AS has_count
FROM public_run
WHERE date >= date_add(:today, -2)
	AND NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now)
	AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) <> 'open'
ORDER BY date, start, title, id LIMIT 5
-- @query latest
SELECT path, date, date_short(date) || CASE WHEN substr(date, 1, 4) <> substr(:today, 1, 4)
	THEN ' ' || substr(date, 1, 4) ELSE '' END AS date_short,
	start, end, title, nullif(group_name, title) AS of_group, place_name, is_cancelled, reason, came,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open' AS is_open,
	NOT is_cancelled AS has_count
FROM public_run
WHERE date <= date_add(:today, 2)
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date DESC, start DESC, title, id LIMIT 5
-- @query weeks
WITH RECURSIVE week(monday) AS (
	SELECT date_add(:month || '-01', 1 - weekday(:month || '-01'))
	UNION ALL
	SELECT date_add(monday, 7) FROM week WHERE substr(date_add(monday, 7), 1, 7) = :month)
SELECT monday FROM week
-- @query days
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 6),
	d(day) AS (SELECT date_add(:monday, i) FROM n)
SELECT day, substr(day, 1, 7) = :month AS is_in, CAST(substr(day, 9) AS INTEGER) AS number,
	CASE WHEN day = :today THEN 'today' END AS kind,
	(SELECT group_concat(title, ', ') FROM (SELECT title FROM public_run WHERE date = day
		AND NOT is_cancelled ORDER BY start, title, id)) AS titles
FROM d ORDER BY day
-- @query groups
SELECT path, name,
	(SELECT group_concat(words, '; ') FROM (SELECT rule_words(rule) || ' ' || start AS words
		FROM public_schedule WHERE group_id = g.id ORDER BY first, start, id)) AS timetable
FROM public_group AS g ORDER BY name, id LIMIT 12
-- @query more_groups
SELECT count(*) - 12 AS more FROM public_group HAVING count(*) > 12
