-- SPDX-License-Identifier: ISC
-- 0008.sql: thousands of pages say who came to a run, and which runs are beside it: there are views
-- for these that read one table each. And how many of those who came may be seen follows from two
-- numbers, unless some are hidden and some are not.

DROP VIEW public_presence;
CREATE VIEW public_presence AS
	SELECT run_id, person_id AS person, ordinal, status FROM attendance WHERE ordinal > 0;
CREATE VIEW public_face AS SELECT person_id AS person, name, path AS person_path FROM face;
CREATE VIEW public_link AS
	SELECT id AS run_id, group_id, date, start, title AS own_title, 'runs/' || date || '/' || slug || '/' AS path FROM run;
DROP VIEW public_shown;
CREATE VIEW public_shown AS SELECT (SELECT count(*) FROM face) AS seen, (SELECT count(*) FROM person) AS people;
