-- SPDX-License-Identifier: ISC
-- screen-code.sql: the digits that a screen shows beside the QR, while check-in is open; those of the next step
-- too, so that the change falls on the minute. The page changes with each step of 60 seconds.
-- @page private screen/{capability}/code.json
-- @query keys
SELECT id AS key FROM private_run WHERE :since = 0
	AND date BETWEEN date_add(:today, -3) AND date_add(:today, 3)
UNION SELECT key FROM temp.changed WHERE kind IN ('run', 'state', 'minute')
-- @query page
SELECT r.id AS key, capability, code_digits(r.key, :now) AS digits,
	code_digits(r.key, :now + 60) AS next_digits,
	iso((:now / 60 + 1) * 60, zone) AS valid_until
FROM temp.touched AS t JOIN private_run AS r ON r.id = t.key
WHERE run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open'
