-- group-feed.sql: the runs of a group, without counts, for calendar programs (RFC 5545).
-- @page public {path}calendar.ics
-- @query keys
SELECT id AS key FROM public_group WHERE :since = 0
UNION ALL SELECT key FROM temp.changed WHERE kind IN ('group', 'timetable')
UNION ALL SELECT r.group_id FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key WHERE c.kind = 'run'
UNION ALL SELECT r.group_id FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key WHERE c.kind = 'place'
UNION ALL SELECT id FROM public_group WHERE EXISTS (SELECT 1 FROM temp.changed WHERE kind = 'today')
-- @query page
SELECT g.id AS key, coalesce(group_language, :language) AS language, g.path, g.name, g.id AS first_group, g.id AS last_group, NULL AS runs
FROM temp.touched AS t JOIN public_group AS g ON g.id = t.key
-- @include feed
