-- SPDX-License-Identifier: ISC
-- history-json.sql: a year's runs with their counts, for programs.
-- @page public history/{year}.json
-- @query keys
WITH dated(year) AS (SELECT substr(key, 1, 4) FROM temp.changed WHERE kind = 'date'),
	touched(key) AS (
		SELECT year FROM public_run WHERE :since = 0
		UNION SELECT year FROM dated
		UNION SELECT r.year FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key
			WHERE c.kind IN ('run', 'count')
		UNION SELECT r.year FROM temp.changed AS c JOIN public_run AS r ON r.group_id = c.key
			WHERE c.kind = 'group'
		UNION SELECT r.year FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key
			WHERE c.kind = 'place'
		UNION SELECT year FROM public_run
			WHERE date BETWEEN date_add(min(:then_day, :today), -2)
				AND date_add(max(:then_day, :today), 2)
			AND run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :then)
		<> run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now))
SELECT key FROM touched WHERE key IS NOT NULL
-- @query page
SELECT t.key, t.key AS year FROM temp.touched AS t
WHERE EXISTS (SELECT 1 FROM public_run WHERE date BETWEEN t.key || '-01-01' AND t.key || '-12-31')
-- @query runs
SELECT row_number() OVER (ORDER BY date, start, title, id) = 1 AS is_first, date, start, end, zone, group_name,
	title, place_name,
	run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, :now) AS state,
	present, late, excused, absent, session
FROM public_run WHERE date BETWEEN :year || '-01-01' AND :year || '-12-31' ORDER BY date, start, title, id
