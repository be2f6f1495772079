-- profile.sql: the public page of a person who asked for one, under the name that may be shown:
-- months, and the latest dates. Only past runs count.
-- @page public {path}index.html
-- @query keys
WITH touched(group_id) AS (
	SELECT key FROM temp.changed WHERE kind IN ('group', 'timetable')
	UNION SELECT r.group_id FROM temp.changed AS c JOIN public_count AS r ON r.run_id = c.key WHERE c.kind = 'settled')
SELECT id AS key FROM public_person WHERE :since = 0
UNION ALL SELECT key FROM temp.changed WHERE kind = 'person'
UNION ALL SELECT p.id FROM temp.changed AS c JOIN public_person AS p ON p.id = c.key WHERE c.kind = 'past'
UNION ALL SELECT p.id FROM touched AS g CROSS JOIN public_person AS p
	WHERE EXISTS (SELECT 1 FROM public_record WHERE person = p.id AND group_id = g.group_id)
-- @query page
SELECT *, months <> '[]' AS has_months FROM (
SELECT p.id AS key, p.id, p.name, p.path, 100 AS most,
	(SELECT json_group_array(json_array(month, came)) FROM (SELECT substr(date, 1, 7) AS month, count(*) AS came FROM public_record
		WHERE person = p.id AND NOT is_cancelled AND status IN ('present', 'late')
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			GROUP BY 1)) AS months,
	(SELECT json_group_array(json_array(id, date)) FROM (SELECT id, date FROM public_record
		WHERE person = p.id AND NOT is_cancelled AND status IN ('present', 'late')
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
		ORDER BY date DESC, start DESC, id DESC LIMIT 101)) AS shown
FROM temp.touched AS t JOIN public_person AS p ON p.id = t.key)
-- The row of partials/standing.html. `form` has a character for each date of a group, oldest first:
-- 1 for came, 0 for missed.
-- @query standing
WITH own AS MATERIALIZED (SELECT group_id, min(date) AS first FROM public_record
		WHERE person = :id AND NOT is_cancelled
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			GROUP BY group_id),
	line AS MATERIALIZED (SELECT group_id, (SELECT group_concat(is_in, '') FROM (
			SELECT coalesce(status, '') IN ('present', 'late') AS is_in FROM public_roll
			WHERE person = :id AND group_id = o.group_id AND date >= o.first AND status IS NOT 'excused'
				AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
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
SELECT number, path, date, day_year(date, :language) AS words FROM public_milestone AS m JOIN public_run AS r ON r.id = m.run_id
WHERE m.person = :id AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY number
-- @include standing
-- @include person-years
-- @query entries
SELECT r.path, r.date, date_short(r.date, :language) AS words, r.title,
	nullif(r.group_name, r.title) AS of_group, 0 AS has_more, NULL AS remark, NULL AS since
FROM json_each(:shown) AS s CROSS JOIN public_run AS r ON r.id = s.value ->> 0
WHERE s.key < :most AND substr(s.value ->> 1, 1, 4) = :year ORDER BY s.key
