-- screen-image.sql: the QR that the screen shows now, as PNG.
-- @page private screen/{capability}/code.png
-- @query keys
SELECT id AS key FROM private_run WHERE :since = 0 AND date BETWEEN date_add(:today, -3) AND date_add(:today, 3)
UNION ALL SELECT key FROM temp.changed WHERE kind IN ('run', 'state', 'slot', 'code')
-- @query page
SELECT r.id AS key, capability, qr_png(form_address((SELECT address FROM public_club), code_shown(id, r.key, is_single,
	CASE WHEN is_single THEN serial ELSE slot_at(:now, interval_s) END))) AS body
FROM temp.touched AS t JOIN private_run AS r ON r.id = t.key
WHERE run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open'
