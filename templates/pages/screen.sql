-- SPDX-License-Identifier: ISC
-- screen.sql: what stands beside the start: the QR large, the digits, the count. Printed, it is a poster.
-- @page private screen/{capability}/index.html
-- @query keys
SELECT id AS key FROM private_run WHERE :since = 0 AND date >= date_add(:today, -1)
UNION SELECT key FROM temp.changed WHERE kind IN ('run', 'state')
UNION SELECT r.id FROM temp.changed AS c JOIN private_run AS r ON r.group_id = c.key WHERE c.kind = 'group'
	AND r.date >= date_add(:today, -1)
UNION SELECT r.id FROM temp.changed AS c JOIN private_run AS r ON r.place_id = c.key WHERE c.kind = 'place'
	AND r.date >= date_add(:today, -1)
UNION SELECT r.id FROM temp.changed AS c JOIN private_run AS r ON r.date BETWEEN date_add(c.key, -2) AND c.key
	WHERE c.kind = 'today'
-- @query page
SELECT t.key, capability, session, path, title, nullif(group_name, title) AS of_group, place_name,
	place_address, date, start, end, reason, is_cancelled,
	state,
	state = 'open' AS is_open, state = 'scheduled' AS is_scheduled, state = 'closed' AS is_over,
	date_words(date) AS day_words, zone_short(date, start, zone) AS zone_name,
	wall_time(run_opens(date, start, end, zone, opens_min, closes_min), zone) AS opens,
	wall_time(run_closes(date, start, end, zone, opens_min, closes_min), zone) AS closes,
	qr_size(target) AS qr_size, qr_path(target) AS qr_path,
	substr(session, 1, 5) || '-' || substr(session, 6) AS typed,
	substr(address, instr(address, '://') + 3) || '/R/' AS shown_address
FROM temp.touched AS t JOIN (SELECT p.*, c.address,
	run_state(date, start, end, p.zone, opens_min, closes_min, is_cancelled, :now) AS state,
	form_address(c.address, code_token(p.id, p.key,
		run_closes(date, start, end, p.zone, opens_min, closes_min))) AS target
	FROM private_run AS p JOIN public_club AS c) AS r ON r.id = t.key
WHERE date >= date_add(:today, -1)
