-- person-keys.sql: the people with a page of their own whose records at past runs may have changed.
-- @query keys
WITH renamed(group_id) AS (
	SELECT key FROM temp.changed WHERE kind = 'group'
	UNION SELECT r.group_id FROM temp.changed AS c JOIN public_count AS r ON r.place_id = c.key WHERE c.kind = 'place')
SELECT id AS key FROM private_person WHERE :since = 0
UNION ALL SELECT key FROM temp.changed WHERE kind = 'person'
UNION ALL SELECT p.id FROM temp.changed AS c JOIN private_attendance AS a ON a.run_id = c.key JOIN private_person AS p ON p.id = a.person_id
	WHERE c.kind IN ('settled', 'run')
-- People whose check-in was undone. A check-in to an open run changes nothing here.
UNION ALL SELECT p.id FROM temp.changed AS c JOIN private_person AS p ON p.id = c.key WHERE c.kind = 'past'
UNION ALL SELECT p.id FROM renamed AS g CROSS JOIN private_person AS p
	WHERE EXISTS (SELECT 1 FROM private_record WHERE person_id = p.id AND group_id = g.group_id)
