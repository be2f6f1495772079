-- SPDX-License-Identifier: ISC
-- person-history.sql: all dates of a person, on a page that is theirs alone.
-- @page private person/{capability}/history/index.html
-- @include person-keys
-- @query page
SELECT p.id AS key, p.id, p.name, p.capability FROM temp.touched AS t JOIN private_person AS p ON p.id = t.key
-- @query years
SELECT substr(date, 1, 4) AS year, sum(status IN ('present', 'late')) AS year_came,
	row_number() OVER (ORDER BY substr(date, 1, 4) DESC) = 1 AS is_newest,
	(SELECT max(8, max(number)) FROM (SELECT count(*) AS number FROM private_record WHERE person_id = :id AND status IN ('present', 'late')
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) GROUP BY substr(date, 1, 7))) AS top
FROM private_record
WHERE person_id = :id AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) GROUP BY 1 ORDER BY 1 DESC
-- @query letters
WITH RECURSIVE n(month) AS (SELECT 1 UNION ALL SELECT month + 1 FROM n WHERE month < 12)
SELECT month_letter(printf('2000-%02d', month), :language) AS letter, month_name(printf('2000-%02d', month), :language) AS month_name FROM n
-- @query months
WITH RECURSIVE n(month) AS (SELECT 1 UNION ALL SELECT month + 1 FROM n WHERE month < 12)
SELECT coalesce(number, 0) AS number, :top - number AS gap FROM n LEFT JOIN (
	SELECT CAST(substr(date, 6, 2) AS INTEGER) AS month, count(*) AS number FROM private_record
	WHERE person_id = :id AND substr(date, 1, 4) = :year AND status IN ('present', 'late')
		AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) GROUP BY 1) USING (month)
ORDER BY month
-- @query entries
SELECT path, date, date_short(date, :language) AS words, title, nullif(group_name, title) AS of_group, 1 AS has_more,
	nullif(status, 'present') AS remark,
	CASE WHEN status IN ('present', 'late') THEN wall_time(since, zone) END AS since
FROM private_record WHERE person_id = :id AND substr(date, 1, 4) = :year
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now) ORDER BY date DESC, start DESC, title, id
