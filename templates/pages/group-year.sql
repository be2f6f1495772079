-- group-year.sql: the past runs of a group, one page a year. The key is the group's id and the year: 3/2026.
-- @page public {path}{year}/index.html
-- @query keys
WITH dated(group_id, year) AS (
		SELECT g.key, substr(d.key, 1, 4) FROM temp.changed AS g
			JOIN temp.changed AS d ON d.kind = 'date' WHERE g.kind = 'timetable'
		UNION SELECT r.group_id, r.year FROM temp.changed AS c
			JOIN public_run AS r ON r.id = c.key WHERE c.kind IN ('settled', 'run')),
	touched(group_id, year) AS (
		SELECT group_id, substr(date, 1, 4) FROM public_count WHERE :since = 0
		UNION SELECT r.group_id, r.year FROM temp.changed AS c JOIN public_run AS r ON r.group_id = c.key WHERE c.kind = 'group'
		UNION SELECT group_id, year FROM dated
		-- The years beside one that appears or disappears link to it.
		UNION SELECT group_id, (SELECT substr(date, 1, 4) FROM public_count
			WHERE group_id = d.group_id AND date < d.year || '-01-01'
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date DESC LIMIT 1) FROM dated AS d
		UNION SELECT group_id, (SELECT substr(date, 1, 4) FROM public_count
			WHERE group_id = d.group_id AND date > d.year || '-12-31'
			AND date <= date_add(:today, 2)
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date LIMIT 1) FROM dated AS d
		UNION SELECT r.group_id, r.year FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key WHERE c.kind = 'place')
SELECT group_id || '/' || year AS key FROM touched WHERE year IS NOT NULL
-- @query page
SELECT y.*, year AS heading,
	(SELECT substr(date, 1, 4) FROM public_count WHERE group_id = y.id AND date < y.year || '-01-01'
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date DESC LIMIT 1) AS earlier,
	(SELECT substr(date, 1, 4) FROM public_count WHERE group_id = y.id AND date > y.year || '-12-31' AND date <= date_add(:today, 2)
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date LIMIT 1) AS later
FROM (SELECT t.key, substr(t.key, -4) AS year, g.id, g.name, g.path, coalesce(:chosen, g.group_language, :language) AS language
	FROM temp.touched AS t JOIN public_group AS g ON g.id = CAST(t.key AS INTEGER)) AS y
WHERE EXISTS (SELECT 1 FROM public_count WHERE group_id = y.id AND date BETWEEN y.year || '-01-01' AND y.year || '-12-31'
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now))
-- @query runs
SELECT path, date, date_short(date, :language) AS date_short, start,
	nullif(zone, (SELECT zone FROM public_club)) AS other_zone, title, NULL AS of_group, place_name, is_cancelled, reason, came, late, excused, absent
FROM public_run WHERE group_id = :id AND date BETWEEN :year || '-01-01' AND :year || '-12-31'
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date DESC, start DESC, title, id
-- @query total
SELECT count(*) AS times, sum(came) AS came, sum(late) AS late, sum(excused) AS excused, sum(absent) AS absent
FROM public_run WHERE group_id = :id AND date BETWEEN :year || '-01-01' AND :year || '-12-31' AND came + excused + absent > 0
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
HAVING count(*) > 1
