-- robots.sql: search engines may read everything public; what is private is not named here.
-- @page public robots.txt
-- @query keys
SELECT 'robots' AS key WHERE :since = 0
-- @query page
SELECT key FROM temp.touched
