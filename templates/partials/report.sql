-- SPDX-License-Identifier: ISC
-- report.sql: the figures of a report, for its page and for the files of turnout report: one way to count. Row around: group_id (0: the
-- whole club), first, last (dates), level (what a proof is worth at least, gen/function.h), stops (so many dates missed), and held: the runs of
-- the report in their order as JSON, each with run, group, number (of its group, from 1), starts, date, place, came.
--
-- Who came is present or late with a proof of that level; of a lower one they are unproven, and missed. What counts of a group's dates
-- for a person is what came since their first entry there, but for those they were excused from.
--
-- A letter a date, the oldest first, is `marks`: 0 nothing, 1 present, 2 late, 3 excused, 4 absent, 5 unproven.
-- Everybody with their marks in each group, as JSON: counted once for all that is said of people.
-- @query rolls
WITH h AS MATERIALIZED (SELECT value ->> 'run' AS run_id, value ->> 'group' AS group_id, value ->> 'number' AS number, value ->> 'starts' AS starts
		FROM json_each(:held)),
	known AS MATERIALIZED (SELECT group_id, person_id, sum(minutes) AS minutes, max(minutes) AS worst
		FROM (SELECT h.group_id, a.person_id, CASE WHEN a.status = 'late' AND proof_level(a.proof) >= :level THEN max(0, a.since - h.starts) / 60 END AS minutes
			FROM h JOIN private_attendance AS a ON a.run_id = h.run_id)
		GROUP BY group_id, person_id),
	who AS (SELECT group_id, person_id, minutes, worst FROM known
		UNION ALL SELECT group_id, person_id, NULL, NULL FROM private_list AS l WHERE group_id IN (SELECT group_id FROM h)
			AND NOT EXISTS (SELECT 1 FROM h JOIN private_attendance AS a ON a.run_id = h.run_id
				WHERE h.group_id = l.group_id AND a.person_id = l.person_id)),
	line AS MATERIALIZED (SELECT w.*, (SELECT group_concat(mark, '') FROM (SELECT CASE WHEN a.status IS NULL THEN 0 WHEN a.status = 'excused' THEN 3
				WHEN a.status = 'absent' THEN 4 WHEN proof_level(a.proof) < :level THEN 5 WHEN a.status = 'late' THEN 2 ELSE 1 END AS mark
			FROM h LEFT JOIN private_attendance AS a ON a.run_id = h.run_id AND a.person_id = w.person_id
			WHERE +h.group_id = w.group_id ORDER BY h.number)) AS marks
		FROM who AS w)
SELECT json_group_array(json_object('group', group_id, 'person', person_id, 'minutes', minutes, 'worst', worst, 'marks', marks)) AS lines FROM line
-- The figures. Row around: lines.
-- @query people
WITH line AS MATERIALIZED (SELECT value ->> 'group' AS group_id, value ->> 'person' AS person_id, value ->> 'minutes' AS minutes, value ->> 'worst' AS worst,
		value ->> 'marks' AS marks FROM json_each(:lines)),
	due AS MATERIALIZED (SELECT *, replace(CASE WHEN EXISTS (SELECT 1 FROM private_record AS r
			WHERE r.person_id = line.person_id AND r.group_id = line.group_id AND r.date < :first) THEN marks ELSE ltrim(marks, '0') END, '3', '') AS form
		FROM line),
	figure AS MATERIALIZED (SELECT person_id, group_id, minutes, worst, marks, length(form) AS due, length(form) - length(missed) AS came,
			length(marks) - length(replace(marks, '2', '')) AS late, length(marks) - length(replace(marks, '3', '')) AS excused,
			length(marks) - length(replace(marks, '5', '')) AS unproven, length(missed) AS missed, row
		FROM (SELECT *, replace(replace(form, '1', ''), '2', '') AS missed,
			replace(replace(replace(form, '2', '1'), '4', '0'), '5', '0') AS row FROM due))
SELECT p.person_id, p.name AS person, sum(f.came) AS came, sum(f.due) AS due, CAST(round(100.0 * sum(f.came) / sum(f.due)) AS INTEGER) AS rate,
	sum(f.late) AS late, coalesce(sum(f.minutes), 0) AS minutes, coalesce(max(f.worst), 0) AS worst, sum(f.excused) AS excused,
	sum(f.unproven) AS unproven, sum(f.missed) AS missed,
	coalesce(max((SELECT max(length(value)) FROM json_each('["' || replace(f.row, '1', '","') || '"]'))), 0) AS longest,
	coalesce(max(length(f.row) - length(rtrim(f.row, '0'))), 0) AS now, f.marks,
	replace(replace(replace(replace(replace(replace(f.marks, '0', '<td></td>'), '1', '<td>✓</td>'), '2', '<td class="late">L</td>'),
		'3', '<td class="excused">E</td>'), '4', '<td class="absent">A</td>'), '5', '<td class="unproven">?</td>') AS cells_markup
FROM figure AS f JOIN private_name AS p ON p.person_id = f.person_id
GROUP BY p.person_id ORDER BY p.folded, p.person_id
-- The dates, the oldest first.
-- @query dates
SELECT r.id AS run_id, r.path, r.date, r.start, r.title, date_short(r.date, :language) AS words, CAST(substr(r.date, 9) AS INTEGER) AS day,
	month_short(r.date, :language) AS month_short, value ->> 'came' AS came
FROM json_each(:held) AS h JOIN public_run AS r ON r.id = h.value ->> 'run' ORDER BY h.key
-- Months and weeks, as bars a unit wide; only where there is more than one.
-- @query trends
WITH step AS (SELECT unit, step, sum(came) AS came, CASE unit WHEN 'month' THEN substr(step, 1, 4) * 12 + substr(step, 6, 2)
			ELSE CAST(julianday(step) / 7 AS INTEGER) END AS x
		FROM (SELECT 'month' AS unit, substr(value ->> 'date', 1, 7) AS step, value ->> 'came' AS came FROM json_each(:held)
			UNION ALL SELECT 'week', date_add(value ->> 'date', 1 - weekday(value ->> 'date')), value ->> 'came' FROM json_each(:held))
		GROUP BY unit, step),
	edge AS (SELECT unit, min(x) AS low, max(x) - min(x) + 1 AS columns, max(1, max(came)) AS top, min(step) AS low_step, max(step) AS high_step
		FROM step GROUP BY unit HAVING count(*) > 1)
SELECT unit, unit = 'month' AS is_month, columns, top, group_concat('M' || (x - low) || ' 0v-' || came || 'h.7V0', '') AS bars,
	CASE unit WHEN 'month' THEN month_words(low_step, :language) ELSE date_near(low_step, '', :language) END AS low_words,
	CASE unit WHEN 'month' THEN month_words(high_step, :language) ELSE date_near(high_step, '', :language) END AS high_words
FROM edge JOIN (SELECT * FROM step ORDER BY unit, x) USING (unit) GROUP BY unit ORDER BY unit
-- The numbers under them. Row around: unit. Weeks begin on Monday.
-- @query steps
SELECT step, CASE :unit WHEN 'month' THEN month_words(step, :language) ELSE date_near(step, '', :language) END AS words,
	count(*) AS runs, sum(came) AS came, round(1.0 * sum(came) / count(*), 1) AS average
FROM (SELECT CASE :unit WHEN 'month' THEN substr(value ->> 'date', 1, 7) ELSE date_add(value ->> 'date', 1 - weekday(value ->> 'date')) END AS step,
	value ->> 'came' AS came FROM json_each(:held))
GROUP BY step ORDER BY step
-- @query places
SELECT p.name AS place, p.path, count(*) AS runs, sum(h.value ->> 'came') AS came, round(1.0 * sum(h.value ->> 'came') / count(*), 1) AS average
FROM json_each(:held) AS h LEFT JOIN public_place AS p ON p.id = h.value ->> 'place'
GROUP BY p.id ORDER BY came DESC, p.name
-- The groups of a report on the whole club.
-- @query groups
SELECT g.name AS "group", g.slug, count(*) AS runs, sum(h.value ->> 'came') AS came, round(1.0 * sum(h.value ->> 'came') / count(*), 1) AS average
FROM json_each(:held) AS h JOIN public_group AS g ON g.id = h.value ->> 'group'
WHERE :group_id = 0 GROUP BY g.id ORDER BY g.name, g.id
-- How it is known that they came, whatever the level asked for.
-- @query proofs
SELECT p.proof, level_name(proof_level(p.proof)) AS level_name, sum(p.number) AS came
FROM json_each(:held) AS h JOIN public_proof AS p ON p.run_id = h.value ->> 'run'
GROUP BY p.proof ORDER BY proof_level(p.proof) DESC, p.proof
-- Who came for the first time: to the group, or to any of the club.
-- @query newcomers
WITH came AS MATERIALIZED (SELECT a.person_id, h.value ->> 'run' AS run_id, min(h.key) AS place, count(*) AS times
	FROM json_each(:held) AS h JOIN private_attendance AS a ON a.run_id = h.value ->> 'run'
	WHERE a.status IN ('present', 'late') AND proof_level(a.proof) >= :level GROUP BY a.person_id)
SELECT p.person_id, p.name AS person, r.date, date_near(r.date, '', :language) AS words, r.title, r.path, c.times
FROM came AS c JOIN private_name AS p ON p.person_id = c.person_id JOIN public_run AS r ON r.id = c.run_id
WHERE NOT EXISTS (SELECT 1 FROM public_count WHERE (:group_id = 0 OR group_id = :group_id) AND date < :first)	-- spares the next in a club's first year
	OR NOT EXISTS (SELECT 1 FROM private_record AS e WHERE e.person_id = c.person_id AND (:group_id = 0 OR e.group_id = :group_id)
		AND e.date < :first AND e.status IN ('present', 'late') AND proof_level(e.proof) >= :level)
ORDER BY r.date, r.start, p.folded, p.person_id
-- Who came three times or more to a group and then missed its next dates, so many of them that the last of these is one of the report.
-- @query stopped
WITH h AS MATERIALIZED (SELECT value ->> 'run' AS run_id, value ->> 'group' AS group_id, value ->> 'number' AS number FROM json_each(:held)),
	size AS MATERIALIZED (SELECT group_id, max(number) AS size FROM h GROUP BY group_id),
	near AS MATERIALIZED (SELECT run_id, group_id, number FROM h
		UNION ALL SELECT run_id, group_id, 1 - row_number() OVER (PARTITION BY group_id ORDER BY date DESC, start DESC, run_id DESC)
			FROM size AS s JOIN public_count AS c USING (group_id)
			WHERE c.run_id IN (SELECT run_id FROM public_count WHERE group_id = s.group_id AND date < :first AND NOT is_cancelled
				AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date DESC, start DESC, run_id DESC LIMIT :stops)),
	gone AS MATERIALIZED (SELECT n.group_id, a.person_id, n.run_id, s.size - max(n.number) AS missed
		FROM near AS n JOIN private_attendance AS a ON a.run_id = n.run_id JOIN size AS s ON s.group_id = n.group_id
		WHERE a.status IN ('present', 'late') AND proof_level(a.proof) >= :level GROUP BY n.group_id, a.person_id HAVING missed >= :stops)
SELECT p.person_id, p.name AS person, g.name AS "group", r.date, date_near(r.date, '', :language) AS words, r.path, l.missed
FROM gone AS l JOIN private_name AS p USING (person_id) JOIN public_group AS g ON g.id = l.group_id JOIN public_run AS r ON r.id = l.run_id
WHERE (SELECT count(*) FROM (SELECT 1 FROM private_record AS e WHERE e.person_id = l.person_id AND e.group_id = l.group_id AND e.date <= :last
	AND e.status IN ('present', 'late') AND proof_level(e.proof) >= :level LIMIT 3)) = 3
ORDER BY r.date DESC, p.folded, p.person_id, g.name
