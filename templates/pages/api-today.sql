-- api-today.sql: the runs of today, and a run of last night that is still open, for programs.
-- @page public api/calendar/today.json
-- @query keys
SELECT 'today' AS key WHERE :since = 0 OR EXISTS (SELECT 1 FROM temp.changed
	WHERE kind IN ('run', 'group', 'place', 'settled', 'state', 'today'))
-- @query page
SELECT key, EXISTS (SELECT 1 FROM public_run WHERE NOT is_cancelled AND date BETWEEN date_add(:today, -1) AND :today
	AND (date = :today OR run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open')) AS has_run
	FROM temp.touched
-- @query runs
SELECT session, date, start, end, zone,
	group_name, title, place_name, came,
	run_is_over(date, start, end, zone, opens_min, closes_min, :now) AS is_over,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) AS state
FROM public_run WHERE date BETWEEN date_add(:today, -1) AND :today
	AND (date = :today OR run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open')
ORDER BY date, start, title, id
