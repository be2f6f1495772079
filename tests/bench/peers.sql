-- peers.sql: the same club for Hugo and Eleventy. The folder @hugo gets a file for each run, with its people in the front
-- matter, in a section for each month; @eleventy a data file of the runs and one of the months. If @only is not 0, only
-- Hugo's file of that run is written again. TZ is the club's zone.
-- @eleventy a data file of the runs and one of the months. Of @only one run, if not 0, Hugo's file alone is written again.
-- TZ is the club's zone.
CREATE TEMP TABLE shown AS
SELECT r.id, substr(r.date, 1, 7) AS month, r.slug || '-' || substr(r.date, 9) AS slug, g.name AS title, r.date, r.start,
	count(*) AS came, json_group_array(json_array(e.name, e.time, e.status)) AS people
FROM run AS r JOIN "group" AS g ON g.id = r.group_id
	JOIN (SELECT e.run_id, p.name, strftime('%H:%M', e.at, 'unixepoch', 'localtime') AS time, e.status
		FROM event AS e JOIN person AS p ON p.id = e.person_id ORDER BY e.id) AS e ON e.run_id = r.id
WHERE @only IN (0, r.id) GROUP BY r.id ORDER BY r.date DESC, r.start DESC;

.output /dev/null
SELECT writefile(printf('%s/content/%s/%s.md', @hugo, month, slug), json_object('title', title, 'date', date || 'T' || start || ':00Z',
	'day', date, 'start', start, 'came', came, 'people', json(people)) || char(10)) FROM shown;
SELECT writefile(printf('%s/content/%s/_index.md', @hugo, month), json_object('title', month) || char(10)) FROM shown
	WHERE @only = 0 GROUP BY month;
SELECT writefile(@eleventy || '/_data/runs.json', (SELECT json_group_array(json_object('month', month, 'slug', slug, 'title', title,
	'day', date, 'start', start, 'came', came, 'people', json(people))) FROM shown)) WHERE @only = 0;
SELECT writefile(@eleventy || '/_data/months.json', (SELECT json_group_array(json_object('month', month, 'runs', json(runs)))
	FROM (SELECT month, json_group_array(json_object('slug', slug, 'title', title, 'day', date, 'start', start, 'came', came)) AS runs
		FROM shown GROUP BY month ORDER BY month DESC))) WHERE @only = 0;
