// SPDX-License-Identifier: ISC
/*
 * store.h: the facts, and the only way to them.
 *
 * A store is one connection to one database file. Facts go in and structs come out; every writing
 * call is one transaction of its own unless one is open (store_begin), and is durable when it
 * returns ST_OK. Strings inside structs that the store fills live in the struct. Text for people
 * about the last failure is store_why(). One store belongs to one thread at a time.
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
	STORE_WRITE,		/* must exist; upgraded when older */
	STORE_READ,		/* must exist and be of this schema; never written */
};

/* ---- the rules of a check-in (store_rules.c) ---- */

/* As in the columns of run that bear these names. */
struct run_rules {
	/* seconds that a code of the screen is shown; 0 in a new run: all rules are the club's */
	int		interval_s;
	enum code_typed	typed;
	bool		is_single;
	int		late_min;	/* minutes after the start; -1: nobody is late */
	int		deliver_min;			/* minutes after the closing */
	bool		has_check_out;
	enum demand	position, network, access_point;
};

#define RUN_RULE_SIZE	16

/* The name of rule 0, 1, …; NULL behind the last. What it means, a phrase. Constant. */
const char	*run_rule_key(size_t which);
const char	*run_rule_meaning(size_t which);

/* The value of rule `which` as run_rules_check takes it. */
void		run_rule_text(const struct run_rules *rules, size_t which,
		    char text[RUN_RULE_SIZE]);

/*
 * Put `value` into the rule `key` of `rules`. ST_UNKNOWN: no such rule. ST_REFUSED: nothing was
 * changed, and *why is a phrase, what the rule wants.
 */
enum status	run_rules_check(struct run_rules *rules, const char *key, const char *value,
		    const char **why);

/* ---- opening (store.c) ---- */

struct club {
	char		name[NAME_SIZE];
	char		zone[STORE_ZONE_SIZE];		/* IANA */
	char		language[16];			/* BCP 47 */
	/* that readers may choose, with commas between; "" for none */
	char		languages[STORE_TEXT_SIZE];
	/* of the public site, no slash at the end */
	char		address[STORE_TEXT_SIZE];
	char		visibility[16];
	char		word[16];
	int		opens_min;			/* minutes */
	int		closes_min;			/* minutes */
	struct run_rules rules;	/* of new runs; a new club has those of schema.sql */
	/* days of 24 hours that positions are kept; 0: dropped after the verdict */
	int		position_days;
	/* in the address of the admin's pages, "" for none; a new club gets one */
	char		capability[CODE_CAPABILITY_SIZE + 6];
};

/*
 * Open the database `path`. *store is the caller's to close, and is set even on failure (except
 * ST_FAULT for want of memory, then NULL) so that store_why can be asked.
 *   ST_UNKNOWN    no such file          ST_VERSION  of a newer program, or no Turnout database
 *   ST_LOCKED     somebody holds it     ST_READ_ONLY, ST_FULL, ST_FAULT
 * An older schema is upgraded (STORE_WRITE) after a copy "PATH.before-N" was made and synced.
 */
enum status	store_open(const char *path, enum store_mode mode, struct store **store);

/*
 * Make a new database at `path` (mode 0600) with its one club row; ST_EXISTS when a file is there,
 * ST_REFUSED when a field of `club` breaks a rule.
 */
enum status	store_create(const char *path, const struct club *club, int64_t now,
		    struct store **store);

/* Close; NULL is accepted. */
void		store_close(struct store *store);

/*
 * A private copy of all facts as they are now, on a nameless file that goes with it; *snapshot is
 * the caller's to close, NULL on failure. Writers wait for the copying alone, not for what is done
 * with it.
 */
enum status	store_snapshot(struct store *store, struct store **snapshot);

/*
 * The same, taken back to the instant `at` (seconds since 1970): events received later are not in
 * it, and what follows from events follows from the others; runs, groups, places, hosts, schedules,
 * people and list entries made later are gone, unless something that stays refers to them; a run
 * cancelled later takes place. A run or an imported record that was entered behind its day is taken
 * as known since that day. What was changed, moved, restored or deleted since stays as it is now,
 * and so do the choices of people. ST_REFUSED: there was no club yet, and no run.
 */
enum status	store_rewind(struct store *store, int64_t at, struct store **copy);

/* A sentence about the last failure on `store`; borrowed until the next call. */
const char	*store_why(const struct store *store);

/* SQLite's version as linked, "3.40.1". */
const char	*store_sqlite_version(void);

/* The connection under it, for the generator's page queries. Borrowed. */
struct driver	*store_driver(struct store *store);

/*
 * Bring the database `path`, open as `driver`, from schema `from` to `to` by the numbered
 * `upgrades`, after a copy "PATH.before-TO" was made and synced; each step is one transaction.
 * ST_EXISTS when that copy is there. store_open does this.
 */
enum status	store_upgrade(struct driver *driver, const char *path, int from, int to,
		    const struct schema_upgrade *upgrades);

/*
 * One transaction over several calls: BEGIN IMMEDIATE; all or nothing. What a dead writer secured
 * and did not commit is entered first.
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

/* ---- the calendar (store_calendar.c) ---- */

enum status	store_club(struct store *store, struct club *club);

/* Another secret for the page of exports and the API of the register; the old one is void. */
enum status	store_club_revoke(struct store *store);

/*
 * Grows with every change and event, 0 for none: the numbers of the last of each, which a follower
 * remembers, together.
 */
enum status	store_newest_change(struct store *store, int64_t *change);

/* Could it be a BCP 47 tag of a language that is kept? */
bool		store_language_valid(const char *tag);

/*
 * Put `value` into the field `key` of `club`, without a database. ST_UNKNOWN: no such field.
 * ST_REFUSED: *why is a phrase, what the field wants.
 */
enum status	store_club_check(struct club *club, const char *key, const char *value,
		    const char **why);

/*
 * Set one column of the club; `key` is its name. ST_UNKNOWN key, ST_REFUSED value. Positions go at
 * once when none are to be kept.
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
 * Add a group, place, host: `name` is tidied and folded; *id is the new row's. ST_NAME_BAD,
 * ST_EXISTS (then *id is the one there). `place->name` and what follows it are read; id and slug
 * are ignored.
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

/* Find by name (folded) or slug. ST_UNKNOWN. */
enum status	store_group_find(struct store *store, const char *name, struct group *group);
enum status	store_place_find(struct store *store, const char *name, struct place *place);
enum status	store_host_find(struct store *store, const char *name, struct host *host);

/*
 * Call `each` for all of them by folded name; it returns false to stop. The struct is lent. `runs`
 * counts runs of the group or at the place, `people` those on the group's list.
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
 * Change name, is_closed and language of group `group->id`; write all fields of place `place->id`.
 * ST_EXISTS when the name is another's.
 */
enum status	store_group_update(struct store *store, const struct group *group);
enum status	store_place_update(struct store *store, const struct place *place);

/*
 * Have the networks (`is_network`), or the access points, of a place be the `count` given, tidied;
 * "" among them is left out. (store_place.c) ST_REFUSED when one is none, ST_OK also when it is
 * there twice.
 */
enum status	store_place_marks_set(struct store *store, int64_t place_id, bool is_network,
		    const char *const *marks, size_t count);

/* Call `each` for all of them in order; it returns false to stop. The text is lent. */
enum status	store_place_marks(struct store *store, int64_t place_id, bool is_network,
		    bool (*each)(void *handle, const char *mark), void *handle);

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
	char		title[NAME_SIZE];	/* as stored, "" when the group's name serves */
	char		slug[STORE_SLUG_SIZE * 2];
	int		opens_min;
	int		closes_min;
	bool		is_cancelled;
	char		reason[STORE_TEXT_SIZE];
	char		uid[STORE_TEXT_SIZE];		/* of an imported event, "" for none */
	uint8_t		key[CODE_KEY_BYTES];
	char		capability[CODE_CAPABILITY_SIZE];
	int		present, late, excused, absent;
	int64_t		sequence;	/* of the counts: moves on with each change of attendance */
	/* when the newest of it was so, seconds since 1970; 0: never */
	int64_t		counted_at;
	struct run_rules rules;
	int64_t		serial;	/* of the code for one person to show now, from 1 */
	/* its group is a closed list: only who is on it may check in */
	bool		is_list;
};

/* The rule's view of a run; strings borrowed from it. */
struct run_time	run_time_of(const struct run *run);

/* How many came, *late of them too late: nobody to a run that is cancelled. */
int		run_came(const struct run *run, int *late);

/* The title people see: the run's own, or its group's name. Borrowed. */
const char	*run_title(const struct run *run);

/*
 * The token that the screen of `run` shows at `now`: that of the slot, or of the serial where each
 * code is for one person. *number is the slot or serial. ST_REFUSED when there is none (before
 * 1970).
 */
enum status	run_screen_token(const struct run *run, int64_t now, char token[CODE_TOKEN_SIZE],
		    int64_t *number);

/*
 * Add a run: group_id, date, start, end, zone ("" for the club's), title, place_id, host_id,
 * schedule_id, uid are read; opens_min and closes_min < 0 mean the club's, and so do rules whose
 * interval_s is 0. The rest is filled in.
 *   ST_REFUSED  a field breaks a rule ST_EXISTS the same group, date, start and title (run->id says
 *               which)
 */
enum status	store_run_add(struct store *store, struct run *run, int64_t now);

/*
 * The same for a run that comes back with its session id, which nobody has. ST_REFUSED when that is
 * none.
 */
enum status	store_run_restore(struct store *store, struct run *run, int64_t now);

/* One run. ST_UNKNOWN. */
enum status	store_run(struct store *store, int64_t id, struct run *run);
enum status	store_run_by_session(struct store *store, const char *session, struct run *run);
enum status	store_run_by_uid(struct store *store, const char *uid, struct run *run);

/*
 * Call `each` for the runs of `group_id` (0: all) with from <= date <= to (NULL: open), by date,
 * start and title; it returns false to stop. The run is lent.
 */
enum status	store_runs(struct store *store, int64_t group_id, const char *from, const char *to,
		    bool (*each)(void *handle, const struct run *run), void *handle);

/*
 * Cancel (reason may be ""), or take it back with is_cancelled false. SEQUENCE moves on when
 * something changed.
 */
enum status	store_run_cancel(struct store *store, int64_t id, bool is_cancelled,
		    const char *reason, int64_t now);

/*
 * Move a run to another date, start, end, zone, place or title (all read from `run`; the row is
 * left alone when nothing differs); ST_EXISTS when that slot is taken.
 */
enum status	store_run_move(struct store *store, const struct run *run, int64_t now);

/* Give a run other rules. ST_UNKNOWN. (store_rules.c) */
enum status	store_run_rules(struct store *store, int64_t id, const struct run_rules *rules,
		    int64_t now);

/*
 * How many runs from the date `from` on demand a position, network or access point although their
 * place has none to compare it with, and the first of them, "2026-11-20 hills-1830" (`size` bytes,
 * "" for none). (store_rules.c)
 */
enum status	store_runs_unmet(struct store *store, const char *from, int64_t *count, char *first,
		    size_t size);

/* A new address for the host page; the old one is void. ST_UNKNOWN. */
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
	char		through[WALL_DATE_SIZE];	/* runs are made up to here */
};

/*
 * Add a schedule and its runs up to `schedule->through`, or carry an existing equal one (same
 * group, rule, first, start, title) on to there. *added counts new runs. Dates in `skip` (n_skip of
 * them, borrowed) are left out and remembered.
 */
enum status	store_schedule_add(struct store *store, struct schedule *schedule,
		    const char *const *skip, size_t n_skip, int64_t now, int *added);

/* Schedules of a group (0: all), by group and first date; `each` returns false to stop. */
enum status	store_schedules(struct store *store, int64_t group_id,
		    bool (*each)(void *handle, const struct schedule *schedule), void *handle);

/* The dates that a schedule leaves out, in order. */
enum status	store_schedule_skips(struct store *store, int64_t id,
		    bool (*each)(void *handle, const char *date), void *handle);

/* ---- people and attendance (store_person.c, store_attend.c) ---- */

enum attendance_status { ATTENDANCE_PRESENT, ATTENDANCE_LATE, ATTENDANCE_EXCUSED, ATTENDANCE_ABSENT,
    ATTENDANCE_END };
const char	*attendance_status_name(enum attendance_status status);

/*
 * The person of that name (tidied, matched by folded key), made when `is_made` and there is none.
 * ST_NAME_BAD, ST_UNKNOWN; *is_new (may be NULL) says whether it was made.
 */
enum status	store_person(struct store *store, const char *name, bool is_made, int64_t now,
		    int64_t *id, bool *is_new);

struct person {
	int64_t		id;
	char		name[NAME_SIZE];
	char		nickname[NAME_SIZE];		/* "" for none */
	char		visibility[16];			/* "" as the club says */
	int64_t		came;				/* runs attended, present or late */
};

/*
 * People by folded name; `group_id` 0: all, otherwise those on its list. `each` returns false to
 * stop.
 */
enum status	store_people(struct store *store, int64_t group_id,
		    bool (*each)(void *handle, const struct person *person), void *handle);

/* Set nickname (NULL: leave, "": none) and visibility (NULL: leave, "": the club's). */
enum status	store_person_set(struct store *store, int64_t id, const char *nickname,
		    const char *visibility);

/* The pages of one person. */
struct person_pages {
	/* in the address of their own page, secret; "" for none */
	char		capability[CODE_CAPABILITY_SIZE];
	/* in the address of their public page; "" for none */
	char		profile[CODE_SESSION_SIZE];
	bool		is_hidden;	/* by choice or the club's: then there is no public page */
};
enum status	store_person_pages(struct store *store, int64_t id, struct person_pages *pages);

/*
 * Give a page of their own a new address, or take it away (is_given false); the old address is
 * void.
 */
enum status	store_person_link(struct store *store, int64_t id, bool is_given);

/* Give a public page, whose address stays once it is given, or take it away. */
enum status	store_person_publish(struct store *store, int64_t id, bool is_public);

/* What is known of one person. */
struct person_traces {
	char		name[NAME_SIZE];
	int64_t		lists;				/* group lists they are on */
	int64_t		events;
	int64_t		came;				/* runs attended, present or late */
	bool		is_host;			/* a host has that name too */
};
enum status	store_person_traces(struct store *store, int64_t id, struct person_traces *traces);

/*
 * Forget a person: names, initials, pages, entries on lists, nonces and notes of their events are
 * gone. Their attendance stays, of "Someone", who is hidden and whose key no typed name has.
 * store_compact then leaves no byte of it in the file.
 */
enum status	store_person_forget(struct store *store, int64_t id);

/* Put on a group's list; ST_OK also when already on it, *is_new says. */
enum status	store_list_add(struct store *store, int64_t group_id, int64_t person_id,
		    int64_t now, bool *is_new);

#define ATTEMPT_ACCESS_POINTS	16	/* at most */
#define ATTEMPT_ADDRESS_SIZE	46	/* IPv4 or IPv6 as text */
#define ATTEND_UNDO_S		60	/* how long a check-in may be taken back, seconds */
#define SUGGEST_MAX		5	/* names */
#define SUGGEST_LETTERS		3	/* to be typed before any name is suggested */

/*
 * Everything a check-in brings; made by the endpoint from one request, strings in the struct. All
 * zero but `now` is an empty one.
 */
struct attempt {
	char		code[64];	/* token, typed code or session id as sent; "" for none */
	char		receipt[128];			/* "" for none; serves before `code` */
	/* session id, "" for none; beside a code it must be that of its run */
	char		session[64];
	char		name[NAME_SIZE * 2];		/* as sent, not yet tidied */
	char		nonce[65];			/* "" for none */
	/* the language to be answered in, as sent; "" for none. Nothing here looks at it */
	char		lang[LANGUAGE_SIZE];
	/* the phone's mark, "" for none; only its hash is kept (core/claim.h) */
	char		claim[CLAIM_SIZE];
	bool		has_seen_at;			/* this is delivered late, if it must be */
	int64_t		seen_at;	/* the slot that was shown, as in the token */
	bool		has_position;
	struct place_point point;			/* where the phone says it is */
	double		accuracy_m;			/* metres */
	/* the phone's network address as the server sees it, never kept; "" for unknown */
	char		address[ATTEMPT_ADDRESS_SIZE];
	char		access_points[ATTEMPT_ACCESS_POINTS][PLACE_BSSID_SIZE];	/* tidy */
	int		n_access_points;
	int64_t		now;				/* server time, seconds */
};

/* What is said back. */
struct verdict {
	enum status	status;
	struct run	run;				/* id 0: none could be told */
	struct run_window window;			/* of that run */
	/* refused because of code, time or list: another run that is open now; id 0: none */
	struct run	open;
	struct run_window open_window;
	/* tidied; as on the list for ST_ALREADY and ST_SAME */
	char		name[NAME_SIZE];
	int		ordinal;			/* "you are number N", 0 for none */
	int		count;				/* who came so far */
	int64_t		since;				/* in since, seconds; 0 */
	int64_t		left_at;			/* checked out, seconds; 0 */
	/* the phone may take it back until then, seconds; 0: it may not */
	int64_t		undo_until;
	enum attendance_status attendance;		/* ATTENDANCE_END: not in */
	enum proof	proof;
	/* what the host is to settle: position, network, access-point; "" for nothing */
	char		pending[48];
	bool		is_delivered_late;
	bool		is_repeat;	/* nonce and name were known: the stored answer again */
	/* who is in, and shows the host receipt_short of it, `since` and the run's key; 0 */
	int64_t		person_id;
	char		receipt[RECEIPT_SIZE];		/* of a scan; "" for none */
	int64_t		receipt_until;			/* how long it serves, seconds */
};

/*
 * Judge `attempt` and, when all is well, enter it. Works inside an open transaction (the writer
 * gathers many). Returns ST_OK when `verdict` holds the answer, whatever it is; otherwise a fault
 * of the store, nothing entered.
 *   ST_OK       in             ST_PENDING  in, and the host is to settle verdict->pending
 *   ST_SAME     this phone is in already, as verdict->name ST_ALREADY somebody else of that folded
 *               name is
 * A nonce that was entered with that name gets the answer of that time, or ST_UNDONE when it was
 * taken back since. A code of a screen that is no longer fresh is taken with its slot as `seen_at`,
 * if that lies in the run's window, up to rules.deliver_min after the closing; the slot's beginning
 * is then when they came.
 */
enum status	store_attend(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict);

/*
 * Have the statements of store_attend ready, while nobody waits: it would make them at the first
 * check-in.
 */
void		store_attend_prepare(struct store *store);

/*
 * Trade a fresh code for a receipt: ST_OK with verdict->receipt, or ST_SAME with it when this phone
 * is in already. A code for one person is used up by that; the same nonce gets its receipt again.
 */
enum status	store_scan(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict);

/*
 * The phone of attempt->claim takes its check-in back (ST_UNDONE), or says that its person leaves
 * (ST_LEFT); the run is that of the session id, receipt or code, however old. Doing it twice gets
 * the same answer.
 *   ST_CLAIM_MISSING  no claim             ST_NOT_IN   that phone is not in
 *   ST_UNDO_LATE      ATTEND_UNDO_S have passed, or a host has settled it ST_NO_CHECK_OUT not
 *                     offered by this run
 *   ST_CLOSED         check-out later than rules.deliver_min after the closing
 */
enum status	store_undo(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict);
enum status	store_check_out(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict);

/*
 * Names on the closed list of the run whose valid code or receipt `attempt` has, of which a word
 * begins with attempt->name (folded, at least SUGGEST_LETTERS letters): the first SUGGEST_MAX by
 * folded name go into `names`, *count says how many. None for an open group. verdict->status:
 * ST_OK, ST_PREFIX_SHORT, ST_CODE_MISSING (a session id is not enough), or what is wrong with the
 * code.
 */
enum status	store_suggest(struct store *store, const struct attempt *attempt,
		    char names[SUGGEST_MAX][NAME_SIZE], int *count,
		    struct verdict *verdict);

/*
 * What a token, typed code or session id belongs to and whether it would be taken now; nothing is
 * written.
 */
enum status	store_code_check(struct store *store, const char *code, int64_t now,
		    struct verdict *verdict);

/* Drop the positions that are older than the club keeps them. */
enum status	store_positions_prune(struct store *store, int64_t now);

/*
 * A mark made elsewhere (import, host): one event, unless the attendance says the same already
 * (*is_new false). `at` is when it was so, seconds. Where the same is known but the host is to
 * settle something, this settles it, and they came when they came.
 */
enum status	store_mark(struct store *store, int64_t run_id, int64_t person_id,
		    enum attendance_status status, const char *proof, int64_t at, int64_t now,
		    bool *is_new);

/* What is known of one person at one run. ST_UNKNOWN when nothing is. */
enum status	store_attendance(struct store *store, int64_t run_id, int64_t person_id,
		    enum attendance_status *status, int64_t *since);

/* ---- what leaves, and comes back (store_export.c) ---- */

/* One line of the register, a person and a run, or of the event log. Strings lent for the call. */
struct register_line {
	const char	*date, *start, *end;		/* end "" for none */
	/* title as stored, "" when the group's name serves */
	const char	*zone, *group, *title;
	const char	*place;				/* "" for none */
	const char	*person, *status, *proof, *session;
	int64_t		 since;				/* seconds; of an event: when it was so */
	/* of an event alone, otherwise "" and 0 */
	const char	*event;	/* its kind: check-in, check-out, mark, undo, merge */
	int64_t		 received;			/* when the server heard, seconds */
	const char	*host;				/* who marked, "" for the runner */
	bool		 is_delivered_late;
	const char	*pending, *note;
};
struct register_filter {
	const char	*from, *to;			/* local dates, NULL: open */
	int64_t		 group_id, person_id;		/* 0: all */
};

/*
 * Call `each` for every attendance, by date, start, group, title and folded name; it returns false
 * to stop.
 */
enum status	store_register(struct store *store, const struct register_filter *filter,
		    bool (*each)(void *handle, const struct register_line *line), void *handle);

/* The same for every event, in the order in which they were entered. */
enum status	store_event_log(struct store *store, const struct register_filter *filter,
		    bool (*each)(void *handle, const struct register_line *line), void *handle);

/*
 * How many events of that run and person say exactly what `line` says (its kind and what follows;
 * dates and names are not read).
 */
enum status	store_event_count(struct store *store, int64_t run_id, int64_t person_id,
		    const struct register_line *line, int64_t *count);

/*
 * Enter an event as an export has it; a host that is not there is made at `now`. ST_REFUSED when a
 * word of it is none of the schema's.
 */
enum status	store_event_restore(struct store *store, int64_t run_id, int64_t person_id,
		    const struct register_line *line, int64_t now);

/*
 * Who belongs on the sign-in sheet of a run, by folded name: the list of its group, or where that
 * is empty whoever came to a run of the group in the year before. `each` returns false to stop.
 */
enum status	store_sheet(struct store *store, const struct run *run,
		    bool (*each)(void *handle, int64_t id, const char *name), void *handle);

/* Is there a person of that id, who was not forgotten? ST_UNKNOWN when not. */
enum status	store_person_there(struct store *store, int64_t id);

/* Keep that `who` took away `lines` lines of `kind` as `format` at `at`. */
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

/* ---- keeping (store_backup.c) ---- */

/*
 * A consistent copy while others write (online backup API), synced, then read back: integrity_check
 * must say ok. ST_EXISTS when `path` is there.
 */
enum status	store_backup(struct store *store, const char *path);

/*
 * Write the file anew, so that nothing is left in it of what was deleted or changed: SQLite's
 * secure_delete misses copies that were left behind when a page was split. Not in a transaction;
 * writers wait for it, 1 s for 100 MB or so.
 */
enum status	store_compact(struct store *store);

/* "truncate", "wal" …: the journal mode in force. Borrowed until the next call. */
const char	*store_journal(struct store *store);

/*
 * Is the database whole (integrity_check, foreign_key_check), and do attendance, counts and
 * milestones still follow from the events? ST_PROBLEMS and a sentence in store_why about the first
 * thing that is off.
 */
enum status	store_check(struct store *store);

#endif
