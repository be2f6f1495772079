// SPDX-License-Identifier: ISC
/* cmd_publish.c: compile the site once. */
#include "gen/command.h"
#include "gen/publish.h"

/* What a dry run would do to one file. */
static void
print_change(void *handle, const char *path, enum publish_change change)
{
	static const char *const words[] = { [PUBLISH_ADDED] = "added", [PUBLISH_CHANGED] = "changed", [PUBLISH_REMOVED] = "removed" };

	(void)handle;
	printf("%s %s\n", words[change], path);
}

enum status
command_publish(struct call *call)
{
	bool is_past = call_has(call, OPTION_AS_OF);
	struct publisher *publisher;
	struct publish_request request = { .now = call->now, .is_full = call_has(call, OPTION_FULL), .is_dry = call_has(call, OPTION_DRY_RUN) };
	struct publish_report report;
	char summary[160];
	enum status status;

	if (call_has(call, OPTION_CHECK))
		return command_check(call);
	status = is_past ? call_set_past(call) : ST_OK;
	if (status != ST_OK)
		return status;
	status = publisher_open(call->database, call->templates, call->site, &publisher);
	if (status == ST_OK && is_past)
		status = publisher_rewind(publisher, call->now);
	request.now = call->now;
	if (request.is_dry && !call->is_json)
		request.changing = print_change;
	if (status == ST_OK) {
		publisher_precompress(publisher, call_has(call, OPTION_PRECOMPRESS));
		status = publish(publisher, &request, &report);
	}
	if (status != ST_OK) {
		call_fail(call, status, "%s", publisher_why(publisher));
	} else if (call->is_json) {
		json_t *object = listing_pack("{s:I,s:I,s:I,s:I,s:I,s:b}", "pages", (json_int_t)(report.pages - report.images),
		    "images", (json_int_t)report.images, "changed", (json_int_t)report.changed,
		    "removed", (json_int_t)report.removed, "ms", (json_int_t)report.ms, "full", report.is_full);

		listing_json(stdout, object);
		json_decref(object);
	} else if (!call->is_quiet) {
		publish_summary(&report, summary, sizeof summary);
		puts(summary);
	}
	publisher_close(publisher);
	return status;
}
