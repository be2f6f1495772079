-- SPDX-License-Identifier: ISC
-- group.sql: a group: its timetable in words, what comes, the latest counts.
-- @page public {path}index.html
-- @query keys
SELECT id AS key FROM public_group WHERE :since = 0
UNION SELECT key FROM temp.changed WHERE kind IN ('group', 'timetable')
UNION SELECT r.group_id FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key
	WHERE c.kind IN ('run', 'settled', 'state')
UNION SELECT r.group_id FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key WHERE c.kind = 'place'
UNION SELECT s.group_id FROM temp.changed AS c JOIN public_schedule AS s ON s.place_id = c.key WHERE c.kind = 'place'
-- Dates of another year than today's say so, and what comes next depends on the day.
UNION SELECT id FROM public_group WHERE EXISTS (SELECT 1 FROM temp.changed WHERE kind = 'today')
-- @query page
SELECT g.id AS key, g.*, EXISTS (SELECT 1 FROM public_run WHERE group_id = g.id AND date <= date_add(:today, 2)
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			LIMIT 1 OFFSET 12) AS has_earlier
FROM temp.touched AS t JOIN public_group AS g ON g.id = t.key
-- @query timetable
SELECT nullif(title, :name) AS title, rule_words(rule) AS words, start, end, place_name FROM public_schedule
	WHERE group_id = :id ORDER BY first, start, id
-- @query coming
SELECT path, date, date_short(date) || CASE WHEN substr(date, 1, 4) <> substr(:today, 1, 4)
	THEN ' ' || substr(date, 1, 4) ELSE '' END AS date_short,
	start, end, title, NULL AS of_group, place_name, is_cancelled, reason, came,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open' AS is_open,
	0 AS has_count
FROM public_run
WHERE group_id = :id AND date >= date_add(:today, -2)
	AND NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date, start, title, id LIMIT 6
-- @query latest
SELECT path, date, date_short(date) || CASE WHEN substr(date, 1, 4) <> substr(:today, 1, 4)
	THEN ' ' || substr(date, 1, 4) ELSE '' END AS date_short,
	start, end, title, NULL AS of_group, place_name, is_cancelled, reason, came,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open' AS is_open,
	NOT is_cancelled AS has_count
FROM public_run
WHERE group_id = :id AND date <= date_add(:today, 2)
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date DESC, start DESC, title, id LIMIT 12
-- @query earlier
SELECT path, date, substr(date_short(date), 5) || ' ' || substr(date, 1, 4) AS words, came, is_cancelled
FROM public_run
WHERE group_id = :id AND date <= date_add(:today, 2)
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date DESC, start DESC, title, id LIMIT 200 OFFSET 12
