-- api-attendance.sql: how many came today, and to a run of last night that is still open, for
-- programs.
-- @page public api/attendance/today.json
-- @query keys
-- A changed count matters only if its run is one of these.
SELECT 'attendance' AS key WHERE :since = 0
UNION ALL SELECT 'attendance' FROM temp.changed WHERE kind IN ('run', 'group', 'state', 'today')
UNION ALL SELECT 'attendance' FROM temp.changed AS c JOIN public_link AS r ON r.run_id = c.key
	WHERE c.kind = 'count' AND r.date BETWEEN date_add(:today, -1) AND :today
-- @query page
SELECT key, (SELECT coalesce(sum(came), 0) FROM public_count WHERE date BETWEEN date_add(:today, -1) AND :today
	AND (date = :today OR run_state(date, start, end, zone, opens_min, closes_min, is_cancelled,
		:now) = 'open')) AS total FROM temp.touched
-- @query runs
SELECT session, title, group_name, start, came,
	late, excused, absent,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) AS state
FROM public_run WHERE date BETWEEN date_add(:today, -1) AND :today
	AND (date = :today OR run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open')
ORDER BY date, start, title, id
