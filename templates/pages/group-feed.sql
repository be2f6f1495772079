-- SPDX-License-Identifier: ISC
-- group-feed.sql: the runs of a group for calendar programs (RFC 5545). Counts are not in it.
-- @page public {path}calendar.ics
-- @query keys
SELECT id AS key FROM public_group WHERE :since = 0
UNION SELECT key FROM temp.changed WHERE kind IN ('group', 'timetable')
UNION SELECT r.group_id FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key WHERE c.kind = 'run'
UNION SELECT r.group_id FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key WHERE c.kind = 'place'
-- @query page
SELECT g.id AS key, g.id, g.path, g.name FROM temp.touched AS t JOIN public_group AS g ON g.id = t.key
-- @query zones
SELECT zone, rtrim(vtimezone_markup(zone), char(13, 10)) AS vtimezone_markup
FROM (SELECT DISTINCT zone FROM public_run WHERE group_id = :id) ORDER BY zone
-- @query events
SELECT coalesce(uid, session || '@turnout') AS uid, utc_stamp(updated_at) AS stamp, sequence, zone,
	replace(date, '-', '') || 'T' || replace(start, ':', '') || '00' AS starts,
	replace(wall_date(run_ends(date, start, end, zone, opens_min, closes_min), zone), '-', '') || 'T'
		|| replace(wall_time(run_ends(date, start, end, zone, opens_min, closes_min), zone), ':',
			'') || '00' AS ends,
	title, group_name, path, place_name, place_address, is_cancelled, reason
FROM public_run WHERE group_id = :id ORDER BY date, start, title, id
