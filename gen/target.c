// SPDX-License-Identifier: ISC
/* target.c: see target.h. */
#include "gen/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REMOTE	"rsync:"

/* Is it HOST:PATH, USER@HOST:PATH, [ADDRESS]:PATH, HOST::MODULE, or //HOST/MODULE? */
static bool
is_remote_valid(const char *place)
{
	const char *end, *host;

	if (strncmp(place, "//", 2) == 0) {
		place += 2;
		end = strchr(place, '/');
	} else {
		end = strchr(place[0] == '[' && strchr(place, ']') != NULL ? strchr(place, ']')
		    : place, ':');
	}
	if (end == NULL || end == place || end[1] == '\0' || place[0] == '-')
		return false;
	host = memchr(place, '@', (size_t)(end - place));
	return host == NULL || (host != place && host + 1 != end && host[1] != '-');
}

bool
target_is_valid(const char *target)
{
	if (strncmp(target, REMOTE, strlen(REMOTE)) == 0)
		return is_remote_valid(target + strlen(REMOTE));
	return target[strspn(target, " \t\n")] != '\0';
}

enum target_kind
target_kind(const char *target)
{
	struct stat info;

	if (strncmp(target, REMOTE, strlen(REMOTE)) == 0)
		return TARGET_REMOTE;
	if (target[strlen(target) - 1] == '/' ||
	    (stat(target, &info) == 0 && S_ISDIR(info.st_mode)))
		return TARGET_FOLDER;
	return TARGET_COMMAND;
}

void
target_folder(const char *folder, char path[PATH_MAX])
{
	char text[PATH_MAX + 8], part[PATH_MAX + 8], whole[PATH_MAX] = "";
	size_t at = strlen(folder);

	while (at > 1 && folder[at - 1] == '/')
		at--;
	snprintf(text, sizeof text, "%s%.*s", folder[0] == '/' ? "" : "./", (int)at, folder);
	for (at = strlen(text); at > 0; ) {		/* find the longest part that exists */
		snprintf(part, sizeof part, "%.*s", (int)at, text);
		if (realpath(part, whole) != NULL)
			break;
		whole[0] = '\0';
		do
			at--;
		while (at > 0 && text[at] != '/');
	}
	if (snprintf(path, PATH_MAX, "%s%s", strcmp(whole, "/") == 0 ? "" : whole, text + at) <= 0)
		snprintf(path, PATH_MAX, "/");
}

void
target_place(const char *target, char *place, size_t size)
{
	char folder[PATH_MAX];

	if (target_kind(target) == TARGET_FOLDER) {
		target_folder(target, folder);
		snprintf(place, size, "%s/", folder);
	} else {
		snprintf(place, size, "%s/",
		    strncmp(target, "rsync://", 8) == 0 ? target : target + strlen(REMOTE));
	}
}
