-- history.sql: the newest month of the history, and links to all others. Rendered at every publish.
-- @page public history/index.html
-- @query keys
SELECT 'history' AS key WHERE :since = 0
	OR EXISTS (SELECT 1 FROM temp.changed
		WHERE kind IN ('run', 'group', 'place', 'settled', 'state', 'today'))
-- @query page
SELECT h.*, substr(month, 1, 4) AS year, month_words(month, :language) AS heading, month_words(older, :language) AS older_words,
	month_words(newer, :language) AS newer_words
FROM (SELECT t.key, m.month,
	(SELECT month FROM public_run WHERE date < m.month || '-01'
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
		ORDER BY date DESC LIMIT 1) AS older,
	(SELECT month FROM public_run WHERE date > m.month || '-31' AND date <= date_add(:today, 2)
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
		ORDER BY date LIMIT 1) AS newer
	FROM temp.touched AS t JOIN (SELECT coalesce(
		(SELECT month FROM public_run WHERE date <= date_add(:today, 2)
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			ORDER BY date DESC LIMIT 1),
		substr(:today, 1, 7)) AS month) AS m) AS h
-- @include history-table
-- @query years
WITH RECURSIVE y(past) AS (
	SELECT (SELECT year FROM public_run WHERE date <= :today ORDER BY date DESC LIMIT 1)
	UNION ALL
	SELECT (SELECT year FROM public_run WHERE date < past ORDER BY date DESC LIMIT 1) FROM y
		WHERE past IS NOT NULL)
SELECT past FROM y WHERE past IS NOT NULL
-- @query months
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12),
	m(past_month) AS (SELECT :past || printf('-%02d', i) FROM n)
SELECT past_month, month_name(past_month, :language) AS words FROM m
WHERE EXISTS (SELECT 1 FROM public_run WHERE date BETWEEN past_month || '-01' AND past_month || '-31'
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now))
-- @query groups
SELECT name, path FROM public_group ORDER BY name, id
