// SPDX-License-Identifier: ISC
/* health.c: see health.h. */
#include "gen/health.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>

void
health_note(json_t *rows, const char *check, bool is_fine, const char *advice, const char *format,
    ...)
{
	char found[PATH_MAX + 256];
	va_list arguments;
	json_t *text;

	va_start(arguments, format);
	vsnprintf(found, sizeof(found), format, arguments);
	va_end(arguments);
	text = json_string(found);		/* NULL when a path in it is not UTF-8 */
	json_array_append_new(rows,
	    listing_pack("{s:s,s:b,s:s,s:o,s:s}", "check", check, "fine", is_fine,
	    "state", is_fine ? "fine" : "problem", "found", text != NULL ? text : json_null(),
	    "advice", is_fine ? "" : advice));
}

/* SQLite before 3.51.3 can lose rows in WAL mode; Turnout uses TRUNCATE, where it cannot. */
static void
check_sqlite(json_t *rows)
{
	int major = 0, minor = 0;

	sscanf(store_sqlite_version(), "%d.%d", &major, &minor);
	health_note(rows, "SQLite", major > 3 || (major == 3 && minor >= 37),
	    "Install SQLite 3.37 or newer: STRICT tables need it.",
	    "%s, safe with the TRUNCATE journal", store_sqlite_version());
}

/* Can the places of coming runs provide what these runs demand of phones? */
static void
check_demands(struct call *call, json_t *rows)
{
	char date[WALL_DATE_SIZE], time[WALL_TIME_SIZE],
	    first[STORE_SLUG_SIZE * 2 + WALL_DATE_SIZE];
	int64_t count;

	if (wall_local(call->now, call->club.zone, date, time) != ST_OK
	    || store_runs_unmet(call->store, date, &count, first, sizeof(first)) != ST_OK)
		return;		/* the zone has a row of its own */
	if (count == 0)
		health_note(rows, "demands", true, "",
		    "every run to come asks for what its place can tell");
	else
		health_note(rows, "demands", false,
		"Give the place a position, networks or access points with turnout place set, or "
		"ask for less "
		    "with turnout calendar rules.",
		    "%lld runs demand what their place cannot tell, the first is %s: it is not "
		    "asked for", (long long)count, first);
}

/* A zone may have been known where the run was made, and is not here. */
static void
check_zones(struct call *call, json_t *rows)
{
	char first[STORE_ZONE_SIZE + STORE_SLUG_SIZE + 2 * WALL_DATE_SIZE + 32];
	int64_t count;

	if (store_zones_unknown(call->store, &count, first, sizeof(first)) != ST_OK)
		return;		/* integrity has a row of its own */
	if (count == 0)
		health_note(rows, "zones of runs", true, "", "known, of every run and schedule");
	else
		health_note(rows, "zones of runs", false,
		    "Install the package tzdata, and tzdata-legacy, where there is one, for old "
		    "names: nobody can check in without, and nothing is published.",
		    "%lld runs and schedules have one that is not known here, the first is %s",
		    (long long)count, first);
}

/* The checks that need the open database. */
static void
check_store(struct call *call, json_t *rows)
{
	const char *journal = store_journal(call->store);		/* until the next call */
	enum status status;

	health_note(rows, "journal", strcmp(journal, "wal") != 0,
	    "Another program changed it. Stop all programs that use the file, then run sqlite3 "
	    "FILE 'PRAGMA journal_mode=TRUNCATE'.", "%s, and writers use TRUNCATE", journal);
	health_note(rows, "schema", true, "", "version %d", STORE_SCHEMA);
	status = store_check(call->store);
	health_note(rows, "integrity", status == ST_OK,
	    "Go back to the last backup; keep this file for those who can read it.", "%s",
	    status == ST_OK ? "every page, index and reference is whole, every count agrees"
	    : store_why(call->store));
	status = store_club(call->store, &call->club);
	if (status != ST_OK) {
		health_note(rows, "club", false, "Go back to the last backup.", "%s",
		    store_why(call->store));
		return;
	}
	health_note(rows, "club", true, "", "%s, %s", call->club.name, call->club.address);
	health_note(rows, "time zone", wall_zone_valid(call->club.zone),
	    "Install the package tzdata, or set another zone with turnout set zone.",
	    "%s", call->club.zone);
	check_zones(call, rows);
	check_demands(call, rows);
}

void
health_database(struct call *call, json_t *rows)
{
	enum status status;

	check_sqlite(rows);
	status = store_open(call->database, STORE_READ, &call->store);
	if (status == ST_OK) {
		health_note(rows, "database", true, "", "%s", call->database);
		check_store(call, rows);
		return;
	}
	health_note(rows, "database", false,
	    status == ST_UNKNOWN
	    ? "Make one with turnout init, or name yours with --db or TURNOUT_DB."
	    : status == ST_LOCKED ? "Wait, or stop the program that holds it."
	    : "Run turnout status, which upgrades an older file; otherwise go back to a backup.",
	    "%s", store_why(call->store));
}

size_t
health_problems(const json_t *rows)
{
	size_t i, problems = 0;
	json_t *row;

	json_array_foreach(rows, i, row)
		problems += json_is_false(json_object_get(row, "fine"));
	return problems;
}
