-- SPDX-License-Identifier: ISC
-- api-openapi.sql: what all JSON of the site and of turnoutd looks like, for programs that read it (OpenAPI 3.1).
-- @page public api/openapi.json
-- @query keys
SELECT 'openapi' AS key WHERE :since = 0
-- @query page
SELECT key FROM temp.touched
