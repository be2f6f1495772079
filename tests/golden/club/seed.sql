-- SPDX-License-Identifier: ISC
-- A small club with every corner a page can have: names that need escaping, a cancelled run, one over midnight in another
-- zone, hidden people, marks that were corrected. Keys and addresses are fixed, so that the site is the same each time.
BEGIN;
INSERT INTO club (id, name, zone, language, address, visibility, opens_min, closes_min, created_at)
	VALUES (1, 'Harriers & Co', 'Europe/London', 'en', 'https://turnout.example', 'initials', 30, 30, 1790000000);
INSERT INTO "group" (id, slug, name, folded, created_at) VALUES
	(1, 'tuesday', 'Tuesday', 'tuesday', 1790000000),
	(2, 'cafe', 'Café <Élan>', 'café <élan>', 1790000000);
INSERT INTO place (id, slug, name, folded, address, created_at)
	VALUES (1, 'pier', 'Old Pier', 'old pier', '1 Quay; Harbour, "N"', 1790000000);
INSERT INTO run (id, session, group_id, place_id, date, start, end, zone, title, slug, opens_min, closes_min, cancelled_at, reason,
	sequence, key, capability, created_at, updated_at) VALUES
	(1, '0A1B2C3D4E', 1, 1, '2026-11-17', '18:30', '20:00', 'Europe/London', '', 'tuesday-1830', 30, 30, NULL, '', 0,
		x'0101010101010101010101010101010101010101010101010101010101010101', '01CAPABILITY0000000000000A', 1790000000, 1790000000),
	(2, '1A1B2C3D4E', 1, 1, '2026-11-20', '18:30', '20:00', 'Europe/London', '=SUM(A1), "hills"', 'tuesday-1830-hills', 30, 30, NULL, '', 1,
		x'0202020202020202020202020202020202020202020202020202020202020202', '02CAPABILITY0000000000000B', 1790000000, 1790003600),
	(3, '2A1B2C3D4E', 1, NULL, '2026-11-24', '18:30', NULL, 'Europe/London', '', 'tuesday-1830', 30, 30, 1790000000, 'Ice; <snow>', 1,
		x'0303030303030303030303030303030303030303030303030303030303030303', '03CAPABILITY0000000000000C', 1790000000, 1790007200),
	(4, '3A1B2C3D4E', 2, NULL, '2026-12-31', '23:00', '01:00', 'America/New_York',
		'A long title that makes the line of a calendar file fold somewhere: naïve café', 'cafe-2300', 30, 30, NULL, '', 0,
		x'0404040404040404040404040404040404040404040404040404040404040404', '04CAPABILITY0000000000000D', 1790000000, 1790000000);
INSERT INTO person (id, name, folded, initials, nickname, visibility, created_at) VALUES
	(1, 'Ada Lovelace', 'ada lovelace', 'A. L.', NULL, NULL, 1790000000),
	(2, 'Bob <b>', 'bob <b>', 'B. <.', NULL, 'name', 1790000000),
	(3, 'Carol', 'carol', 'C.', 'Speedy', 'nickname', 1790000000),
	(4, 'Dora Shy', 'dora shy', 'D. S.', NULL, 'hidden', 1790000000);
INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES
	(1, 1, 'check-in', 'present', 1794940100, 1794940100, 'digits'),
	(1, 2, 'check-in', 'present', 1794940200, 1794940200, 'printed'),
	(1, 2, 'mark', 'late', 1794940300, 1794940300, 'host'),
	(1, 3, 'mark', 'excused', 1794940000, 1794940400, 'host'),
	(1, 4, 'check-in', 'present', 1794940500, 1794940500, 'session'),
	(2, 1, 'check-in', 'present', 1795199700, 1795199700, 'digits'),
	(2, 3, 'check-in', 'present', 1795199760, 1795199760, 'digits'),
	(2, 3, 'undo', 'present', 1795199800, 1795199800, 'host'),
	(2, 4, 'mark', 'absent', 1795199400, 1795199820, 'host');
COMMIT;
