-- groups.sql: all groups with their timetable and next run. Rendered at every publish, because it depends on
-- the clock.
-- @page public groups/index.html
-- @query keys
SELECT 'groups' AS key WHERE :since = 0 OR EXISTS (SELECT 1 FROM temp.changed
	WHERE kind IN ('run', 'group', 'timetable', 'place', 'state', 'today'))
-- @query page
SELECT key FROM temp.touched
-- @query groups
SELECT g.id, g.path, g.name, (SELECT group_concat(words, '; ') FROM (SELECT rule_words(rule, :language) || ' ' || start
			|| coalesce(' ' || nullif(zone, (SELECT zone FROM public_club)), '') AS words
	FROM public_schedule WHERE group_id = g.id ORDER BY first, start, id)) AS timetable
FROM public_group AS g ORDER BY g.name, g.id
-- @query next_run
SELECT path AS next_path, date_short(date, :language) AS next_day, start AS next_start,
	nullif(zone, (SELECT zone FROM public_club)) AS other_zone FROM public_run
WHERE group_id = :id AND date >= date_add(:today, -2)
	AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) IN ('scheduled', 'open')
ORDER BY date, start, title, id LIMIT 1
