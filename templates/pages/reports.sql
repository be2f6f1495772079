-- reports.sql: which reports there are, for the club and for each group, with their sums. The key
-- is the group's id, 0 for the club; `held` has an item for each month, [[month, runs, came]].
-- @page private {path}index.html
-- @query keys
WITH touched(group_id) AS (
	SELECT id FROM public_group WHERE :since = 0
	UNION SELECT key FROM temp.changed WHERE kind IN ('group', 'timetable')
	UNION SELECT r.group_id FROM temp.changed AS c JOIN public_count AS r ON r.run_id = c.key WHERE c.kind IN ('settled', 'run'))
SELECT group_id AS key FROM touched UNION SELECT 0 WHERE :since = 0 OR EXISTS (SELECT 1 FROM touched)
-- @query page
SELECT *, held <> '[]' AS has_dates, EXISTS (SELECT 1 FROM public_group) AS has_groups FROM (
SELECT t.key, t.key AS group_id, CASE t.key WHEN 0 THEN '' ELSE '../../' END AS home, g.name AS group_name,
	'reports/' || c.capability || '/' || CASE t.key WHEN 0 THEN '' ELSE 'groups/' || g.slug || '/' END AS path,
	CASE t.key WHEN 0 THEN 'club/' ELSE '' END AS base, c.capability,
	(SELECT json_group_array(json_array(month, runs, came))
		FROM (SELECT substr(date, 1, 7) AS month, count(*) AS runs, sum(came) AS came
		FROM public_count
		WHERE (t.key = 0 OR group_id = t.key) AND date <= date_add(:today, 2) AND NOT is_cancelled
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) GROUP BY 1)) AS held
FROM temp.touched AS t JOIN private_club AS c LEFT JOIN public_group AS g ON g.id = t.key WHERE t.key = 0 OR g.id IS NOT NULL)
-- @query groups
SELECT name AS "group", slug FROM public_group WHERE :group_id = 0 ORDER BY name, id
-- @query spans
SELECT span, span = 'season' AS is_season
	FROM (SELECT 1 AS place, 'year' AS span UNION SELECT 2, 'season')
WHERE :held <> '[]' ORDER BY place
-- From the row around it: span.
-- @query ranges
SELECT range, replace(range, '-', '–') AS words, sum(runs) AS runs, sum(came) AS came, round(1.0 * sum(came) / sum(runs), 1) AS average
FROM (SELECT CASE :span WHEN 'year' THEN substr(month, 1, 4)
		ELSE (substr(month, 1, 4) - (substr(month, 6) < '09')) || '-'
			|| (substr(month, 1, 4) + (substr(month, 6) >= '09')) END AS range,
		runs, came
	FROM (SELECT value ->> 0 AS month, value ->> 1 AS runs, value ->> 2 AS came FROM json_each(:held)))
GROUP BY range ORDER BY range DESC
-- @query years
SELECT substr(value ->> 0, 1, 4) AS year, row_number() OVER (ORDER BY substr(value ->> 0, 1, 4) DESC) = 1 AS is_newest
FROM json_each(:held) GROUP BY year ORDER BY year DESC
-- From the row around it: year.
-- @query months
WITH month AS (SELECT value ->> 0 AS month, value ->> 1 AS runs, value ->> 2 AS came
	FROM json_each(:held) WHERE substr(value ->> 0, 1, 4) = :year)
SELECT month, month_name(month, :language) AS words, runs, came,
	round(1.0 * came / runs, 1) AS average,
	100 * came / max(1, (SELECT max(came) FROM month)) AS share
FROM month ORDER BY month DESC
