// SPDX-License-Identifier: ISC
/* cmd_publish.c: compiles the site once. */
#include "gen/command.h"
#include "gen/deliver.h"
#include "gen/publish.h"

/* Print what a dry run would do to one file. */
static void
print_change(void *handle, const char *path, enum publish_change change)
{
	static const char *const words[] = { [PUBLISH_ADDED] = "added",
	    [PUBLISH_CHANGED] = "changed", [PUBLISH_REMOVED] = "removed" };

	(void)handle;
	printf("%s %s\n", words[change], path);
}

static void
print_report(const struct call *call, const struct publish_report *report)
{
	char summary[160];
	json_t *object;

	if (call->is_json) {
		object = listing_pack("{s:I,s:I,s:I,s:I,s:I,s:b}",
		    "pages", (json_int_t)(report->pages - report->images),
		    "images", (json_int_t)report->images, "changed", (json_int_t)report->changed,
		    "removed", (json_int_t)report->removed, "ms", (json_int_t)report->ms,
		    "full", report->is_full);
		listing_json(stdout, object);
		json_decref(object);
	} else if (!call->is_quiet) {
		publish_summary(report, summary, sizeof summary);
		puts(summary);
	}
}

/* Pass on to the target of --to, if there is one; `noted` is how recording the changes went. */
static enum status
hand_over(const struct call *call, struct deliver *deliver, enum status noted)
{
	int64_t count;

	if (!call_has(call, OPTION_TO))
		return noted == ST_OK ? ST_OK
		    : call_fail(call, noted, "The site is published here. %s",
		    deliver_why(deliver));
	fflush(stdout);
	if (deliver_flush(deliver, &count) != ST_OK)
		return call_fail(call, ST_FAULT,
		    "The site is published here; handing it to %s failed: %s "
		    "What was not sent is kept and goes with the next "
		    "publish.", deliver_label(deliver),
		    deliver_why(deliver));
	call_tell(call, "handed over to %s: %lld paths", deliver_label(deliver), (long long)count);
	return ST_OK;
}

/* Publish, print the report, and hand over. */
static enum status
publish_once(struct call *call, struct publisher *publisher)
{
	struct publish_request request = { .now = call->now, .is_full = call_has(call, OPTION_FULL),
	    .is_dry = call_has(call, OPTION_DRY_RUN) };
	struct publish_report report;
	struct deliver *deliver;
	enum status noted = ST_OK,
	    status = deliver_open(call->site, call_value(call, OPTION_TO), &deliver_pace, &deliver);

	if (status != ST_OK) {
		call_fail(call, status, "%s", deliver_why(deliver));
		deliver_close(deliver);
		return status;
	}
	if (!request.is_dry) {
		request.handle = deliver;
		request.changing = deliver_note;
		deliver_begin(deliver);
	} else if (!call->is_json) {
		request.changing = print_change;
	}
	status = publish(publisher, &request, &report);
	if (!request.is_dry)
		noted = deliver_end(deliver);
	if (status != ST_OK)
		call_fail(call, status, "%s", publisher_why(publisher));
	else
		print_report(call, &report);
	if (status == ST_OK && !request.is_dry)
		status = hand_over(call, deliver, noted);
	deliver_close(deliver);
	return status;
}

enum status
command_publish(struct call *call)
{
	bool is_past = call_has(call, OPTION_AS_OF);
	struct publisher *publisher;
	enum status status;

	if (call_has(call, OPTION_CHECK))
		return command_check(call);
	status = is_past ? call_set_past(call) : ST_OK;
	if (status != ST_OK)
		return status;
	status = publisher_open(call->database, &call->store, call->templates, call->site,
	    &publisher);
	if (status == ST_OK && is_past)
		status = publisher_rewind(publisher, call->now);
	if (status == ST_OK) {
		publisher_precompress(publisher, call_has(call, OPTION_PRECOMPRESS));
		status = publish_once(call, publisher);
	} else {
		call_fail(call, status, "%s", publisher_why(publisher));
	}
	publisher_close(publisher);
	return status;
}
