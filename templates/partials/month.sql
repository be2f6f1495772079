-- SPDX-License-Identifier: ISC
-- month.sql: the days of a month, for partials/month.html. Row around: month. Counts are those of runs that are over.
-- @query weeks
WITH RECURSIVE week(monday) AS (
	SELECT date_add(:month || '-01', 1 - weekday(:month || '-01'))
	UNION ALL
	SELECT date_add(monday, 7) FROM week WHERE substr(date_add(monday, 7), 1, 7) = :month)
SELECT monday FROM week
-- @query days
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 6),
	d(day) AS (SELECT date_add(:monday, i) FROM n)
SELECT day, day = :today AS is_today, substr(day, 1, 7) = :month AS is_in,
	CAST(substr(day, 9) AS INTEGER) AS number,
	substr(date_short(day), 1, 3) AS weekday_short,
	CASE WHEN day = :today THEN 'has today' WHEN EXISTS (SELECT 1 FROM public_run WHERE date = day)
		THEN 'has' ELSE 'none' END AS kind
FROM d ORDER BY day
-- @query day_runs
SELECT path, start, title, nullif(group_name, title) AS of_group, is_cancelled, reason,
	CASE WHEN run_is_over(date, start, end, zone, opens_min, closes_min, :now) THEN came END AS came,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open' AS is_open
FROM public_run WHERE date = :day ORDER BY start, title, id
