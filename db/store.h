// SPDX-License-Identifier: ISC
/*
 * store.h: the facts, and the only way to them.
 *
 * A store is one connection to one database file. Facts go in and structs come out. Every writing
 * call is a transaction of its own unless one is open (store_begin), and is durable when it returns
 * ST_OK. Any call may fail with a fault of the database: ST_LOCKED, ST_FULL, ST_READ_ONLY or
 * ST_FAULT; and a writing call with ST_REFUSED, for a value that breaks a rule of schema.sql.
 * store_why() has a sentence for people about the last failure. Strings in structs that the store
 * fills are stored in the struct. One store belongs to one thread at a time.
 */
#ifndef TURNOUT_STORE_H
#define TURNOUT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/claim.h"
#include "core/code.h"
#include "core/language.h"
#include "core/name.h"
#include "core/place.h"
#include "core/proof.h"
#include "core/receipt.h"
#include "core/run.h"
#include "core/status.h"
#include "core/wall.h"

#define STORE_SCHEMA	8	/* the schema version this program speaks */
#define STORE_ZONE_SIZE	64
#define STORE_SLUG_SIZE	64
#define STORE_TEXT_SIZE	512	/* addresses, reasons, rules, nonces */

struct store;
struct driver;
struct schema_upgrade;

enum store_mode {
	STORE_WRITE,		/* must exist; an older schema is upgraded */
	STORE_READ,		/* must exist and have this schema; never written */
};

/* ---- the rules of a check-in (store_rules.c) ---- */

/* The columns of run with these names. */
struct run_rules {
	/* how long a screen shows a code, seconds; 0 in a new run: take all rules from the club */
	int		interval_s;
	enum code_typed	typed;
	bool		is_single;
	int		late_min;	/* minutes after the start; -1: nobody is late */
	int		deliver_min;			/* minutes after the closing */
	bool		has_check_out;
	enum demand	position, network, access_point;
};

#define RUN_RULE_SIZE	16

/* The name of rule 0, 1, …, NULL after the last; and a phrase that says what it means. Constant. */
const char	*run_rule_key(size_t which);
const char	*run_rule_meaning(size_t which);

/* The value of rule `which`, as run_rules_set accepts it. */
void		run_rule_text(const struct run_rules *rules, size_t which,
		    char text[RUN_RULE_SIZE]);

/*
 * Set the rule `key` of `rules` to `value`. ST_UNKNOWN: no such rule. ST_REFUSED: nothing was
 * changed, and *why is a phrase that says what the rule accepts.
 */
enum status	run_rules_set(struct run_rules *rules, const char *key, const char *value,
		    const char **why);

/* ---- opening (store.c) ---- */

struct club {
	char		name[NAME_SIZE];
	char		zone[STORE_ZONE_SIZE];		/* IANA */
	char		language[16];			/* BCP 47 */
	/* languages that readers may choose, separated by commas; "" for none */
	char		languages[STORE_TEXT_SIZE];
	/* of the public site, no slash at the end */
	char		address[STORE_TEXT_SIZE];
	char		visibility[16];	/* hidden, initials, nickname or name */
	char		word[16];	/* what pages call a run: run, class or meeting */
	int		opens_min;			/* minutes */
	int		closes_min;			/* minutes */
	struct run_rules rules;	/* of new runs; a new club has those of schema.sql */
	/* how many times 24 hours positions are kept; 0: not at all */
	int		position_days;
	/* the secret in the address of the admin's pages; "" for none; a new club gets one */
	char		capability[CODE_CAPABILITY_SIZE + 6];
};

/*
 * Open the database `path`. *store is the caller's to close, and set even on failure, so that
 * store_why can be asked (but NULL, with ST_FAULT, for lack of memory).
 *   ST_UNKNOWN    no such file            ST_VERSION  of a newer program, or no Turnout database
 *   ST_LOCKED     another process has it  ST_READ_ONLY, ST_FULL, ST_FAULT
 * STORE_WRITE upgrades an older schema, after a copy "PATH.before-N" was made and synced, and has
 * the outcomes of store_upgrade too. For STORE_READ an older schema is ST_VERSION.
 * STORE_READ waits until what turnoutd has acknowledged is committed, a good second at most.
 */
enum status	store_open(const char *path, enum store_mode mode, struct store **store);

/*
 * Make a new database at `path` (mode 0600) with its one row of `club`, made at `now`, in seconds
 * since 1970. ST_EXISTS when there is a file, or a redo log of another database beside the path;
 * ST_REFUSED when a field of `club` breaks a rule. *store as for store_open.
 */
enum status	store_create(const char *path, const struct club *club, int64_t now,
		    struct store **store);

/* Close; NULL is accepted. */
void		store_close(struct store *store);

/*
 * A private copy of all facts as they are now, in a nameless file that is removed when the copy is
 * closed; *snapshot is the caller's to close, NULL on failure. Writers wait only while it is made.
 */
enum status	store_snapshot(struct store *store, struct store **snapshot);

/*
 * Such a copy, taken back to the instant `at` (seconds since 1970). Events received later are
 * missing, and attendance and counts follow from the other events. Runs, groups, places, hosts,
 * schedules, people and list entries made later are missing, unless something that remains refers
 * to them. A run cancelled later is not cancelled. A run or an imported record that was entered
 * after its day counts as known since that day. Whatever else was changed, moved, restored or
 * deleted since is as it is now, and so are people's choices. ST_REFUSED: there was no club yet,
 * and no run. *copy is the caller's to close, NULL on failure.
 */
enum status	store_rewind(struct store *store, int64_t at, struct store **copy);

/* A sentence about the last failure on `store`; borrowed until the next call. */
const char	*store_why(const struct store *store);

/* The version of the SQLite in use, "3.40.1". */
const char	*store_sqlite_version(void);

/* Its connection, for the generator's page queries. Borrowed. */
struct driver	*store_driver(struct store *store);

/*
 * Upgrade the database `path`, open as `driver`, from schema `from` to `to` with `upgrades`, after
 * a copy "PATH.before-TO" was made and synced. Each step is a transaction; when one fails, the
 * database is of the schema before it. store_open calls this.
 *   ST_EXISTS   there is such a copy already   ST_VERSION  `upgrades` do not lead to `to`
 *   ST_REFUSED  a step would leave rows that refer to others which are not there
 */
enum status	store_upgrade(struct driver *driver, const char *path, int from, int to,
		    const struct schema_upgrade *upgrades);

/*
 * One transaction over several calls, all or nothing (BEGIN IMMEDIATE). What a writer that died had
 * secured and not committed is entered first; when that cannot be done, no transaction begins. A
 * commit that fails rolls back.
 */
enum status	store_begin(struct store *store);
enum status	store_commit(struct store *store);
void		store_rollback(struct store *store);

/*
 * store_begin_secure begins a transaction in which store_secure may be called. That brings what was
 * written so far to the disk without a commit, through the redo log (db/redo.h): one sync instead
 * of four. After its ST_OK all of that may be acknowledged: if it is never committed, because the
 * machine died, the commit failed or the transaction was rolled back, the next store_begin on this
 * database enters it again. Others see it after the commit. Any other status leaves the transaction
 * as it was, and it may still be committed. Only one store of a database at a time may do this:
 * turnoutd's, which locks out others of its kind.
 */
enum status	store_begin_secure(struct store *store);
enum status	store_secure(struct store *store);

/* Was anything secured here and not yet committed? */
bool		store_owes(const struct store *store);

/* ---- the club, its groups, places and hosts (store_club.c) ---- */

enum status	store_club(struct store *store, struct club *club);

/* Make a new secret for the page of exports and the API of the register; the old one is void. */
enum status	store_club_revoke(struct store *store);

/*
 * A number that grows with every change and every event, 0 before the first: the sum of the ids of
 * the newest of each.
 */
enum status	store_newest_change(struct store *store, int64_t *change);

/* Could it be a BCP 47 tag, and is it short enough to be stored? */
bool		store_language_valid(const char *tag);

/*
 * Set the field `key` of `club` to `value`, without a database. ST_UNKNOWN: no such field.
 * ST_REFUSED: *why is a phrase that says what the field accepts.
 */
enum status	club_set(struct club *club, const char *key, const char *value,
		    const char **why);

/*
 * Set the column `key` of the club. ST_UNKNOWN: no such column. ST_REFUSED: it does not accept the
 * value. When positions are no longer to be kept, those stored are deleted at once.
 */
enum status	store_club_set(struct store *store, const char *key, const char *value);

struct group {
	int64_t		id;
	char		slug[STORE_SLUG_SIZE];
	char		name[NAME_SIZE];
	bool		is_closed;
	char		language[16];			/* BCP 47; "" for the club's */
};

struct place {
	int64_t		id;
	char		slug[STORE_SLUG_SIZE];
	char		name[NAME_SIZE];
	char		address[STORE_TEXT_SIZE];
	bool		has_position;
	double		latitude;			/* degrees north */
	double		longitude;			/* degrees east */
	int		radius_m;			/* metres, 0: none given */
};

/*
 * Add a group, place or host; its name is tidied and folded, and *id is the new row's. ST_NAME_BAD,
 * or ST_EXISTS with the existing row's id in *id. The id and slug of `place` are ignored.
 */
enum status	store_group_add(struct store *store, const char *name, bool is_closed, int64_t now,
		    int64_t *id);
enum status	store_place_add(struct store *store, const struct place *place, int64_t now,
		    int64_t *id);
enum status	store_host_add(struct store *store, const char *name, int64_t now, int64_t *id);

struct host {
	int64_t		id;
	char		name[NAME_SIZE];
	bool		is_admin;
};

/* Find by folded name or, but for hosts, by slug. ST_UNKNOWN, or ST_NAME_BAD. */
enum status	store_group_find(struct store *store, const char *name, struct group *group);
enum status	store_place_find(struct store *store, const char *name, struct place *place);
enum status	store_host_find(struct store *store, const char *name, struct host *host);

/*
 * Call `each` for all of them, ordered by folded name; it returns false to stop. The struct is lent
 * for the call. `runs` counts runs of the group or at the place, `people` those on the group's
 * list.
 */
enum status	store_groups(struct store *store,
		    bool (*each)(void *handle, const struct group *group, int64_t runs,
		    int64_t people), void *handle);
enum status	store_places(struct store *store,
		    bool (*each)(void *handle, const struct place *place, int64_t runs),
		    void *handle);
enum status	store_hosts(struct store *store,
		    bool (*each)(void *handle, const struct host *host), void *handle);

/*
 * Change the name, is_closed and language of group `group->id`, or all fields but the slug of place
 * `place->id`. ST_NAME_BAD, or ST_EXISTS when another has the name. ST_OK, with nothing changed,
 * when no row has the id.
 */
enum status	store_group_update(struct store *store, const struct group *group);
enum status	store_place_update(struct store *store, const struct place *place);

/*
 * Replace the networks (`is_network`) or access points of a place with these `count`, tidied; ""
 * is left out, and one given twice is stored once. ST_REFUSED when one is malformed.
 * (store_place.c)
 */
enum status	store_place_marks_set(struct store *store, int64_t place_id, bool is_network,
		    const char *const *marks, size_t count);

/* Call `each` for all of them in order; it returns false to stop. `mark` is lent for the call. */
enum status	store_place_marks(struct store *store, int64_t place_id, bool is_network,
		    bool (*each)(void *handle, const char *mark), void *handle);

/* ---- runs and schedules (store_run.c) ---- */

struct run {
	int64_t		id;
	char		session[CODE_SESSION_SIZE];
	int64_t		group_id;
	char		group[NAME_SIZE];		/* the group's name */
	int64_t		schedule_id;			/* 0: none */
	int64_t		place_id;			/* 0: none */
	char		place[NAME_SIZE];		/* the place's name, "" for none */
	int64_t		host_id;			/* 0: none */
	char		date[WALL_DATE_SIZE];
	char		start[WALL_TIME_SIZE];
	char		end[WALL_TIME_SIZE];		/* "" for none */
	char		zone[STORE_ZONE_SIZE];
	char		title[NAME_SIZE];	/* as stored; "" for the group's name */
	char		slug[STORE_SLUG_SIZE * 2];
	int		opens_min;
	int		closes_min;
	bool		is_cancelled;
	char		reason[STORE_TEXT_SIZE];
	char		uid[STORE_TEXT_SIZE];		/* of an imported event, "" for none */
	uint8_t		key[CODE_KEY_BYTES];
	char		capability[CODE_CAPABILITY_SIZE];
	int		present, late, excused, absent;
	int64_t		sequence;	/* of the counts: grows with each change of attendance */
	/* when the newest change of attendance happened, seconds since 1970; 0: never */
	int64_t		counted_at;
	struct run_rules rules;
	int64_t		serial;	/* of the code for one person that is to be shown, from 1 */
	bool		is_list;	/* the group is a closed list: nobody else may check in */
};

/* What core/run.h needs of a run; strings borrowed from it. */
struct run_time	run_time_of(const struct run *run);

/* How many came, *late of them late; both 0 for a cancelled run. */
int		run_came(const struct run *run, int *late);

/* The title people see: the run's own, or its group's name. Borrowed. */
const char	*run_title(const struct run *run);

/*
 * The token that the screen of `run` shows at `now`: of the slot or, if each code is for one
 * person, of the serial; *number is that. ST_REFUSED when there is none (before 1970).
 */
enum status	run_screen_token(const struct run *run, int64_t now, char token[CODE_TOKEN_SIZE],
		    int64_t *number);

/*
 * Add a run. It reads group_id, date, start, end, zone ("" for the club's), title, place_id,
 * host_id, schedule_id, uid, opens_min, closes_min (< 0 for the club's) and rules (interval_s 0 for
 * the club's), and fills in the rest.
 *   ST_REFUSED  a field breaks a rule, or there is no such group
 *   ST_EXISTS   there is one of the same group, date, start and title (its id is in run->id)
 */
enum status	store_run_add(struct store *store, struct run *run, int64_t now);

/*
 * The same for a run that is restored with its session id. ST_REFUSED too when that is malformed,
 * ST_EXISTS too when another run has it.
 */
enum status	store_run_restore(struct store *store, struct run *run, int64_t now);

/* Find one run. ST_UNKNOWN when there is none. */
enum status	store_run(struct store *store, int64_t id, struct run *run);
enum status	store_run_by_session(struct store *store, const char *session, struct run *run);
enum status	store_run_by_uid(struct store *store, const char *uid, struct run *run);

/*
 * Call `each` for the runs of `group_id` (0: all) with from <= date <= to (NULL: open), ordered by
 * date, start and title; it returns false to stop. The run is lent for the call.
 */
enum status	store_runs(struct store *store, int64_t group_id, const char *from, const char *to,
		    bool (*each)(void *handle, const struct run *run), void *handle);

/*
 * Cancel a run (`reason` may be ""), or with is_cancelled false, reinstate it. Its SEQUENCE in
 * iCalendar grows if that changes anything. ST_UNKNOWN.
 */
enum status	store_run_cancel(struct store *store, int64_t id, bool is_cancelled,
		    const char *reason, int64_t now);

/*
 * Move run `run->id` to the date, start, end, zone, place and title in `run`; nothing is written if
 * they are its own. ST_UNKNOWN, ST_REFUSED, or ST_EXISTS when another run of the group has that
 * date, start and title.
 */
enum status	store_run_move(struct store *store, const struct run *run, int64_t now);

/* Change the rules of a run. ST_UNKNOWN. (store_rules.c) */
enum status	store_run_rules(struct store *store, int64_t id, const struct run_rules *rules,
		    int64_t now);

/*
 * How many runs from the date `from` on demand a position, network or access point although their
 * place has none to compare it with; and the first of them, "2026-11-20 hills-1830", in `first`
 * (`size` bytes, "" for none). (store_rules.c)
 */
enum status	store_runs_unmet(struct store *store, const char *from, int64_t *count, char *first,
		    size_t size);

/* Give the host page of a run a new address; the old one is void. ST_UNKNOWN. */
enum status	store_run_revoke(struct store *store, int64_t id, int64_t now);

struct schedule {
	int64_t		id;
	int64_t		group_id;
	int64_t		place_id;			/* 0: none */
	int64_t		host_id;			/* 0: none */
	char		title[NAME_SIZE];
	char		rule[STORE_TEXT_SIZE];
	char		first[WALL_DATE_SIZE];
	char		start[WALL_TIME_SIZE];
	char		end[WALL_TIME_SIZE];		/* "" for none */
	char		zone[STORE_ZONE_SIZE];		/* "" for the club's */
	char		through[WALL_DATE_SIZE];	/* last date for which runs are made */
};

/*
 * Add a schedule and its runs up to `schedule->through`, or continue an existing one (same group,
 * rule, first, start, title) up to there. *added counts the new runs. The `n_skip` dates in `skip`
 * (borrowed) are left out, now and later. ST_REFUSED when a field or a date in `skip` is not valid
 * or the rule cannot be used (wall_rule_dates).
 */
enum status	store_schedule_add(struct store *store, struct schedule *schedule,
		    const char *const *skip, size_t n_skip, int64_t now, int *added);

/* The schedules of a group (0: all), by group and first date; `each` returns false to stop. */
enum status	store_schedules(struct store *store, int64_t group_id,
		    bool (*each)(void *handle, const struct schedule *schedule), void *handle);

/* The dates that a schedule leaves out, in order; `each` returns false to stop. */
enum status	store_schedule_skips(struct store *store, int64_t id,
		    bool (*each)(void *handle, const char *date), void *handle);

/* ---- people and attendance (store_person.c) ---- */

enum attendance_status { ATTENDANCE_PRESENT, ATTENDANCE_LATE, ATTENDANCE_EXCUSED, ATTENDANCE_ABSENT,
    ATTENDANCE_END };
/* "present", "late" …, as in the database and in replies; of any but ATTENDANCE_END. Constant. */
const char	*attendance_status_name(enum attendance_status status);

/*
 * The person of that name, tidied and compared by its folded key; with `is_made`, one is made if
 * there is none, and *is_new (may be NULL) says so. ST_NAME_BAD, ST_UNKNOWN.
 */
enum status	store_person(struct store *store, const char *name, bool is_made, int64_t now,
		    int64_t *id, bool *is_new);

/* ST_OK if a person has that id and was not forgotten; otherwise ST_UNKNOWN. */
enum status	store_person_there(struct store *store, int64_t id);

struct person {
	int64_t		id;
	char		name[NAME_SIZE];
	char		nickname[NAME_SIZE];		/* "" for none */
	char		visibility[16];			/* "" for the club's */
	int64_t		came;				/* runs attended, present or late */
};

/*
 * The people on the list of group `group_id` (0: all people), by folded name; `each` returns false
 * to stop.
 */
enum status	store_people(struct store *store, int64_t group_id,
		    bool (*each)(void *handle, const struct person *person), void *handle);

/*
 * Set nickname (NULL: keep it, "": none) and visibility (NULL: keep it, "": the club's).
 * ST_NAME_BAD for the one, ST_REFUSED for the other; ST_UNKNOWN when no person has the id, or they
 * were forgotten.
 */
enum status	store_person_set(struct store *store, int64_t id, const char *nickname,
		    const char *visibility);

/* The pages of one person. */
struct person_pages {
	/* the secret in the address of their own page; "": they have none */
	char		capability[CODE_CAPABILITY_SIZE];
	/* the part of the address of their public page that names it; "": they have none */
	char		profile[CODE_SESSION_SIZE];
	/* by their choice or the club's: then there is no public page */
	bool		is_hidden;
};
/* ST_UNKNOWN when no person has the id. */
enum status	store_person_pages(struct store *store, int64_t id, struct person_pages *pages);

/*
 * Give a person's own page a new address or, with is_given false, remove the page; any old address
 * is void. ST_UNKNOWN when no person has the id, or they were forgotten.
 */
enum status	store_person_link(struct store *store, int64_t id, bool is_given);

/* Give a person a public page, which keeps its address, or remove it. ST_UNKNOWN as above. */
enum status	store_person_publish(struct store *store, int64_t id, bool is_public);

/* What is known of one person. */
struct person_traces {
	char		name[NAME_SIZE];
	int64_t		lists;				/* group lists they are on */
	int64_t		events;
	int64_t		came;				/* runs attended, present or late */
	bool		is_host;			/* a host has that name too */
};
/* ST_UNKNOWN when no person has the id. */
enum status	store_person_traces(struct store *store, int64_t id, struct person_traces *traces);

/*
 * Forget a person: delete names, initials, pages, entries on lists, positions, and the nonces,
 * notes and claims of their events. Their attendance remains, under the name "Someone", which is
 * hidden and whose key no typed name has. store_compact then leaves no byte of the rest in the
 * file.
 */
enum status	store_person_forget(struct store *store, int64_t id);

/* Put a person on a group's list; ST_OK also when already on it, and *is_new is then false. */
enum status	store_list_add(struct store *store, int64_t group_id, int64_t person_id,
		    int64_t now, bool *is_new);

/*
 * Enter a mark made elsewhere (import, host) as an event, unless the attendance has that status
 * already (*is_new false). `at`: since when it holds, seconds since 1970. If it has the status but
 * something is pending, the mark confirms it, and the time of the check-in is kept.
 */
enum status	store_mark(struct store *store, int64_t run_id, int64_t person_id,
		    enum attendance_status status, const char *proof, int64_t at, int64_t now,
		    bool *is_new);

/* The attendance of one person at one run. ST_UNKNOWN when there is none. */
enum status	store_attendance(struct store *store, int64_t run_id, int64_t person_id,
		    enum attendance_status *status, int64_t *since);

/* ---- check-ins (store_attend.c, store_code.c, store_phone.c, store_suggest.c) ---- */

#define ATTEMPT_ACCESS_POINTS	16	/* the most of one attempt */
#define ATTEMPT_ADDRESS_SIZE	46	/* IPv4 or IPv6 as text */
#define ATTEND_UNDO_S		60	/* how long a check-in may be taken back, seconds */
#define SUGGEST_MAX		5	/* names */
#define SUGGEST_LETTERS		3	/* to be typed before any name is suggested */

/*
 * All that a check-in brings, made by the endpoint from one request. All zero but `now` is an empty
 * one.
 */
struct attempt {
	char		code[64];	/* token, typed code or session id; "" for none */
	char		receipt[128];			/* "" for none; tried before `code` */
	/* session id, "" for none; with a code, it must be that of the code's run */
	char		session[64];
	char		name[NAME_SIZE * 2];		/* as sent, not yet tidied */
	char		nonce[65];			/* "" for none */
	/* the language for the reply, as sent; "" for none; the store does not use it */
	char		lang[LANGUAGE_SIZE];
	/* the phone's mark, "" for none; only its hash is kept (core/claim.h) */
	char		claim[CLAIM_SIZE];
	bool		has_seen_at;	/* a code that is no longer fresh is delivered late */
	int64_t		seen_at;	/* the slot that was shown, as in the token */
	bool		has_position;
	struct place_point point;			/* where the phone says it is */
	double		accuracy_m;			/* metres */
	/* the phone's network address as the server sees it, never stored; "" for unknown */
	char		address[ATTEMPT_ADDRESS_SIZE];
	char		access_points[ATTEMPT_ACCESS_POINTS][PLACE_BSSID_SIZE];	/* tidy */
	int		n_access_points;
	int64_t		now;				/* server time, seconds since 1970 */
};

/* The answer to an attempt. Instants are seconds since 1970, 0 for none. */
struct verdict {
	enum status	status;
	struct run	run;				/* id 0: unknown */
	struct run_window window;			/* of that run */
	/* after a refusal for code, time or list: another run that is open now; id 0: none */
	struct run	open;
	struct run_window open_window;
	/* tidied; for ST_ALREADY and ST_SAME as on the list */
	char		name[NAME_SIZE];
	int		ordinal;			/* "you are number N", 0 for none */
	int		count;				/* how many came so far */
	int64_t		since;				/* when they checked in */
	int64_t		left_at;			/* when they checked out */
	int64_t		undo_until;			/* the phone may undo until then */
	enum attendance_status attendance;		/* ATTENDANCE_END: not in */
	enum proof	proof;
	/* what the host is to confirm: position, network, access-point; "" for nothing */
	char		pending[48];
	bool		is_delivered_late;
	bool		is_repeat;	/* nonce and name are known: the stored answer again */
	/* who is in, 0 for nobody; with `since` it makes the receipt_short to show the host */
	int64_t		person_id;
	char		receipt[RECEIPT_SIZE];		/* of a scan; "" for none */
	int64_t		receipt_until;			/* until when it is good */
};

/*
 * Judge `attempt` and, if it is accepted, enter it, in the open transaction if there is one (the
 * writer judges many in one). Returns ST_OK when `verdict` has the answer, whatever that is;
 * otherwise a fault of the store, with nothing entered. Of the values of verdict->status:
 *   ST_OK       in             ST_PENDING  in, and the host is to confirm verdict->pending
 *   ST_SAME     this phone is in already, as verdict->name
 *   ST_ALREADY  somebody with the same folded name is in already
 * A known nonce with its name gets the answer it got before, or ST_UNDONE when the check-in was
 * taken back since. A code of a screen that is no longer fresh is accepted if `seen_at` is its
 * slot, the slot is in the run's window, and `now` at most rules.deliver_min after the closing; the
 * beginning of the slot is then the time of the check-in.
 */
enum status	store_attend(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict);

/* Prepare the statements of store_attend, while nobody waits, rather than at the first check-in. */
void		store_attend_prepare(struct store *store);

/*
 * Trade a fresh code for a receipt. verdict->status: ST_OK with verdict->receipt; ST_SAME, with it
 * too, when this phone is in already; or what is wrong with the code. A code for one person is used
 * up by this, and the same nonce gets its receipt again; but not by a phone that is in already,
 * which gets no receipt for it. Returns as store_attend.
 */
enum status	store_scan(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict);

/*
 * Take the check-in of the phone attempt->claim back (ST_UNDONE), or check its person out
 * (ST_LEFT). The run is that of the session id, receipt or code, however old. Doing it again gets
 * the same answer. Other values of verdict->status, besides what is wrong with the code:
 *   ST_CLAIM_MISSING  no claim             ST_NOT_IN        that phone is not in
 *   ST_UNDO_LATE      ATTEND_UNDO_S have passed, or the attendance is of a later event (a mark)
 *   ST_CLOSED         check-out later than rules.deliver_min after the closing
 *   ST_NO_CHECK_OUT   the run offers none
 * Both return as store_attend.
 */
enum status	store_undo(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict);
enum status	store_check_out(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict);

/*
 * Suggest names from the closed list of the run for which `attempt` has a valid code or receipt:
 * those with a word that begins with attempt->name (folded, at least SUGGEST_LETTERS letters). The
 * first SUGGEST_MAX by folded name go to `names`, their number to *count; none for an open group.
 * verdict->status: ST_OK, ST_PREFIX_SHORT, ST_CODE_MISSING (a session id or a late delivery is not
 * enough), or what is wrong with the code. Returns as store_attend.
 */
enum status	store_suggest(struct store *store, const struct attempt *attempt,
		    char names[SUGGEST_MAX][NAME_SIZE], int *count,
		    struct verdict *verdict);

/*
 * Which run a token, typed code or session id belongs to, and whether it would be accepted now;
 * nothing is written. Returns as store_attend.
 */
enum status	store_code_check(struct store *store, const char *code, int64_t now,
		    struct verdict *verdict);

/* Delete the positions that are older than the club keeps them. */
enum status	store_positions_prune(struct store *store, int64_t now);

/* ---- export and restoring (store_export.c) ---- */

/*
 * One line of the register (a person at a run), or of the event log. Strings are lent for the call.
 */
struct register_line {
	const char	*date, *start, *end;		/* end "" for none */
	/* title as stored; "" for the group's name */
	const char	*zone, *group, *title;
	const char	*place;				/* "" for none */
	const char	*person, *status, *proof, *session;
	int64_t		 since;	/* seconds since 1970; of an event: when it happened */
	/* of events only, otherwise "" and 0 */
	const char	*event;	/* its kind: check-in, check-out, mark, undo, merge */
	int64_t		 received;	/* when it reached the server, seconds since 1970 */
	const char	*host;				/* who marked, "" for the runner */
	bool		 is_delivered_late;
	const char	*pending, *note;
};
struct register_filter {
	const char	*from, *to;			/* local dates, NULL: open */
	int64_t		 group_id, person_id;		/* 0: all */
};

/*
 * Call `each` for every attendance, ordered by date, start, group, title and folded name; it
 * returns false to stop.
 */
enum status	store_register(struct store *store, const struct register_filter *filter,
		    bool (*each)(void *handle, const struct register_line *line), void *handle);

/* The same for every event, in the order in which they were entered. */
enum status	store_event_log(struct store *store, const struct register_filter *filter,
		    bool (*each)(void *handle, const struct register_line *line), void *handle);

/*
 * How many events of that run and person equal `line` in kind, status, times, proof, host, pending,
 * note and is_delivered_late; its other fields are not read.
 */
enum status	store_event_count(struct store *store, int64_t run_id, int64_t person_id,
		    const struct register_line *line, int64_t *count);

/*
 * Enter an event from an export; a host that does not exist is made at `now`. ST_REFUSED when the
 * schema does not know one of its words, ST_NAME_BAD when its host is no name.
 */
enum status	store_event_restore(struct store *store, int64_t run_id, int64_t person_id,
		    const struct register_line *line, int64_t now);

/*
 * The people for the sign-in sheet of a run, by folded name: the list of its group or, if that is
 * empty, everybody who came to a run of the group in the year before. `each` returns false to stop.
 */
enum status	store_sheet(struct store *store, const struct run *run,
		    bool (*each)(void *handle, int64_t id, const char *name), void *handle);

/* Record that `who` exported `lines` lines of `kind` as `format` at `at`, seconds since 1970. */
enum status	store_export_note(struct store *store, int64_t at, const char *who,
		    const char *kind, const char *format, const struct register_filter *filter,
		    size_t lines);

/* Figures for `turnout status`. */
struct figures {
	int64_t		groups, places, people, runs, run_dates, attendances, present, late,
	    excused, absent, events;
	int		schema;
};
enum status	store_figures(struct store *store, struct figures *figures);

/* ---- maintenance (store_backup.c, store_check.c) ---- */

/*
 * Make a consistent copy at `path`, one file, while others write (online backup API), sync it,
 * read it back and check it (as store_check_driver). ST_EXISTS when there is a file, ST_PROBLEMS
 * when the copy is damaged; a copy that failed is removed.
 */
enum status	store_backup(struct store *store, const char *path);

/*
 * Rewrite the whole file (VACUUM), so that nothing of what was deleted or changed is left in it:
 * SQLite's secure_delete misses copies left behind by the split of a page. Not in a transaction;
 * writers wait for it, about 1 s for 100 MB.
 */
enum status	store_compact(struct store *store);

/* The journal mode in force, "truncate", "wal" …; borrowed until the next call. */
const char	*store_journal(struct store *store);

/*
 * Is the database whole (integrity_check, foreign_key_check), and do attendance, counts and
 * milestones still follow from the events? ST_PROBLEMS, with a sentence in store_why about the
 * first problem.
 */
enum status	store_check(struct store *store);

#endif
