// SPDX-License-Identifier: ISC
/* route.c: see route.h. */
#include "core/route.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define PATH_MAX_BYTES	1000

/* A "*" in a path stands for one segment, the argument. No path fits two rows. */
static const struct {
	enum route	 route;
	const char	*path;
	const char	*allow;
} routes[] = {
	{ ROUTE_REGISTER, "/api/register", "POST" },
	{ ROUTE_REGISTER, "/api/v1/attendance/mark", "POST" },
	{ ROUTE_SCAN, "/api/v1/scans", "POST" },
	{ ROUTE_UNDO, "/api/v1/attendance/undo", "POST" },
	{ ROUTE_CHECK_OUT, "/api/v1/attendance/check-out", "POST" },
	{ ROUTE_SUGGEST, "/api/v1/people/suggest", "POST" },
	{ ROUTE_STATS, "/api/v1/sessions/*/stats", "GET, HEAD" },
	{ ROUTE_CALENDAR, "/api/calendar", "GET, HEAD" },
	{ ROUTE_CALENDAR_TODAY, "/api/calendar/today", "GET, HEAD" },
	{ ROUTE_ATTENDANCE_TODAY, "/api/attendance/today", "GET, HEAD" },
	{ ROUTE_HISTORY, "/api/attendance/history", "GET" },
	{ ROUTE_EXPORT, "/api/attendance/export", "GET" },
	{ ROUTE_VALIDATE, "/api/qr/validate/*", "GET, HEAD" },
	{ ROUTE_QR, "/api/qr/*", "GET, HEAD" },
	{ ROUTE_LIVE, "/health/live", "GET, HEAD" },
	{ ROUTE_READY, "/health/ready", "GET, HEAD" },
	{ ROUTE_METRICS, "/metrics", "GET, HEAD" },
	{ ROUTE_COUNT, "/live/*", "GET, HEAD" },
};

bool
route_path_valid(const char *path)
{
	const char *at, *segment;

	if (path[0] != '/' || strlen(path) > PATH_MAX_BYTES)
		return false;
	for (segment = path + 1; ; segment = at + 1) {
		for (at = segment; isalnum((unsigned char)*at) ||
		    (*at != '\0' && strchr("-._~", *at) != NULL); at++)
			;
		if (*at != '/' && *at != '\0')
			return false;
		if (at == segment)
			return *at == '\0';
		if ((at - segment == 1 && segment[0] == '.') ||
		    (at - segment == 2 && segment[0] == '.' && segment[1] == '.'))
			return false;
		if (*at == '\0')
			return true;
	}
}

/*
 * Does `path` fit the pattern of row `row`? If so, the argument of `target` is the segment that its
 * "*" stands for.
 */
static bool
fits(size_t row, const char *path, struct target *target)
{
	const char *star = strchr(routes[row].path, '*');
	size_t before = star == NULL ? 0 : (size_t)(star - routes[row].path), length;

	if (star == NULL) {
		target->argument = NULL;
		target->length = 0;
		return strcmp(path, routes[row].path) == 0;
	}
	if (strncmp(path, routes[row].path, before) != 0)
		return false;
	length = strcspn(path + before, "/");
	if (length == 0 || strcmp(path + before + length, star + 1) != 0)
		return false;
	target->argument = path + before;
	target->length = length;
	return true;
}

/* Is `method` in the list `allow`, "GET, HEAD"? */
static bool
is_allowed(const char *allow, const char *method)
{
	size_t length;

	for (;; allow += length + 2) {
		length = strcspn(allow, ",");
		if (strlen(method) == length && strncmp(allow, method, length) == 0)
			return true;
		if (allow[length] == '\0')
			return false;
	}
}

enum status
route_find(const char *method, const char *path, struct target *target)
{
	size_t row;

	*target = (struct target){ .route = ROUTE_FILE, .allow = "GET, HEAD",
	    .is_api = strncmp(path, "/api/", 5) == 0 || strncmp(path, "/health/", 8) == 0 };
	if (!route_path_valid(path))
		return ST_BAD_REQUEST;
	for (row = 0; row < sizeof routes / sizeof routes[0] && !fits(row, path, target); row++)
		;
	if (row < sizeof routes / sizeof routes[0]) {
		target->route = routes[row].route;
		target->allow = routes[row].allow;
	} else {
		target->argument = path + 1;
		target->length = strlen(path + 1);
	}
	return is_allowed(target->allow, method) ? ST_OK : ST_BAD_METHOD;
}
