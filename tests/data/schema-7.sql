-- SPDX-License-Identifier: ISC
--
-- schema.sql: everything Turnout knows, and the document of record for it.
--
-- Words are those of the README. Units: `*_at`, `since`, `at` are seconds since 1970 UTC; `date` is a
-- local date YYYY-MM-DD; `start` and `end` are wall time HH:MM in `zone` (IANA). Instants of runs are
-- derived, never stored. A fact enters as one transaction; `event` is append-only, `attendance` follows from it
-- by trigger, `run_count` from that, whatever tool wrote. What changed is read from `event` itself and from `change`, which triggers
-- write for everything else.
--
-- A change here goes with a file in db/upgrade/ that brings older databases to the same shape.

PRAGMA application_id = 0x5475726e;	-- "Turn"
PRAGMA user_version = 7;

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
	created_at	INTEGER NOT NULL,			-- seconds since 1970
	interval_s	INTEGER NOT NULL DEFAULT 25		-- the screen of new runs shows another code after so many seconds
			CHECK (interval_s BETWEEN 10 AND 120),
	typed		TEXT NOT NULL DEFAULT 'digits'		-- what the code to type beside it is made of
			CHECK (typed IN ('digits', 'letters')),
	is_single	INTEGER NOT NULL DEFAULT 0 CHECK (is_single IN (0, 1)),	-- 1: each code on the screen is for one person
	late_min	INTEGER CHECK (late_min BETWEEN 0 AND 1440),	-- who comes more than so many minutes after the start is late; NULL: nobody is
	deliver_min	INTEGER NOT NULL DEFAULT 360		-- a code that was seen in time may be delivered so many minutes after the closing
			CHECK (deliver_min BETWEEN 0 AND 1440),
	has_check_out	INTEGER NOT NULL DEFAULT 0 CHECK (has_check_out IN (0, 1)),	-- 1: people may check out as well
	position	TEXT NOT NULL DEFAULT 'ignored'		-- what new runs do with the position of a phone
			CHECK (position IN ('ignored', 'noted', 'pending', 'refused')),	-- pending, refused: demanded, without it the host is to confirm, nobody gets in
	network		TEXT NOT NULL DEFAULT 'ignored'		-- with the network it is in
			CHECK (network IN ('ignored', 'noted', 'pending', 'refused')),
	access_point	TEXT NOT NULL DEFAULT 'ignored'		-- with the access points it sees
			CHECK (access_point IN ('ignored', 'noted', 'pending', 'refused')),
	position_days	INTEGER NOT NULL DEFAULT 0		-- days of 24 hours that positions are kept; 0: dropped after the verdict
			CHECK (position_days BETWEEN 0 AND 365),
	capability	TEXT,					-- 128 random bits in the address of the admin's pages; NULL: there are none; secret
	languages	TEXT NOT NULL DEFAULT ''		-- BCP 47 tags of those that readers may choose, with commas between; '': none but its own
) STRICT;

-- A division, course, committee or training group.
CREATE TABLE "group" (
	id		INTEGER PRIMARY KEY,
	slug		TEXT NOT NULL UNIQUE,			-- in addresses: a-z, 0-9 and hyphens
	name		TEXT NOT NULL,				-- as typed
	folded		TEXT NOT NULL UNIQUE,			-- folded key of the name (core/name.h)
	is_closed	INTEGER NOT NULL DEFAULT 0 CHECK (is_closed IN (0, 1)),	-- 1: only people on its list may check in
	created_at	INTEGER NOT NULL,			-- seconds since 1970
	language	TEXT					-- BCP 47 tag of its pages and those of its runs; NULL: the club's
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
	interval_s	INTEGER NOT NULL DEFAULT 25		-- its screen shows another code after so many seconds
			CHECK (interval_s BETWEEN 10 AND 120),
	typed		TEXT NOT NULL DEFAULT 'digits'		-- what the code to type beside it is made of
			CHECK (typed IN ('digits', 'letters')),
	is_single	INTEGER NOT NULL DEFAULT 0 CHECK (is_single IN (0, 1)),	-- 1: each code on the screen is for one person
	late_min	INTEGER CHECK (late_min BETWEEN 0 AND 1440),	-- who comes more than so many minutes after the start is late; NULL: nobody is
	deliver_min	INTEGER NOT NULL DEFAULT 360		-- a code that was seen in time may be delivered so many minutes after the closing
			CHECK (deliver_min BETWEEN 0 AND 1440),
	has_check_out	INTEGER NOT NULL DEFAULT 0 CHECK (has_check_out IN (0, 1)),	-- 1: people may check out as well
	position	TEXT NOT NULL DEFAULT 'ignored'		-- what it does with the position of a phone
			CHECK (position IN ('ignored', 'noted', 'pending', 'refused')),	-- pending, refused: demanded, without it the host is to confirm, nobody gets in
	network		TEXT NOT NULL DEFAULT 'ignored'		-- with the network it is in
			CHECK (network IN ('ignored', 'noted', 'pending', 'refused')),
	access_point	TEXT NOT NULL DEFAULT 'ignored'		-- with the access points it sees
			CHECK (access_point IN ('ignored', 'noted', 'pending', 'refused')),
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
			CHECK (visibility = 'hidden' OR visibility = 'initials' OR visibility = 'nickname' OR visibility = 'name'),
	created_at	INTEGER NOT NULL,			-- seconds since 1970
	capability	TEXT,					-- 128 random bits in the address of their own page; NULL: they have none; secret
	profile		TEXT					-- public id in the address of their public page; NULL: they did not ask for one
) STRICT;
CREATE UNIQUE INDEX person_by_capability ON person (capability) WHERE capability IS NOT NULL;
CREATE UNIQUE INDEX person_by_profile ON person (profile) WHERE profile IS NOT NULL;

-- How everybody may see a person, as the club and they themselves chose; the hidden have no row. Follows from person and club, and
-- is all that public views know of people.
CREATE TABLE face (
	person_id	INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	name		TEXT NOT NULL,				-- name, nickname or initials
	path		TEXT					-- of their public page; NULL: they did not ask for one
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
	id		INTEGER PRIMARY KEY,
	run_id		INTEGER NOT NULL REFERENCES run (id) DEFERRABLE INITIALLY DEFERRED,
	person_id	INTEGER NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
	kind		TEXT NOT NULL CHECK (kind = 'check-in' OR kind = 'check-out' OR kind = 'mark' OR kind = 'undo' OR kind = 'merge'),	-- by the runner, and leaving, by a host or an import, taken back, joined
	status		TEXT NOT NULL CHECK (status = 'present' OR status = 'late' OR status = 'excused' OR status = 'absent'),	-- what it says
	at		INTEGER NOT NULL,			-- when it was so, seconds since 1970
	received_at	INTEGER NOT NULL,			-- when the server heard, seconds since 1970
	proof		TEXT NOT NULL				-- how it is known
			CHECK (proof = 'printed' OR proof = 'screen' OR proof = 'digits' OR proof = 'session' OR proof = 'place' OR proof = 'host' OR proof = 'import'),
	host_id		INTEGER REFERENCES host (id) DEFERRABLE INITIALLY DEFERRED,		-- who marked; NULL: the runner
	nonce		TEXT UNIQUE,				-- the sender's, makes a retry safe; NULL: none given
	note		TEXT NOT NULL DEFAULT '',		-- for people
	claim		BLOB,				-- keyed hash of the phone's mark, other at each run (core/claim.h); NULL: none given
	is_delivered_late INTEGER NOT NULL DEFAULT 0 CHECK (is_delivered_late IN (0, 1)),	-- 1: the code was seen at `at` and came later
	pending		TEXT NOT NULL DEFAULT ''		-- what the run demands and was missing, with blanks between: position, network, access-point
) STRICT;
CREATE INDEX event_by_run ON event (run_id, person_id, at);
CREATE INDEX event_by_claim ON event (run_id, claim) WHERE claim IS NOT NULL;

-- Where a phone said it was, while the club keeps that.
CREATE TABLE event_position (
	event_id	INTEGER PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
	latitude	REAL NOT NULL CHECK (latitude BETWEEN -90 AND 90),	-- degrees north, WGS 84
	longitude	REAL NOT NULL CHECK (longitude BETWEEN -180 AND 180),	-- degrees east, WGS 84
	accuracy_m	REAL NOT NULL CHECK (accuracy_m >= 0),	-- metres, as the phone says
	received_at	INTEGER NOT NULL			-- when the server heard, seconds since 1970
) STRICT;
CREATE INDEX event_position_by_age ON event_position (received_at);

-- Codes for one person that were used; the screen shows the serial after the last of its run.
CREATE TABLE used_code (
	run_id		INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	serial		INTEGER NOT NULL CHECK (serial > 0),	-- from 1
	nonce		TEXT,					-- of the scan that used it, makes a retry safe; NULL: none given
	at		INTEGER NOT NULL,			-- when it came, seconds since 1970
	person_id	INTEGER REFERENCES person (id),		-- who checked in with it; NULL: nobody yet
	PRIMARY KEY (run_id, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_code_by_person ON used_code (person_id) WHERE person_id IS NOT NULL;

-- The current truth about one person at one run; follows from event.
CREATE TABLE attendance (
	run_id		INTEGER NOT NULL,
	person_id	INTEGER NOT NULL,
	status		TEXT NOT NULL CHECK (status = 'present' OR status = 'late' OR status = 'excused' OR status = 'absent'),
	since		INTEGER NOT NULL,			-- seconds since 1970
	proof		TEXT NOT NULL,				-- of the event it follows from
	ordinal		INTEGER NOT NULL,			-- order of arrival at the run, from 1; 0: did not come
	event_id	INTEGER NOT NULL,	-- it follows from this one
	left_at		INTEGER,				-- when they checked out, seconds since 1970; NULL: they did not
	is_delivered_late INTEGER NOT NULL,			-- of the event it follows from
	pending		TEXT NOT NULL,				-- of the event it follows from: what the host is to settle; '': nothing
	PRIMARY KEY (run_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_by_person ON attendance (person_id, run_id, status, since);	-- all that a page of the person reads
CREATE INDEX attendance_in_order ON attendance (run_id, ordinal, since, person_id, status);	-- all that a page of the run reads
-- The few lines of a run that its host is shown beside the newest, found without reading all, by whoever asks in these words.
CREATE INDEX attendance_to_settle ON attendance (run_id, pending) WHERE pending > '';
CREATE INDEX attendance_delivered_late ON attendance (run_id, is_delivered_late) WHERE is_delivered_late = 1;
CREATE INDEX attendance_left ON attendance (run_id, left_at) WHERE left_at IS NOT NULL;

-- What left as a file: who took it, when, and how much.
CREATE TABLE export (
	id		INTEGER PRIMARY KEY,
	at		INTEGER NOT NULL,			-- seconds since 1970
	who		TEXT NOT NULL,				-- login name on the machine it was made on
	kind		TEXT NOT NULL,				-- register, events, sheet, all
	format		TEXT NOT NULL,				-- csv, excel, json, xlsx, pdf; of all: folder
	first		TEXT,					-- local date of the first day asked for; NULL: open
	last		TEXT,					-- and of the last
	group_id	INTEGER REFERENCES "group" (id),	-- of one group alone; NULL: all
	person_id	INTEGER REFERENCES person (id),		-- of one person alone; NULL: all
	lines		INTEGER NOT NULL			-- rows in it, the head not counted
) STRICT;

-- How many, by run; follows from attendance, so that no page counts rows.
CREATE TABLE run_count (
	run_id		INTEGER PRIMARY KEY,
	present		INTEGER NOT NULL DEFAULT 0,
	late		INTEGER NOT NULL DEFAULT 0,
	excused		INTEGER NOT NULL DEFAULT 0,
	absent		INTEGER NOT NULL DEFAULT 0,
	sequence	INTEGER NOT NULL DEFAULT 0,		-- moves on with each change, never back
	changed_at	INTEGER NOT NULL DEFAULT 0		-- when the newest of it was so, seconds since 1970
) STRICT;

-- How they are known to have come, by run; follows from attendance.
CREATE TABLE run_proof (
	run_id		INTEGER NOT NULL,
	proof		TEXT NOT NULL,				-- as in event
	number		INTEGER,				-- of people who came
	PRIMARY KEY (run_id, proof)
) STRICT, WITHOUT ROWID;

-- When they came, by run, in steps of five minutes; follows from attendance.
CREATE TABLE run_arrival (
	run_id		INTEGER NOT NULL,
	at		INTEGER NOT NULL,			-- start of the five minutes, seconds since 1970
	number		INTEGER,				-- of people who came within them
	PRIMARY KEY (run_id, at)
) STRICT, WITHOUT ROWID;

-- How often a person came to runs that are not cancelled, and the first and the last of these; follows
-- from attendance.
CREATE TABLE person_count (
	person_id	INTEGER PRIMARY KEY,
	came		INTEGER NOT NULL DEFAULT 0,
	first_run_id	INTEGER,		-- NULL: never came
	last_run_id	INTEGER
) STRICT;
CREATE INDEX person_count_by_first ON person_count (first_run_id);

-- The run at which a person came for the 10th, 25th, 50th, 100th or 250th time, by the order of the runs
-- that are not cancelled; follows from attendance.
CREATE TABLE milestone (
	person_id	INTEGER NOT NULL,
	number		INTEGER NOT NULL,			-- 10, 25, …
	run_id		INTEGER NOT NULL,
	PRIMARY KEY (person_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX milestone_by_run ON milestone (run_id);

-- What changed but for what events say (event_change): the newest change of each key, numbered. A follower remembers the last id it
-- has seen, and that of event.
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
-- code      run.id                  a code for one person was used, and the screen moves on
-- count     run.id                  attendance at the run (event_change), or how somebody who was there is called or seen
-- person    person.id               name, nickname, choice of visibility, address of a page; of one who was there before
-- record    person.id               attendance of the person (event_change), or on which lists they are
-- debut     run.id                  it became (event_change), or is no longer, somebody's first
-- export    1                       something was exported
-- milestone run.id                  it became, or is no longer, a milestone of somebody, or how that person is seen
CREATE TABLE change (
	id		INTEGER PRIMARY KEY,
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

-- What an event changed, in the words of `change`. A follower asks for those behind the last event it has seen, so a check-in writes nothing here.
CREATE VIEW event_change (event_id, kind, key) AS
	SELECT id, 'count', run_id FROM event
	UNION ALL SELECT id, 'record', person_id FROM event
	UNION ALL SELECT e.id, 'debut', e.run_id FROM event AS e JOIN person_count AS c ON c.person_id = e.person_id WHERE c.first_run_id = e.run_id;

--------------------------------------------------------------------------------------------------
-- What runs at each check-in is written so that SQLite makes nothing beside the rows: lists as OR, one row a statement, conditions in WHEN (a
-- list of more than two, several rows and INSERT … SELECT each make a table of their own), no function call, no reference that
-- is judged before the commit, and no conflict that takes back one statement alone (each has it keep a copy of every page it touches).
-- Hence INSERT OR ROLLBACK in db/query.h and in what DELETE triggers do; and what only triggers write, from rows that have
-- references, has none of its own. That was nearly half the price of a check-in.

--------------------------------------------------------------------------------------------------
-- Triggers: attendance follows from events

CREATE TRIGGER event_attend AFTER INSERT ON event WHEN NEW.kind IN ('check-in', 'mark')
BEGIN
	INSERT INTO attendance (run_id, person_id, status, since, proof, ordinal, event_id, is_delivered_late, pending)
	VALUES (NEW.run_id, NEW.person_id, NEW.status, NEW.at, NEW.proof,
		CASE WHEN NEW.status IN ('present', 'late') THEN	-- behind the last one, for who undid may leave a gap
			1 + coalesce((SELECT max(ordinal) FROM attendance WHERE run_id = NEW.run_id), 0)
		ELSE 0 END, NEW.id, NEW.is_delivered_late, NEW.pending)
	ON CONFLICT (run_id, person_id) DO NOTHING;
	UPDATE attendance SET
		status = NEW.status, since = NEW.at, proof = NEW.proof, event_id = NEW.id,
		is_delivered_late = NEW.is_delivered_late, pending = NEW.pending,
		left_at = CASE WHEN NEW.status IN ('present', 'late') AND NEW.kind = 'mark' THEN left_at END,
		ordinal = CASE WHEN NEW.status NOT IN ('present', 'late') THEN 0 WHEN ordinal > 0 THEN ordinal
			ELSE 1 + (SELECT max(ordinal) FROM attendance WHERE run_id = NEW.run_id) END
	WHERE run_id = NEW.run_id AND person_id = NEW.person_id AND event_id <> NEW.id
		AND (NEW.at >= since		-- the latest by the time it was so wins; all events stay
			OR (NEW.kind = 'check-in' AND status IN ('excused', 'absent')));	-- but whoever checks in came
END;

CREATE TRIGGER event_other AFTER INSERT ON event WHEN NEW.kind IN ('check-out', 'undo')
BEGIN
	UPDATE attendance SET left_at = NEW.at
		WHERE NEW.kind = 'check-out' AND run_id = NEW.run_id AND person_id = NEW.person_id AND status IN ('present', 'late');
	DELETE FROM attendance WHERE NEW.kind = 'undo' AND run_id = NEW.run_id AND person_id = NEW.person_id;
END;

-- But for its nonce, note and claim, which go with the person they are of.
CREATE TRIGGER event_keep BEFORE UPDATE ON event
	WHEN (NEW.id, NEW.run_id, NEW.person_id, NEW.kind, NEW.status, NEW.at, NEW.received_at, NEW.proof, NEW.host_id, NEW.nonce, NEW.note,
			NEW.claim, NEW.is_delivered_late, NEW.pending)
		IS NOT (OLD.id, OLD.run_id, OLD.person_id, OLD.kind, OLD.status, OLD.at, OLD.received_at, OLD.proof, OLD.host_id, NULL, '',
			NULL, OLD.is_delivered_late, OLD.pending)
BEGIN
	SELECT raise(ABORT, 'An event is never changed; enter another one.');
END;

CREATE TRIGGER event_stay BEFORE DELETE ON event
BEGIN
	SELECT raise(ABORT, 'An event is never deleted; enter another one.');
END;

--------------------------------------------------------------------------------------------------
-- Triggers: counts follow from attendance

CREATE TRIGGER run_count_new AFTER INSERT ON run
BEGIN
	INSERT INTO run_count (run_id) VALUES (NEW.id);
END;
CREATE TRIGGER run_count_gone AFTER DELETE ON run	-- only a run without events goes
BEGIN
	DELETE FROM run_count WHERE run_id = OLD.id;
END;

CREATE TRIGGER attendance_new AFTER INSERT ON attendance
BEGIN
	UPDATE run_count SET
		present = present + (NEW.status = 'present'), late = late + (NEW.status = 'late'),
		excused = excused + (NEW.status = 'excused'), absent = absent + (NEW.status = 'absent'),
		sequence = sequence + 1, changed_at = CASE WHEN NEW.since > changed_at THEN NEW.since ELSE changed_at END
	WHERE run_id = NEW.run_id;
END;

CREATE TRIGGER attendance_changed AFTER UPDATE ON attendance
BEGIN
	UPDATE run_count SET
		present = present - (OLD.status = 'present') + (NEW.status = 'present'),
		late = late - (OLD.status = 'late') + (NEW.status = 'late'),
		excused = excused - (OLD.status = 'excused') + (NEW.status = 'excused'),
		absent = absent - (OLD.status = 'absent') + (NEW.status = 'absent'),
		sequence = sequence + 1, changed_at = CASE WHEN NEW.since > changed_at THEN NEW.since ELSE changed_at END
	WHERE run_id = NEW.run_id;
END;

CREATE TRIGGER attendance_gone AFTER DELETE ON attendance
BEGIN
	UPDATE OR ROLLBACK run_count SET
		present = present - (OLD.status = 'present'), late = late - (OLD.status = 'late'),
		excused = excused - (OLD.status = 'excused'), absent = absent - (OLD.status = 'absent'),
		sequence = sequence + 1
	WHERE run_id = OLD.run_id;
END;

--------------------------------------------------------------------------------------------------
-- Triggers: what is kept of those who came: proofs, arrivals, and each person's count, first and last run and milestones.
-- A run that is cancelled is no date: who had come to it stays in attendance and event, and counts for nobody.

-- A step is one more (1) or one less (-1) who came. Inserting into this view is how the triggers below say so.
CREATE VIEW came_step (run_id, person_id, proof, at, step) AS SELECT NULL, NULL, NULL, NULL, NULL;
CREATE TRIGGER came_step_taken INSTEAD OF INSERT ON came_step
BEGIN
	INSERT INTO run_proof VALUES (NEW.run_id, NEW.proof, NEW.step) ON CONFLICT DO UPDATE SET number = number + NEW.step;
	INSERT INTO run_arrival VALUES (NEW.run_id, NEW.at / 300 * 300, NEW.step) ON CONFLICT DO UPDATE SET number = number + NEW.step;
	UPDATE person_count SET came = came + NEW.step,
		first_run_id = CASE WHEN first_run_id IS NULL OR (SELECT (r.date, r.start, r.id) < (f.date, f.start, f.id)
			FROM run AS r JOIN run AS f ON f.id = first_run_id WHERE r.id = NEW.run_id) THEN NEW.run_id ELSE first_run_id END,
		last_run_id = CASE WHEN last_run_id IS NULL OR (SELECT (r.date, r.start, r.id) > (l.date, l.start, l.id)
			FROM run AS r JOIN run AS l ON l.id = last_run_id WHERE r.id = NEW.run_id) THEN NEW.run_id ELSE last_run_id END
	WHERE person_id = NEW.person_id AND (SELECT cancelled_at FROM run WHERE id = NEW.run_id) IS NULL;
	INSERT INTO person_count VALUES (NEW.person_id,
		CASE WHEN (SELECT cancelled_at FROM run WHERE id = NEW.run_id) IS NULL THEN NEW.step ELSE 0 END,
		(SELECT id FROM run WHERE id = NEW.run_id AND cancelled_at IS NULL),
		(SELECT id FROM run WHERE id = NEW.run_id AND cancelled_at IS NULL)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER attendance_came AFTER INSERT ON attendance WHEN NEW.status IN ('present', 'late')
BEGIN
	INSERT INTO came_step VALUES (NEW.run_id, NEW.person_id, NEW.proof, NEW.since, 1);
END;
CREATE TRIGGER attendance_came_not AFTER DELETE ON attendance WHEN OLD.status IN ('present', 'late')
BEGIN
	INSERT OR ROLLBACK INTO came_step VALUES (OLD.run_id, OLD.person_id, OLD.proof, OLD.since, -1);
	DELETE FROM run_proof WHERE run_id = OLD.run_id AND number = 0;
	DELETE FROM run_arrival WHERE run_id = OLD.run_id AND number = 0;
	INSERT OR ROLLBACK INTO person_recount (person_id) VALUES (OLD.person_id);
END;
CREATE TRIGGER attendance_came_else AFTER UPDATE OF status, since, proof ON attendance
	WHEN OLD.status IN ('present', 'late') OR NEW.status IN ('present', 'late')
BEGIN
	INSERT INTO came_step SELECT OLD.run_id, OLD.person_id, OLD.proof, OLD.since, -1 WHERE OLD.status IN ('present', 'late');
	INSERT INTO came_step SELECT NEW.run_id, NEW.person_id, NEW.proof, NEW.since, 1 WHERE NEW.status IN ('present', 'late');
	DELETE FROM run_proof WHERE run_id = OLD.run_id AND number = 0;
	DELETE FROM run_arrival WHERE run_id = OLD.run_id AND number = 0;
	INSERT INTO person_recount (person_id) VALUES (NEW.person_id);
END;

-- Who came for the 10th, 25th, … time, or to an older run than before and has milestones, is counted again.
CREATE TRIGGER came_counted AFTER UPDATE OF came ON person_count
	WHEN NEW.came > OLD.came AND (NEW.came = 10 OR NEW.came = 25 OR NEW.came = 50 OR NEW.came = 100 OR NEW.came = 250
		OR (NEW.last_run_id IS OLD.last_run_id AND EXISTS (SELECT 1 FROM milestone WHERE person_id = NEW.person_id)))
BEGIN
	INSERT INTO person_recount (person_id) VALUES (NEW.person_id);
END;

-- Count anew how often a person came, their first and last run and their milestones.
CREATE VIEW person_recount (person_id) AS SELECT NULL;
CREATE TRIGGER person_recount_taken INSTEAD OF INSERT ON person_recount
BEGIN
	INSERT INTO person_count (person_id) VALUES (NEW.person_id) ON CONFLICT DO NOTHING;
	UPDATE person_count SET
		came = (SELECT count(*) FROM attendance AS a JOIN run AS r ON r.id = a.run_id
			WHERE a.person_id = NEW.person_id AND a.status IN ('present', 'late') AND r.cancelled_at IS NULL),
		first_run_id = (SELECT r.id FROM attendance AS a JOIN run AS r ON r.id = a.run_id
			WHERE a.person_id = NEW.person_id AND a.status IN ('present', 'late') AND r.cancelled_at IS NULL
			ORDER BY r.date, r.start, r.id LIMIT 1),
		last_run_id = (SELECT r.id FROM attendance AS a JOIN run AS r ON r.id = a.run_id
			WHERE a.person_id = NEW.person_id AND a.status IN ('present', 'late') AND r.cancelled_at IS NULL
			ORDER BY r.date DESC, r.start DESC, r.id DESC LIMIT 1)
	WHERE person_id = NEW.person_id;
	DELETE FROM milestone WHERE person_id = NEW.person_id AND (number, run_id) NOT IN (SELECT number, run_id FROM person_order
		WHERE person_id = NEW.person_id);
	INSERT INTO milestone (person_id, number, run_id) SELECT person_id, number, run_id FROM person_order
		WHERE person_id = NEW.person_id AND number IN (10, 25, 50, 100, 250)
		ON CONFLICT DO NOTHING;
END;

-- The runs a person came to, numbered.
CREATE VIEW person_order AS
	SELECT a.person_id, a.run_id, row_number() OVER (PARTITION BY a.person_id ORDER BY r.date, r.start, r.id) AS number
	FROM attendance AS a JOIN run AS r ON r.id = a.run_id
	WHERE a.status IN ('present', 'late') AND r.cancelled_at IS NULL;

CREATE TRIGGER run_moved AFTER UPDATE OF date, start, cancelled_at ON run
	WHEN (OLD.date, OLD.start, OLD.cancelled_at IS NULL) <> (NEW.date, NEW.start, NEW.cancelled_at IS NULL)
BEGIN
	INSERT INTO person_recount SELECT person_id FROM attendance WHERE run_id = NEW.id AND status IN ('present', 'late');
END;

CREATE TRIGGER milestone_new AFTER INSERT ON milestone
BEGIN INSERT INTO change (kind, key) VALUES ('milestone', NEW.run_id); END;
CREATE TRIGGER milestone_gone AFTER DELETE ON milestone
BEGIN INSERT OR ROLLBACK INTO change (kind, key) VALUES ('milestone', OLD.run_id); END;
CREATE TRIGGER debut_changed AFTER UPDATE OF first_run_id ON person_count	-- of one who had one before
	WHEN NEW.first_run_id <> OLD.first_run_id OR (NEW.first_run_id IS NULL AND OLD.first_run_id IS NOT NULL)
BEGIN
	INSERT INTO change (kind, key) VALUES ('debut', OLD.first_run_id);
	INSERT INTO change (kind, key) VALUES ('debut', coalesce(NEW.first_run_id, OLD.first_run_id));
END;

--------------------------------------------------------------------------------------------------
-- Triggers: faces follow from what club and person chose

-- The rule.
CREATE VIEW person_face AS
	SELECT p.id AS person_id,
		CASE coalesce(p.visibility, c.visibility)
			WHEN 'name' THEN p.name
			WHEN 'nickname' THEN coalesce(p.nickname, p.initials)
			ELSE p.initials END AS name,
		'people/' || p.profile || '/' AS path
	FROM person AS p JOIN club AS c
	WHERE coalesce(p.visibility, c.visibility) <> 'hidden';

CREATE TRIGGER face_changed AFTER UPDATE OF name, initials, nickname, visibility, profile ON person
BEGIN
	DELETE FROM face WHERE person_id = NEW.id;
	INSERT INTO face SELECT * FROM person_face WHERE person_id = NEW.id;
END;
CREATE TRIGGER face_of_all AFTER UPDATE OF visibility ON club
BEGIN
	DELETE FROM face;
	INSERT INTO face SELECT * FROM person_face;
END;

--------------------------------------------------------------------------------------------------
-- Triggers: the change log

CREATE TRIGGER club_new AFTER INSERT ON club
BEGIN INSERT INTO change (kind, key) VALUES ('club', 1); END;
CREATE TRIGGER club_changed AFTER UPDATE ON club
BEGIN INSERT INTO change (kind, key) VALUES ('club', 1); END;

CREATE TRIGGER export_new AFTER INSERT ON export
BEGIN INSERT INTO change (kind, key) VALUES ('export', 1); END;

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

CREATE TRIGGER place_network_new AFTER INSERT ON place_network
BEGIN INSERT INTO change (kind, key) VALUES ('place', NEW.place_id); END;
CREATE TRIGGER place_network_gone AFTER DELETE ON place_network
BEGIN INSERT INTO change (kind, key) VALUES ('place', OLD.place_id); END;
CREATE TRIGGER place_access_point_new AFTER INSERT ON place_access_point
BEGIN INSERT INTO change (kind, key) VALUES ('place', NEW.place_id); END;
CREATE TRIGGER place_access_point_gone AFTER DELETE ON place_access_point
BEGIN INSERT INTO change (kind, key) VALUES ('place', OLD.place_id); END;

CREATE TRIGGER used_code_new AFTER INSERT ON used_code
BEGIN INSERT INTO change (kind, key) VALUES ('code', NEW.run_id); END;

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

CREATE TRIGGER person_new AFTER INSERT ON person WHEN coalesce(NEW.visibility, (SELECT visibility FROM club)) <> 'hidden'
BEGIN INSERT INTO face SELECT * FROM person_face WHERE person_id = NEW.id; END;
CREATE TRIGGER person_changed AFTER UPDATE ON person
BEGIN INSERT INTO change (kind, key) VALUES ('person', NEW.id); END;
CREATE TRIGGER person_seen_changed AFTER UPDATE OF name, initials, nickname, visibility, profile ON person
BEGIN
	INSERT INTO change (kind, key) SELECT 'count', run_id FROM attendance WHERE person_id = NEW.id;
	INSERT INTO change (kind, key) SELECT 'milestone', run_id FROM milestone WHERE person_id = NEW.id;
END;
CREATE TRIGGER person_gone AFTER DELETE ON person
BEGIN INSERT INTO change (kind, key) VALUES ('person', OLD.id); END;

-- A run at that time of that group came, went or moved: inserting into this view notes those beside
-- it.
CREATE VIEW near_change (group_id, date, start, title) AS SELECT NULL, NULL, NULL, NULL;
CREATE TRIGGER near_change_taken INSTEAD OF INSERT ON near_change
BEGIN
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = NEW.group_id AND (date, start, title) < (NEW.date, NEW.start, NEW.title)
		ORDER BY date DESC, start DESC, title DESC LIMIT 1);
	INSERT INTO change (kind, key) SELECT 'near', id FROM (SELECT id FROM run
		WHERE group_id = NEW.group_id AND (date, start, title) > (NEW.date, NEW.start, NEW.title)
		ORDER BY date, start, title LIMIT 1);
END;
CREATE TRIGGER run_new AFTER INSERT ON run
BEGIN
	INSERT INTO change (kind, key) VALUES ('run', NEW.id), ('timetable', NEW.group_id), ('date', NEW.date);
	INSERT INTO near_change VALUES (NEW.group_id, NEW.date, NEW.start, NEW.title);
END;
CREATE TRIGGER run_changed AFTER UPDATE ON run
BEGIN
	INSERT INTO change (kind, key) VALUES ('run', NEW.id), ('timetable', OLD.group_id), ('timetable', NEW.group_id),
		('date', OLD.date), ('date', NEW.date);
	INSERT INTO near_change VALUES (OLD.group_id, OLD.date, OLD.start, OLD.title);
	INSERT INTO near_change VALUES (NEW.group_id, NEW.date, NEW.start, NEW.title);
END;
CREATE TRIGGER run_gone AFTER DELETE ON run
BEGIN
	INSERT INTO change (kind, key) VALUES ('run', OLD.id), ('timetable', OLD.group_id), ('date', OLD.date);
	INSERT INTO near_change VALUES (OLD.group_id, OLD.date, OLD.start, OLD.title);
END;

--------------------------------------------------------------------------------------------------
-- Views: all that a page may read. A public page reads public_*, a private one private_* too; the generator's
-- connection refuses anything else, so that a template cannot leak what its view does not offer.

CREATE VIEW public_club AS
	SELECT name AS club, zone, address, word, created_at AS club_created_at FROM club;

CREATE VIEW public_group AS
	SELECT id, slug, name, is_closed, language AS group_language, 'groups/' || slug || '/' AS path,
		(SELECT count(*) FROM group_list WHERE group_id = "group".id) AS listed
	FROM "group";

CREATE VIEW public_place AS
	SELECT id, slug, name, address, latitude, longitude, 'places/' || slug || '/' AS path FROM place;

CREATE VIEW public_schedule AS
	SELECT s.id, s.group_id, s.place_id, coalesce(nullif(s.title, ''), g.name) AS title, s.rule, s.first, s.start, s.end, s.zone,
		g.name AS group_name, 'groups/' || g.slug || '/' AS group_path,
		p.name AS place_name, 'places/' || p.slug || '/' AS place_path
	FROM schedule AS s JOIN "group" AS g ON g.id = s.group_id LEFT JOIN place AS p ON p.id = s.place_id;

-- Of a run that is cancelled nothing counts.
CREATE VIEW public_run AS
	SELECT r.id, r.session, r.group_id, g.name AS group_name, g.slug AS group_slug, g.is_closed, g.language AS group_language,
		r.place_id, p.name AS place_name, p.address AS place_address, 'places/' || p.slug || '/' AS place_path,
		r.date, substr(r.date, 1, 7) AS month, substr(r.date, 1, 4) AS year, r.start, r.end, r.zone,
		coalesce(nullif(r.title, ''), g.name) AS title, r.title AS own_title,
		'runs/' || r.date || '/' || r.slug || '/' AS path,
		r.opens_min, r.closes_min, r.cancelled_at IS NOT NULL AS is_cancelled, r.cancelled_at, r.reason, r.sequence, r.uid,
		r.created_at, r.updated_at,
		c.present * (r.cancelled_at IS NULL) AS present, c.late * (r.cancelled_at IS NULL) AS late,
		c.excused * (r.cancelled_at IS NULL) AS excused, c.absent * (r.cancelled_at IS NULL) AS absent,
		(c.present + c.late) * (r.cancelled_at IS NULL) AS came, c.sequence AS count_sequence,
		c.changed_at AS counted_at
	FROM run AS r JOIN "group" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id
		JOIN run_count AS c ON c.run_id = r.id;

-- How many of those with a status at a run may be seen: counted only where some are hidden and
-- some are not.
CREATE VIEW public_shown AS
	SELECT r.id AS run_id, (r.cancelled_at IS NULL) * CASE (SELECT count(*) FROM face) WHEN 0 THEN 0
		WHEN (SELECT count(*) FROM person) THEN c.present + c.late + c.excused + c.absent
		ELSE (SELECT count(*) FROM attendance AS a JOIN face AS f ON f.person_id = a.person_id
			WHERE a.run_id = r.id) END AS shown
	FROM run AS r JOIN run_count AS c ON c.run_id = r.id;

-- A run's time and how many came, for sums over many runs: half the price of public_run.
CREATE VIEW public_count AS
	SELECT r.id AS run_id, r.group_id, r.place_id, r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min,
		r.cancelled_at IS NOT NULL AS is_cancelled, (c.present + c.late) * (r.cancelled_at IS NULL) AS came
	FROM run AS r JOIN run_count AS c ON c.run_id = r.id;

-- And what its live files say.
CREATE VIEW public_live AS
	SELECT r.id AS run_id, r.session, r.date, r.start, r.end, r.zone, r.opens_min, r.closes_min,
		r.cancelled_at IS NOT NULL AS is_cancelled, (c.present + c.late) * (r.cancelled_at IS NULL) AS came,
		c.late * (r.cancelled_at IS NULL) AS late, c.excused * (r.cancelled_at IS NULL) AS excused,
		c.absent * (r.cancelled_at IS NULL) AS absent, c.sequence AS count_sequence, c.changed_at AS counted_at
	FROM run AS r JOIN run_count AS c ON c.run_id = r.id;

-- Who came, as each of them may be seen. The hidden are in the counts alone. `person` tells people of one name apart and says
-- nothing else; `person_path` leads to the public page of those who asked for one.
CREATE VIEW public_attendance AS
	SELECT a.run_id, a.status, a.since, a.ordinal, a.person_id AS person, f.name, f.path AS person_path
	FROM attendance AS a JOIN face AS f ON f.person_id = a.person_id;

-- Numbers alone: how people are known to have come, when they did, and for how many it was the first time.
CREATE VIEW public_proof AS SELECT run_id, proof, number FROM run_proof;
CREATE VIEW public_arrival AS SELECT run_id, at, number FROM run_arrival;
CREATE VIEW public_debut AS
	SELECT id AS run_id, (SELECT count(*) FROM person_count WHERE first_run_id = run.id) AS number FROM run;

-- That somebody came, whoever it was: `person` tells people apart, for counting them over several runs.
CREATE VIEW public_presence AS
	SELECT run_id, person_id AS person FROM attendance WHERE status IN ('present', 'late');

-- Those who came for the 10th, 25th, … time, as each of them may be seen.
CREATE VIEW public_milestone AS
	SELECT m.run_id, m.number, m.person_id AS person, f.name, f.path AS person_path
	FROM milestone AS m JOIN face AS f ON f.person_id = m.person_id;

-- People who asked for a public page, under the name that may be seen.
CREATE VIEW public_person AS
	SELECT p.id, p.profile, f.path, f.name FROM person AS p JOIN face AS f ON f.person_id = p.id WHERE p.profile IS NOT NULL;

-- A run with its secrets and its rules, for the page of its host; `serial` is that of the code for one person to show now.
CREATE VIEW private_run AS
	SELECT v.*, r.key, r.capability, r.interval_s, r.typed, r.is_single, r.late_min, r.deliver_min, r.has_check_out,
		r.position, r.network, r.access_point,
		1 + coalesce((SELECT max(serial) FROM used_code WHERE run_id = r.id), 0) AS serial
	FROM public_run AS v JOIN run AS r ON r.id = v.id;

-- What the live file of its host says of its code, and where that file is.
CREATE VIEW private_code AS
	SELECT id AS run_id, capability, is_single, interval_s,
		1 + coalesce((SELECT max(serial) FROM used_code WHERE run_id = run.id), 0) AS serial
	FROM run;

-- A person with the secret of their own page, and how others see them.
CREATE VIEW private_person AS
	SELECT p.id, p.name, p.capability, f.name AS shown_name, f.path AS public_path
	FROM person AS p LEFT JOIN face AS f ON f.person_id = p.id WHERE p.capability IS NOT NULL;
CREATE VIEW private_attendance AS
	SELECT run_id, person_id, status, since, proof, ordinal, left_at, is_delivered_late, pending FROM attendance;
-- Everybody with a status at a run, by name, for the page of its host.
CREATE VIEW private_line AS
	SELECT a.run_id, a.person_id, p.name, a.status, a.since, e.received_at, a.proof, a.ordinal, a.left_at, a.is_delivered_late, a.pending
	FROM attendance AS a JOIN person AS p ON p.id = a.person_id JOIN event AS e ON e.id = a.event_id;
CREATE VIEW private_list AS SELECT group_id, person_id FROM group_list;
-- Everybody but the forgotten, whose key begins with a blank, for the reports; `folded` sorts.
CREATE VIEW private_name AS SELECT id AS person_id, name, folded FROM person WHERE folded >= '!';
CREATE VIEW private_milestone AS SELECT person_id, number, run_id FROM milestone;

-- The address of the admin's pages, and what left as a file.
CREATE VIEW private_club AS SELECT capability FROM club WHERE capability IS NOT NULL;
CREATE VIEW private_export AS
	SELECT e.id, e.at, e.who, e.kind, e.format, e.first, e.last, g.name AS group_name, p.name AS person_name, e.lines
	FROM export AS e LEFT JOIN "group" AS g ON g.id = e.group_id LEFT JOIN person AS p ON p.id = e.person_id;

-- What is known of a person at each run; the public one of those who asked for a public page.
CREATE VIEW private_record AS
	SELECT a.person_id, a.status, a.since, a.proof, r.id, r.session, r.group_id, g.name AS group_name, r.date, r.start, r.end, r.zone,
		r.opens_min, r.closes_min, r.cancelled_at IS NOT NULL AS is_cancelled, coalesce(nullif(r.title, ''), g.name) AS title,
		'runs/' || r.date || '/' || r.slug || '/' AS path, p.name AS place_name
	FROM attendance AS a INDEXED BY attendance_by_person JOIN run AS r ON r.id = a.run_id
		LEFT JOIN "group" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id;
CREATE VIEW public_record AS
	SELECT v.id AS person, a.status, r.id, r.group_id, g.name AS group_name, r.date, r.start, r.end, r.zone,
		r.opens_min, r.closes_min, r.cancelled_at IS NOT NULL AS is_cancelled, coalesce(nullif(r.title, ''), g.name) AS title,
		'runs/' || r.date || '/' || r.slug || '/' AS path
	FROM public_person AS v JOIN attendance AS a INDEXED BY attendance_by_person ON a.person_id = v.id JOIN run AS r ON r.id = a.run_id
		LEFT JOIN "group" AS g ON g.id = r.group_id;

-- Every run that is not cancelled, with everybody: the status at it, NULL for none; ask for one person, one
-- group, and dates since the person's first.
CREATE VIEW private_roll AS
	SELECT p.id AS person_id, r.id, r.group_id, r.date, r.start, r.title AS own_title, r.end, r.zone, r.opens_min, r.closes_min, a.status
	FROM person AS p JOIN run AS r
		LEFT JOIN attendance AS a INDEXED BY attendance_by_person ON a.person_id = p.id AND a.run_id = r.id
	WHERE r.cancelled_at IS NULL;
CREATE VIEW public_roll AS
	SELECT v.id AS person, r.id, r.group_id, r.date, r.start, r.title AS own_title, r.end, r.zone, r.opens_min, r.closes_min, a.status
	FROM public_person AS v JOIN run AS r
		LEFT JOIN attendance AS a INDEXED BY attendance_by_person ON a.person_id = v.id AND a.run_id = r.id
	WHERE r.cancelled_at IS NULL;

-- What happened since a follower looked; the generator fills these for one publish.
-- temp.changed (kind, key): the change log behind :since, and what the clock moved (gen/page.h).
-- temp.touched (key): keys of the page being looked at.
