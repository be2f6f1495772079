// SPDX-License-Identifier: ISC
/*
 * route.h: which address means what, byte for byte, and which methods it takes.
 *
 * turnoutd answers by it, and a check of the site's links knows from it what no file stands behind.
 * Everything not named here is a file of the site. Nothing is decoded or tidied: an address that
 * could be spelled more simply is refused.
 */
#ifndef TURNOUT_ROUTE_H
#define TURNOUT_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

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
	 * SESSION, TOKEN, or the whole path without its first slash; borrowed from the path, NULL
	 * for none
	 */
	const char	*argument;
	size_t		 length;	/* bytes of it */
	bool		 is_api;	/* failures are told in JSON */
};

/*
 * Find what `path` means for `method`; target->allow is set with ST_BAD_METHOD too, target->is_api
 * always.
 *   ST_BAD_REQUEST  not canonical (route_path_valid)
 *   ST_BAD_METHOD   only those of target->allow are taken
 */
enum status	route_find(const char *method, const char *path, struct target *target);

/*
 * Is `path` "/" or "/"-separated segments of letters, digits and "-._~", none empty, "." or "..",
 * at most 1,000 bytes? The last may be empty ("/runs/").
 */
bool		route_path_valid(const char *path);

#endif
