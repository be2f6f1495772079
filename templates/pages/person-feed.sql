-- person-feed.sql: a person's own calendar (RFC 5545): the runs ahead of the groups on whose list
-- they are or that had one of their last 20 runs, and the runs that they came to. Only past runs
-- count for both, so that a check-in does not change it.
-- @page private person/{capability}/calendar.ics
-- @query keys
WITH touched(group_id) AS (
	SELECT key FROM temp.changed WHERE kind IN ('group', 'timetable', 'list')
	UNION SELECT r.group_id FROM temp.changed AS c JOIN public_count AS r ON r.run_id = c.key WHERE c.kind IN ('settled', 'state')
	UNION SELECT r.group_id FROM temp.changed AS c JOIN public_count AS r ON r.place_id = c.key WHERE c.kind = 'place')
SELECT id AS key FROM private_person WHERE :since = 0
UNION ALL SELECT key FROM temp.changed WHERE kind = 'person'
-- A check-in to an open run changes nothing here.
UNION ALL SELECT p.id FROM temp.changed AS c JOIN private_person AS p ON p.id = c.key WHERE c.kind = 'past'
-- People who are on the list of a changed group, or have been there.
UNION ALL SELECT p.id FROM touched AS g CROSS JOIN private_person AS p
	WHERE EXISTS (SELECT 1 FROM private_list WHERE person_id = p.id AND group_id = g.group_id)
		OR EXISTS (SELECT 1 FROM private_record WHERE person_id = p.id AND group_id = g.group_id)
-- @query page
SELECT p.id AS key, p.name, p.capability, 1 AS first_group, 0 AS last_group, (
	WITH near AS MATERIALIZED (SELECT group_id FROM private_list WHERE person_id = p.id
		UNION SELECT group_id FROM (SELECT group_id FROM private_record
			WHERE person_id = p.id AND NOT is_cancelled AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			ORDER BY date DESC, start DESC, id DESC LIMIT 20))
	SELECT json_group_array(id) FROM (
		SELECT r.id FROM near AS n JOIN public_run AS r ON r.group_id = n.group_id
			WHERE date >= date_add(:today, -2) AND NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now)
		UNION ALL SELECT id FROM private_record WHERE person_id = p.id AND NOT is_cancelled AND status IN ('present', 'late')
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now))) AS runs
FROM temp.touched AS t JOIN private_person AS p ON p.id = t.key
-- @include feed
