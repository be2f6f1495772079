-- host-live.sql: what the host of a run around today sees: the newest entries, those to settle,
-- those that were delivered late, arrivals by five minutes, and the current code. It has names, so
-- it is private; the public count is live.
-- @page private screen/{capability}/host/live.json
-- @query keys
SELECT run_id AS key FROM public_count WHERE :since = 0 AND date BETWEEN date_add(:today, -1) AND date_add(:today, 1)
UNION ALL SELECT key FROM temp.changed WHERE kind IN ('run', 'count', 'state', 'slot', 'code')
UNION ALL SELECT r.run_id FROM temp.changed AS c JOIN public_count AS r ON r.date BETWEEN date_add(c.key, -2) AND date_add(c.key, 2)
	WHERE c.kind = 'today'
-- @query page
SELECT r.id AS key, capability, session, id, zone, came, late, excused, absent, count_sequence,
	state, CASE state WHEN 'open' THEN CASE WHEN is_single THEN serial ELSE slot_at(:now, interval_s) END END AS number,
	(SELECT count(*) FROM private_attendance WHERE run_id = r.id AND pending > '') AS to_settle,
	(SELECT count(*) FROM private_attendance WHERE run_id = r.id AND is_delivered_late = 1) AS delivered_late,
	(SELECT count(*) FROM private_attendance WHERE run_id = r.id AND left_at IS NOT NULL) AS gone
FROM temp.touched AS t JOIN (SELECT *, run_id AS id,
		run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) AS state
	FROM public_live JOIN private_code USING (run_id)) AS r ON r.id = t.key
WHERE date BETWEEN date_add(:today, -1) AND date_add(:today, 1)
-- @query recent
SELECT name, status, proof, ordinal, iso(since, :zone) AS at, iso(left_at, :zone) AS left_at, is_delivered_late, pending
FROM private_line WHERE run_id = :id AND ordinal > 0 ORDER BY ordinal DESC LIMIT 20
-- @query lines_to_settle
SELECT name, status, proof, ordinal, iso(since, :zone) AS at, iso(left_at, :zone) AS left_at, is_delivered_late, pending
FROM private_line WHERE run_id = :id AND pending > '' ORDER BY ordinal
-- @query lines_delivered_late
SELECT name, status, proof, ordinal, iso(since, :zone) AS at, iso(received_at, :zone) AS received_at, pending
FROM private_line WHERE run_id = :id
	AND person_id IN (SELECT person_id FROM private_attendance WHERE run_id = :id
		AND is_delivered_late = 1) ORDER BY received_at DESC, ordinal DESC
-- @query arrivals
SELECT iso(at, :zone) AS at, number FROM public_arrival WHERE run_id = :id ORDER BY at
