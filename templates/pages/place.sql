-- place.sql: a place: where it is, who meets there and when, its next runs, its past runs.
-- @page public {path}index.html
-- @query keys
SELECT id AS key FROM public_place WHERE :since = 0
UNION ALL SELECT key FROM temp.changed WHERE kind = 'place'
UNION ALL SELECT r.place_id FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key
	WHERE c.kind IN ('settled', 'state') AND r.place_id > 0
UNION ALL SELECT r.place_id FROM temp.changed AS c JOIN public_run AS r ON r.group_id = c.key WHERE c.kind = 'group' AND r.place_id > 0
UNION ALL SELECT s.place_id FROM temp.changed AS c JOIN public_schedule AS s ON s.group_id = c.key WHERE c.kind = 'group' AND s.place_id > 0
-- A run that was moved has left its old place, which no change names. And what comes next, and
-- which dates show their year, depends on the day.
UNION ALL SELECT id FROM public_place WHERE EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('timetable', 'today'))
-- @query page
SELECT p.id AS key, p.*, printf('%.5f,%.5f', latitude, longitude) AS geo,
	printf('%.5f', abs(latitude)) AS degrees_up, CASE WHEN latitude < 0 THEN 'south' END AS up,
	printf('%.5f', abs(longitude)) AS degrees_along,
	CASE WHEN longitude < 0 THEN 'west' END AS along
FROM temp.touched AS t JOIN public_place AS p ON p.id = t.key
-- A run that is four days old is surely over.
-- @query total
SELECT count(*) AS runs, sum(came) AS came, CAST(round(1.0 * sum(came) / count(*)) AS INTEGER) AS average FROM public_count
WHERE place_id = :id AND date <= date_add(:today, 2) AND NOT is_cancelled
	AND (date < date_add(:today, -3) OR run_is_over(date, start, end, zone, opens_min, closes_min, :now)) HAVING count(*) > 0
-- @query groups
SELECT g.path, g.name, (SELECT group_concat(words, '; ') FROM (SELECT rule_words(rule, :language) || ' ' || start
			|| coalesce(' ' || nullif(zone, (SELECT zone FROM public_club)), '') AS words
		FROM public_schedule WHERE group_id = g.id AND place_id = :id ORDER BY first, start, id)) AS timetable
FROM public_group AS g
WHERE id IN (SELECT group_id FROM public_schedule WHERE place_id = :id UNION SELECT group_id FROM public_count WHERE place_id = :id)
ORDER BY g.name, g.id
-- @query coming
SELECT path, date, date_near(date, :today, :language) AS date_short,
	start, end, nullif(zone, (SELECT zone FROM public_club)) AS other_zone,
	title, nullif(group_name, title) AS of_group, NULL AS place_name, is_cancelled, reason, came,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open' AS is_open, 0 AS has_count
FROM public_run
WHERE place_id = :id AND date >= date_add(:today, -2) AND NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date, start, title, id LIMIT 6
-- @query latest
SELECT path, date, date_near(date, :today, :language) AS date_short,
	start, end, nullif(zone, (SELECT zone FROM public_club)) AS other_zone,
	title, nullif(group_name, title) AS of_group, NULL AS place_name, is_cancelled, reason, came,
	0 AS is_open, NOT is_cancelled AS has_count
FROM public_run
WHERE place_id = :id AND date <= date_add(:today, 2) AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date DESC, start DESC, title, id LIMIT 12
-- @query years
SELECT substr(date, 1, 4) AS year, count(*) AS runs, sum(came) AS came,
	CAST(round(1.0 * sum(came) / count(*)) AS INTEGER) AS average FROM public_count
WHERE place_id = :id AND date <= date_add(:today, 2) AND NOT is_cancelled
	AND (date < date_add(:today, -3) OR run_is_over(date, start, end, zone, opens_min, closes_min, :now))
GROUP BY 1 ORDER BY 1 DESC
