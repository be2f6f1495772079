// SPDX-License-Identifier: ISC
/*
 * query.h: every SQL statement of the two programs, each prepared when it is first used.
 *
 * A unit test prepares them all, and so finds typos. Values are bound by name. Page queries are not
 * here but beside their templates.
 */
#ifndef TURNOUT_QUERY_H
#define TURNOUT_QUERY_H

#define RULE_COLUMNS "interval_s, typed, is_single, late_min, deliver_min, has_check_out, position, network, access_point"
#define RULE_VALUES ":interval_s, :typed, :is_single, :late_min, :deliver_min, :has_check_out, :position, :network, :access_point"
#define RULE_SETS \
	"interval_s = :interval_s, typed = :typed, is_single = :is_single, late_min = :late_min, deliver_min = :deliver_min, " \
	"has_check_out = :has_check_out, position = :position, network = :network, access_point = :access_point"
#define RUN_COLUMNS \
	"r.id, r.session, r.group_id, g.name, r.schedule_id, r.place_id, p.name, r.host_id, r.date, r.start, r.end, " \
	"r.zone, r.title, r.slug, r.opens_min, r.closes_min, r.cancelled_at IS NOT NULL, r.reason, r.uid, r.key, " \
	"r.capability, c.present, c.late, c.excused, c.absent, r.interval_s, r.typed, r.is_single, r.late_min, r.deliver_min, " \
	"r.has_check_out, r.position, r.network, r.access_point, c.sequence, c.changed_at, " \
	"CASE WHEN r.is_single THEN 1 + coalesce((SELECT max(serial) FROM used_code WHERE run_id = r.id), 0) ELSE 1 END, g.is_closed "
#define RUN_TABLES \
	"FROM run AS r JOIN \"group\" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id " \
	"JOIN run_count AS c ON c.run_id = r.id "
#define RUN_SELECT "SELECT " RUN_COLUMNS RUN_TABLES

#define REGISTER_COLUMNS \
	"r.date, r.start, coalesce(r.end, ''), r.zone, g.name, r.title, coalesce(p.name, ''), q.name, r.session, "
#define REGISTER_FILTER "r.date >= :from AND r.date <= :to AND (:group_id = 0 OR r.group_id = :group_id)"

#define QUERIES(QUERY) \
	/* the change log */ \
	QUERY(NEWEST, "SELECT coalesce((SELECT max(id) FROM change), 0) + coalesce((SELECT max(id) FROM event), 0)") \
	/* club */ \
	QUERY(CLUB, "SELECT name, zone, language, address, visibility, word, opens_min, closes_min, " \
	    RULE_COLUMNS ", position_days, coalesce(capability, ''), languages FROM club") \
	QUERY(CLUB_SET, "UPDATE club SET name = :name, zone = :zone, language = :language, address = :address, " \
	    "visibility = :visibility, word = :word, opens_min = :opens_min, closes_min = :closes_min, " RULE_SETS ", " \
	    "position_days = :position_days, languages = :languages") \
	QUERY(CLUB_REVOKE, "UPDATE club SET capability = :capability") \
	/* groups, places, hosts */ \
	QUERY(GROUP_ADD, "INSERT INTO \"group\" (slug, name, folded, is_closed, created_at) " \
	    "VALUES (:slug, :name, :folded, :is_closed, :now)") \
	QUERY(GROUP_UPDATE, "UPDATE \"group\" SET name = :name, folded = :folded, is_closed = :is_closed, " \
	    "language = nullif(:language, '') WHERE id = :id") \
	QUERY(GROUP_FIND, "SELECT id, slug, name, is_closed, coalesce(language, '') FROM \"group\" WHERE folded = :folded OR slug = :name " \
	    "ORDER BY folded = :folded DESC LIMIT 1") \
	QUERY(GROUP_NAME, "SELECT name FROM \"group\" WHERE id = :id") \
	QUERY(GROUP_SLUG, "SELECT 1 FROM \"group\" WHERE slug = :slug") \
	QUERY(PLACE_ADD, "INSERT INTO place (slug, name, folded, address, latitude, longitude, radius_m, created_at) " \
	    "VALUES (:slug, :name, :folded, :address, :latitude, :longitude, :radius_m, :now)") \
	QUERY(PLACE_UPDATE, "UPDATE place SET name = :name, folded = :folded, address = :address, " \
	    "latitude = :latitude, longitude = :longitude, radius_m = :radius_m WHERE id = :id") \
	QUERY(PLACE_FIND, "SELECT id, slug, name, address, latitude, longitude, radius_m FROM place " \
	    "WHERE folded = :folded OR slug = :name ORDER BY folded = :folded DESC LIMIT 1") \
	QUERY(PLACE, "SELECT id, slug, name, address, latitude, longitude, radius_m FROM place WHERE id = :id") \
	QUERY(NETWORKS, "SELECT cidr FROM place_network WHERE place_id = :place_id ORDER BY cidr") \
	QUERY(NETWORK_ADD, "INSERT INTO place_network (place_id, cidr) VALUES (:place_id, :mark) ON CONFLICT DO NOTHING") \
	QUERY(NETWORKS_CLEAR, "DELETE FROM place_network WHERE place_id = :place_id") \
	QUERY(ACCESS_POINTS, "SELECT bssid FROM place_access_point WHERE place_id = :place_id ORDER BY bssid") \
	QUERY(ACCESS_POINT_ADD, "INSERT INTO place_access_point (place_id, bssid) VALUES (:place_id, :mark) ON CONFLICT DO NOTHING") \
	QUERY(ACCESS_POINTS_CLEAR, "DELETE FROM place_access_point WHERE place_id = :place_id") \
	QUERY(PLACE_SLUG, "SELECT 1 FROM place WHERE slug = :slug") \
	QUERY(HOST_ADD, "INSERT INTO host (name, folded, created_at) VALUES (:name, :folded, :now)") \
	/* runs */ \
	QUERY(RUN_ADD, "INSERT INTO run (session, group_id, schedule_id, place_id, host_id, date, start, end, zone, title, " \
	    "slug, opens_min, closes_min, uid, key, capability, created_at, updated_at, " RULE_COLUMNS ") VALUES (:session, :group_id, " \
	    ":schedule_id, :place_id, :host_id, :date, :start, :end, :zone, :title, :slug, :opens_min, :closes_min, :uid, " \
	    ":key, :capability, :now, :now, " RULE_VALUES ")") \
	QUERY(RUN_SLUG, "SELECT 1 FROM run WHERE date = :date AND slug = :slug AND id <> :id") \
	QUERY(RUN_FIND, "SELECT id FROM run WHERE group_id = :group_id AND date = :date AND start = :start AND title = :title") \
	QUERY(RUN_BY_UID, "SELECT id FROM run WHERE uid = :uid") \
	QUERY(RUN, RUN_SELECT "WHERE r.id = :id") \
	QUERY(RUN_COUNT, "SELECT present, late, excused, absent, sequence, changed_at FROM run_count WHERE run_id = :id") \
	QUERY(RUN_BY_SESSION, RUN_SELECT "WHERE r.session = :session") \
	QUERY(RUNS, RUN_SELECT "WHERE r.date >= :from AND r.date <= :to AND (:group_id = 0 OR r.group_id = :group_id) " \
	    "ORDER BY r.date, r.start, r.title, r.id") \
	QUERY(RUN_CANCEL, "UPDATE run SET cancelled_at = CASE WHEN :is_cancelled THEN :now END, reason = :reason, " \
	    "sequence = sequence + 1, updated_at = :now WHERE id = :id") \
	QUERY(RUN_MOVE, "UPDATE run SET date = :date, start = :start, end = :end, zone = :zone, title = :title, " \
	    "place_id = :place_id, slug = :slug, sequence = sequence + 1, updated_at = :now WHERE id = :id") \
	QUERY(RUN_RULES, "UPDATE run SET " RULE_SETS ", updated_at = :now WHERE id = :id") \
	/* runs since a date that demand what their place has nothing to compare with */ \
	QUERY(RUNS_UNMET, "SELECT count(*), coalesce(min(r.date || ' ' || r.slug), '') FROM run AS r LEFT JOIN place AS p ON p.id = r.place_id " \
	    "WHERE r.date >= :from AND r.cancelled_at IS NULL AND ((r.position IN ('pending', 'refused') AND p.latitude IS NULL) " \
	    "OR (r.network IN ('pending', 'refused') AND NOT EXISTS (SELECT 1 FROM place_network WHERE place_id = r.place_id)) " \
	    "OR (r.access_point IN ('pending', 'refused') AND NOT EXISTS (SELECT 1 FROM place_access_point WHERE place_id = r.place_id)))") \
	/* zones, with how many have each, and one of them */ \
	QUERY(ZONES, "SELECT zone, count(*), min(what) FROM (SELECT zone, 'run ' || date || ' ' || slug AS what FROM run " \
	    "UNION ALL SELECT zone, 'schedule from ' || first FROM schedule) GROUP BY zone ORDER BY zone") \
	QUERY(RUN_REVOKE, "UPDATE run SET capability = :capability, updated_at = :now WHERE id = :id") \
	/* schedules */ \
	QUERY(SCHEDULE_ADD, "INSERT INTO schedule (group_id, place_id, host_id, title, rule, first, start, end, zone, " \
	    "through, created_at) VALUES (:group_id, :place_id, :host_id, :title, :rule, :first, :start, :end, :zone, " \
	    ":through, :now)") \
	QUERY(SCHEDULE_FIND, "SELECT id, through FROM schedule WHERE group_id = :group_id AND rule = :rule AND first = :first " \
	    "AND start = :start AND title = :title") \
	QUERY(SCHEDULE_THROUGH, "UPDATE schedule SET through = :through WHERE id = :id AND through < :through") \
	QUERY(SCHEDULE_SKIP, "INSERT INTO schedule_skip (schedule_id, date) VALUES (:id, :date) " \
	    "ON CONFLICT DO NOTHING") \
	QUERY(SCHEDULE_SKIPPED, "SELECT 1 FROM schedule_skip WHERE schedule_id = :id AND date = :date") \
	QUERY(SCHEDULE_RUN, "SELECT 1 FROM run WHERE schedule_id = :id AND date = :date") \
	/* people */ \
	QUERY(PERSON_FIND, "SELECT id, name FROM person WHERE folded = :folded") \
	QUERY(PERSON_ADD, "INSERT OR ROLLBACK INTO person (name, folded, initials, created_at) VALUES (:name, :folded, :initials, :now)") \
	QUERY(PERSON_NICKNAME, "UPDATE person SET nickname = :nickname WHERE id = :id") \
	QUERY(PERSON_VISIBILITY, "UPDATE person SET visibility = :visibility WHERE id = :id") \
	QUERY(PERSON_PAGES, "SELECT coalesce(capability, ''), coalesce(profile, ''), " \
	    "NOT EXISTS (SELECT 1 FROM face WHERE person_id = id) FROM person WHERE id = :id") \
	QUERY(PERSON_CAPABILITY, "UPDATE person SET capability = :capability WHERE id = :id") \
	QUERY(PERSON_PROFILE, "UPDATE person SET profile = :profile WHERE id = :id") \
	QUERY(PERSON_TRACES, "SELECT p.name, (SELECT count(*) FROM group_list WHERE person_id = p.id), " \
	    "(SELECT count(*) FROM event WHERE person_id = p.id), coalesce((SELECT came FROM person_count " \
	    "WHERE person_id = p.id), 0), EXISTS (SELECT 1 FROM host WHERE folded = p.folded) FROM person AS p WHERE p.id = :id") \
	QUERY(PERSON_FORGET, "UPDATE person SET name = 'Someone', folded = ' ' || id, initials = '', nickname = NULL, " \
	    "visibility = 'hidden', capability = NULL, profile = NULL WHERE id = :id") \
	QUERY(EVENT_FORGET, "UPDATE event SET nonce = NULL, note = '', claim = NULL WHERE person_id = :id") \
	QUERY(POSITION_FORGET, "DELETE FROM event_position WHERE event_id IN (SELECT id FROM event WHERE person_id = :id)") \
	QUERY(USED_FORGET, "UPDATE used_code SET nonce = NULL WHERE person_id = :id") \
	QUERY(LIST_FORGET, "DELETE FROM group_list WHERE person_id = :id") \
	QUERY(LIST_ADD, "INSERT INTO group_list (group_id, person_id, added_at) VALUES (:group_id, :person_id, :now) " \
	    "ON CONFLICT DO NOTHING") \
	QUERY(LIST_HAS, "SELECT 1 FROM group_list WHERE group_id = :group_id AND person_id = :person_id") \
	/* attendance */ \
	QUERY(EVENT_ADD, "INSERT OR ROLLBACK INTO event (run_id, person_id, kind, status, at, received_at, proof, nonce, claim, is_delivered_late, " \
	    "pending) VALUES (:run_id, :person_id, :kind, :status, :at, :now, :proof, :nonce, :claim, :is_delivered_late, :pending)") \
	QUERY(EVENT_BY_NONCE, "SELECT e.run_id, e.person_id, e.at, p.name, p.folded, e.status, e.proof, e.is_delivered_late, e.pending, " \
	    "CASE WHEN e.claim IS NOT NULL THEN e.received_at ELSE 0 END " \
	    "FROM event AS e JOIN person AS p ON p.id = e.person_id WHERE e.nonce = :nonce") \
	/* the newest up to an id, when the redo log is written or read */ \
	QUERY(EVENT_UP_TO, "SELECT id, received_at FROM event WHERE id <= :id ORDER BY id DESC LIMIT 1") \
	/* the newest check-in of a phone at a run, and whether it was taken back since */ \
	QUERY(EVENT_BY_CLAIM, "SELECT e.person_id, e.id, e.received_at, p.name, EXISTS (SELECT 1 FROM event AS u WHERE u.run_id = e.run_id " \
	    "AND u.person_id = e.person_id AND u.kind = 'undo' AND u.id > e.id) FROM event AS e JOIN person AS p ON p.id = e.person_id " \
	    "WHERE e.run_id = :run_id AND e.claim = :claim AND e.kind = 'check-in' ORDER BY e.id DESC LIMIT 1") \
	QUERY(POSITION_ADD, "INSERT INTO event_position (event_id, latitude, longitude, accuracy_m, received_at) " \
	    "VALUES (:event_id, :latitude, :longitude, :accuracy_m, :now)") \
	QUERY(POSITION_PRUNE, "DELETE FROM event_position WHERE received_at < :until") \
	QUERY(USED_CODE, "SELECT person_id, nonce, at FROM used_code WHERE run_id = :run_id AND serial = :serial") \
	QUERY(USED_CODE_ADD, "INSERT INTO used_code (run_id, serial, nonce, at) VALUES (:run_id, :serial, :nonce, :now) " \
	    "ON CONFLICT DO NOTHING") \
	QUERY(USED_CODE_BY, "UPDATE used_code SET person_id = :person_id WHERE run_id = :run_id AND serial = :serial") \
	QUERY(ATTENDANCE, "SELECT status, since, ordinal, proof, pending, is_delivered_late, left_at, event_id FROM attendance " \
	    "WHERE run_id = :run_id AND person_id = :person_id") \
	QUERY(LISTED, "SELECT p.name, p.folded FROM group_list AS l JOIN person AS p ON p.id = l.person_id WHERE l.group_id = :group_id " \
	    "ORDER BY p.folded") \
	/* exports: the first columns are the same */ \
	QUERY(REGISTER, "SELECT " REGISTER_COLUMNS "a.status, a.proof, a.since FROM run AS r JOIN \"group\" AS g ON g.id = r.group_id " \
	    "LEFT JOIN place AS p ON p.id = r.place_id JOIN attendance AS a ON a.run_id = r.id " \
	    "JOIN person AS q ON q.id = a.person_id WHERE " REGISTER_FILTER " AND (:person_id = 0 OR a.person_id = :person_id) " \
	    "ORDER BY r.date, r.start, g.folded, r.title, r.id, q.folded") \
	QUERY(EVENT_LOG, "SELECT " REGISTER_COLUMNS "e.status, e.proof, e.at, e.kind, e.received_at, coalesce(h.name, ''), " \
	    "e.is_delivered_late, e.pending, e.note FROM event AS e JOIN run AS r ON r.id = e.run_id " \
	    "JOIN \"group\" AS g ON g.id = r.group_id LEFT JOIN place AS p ON p.id = r.place_id JOIN person AS q ON q.id = e.person_id " \
	    "LEFT JOIN host AS h ON h.id = e.host_id WHERE " REGISTER_FILTER " AND (:person_id = 0 OR e.person_id = :person_id) ORDER BY e.id") \
	QUERY(EVENT_COUNT, "SELECT count(*) FROM event AS e LEFT JOIN host AS h ON h.id = e.host_id WHERE e.run_id = :run_id " \
	    "AND e.person_id = :person_id AND e.at = :at AND e.kind = :kind AND e.status = :status AND e.received_at = :received_at " \
	    "AND e.proof = :proof AND coalesce(h.name, '') = :host AND e.is_delivered_late = :is_delivered_late " \
	    "AND e.pending = :pending AND e.note = :note") \
	QUERY(EVENT_RESTORE, "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, host_id, is_delivered_late, " \
	    "pending, note) VALUES (:run_id, :person_id, :kind, :status, :at, :received_at, :proof, :host_id, :is_delivered_late, " \
	    ":pending, :note)") \
	QUERY(SHEET, "SELECT p.id, p.name FROM person AS p WHERE p.folded NOT GLOB ' *' AND CASE WHEN EXISTS (SELECT 1 FROM group_list " \
	    "WHERE group_id = :group_id) THEN EXISTS (SELECT 1 FROM group_list WHERE group_id = :group_id AND person_id = p.id) " \
	    "ELSE EXISTS (SELECT 1 FROM attendance AS a JOIN run AS r ON r.id = a.run_id WHERE a.person_id = p.id AND r.group_id = :group_id " \
	    "AND a.status IN ('present', 'late') AND r.date BETWEEN date(:date, '-1 year') AND :date) END ORDER BY p.folded") \
	QUERY(PERSON_THERE, "SELECT 1 FROM person WHERE id = :id AND folded NOT GLOB ' *'") \
	QUERY(EXPORT_ADD, "INSERT INTO export (at, who, kind, format, first, last, group_id, person_id, lines) VALUES (:at, :who, :kind, " \
	    ":format, :first, :last, nullif(:group_id, 0), nullif(:person_id, 0), :lines)") \
	/* lists */ \
	QUERY(GROUPS, "SELECT g.id, g.slug, g.name, g.is_closed, coalesce(g.language, ''), (SELECT count(*) FROM run WHERE group_id = g.id), " \
	    "(SELECT count(*) FROM group_list WHERE group_id = g.id) FROM \"group\" AS g ORDER BY g.folded") \
	QUERY(PLACES, "SELECT p.id, p.slug, p.name, p.address, p.latitude, p.longitude, p.radius_m, " \
	    "(SELECT count(*) FROM run WHERE place_id = p.id) FROM place AS p ORDER BY p.folded") \
	QUERY(HOSTS, "SELECT id, name, is_admin FROM host ORDER BY folded") \
	QUERY(HOST_NAMED, "SELECT id, name, is_admin FROM host WHERE folded = :folded") \
	QUERY(PEOPLE, "SELECT p.id, p.name, p.nickname, p.visibility, (SELECT count(*) FROM attendance " \
	    "WHERE person_id = p.id AND status IN ('present', 'late')) FROM person AS p WHERE :group_id = 0 OR p.id IN " \
	    "(SELECT person_id FROM group_list WHERE group_id = :group_id) ORDER BY p.folded") \
	QUERY(SCHEDULE_SKIPS, "SELECT date FROM schedule_skip WHERE schedule_id = :id ORDER BY date") \
	QUERY(SCHEDULES, "SELECT id, group_id, place_id, host_id, title, rule, first, start, end, zone, through " \
	    "FROM schedule WHERE :group_id = 0 OR group_id = :group_id ORDER BY group_id, first, start, id") \
	QUERY(JOURNAL, "SELECT journal_mode FROM pragma_journal_mode") \
	/* figures */ \
	QUERY(FIGURES, "SELECT (SELECT count(*) FROM \"group\"), (SELECT count(*) FROM place), " \
	    "(SELECT count(*) FROM person), (SELECT count(*) FROM run), (SELECT count(DISTINCT date) FROM run), " \
	    "(SELECT count(*) FROM attendance), (SELECT coalesce(sum(present), 0) FROM run_count), " \
	    "(SELECT coalesce(sum(late), 0) FROM run_count), (SELECT coalesce(sum(excused), 0) FROM run_count), " \
	    "(SELECT coalesce(sum(absent), 0) FROM run_count), (SELECT count(*) FROM event)")

#define QUERY_NAME(name, sql) Q_##name,
enum query { QUERIES(QUERY_NAME) Q_END };
#undef QUERY_NAME

#endif
