-- SPDX-License-Identifier: ISC
-- host.sql: what the host of an open run sees: private, with the run's secrets; it comes and goes with the clock.
-- @page private host/{capability}.json
-- @query keys
SELECT id AS key FROM private_run WHERE :since = 0
UNION SELECT key FROM temp.changed WHERE kind IN ('run', 'count')
UNION SELECT r.id FROM temp.changed AS c JOIN private_run AS r ON r.group_id = c.key WHERE c.kind = 'group'
UNION SELECT id FROM private_run WHERE date BETWEEN date_add(min(:then_day, :today), -2) AND date_add(max(:then_day, :today), 2)
-- @query page
SELECT t.key, capability, title, came, code_typed(r.key, typed, :now) AS digits,
	code_token(id, r.key, run_closes(date, start, end, zone, opens_min, closes_min)) AS token
FROM temp.touched AS t JOIN private_run AS r ON r.id = t.key
WHERE run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open'
