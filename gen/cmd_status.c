// SPDX-License-Identifier: ISC
/* cmd_status.c: figures of the club. */
#include "gen/command.h"

enum status
command_status(struct call *call)
{
	struct figures figures;
	char exports[STORE_TEXT_SIZE + 64] = "", reports[STORE_TEXT_SIZE + 64] = "";
	enum status status = store_figures(call->store, &figures);

	if (status != ST_OK)
		return call_fail_store(call, status, "There are no figures.");
	if (call->club.capability[0] != '\0') {
		snprintf(exports, sizeof exports, "%s/exports/%s/", call->club.address,
		    call->club.capability);
		snprintf(reports, sizeof reports, "%s/reports/%s/", call->club.address,
		    call->club.capability);
	}
	call_show(call, listing_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:i,s:s,s:s,s:s}",
	    "club", call->club.name, "groups", (json_int_t)figures.groups,
	    "places", (json_int_t)figures.places, "people", (json_int_t)figures.people,
	    "runs", (json_int_t)figures.runs, "run_dates", (json_int_t)figures.run_dates,
	    "attendances", (json_int_t)figures.attendances, "present", (json_int_t)figures.present,
	    "late", (json_int_t)figures.late, "excused", (json_int_t)figures.excused,
	    "absent", (json_int_t)figures.absent, "events", (json_int_t)figures.events,
	    "schema", figures.schema, "sqlite", store_sqlite_version(), "exports", exports,
	    "reports", reports), "FIGURE");
	return ST_OK;
}
