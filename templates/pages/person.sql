-- person.sql: a person's own page, at an address that nobody can guess: whether they are in, what
-- comes next, and how often they came. Runs that are not over tell whether they are in, but are in
-- none of the numbers.
-- @page private person/{capability}/index.html
-- @query keys
WITH touched(group_id) AS (
	SELECT key FROM temp.changed WHERE kind IN ('group', 'timetable', 'list')
	UNION SELECT r.group_id FROM temp.changed AS c JOIN public_count AS r ON r.run_id = c.key WHERE c.kind IN ('settled', 'state')
	UNION SELECT r.group_id FROM temp.changed AS c JOIN public_count AS r ON r.place_id = c.key WHERE c.kind = 'place')
SELECT id AS key FROM private_person WHERE :since = 0
UNION ALL SELECT key FROM temp.changed WHERE kind = 'person'
UNION ALL SELECT p.id FROM temp.changed AS c JOIN private_person AS p ON p.id = c.key WHERE c.kind = 'record'
-- Dates in another year than today's show it.
UNION ALL SELECT id FROM private_person WHERE EXISTS (SELECT 1 FROM temp.changed WHERE kind = 'today' AND key LIKE '%-01-01')
-- People who are on the list of a changed group, or have been there.
UNION ALL SELECT p.id FROM touched AS g CROSS JOIN private_person AS p
	WHERE EXISTS (SELECT 1 FROM private_list WHERE person_id = p.id AND group_id = g.group_id)
		OR EXISTS (SELECT 1 FROM private_record WHERE person_id = p.id AND group_id = g.group_id)
-- @query page
SELECT p.id AS key, p.id, p.name, p.capability, shown_name, public_path FROM temp.touched AS t JOIN private_person AS p ON p.id = t.key
-- The row of partials/standing.html. `form` has a character for each date of a group, oldest first:
-- 1 for came, 0 for missed. Every check-in of the person renders this page, so dates more than four
-- days old are taken to be over, without computing their windows.
-- @query standing
WITH own AS MATERIALIZED (SELECT group_id, min(date) AS first FROM private_record
		WHERE person_id = :id AND NOT is_cancelled
			AND (date < date_add(:today, -4)
				OR run_is_over(date, start, end, zone, opens_min, closes_min, :now))
			GROUP BY group_id),
	line AS MATERIALIZED (SELECT group_id, (SELECT group_concat(is_in, '') FROM (
			SELECT coalesce(status, '') IN ('present', 'late') AS is_in FROM private_roll
			WHERE person_id = :id AND group_id = o.group_id AND date >= o.first AND status IS NOT 'excused'
				AND (date < date_add(:today, -4) OR run_is_over(date, start, end, zone, opens_min, closes_min, :now))
			ORDER BY date, start, own_title)) AS form
		FROM own AS o),
	figures AS MATERIALIZED (SELECT group_id, form, length(form) AS held, length(replace(form, '0', '')) AS came,
			length(form) - length(rtrim(form, '1')) AS now,
			(SELECT max(length(value)) FROM json_each('["' || replace(form, '0', '","') || '"]')) AS longest
		FROM line WHERE form <> '')
SELECT *, (SELECT min(value) FROM json_each('[10, 25, 50, 100, 250]') WHERE value > came) AS goal
FROM (SELECT coalesce(sum(came), 0) AS came, sum(held) AS held, CAST(round(100.0 * sum(came) / sum(held)) AS INTEGER) AS rate,
	max(now) AS streak, max(longest) AS longest,
	json_group_array(json_object('id', group_id, 'form', form, 'came', came, 'held', held, 'now', now, 'longest', longest)) AS lines
	FROM figures)
-- @query milestones
SELECT number, path, date, day_year(date, :language) AS words FROM private_milestone AS m JOIN public_run AS r ON r.id = m.run_id
WHERE m.person_id = :id AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY number
-- @include standing
-- @query open_runs
SELECT path, title, nullif(group_name, title) AS of_group, date, start, end, place_name, zone_short(date, start, zone) AS zone_name,
	wall_time(run_closes(date, start, end, zone, opens_min, closes_min), zone) AS closes,
	wall_time(a.since, zone) AS since, a.status IN ('present', 'late') AS is_in, a.status AS noted
FROM public_run AS r LEFT JOIN private_attendance AS a ON a.run_id = r.id AND a.person_id = :id
WHERE r.date BETWEEN date_add(:today, -2) AND date_add(:today, 2)
	AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open'
	AND (a.status IS NOT NULL OR r.group_id IN (SELECT value ->> 'id' FROM json_each(:lines)
		UNION SELECT group_id FROM private_list WHERE person_id = :id))
ORDER BY date, start, title, id
-- @query coming
SELECT path, date, date_near(date, :today, :language) AS date_short,
	start, end, nullif(zone, (SELECT zone FROM public_club)) AS other_zone,
	title, nullif(group_name, title) AS of_group, place_name, is_cancelled, reason, came, 0 AS is_open, 0 AS has_count
FROM public_run
WHERE date >= date_add(:today, -2) AND group_id IN (SELECT value ->> 'id' FROM json_each(:lines)
	UNION SELECT group_id FROM private_list WHERE person_id = :id)
	AND NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now)
	AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) <> 'open'
ORDER BY date, start, title, id LIMIT 4
-- @query latest
SELECT r.path, date, date_near(date, :today, :language) AS date_short, start,
	nullif(zone, (SELECT zone FROM public_club)) AS other_zone,
	title, nullif(group_name, title) AS of_group, nullif(status, 'present') AS remark
FROM (SELECT id, status FROM private_record
		WHERE person_id = :id AND NOT is_cancelled
			AND (date < date_add(:today, -4) OR run_is_over(date, start, end, zone, opens_min, closes_min, :now))
		ORDER BY date DESC, start DESC, id DESC LIMIT 6) AS l JOIN public_run AS r ON r.id = l.id
ORDER BY date DESC, start DESC, l.id DESC
