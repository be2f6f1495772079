-- home.sql: the front page: the open or next runs, those after them, the latest counts, this month,
-- the last twelve months, the groups. Each check-in to an open run renders it, so its queries are
-- cheap: no `shown`, which may count people, and each range of dates is read once.
-- @page public index.html
-- @query keys
-- Only the counts of open runs and of the latest past ones are shown here.
SELECT 'home' AS key WHERE :since = 0
UNION ALL SELECT 'home' FROM temp.changed WHERE kind IN ('run', 'group', 'place', 'timetable', 'settled', 'state', 'today')
UNION ALL SELECT 'home' FROM temp.changed AS c JOIN public_link AS r ON r.run_id = c.key
	WHERE c.kind = 'count' AND r.date BETWEEN date_add(:today, -2) AND date_add(:today, 2)
-- @query page
WITH p AS MATERIALIZED (SELECT key, substr(:today, 1, 7) AS month, EXISTS (SELECT 1 FROM public_count
		WHERE date BETWEEN date_add(:today, -2) AND date_add(:today, 2)
			AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open') AS has_open,
		(SELECT substr(date, 1, 7) FROM public_count
			WHERE date <= date_add(:today, 2) AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			ORDER BY date DESC LIMIT 1) AS last_month FROM temp.touched),
	q AS MATERIALIZED (SELECT *, CASE WHEN NOT has_open THEN (SELECT id FROM public_run WHERE date >= date_add(:today, -2)
			AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'scheduled'
		ORDER BY date, start, title, id LIMIT 1) END AS next_id FROM p)
SELECT key, month, month_words(month, :language) AS heading,
	week_field(month || '-01', :language) AS first_field,
	CAST(substr(:today, 9) AS INTEGER) AS number_today,
	CAST(substr(date_add(substr(date_add(month || '-28', 4), 1, 7) || '-01', -1), 9) AS INTEGER) AS days,
	substr(last_month, 1, 4) * 12 + substr(last_month, 6) - 12 AS first_month, last_month,
	date_add(:today, -3) AS over_day, has_open, next_id,
	-- The dates of this month in the calendar, as bits: 1 to 31 those with a run, 32 to 62
	-- those with a cancelled one.
	(SELECT sum(DISTINCT 1 << substr(date, 9) + 31 * is_cancelled) FROM public_count
		WHERE date BETWEEN month || '-01' AND month || '-31') AS dated,
	EXISTS (SELECT 1 FROM public_count WHERE date >= date_add(:today, -2) AND run_id IS NOT next_id
		AND CASE WHEN is_cancelled THEN NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			ELSE run_state(date, start, end, zone, opens_min, closes_min, 0, :now) = 'scheduled' END) AS has_coming,
	EXISTS (SELECT 1 FROM public_group) AS has_groups
FROM q
-- @query open_runs
SELECT id, session, path, title, nullif(group_name, title) AS of_group, date, start, end, place_name, place_path, came, count_sequence,
	date_words(date, :language) AS day_words, zone_short(date, start, zone) AS zone_name,
	wall_time(run_closes(date, start, end, zone, opens_min, closes_min), zone) AS closes
FROM public_run
WHERE date BETWEEN date_add(:today, -2) AND date_add(:today, 2)
	AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) = 'open'
ORDER BY date, start, title, id
-- @query next_run
SELECT path, title, nullif(group_name, title) AS of_group, date, start, end, place_name, place_path,
	date_words(date, :language) AS day_words, zone_short(date, start, zone) AS zone_name,
	wall_time(run_opens(date, start, end, zone, opens_min, closes_min), zone) AS opens
FROM public_run WHERE id = :next_id
-- The next runs, except the one shown above them.
-- @query coming
SELECT path, date, date_near(date, :today, :language) AS date_short,
	start, end, nullif(zone, (SELECT zone FROM public_club)) AS other_zone,
	title, nullif(group_name, title) AS of_group, place_name, is_cancelled, reason, came, 0 AS is_open, 0 AS has_count
FROM public_run
WHERE date >= date_add(:today, -2) AND id IS NOT :next_id
	AND CASE WHEN is_cancelled THEN NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now)
		ELSE run_state(date, start, end, zone, opens_min, closes_min, 0, :now) = 'scheduled' END
ORDER BY date, start, title, id LIMIT 5
-- @query latest
SELECT path, date, date_near(date, :today, :language) AS date_short,
	start, end, nullif(zone, (SELECT zone FROM public_club)) AS other_zone,
	title, nullif(group_name, title) AS of_group, place_name, is_cancelled, reason,
	came, 0 AS is_open, NOT is_cancelled AS has_count
FROM public_run
WHERE date <= date_add(:today, 2) AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date DESC, start DESC, title, id LIMIT 5
-- @query heads
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 6)
SELECT weekday_letters(date_add(:month || '-01', i - :first_field), :language) AS letters FROM n
-- The dates of this month: which begin and end a week, how many fields are empty before the first
-- and after the last, and whether there is a run, or only cancelled ones.
-- @query cells
WITH RECURSIVE n(number, field) AS (SELECT 1, :first_field UNION ALL SELECT number + 1, (field + 1) % 7 FROM n WHERE number < :days)
SELECT number, number = :number_today AS is_today,
	CASE WHEN :dated >> number & 1 THEN :month || '-' || substr(100 + number, 2) END AS day,
	:dated >> number + 31 & 1 AS is_off,
	number = 1 OR field = 0 AS is_first,
	number = :days OR field = 6 AS is_last,
	CASE number WHEN 1 THEN field END AS before, CASE number WHEN :days THEN 6 - field END AS behind
FROM n
-- Twelve months, the last being that of the latest past run, as bars one unit wide and as high as the
-- number that came: the sum of the month, minus runs that are not over, which are at most three days
-- old.
-- @query picture
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 11),
	m(i, bar_month) AS (SELECT i, ((:first_month + i) / 12) || '-' || substr(101 + (:first_month + i) % 12, 2) FROM n),
	s(i, bar_month, number) AS MATERIALIZED (SELECT i, bar_month, came_in(bar_month)
		- CASE WHEN bar_month < substr(:over_day, 1, 7) THEN 0 ELSE (SELECT coalesce(sum(came), 0) FROM public_count
			WHERE date BETWEEN max(:over_day, bar_month || '-01') AND bar_month || '-31' AND came > 0
				AND NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now)) END FROM m)
SELECT group_concat('M' || i || ' 0v-' || number || 'h.7V0', '') FILTER (WHERE bar_month <> :month) AS bars,
	'M11 0v-' || sum(number) FILTER (WHERE bar_month = :month) || 'h.7V0' AS open_bar,
	sum(number) AS total, max(number) AS top, month_words(bar_month, :language) AS top_words, i * 100 / 12 + 4 AS top_x,
	month_words(:last_month, :language) AS last_words,
	substr(:last_month, 1, 4) AS year
FROM s WHERE number > 0 HAVING total > 0
-- @query letters
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 11)
SELECT printf('%.1f', (i + .5) * 100 / 12) AS x, month_letter('2000-' || substr(101 + (:first_month + i) % 12, 2), :language) AS letter FROM n
-- @query groups
SELECT path, name,
	(SELECT group_concat(words, '; ') FROM (SELECT rule_words(rule, :language) || ' ' || start
			|| coalesce(' ' || nullif(zone, (SELECT zone FROM public_club)), '') AS words
		FROM public_schedule WHERE group_id = g.id ORDER BY first, start, id)) AS timetable
FROM public_group AS g ORDER BY name, id LIMIT 12
-- @query more_groups
SELECT count(*) - 12 AS more FROM public_group HAVING count(*) > 12
