-- site.sql: what a phone needs to list the site among its applications (W3C Web Application Manifest).
-- @page public site.webmanifest
-- @query keys
SELECT 'site' AS key WHERE :since = 0
-- @query page
SELECT key FROM temp.touched
