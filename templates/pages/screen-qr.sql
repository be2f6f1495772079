-- SPDX-License-Identifier: ISC
-- screen-qr.sql: the screen's signed code as a picture, for slides and posters.
-- @page private screen/{capability}/qr.png
-- @query keys
SELECT id AS key FROM private_run WHERE :since = 0 AND date >= date_add(:today, -1)
UNION ALL SELECT key FROM temp.changed WHERE kind = 'run'
UNION ALL SELECT r.id FROM temp.changed AS c JOIN private_run AS r ON r.date BETWEEN date_add(c.key, -2) AND c.key
	WHERE c.kind = 'today'
-- @query page
SELECT r.id AS key, capability,
	qr_png(form_address((SELECT address FROM public_club),
		code_token(id, r.key, run_closes(date, start, end, zone, opens_min, closes_min)))) AS body
FROM temp.touched AS t JOIN private_run AS r ON r.id = t.key
WHERE date >= date_add(:today, -1)
