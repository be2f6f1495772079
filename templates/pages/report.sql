-- report.sql: who came in a month, a year or a season (September to August), of a group or of the
-- whole club. The key is the group's id (0: the club), the range and the least level of proof,
-- which is 0 for pages: 3/2026-11/0. turnout report asks for any two dates and any level:
-- 3/2026-11-02..2026-11-20/2. Only past runs count: a check-in renders none of these pages, a run
-- that ends renders those that it is in.
-- @page private reports/{capability}/{base}index.html
-- @query keys
-- The dates from which on the figures of a group may differ; later ones follow, since newcomers and
-- people who stopped depend on earlier dates.
WITH moved(group_id, date) AS (
		SELECT group_id, date FROM public_count WHERE :since = 0
		UNION SELECT r.group_id, r.date FROM temp.changed AS c
			JOIN public_count AS r ON r.run_id = c.key
			WHERE c.kind IN ('settled', 'run')
		UNION SELECT g.key, d.key FROM temp.changed AS g JOIN temp.changed AS d ON d.kind = 'date' WHERE g.kind = 'timetable'
		UNION SELECT r.group_id, r.date FROM temp.changed AS c
			JOIN public_count AS r ON r.group_id = c.key
			WHERE c.kind IN ('group', 'list')
		UNION SELECT r.group_id, r.date FROM temp.changed AS c JOIN public_count AS r ON r.place_id = c.key WHERE c.kind = 'place'
		UNION SELECT e.group_id, e.date FROM temp.changed AS c
			JOIN private_record AS e ON e.person_id = c.key WHERE c.kind = 'person'
			AND run_is_over(e.date, e.start, e.end, e.zone, e.opens_min, e.closes_min, :now)
		UNION SELECT r.group_id, r.date FROM temp.changed AS c
			JOIN private_list AS l ON l.person_id = c.key
			JOIN public_count AS r USING (group_id)
			WHERE c.kind = 'person'),
	dated(group_id, date) AS (
		SELECT * FROM moved
		UNION SELECT r.group_id, r.date
			FROM (SELECT group_id, min(date) AS date FROM moved GROUP BY group_id) AS m
			JOIN public_count AS r
			ON r.group_id = m.group_id AND r.date > m.date),
	near(group_id, date) AS (SELECT * FROM dated WHERE date <= date_add(:today, 2)
		UNION SELECT 0, date FROM dated WHERE date <= date_add(:today, 2)),
	ranged(group_id, range) AS (SELECT group_id, substr(date, 1, 7) FROM near UNION SELECT group_id, substr(date, 1, 4) FROM near
		UNION SELECT group_id, (substr(date, 1, 4) - (substr(date, 6, 2) < '09')) || '-'
			|| (substr(date, 1, 4) + (substr(date, 6, 2) >= '09')) FROM near)
SELECT group_id || '/' || range || '/0' AS key FROM ranged
-- @query page
WITH asked AS (SELECT key, CAST(key AS INTEGER) AS group_id, CAST(substr(key, -1) AS INTEGER) AS level,
		substr(key, instr(key, '/') + 1, length(key) - instr(key, '/') - 2) AS range FROM temp.touched),
	dated AS (SELECT *, CASE length(range) WHEN 4 THEN range || '-01-01'
		WHEN 7 THEN range || '-01' WHEN 9 THEN substr(range, 1, 4) || '-09-01'
			ELSE substr(range, 1, 10) END AS first,
		CASE length(range) WHEN 4 THEN range || '-12-31'
			WHEN 7 THEN date_add(substr(date_add(range || '-28', 4), 1, 7) || '-01', -1)
			WHEN 9 THEN substr(range, 6) || '-08-31' ELSE substr(range, 13) END AS last
		FROM asked),
	counted AS MATERIALIZED (SELECT d.*,
		(SELECT json_group_object(run_id, CASE d.level WHEN 0 THEN came ELSE proven END)
		FROM (SELECT run_id, came,
				(SELECT coalesce(sum(number), 0) FROM public_proof AS p
					WHERE p.run_id = r.run_id
					AND proof_level(proof) >= d.level) AS proven
			FROM public_count AS r WHERE date BETWEEN d.first AND d.last
				AND (d.group_id = 0 OR group_id = d.group_id) AND NOT is_cancelled
				AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			ORDER BY date, start, run_id)) AS held
		FROM dated AS d),
	levelled AS MATERIALIZED (SELECT *, (SELECT json_group_array(level) FROM (SELECT DISTINCT proof_level(p.proof) AS level
			FROM json_each(held) AS h JOIN public_proof AS p ON p.run_id = h.key ORDER BY level)) AS levels,
			(SELECT count(*) FROM json_each(held)) AS runs, (SELECT sum(value) FROM json_each(held)) AS came, 4 AS stops
		FROM counted AS d WHERE held <> '{}')
SELECT l.key, l.group_id, l.level, l.range, l.first, l.last, day_year(l.first, :language) AS first_words,
	day_year(l.last, :language) AS last_words, l.held, l.runs, l.came,
	round(1.0 * l.came / l.runs, 1) AS average, l.stops, c.capability,
	CASE l.group_id WHEN 0 THEN 'club/' ELSE 'groups/' || g.slug || '/' END || l.range || '/' AS base,
	CASE l.group_id WHEN 0 THEN '../../' ELSE '../../../' END AS home, g.slug, g.name AS group_name, length(l.range) = 9 AS is_season,
	CASE length(l.range) WHEN 7 THEN month_words(l.range, :language) WHEN 9 THEN replace(l.range, '-', '–') ELSE l.range END AS heading,
	l.range || coalesce(' --group ''' || replace(g.name, '''', '''\''''') || '''', '') AS asked,
	(SELECT date_near(max(r.date), '', :language) FROM json_each(l.held) AS h JOIN public_count AS r ON r.run_id = h.key) AS newest,
	l.runs > 60 AND length(l.range) <> 7 AS is_by_month, l.runs > 20 AS is_long,
	l.runs > 60 AS is_wide, CASE WHEN length(l.range) > 9 THEN -1 ELSE 100 END AS most,
	(SELECT json_group_array(value) FROM json_each(l.levels) WHERE value > l.levels ->> 0) AS levels,
	json_array_length(l.levels) > 1 AS has_levels,
	(WITH h AS MATERIALIZED (SELECT r.run_id, r.group_id, row_number() OVER (PARTITION BY r.group_id ORDER BY e.id) AS number,
			count(*) OVER (PARTITION BY r.group_id) AS size,
			run_starts(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min) AS starts
			FROM json_each(l.held) AS e JOIN public_count AS r ON r.run_id = e.key),
		entry AS (SELECT a.person_id, h.group_id, h.size, h.number, a.status, a.proof, a.since - h.starts AS late_s
				FROM h CROSS JOIN private_attendance AS a ON a.run_id = h.run_id
			UNION ALL SELECT m.person_id, m.group_id, h.size, 0, NULL, NULL, 0
				FROM h CROSS JOIN private_list AS m ON m.group_id = h.group_id WHERE h.number = 1)
		SELECT lines(person_id, group_id, size, number, status, proof, l.level, late_s) FROM entry) AS lines
FROM levelled AS l JOIN private_club AS c LEFT JOIN public_group AS g ON g.id = l.group_id
WHERE l.group_id = 0 OR g.id IS NOT NULL
-- How many people came.
-- @query attended
SELECT count(DISTINCT person_id) AS number FROM each_line(:lines) WHERE came > 0
-- The levels that some people have reached and others have not.
-- @query choices
SELECT value AS level, value = 1 AS is_printed, value = 2 AS is_screen, value = 3 AS is_place,
	value = 4 AS is_host FROM json_each(:levels) ORDER BY value
-- @include report
