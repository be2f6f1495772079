-- shown-code.sql: the code that the screen of an open run shows now, for screen-code and
-- screen-picture: that of the slot or, if each code is for one person, that of the next serial;
-- with the code to type, and the one after it.
-- @query keys
SELECT id AS key FROM private_run WHERE :since = 0 AND date BETWEEN date_add(:today, -3) AND date_add(:today, 3)
UNION ALL SELECT key FROM temp.changed WHERE kind IN ('run', 'state', 'minute', 'slot', 'code')
-- @query page
SELECT t.key, capability, interval_s, number, qr_size(target) AS qr_size, qr_path(target) AS qr_path, r.is_single,
	code_typed(r.key, typed, :now) AS typed_code, code_typed(r.key, typed, :now + 60) AS next_typed,
	iso((:now / 60 + 1) * 60, zone) AS typed_until,
	CASE WHEN NOT r.is_single THEN iso(slot_begins(number, interval_s), zone) END AS shown_at,
	CASE WHEN NOT r.is_single THEN iso(slot_valid_until(number, interval_s), zone) END AS valid_until,
	CASE WHEN NOT r.is_single THEN 1000 * interval_s END AS next_ms
FROM temp.touched AS t JOIN (SELECT p.*, form_address(address, code_shown(id, key, is_single, number)) AS target
	FROM (SELECT v.*, c.address, CASE WHEN is_single THEN serial ELSE slot_at(:now, interval_s) END AS number
		FROM private_run AS v JOIN public_club AS c) AS p) AS r ON r.id = t.key
WHERE run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open'
