-- SPDX-License-Identifier: ISC
-- code.sql: a run's code as a picture: a page without a template.
-- @page public codes/{session}.png
-- @query keys
SELECT id AS key FROM public_run WHERE :since = 0
UNION SELECT key FROM temp.changed WHERE kind = 'run'
-- @query page
SELECT r.id AS key, session, qr_png(form_address((SELECT address FROM public_club), session)) AS body
FROM temp.touched AS t JOIN public_run AS r ON r.id = t.key
