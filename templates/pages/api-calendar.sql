-- api-calendar.sql: the runs of the last 31 days and all runs ahead, for programs. Rendered at every publish,
-- because it depends on the clock.
-- @page public api/calendar.json
-- @query keys
SELECT 'calendar' AS key WHERE :since = 0
	OR EXISTS (SELECT 1 FROM temp.changed
		WHERE kind IN ('run', 'group', 'place', 'settled', 'state', 'today'))
-- @query page
SELECT key FROM temp.touched
-- @query runs
SELECT session, date, start, end, zone,
	group_name, title, place_name, came,
	run_is_over(date, start, end, zone, opens_min, closes_min, :now) AS is_over,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) AS state
FROM public_run WHERE date >= date_add(:today, -31) ORDER BY date, start, title, id
