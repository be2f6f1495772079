-- sitemap-pages.sql: the permanent pages, groups and places.
-- @page public sitemap/pages.xml
-- @query keys
SELECT 'pages' AS key WHERE :since = 0 OR EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('group', 'place'))
-- @query page
SELECT key FROM temp.touched
-- @query urls
SELECT value AS path, NULL AS changed FROM json_each('["", "calendar/", "history/", "groups/", "places/", "R/"]')
UNION ALL SELECT path, NULL FROM (SELECT path FROM public_group ORDER BY path)
UNION ALL SELECT path, NULL FROM (SELECT path FROM public_place ORDER BY path)
