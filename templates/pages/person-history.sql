-- person-history.sql: how often a person came by month, and their latest dates, on a page for them
-- alone; attendance.csv beside it has all dates.
-- @page private person/{capability}/history/index.html
-- @include person-keys
-- The person's records are read once. `months` is how often they came in each month in which they
-- have a record, `shown` their latest dates, and one more if there is one.
-- @query page
SELECT *, months <> '[]' AS has_months FROM (
SELECT p.id AS key, p.id, p.name, p.capability, 100 AS most,
	(SELECT json_group_array(json_array(month, came))
		FROM (SELECT substr(date, 1, 7) AS month, sum(status IN ('present', 'late')) AS came
		FROM private_record
		WHERE person_id = p.id AND NOT is_cancelled
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			GROUP BY 1)) AS months,
	(SELECT json_group_array(json_array(id, date)) FROM (SELECT id, date FROM private_record
		WHERE person_id = p.id AND NOT is_cancelled
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			ORDER BY date DESC, start DESC, id DESC LIMIT 101)) AS shown
FROM temp.touched AS t JOIN private_person AS p ON p.id = t.key)
-- @include person-years
-- @query entries
SELECT r.path, r.date, date_short(r.date, :language) AS words, r.title, nullif(r.group_name, r.title) AS of_group, 1 AS has_more,
	nullif(a.status, 'present') AS remark,
	CASE WHEN a.status IN ('present', 'late') THEN wall_time(a.since, r.zone) END AS since
FROM json_each(:shown) AS s CROSS JOIN public_run AS r ON r.id = s.value ->> 0
	CROSS JOIN private_attendance AS a ON a.run_id = r.id AND a.person_id = :id
WHERE s.key < :most AND substr(s.value ->> 1, 1, 4) = :year ORDER BY s.key
