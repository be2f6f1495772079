-- history-table.sql: the past runs of a month, for partials/history-table.html. From the row around it:
-- month.
-- @query runs
SELECT path, date, date_short(date, :language) AS date_short, start,
	nullif(zone, (SELECT zone FROM public_club)) AS other_zone, title, nullif(group_name, title) AS of_group, place_name, is_cancelled, reason, came, late, excused, absent
FROM public_run WHERE date BETWEEN :month || '-01' AND :month || '-31' AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date DESC, start DESC, title, id
-- @query total
SELECT count(*) AS times, sum(came) AS came, sum(late) AS late, sum(excused) AS excused, sum(absent) AS absent
FROM public_live WHERE date BETWEEN :month || '-01' AND :month || '-31' AND came + excused + absent > 0
	AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
HAVING count(*) > 1
