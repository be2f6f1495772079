-- news.sql: the news of the club (Atom, RFC 4287): past runs, with how many came, and cancelled
-- runs. The id of an entry is the session of its run in the form of a UUID (version 8, RFC 9562),
-- so that it survives a change of title or address.
-- @page public feed.atom
-- @query keys
SELECT 'news' AS key WHERE :since = 0 OR EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('run', 'group', 'place', 'settled'))
-- @query page
SELECT t.key, list, iso(coalesce(newest, (SELECT club_created_at FROM public_club)), (SELECT zone FROM public_club)) AS feed_updated
FROM temp.touched AS t JOIN (SELECT json_group_array(json_array(id, updated)) AS list, max(updated) AS newest FROM (
	SELECT * FROM (
		SELECT id, CASE WHEN is_cancelled THEN cancelled_at
			ELSE max(counted_at, run_closes(date, start, end, zone, opens_min, closes_min)) END AS updated
		FROM (SELECT * FROM public_run WHERE date <= date_add(:today, 2)
				AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			ORDER BY date DESC, start DESC, id DESC LIMIT 50)
		UNION ALL SELECT id, cancelled_at FROM public_run WHERE date >= date_add(:today, -2) AND is_cancelled
			AND NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now))
	ORDER BY updated DESC, id DESC LIMIT 50))
-- @query entries
SELECT 'urn:uuid:' || substr(code, 1, 8) || '-' || substr(code, 9, 4) || '-8' || substr(code, 13, 3) || '-8' || substr(code, 16, 3) || '-'
		|| substr(code, 19, 2) || '7475726e6f' AS entry,
	iso(updated, zone) AS updated, title, group_name, date_words(date, :language) AS day_words,
	path, place_name, is_cancelled, reason, came, late
FROM (SELECT r.*, l.value ->> 1 AS updated, lower(hex(r.session)) AS code
	FROM json_each(:list) AS l JOIN public_run AS r ON r.id = l.value ->> 0)
ORDER BY updated DESC, id DESC
