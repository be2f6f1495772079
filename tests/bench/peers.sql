-- peers.sql: the same club for Hugo and Eleventy, which make the same pages of it. What our engine looks up and counts is
-- given to them: neighbours, numbers, who came in which order. The folder @hugo gets a file for each run, its facts in the
-- front matter, and two for each month, its list and its calendar; @eleventy a data file of the runs and one of the months.
-- If @only is not 0, only Hugo's file of that run is written again. TZ is the club's zone.
CREATE TEMP TABLE came AS
SELECT run_id, count(*) AS came, sum(status = 'late') AS late, sum(step < 0) AS early,
	json_array(sum(proof = 'session'), sum(proof = 'digits'), sum(proof = 'printed')) AS proofs,
	json_array(sum(step = -3), sum(step = -2), sum(step = -1), sum(step = 0), sum(step = 1), sum(step = 2)) AS steps,
	json_group_array(json_array(name, iif(status = 'late', status, ''))) AS people
FROM (SELECT e.run_id, p.name, e.status, e.proof, CAST(floor((e.at - r.starts) / 300.0) AS INTEGER) AS step
	FROM event AS e JOIN person AS p ON p.id = e.person_id
		JOIN (SELECT id, CAST(strftime('%s', date || ' ' || start, 'utc') AS INTEGER) AS starts FROM run WHERE @only IN (0, id)) AS r ON r.id = e.run_id
	ORDER BY e.id)
GROUP BY run_id;

CREATE TEMP TABLE shown AS
SELECT r.id, substr(date, 1, 7) AS month, date || 'T' || start AS at, json_object('title', g.name, 'group', g.slug, 'path', date || '/' || r.slug, 'month', substr(date, 1, 7),
	'day', date, 'start', start, 'end', end, 'zone', CASE strftime('%H', date || ' 12:00', 'utc') WHEN '12' THEN 'GMT' ELSE 'BST' END,
	'came', came, 'late', late, 'early', early, 'proofs', json(proofs), 'steps', json(steps), 'people', json(people),
	'before', json(lag(json_object('day', date, 'path', date || '/' || r.slug)) OVER of_group),
	'after', json(lead(json_object('day', date, 'path', date || '/' || r.slug)) OVER of_group)) AS facts
FROM run AS r JOIN "group" AS g ON g.id = r.group_id LEFT JOIN came AS c ON c.run_id = r.id
WINDOW of_group AS (PARTITION BY r.group_id ORDER BY r.date, r.start) ORDER BY at DESC;

CREATE TEMP TABLE month AS
SELECT month, json_object('month', month, 'before', lag(month) OVER (ORDER BY month), 'after', lead(month) OVER (ORDER BY month)) AS facts,
	json_group_array(json_remove(facts, '$.people', '$.proofs', '$.steps')) AS runs FROM shown WHERE @only = 0 GROUP BY month;

.output /dev/null
SELECT writefile(printf('%s/content/%s/%d.md', @hugo, month, id),
	json_patch(facts, json_object('url', '/runs/' || (facts ->> '$.path') || '/', 'date', at || ':00Z')) || char(10)) FROM shown WHERE @only IN (0, id);
SELECT writefile(printf('%s/content/%s/_index.md', @hugo, month),
	json_patch(facts, json_object('url', '/history/' || month || '/', 'date', month || '-01T00:00:00Z')) || char(10)) FROM month;
SELECT writefile(printf('%s/content/calendar/%s.md', @hugo, month),
	json_patch(facts, json_object('url', '/calendar/' || month || '/', 'date', month || '-01T00:00:00Z')) || char(10)) FROM month;
SELECT writefile(@eleventy || '/_data/runs.json', (SELECT json_group_array(json(facts)) FROM shown)) WHERE @only = 0;
SELECT writefile(@eleventy || '/_data/months.json', (SELECT json_group_array(json_patch(facts, json_object('runs', json(runs)))) FROM month)) WHERE @only = 0;
