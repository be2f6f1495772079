-- api-history-month.sql: the past runs of a month, with their counts and the sums, for programs.
-- @page public api/history/{month}.json
-- @query keys
SELECT substr(date, 1, 7) AS key FROM public_count WHERE :since = 0
UNION ALL SELECT substr(key, 1, 7) FROM temp.changed WHERE kind = 'date'
UNION ALL SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key WHERE c.kind IN ('run', 'settled')
UNION ALL SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.group_id = c.key WHERE c.kind = 'group'
UNION ALL SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key WHERE c.kind = 'place'
-- @query page
SELECT t.key, t.key AS month, count(*) AS times, sum(r.is_cancelled) AS cancelled, sum(r.came) AS came, sum(r.late) AS late,
	sum(r.excused) AS excused, sum(r.absent) AS absent, sum((SELECT number FROM public_debut WHERE run_id = r.id)) AS newcomers
FROM temp.touched AS t JOIN public_run AS r ON r.date BETWEEN t.key || '-01' AND t.key || '-31'
WHERE run_is_over(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min, :now)
GROUP BY t.key
-- @query runs
SELECT session, date, start, end, zone, group_name,
	title, place_name, path, is_cancelled, reason, came, late, excused, absent
FROM public_run WHERE date BETWEEN :month || '-01' AND :month || '-31' AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date, start, title, id
