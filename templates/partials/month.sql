-- month.sql: the days of a month, for partials/month.html, with counts of past runs. From the row around it: month.
-- @query grid
SELECT before, days, (42 - days - before) % 7 AS rest, run_days, days - run_days AS idle_days,
	cancelled, came, run_days + cancelled > 0 AS is_used
FROM (SELECT week_field(:month || '-01', :language) AS before,
		CAST(substr(date_add(substr(date_add(:month || '-28', 4), 1, 7) || '-01', -1), 9) AS INTEGER) AS days),
	(SELECT count(DISTINCT CASE WHEN NOT is_cancelled THEN date END) AS run_days, coalesce(sum(is_cancelled), 0) AS cancelled,
		sum(CASE WHEN run_is_over(date, start, end, zone, opens_min, closes_min, :now) THEN came END) AS came
	FROM public_count WHERE date BETWEEN :month || '-01' AND :month || '-31')
-- @query heads
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 6)
SELECT weekday_short(date_add(:month || '-01', i - :before), :language) AS weekday FROM n
-- Each date (is_day), followed by its runs.
-- @query cells
WITH RECURSIVE n(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n WHERE number < :days)
SELECT 1 AS is_day, :month || printf('-%02d', number) AS date, '' AS start, '' AS title, 0 AS id,
	number, (:before + number) % 7 = 1 AS is_week,
	weekday_short(:month || printf('-%02d', number), :language) AS weekday_short,
	:month || printf('-%02d', number) = :today AS is_today,
	NULL AS other_zone, NULL AS path, NULL AS of_group, NULL AS is_cancelled, NULL AS reason, NULL AS came, NULL AS is_over, NULL AS is_open
FROM n
UNION ALL
SELECT 0, date, start, title, id, NULL, NULL, NULL, NULL,
	nullif(zone, (SELECT zone FROM public_club)), path, nullif(group_name, title), is_cancelled, reason, came,
	run_is_over(date, start, end, zone, opens_min, closes_min, :now),
	CASE WHEN date BETWEEN date_add(:today, -2) AND date_add(:today, 2)
		THEN run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open' END
FROM public_run WHERE date BETWEEN :month || '-01' AND :month || '-31'
ORDER BY date, start, title, id
