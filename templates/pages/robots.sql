-- SPDX-License-Identifier: ISC
-- robots.sql: search engines may read all that is public; what is not is not named here.
-- @page public robots.txt
-- @query keys
SELECT 'robots' AS key WHERE :since = 0
-- @query page
SELECT key FROM temp.touched
