-- history-month.sql: the past runs of a month, with their counts. "newer" and "older" are the nearest months
-- that have any.
-- @page public history/{month}/index.html
-- @query keys
WITH dated(month) AS (
		SELECT substr(key, 1, 7) FROM temp.changed WHERE kind = 'date'
		UNION SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key WHERE c.kind = 'state'),
	touched(key) AS (
		SELECT substr(date, 1, 7) FROM public_count WHERE :since = 0
		UNION SELECT month FROM dated
		-- The months beside one that appears or disappears link to it.
		UNION SELECT (SELECT month FROM public_run WHERE date < d.month || '-01'
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date DESC LIMIT 1) FROM dated AS d
		UNION SELECT (SELECT month FROM public_run WHERE date > d.month || '-31' AND date <= date_add(:today, 2)
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date LIMIT 1) FROM dated AS d
		UNION SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key
			WHERE c.kind IN ('run', 'settled')
		UNION SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.group_id = c.key
			WHERE c.kind = 'group'
		UNION SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key
			WHERE c.kind = 'place')
SELECT key FROM touched WHERE key IS NOT NULL
-- @query page
SELECT h.*, substr(month, 1, 4) AS year, month_words(month, :language) AS heading, month_words(older, :language) AS older_words,
	month_words(newer, :language) AS newer_words
FROM (SELECT m.month AS key, m.month,
	(SELECT month FROM public_run WHERE date < m.month || '-01'
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
		ORDER BY date DESC LIMIT 1) AS older,
	(SELECT month FROM public_run WHERE date > m.month || '-31' AND date <= date_add(:today, 2)
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
		ORDER BY date LIMIT 1) AS newer
	FROM (SELECT key AS month FROM temp.touched) AS m
	WHERE EXISTS (SELECT 1 FROM public_run WHERE date BETWEEN m.month || '-01' AND m.month || '-31'
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now))) AS h
-- @include history-table
