-- places.sql: all places, and the next run at each.
-- @page public places/index.html
-- @query keys
SELECT 'places' AS key WHERE :since = 0 OR EXISTS (SELECT 1 FROM temp.changed
	WHERE kind IN ('place', 'timetable', 'group', 'state', 'today'))
-- @query page
SELECT key FROM temp.touched
-- @query places
SELECT id, path, name, address FROM public_place ORDER BY name, id
-- @query next_here
SELECT path, title, start, nullif(zone, (SELECT zone FROM public_club)) AS other_zone,
	date_near(date, :today, :language) AS date_short
FROM public_run
WHERE place_id = :id AND date >= date_add(:today, -2)
	AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) IN ('scheduled', 'open')
ORDER BY date, start, title, id LIMIT 1
