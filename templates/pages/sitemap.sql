-- sitemap.sql: the index of sitemaps: one for the permanent pages and one for each year, since a
-- sitemap holds at most 50,000 addresses. Pages marked noindex are in none: pages of people, and
-- the results of the form.
-- @page public sitemap.xml
-- @query keys
SELECT 'sitemap' AS key WHERE :since = 0 OR EXISTS (SELECT 1 FROM temp.changed WHERE kind = 'date')
-- @query page
SELECT key FROM temp.touched
-- @query years
WITH RECURSIVE y(year) AS (
	SELECT (SELECT year FROM public_run ORDER BY date DESC LIMIT 1)
	UNION ALL SELECT (SELECT year FROM public_run WHERE date < y.year ORDER BY date DESC LIMIT 1) FROM y WHERE y.year IS NOT NULL)
SELECT year FROM y WHERE year IS NOT NULL
