-- SPDX-License-Identifier: ISC
-- index.sql: all runs; depends on the clock.
-- @page public index.html
-- @query keys
SELECT 'index' AS key
-- @query page
SELECT key, (SELECT count(*) FROM public_run) AS total FROM temp.touched
-- @query runs
SELECT path, date_words(date, :language) AS day, start, title, came,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) AS state
FROM public_run ORDER BY date, start, title, id
