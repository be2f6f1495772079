-- report.sql: the figures of a report, for its page and for the files of turnout report, so that
-- both count alike. From the row around it:
--   group_id     0: the whole club
--   first, last  dates
--   level        the least proof that counts, as a number (gen/function.h)
--   stops        how many dates in a row somebody must have missed to have stopped
--   held         the runs of the report, in order, as JSON: {run: how many came}
--   lines        a line for each person in each group, for each_line (gen/function.h)
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
-- absent, 5 unproven. Entries are read once, to make the lines; what was before `first` is in
-- temp.beginning (gen/page.h). Files are made from people, too; the page lists people twice, the
-- second time with the query grid.
-- @query people
SELECT p.person_id, p.name AS person, f.came, f.due, CAST(round(100.0 * f.came / f.due) AS INTEGER) AS rate,
	CAST(round(20.0 * f.came / f.due) AS INTEGER) AS twentieths, f.late, f.minutes, f.worst, f.excused,
	f.unproven, f.due - f.came AS missed, f.longest, f.now, f.marks,
	(SELECT group_concat('<td>' || number || coalesce(' ('
			|| percent(CAST(round(100.0 * nullif(number, 0) / f.due) AS INTEGER), :language) || ')', ''), '')
		FROM (SELECT CASE value WHEN 1 THEN f.printed WHEN 2 THEN f.screen WHEN 3 THEN f.place ELSE f.host END AS number
			FROM json_each(:levels))) AS proven_markup
FROM (SELECT person_id, sum(came) AS came, sum(length(form) - excused) AS due, sum(late) AS late, sum(minutes) AS minutes,
		max(worst) AS worst, sum(excused) AS excused, sum(unproven) AS unproven, max(missed_longest(form)) AS longest,
		max(missed_now(form)) AS now, marks, sum(printed) AS printed, sum(screen) AS screen, sum(place) AS place, sum(host) AS host
	FROM (SELECT *, CASE WHEN marks < '1' AND NOT EXISTS (SELECT 1 FROM temp.beginning AS b
			WHERE b.person_id = line.person_id AND b.group_id = line.group_id AND b.first < :first)
			THEN ltrim(marks, '0') ELSE marks END AS form FROM each_line(:lines) AS line)
	GROUP BY person_id) AS f
	JOIN private_name AS p ON p.person_id = f.person_id ORDER BY p.folded, p.person_id
-- Only the marks, of one group; or how often people came, if by month.
-- @query grid
WITH h AS MATERIALIZED (SELECT row_number() OVER (ORDER BY e.id) AS number, r.date
		FROM json_each(:held) AS e JOIN public_count AS r ON r.run_id = e.key),
	month AS MATERIALIZED (SELECT min(number) AS number, count(*) AS size FROM h GROUP BY substr(date, 1, 7))
SELECT p.name AS person, CASE :is_by_month WHEN 1 THEN (SELECT group_concat('<td>' || coalesce(nullif(came, 0), ''), '')
		FROM (SELECT marked(substr(l.marks, number, size), '12') AS came FROM month ORDER BY number))
	ELSE replace(replace(replace(replace(replace(replace(l.marks, '0', '<td>'), '1', '<td>✓'), '2', '<td class=late>' || word('mark_late', :language)),
	'3', '<td class=excused>' || word('mark_excused', :language)), '4', '<td class=absent>' || word('mark_absent', :language)),
	'5', '<td class=unproven>?') END AS cells_markup
FROM each_line(:lines) AS l CROSS JOIN private_name AS p ON p.person_id = l.person_id ORDER BY p.folded, p.person_id
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
-- Months and weeks, if there are at least two, as bars in columns one unit wide; where these are few, the bars are as thin as those of twelve.
-- @query trends
WITH held AS MATERIALIZED (SELECT r.date, h.value AS came FROM json_each(:held) AS h JOIN public_count AS r ON r.run_id = h.key),
	step AS (SELECT unit, step, sum(came) AS came, CASE unit WHEN 'month' THEN substr(step, 1, 4) * 12 + substr(step, 6, 2)
			ELSE CAST(julianday(step) / 7 AS INTEGER) END AS x
		FROM (SELECT 'month' AS unit, substr(date, 1, 7) AS step, came FROM held
			UNION ALL SELECT 'week', date_add(date, 1 - weekday(date)), came FROM held)
		GROUP BY unit, step),
	edge AS (SELECT unit, min(x) AS low, max(x) - min(x) + 1 AS columns, round(.7 * min(1, (max(x) - min(x) + 1) / 12.0), 2) AS thick,
		max(1, max(came)) AS top, min(step) AS low_step, max(step) AS high_step
		FROM step GROUP BY unit HAVING count(*) > 1)
SELECT unit, unit = 'month' AS is_month, columns, top, group_concat('M' || (x - low + .35 - thick / 2) || ' 0v-' || came || 'h' || thick || 'V0', '') AS bars,
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
WITH h AS MATERIALIZED (SELECT r.run_id, r.group_id, e.id AS place, row_number() OVER (PARTITION BY r.group_id ORDER BY e.id) AS number
		FROM json_each(:held) AS e JOIN public_count AS r ON r.run_id = e.key),
	new AS MATERIALIZED (SELECT person_id, group_id, length(marks) + 1 - length(ltrim(marks, '0345')) AS number, came
		FROM each_line(:lines) AS line
		WHERE came > 0 AND NOT EXISTS (SELECT 1 FROM temp.beginning AS b WHERE b.person_id = line.person_id
			AND (:group_id = 0 OR b.group_id = :group_id) AND b.level >= :level AND b.first < :first)),
	came AS (SELECT n.person_id, h.run_id, min(h.place) AS place, sum(n.came) AS times
		FROM new AS n JOIN h ON h.group_id = n.group_id AND h.number = n.number
		GROUP BY n.person_id)
SELECT p.person_id, p.name AS person, r.date, date_near(r.date, '', :language) AS words, r.title, r.path, c.times,
	CASE row_number() OVER (ORDER BY r.date, r.start, p.folded, p.person_id)
		WHEN :most THEN nullif(count(*) OVER () - :most, 0) END AS more
FROM came AS c CROSS JOIN private_name AS p ON p.person_id = c.person_id CROSS JOIN public_run AS r ON r.id = c.run_id
ORDER BY r.date, r.start, p.folded, p.person_id LIMIT :most
-- People who came to a group three times or more and have missed all its dates since: `stops` or
-- more, and the one that made it `stops` is in the report.
-- @query stopped
WITH h AS MATERIALIZED (SELECT r.run_id, r.group_id, row_number() OVER (PARTITION BY r.group_id ORDER BY e.id) AS number,
		count(*) OVER (PARTITION BY r.group_id) AS size
		FROM json_each(:held) AS e JOIN public_count AS r ON r.run_id = e.key),
	near AS MATERIALIZED (SELECT e.value AS run_id, s.group_id, -e.key AS number, s.size	-- earlier dates, backwards from 0
		FROM h AS s CROSS JOIN json_each((SELECT json_group_array(run_id) FROM (SELECT run_id FROM public_count AS c
			WHERE c.group_id = s.group_id AND date < :first AND NOT is_cancelled
				AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			ORDER BY date DESC, start DESC, run_id DESC LIMIT :stops))) AS e
		WHERE s.number = 1),
	came AS (SELECT group_id, person_id, length(rtrim(marks, '0345')) AS last, length(marks) AS size, came AS times
		FROM each_line(:lines) WHERE came > 0),
	seen AS (SELECT * FROM came WHERE size - last >= :stops
		UNION ALL SELECT group_id, person_id, max(number), size, 0
			FROM (SELECT n.group_id, a.person_id, n.number, n.size FROM near AS n CROSS JOIN private_attendance AS a ON a.run_id = n.run_id
				WHERE (n.group_id << 32) + a.person_id NOT IN (SELECT (group_id << 32) + person_id FROM came)
					AND mark(a.status, a.proof, :level) <= 2)
			GROUP BY group_id, person_id HAVING size - max(number) >= :stops),
	-- in the order of the list; only then the words for those who are on it
	gone AS MATERIALIZED (SELECT l.group_id, l.person_id, l.size - l.last AS missed, n.run_id, r.date, p.folded, g.name AS "group"
		FROM seen AS l CROSS JOIN (SELECT group_id, number, run_id FROM h UNION ALL SELECT group_id, number, run_id FROM near) AS n
				ON n.group_id = l.group_id AND n.number = l.last
			CROSS JOIN public_count AS r ON r.run_id = n.run_id
			CROSS JOIN private_name AS p USING (person_id) CROSS JOIN public_group AS g ON g.id = l.group_id
		WHERE l.times + (SELECT coalesce(sum((first < :first) + coalesce(second < :first, 0) + coalesce(third < :first, 0)), 0)
			FROM temp.beginning WHERE person_id = l.person_id AND group_id = l.group_id AND level >= :level) >= 3)
SELECT p.person_id, p.name AS person, l."group", l.date, date_near(l.date, '', :language) AS words, r.path, l.missed,
	CASE row_number() OVER (ORDER BY l.date DESC, l.folded, l.person_id, l."group")
		WHEN :most THEN nullif((SELECT count(*) FROM gone) - :most, 0) END AS more
FROM (SELECT * FROM gone ORDER BY date DESC, folded, person_id, "group" LIMIT :most) AS l
	CROSS JOIN private_name AS p USING (person_id) CROSS JOIN public_run AS r ON r.id = l.run_id
ORDER BY l.date DESC, l.folded, l.person_id, l."group"
