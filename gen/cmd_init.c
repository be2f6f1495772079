// SPDX-License-Identifier: ISC
/* cmd_init.c: makes a new club; what the options leave out is asked at a terminal. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gen/buffer.h"
#include "gen/command.h"
#include "gen/demo.h"

#define ANSWER_SIZE	600	/* longer than any valid answer */

/* The fields of a club that options set, and how a person is asked for one. */
static const struct {
	enum option_id	 id;
	const char	*key;			/* as club_set knows it */
	const char	*question;		/* NULL: never asked */
} fields[] = {
	{ OPTION_NAME, "name", "Name of the club" },
	{ OPTION_ZONE, "zone", "Time zone (IANA)" },
	{ OPTION_ADDRESS, "address", "Address where the site will be read" },
	{ OPTION_LANGUAGE, "language", NULL },
	{ OPTION_WORD, "word", NULL },
};

/* Find this machine's zone: from /etc/timezone, else where /etc/localtime points to, else UTC. */
static void
find_zone(char zone[STORE_ZONE_SIZE])
{
	FILE *file = fopen("/etc/timezone", "re");
	char target[512];
	const char *name;
	ssize_t length;

	if (file != NULL) {
		if (fgets(zone, STORE_ZONE_SIZE, file) == NULL)
			zone[0] = '\0';
		zone[strcspn(zone, "\n")] = '\0';
		(void)fclose(file);		/* only read from */
		if (wall_zone_valid(zone))
			return;
	}
	length = readlink("/etc/localtime", target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	name = strstr(target, "zoneinfo/");
	if (name != NULL && wall_zone_valid(name + 9) && strlen(name + 9) < STORE_ZONE_SIZE)
		memcpy(zone, name + 9, strlen(name + 9) + 1);
	else
		memcpy(zone, "UTC", 4);
}

/* Ask a person; an empty answer means `otherwise`. False at the end of the input. */
static bool
ask(const char *question, const char *otherwise, char answer[ANSWER_SIZE])
{
	fprintf(stderr, *otherwise != '\0' ? "%s [%s]: " : "%s%s: ", question, otherwise);
	if (fgets(answer, ANSWER_SIZE, stdin) == NULL)
		return false;
	answer[strcspn(answer, "\n")] = '\0';
	if (answer[0] == '\0')
		snprintf(answer, ANSWER_SIZE, "%s", otherwise);
	return true;
}

/* Put what was given or answered into `club`, which holds the defaults. */
static enum status
fill_club(const struct call *call, struct club *club)
{
	bool may_ask = !call_has(call, OPTION_NAME) && !call_has(call, OPTION_DEMO) &&
	    isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	const char *otherwise[] = { club->name, club->zone, club->address };
	const char *value, *why;
	char answer[ANSWER_SIZE];
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		value = call_value(call, fields[i].id);
		while (value != NULL || (may_ask && fields[i].question != NULL)) {
			if (value == NULL && !ask(fields[i].question, otherwise[i], answer))
				return call_fail(call, ST_USAGE,
				    "the input ended. Nothing was made.");
			if (club_set(club, fields[i].key, value != NULL ? value : answer,
			    &why) == ST_OK)
				break;
			if (value != NULL)
				return call_fail(call, ST_USAGE,
				    "--%s “%s” is not valid: it must be %s. Nothing was made.",
				    option_names[fields[i].id].name, value, why);
			fprintf(stderr, "That is not valid: it must be %s.\n", why);
		}
	}
	if (club->name[0] == '\0')
		return call_fail(call, ST_USAGE,
		    "“init” needs --name, as there is no terminal to ask at. Nothing was "
		    "made.");
	return ST_OK;
}

/* Make the folder that `path` is in, and those above it. */
static enum status
make_folder(const struct call *call, const char *path)
{
	char *folder = strdup(path), *slash;
	enum status status = ST_OK;

	if (folder == NULL)
		buffer_fail();
	for (slash = folder; status == ST_OK && (slash = strchr(slash + 1, '/')) != NULL; ) {
		*slash = '\0';
		if (mkdir(folder, 0777) != 0 && errno != EEXIST)
			status = call_fail(call, errno == ENOSPC ? ST_FULL : ST_FAULT,
			    "the folder %s cannot be made: %s. Nothing was "
			    "made. Choose another place with --db.", folder, strerror(errno));
		*slash = '/';
	}
	free(folder);
	return status;
}

/* Make the database, with the demo club if that is asked for; remove it again if that fails. */
static enum status
make_club(struct call *call, const struct club *club)
{
	enum status status = store_create(call->database, club, call->now, &call->store);

	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was made.");
	if (!call_has(call, OPTION_DEMO))
		return ST_OK;
	status = demo_fill(call->store, club, call->now);
	if (status == ST_OK)
		return ST_OK;
	call_fail_store(call, status,
	    "The demo club could not be made, and has been removed.");
	store_close(call->store);
	call->store = NULL;
	if (unlink(call->database) != 0)		/* ours, made above */
		call_fail(call, status, "%s could not be removed: %s. Remove it yourself.",
		    call->database, strerror(errno));
	return status;
}

enum status
command_init(struct call *call)
{
	struct club club = { .language = "en", .address = "http://127.0.0.1:8010",
	    .visibility = "hidden", .word = "run", .opens_min = 30, .closes_min = 30 };
	bool is_demo = call_has(call, OPTION_DEMO);
	enum status status;

	if (access(call->database, F_OK) == 0)
		return call_fail(call, ST_EXISTS,
		    "%s already exists. Nothing was changed. Choose another name with --db, put "
		    "that file away, or go on with the club that is there: turnout status.",
		    call->database);
	find_zone(club.zone);
	if (is_demo) {
		memcpy(club.name, DEMO_NAME, sizeof(DEMO_NAME));
		memcpy(club.visibility, "name", 5);
	}
	status = fill_club(call, &club);
	if (status == ST_OK)
		status = call_set_now(call, club.zone);
	if (status == ST_OK)
		status = make_folder(call, call->database);
	if (status == ST_OK)
		status = make_club(call, &club);
	if (status != ST_OK)
		return status;
	call_tell(call, "Made %s: %s, times in %s.", call->database, club.name, club.zone);
	call_tell(call, "Next:");
	if (!is_demo)
		call_tell(call, "  turnout group add 'Tuesday Social'\n"
		    "  turnout calendar add --group 'Tuesday Social' --every tuesday --start "
		    "18:30 --end 19:30");
	call_tell(call, "  turnout publish\n  turnout code today");
	return ST_OK;
}
