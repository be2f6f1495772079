-- SPDX-License-Identifier: ISC
--
-- schema.sql: everything Turnout knows, and the document of record for it.
--
-- Words are those of the README. Units: `*_at`, `since`, `at` are seconds since 1970 UTC; `date` is a
-- local date YYYY-MM-DD; `start` and `end` are wall time HH:MM in `zone` (IANA). Instants of runs are
-- derived, never stored. A fact enters as one transaction; `event` is append-only, `attendance` follows from it
-- by trigger, `run_count` from that, and triggers write what changed into `change`, whatever tool wrote.
--
-- A change here goes with a file in db/upgrade/ that brings older databases to the same shape.

PRAGMA application_id = 0x5475726e;	-- "Turn"
PRAGMA user_version = 1;

-- The whole installation: one row. `turnout set` writes it.
CREATE TABLE club (
	id		INTEGER PRIMARY KEY CHECK (id = 1),
	name		TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
	zone		TEXT NOT NULL,				-- IANA zone of new runs, "Europe/London"
	language	TEXT NOT NULL DEFAULT 'en',		-- BCP 47 tag of the pages
	address		TEXT NOT NULL				-- where the public site is read, no slash at the end
			CHECK (address GLOB 'http*://*' AND address NOT GLOB '*/'),
	visibility	TEXT NOT NULL DEFAULT 'hidden'		-- what public pages show of a person, unless the person chose
			CHECK (visibility IN ('hidden', 'initials', 'nickname', 'name')),
	word		TEXT NOT NULL DEFAULT 'run'		-- what the pages call a run
			CHECK (word IN ('run', 'class', 'meeting')),
	opens_min	INTEGER NOT NULL DEFAULT 30		-- new runs open so many minutes before the start
			CHECK (opens_min BETWEEN 0 AND 1440),
	closes_min	INTEGER NOT NULL DEFAULT 30		-- and close so many minutes after the end
			CHECK (closes_min BETWEEN 0 AND 1440),
	created_at	INTEGER NOT NULL			-- seconds since 1970
) STRICT;

-- A division, course, committee or training group.
CREATE TABLE "group" (
	id		INTEGER PRIMARY KEY,
	slug		TEXT NOT NULL UNIQUE,			-- in addresses: a-z, 0-9 and hyphens
	name		TEXT NOT NULL,				-- as typed
	folded		TEXT NOT NULL UNIQUE,			-- folded key of the name (core/name.h)
	is_closed	INTEGER NOT NULL DEFAULT 0 CHECK (is_closed IN (0, 1)),	-- 1: only people on its list may check in
	created_at	INTEGER NOT NULL			-- seconds since 1970
) STRICT;

-- Where runs happen.
CREATE TABLE place (
	id		INTEGER PRIMARY KEY,
	slug		TEXT NOT NULL UNIQUE,			-- in addresses: a-z, 0-9 and hyphens
	name		TEXT NOT NULL,				-- as typed
	folded		TEXT NOT NULL UNIQUE,			-- folded key of the name
	address		TEXT NOT NULL DEFAULT '',		-- postal, one line
	latitude	REAL CHECK (latitude BETWEEN -90 AND 90),	-- degrees north, WGS 84
	longitude	REAL CHECK (longitude BETWEEN -180 AND 180),	-- degrees east, WGS 84
	radius_m	INTEGER CHECK (radius_m BETWEEN 1 AND 100000),	-- metres around it that count as there
	created_at	INTEGER NOT NULL,			-- seconds since 1970
	CHECK ((latitude IS NULL) = (longitude IS NULL))
) STRICT;

-- Networks from which a check-in counts as made at the place.
CREATE TABLE place_network (
	place_id	INTEGER NOT NULL REFERENCES place (id) ON DELETE CASCADE,
	cidr		TEXT NOT NULL,				-- "192.0.2.0/24", "2001:db8::/32"
	PRIMARY KEY (place_id, cidr)
) STRICT, WITHOUT ROWID;

-- Wireless access points that stand at the place.
CREATE TABLE place_access_point (
	place_id	INTEGER NOT NULL REFERENCES place (id) ON DELETE CASCADE,
	bssid		TEXT NOT NULL,				-- "00:00:5e:00:53:01", lower case
	PRIMARY KEY (place_id, bssid)
) STRICT, WITHOUT ROWID;

-- Leaders, teachers and admins.
CREATE TABLE host (
	id		INTEGER PRIMARY KEY,
	name		TEXT NOT NULL,				-- as typed
	folded		TEXT NOT NULL UNIQUE,			-- folded key of the name
	is_admin	INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),	-- 1: may do everything
	token_hash	BLOB UNIQUE,				-- BLAKE2b-256 of the token in their link; NULL: no link
	created_at	INTEGER NOT NULL			-- seconds since 1970
) STRICT;

-- "Every Tuesday 18:30, this group, this place, this host".
CREATE TABLE schedule (
	id		INTEGER PRIMARY KEY,
	group_id	INTEGER NOT NULL REFERENCES "group" (id),
	place_id	INTEGER REFERENCES place (id),
	host_id		INTEGER REFERENCES host (id),
	title		TEXT NOT NULL DEFAULT '',		-- of its runs; empty: the group's name serves
	rule		TEXT NOT NULL,				-- recurrence rule, RFC 5545 3.3.10
	first		TEXT NOT NULL,				-- local date from which the rule counts
	start		TEXT NOT NULL,				-- wall time HH:MM
	end		TEXT,					-- wall time HH:MM; NULL: open-ended
	zone		TEXT NOT NULL,				-- IANA
	through		TEXT NOT NULL,				-- last local date for which runs have been made
	created_at	INTEGER NOT NULL,			-- seconds since 1970
	UNIQUE (group_id, rule, first, start, title)
) STRICT;

-- Dates that a schedule leaves out.
CREATE TABLE schedule_skip (
	schedule_id	INTEGER NOT NULL REFERENCES schedule (id) ON DELETE CASCADE,
	date		TEXT NOT NULL,				-- local date
	reason		TEXT NOT NULL DEFAULT '',		-- for people
	PRIMARY KEY (schedule_id, date)
) STRICT, WITHOUT ROWID;

-- One session. Its state (scheduled, open, closed, cancelled) follows from the clock: core/run.h.
CREATE TABLE run (
	id		INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 4294967295),	-- fits a token's 32 bits
	session		TEXT NOT NULL UNIQUE,			-- public id, 10 Crockford characters
	group_id	INTEGER NOT NULL REFERENCES "group" (id),
	schedule_id	INTEGER REFERENCES schedule (id),	-- NULL: added by itself
	place_id	INTEGER REFERENCES place (id),
	host_id		INTEGER REFERENCES host (id),
	date		TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),	-- local date of the start
	start		TEXT NOT NULL CHECK (start GLOB '[0-2][0-9]:[0-5][0-9]'),	-- wall time
	end		TEXT CHECK (end GLOB '[0-2][0-9]:[0-5][0-9]'),	-- wall time; before start: the next day; NULL: none known
	zone		TEXT NOT NULL,				-- IANA
	title		TEXT NOT NULL DEFAULT '',		-- empty: the group's name serves
	slug		TEXT NOT NULL,				-- in addresses, unique within the date
	opens_min	INTEGER NOT NULL CHECK (opens_min BETWEEN 0 AND 1440),	-- minutes before start at which check-in opens
	closes_min	INTEGER NOT NULL CHECK (closes_min BETWEEN 0 AND 1440),	-- minutes after the end at which it closes
	cancelled_at	INTEGER,				-- seconds since 1970; NULL: it takes place
	reason		TEXT NOT NULL DEFAULT '',		-- why it is cancelled, for people
	sequence	INTEGER NOT NULL DEFAULT 0,		-- iCalendar SEQUENCE: times moved or cancelled
	uid		TEXT UNIQUE,				-- of an imported event: iCalendar UID and recurrence date
	key		BLOB NOT NULL CHECK (length(key) = 32),	-- signs its codes; secret
	capability	TEXT NOT NULL UNIQUE,			-- 128 random bits in the address of its host page; secret
	created_at	INTEGER NOT NULL,			-- seconds since 1970
	updated_at	INTEGER NOT NULL,			-- seconds since 1970; iCalendar DTSTAMP
	UNIQUE (group_id, date, start, title),
	UNIQUE (date, slug)
) STRICT;
CREATE INDEX run_by_schedule ON run (schedule_id, date);
CREATE INDEX run_by_place ON run (place_id, date);

-- Somebody who can attend. A typed name makes one.
CREATE TABLE person (
	id		INTEGER PRIMARY KEY,
	name		TEXT NOT NULL,				-- as typed
	folded		TEXT NOT NULL UNIQUE,			-- folded key of the name: one person a key
	initials	TEXT NOT NULL,				-- of the name, for public pages
	nickname	TEXT,					-- for public pages; NULL: none
	visibility	TEXT					-- what public pages show; NULL: as the club says
			CHECK (visibility IN ('hidden', 'initials', 'nickname', 'name')),
	created_at	INTEGER NOT NULL			-- seconds since 1970
) STRICT;

-- The list of a group: who belongs to it.
CREATE TABLE group_list (
	group_id	INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
	person_id	INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	added_at	INTEGER NOT NULL,			-- seconds since 1970
	PRIMARY KEY (group_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_list_by_person ON group_list (person_id);

-- One thing that happened; append-only.
CREATE TABLE event (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	run_id		INTEGER NOT NULL REFERENCES run (id),
	person_id	INTEGER NOT NULL REFERENCES person (id),
	kind		TEXT NOT NULL CHECK (kind IN ('check-in', 'mark', 'undo', 'merge')),	-- by the runner, by a host or an import, taken back, joined
	status		TEXT NOT NULL CHECK (status IN ('present', 'late', 'excused', 'absent')),	-- what it says
	at		INTEGER NOT NULL,			-- when it was so, seconds since 1970
	received_at	INTEGER NOT NULL,			-- when the server heard, seconds since 1970
	proof		TEXT NOT NULL				-- how it is known
			CHECK (proof IN ('session', 'digits', 'printed', 'screen', 'place', 'host', 'import')),
	host_id		INTEGER REFERENCES host (id),		-- who marked; NULL: the runner
	nonce		TEXT UNIQUE,				-- the sender's, makes a retry safe; NULL: none given
	note		TEXT NOT NULL DEFAULT ''		-- for people
) STRICT;
CREATE INDEX event_by_run ON event (run_id, person_id, at);

-- The current truth about one person at one run; follows from event.
CREATE TABLE attendance (
	run_id		INTEGER NOT NULL REFERENCES run (id),
	person_id	INTEGER NOT NULL REFERENCES person (id),
	status		TEXT NOT NULL CHECK (status IN ('present', 'late', 'excused', 'absent')),
	since		INTEGER NOT NULL,			-- seconds since 1970
	proof		TEXT NOT NULL,				-- of the event it follows from
	ordinal		INTEGER NOT NULL,			-- order of arrival at the run, from 1; 0: did not come
	event_id	INTEGER NOT NULL REFERENCES event (id),	-- it follows from this one
	PRIMARY KEY (run_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_by_person ON attendance (person_id, run_id);

-- How many, by run; follows from attendance, so that no page counts rows.
CREATE TABLE run_count (
	run_id		INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
	present		INTEGER NOT NULL DEFAULT 0,
	late		INTEGER NOT NULL DEFAULT 0,
	excused		INTEGER NOT NULL DEFAULT 0,
	absent		INTEGER NOT NULL DEFAULT 0,
	sequence	INTEGER NOT NULL DEFAULT 0,		-- moves on with each change, never back
	changed_at	INTEGER NOT NULL DEFAULT 0		-- when the newest of it was so, seconds since 1970
) STRICT;

-- What changed: the newest change of each key, numbered. A follower remembers the last id it has seen.
-- kind      key                     says
-- club      1                       settings, or anything that every page shows
-- group     group.id                the group's name or whether it is closed
-- list      group.id                who is on its list
-- timetable group.id                one of its runs or schedules came, went or changed
-- place     place.id                the place
-- schedule  schedule.id             the timetable
-- run       run.id                  the run itself, made, changed or gone
-- near      run.id                  a run beside it in its group came, went or moved
-- date      local date              a run of that date came, went or changed
-- count     run.id                  attendance at the run, or how somebody who was there is called or seen
-- person    person.id               name, nickname or choice of visibility
-- record    person.id               attendance of the person
CREATE TABLE change (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	kind		TEXT NOT NULL,
	key		ANY NOT NULL
) STRICT;
CREATE INDEX change_by_key ON change (kind, key);

-- (A unique key with ON CONFLICT REPLACE would be shorter, but the conflict clause of an outer
-- INSERT OR IGNORE reaches into triggers and would silence the log.)
CREATE TRIGGER change_newest AFTER INSERT ON change
BEGIN
	DELETE FROM change WHERE kind = NEW.kind AND key = NEW.key AND id < NEW.id;
END;

--------------------------------------------------------------------------------------------------
-- Triggers: attendance follows from events

CREATE TRIGGER event_attend AFTER INSERT ON event WHEN NEW.kind IN ('check-in', 'mark')
BEGIN
	INSERT INTO attendance (run_id, person_id, status, since, proof, ordinal, event_id)
	VALUES (NEW.run_id, NEW.person_id, NEW.status, NEW.at, NEW.proof,
		CASE WHEN NEW.status IN ('present', 'late') THEN
			1 + coalesce((SELECT present + late FROM run_count WHERE run_id = NEW.run_id), 0)
		ELSE 0 END, NEW.id)
	ON CONFLICT (run_id, person_id) DO UPDATE SET
		status = excluded.status, since = excluded.since, proof = excluded.proof, event_id = excluded.event_id,
		ordinal = CASE WHEN excluded.ordinal > 0 AND ordinal > 0 THEN ordinal ELSE excluded.ordinal END
	WHERE excluded.since >= since		-- the latest by the time it was so wins; all events stay
		OR (NEW.kind = 'check-in' AND status IN ('excused', 'absent'));	-- but whoever checks in came
END;

CREATE TRIGGER event_undo AFTER INSERT ON event WHEN NEW.kind = 'undo'
BEGIN
	DELETE FROM attendance WHERE run_id = NEW.run_id AND person_id = NEW.person_id;
END;

CREATE TRIGGER event_keep BEFORE UPDATE ON event
BEGIN
	SELECT raise(ABORT, 'An event is never changed; enter another one.');
END;

CREATE TRIGGER event_stay BEFORE DELETE ON event
BEGIN
	SELECT raise(ABORT, 'An event is never deleted; enter another one.');
END;

--------------------------------------------------------------------------------------------------
-- Triggers: counts follow from attendance, and the change log with them

CREATE TRIGGER run_count_new AFTER INSERT ON run
BEGIN
	INSERT INTO run_count (run_id) VALUES (NEW.id);
END;

CREATE TRIGGER attendance_new AFTER INSERT ON attendance
BEGIN
	UPDATE run_count SET
		present = present + (NEW.status = 'present'), late = late + (NEW.status = 'late'),
		excused = excused + (NEW.status = 'excused'), absent = absent + (NEW.status = 'absent'),
		sequence = sequence + 1, changed_at = max(changed_at, NEW.since)
	WHERE run_id = NEW.run_id;
	INSERT INTO change (kind, key) VALUES ('count', NEW.run_id), ('record', NEW.person_id);
END;

CREATE TRIGGER attendance_changed AFTER UPDATE ON attendance
BEGIN
	UPDATE run_count SET
		present = present - (OLD.status = 'present') + (NEW.status = 'present'),
		late = late - (OLD.status = 'late') + (NEW.status = 'late'),
		excused = excused - (OLD.status = 'excused') + (NEW.status = 'excused'),
		absent = absent - (OLD.status = 'absent') + (NEW.status = 'absent'),
		sequence = sequence + 1, changed_at = max(changed_at, NEW.since)
	WHERE run_id = NEW.run_id;
	INSERT INTO change (kind, key) VALUES ('count', NEW.run_id), ('record', NEW.person_id);
END;

CREATE TRIGGER attendance_gone AFTER DELETE ON attendance
BEGIN
	UPDATE run_count SET
		present = present - (OLD.status = 'present'), late = late - (OLD.status = 'late'),
		excused = excused - (OLD.status = 'excused'), absent = absent - (OLD.status = 'absent'),
		sequence = sequence + 1
	WHERE run_id = OLD.run_id;
	INSERT INTO change (kind, key) VALUES ('count', OLD.run_id), ('record', OLD.person_id);
END;

--------------------------------------------------------------------------------------------------
-- Triggers: the change log

CREATE TRIGGER club_new AFTER INSERT ON club
BEGIN INSERT INTO change (kind, key) VALUES ('club', 1); END;
CREATE TRIGGER club_changed AFTER UPDATE ON club
BEGIN INSERT INTO change (kind, key) VALUES ('club', 1); END;

CREATE TRIGGER group_new AFTER INSERT ON "group"
BEGIN INSERT INTO change (kind, key) VALUES ('group', NEW.id); END;
CREATE TRIGGER group_changed AFTER UPDATE ON "group"
BEGIN INSERT INTO change (kind, key) VALUES ('group', NEW.id); END;
CREATE TRIGGER group_gone AFTER DELETE ON "group"
BEGIN INSERT INTO change (kind, key) VALUES ('group', OLD.id); END;

CREATE TRIGGER place_new AFTER INSERT ON place
BEGIN INSERT INTO change (kind, key) VALUES ('place', NEW.id); END;
CREATE TRIGGER place_changed AFTER UPDATE ON place
BEGIN INSERT INTO change (kind, key) VALUES ('place', NEW.id); END;
CREATE TRIGGER place_gone AFTER DELETE ON place
BEGIN INSERT INTO change (kind, key) VALUES ('place', OLD.id); END;

CREATE TRIGGER schedule_new AFTER INSERT ON schedule
BEGIN INSERT INTO change (kind, key) VALUES ('schedule', NEW.id), ('timetable', NEW.group_id); END;
CREATE TRIGGER schedule_changed AFTER UPDATE ON schedule
BEGIN INSERT INTO change (kind, key) VALUES ('schedule', NEW.id), ('timetable', NEW.group_id), ('timetable', OLD.group_id); END;
CREATE TRIGGER schedule_gone AFTER DELETE ON schedule
BEGIN INSERT INTO change (kind, key) VALUES ('schedule', OLD.id), ('timetable', OLD.group_id); END;

CREATE TRIGGER list_new AFTER INSERT ON group_list
BEGIN INSERT INTO change (kind, key) VALUES ('list', NEW.group_id), ('record', NEW.person_id); END;
CREATE TRIGGER list_gone AFTER DELETE ON group_list
BEGIN INSERT INTO change (kind, key) VALUES ('list', OLD.group_id), ('record', OLD.person_id); END;

CREATE TRIGGER host_changed AFTER UPDATE OF name ON host
BEGIN INSERT INTO change (kind, key) SELECT 'run', id FROM run WHERE host_id = NEW.id; END;

CREATE TRIGGER person_new AFTER INSERT ON person
BEGIN INSERT INTO change (kind, key) VALUES ('person', NEW.id); END;
CREATE TRIGGER person_changed AFTER UPDATE ON person
BEGIN
	INSERT INTO change (kind, key) VALUES ('person', NEW.id);
	INSERT INTO change (kind, key) SELECT 'count', run_id FROM attendance WHERE person_id = NEW.id;
END;
CREATE TRIGGER person_gone AFTER DELETE ON person
BEGIN INSERT INTO change (kind, key) VALUES ('person', OLD.id); END;

CREATE TRIGGER run_new AFTER INSERT ON run
BEGIN
	INSERT INTO change (kind, key) VALUES ('run', NEW.id), ('timetable', NEW.group_id), ('date', NEW.date);
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = NEW.group_id AND (date, start, title) < (NEW.date, NEW.start, NEW.title)
		ORDER BY date DESC, start DESC, title DESC LIMIT 1);
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = NEW.group_id AND (date, start, title) > (NEW.date, NEW.start, NEW.title)
		ORDER BY date, start, title LIMIT 1);
END;
CREATE TRIGGER run_changed AFTER UPDATE ON run
BEGIN
	INSERT INTO change (kind, key) VALUES ('run', NEW.id), ('timetable', OLD.group_id), ('timetable', NEW.group_id),
		('date', OLD.date), ('date', NEW.date);
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = OLD.group_id AND (date, start, title) < (OLD.date, OLD.start, OLD.title)
		ORDER BY date DESC, start DESC, title DESC LIMIT 1);
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = OLD.group_id AND (date, start, title) > (OLD.date, OLD.start, OLD.title)
		ORDER BY date, start, title LIMIT 1);
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = NEW.group_id AND (date, start, title) < (NEW.date, NEW.start, NEW.title)
		ORDER BY date DESC, start DESC, title DESC LIMIT 1);
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = NEW.group_id AND (date, start, title) > (NEW.date, NEW.start, NEW.title)
		ORDER BY date, start, title LIMIT 1);
END;
CREATE TRIGGER run_gone AFTER DELETE ON run
BEGIN
	INSERT INTO change (kind, key) VALUES ('run', OLD.id), ('timetable', OLD.group_id), ('date', OLD.date);
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = OLD.group_id AND (date, start, title) < (OLD.date, OLD.start, OLD.title)
		ORDER BY date DESC, start DESC, title DESC LIMIT 1);
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = OLD.group_id AND (date, start, title) > (OLD.date, OLD.start, OLD.title)
		ORDER BY date, start, title LIMIT 1);
END;

--------------------------------------------------------------------------------------------------
-- Views: all that a page may read. A public page reads public_*, a private one private_* too; the generator's
-- connection refuses anything else, so that a template cannot leak what its view does not offer.

CREATE VIEW public_club AS
	SELECT name AS club, zone, language, address, word FROM club;

CREATE VIEW public_group AS
	SELECT id, slug, name, is_closed, 'groups/' || slug || '/' AS path FROM "group";

CREATE VIEW public_place AS
	SELECT id, slug, name, address, latitude, longitude FROM place;

CREATE VIEW public_schedule AS
	SELECT s.id, s.group_id, coalesce(nullif(s.title, ''), g.name) AS title, s.rule, s.first, s.start, s.end, s.zone,
		p.name AS place_name
	FROM schedule AS s JOIN "group" AS g ON g.id = s.group_id LEFT JOIN place AS p ON p.id = s.place_id;

CREATE VIEW public_run AS
	SELECT r.id, r.session, r.group_id, g.name AS group_name, g.slug AS group_slug, g.is_closed,
		r.place_id, p.name AS place_name, p.address AS place_address,
		r.date, substr(r.date, 1, 7) AS month, substr(r.date, 1, 4) AS year, r.start, r.end, r.zone,
		coalesce(nullif(r.title, ''), g.name) AS title, 'runs/' || r.date || '/' || r.slug || '/' AS path,
		r.opens_min, r.closes_min, r.cancelled_at IS NOT NULL AS is_cancelled, r.reason, r.sequence, r.uid, r.updated_at,
		c.present, c.late, c.excused, c.absent, c.present + c.late AS came, c.sequence AS count_sequence,
		c.changed_at AS counted_at
	FROM run AS r JOIN "group" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id
		JOIN run_count AS c ON c.run_id = r.id;

-- Who came, as each of them may be seen. The hidden are in the counts alone.
CREATE VIEW public_attendance AS
	SELECT a.run_id, a.status, a.since, a.ordinal,
		CASE coalesce(p.visibility, (SELECT visibility FROM club))
			WHEN 'name' THEN p.name
			WHEN 'nickname' THEN coalesce(p.nickname, p.initials)
			ELSE p.initials END AS name
	FROM attendance AS a JOIN person AS p ON p.id = a.person_id
	WHERE coalesce(p.visibility, (SELECT visibility FROM club)) <> 'hidden';

-- A run with its secrets, for the page of its host.
CREATE VIEW private_run AS
	SELECT v.*, r.key, r.capability FROM public_run AS v JOIN run AS r ON r.id = v.id;

-- What happened since a follower looked; the generator fills these for one publish.
-- temp.changed (kind, key): the change log behind :since.  temp.touched (key): keys of the page being looked at.
