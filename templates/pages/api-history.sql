-- api-history.sql: the months of the history, newest first, for programs; their own files have the sums.
-- @page public api/history/index.json
-- @query keys
SELECT 'history' AS key WHERE :since = 0 OR EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('run', 'settled', 'date'))
-- @query page
SELECT key FROM temp.touched
-- @query months
WITH RECURSIVE m(month) AS (
	SELECT (SELECT month FROM public_run WHERE date <= date_add(:today, 2)
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date DESC LIMIT 1)
	UNION ALL
	SELECT (SELECT month FROM public_run WHERE date < m.month || '-01'
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date DESC LIMIT 1)
	FROM m WHERE month IS NOT NULL)
SELECT month FROM m WHERE month IS NOT NULL
