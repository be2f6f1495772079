-- SPDX-License-Identifier: ISC
-- run.sql: one run, who came, and its neighbours in the group.
-- @page public {path}index.html
-- @query keys
SELECT id AS key FROM public_run WHERE :since = 0
UNION SELECT key FROM temp.changed WHERE kind IN ('run', 'count', 'near')
UNION SELECT r.id FROM temp.changed AS c JOIN public_run AS r ON r.group_id = c.key WHERE c.kind = 'group'
UNION SELECT r.id FROM temp.changed AS c JOIN public_run AS r ON r.place_id = c.key WHERE c.kind = 'place'
-- @query page
SELECT t.key, r.*, date_words(date, :language) AS day, r.present + r.late + r.excused + r.absent AS known
FROM temp.touched AS t JOIN public_run AS r ON r.id = t.key
-- @query people
SELECT name, status, wall_time(since, :zone) AS at FROM public_attendance WHERE run_id = :id ORDER BY name, ordinal, since
-- @query before
SELECT path AS before_path FROM public_run WHERE group_id = :group_id AND (date, start, title) < (:date, :start, :title)
ORDER BY date DESC, start DESC, public_run.title DESC LIMIT 1
-- @query after
SELECT path AS after_path FROM public_run WHERE group_id = :group_id AND (date, start, title) > (:date, :start, :title)
ORDER BY date, start, public_run.title LIMIT 1
