-- group.sql: a group: its timetable in words, its next runs, its latest counts, how many came by
-- month and year, and who comes often.
-- @page public {path}index.html
-- @query keys
SELECT id AS key FROM public_group WHERE :since = 0
UNION ALL SELECT key FROM temp.changed WHERE kind IN ('group', 'list', 'timetable')
UNION ALL SELECT r.group_id FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key
	WHERE c.kind IN ('run', 'settled', 'state')
UNION ALL SELECT r.group_id FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key WHERE c.kind = 'place'
UNION ALL SELECT s.group_id FROM temp.changed AS c JOIN public_schedule AS s ON s.place_id = c.key WHERE c.kind = 'place'
-- Dates in another year than today's show it, and what comes next depends on the day.
UNION ALL SELECT id FROM public_group WHERE EXISTS (SELECT 1 FROM temp.changed WHERE kind = 'today')
-- @query page
SELECT g.id AS key, g.*, coalesce(:chosen, group_language, :language) AS language,
	EXISTS (SELECT 1 FROM public_count WHERE group_id = g.id AND date <= date_add(:today, 2)
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)) AS has_past
FROM temp.touched AS t JOIN public_group AS g ON g.id = t.key
-- @query timetable
SELECT nullif(title, :name) AS title, rule_words(rule, :language) AS words, start, end,
	nullif(zone, (SELECT zone FROM public_club)) AS other_zone, place_name FROM public_schedule
	WHERE group_id = :id ORDER BY first, start, id
-- @query coming
SELECT path, date, date_near(date, :today, :language) AS date_short,
	start, end, nullif(zone, (SELECT zone FROM public_club)) AS other_zone,
	title, NULL AS of_group, place_name, is_cancelled, reason, came,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open' AS is_open,
	0 AS has_count
FROM public_run
WHERE group_id = :id AND date >= date_add(:today, -2)
	AND NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date, start, title, id LIMIT 6
-- @query latest
SELECT path, date, date_near(date, :today, :language) AS date_short,
	start, end, nullif(zone, (SELECT zone FROM public_club)) AS other_zone,
	title, NULL AS of_group, place_name, is_cancelled, reason, came,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open' AS is_open,
	NOT is_cancelled AS has_count
FROM public_run
WHERE group_id = :id AND date <= date_add(:today, 2)
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date DESC, start DESC, title, id LIMIT 8
-- @query regular
-- How many people came to at least half of the last twelve runs, shown or not.
WITH last(run_id) AS MATERIALIZED (SELECT run_id FROM public_count
		WHERE group_id = :id AND date <= date_add(:today, 2) AND came > 0 AND NOT is_cancelled
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			ORDER BY date DESC, start DESC, run_id LIMIT 12),
	n(recent) AS (SELECT count(*) FROM last),
	c(recent, half, people, shown) AS MATERIALIZED (SELECT recent, (recent + 1) / 2,
		(SELECT count(*) FROM (SELECT 1 FROM last CROSS JOIN public_presence AS p ON p.run_id = last.run_id
			GROUP BY p.person HAVING count(*) >= (recent + 1) / 2)),
		(SELECT count(*) FROM (SELECT 1 FROM last
			CROSS JOIN public_attendance AS a ON a.run_id = last.run_id
			AND a.status IN ('present', 'late')
			GROUP BY a.person HAVING count(*) >= (recent + 1) / 2)) FROM n WHERE recent >= 4)
SELECT *, people - shown AS others FROM c WHERE people > 0
-- @query regulars
WITH last(run_id) AS MATERIALIZED (SELECT run_id FROM public_count
		WHERE group_id = :id AND date <= date_add(:today, 2) AND came > 0 AND NOT is_cancelled
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			ORDER BY date DESC, start DESC, run_id LIMIT 12)
SELECT a.name, a.person_path FROM last CROSS JOIN public_attendance AS a ON a.run_id = last.run_id AND a.status IN ('present', 'late')
GROUP BY a.person HAVING count(*) >= :half ORDER BY a.name COLLATE NOCASE, a.person
-- @query span
-- The months to the newest one with a count: 12 to 24, as many as the group has.
WITH ends(first, last) AS (SELECT
	(SELECT substr(date, 1, 4) * 12 + substr(date, 6, 2) - 1 FROM public_count WHERE group_id = :id AND came > 0
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date LIMIT 1),
	(SELECT substr(date, 1, 4) * 12 + substr(date, 6, 2) - 1 FROM public_count
		WHERE group_id = :id AND came > 0 AND date <= date_add(:today, 2)
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date DESC LIMIT 1))
SELECT n, 100 AS full, last - n + 1 AS first_month, month_words(printf('%04d-%02d', last / 12, last % 12 + 1), :language) AS last_words
FROM (SELECT *, min(24, max(12, last - first + 1)) AS n FROM ends WHERE last - first >= 2)
-- @query rates
-- For a group with a fixed list: the share that came, of those marked at a run, or else of the
-- list. For other groups: how many came on average.
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :n),
	m(i, rate_month) AS (SELECT i, printf('%04d-%02d', (:first_month + i) / 12, (:first_month + i) % 12 + 1) FROM n),
	s AS MATERIALIZED (SELECT substr(date, 1, 7) AS run_month, count(*) AS times, sum(came) AS came,
			sum(CASE WHEN excused + absent > 0 OR :listed < came THEN came + excused + absent ELSE :listed END) AS expected
		FROM public_run WHERE group_id = :id
			AND date BETWEEN (SELECT min(rate_month) FROM m) || '-01'
				AND (SELECT max(rate_month) FROM m) || '-31'
			AND came + excused + absent > 0 AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
		GROUP BY run_month),
	v AS (SELECT *, CASE WHEN :is_closed THEN 100.0 * came / expected ELSE 1.0 * came / times END AS value
		FROM m LEFT JOIN s ON s.run_month = rate_month)
SELECT rate_month, month_words(rate_month, :language) AS words, month_letter(rate_month, :language) AS letter,
	-- Where there are two of some month, each January has its year below it.
	CASE WHEN :n > 12 AND rate_month LIKE '%-01' THEN substr(rate_month, 1, 4) END AS begins, times, came,
	printf('%.1f', 1.0 * came / times) AS average, CAST(round(value) AS INTEGER) AS value,
	printf('%.1f', 100.0 * i / :n) AS x, printf('%.1f', 70.0 / :n) AS width, printf('%.1f', (i + .35) * 100 / :n) AS middle,
	printf('%.1f', 100 * value / top) AS height, printf('%.1f', 100 - 100 * value / top) AS y,
	i IN (:n - 1, first_value(i) OVER (ORDER BY value DESC, i)) AS is_label
FROM (SELECT *, CASE WHEN :is_closed THEN 100 ELSE max(value) OVER () END AS top FROM v) ORDER BY i
-- @query years
-- One step into the index for each year, instead of reading all runs.
WITH RECURSIVE y(past) AS (
	SELECT (SELECT substr(date, 1, 4) FROM public_count WHERE group_id = :id AND date <= date_add(:today, 2)
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date DESC LIMIT 1)
	UNION ALL
	SELECT (SELECT substr(date, 1, 4) FROM public_count WHERE group_id = :id AND date < past || '-01-01'
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
		ORDER BY date DESC LIMIT 1) FROM y WHERE past IS NOT NULL)
SELECT past FROM y WHERE past IS NOT NULL
