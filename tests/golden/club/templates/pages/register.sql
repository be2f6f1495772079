-- SPDX-License-Identifier: ISC
-- register.sql: the counts of a month, for spreadsheets.
-- @page public months/{month}.csv
-- @query keys
SELECT month AS key FROM public_run WHERE :since = 0
UNION SELECT substr(key, 1, 7) FROM temp.changed WHERE kind = 'date'
UNION SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key WHERE c.kind = 'count'
UNION SELECT r.month FROM temp.changed AS c JOIN public_run AS r ON r.group_id = c.key WHERE c.kind = 'group'
-- @query page
SELECT key, key AS month FROM temp.touched WHERE EXISTS (SELECT 1 FROM public_run WHERE public_run.month = temp.touched.key)
-- @query runs
SELECT date, start, title, present, late, excused, absent FROM public_run WHERE month = :month ORDER BY date, start, title, id
