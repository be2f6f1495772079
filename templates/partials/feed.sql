-- feed.sql: the runs of a calendar feed, and the zones of their times: the runs of groups
-- :first_group to :last_group, and those with an id in :runs (JSON). Runs more than 400 days old
-- are only in the history, because subscribers fetch the whole feed each time. A calendar without
-- runs has the club's zone, since it may not be empty. A run ends at a wall time; but within a day
-- of a clock change, which repeats or skips times, it has a duration instead. A run without a
-- length has no end.
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
