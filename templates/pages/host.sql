-- host.sql: who is here, for the host of a run around today. The page is empty: assets/host.js
-- fills it from host-live, so that a check-in has to render only that.
-- @page private screen/{capability}/host/index.html
-- @query keys
SELECT id AS key FROM private_run WHERE :since = 0 AND date BETWEEN date_add(:today, -1) AND date_add(:today, 1)
UNION ALL SELECT key FROM temp.changed WHERE kind = 'run'
UNION ALL SELECT r.id FROM temp.changed AS c JOIN private_run AS r ON r.group_id = c.key WHERE c.kind = 'group'
	AND r.date BETWEEN date_add(:today, -1) AND date_add(:today, 1)
UNION ALL SELECT r.id FROM temp.changed AS c JOIN private_run AS r ON r.date BETWEEN date_add(c.key, -2) AND date_add(c.key, 2)
	WHERE c.kind = 'today'
-- @query page
SELECT t.key, language, capability, session, path, title, nullif(group_name, title) AS of_group, date, start,
	end, date_words(date, language) AS day_words,
	zone_short(date, start, zone) AS zone_name
FROM temp.touched AS t JOIN (SELECT *, coalesce(group_language, :language) AS language FROM private_run) AS r ON r.id = t.key
WHERE date BETWEEN date_add(:today, -1) AND date_add(:today, 1)
