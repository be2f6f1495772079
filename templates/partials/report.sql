-- report.sql: the figures of a report, for its page and for the files of turnout report, so that
-- both count alike. From the row around it:
--   group_id     0: the whole club
--   first, last  dates
--   level        the least proof that counts, as a number (gen/function.h)
--   stops        how many dates in a row somebody must have missed to have stopped
--   held         the runs of the report, in order, as JSON: {run: how many came}
--   before       no run before `first` has a higher id; NULL when there is none
--   levels       the levels of proof that some people have reached and others have not, as JSON
--   most         rows of a list that may be long, -1 for all
--   is_by_month  the grid is by month
-- What is said about earlier dates also takes only past runs.
--
-- Somebody "came" if they are present or late with a proof of that level; with a weaker proof they
-- are "unproven", which counts as missed. For a person, the dates of a group count from their first
-- entry there, except those for which they were excused.
--
-- `marks` has a digit for each date, oldest first: 0 nothing, 1 present, 2 late, 3 excused, 4
-- absent, 5 unproven. `proofs` likewise, 1 plus the level. `who` is group and person in one number,
-- which sorts faster than two. A person's earlier entries are read by run id, oldest first, and no
-- further than `before`. Files are made from people, too; the page lists people twice, the second
-- time with the query grid.
-- @query people
WITH h AS MATERIALIZED (SELECT r.run_id, r.group_id, row_number() OVER (PARTITION BY r.group_id ORDER BY e.id) AS number,
		count(*) OVER (PARTITION BY r.group_id) AS size,
		run_starts(r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min) AS starts
		FROM json_each(:held) AS e JOIN public_count AS r ON r.run_id = e.key),
	entry AS (SELECT (h.group_id << 32) + a.person_id AS who, h.size, h.number, mark(a.status, a.proof, :level) AS mark,
			CASE a.status WHEN 'late' THEN max(0, a.since - h.starts) / 60 END AS minutes, 1 + proof_level(a.proof) AS proof
			FROM h CROSS JOIN private_attendance AS a ON a.run_id = h.run_id
		UNION ALL SELECT (l.group_id << 32) + l.person_id, s.size, 0, 0, NULL, 0 FROM h AS s
			CROSS JOIN private_list AS l ON l.group_id = s.group_id
			WHERE s.number = 1),
	line AS (SELECT who >> 32 AS group_id, who & 4294967295 AS person_id, marks(size, number, mark) AS marks,
			sum(CASE mark WHEN 2 THEN minutes END) AS minutes, max(CASE mark WHEN 2 THEN minutes END) AS worst,
			marks(size, number, CASE WHEN mark <= 2 THEN proof ELSE 0 END) AS proofs
		FROM entry GROUP BY who),
	due AS MATERIALIZED (SELECT person_id, marks, minutes, worst, proofs,
		CASE WHEN marks LIKE '0%' AND NOT EXISTS (SELECT 1 FROM private_record AS r
			WHERE r.person_id = line.person_id AND r.id <= :before AND r.group_id = line.group_id AND r.date < :first
				AND NOT r.is_cancelled
					AND run_is_over(r.date, r.start, r.end, r.zone, r.opens_min,
					r.closes_min, :now))
			THEN ltrim(marks, '0') ELSE marks END AS form
		FROM line)
SELECT p.person_id, p.name AS person, f.came, f.due, CAST(round(100.0 * f.came / f.due) AS INTEGER) AS rate,
	CAST(round(20.0 * f.came / f.due) AS INTEGER) AS twentieths, f.late, f.minutes, f.worst, f.excused,
	f.unproven, f.due - f.came AS missed, f.longest, f.now, f.marks,
	(SELECT group_concat('<td>' || number || coalesce(' ('
			|| percent(CAST(round(100.0 * nullif(number, 0) / f.due) AS INTEGER), :language) || ')', ''), '')
		FROM (SELECT marked(f.proofs, substr('12345', 1 + value)) AS number
			FROM json_each(:levels) ORDER BY value)) AS proven_markup
FROM (SELECT person_id, sum(marked(form, '12')) AS came, sum(length(form) - marked(form, '3')) AS due, sum(marked(form, '2')) AS late,
		coalesce(sum(minutes), 0) AS minutes, coalesce(max(worst), 0) AS worst,
		sum(marked(form, '3')) AS excused, sum(marked(form, '5')) AS unproven,
		max(missed_longest(form)) AS longest, max(missed_now(form)) AS now, marks, group_concat(proofs, '') AS proofs
	FROM due GROUP BY person_id) AS f
	JOIN private_name AS p ON p.person_id = f.person_id ORDER BY p.folded, p.person_id
-- Only the marks, of one group; or how often people came, if by month.
-- @query grid
WITH h AS MATERIALIZED (SELECT r.run_id, r.group_id, row_number() OVER (PARTITION BY r.group_id ORDER BY e.id) AS number,
		count(*) OVER (PARTITION BY r.group_id) AS size
		FROM json_each(:held) AS e JOIN public_count AS r ON r.run_id = e.key),
	entry AS (SELECT a.person_id, h.size, h.number, mark(a.status, a.proof, :level) AS mark
			FROM h CROSS JOIN private_attendance AS a ON a.run_id = h.run_id
		UNION ALL SELECT l.person_id, s.size, 0, 0 FROM h AS s
			CROSS JOIN private_list AS l ON l.group_id = s.group_id WHERE s.number = 1),
	line AS (SELECT person_id, marks(size, number, mark) AS marks FROM entry GROUP BY person_id),
	month AS MATERIALIZED (SELECT min(h.number) AS number, count(*) AS size FROM h
		JOIN public_count AS r USING (run_id) GROUP BY substr(r.date, 1, 7))
SELECT p.name AS person, CASE :is_by_month WHEN 1 THEN (SELECT group_concat('<td>' || coalesce(nullif(came, 0), ''), '')
		FROM (SELECT marked(substr(l.marks, number, size), '12') AS came FROM month ORDER BY number))
	ELSE replace(replace(replace(replace(replace(replace(l.marks, '0', '<td>'), '1', '<td>✓'), '2', '<td class=late>L'),
	'3', '<td class=excused>E'), '4', '<td class=absent>A'), '5', '<td class=unproven>?') END AS cells_markup
FROM line AS l JOIN private_name AS p ON p.person_id = l.person_id ORDER BY p.folded, p.person_id
-- The months of a grid that is by month.
-- @query months
SELECT substr(r.date, 1, 7) AS month, month_words(r.date, :language) AS words,
	month_short(r.date, :language) AS month_short, count(*) AS runs, sum(h.value) AS came
FROM json_each(:held) AS h JOIN public_count AS r ON r.run_id = h.key GROUP BY 1 ORDER BY 1
-- The dates, oldest first.
-- @query dates
SELECT r.id AS run_id, r.path, r.date, r.start, r.title, date_short(r.date, :language) AS words, CAST(substr(r.date, 9) AS INTEGER) AS day,
	month_short(r.date, :language) AS month_short, h.value AS came
FROM json_each(:held) AS h JOIN public_run AS r ON r.id = h.key ORDER BY h.id
-- Months and weeks, as bars one unit wide, if there are at least two.
-- @query trends
WITH held AS MATERIALIZED (SELECT r.date, h.value AS came FROM json_each(:held) AS h JOIN public_count AS r ON r.run_id = h.key),
	step AS (SELECT unit, step, sum(came) AS came, CASE unit WHEN 'month' THEN substr(step, 1, 4) * 12 + substr(step, 6, 2)
			ELSE CAST(julianday(step) / 7 AS INTEGER) END AS x
		FROM (SELECT 'month' AS unit, substr(date, 1, 7) AS step, came FROM held
			UNION ALL SELECT 'week', date_add(date, 1 - weekday(date)), came FROM held)
		GROUP BY unit, step),
	edge AS (SELECT unit, min(x) AS low, max(x) - min(x) + 1 AS columns,
		max(1, max(came)) AS top, min(step) AS low_step, max(step) AS high_step
		FROM step GROUP BY unit HAVING count(*) > 1)
SELECT unit, unit = 'month' AS is_month, columns, top, group_concat('M' || (x - low) || ' 0v-' || came || 'h.7V0', '') AS bars,
	CASE unit WHEN 'month' THEN month_words(low_step, :language) ELSE date_near(low_step, '', :language) END AS low_words,
	CASE unit WHEN 'month' THEN month_words(high_step, :language) ELSE date_near(high_step, '', :language) END AS high_words
FROM edge JOIN (SELECT * FROM step ORDER BY unit, x) USING (unit) GROUP BY unit ORDER BY unit
-- The numbers below the bars. From the row around it: unit. Weeks begin on Monday.
-- @query steps
SELECT step, CASE :unit WHEN 'month' THEN month_words(step, :language) ELSE date_near(step, '', :language) END AS words,
	count(*) AS runs, sum(came) AS came, round(1.0 * sum(came) / count(*), 1) AS average
FROM (SELECT CASE :unit WHEN 'month' THEN substr(r.date, 1, 7) ELSE date_add(r.date, 1 - weekday(r.date)) END AS step, h.value AS came
	FROM json_each(:held) AS h JOIN public_count AS r ON r.run_id = h.key)
GROUP BY step ORDER BY step
-- @query places
SELECT p.name AS place, p.path, count(*) AS runs, sum(h.value) AS came, round(1.0 * sum(h.value) / count(*), 1) AS average
FROM json_each(:held) AS h JOIN public_count AS r ON r.run_id = h.key LEFT JOIN public_place AS p ON p.id = r.place_id
GROUP BY p.id ORDER BY came DESC, p.name
-- The groups in a report on the whole club.
-- @query groups
SELECT g.name AS "group", g.slug, count(*) AS runs, sum(h.value) AS came, round(1.0 * sum(h.value) / count(*), 1) AS average
FROM json_each(:held) AS h JOIN public_count AS r ON r.run_id = h.key JOIN public_group AS g ON g.id = r.group_id
WHERE :group_id = 0 GROUP BY g.id ORDER BY g.name, g.id
-- How it is known that people came, whatever level was asked for.
-- @query proofs
SELECT p.proof, level_name(proof_level(p.proof)) AS level_name, sum(p.number) AS came
FROM json_each(:held) AS h JOIN public_proof AS p ON p.run_id = h.key
GROUP BY p.proof ORDER BY proof_level(p.proof) DESC, p.proof
-- People who came for the first time, to the group or, for the club, at all; `more` is how many
-- follow the last one listed.
-- @query newcomers
WITH came AS (SELECT a.person_id, a.run_id, min(h.id) AS place, count(*) AS times
	FROM json_each(:held) AS h CROSS JOIN private_attendance AS a ON a.run_id = h.key
	WHERE mark(a.status, a.proof, :level) <= 2 GROUP BY a.person_id)
SELECT p.person_id, p.name AS person, r.date, date_near(r.date, '', :language) AS words, r.title, r.path, c.times,
	CASE row_number() OVER (ORDER BY r.date, r.start, p.folded, p.person_id)
		WHEN :most THEN nullif(count(*) OVER () - :most, 0) END AS more
FROM came AS c JOIN private_name AS p ON p.person_id = c.person_id JOIN public_run AS r ON r.id = c.run_id
WHERE NOT EXISTS (SELECT 1 FROM private_record AS e WHERE e.person_id = c.person_id
	AND e.id <= :before AND (:group_id = 0 OR e.group_id = :group_id)
	AND e.date < :first AND NOT e.is_cancelled AND mark(e.status, e.proof, :level) <= 2
	AND run_is_over(e.date, e.start, e.end, e.zone, e.opens_min, e.closes_min, :now))
ORDER BY r.date, r.start, p.folded, p.person_id LIMIT :most
-- People who came to a group three times or more and have missed all its dates since: `stops` or
-- more, and the one that made it `stops` is in the report.
-- @query stopped
WITH h AS MATERIALIZED (SELECT r.run_id, r.group_id, row_number() OVER (PARTITION BY r.group_id ORDER BY e.id) AS number,
		count(*) OVER (PARTITION BY r.group_id) AS size
		FROM json_each(:held) AS e JOIN public_count AS r ON r.run_id = e.key),
	near AS (SELECT run_id, group_id, number, size FROM h
		UNION ALL SELECT e.value, s.group_id, -e.key, s.size	-- earlier dates, backwards from 0
			FROM h AS s CROSS JOIN json_each((SELECT json_group_array(run_id) FROM (SELECT run_id FROM public_count AS c
				WHERE c.group_id = s.group_id AND date < :first AND NOT is_cancelled
					AND run_is_over(date, start, end, zone, opens_min,
					closes_min, :now)
				ORDER BY date DESC, start DESC, run_id DESC LIMIT :stops))) AS e
			WHERE s.number = 1),
	gone AS (SELECT n.group_id, a.person_id, n.run_id, max(n.number) AS last,
		n.size - max(n.number) AS missed, sum(n.number > 0) AS times
		FROM near AS n CROSS JOIN private_attendance AS a ON a.run_id = n.run_id
		WHERE mark(a.status, a.proof, :level) <= 2
		GROUP BY (n.group_id << 32) + a.person_id HAVING missed >= :stops)
SELECT p.person_id, p.name AS person, g.name AS "group", r.date, date_near(r.date, '', :language) AS words, r.path, l.missed,
	CASE row_number() OVER (ORDER BY r.date DESC, p.folded, p.person_id, g.name)
		WHEN :most THEN nullif(count(*) OVER () - :most, 0) END AS more
FROM gone AS l JOIN private_name AS p USING (person_id) JOIN public_group AS g ON g.id = l.group_id JOIN public_run AS r ON r.id = l.run_id
WHERE l.times >= 3 OR l.times + (SELECT count(*) FROM (SELECT 1 FROM private_record AS e WHERE e.person_id = l.person_id AND e.id <= :before
	AND e.group_id = l.group_id AND e.date < :first AND NOT e.is_cancelled AND mark(e.status, e.proof, :level) <= 2
	AND run_is_over(e.date, e.start, e.end, e.zone, e.opens_min, e.closes_min, :now) LIMIT 3)) >= 3
ORDER BY r.date DESC, p.folded, p.person_id, g.name LIMIT :most
