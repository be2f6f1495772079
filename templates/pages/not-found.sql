-- SPDX-License-Identifier: ISC
-- not-found.sql: what a web server shows when there is nothing.
-- @page public 404.html
-- @query keys
SELECT 'not-found' AS key WHERE :since = 0
-- @query page
SELECT key FROM temp.touched
