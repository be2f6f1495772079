-- calendar-feed.sql: the runs of the last 400 days and all runs ahead, for calendar programs (RFC
-- 5545). It has no counts, so that a check-in does not change it.
-- @page public calendar.ics
-- @query keys
SELECT 'feed' AS key WHERE :since = 0 OR EXISTS (SELECT 1 FROM temp.changed
		WHERE kind IN ('run', 'group', 'place', 'today'))
-- @query page
SELECT key, NULL AS name, 0 AS first_group, 9223372036854775807 AS last_group, NULL AS runs FROM temp.touched
-- @include feed
