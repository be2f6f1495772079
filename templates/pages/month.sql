-- SPDX-License-Identifier: ISC
-- month.sql: a month of the calendar that has runs; "earlier" and "later" lead to the next such months, and
-- stop at the ends.
-- @page public calendar/{month}/index.html
-- @query keys
WITH dated(month) AS (SELECT substr(key, 1, 7) FROM temp.changed WHERE kind = 'date'),
	touched(key) AS (
		SELECT month FROM public_run WHERE :since = 0
		UNION SELECT month FROM dated
		-- A month that came or went is a new neighbour for those beside it.
		UNION SELECT (SELECT month FROM public_run WHERE date < d.month || '-01'
			ORDER BY date DESC LIMIT 1) FROM dated AS d
		UNION SELECT (SELECT month FROM public_run WHERE date > d.month || '-31' ORDER BY date LIMIT 1)
			FROM dated AS d
		UNION SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key
			WHERE c.kind IN ('run', 'count')
		UNION SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.group_id = c.key
			WHERE c.kind = 'group'
		-- Today is marked, and so are runs that are open.
		UNION SELECT substr(:today, 1, 7) WHERE :today <> :then_day
		UNION SELECT substr(:then_day, 1, 7) WHERE :today <> :then_day
		UNION SELECT month FROM public_run
			WHERE date BETWEEN date_add(min(:then_day, :today), -2)
				AND date_add(max(:then_day, :today), 2)
			AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :then)
		<> run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now))
SELECT key FROM touched WHERE key IS NOT NULL
-- @query page
SELECT m.*, substr(month, 1, 4) AS year, month_words(month) AS heading, month_words(earlier) AS earlier_words,
	month_words(later) AS later_words
FROM (SELECT m.month AS key, m.month,
	(SELECT month FROM public_run WHERE date < m.month || '-01' ORDER BY date DESC LIMIT 1) AS earlier,
	(SELECT month FROM public_run WHERE date > m.month || '-31' ORDER BY date LIMIT 1) AS later
	FROM (SELECT key AS month FROM temp.touched) AS m
	WHERE EXISTS (SELECT 1 FROM public_run WHERE date BETWEEN m.month || '-01' AND m.month || '-31')) AS m
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
