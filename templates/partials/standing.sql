-- standing.sql: a person's groups, for partials/standing.html. From the row around it: lines.
-- @query groups
SELECT g.path AS group_path, g.name AS group_name, held AS group_held, came AS group_came, now AS group_now, longest AS group_longest,
	CAST(round(100.0 * came / held) AS INTEGER) AS group_rate, replace(replace(newest, '1', '●'), '0', '○') AS dots,
	length(newest) AS dots_held, length(replace(newest, '0', '')) AS dots_came
FROM (SELECT value ->> 'id' AS id, substr(value ->> 'form', -12) AS newest, value ->> 'came' AS came, value ->> 'held' AS held,
		value ->> 'now' AS now, value ->> 'longest' AS longest FROM json_each(:lines)) AS l
	JOIN public_group AS g ON g.id = l.id
ORDER BY came DESC, g.name, g.id
