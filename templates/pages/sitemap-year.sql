-- sitemap-year.sql: a year, its months, its groups' years and its runs. The page of a run changed
-- when the run did, when it ended, and when somebody was marked after that.
-- @page public sitemap/{year}.xml
-- @query keys
SELECT substr(date, 1, 4) AS key FROM public_count WHERE :since = 0
UNION ALL SELECT substr(key, 1, 4) FROM temp.changed WHERE kind = 'date'
UNION ALL SELECT r.year FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key WHERE c.kind IN ('run', 'settled')
-- @query page
SELECT t.key, t.key AS year FROM temp.touched AS t
WHERE EXISTS (SELECT 1 FROM public_run WHERE date BETWEEN t.key || '-01-01' AND t.key || '-12-31')
-- @query urls
WITH dated AS (SELECT path, group_slug, month, date, start, id, zone, updated_at, counted_at,
		run_is_over(date, start, end, zone, opens_min, closes_min, :now) AS is_over,
		run_closes(date, start, end, zone, opens_min, closes_min) AS closes
	FROM public_run WHERE date BETWEEN :year || '-01-01' AND :year || '-12-31')
SELECT 'years/' || :year || '/' AS path, NULL AS changed
UNION ALL SELECT 'calendar/' || month || '/', NULL FROM (SELECT DISTINCT month FROM dated ORDER BY month)
UNION ALL SELECT 'history/' || month || '/', NULL FROM (SELECT DISTINCT month FROM dated WHERE is_over ORDER BY month)
UNION ALL SELECT 'groups/' || group_slug || '/' || :year || '/', NULL
	FROM (SELECT DISTINCT group_slug FROM dated WHERE is_over ORDER BY group_slug)
UNION ALL SELECT path, iso(CASE WHEN is_over THEN max(updated_at, closes, counted_at) ELSE updated_at END, zone)
	FROM (SELECT * FROM dated ORDER BY date, start, id)
