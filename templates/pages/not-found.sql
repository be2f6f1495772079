-- not-found.sql: what a web server shows for an unknown address.
-- @page public 404.html
-- @query keys
SELECT 'not-found' AS key WHERE :since = 0
-- @query page
SELECT key FROM temp.touched
