// SPDX-License-Identifier: ISC
/* cmd_status.c: figures of the club. */
#include "gen/command.h"

enum status
command_status(struct call *call)
{
	static const struct listing_column columns[] = { { "figure", "FIGURE" },
	    { "value", "VALUE" }, { NULL, NULL } };
	struct figures figures;
	json_t *object, *rows, *value;
	const char *key;
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
	object = listing_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:i,s:s,s:s,s:s}",
	    "club", call->club.name, "groups", (json_int_t)figures.groups,
	    "places", (json_int_t)figures.places, "people", (json_int_t)figures.people,
	    "runs", (json_int_t)figures.runs, "run_dates", (json_int_t)figures.run_dates,
	    "attendances", (json_int_t)figures.attendances, "present", (json_int_t)figures.present,
	    "late", (json_int_t)figures.late, "excused", (json_int_t)figures.excused,
	    "absent", (json_int_t)figures.absent, "events", (json_int_t)figures.events,
	    "schema", figures.schema, "sqlite", store_sqlite_version(), "exports", exports,
	    "reports", reports);
	if (call->is_json) {
		listing_json(stdout, object);
	} else {
		rows = listing_pack("[]");
		json_object_foreach(object, key, value)
			json_array_append_new(rows,
			    listing_pack("{s:s,s:O}", "figure", key, "value", value));
		listing_table(stdout, rows, columns);
		json_decref(rows);
	}
	json_decref(object);
	return ST_OK;
}
