// SPDX-License-Identifier: ISC
/*
 * cmd_doctor.c: looks at everything Turnout stands on, changes nothing, and says beside each fault what to do.
 */
#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "gen/command.h"

#define ROOM_LEAST	(64 << 20)	/* bytes that should be free beside the database */

/* Note one check. `advice` is printed only where it is not `is_fine`. */
static void __attribute__((format(printf, 5, 6)))
note(json_t *rows, const char *check, bool is_fine, const char *advice, const char *format, ...)
{
	char found[PATH_MAX + 256];
	va_list arguments;
	json_t *text;

	va_start(arguments, format);
	vsnprintf(found, sizeof(found), format, arguments);
	va_end(arguments);
	text = json_string(found);		/* NULL where a path is not UTF-8 */
	json_array_append_new(rows, listing_pack("{s:s,s:b,s:s,s:o,s:s}", "check", check, "fine", is_fine,
	    "state", is_fine ? "fine" : "problem", "found", text != NULL ? text : json_null(), "advice", is_fine ? "" : advice));
}

/* SQLite before 3.51.3 can lose rows in WAL mode; Turnout uses TRUNCATE, where it cannot. */
static void
check_sqlite(json_t *rows)
{
	int major = 0, minor = 0;

	sscanf(store_sqlite_version(), "%d.%d", &major, &minor);
	note(rows, "SQLite", major > 3 || (major == 3 && minor >= 37), "Install SQLite 3.37 or newer: STRICT tables need it.",
	    "%s, safe with the TRUNCATE journal", store_sqlite_version());
}

/* The file itself: whose eyes it is for, and the room beside it. */
static void
check_file(json_t *rows, const char *path)
{
	char folder[PATH_MAX];
	struct statvfs room;
	struct stat file;
	char *slash;
	uint64_t bytes;

	if (stat(path, &file) != 0)
		return;		/* check_database says so */
	note(rows, "file mode", (file.st_mode & 077) == 0, "It holds secret keys. Run chmod 600 on it.", "%04o",
	    (unsigned)file.st_mode & 07777);
	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		snprintf(folder, sizeof(folder), ".");
	else
		slash[slash == folder] = '\0';
	if (statvfs(folder, &room) != 0)
		return;
	bytes = (uint64_t)room.f_bavail * room.f_frsize;
	note(rows, "disk space", bytes >= ROOM_LEAST && bytes >= 3 * (uint64_t)file.st_size,
	    "Make room: an upgrade and a backup need three times the database, and 64 MB at least.",
	    "%" PRIu64 " MB free, the database has %" PRIu64 " MB", bytes >> 20, ((uint64_t)file.st_size + (1 << 20) - 1) >> 20);
}

/* What only the open database can tell. */
static void
check_store(struct call *call, json_t *rows)
{
	const char *journal = store_journal(call->store);		/* until the next call */
	enum status status;

	note(rows, "journal", strcmp(journal, "wal") != 0,
	    "Another program changed it. Stop all programs that use the file, then run sqlite3 FILE 'PRAGMA journal_mode=TRUNCATE'.",
	    "%s, and writers use TRUNCATE", journal);
	note(rows, "schema", true, "", "version %d", STORE_SCHEMA);
	status = store_check(call->store);
	note(rows, "integrity", status == ST_OK, "Go back to the last backup; keep this file for those who can read it.", "%s",
	    status == ST_OK ? "every page, index and reference is whole, every count agrees" : store_why(call->store));
	status = store_club(call->store, &call->club);
	if (status != ST_OK) {
		note(rows, "club", false, "Go back to the last backup.", "%s", store_why(call->store));
		return;
	}
	note(rows, "club", true, "", "%s, %s", call->club.name, call->club.address);
	note(rows, "time zone", wall_zone_valid(call->club.zone), "Install the package tzdata, or set another zone with turnout set zone.",
	    "%s", call->club.zone);
}

static void
check_database(struct call *call, json_t *rows)
{
	enum status status = store_open(call->database, STORE_READ, &call->store);

	if (status == ST_OK) {
		note(rows, "database", true, "", "%s", call->database);
		check_store(call, rows);
		return;
	}
	note(rows, "database", false, status == ST_UNKNOWN ? "Make one with turnout init, or name yours with --db or TURNOUT_DB."
	    : status == ST_LOCKED ? "Wait, or stop the program that holds it."
	    : "Run turnout status, which upgrades an older file; otherwise go back to a backup.", "%s", store_why(call->store));
}

/* Has the folder of templates any page? */
static bool
has_pages(const char *templates)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool is_found = false;
	const char *dot;
	DIR *folder;

	snprintf(path, sizeof(path), "%s/pages", templates);
	folder = opendir(path);
	if (folder == NULL)
		return false;
	while (!is_found && (entry = readdir(folder)) != NULL) {
		dot = strrchr(entry->d_name, '.');
		is_found = dot != NULL && strcmp(dot, ".sql") == 0;
	}
	(void)closedir(folder);		/* read from only */
	return is_found;
}

static void
check_site(const struct call *call, json_t *rows)
{
	char path[PATH_MAX];
	struct stat file;
	bool is_there;

	note(rows, "templates", has_pages(call->templates), "Name the folder that holds pages/ with --templates.", "%s", call->templates);
	snprintf(path, sizeof(path), "%s/manifest.db", call->site);
	is_there = stat(path, &file) == 0;
	note(rows, "site", is_there, "Run turnout publish, or name the folder of the site with --site.", "%s%s", call->site,
	    is_there ? "" : " was not published yet");
}

enum status
command_doctor(struct call *call)
{
	static const struct listing_column columns[] = {
		{ "check", "CHECK" }, { "state", "STATE" }, { "found", "FOUND" }, { "advice", "TO DO" }, { NULL, NULL },
	};
	json_t *rows = listing_pack("[]"), *row;
	size_t problems = 0, i;

	check_sqlite(rows);
	check_database(call, rows);
	check_file(rows, call->database);
	check_site(call, rows);
	json_array_foreach(rows, i, row)
		problems += json_is_false(json_object_get(row, "fine"));
	call_list(call, rows, columns, "");
	json_decref(rows);
	if (problems == 0)
		return ST_OK;
	return call_fail(call, ST_PROBLEMS, "%zu of the checks found a problem. Nothing was changed. What to do stands beside each.",
	    problems);
}
