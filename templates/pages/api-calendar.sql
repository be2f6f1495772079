-- SPDX-License-Identifier: ISC
-- api-calendar.sql: the runs of the last 31 days and all to come, for programs. Rendered at every publish: the
-- clock moves it.
-- @page public api/calendar.json
-- @query keys
SELECT 'calendar' AS key
-- @query page
SELECT key FROM temp.touched
-- @query runs
SELECT row_number() OVER (ORDER BY date, start, title, id) = 1 AS is_first, session, date, start, end, zone,
	group_name, title, place_name, came,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) AS state
FROM public_run WHERE date >= date_add(:today, -31) ORDER BY date, start, title, id
