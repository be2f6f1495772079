-- form.sql: the check-in form. Its folder is an upper-case R, so that its address can be written in
-- capitals in a QR, which keeps that small.
-- @page public R/index.html
-- @query keys
SELECT 'form' AS key WHERE :since = 0
-- @query page
SELECT key FROM temp.touched
