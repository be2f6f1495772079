-- SPDX-License-Identifier: ISC
-- feed.sql: all runs for calendar programs.
-- @page public runs.ics
-- @query keys
SELECT 'feed' AS key WHERE :since = 0 OR EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('run', 'group', 'place'))
-- @query page
SELECT key FROM temp.touched
-- @query events
SELECT session, utc_stamp(updated_at) AS stamp, sequence, utc_stamp(run_starts(date, start, end, zone, opens_min, closes_min)) AS starts,
	title, place_address, is_cancelled
FROM public_run ORDER BY date, start, title, id
