-- SPDX-License-Identifier: ISC
-- person-keys.sql: the people with a page of their own whose runs that are over, groups or lists may have changed.
-- @query keys
WITH touched(group_id) AS (
	SELECT key FROM temp.changed WHERE kind IN ('group', 'timetable', 'list')
	UNION SELECT r.group_id FROM temp.changed AS c JOIN public_run AS r ON r.id = c.key WHERE c.kind IN ('settled', 'state')
	UNION SELECT r.group_id FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key WHERE c.kind = 'place')
SELECT id AS key FROM private_person WHERE :since = 0
UNION SELECT key FROM temp.changed WHERE kind = 'person'
-- A check-in to a run that is open changes nothing here.
UNION SELECT p.id FROM temp.changed AS c JOIN private_person AS p ON p.id = c.key
	WHERE c.kind = 'record' AND EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('settled', 'list'))
-- Of the groups that changed, whoever is on the list or has been there.
UNION SELECT p.id FROM touched AS g CROSS JOIN private_person AS p
	WHERE EXISTS (SELECT 1 FROM private_list WHERE person_id = p.id AND group_id = g.group_id)
		OR EXISTS (SELECT 1 FROM private_record WHERE person_id = p.id AND group_id = g.group_id)
