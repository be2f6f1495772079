-- year.sql: a year as a picture and in numbers. Runs ahead count as planned; a run's numbers count
-- when it is over.
-- @page public years/{year}/index.html
-- @query keys
WITH dated(year) AS (SELECT substr(key, 1, 4) FROM temp.changed WHERE kind = 'date'),
	touched(key) AS (
		SELECT substr(date, 1, 4) FROM public_count WHERE :since = 0
		UNION SELECT year FROM dated
		-- The years beside one that appears or disappears link to it.
		UNION SELECT (SELECT year FROM public_run WHERE date < d.year ORDER BY date DESC LIMIT 1)
			FROM dated AS d
		UNION SELECT (SELECT year FROM public_run WHERE date > d.year || '-12-31' ORDER BY date LIMIT 1)
			FROM dated AS d
		UNION SELECT r.year FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key
			WHERE c.kind IN ('run', 'settled'))
SELECT key FROM touched WHERE key IS NOT NULL
-- @query page
SELECT t.key, t.key AS year,
	(SELECT year FROM public_run WHERE date < t.key ORDER BY date DESC LIMIT 1) AS earlier,
	(SELECT year FROM public_run WHERE date > t.key || '-12-31' ORDER BY date LIMIT 1) AS later
FROM temp.touched AS t WHERE EXISTS (SELECT 1 FROM public_run WHERE date BETWEEN t.key || '-01-01' AND t.key || '-12-31')
-- @query total
-- The quartiles of the days with a count (low, middle, high), so that a single big day does not
-- make all others pale.
SELECT coalesce(sum(counted), 0) AS counted, coalesce(sum(came), 0) AS came,
	CAST(round(1.0 * sum(came) / sum(counted)) AS INTEGER) AS average,
	sum(newcomers) AS newcomers, coalesce(min(came), 1) AS least, coalesce(min(came) FILTER (WHERE part > 1), max(came), 1) AS low,
	coalesce(min(came) FILTER (WHERE part > 2), max(came), 1) AS middle,
	coalesce(min(came) FILTER (WHERE part > 3), max(came), 1) AS high
FROM (SELECT counted, came, newcomers, ntile(4) OVER (ORDER BY came) AS part
	FROM (SELECT count(*) AS counted, sum(came) AS came, sum((SELECT number FROM public_debut WHERE run_id = r.run_id)) AS newcomers
		FROM public_count AS r WHERE date BETWEEN :year || '-01-01' AND :year || '-12-31' AND came > 0
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) GROUP BY date))
-- @query streak
-- Consecutive weeks have the same distance from their row number.
WITH week(monday, first, last) AS (
		SELECT date_add(date, 1 - weekday(date)) AS monday, min(date), max(date)
		FROM (SELECT date FROM public_count WHERE date BETWEEN :year || '-01-01' AND :year || '-12-31' AND came > 0
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) GROUP BY date)
		GROUP BY monday),
	numbered AS (SELECT *, date_add(monday, -7 * row_number() OVER (ORDER BY monday)) AS island FROM week)
SELECT count(*) AS weeks, day_words(min(first), :language) AS from_words,
	day_words(max(last), :language) AS to_words
FROM numbered GROUP BY island HAVING count(*) > 1 ORDER BY count(*) DESC, island LIMIT 1
-- @query levels
SELECT level, first, CASE WHEN last > first THEN last END AS last, level = 4 AS is_top
FROM (SELECT 1 AS level, :least AS first, :low - 1 AS last UNION ALL SELECT 2, :low, :middle - 1
	UNION ALL SELECT 3, :middle, :high - 1 UNION ALL SELECT 4, :high, NULL)
WHERE level = 4 OR first <= last ORDER BY level
-- @query quarters
WITH q(first) AS (SELECT :year || '-01-01' UNION ALL SELECT :year || '-04-01'
	UNION ALL SELECT :year || '-07-01' UNION ALL SELECT :year || '-10-01')
SELECT first, last, date_add(first, -week_field(first, :language)) AS week_start, month_words(substr(first, 1, 7), :language) AS from_month,
	month_words(substr(last, 1, 7), :language) AS to_month,
	EXISTS (SELECT 1 FROM public_run WHERE date BETWEEN first AND last) AS has_days
FROM (SELECT first, date_add(substr(date_add(first, 95), 1, 7) || '-01', -1) AS last FROM q) ORDER BY first
-- @query columns
-- The months of a quarter within its 14 weeks; a week belongs to the month that begins in it.
WITH RECURSIVE w(begins) AS (SELECT :week_start UNION ALL SELECT date_add(begins, 7) FROM w WHERE begins < date_add(:week_start, 91))
SELECT month_short(month, :language) AS name, count(*) AS weeks
FROM (SELECT substr(min(date_add(begins, 6), :last), 1, 7) AS month FROM w) GROUP BY month ORDER BY month
-- @query cells
WITH RECURSIVE d(day, weekday, week) AS (
		SELECT :week_start, 1, 0
		UNION ALL
		SELECT date_add(day, 1), weekday % 7 + 1, week + (weekday = 7) FROM d WHERE week < 13 OR weekday < 7),
	r AS MATERIALIZED (SELECT date, count(*) AS runs, min(path) AS path, sum(is_over * came) AS came,
			sum(is_over AND (NOT is_cancelled OR came > 0)) AS held, sum(is_cancelled) = count(*) AS is_off
		FROM (SELECT date, path, came, is_cancelled, run_is_over(date, start, end, zone, opens_min, closes_min, :now) AS is_over
			FROM public_run WHERE date BETWEEN :first AND :last) GROUP BY date)
SELECT CASE week WHEN 0 THEN weekday_letters(day, :language) END AS weekday_letters,
	CASE week WHEN 0 THEN weekday_name(day, :language) END AS weekday_name,
	week = 0 AS is_start, week = 13 AS is_end, CASE WHEN runs THEN date_short(day, :language) END AS words,
	day NOT BETWEEN :first AND :last AS is_out, came,
	CASE runs WHEN 1 THEN path ELSE 'calendar/' || substr(day, 1, 7) || '/#d' || day END AS day_path,
	runs AS has_runs, held AS is_held, is_off,
	CASE WHEN came > 0 THEN 1 + (came >= :low) + (came >= :middle) + (came >= :high) ELSE 0 END AS level
FROM d LEFT JOIN r ON r.date = d.day ORDER BY weekday, week
-- @query months
-- From the first month with a run to the last, including those between.
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12),
	s AS MATERIALIZED (SELECT month, count(*) AS runs, sum(is_cancelled) AS cancelled, sum(over_came) AS came,
			CAST(round(avg(nullif(over_came, 0))) AS INTEGER) AS average, coalesce(sum(newcomers), 0) AS newcomers
		FROM (SELECT substr(date, 1, 7) AS month, is_cancelled, over_came,
				CASE WHEN over_came > 0 THEN (SELECT number FROM public_debut WHERE run_id = r.run_id) END AS newcomers
			FROM (SELECT date, run_id, is_cancelled,
					CASE WHEN run_is_over(date, start, end, zone, opens_min,
						closes_min, :now) THEN came ELSE 0 END AS over_came
				FROM public_count WHERE date BETWEEN :year || '-01-01' AND :year || '-12-31' ORDER BY date) AS r)
		GROUP BY month)
SELECT :year || printf('-%02d', i) AS month,
	month_name(:year || printf('-%02d', i), :language) AS name,
	runs, cancelled, average, newcomers, came, 100 * came / max(1, max(came) OVER ()) AS share
FROM n LEFT JOIN s ON s.month = :year || printf('-%02d', i)
WHERE :year || printf('-%02d', i) BETWEEN (SELECT min(month) FROM s) AND (SELECT max(month) FROM s) ORDER BY i
-- @query weekdays
SELECT weekday_name(date, :language) AS name, count(*) AS counted, sum(came) AS came,
	CAST(round(avg(came)) AS INTEGER) AS average, CAST(100 * avg(came) / max(avg(came)) OVER () AS INTEGER) AS share
FROM public_count WHERE date BETWEEN :year || '-01-01' AND :year || '-12-31' AND came > 0
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
GROUP BY weekday(date) ORDER BY week_field(date, :language)
-- @query milestones
SELECT m.number, count(*) AS people, count(*) <= 12 AS is_short, max(0, count(*) - 60) AS more
	FROM public_count AS r JOIN public_milestone AS m ON m.run_id = r.run_id
WHERE r.date BETWEEN :year || '-01-01' AND :year || '-12-31'
	AND run_is_over(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min, :now)
GROUP BY m.number ORDER BY m.number DESC
-- @query who
SELECT m.name, m.person_path, r.path, day_short(r.date, :language) AS words
FROM public_run AS r JOIN public_milestone AS m ON m.run_id = r.id
WHERE r.date BETWEEN :year || '-01-01' AND :year || '-12-31' AND m.number = :number
	AND run_is_over(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min, :now)
ORDER BY r.date, r.start, r.id, m.name, m.person LIMIT 60
