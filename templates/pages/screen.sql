-- screen.sql: the display at the start: a large QR, the code to type, the count. While check-in is
-- open the QR is the current one, as in screen-code; before and after that, and on paper, it is
-- that of the poster.
-- @page private screen/{capability}/index.html
-- @query keys
SELECT id AS key FROM private_run WHERE :since = 0 AND date >= date_add(:today, -1)
UNION ALL SELECT key FROM temp.changed WHERE kind IN ('run', 'state', 'minute', 'slot', 'code')
UNION ALL SELECT r.id FROM temp.changed AS c JOIN private_run AS r ON r.group_id = c.key WHERE c.kind = 'group'
	AND r.date >= date_add(:today, -1)
UNION ALL SELECT r.id FROM temp.changed AS c JOIN private_run AS r ON r.place_id = c.key WHERE c.kind = 'place'
	AND r.date >= date_add(:today, -1)
UNION ALL SELECT r.id FROM temp.changed AS c JOIN private_run AS r ON r.date BETWEEN date_add(c.key, -2) AND date_add(c.key, 2)
	WHERE c.kind = 'today'
-- @query page
SELECT t.key, language, capability, session, path, title, length(title) > 30 AS is_long, nullif(group_name, title) AS of_group, place_name,
	place_address, date <= date_add(:today, 1) AS has_host, date, start, end, reason, is_cancelled,
	state,
	state = 'open' AS is_open, state = 'scheduled' AS is_scheduled, state = 'closed' AS is_over,
	date_words(date, language) AS day_words, zone_short(date, start, zone) AS zone_name,
	wall_time(run_opens(date, start, end, zone, opens_min, closes_min), zone) AS opens,
	wall_time(run_closes(date, start, end, zone, opens_min, closes_min), zone) AS closes,
	qr_size(poster) AS poster_size, qr_path(poster) AS poster_path,
	qr_size(coalesce(target, poster)) AS qr_size, qr_path(target) AS qr_path,
	CASE WHEN target IS NOT NULL THEN substr(code_typed(r.key, typed, :now), 1, 3) END AS typed_head,
	CASE WHEN target IS NOT NULL THEN substr(code_typed(r.key, typed, :now), 4) END AS typed_tail,
	substr(session, 1, 5) || '-' || substr(session, 6) AS typed_poster,
	substr(address, instr(address, '://') + 3) || '/R/' AS shown_address
FROM temp.touched AS t JOIN (SELECT p.*,
	form_address(address, code_token(id, key, run_closes(date, start, end, zone, opens_min, closes_min))) AS poster,
	CASE state WHEN 'open' THEN form_address(address, code_shown(id, key, is_single,
		CASE WHEN is_single THEN serial ELSE slot_at(:now, interval_s) END)) END AS target
	FROM (SELECT v.*, coalesce(group_language, :language) AS language, c.address,
		run_state(date, start, end, v.zone, opens_min, closes_min, is_cancelled, :now)
		AS state
		FROM private_run AS v JOIN public_club AS c) AS p) AS r ON r.id = t.key
WHERE date >= date_add(:today, -1)
