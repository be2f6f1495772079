-- SPDX-License-Identifier: ISC
-- verdict.sql: a page a verdict: where a form that was sent without JavaScript is led to.
-- @page public R/{code}/index.html
-- @query keys
SELECT code AS key FROM temp.status WHERE http <> 0 AND :since = 0
-- @query page
SELECT s.code AS key, s.code, s.http, s.title AS verdict, s.sentence, s.code = 'ok' AS is_in
FROM temp.touched AS t JOIN temp.status AS s ON s.code = t.key
