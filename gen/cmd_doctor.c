// SPDX-License-Identifier: ISC
/* cmd_doctor.c: checks all that Turnout depends on, and says what to do. It changes nothing. */
#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "db/redo.h"
#include "gen/command.h"
#include "gen/health.h"

#define ROOM_LEAST	(64 << 20)	/* bytes that should be free where the database is */

/* Check the database file: who may read it, and the free space on its disk. */
static void
check_file(json_t *rows, const char *path)
{
	char folder[PATH_MAX];
	struct statvfs room;
	struct stat file;
	char *slash;
	uint64_t bytes;

	if (stat(path, &file) != 0)
		return;		/* health_database reports that */
	health_note(rows, "file mode", (file.st_mode & 037) == 0,
	    "It holds secret keys. Run chmod 600 on it, or 640 where its group is that of a "
	    "publisher of its own.", "%04o", (unsigned)file.st_mode & 07777);
	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		snprintf(folder, sizeof(folder), ".");
	else
		slash[slash == folder] = '\0';
	if (statvfs(folder, &room) != 0)
		return;
	bytes = (uint64_t)room.f_bavail * room.f_frsize;
	health_note(rows, "disk space", bytes >= ROOM_LEAST && bytes >= 3 * (uint64_t)file.st_size,
	    "Make room: an upgrade and a backup need three times the database, and 64 MB at least.",
	    "%" PRIu64 " MB free, the database has %" PRIu64 " MB", bytes >> 20,
	    ((uint64_t)file.st_size + (1 << 20) - 1) >> 20);
}

/* Were check-ins set aside that somebody has to enter? */
static void
check_aside(json_t *rows, const char *path)
{
	char name[PATH_MAX];
	bool is_there = redo_find_aside(path, name, sizeof(name));

	health_note(rows, "check-ins set aside", !is_there,
	    "They were acknowledged, and did not fit into the database. Enter each line that "
	    "begins with -- check-in with turnout import attendance, unless -- undo with the same name "
	    "follows, then remove the file: it holds names.", "%s",
	    is_there ? name : "none");
}

/* Is there any page in the folder of templates? */
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
	(void)closedir(folder);		/* only read from */
	return is_found;
}

static void
check_site(const struct call *call, json_t *rows)
{
	char path[PATH_MAX];
	struct stat file;
	bool is_there;

	health_note(rows, "templates", has_pages(call->templates),
	    "Name the folder that holds pages/ with --templates.", "%s", call->templates);
	snprintf(path, sizeof(path), "%s/manifest.db", call->site);
	is_there = stat(path, &file) == 0;
	health_note(rows, "site", is_there,
	    "Run turnout publish, or name the folder of the site with --site.", "%s%s", call->site,
	    is_there ? "" : " was not published yet");
}

enum status
command_doctor(struct call *call)
{
	static const struct listing_column columns[] = {
		{ "check", "CHECK" }, { "state", "STATE" }, { "found", "FOUND" },
		{ "advice", "TO DO" }, { NULL, NULL },
	};
	json_t *rows = listing_pack("[]");
	size_t problems;

	health_database(call, rows);
	check_file(rows, call->database);
	check_aside(rows, call->database);
	check_site(call, rows);
	problems = health_problems(rows);
	call_list(call, rows, columns, "");
	json_decref(rows);
	if (problems == 0)
		return ST_OK;
	return call_fail(call, ST_PROBLEMS,
	    "%zu of the checks found a problem. Nothing was changed. What to do is shown beside "
	    "each.", problems);
}
