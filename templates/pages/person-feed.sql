-- SPDX-License-Identifier: ISC
-- person-feed.sql: a person's own calendar (RFC 5545): what comes in the groups on whose list they are or of their last 20 runs, and the runs
-- that they came to. Only runs that are over count for both, so that a check-in does not change it.
-- @page private person/{capability}/calendar.ics
-- @include person-keys
-- @query page
SELECT p.id AS key, p.name, p.capability, 1 AS first_group, 0 AS last_group, (
	SELECT json_group_array(id) FROM (
		SELECT id FROM public_run WHERE date >= date_add(:today, -2)
			AND NOT run_is_over(date, start, end, zone, opens_min, closes_min, :now)
			AND (group_id IN (SELECT group_id FROM private_list WHERE person_id = p.id)
				OR group_id IN (SELECT group_id FROM private_record WHERE person_id = p.id
					AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
					ORDER BY date DESC, start DESC, id DESC LIMIT 20))
		UNION ALL SELECT id FROM private_record WHERE person_id = p.id AND status IN ('present', 'late')
			AND run_is_over(date, start, end, zone, opens_min, closes_min, :now))) AS runs
FROM temp.touched AS t JOIN private_person AS p ON p.id = t.key
-- @include feed
