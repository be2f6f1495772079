-- exports.sql: the last 500 exports, for the admin.
-- @page private exports/{capability}/index.html
-- @query keys
SELECT 1 AS key FROM private_club WHERE :since = 0
	OR EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('club', 'export', 'person', 'group'))
-- @query page
SELECT t.key, capability, (SELECT count(*) FROM private_export) AS number FROM temp.touched AS t JOIN private_club
-- @query exports
SELECT e.at, day_year(wall_date(e.at, c.zone), :language) AS day, wall_time(e.at, c.zone) AS time,
	iso(e.at, c.zone) AS moment, e.who, e.kind, e.format,
	day_year(e.first, :language) AS first, day_year(e.last, :language) AS last,
	e.first IS NULL AND e.last IS NULL AS is_all_time, e.group_name, e.person_name, e.lines
FROM private_export AS e JOIN public_club AS c ORDER BY e.id DESC LIMIT 500
