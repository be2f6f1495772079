// SPDX-License-Identifier: ISC
/* route.c: see route.h. */
#include "core/route.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define PATH_MAX_BYTES	1000

/* A row whose path ends with a slash takes one more segment, its argument. Longer paths stand first. */
static const struct {
	enum route	 route;
	const char	*path;
	const char	*allow;
} routes[] = {
	{ ROUTE_REGISTER, "/api/register", "POST" },
	{ ROUTE_CALENDAR, "/api/calendar", "GET, HEAD" },
	{ ROUTE_CALENDAR_TODAY, "/api/calendar/today", "GET, HEAD" },
	{ ROUTE_ATTENDANCE_TODAY, "/api/attendance/today", "GET, HEAD" },
	{ ROUTE_VALIDATE, "/api/qr/validate/", "GET, HEAD" },
	{ ROUTE_QR, "/api/qr/", "GET, HEAD" },
	{ ROUTE_LIVE, "/health/live", "GET, HEAD" },
	{ ROUTE_READY, "/health/ready", "GET, HEAD" },
};

bool
route_path_valid(const char *path)
{
	const char *at, *segment;

	if (path[0] != '/' || strlen(path) > PATH_MAX_BYTES)
		return false;
	for (segment = path + 1; ; segment = at + 1) {
		for (at = segment; isalnum((unsigned char)*at) || (*at != '\0' && strchr("-._~", *at) != NULL); at++)
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

/* Does `path` fit the pattern of row `row`? *argument is then its last segment, or NULL. */
static bool
fits(size_t row, const char *path, const char **argument)
{
	size_t length = strlen(routes[row].path);

	*argument = NULL;
	if (routes[row].path[length - 1] != '/')
		return strcmp(path, routes[row].path) == 0;
	*argument = path + length;
	return strncmp(path, routes[row].path, length) == 0 && path[length] != '\0' && strchr(path + length, '/') == NULL;
}

enum status
route_find(const char *method, const char *path, struct target *target)
{
	size_t row;
	bool is_read = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;

	*target = (struct target){ .route = ROUTE_FILE, .allow = "GET, HEAD",
	    .is_api = strncmp(path, "/api/", 5) == 0 || strncmp(path, "/health/", 8) == 0 };
	if (!route_path_valid(path))
		return ST_BAD_REQUEST;
	target->argument = path + 1;
	for (row = 0; row < sizeof routes / sizeof routes[0]; row++) {
		const char *argument;

		if (!fits(row, path, &argument))
			continue;
		target->route = routes[row].route;
		target->allow = routes[row].allow;
		target->argument = argument;
		break;
	}
	if (target->route == ROUTE_REGISTER)
		return strcmp(method, "POST") == 0 ? ST_OK : ST_BAD_METHOD;
	return is_read ? ST_OK : ST_BAD_METHOD;
}
