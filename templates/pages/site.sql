-- SPDX-License-Identifier: ISC
-- site.sql: what a phone needs to put the site beside its applications (W3C Web Application Manifest).
-- @page public site.webmanifest
-- @query keys
SELECT 'site' AS key WHERE :since = 0
-- @query page
SELECT key FROM temp.touched
