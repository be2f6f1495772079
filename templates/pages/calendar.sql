-- SPDX-License-Identifier: ISC
-- calendar.sql: the calendar's front page: the month of today, else the next with a run, else the last.
-- @page public calendar/index.html
-- @query keys
SELECT 'calendar' AS key
-- @query page
SELECT m.*, CASE WHEN EXISTS (SELECT 1 FROM public_run) THEN substr(month, 1, 4) END AS year,
	month_words(month) AS heading, month_words(earlier) AS earlier_words,
	month_words(later) AS later_words
FROM (SELECT t.key, m.month,
	(SELECT month FROM public_run WHERE date < m.month || '-01' ORDER BY date DESC LIMIT 1) AS earlier,
	(SELECT month FROM public_run WHERE date > m.month || '-31' ORDER BY date LIMIT 1) AS later
	FROM temp.touched AS t JOIN (SELECT coalesce(
		(SELECT month FROM public_run WHERE date >= substr(:today, 1, 7) || '-01'
			ORDER BY date LIMIT 1),
		(SELECT month FROM public_run ORDER BY date DESC LIMIT 1),
		substr(:today, 1, 7)) AS month) AS m) AS m
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
SELECT path, start, title, nullif(group_name, title) AS of_group, is_cancelled, reason, came,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open' AS is_open
FROM public_run WHERE date = :day ORDER BY start, title, id
