// SPDX-License-Identifier: ISC
/*
 * route.h: what each path means, byte for byte, and which methods it accepts.
 *
 * turnoutd answers by it, and the check of the site's links learns from it which addresses are not
 * files. Every path that is not named here is a file of the site. Nothing is decoded or tidied: a
 * path that could be spelled more simply is refused.
 */
#ifndef TURNOUT_ROUTE_H
#define TURNOUT_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

/* Where no method is named: GET and HEAD. */
enum route {
	ROUTE_REGISTER,			/* POST /api/register, /api/v1/attendance/mark */
	ROUTE_SCAN,			/* POST /api/v1/scans */
	ROUTE_UNDO,			/* POST /api/v1/attendance/undo */
	ROUTE_CHECK_OUT,		/* POST /api/v1/attendance/check-out */
	ROUTE_SUGGEST,			/* POST /api/v1/people/suggest */
	ROUTE_STATS,			/* /api/v1/sessions/SESSION/stats */
	ROUTE_CALENDAR,			/* /api/calendar */
	ROUTE_CALENDAR_TODAY,		/* /api/calendar/today */
	ROUTE_ATTENDANCE_TODAY,		/* /api/attendance/today */
	ROUTE_HISTORY,			/* GET /api/attendance/history, for the admin */
	ROUTE_EXPORT,			/* GET /api/attendance/export, for the admin */
	ROUTE_QR,			/* /api/qr/SESSION */
	ROUTE_VALIDATE,			/* /api/qr/validate/TOKEN */
	ROUTE_LIVE,			/* /health/live */
	ROUTE_READY,			/* /health/ready */
	ROUTE_METRICS,			/* /metrics */
	ROUTE_COUNT,			/* /live/SESSION.json */
	ROUTE_FILE,			/* anything else */
	ROUTE_END
};

struct target {
	enum route	 route;
	const char	*allow;		/* its methods, as in an Allow header; constant */
	/*
	 * SESSION, TOKEN or "SESSION.json"; for ROUTE_FILE the whole path without its first slash;
	 * else NULL. Borrowed from the path.
	 */
	const char	*argument;
	size_t		 length;	/* bytes of `argument` */
	bool		 is_api;	/* failures are reported in JSON */
};

/*
 * Find what `path` means for `method`. target->is_api is set whatever the outcome.
 *   ST_BAD_REQUEST  not canonical (route_path_valid)
 *   ST_BAD_METHOD   `target` is set as for ST_OK, but only target->allow is accepted
 */
enum status	route_find(const char *method, const char *path, struct target *target);

/*
 * Is `path` at most 1,000 bytes: "/", then segments of ASCII letters, digits and "-._~" separated
 * by "/", none of them "." or "..", and none empty but the last ("/", "/runs/")?
 */
bool		route_path_valid(const char *path);

#endif
