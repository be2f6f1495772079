-- SPDX-License-Identifier: ISC
-- form.sql: the check-in form. The folder is an upper-case R, so that the address in a QR is short and in
-- capitals.
-- @page public R/index.html
-- @query keys
SELECT 'form' AS key WHERE :since = 0
-- @query page
SELECT key FROM temp.touched
