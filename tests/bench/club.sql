-- club.sql: add to a club with three groups and 600 people: @runs runs ending today, 500 a year, with 60 people at each.
--
-- Only "group", person, run and event are touched; triggers do the rest. @today is a local date in the club's zone, which TZ
-- names too. The newest run starts at 18:30.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -400000;
BEGIN;
WITH RECURSIVE n(back) AS (SELECT @runs - 1 UNION ALL SELECT back - 1 FROM n WHERE back > 0),
	dated(id, back, date) AS (SELECT @runs - back, back, date(@today, (-back * 365 / 500) || ' days') FROM n)
INSERT INTO run (id, session, group_id, date, start, end, zone, slug, opens_min, closes_min, key, capability, created_at, updated_at)
SELECT d.id, printf('%010X', d.id * 123456789 % 1099511627776), g.id, date,
	CASE back % 3 WHEN 0 THEN '18:30' WHEN 1 THEN '07:00' ELSE '12:15' END,
	CASE back % 3 WHEN 0 THEN '20:00' WHEN 1 THEN '08:00' ELSE '13:15' END, zone,
	g.slug || CASE back % 3 WHEN 0 THEN '-1830' WHEN 1 THEN '-0700' ELSE '-1215' END, opens_min, closes_min,
	randomblob(32), '0' || substr(hex(randomblob(13)), 2), strftime('%s', date), strftime('%s', date)
FROM dated AS d JOIN club JOIN "group" AS g ON g.id = 1 + back % 3;

-- 60 different people a run: steps that share no factor with 600. They arrive over the half hour around the
-- start, the last four late; run by run, as in life.
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59),
	timed(id, starts) AS (SELECT id, CAST(strftime('%s', date || ' ' || start, 'utc') AS INTEGER) FROM run)
INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof)
SELECT r.id, 1 + (r.id * 31 + i * CASE r.id % 8 WHEN 0 THEN 7 WHEN 1 THEN 11 WHEN 2 THEN 13 WHEN 3 THEN 17 WHEN 4 THEN 19
		WHEN 5 THEN 23 WHEN 6 THEN 29 ELSE 31 END) % 600,
	'check-in', CASE WHEN i < 56 THEN 'present' ELSE 'late' END,
	starts - 900 + i * 30 + r.id * i % 25, starts - 900 + i * 30 + r.id * i % 25,
	CASE i % 3 WHEN 0 THEN 'session' WHEN 1 THEN 'digits' ELSE 'printed' END
FROM timed AS r JOIN n ORDER BY starts, r.id, i;
COMMIT;
PRAGMA journal_mode = TRUNCATE;
