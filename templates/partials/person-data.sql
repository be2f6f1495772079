-- person-data.sql: all that is known of a person at past runs, for person-csv and person-json.
-- @query page
SELECT p.id AS key, p.id, p.name, p.capability FROM temp.touched AS t JOIN private_person AS p ON p.id = t.key
-- @query records
SELECT row_number() OVER (ORDER BY date, start, title, id) = 1 AS is_first, date, start, end, zone, group_name, title, place_name, status,
	iso(since, zone) AS since, proof, session
FROM private_record WHERE person_id = :id AND run_is_over(date, start, end, zone, opens_min, closes_min, :now)
ORDER BY date, start, title, id
