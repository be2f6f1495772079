-- qr.sql: the public code of a run: its session id. (The screen's code is signed and proves more.)
-- @page public qr/{session}.png
-- @query keys
SELECT id AS key FROM public_run WHERE :since = 0 AND date >= date_add(:today, -1)
UNION ALL SELECT key FROM temp.changed WHERE kind = 'run'
UNION ALL SELECT r.id FROM temp.changed AS c JOIN public_run AS r ON r.date BETWEEN date_add(c.key, -2) AND c.key
	WHERE c.kind = 'today'
-- @query page
SELECT r.id AS key, session, qr_png(form_address((SELECT address FROM public_club), session)) AS body
FROM temp.touched AS t JOIN public_run AS r ON r.id = t.key
WHERE date >= date_add(:today, -1)
