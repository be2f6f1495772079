-- SPDX-License-Identifier: ISC
-- calendar-feed.sql: all runs for calendar programs (RFC 5545). Counts are not in it: a check-in does not
-- change it.
-- @page public calendar.ics
-- @query keys
SELECT 'feed' AS key WHERE :since = 0 OR EXISTS (SELECT 1 FROM temp.changed
	WHERE kind IN ('run', 'group', 'place'))
-- @query page
SELECT key FROM temp.touched
-- @query zones
SELECT zone, rtrim(vtimezone_markup(zone), char(13, 10)) AS vtimezone_markup
FROM (SELECT DISTINCT zone FROM public_run) ORDER BY zone
-- @query events
SELECT coalesce(uid, session || '@turnout') AS uid, utc_stamp(updated_at) AS stamp, sequence, zone,
	replace(date, '-', '') || 'T' || replace(start, ':', '') || '00' AS starts,
	replace(wall_date(run_ends(date, start, end, zone, opens_min, closes_min), zone), '-', '') || 'T'
		|| replace(wall_time(run_ends(date, start, end, zone, opens_min, closes_min), zone), ':',
			'') || '00' AS ends,
	title, nullif(group_name, title) AS of_group, group_name, path, place_name, place_address, is_cancelled,
		reason
FROM public_run ORDER BY date, start, title, id
