-- api-openapi.sql: a description of all JSON of the site and of turnoutd, for programs (OpenAPI 3.1).
-- @page public api/openapi.json
-- @query keys
SELECT 'openapi' AS key WHERE :since = 0
-- @query page
SELECT key FROM temp.touched
