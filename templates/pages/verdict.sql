-- verdict.sql: one page for each verdict, to which a form sent without JavaScript is redirected; it
-- links to what is open now.
-- @page public R/{code}/index.html
-- @query keys
SELECT DISTINCT code AS key FROM temp.status WHERE http <> 0 AND (:since = 0
	OR EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('run', 'group', 'state')))
-- @query page
SELECT s.code AS key, s.code, s.http, s.title AS verdict, s.sentence, s.http < 300 AS is_in
FROM temp.touched AS t JOIN temp.status AS s ON s.code = t.key AND s.language = :language
-- @query open_runs
SELECT path, title, nullif(group_name, title) AS of_group, start,
	nullif(zone, (SELECT zone FROM public_club)) AS other_zone FROM public_run
WHERE NOT :is_in AND date BETWEEN date_add(:today, -2) AND date_add(:today, 2)
	AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open'
ORDER BY date, start, title, id LIMIT 10
