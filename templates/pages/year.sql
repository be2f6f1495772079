-- SPDX-License-Identifier: ISC
-- year.sql: a year in twelve months. What is still to come counts as planned, and a run's numbers count when it is over.
-- @page public years/{year}/index.html
-- @query keys
WITH dated(year) AS (SELECT substr(key, 1, 4) FROM temp.changed WHERE kind = 'date'),
	touched(key) AS (
		SELECT year FROM public_run WHERE :since = 0
		UNION SELECT year FROM dated
		-- A year that came or went is a new neighbour for those beside it.
		UNION SELECT (SELECT year FROM public_run WHERE date < d.year ORDER BY date DESC LIMIT 1)
			FROM dated AS d
		UNION SELECT (SELECT year FROM public_run WHERE date > d.year || '-12-31' ORDER BY date LIMIT 1)
			FROM dated AS d
		UNION SELECT r.year FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key
			WHERE c.kind IN ('run', 'settled'))
SELECT key FROM touched WHERE key IS NOT NULL
-- @query page
SELECT y.year AS key, y.year, y.runs, y.counted, y.came,
	CAST(round(1.0 * y.came / max(y.counted, 1)) AS INTEGER) AS average,
	(SELECT year FROM public_run WHERE date < y.year ORDER BY date DESC LIMIT 1) AS earlier,
	(SELECT year FROM public_run WHERE date > y.year || '-12-31' ORDER BY date LIMIT 1) AS later
FROM (SELECT t.key AS year, count(r.id) AS runs, sum(NOT r.is_cancelled AND r.over_came > 0) AS counted,
		sum(r.over_came) AS came
	FROM temp.touched AS t JOIN (SELECT *, CASE WHEN run_is_over(date, start, end, zone, opens_min, closes_min, :now) THEN came ELSE 0 END AS over_came FROM public_run) AS r
		ON r.date BETWEEN t.key || '-01-01' AND t.key || '-12-31'
	GROUP BY t.key) AS y
-- @query months
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12),
	m(month) AS (SELECT :year || printf('-%02d', i) FROM n),
	s AS (SELECT m.month, count(r.id) AS runs, coalesce(sum(r.is_cancelled), 0) AS cancelled,
			coalesce(sum(r.over_came > 0), 0) AS counted,
			coalesce(sum(r.over_came), 0) AS came
		FROM m LEFT JOIN (SELECT *, CASE WHEN run_is_over(date, start, end, zone, opens_min, closes_min, :now) THEN came ELSE 0 END AS over_came FROM public_run) AS r
			ON r.date BETWEEN m.month || '-01' AND m.month || '-31'
		GROUP BY m.month)
SELECT *, substr(month_words(month), 1, length(month_words(month)) - 5) AS name,
	CAST(round(1.0 * came / max(counted, 1)) AS INTEGER) AS average,
	100 * came / max(1, (SELECT max(came) FROM s)) AS share
FROM s ORDER BY month
