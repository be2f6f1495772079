-- run.sql: one run: when, where, its state, how many came, when, how that is known, and who, as far as they may be shown. A club has
-- thousands of these pages, each with its people. So no query reads the people of a run twice, numbers that are stored are not
-- counted again, and the clock is consulted only where it can matter.
-- @page public {path}index.html
-- @query keys
SELECT run_id AS key FROM public_count WHERE :since = 0
UNION ALL SELECT key FROM temp.changed WHERE kind IN ('run', 'count', 'near', 'state')
UNION ALL SELECT r.run_id FROM temp.changed AS c JOIN public_count AS r ON r.group_id = c.key WHERE c.kind = 'group'
UNION ALL SELECT r.run_id FROM temp.changed AS c JOIN public_count AS r ON r.place_id = c.key WHERE c.kind = 'place'
-- Runs around today have a live count.
UNION ALL SELECT r.run_id FROM temp.changed AS c JOIN public_count AS r ON r.date BETWEEN date_add(c.key, -2) AND date_add(c.key, 2)
	WHERE c.kind = 'today'
-- @query page
-- What several columns are based on is computed once, in the inner query: its LIMIT and the outer WHERE
-- keep SQLite from merging the two.
SELECT *, title <> group_name AS is_own,
	date_words(date, language) AS day_words, month_words(month, language) AS month_name, zone_short(date, start, zone) AS zone_name,
	instant(date, start, zone) AS starts,
	CASE state WHEN 'scheduled' THEN wall_time(run_opens(date, start, end, zone, opens_min, closes_min), zone) END AS opens,
	CASE state WHEN 'scheduled'
		THEN wall_date(run_opens(date, start, end, zone, opens_min, closes_min), zone) <> date
		END AS opens_before,
	CASE state WHEN 'open' THEN wall_time(run_closes(date, start, end, zone, opens_min, closes_min), zone) END AS closes,
	state = 'closed' AS is_over, state IN ('closed', 'cancelled') AS is_past,
	is_live OR state IN ('open', 'closed') OR came > 0 AS has_count,
	CASE WHEN late THEN came - late END AS on_time, late + excused + absent AS has_more,
	-- If everybody may be shown, the numbers tell which lists there are.
	CASE shown WHEN 0 THEN 0 WHEN known THEN came > 0
		ELSE EXISTS (SELECT 1 FROM public_attendance WHERE run_id = id AND ordinal > 0) END AS shown_came,
	CASE WHEN shown = 0 OR excused = 0 THEN 0 WHEN shown = known THEN 1
		ELSE EXISTS (SELECT 1 FROM public_attendance WHERE run_id = id AND ordinal = 0 AND status = 'excused') END AS shown_excused,
	CASE WHEN shown = 0 OR absent = 0 THEN 0 WHEN shown = known THEN 1
		ELSE EXISTS (SELECT 1 FROM public_attendance WHERE run_id = id AND ordinal = 0 AND status = 'absent') END AS shown_absent,
	known - shown AS hidden
FROM (SELECT id AS key, id, coalesce(:chosen, group_language, :language) AS language,
		session, path, title, own_title, group_id, group_name, group_slug,
		place_name, place_address, place_path, date, month, year, start, end, zone,
		opens_min, closes_min, is_cancelled, reason,
		came, late, excused, absent, came + excused + absent AS known,
		-- How many of them may be shown; counted only if some people are hidden and others are not.
		CASE (SELECT seen FROM public_shown) WHEN 0 THEN 0 WHEN (SELECT people FROM public_shown) THEN came + excused + absent
			ELSE (NOT is_cancelled) * (SELECT count(*) FROM public_attendance WHERE run_id = id) END AS shown, count_sequence,
		run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) AS state,
		CASE WHEN NOT is_cancelled AND date BETWEEN date_add(:today, -2) AND date_add(:today, 2) THEN
			:today IN (wall_date(run_opens(date, start, end, zone, opens_min, closes_min), zone),
				wall_date(run_closes(date, start, end, zone, opens_min, closes_min), zone)) END AS is_live
	FROM temp.touched CROSS JOIN public_run ON id = key LIMIT -1)
WHERE id > 0
-- @query proofs
SELECT proof, number FROM public_proof WHERE run_id = :id ORDER BY proof DESC
-- The arrivals as a line: minutes from the start across, people up. How many were there at the start is known
-- only if that is not inside one of the five-minute intervals. Labels at the ends give way to that of the start.
-- The steps of the line are relative, so that the stored numbers make the path; they are read in the order of
-- their key.
-- @query curve
SELECT *, there = total AS is_all, until - since AS width, -100 * since / (until - since) AS at_start,
	CASE WHEN there > 0 AND -since BETWEEN 0.35 * (until - since) AND 0.88 * (until - since)
		THEN 100 - 100 * there / total END AS height_then,
	CASE WHEN -since < 0.3 * (until - since) THEN 'start' WHEN until < 0.3 * (until - since) THEN 'end' ELSE 'middle' END AS anchor,
	CASE WHEN -since > 0.3 * (until - since) THEN wall_time(:starts + since * 60, :zone) END AS first_time,
	CASE WHEN until > 0.3 * (until - since) THEN wall_time(:starts + until * 60, :zone) END AS last_time
FROM (SELECT :came AS total, steps_path((at - :starts) / 60, 5, number) AS line, min(at) < max(at) AS has_steps,
		min(0, (min(at) - :starts) / 60) AS since, max(0, (max(at) - :starts) / 60 + 5) AS until,
		CASE WHEN :starts % 300 = 0 THEN sum(number) FILTER (WHERE at < :starts) END AS there
	FROM public_arrival WHERE run_id = :id)
WHERE has_steps AND total >= 5
-- @query arrivals
SELECT wall_time(at, :zone) AS time, number FROM public_arrival WHERE run_id = :id ORDER BY at
-- Those who came, in order of arrival. Thousands of pages repeat the same lines, so whether a person may be
-- shown is asked only for a line that is not yet known; that of a hidden person is empty.
-- @query came_people kept person status
SELECT person, status FROM public_presence WHERE run_id = :id ORDER BY ordinal
-- @query face
SELECT name, person_path FROM public_face WHERE person = :person
-- @query excused_people
SELECT name, person_path FROM public_attendance WHERE run_id = :id AND ordinal = 0 AND status = 'excused' ORDER BY name, person
-- @query absent_people
SELECT name, person_path FROM public_attendance WHERE run_id = :id AND ordinal = 0 AND status = 'absent' ORDER BY name, person
-- In the order of "near" in the change log, which is that of an index.
-- @query before
SELECT path, date_near(date, :date, :language) AS date_short, CASE date WHEN :date THEN start END AS at FROM public_link
WHERE group_id = :group_id AND (date, start, own_title) < (:date, :start, :own_title) ORDER BY date DESC, start DESC, own_title DESC LIMIT 1
-- @query after
SELECT path, date_near(date, :date, :language) AS date_short, CASE date WHEN :date THEN start END AS at FROM public_link
WHERE group_id = :group_id AND (date, start, own_title) > (:date, :start, :own_title) ORDER BY date, start, own_title LIMIT 1
