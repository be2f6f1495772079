-- SPDX-License-Identifier: ISC
-- 0004.sql: what left as a file is kept, and a page of the admin shows it.

ALTER TABLE club ADD COLUMN capability TEXT;
UPDATE club SET capability = hex(randomblob(16));
CREATE TABLE export (
	id		INTEGER PRIMARY KEY,
	at		INTEGER NOT NULL,
	who		TEXT NOT NULL,
	kind		TEXT NOT NULL,
	format		TEXT NOT NULL,
	first		TEXT,
	last		TEXT,
	group_id	INTEGER REFERENCES "group" (id),
	person_id	INTEGER REFERENCES person (id),
	lines		INTEGER NOT NULL
) STRICT;
CREATE TRIGGER export_new AFTER INSERT ON export
BEGIN INSERT INTO change (kind, key) VALUES ('export', 1); END;
CREATE VIEW private_club AS SELECT capability FROM club WHERE capability IS NOT NULL;
CREATE VIEW private_export AS
	SELECT e.id, e.at, e.who, e.kind, e.format, e.first, e.last, g.name AS group_name, p.name AS person_name, e.lines
	FROM export AS e LEFT JOIN "group" AS g ON g.id = e.group_id LEFT JOIN person AS p ON p.id = e.person_id;
