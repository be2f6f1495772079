-- SPDX-License-Identifier: ISC
-- feed.sql: the runs of a calendar feed, those of the groups from :first_group to :last_group and
-- the :runs beside them (JSON), and the zones of their times. What is older than 400 days is in the
-- history; programs that subscribe fetch all of this each time. A calendar without a run has the
-- club's zone, since it may not be empty. The end is a wall time, but within a day of a change of
-- the clock, which repeats or skips some: there it is how long the run lasts. No length, no end.
-- @query zones
SELECT zone, rtrim(vtimezone_markup(zone), char(13, 10)) AS vtimezone_markup
FROM (SELECT zone FROM public_club UNION SELECT zone FROM public_run WHERE date >= date_add(:today, -400)
		AND (group_id BETWEEN :first_group AND :last_group OR id IN (SELECT value FROM json_each(:runs))))
ORDER BY zone
-- @query events
SELECT coalesce(uid, session || '@turnout') AS uid, utc_stamp(updated_at) AS stamp, sequence, zone,
	replace(date, '-', '') || 'T' || replace(start, ':', '') || '00' AS starts,
	iif(ends_at > starts_at AND substr(iso(ends_at - 86400, zone), 20) = substr(iso(ends_at + 86400, zone), 20),
		replace(wall_date(ends_at, zone), '-', '') || 'T' || replace(wall_time(ends_at, zone), ':', '') || '00', NULL) AS ends,
	iif(ends_at > starts_at, 'PT' || ((ends_at - starts_at) / 60) || 'M', NULL) AS lasts,
	title, of_group, group_name, path, place_name, place_address, is_cancelled, reason
FROM (SELECT id, uid, session, updated_at, sequence, date, start, zone, title, group_name, path, place_name, place_address,
		is_cancelled, reason, iif(:first_group = :last_group, NULL, nullif(group_name, title)) AS of_group,
		run_starts(date, start, end, zone, opens_min, closes_min) AS starts_at,
		run_ends(date, start, end, zone, opens_min, closes_min) AS ends_at
	FROM public_run WHERE date >= date_add(:today, -400)
		AND (group_id BETWEEN :first_group AND :last_group OR id IN (SELECT value FROM json_each(:runs)))
	ORDER BY date, start, title, id LIMIT -1)
