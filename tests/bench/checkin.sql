-- checkin.sql: a person who is not yet in checks in at the newest run, one second after the last
-- check-in.
INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof)
SELECT r.id, p.id, 'check-in', 'present', r.at, r.at, 'session'
FROM (SELECT run_id AS id, max(at) + 1 AS at FROM event WHERE run_id = (SELECT max(id) FROM run)) AS r JOIN person AS p
WHERE NOT EXISTS (SELECT 1 FROM event WHERE run_id = r.id AND person_id = p.id) ORDER BY p.id LIMIT 1
