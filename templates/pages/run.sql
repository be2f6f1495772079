-- SPDX-License-Identifier: ISC
-- run.sql: one run: when, where, its state, how many came and, as far as they may be seen, who.
-- @page public {path}index.html
-- @query keys
SELECT id AS key FROM public_run WHERE :since = 0
UNION SELECT key FROM temp.changed WHERE kind IN ('run', 'count', 'near', 'state')
UNION SELECT r.id FROM temp.changed AS c JOIN public_run AS r ON r.group_id = c.key WHERE c.kind = 'group'
UNION SELECT r.id FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key WHERE c.kind = 'place'
-- The live count of the day.
UNION SELECT r.id FROM temp.changed AS c JOIN public_run AS r ON r.date BETWEEN date_add(c.key, -2) AND date_add(c.key, 2)
	WHERE c.kind = 'today'
-- @query page
SELECT r.id AS key, r.*, date_words(date) AS day_words, month_words(month) AS month_name,
	zone_short(date, start, zone) AS zone_name,
	iso(run_starts(date, start, end, zone, opens_min, closes_min), zone) AS starts_iso,
	iso(run_ends(date, start, end, zone, opens_min, closes_min), zone) AS ends_iso,
	wall_time(run_opens(date, start, end, zone, opens_min, closes_min), zone) AS opens,
	wall_date(run_opens(date, start, end, zone, opens_min, closes_min), zone) <> date AS opens_before,
	wall_time(run_closes(date, start, end, zone, opens_min, closes_min), zone) AS closes,
	state = 'open' AS is_open, state = 'scheduled' AS is_scheduled, state = 'closed' AS is_over,
	title <> group_name AS is_own,
	CASE WHEN title = group_name THEN '' ELSE title END AS own_title,
	state IN ('open', 'closed') OR came > 0 AS has_count, late + excused + absent AS has_more,
	came + excused + absent - shown AS hidden
FROM temp.touched AS t JOIN (SELECT *,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) AS state,
	NOT is_cancelled
		AND :today IN (wall_date(run_opens(date, start, end, zone, opens_min, closes_min), zone),
		wall_date(run_closes(date, start, end, zone, opens_min, closes_min), zone)) AS is_live,
	(SELECT count(*) FROM public_attendance WHERE run_id = p.id) AS shown,
	EXISTS (SELECT 1 FROM public_attendance WHERE run_id = p.id
		AND status IN ('present', 'late')) AS shown_came,
	EXISTS (SELECT 1 FROM public_attendance WHERE run_id = p.id AND status = 'excused') AS shown_excused,
	EXISTS (SELECT 1 FROM public_attendance WHERE run_id = p.id AND status = 'absent') AS shown_absent
	FROM public_run AS p) AS r ON r.id = t.key
-- @query came_people
SELECT name, status = 'late' AS is_late FROM public_attendance
WHERE run_id = :id AND status IN ('present', 'late') ORDER BY ordinal, since, name
-- @query excused_people
SELECT name FROM public_attendance WHERE run_id = :id AND status = 'excused' ORDER BY name
-- @query absent_people
SELECT name FROM public_attendance WHERE run_id = :id AND status = 'absent' ORDER BY name
-- The order is that of the change log's "near": an untitled run first.
-- @query before
SELECT path, date_short(date) || CASE WHEN year <> :year THEN ' ' || year ELSE '' END AS date_short
	FROM public_run
WHERE group_id = :group_id AND (date, start, CASE WHEN title = group_name THEN '' ELSE title END, id)
	< (:date, :start, :own_title, :id)
ORDER BY date DESC, start DESC, CASE WHEN title = group_name THEN '' ELSE title END DESC, id DESC LIMIT 1
-- @query after
SELECT path, date_short(date) || CASE WHEN year <> :year THEN ' ' || year ELSE '' END AS date_short
	FROM public_run
WHERE group_id = :group_id AND (date, start, CASE WHEN title = group_name THEN '' ELSE title END, id)
	> (:date, :start, :own_title, :id)
ORDER BY date, start, CASE WHEN title = group_name THEN '' ELSE title END, id LIMIT 1
