-- history-year.sql: the runs of a year with their counts, for history-csv and history-json. The
-- counts of a run that is not over are not yet known.
-- @query keys
WITH touched(key) AS (
	SELECT substr(date, 1, 4) FROM public_count WHERE :since = 0
	UNION SELECT substr(key, 1, 4) FROM temp.changed WHERE kind = 'date'
	UNION SELECT r.year FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key
		WHERE c.kind IN ('run', 'settled', 'state')
	UNION SELECT r.year FROM temp.changed AS c JOIN public_run AS r ON r.group_id = c.key WHERE c.kind = 'group'
	UNION SELECT r.year FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key WHERE c.kind = 'place')
SELECT key FROM touched WHERE key IS NOT NULL
-- @query page
SELECT t.key, t.key AS year FROM temp.touched AS t
WHERE EXISTS (SELECT 1 FROM public_run WHERE date BETWEEN t.key || '-01-01' AND t.key || '-12-31')
-- @query runs
SELECT date, start, end, zone, group_name, title, place_name, path, reason, session,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) AS state,
	run_is_over(date, start, end, zone, opens_min, closes_min, :now) AS is_over, present, late, excused, absent
FROM public_run WHERE date BETWEEN :year || '-01-01' AND :year || '-12-31'
ORDER BY date, start, title, id
