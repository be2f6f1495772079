-- calendar.sql: the calendar's front page: this month, or the next one with a run, or else the last.
-- @page public calendar/index.html
-- @query keys
SELECT 'calendar' AS key WHERE :since = 0 OR EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('run', 'group', 'settled', 'state', 'today'))
-- @query page
SELECT m.*, CASE WHEN EXISTS (SELECT 1 FROM public_run) THEN substr(month, 1, 4) END AS year,
	month_words(month, :language) AS heading, month_words(earlier, :language) AS earlier_words,
	month_words(later, :language) AS later_words
FROM (SELECT t.key, m.month,
	(SELECT month FROM public_run WHERE date < m.month || '-01' ORDER BY date DESC LIMIT 1) AS earlier,
	(SELECT month FROM public_run WHERE date > m.month || '-31' ORDER BY date LIMIT 1) AS later
	FROM temp.touched AS t JOIN (SELECT coalesce(
		(SELECT month FROM public_run WHERE date >= substr(:today, 1, 7) || '-01'
			ORDER BY date LIMIT 1),
		(SELECT month FROM public_run ORDER BY date DESC LIMIT 1),
		substr(:today, 1, 7)) AS month) AS m) AS m
-- @include month
