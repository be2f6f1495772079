-- month.sql: a month of the calendar that has runs; "earlier" and "later" are the nearest such months, and
-- missing at the ends.
-- @page public calendar/{month}/index.html
-- @query keys
WITH dated(month) AS (SELECT substr(key, 1, 7) FROM temp.changed WHERE kind = 'date'),
	touched(key) AS (
		SELECT substr(date, 1, 7) FROM public_count WHERE :since = 0
		UNION SELECT month FROM dated
		-- The months beside one that appears or disappears link to it.
		UNION SELECT (SELECT month FROM public_run WHERE date < d.month || '-01'
			ORDER BY date DESC LIMIT 1) FROM dated AS d
		UNION SELECT (SELECT month FROM public_run WHERE date > d.month || '-31' ORDER BY date LIMIT 1)
			FROM dated AS d
		UNION SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key
			WHERE c.kind IN ('run', 'settled', 'state')
		UNION SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.group_id = c.key
			WHERE c.kind = 'group'
		UNION SELECT substr(key, 1, 7) FROM temp.changed WHERE kind = 'today')
SELECT key FROM touched WHERE key IS NOT NULL
-- @query page
SELECT m.*, substr(month, 1, 4) AS year, month_words(month, :language) AS heading, month_words(earlier, :language) AS earlier_words,
	month_words(later, :language) AS later_words
FROM (SELECT m.month AS key, m.month,
	(SELECT month FROM public_run WHERE date < m.month || '-01' ORDER BY date DESC LIMIT 1) AS earlier,
	(SELECT month FROM public_run WHERE date > m.month || '-31' ORDER BY date LIMIT 1) AS later
	FROM (SELECT key AS month FROM temp.touched) AS m
	WHERE EXISTS (SELECT 1 FROM public_run WHERE date BETWEEN m.month || '-01' AND m.month || '-31')) AS m
-- @include month
