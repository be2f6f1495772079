-- live.sql: the count of a run around today, for pages to poll: small, and without names.
-- @page public live/{session}.json
-- @query keys
SELECT run_id AS key FROM public_count WHERE :since = 0 AND date >= date_add(:today, -1)
UNION ALL SELECT key FROM temp.changed WHERE kind IN ('run', 'count', 'state')
UNION ALL SELECT r.run_id FROM temp.changed AS c JOIN public_count AS r ON r.date BETWEEN date_add(c.key, -2) AND date_add(c.key, 2)
	WHERE c.kind = 'today'
-- @query page
SELECT run_id AS key, session, came, late, count_sequence,
	CASE WHEN counted_at > 0 THEN iso(counted_at, zone) END AS changed_at,
	iso(run_opens(date, start, end, zone, opens_min, closes_min), zone) AS opens_at,
		iso(run_closes(date, start, end, zone, opens_min, closes_min), zone) AS closes_at,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) AS state
FROM temp.touched JOIN public_live ON run_id = key
WHERE date >= date_add(:today, -1)
