-- person-years.sql: the years and months of a person, for partials/person-years.html. From the row
-- around it: months, [[month, how often they came]]; shown, their latest dates, [[run, date]],
-- newest first; most, how many of these to list.
-- @query years
SELECT substr(value ->> 0, 1, 4) AS year, sum(value ->> 1) AS year_came,
	row_number() OVER (ORDER BY substr(value ->> 0, 1, 4) DESC) = 1 AS is_newest,
	EXISTS (SELECT 1 FROM json_each(:shown) AS s WHERE s.key < :most
		AND substr(s.value ->> 1, 1, 4) = substr(m.value ->> 0, 1, 4)) AS has_dates,
	(SELECT max(8, max(value ->> 1)) FROM json_each(:months)) AS top
FROM json_each(:months) AS m GROUP BY 1 ORDER BY 1 DESC
-- @query letters
WITH RECURSIVE n(month) AS (SELECT 1 UNION ALL SELECT month + 1 FROM n WHERE month < 12)
SELECT month_letter(printf('2000-%02d', month), :language) AS letter, month_name(printf('2000-%02d', month), :language) AS month_name FROM n
-- From the row around it: year, top.
-- @query bars
WITH RECURSIVE n(month) AS (SELECT 1 UNION ALL SELECT month + 1 FROM n WHERE month < 12)
SELECT coalesce(number, 0) AS number, :top - number AS gap FROM n LEFT JOIN (
	SELECT CAST(substr(value ->> 0, 6) AS INTEGER) AS month, value ->> 1 AS number
		FROM json_each(:months) WHERE substr(value ->> 0, 1, 4) = :year) USING (month)
ORDER BY month
-- @query earlier
SELECT 1 AS one WHERE json_array_length(:shown) > :most
