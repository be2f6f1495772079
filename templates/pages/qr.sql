-- SPDX-License-Identifier: ISC
-- qr.sql: the code of a run for everybody: its public session id. (The screen's code is signed and proves
-- more.)
-- @page public qr/{session}.png
-- @query keys
SELECT id AS key FROM public_run WHERE :since = 0 AND date >= :today
UNION SELECT key FROM temp.changed WHERE kind = 'run'
UNION SELECT id FROM public_run
	WHERE date BETWEEN date_add(min(:then_day, :today), -2) AND date_add(max(:then_day, :today), 2)
		AND :today <> :then_day
-- @query page
SELECT r.id AS key, session, qr_png(form_address((SELECT address FROM public_club), session)) AS body
FROM temp.touched AS t JOIN public_run AS r ON r.id = t.key
WHERE date >= :today
