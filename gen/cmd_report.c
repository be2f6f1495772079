// SPDX-License-Identifier: ISC
/*
 * cmd_report.c: writes the figures of a report page to standard output or a file, for a month, a
 * year, a season or any two dates. It reads from a snapshot of the database, as turnout export
 * does.
 */
#include <errno.h>
#include <string.h>

#include "gen/cmd_output.h"
#include "gen/cmd_share.h"
#include "gen/report.h"

/* One report. */
struct job {
	const struct call *call;
	struct store	*copy;		/* of the facts, as they were when the command began */
	struct report_request request;
	char		 today[WALL_DATE_SIZE], about[STORE_TEXT_SIZE * 2];
	size_t		 lines;
};

/* Read the least level of proof that counts ("host"). */
static enum status
read_level(const struct call *call, enum level *level)
{
	const char *name = call_value(call, OPTION_LEVEL);

	for (*level = LEVEL_NONE;
	    name != NULL && *level < LEVEL_END && strcmp(name, level_name(*level)) != 0; (*level)++)
		;
	return *level < LEVEL_END ? ST_OK
	    : call_fail(call, ST_USAGE,
	    "--level must be none, printed, screen, place or host, not “%s”. "
	    "Nothing was written.", name);
}

/* Read which report was asked for, in which format. */
static enum status
read_form(const struct call *call, struct report_request *request)
{
	enum status status;

	if (report_kind_find(call->words[0], &request->kind) != ST_OK)
		return call_fail(call, ST_USAGE,
		    "“%s” is not a report. The reports are people, grid, months, weeks, places, "
		    "groups, "
		    "proofs, newcomers, stopped. Nothing was written.", call->words[0]);
	status = output_form(call, &request->format, &request->is_letter);
	return status == ST_OK ? read_level(call, &request->level) : status;
}

/*
 * Read which group and dates the report covers: a range in one word, or dates (one of them leaves
 * the other end open), or else this year until today.
 */
static enum status
read_filter(const struct call *call, struct job *job)
{
	struct report_request *request = &job->request;
	enum status status = share_group(call, OPTION_GROUP, &request->group_id);

	if (status == ST_OK && request->group_id == 0 && request->kind == REPORT_GRID)
		return call_fail(call, ST_USAGE,
		    "A grid is for one group: name it with --group. Nothing was written.");
	if (status == ST_OK && request->group_id != 0 && request->kind == REPORT_GROUPS)
		return call_fail(call, ST_USAGE,
		    "A report by groups is for the whole club: leave --group out. Nothing was "
		    "written.");
	if (status == ST_OK)
		status = share_today(call, job->today);
	if (status != ST_OK)
		return status;
	snprintf(request->from, sizeof request->from, "%s",
	    call_has(call, OPTION_TO) ? "0001-01-01" : job->today);
	memcpy(request->from + 4, "-01-01", sizeof "-01-01");
	snprintf(request->to, sizeof request->to, "%s",
	    call_has(call, OPTION_FROM) ? "9999-12-31" : job->today);
	if (call->n_words > 1 && report_range(call->words[1], request->from, request->to) != ST_OK)
		return call_fail(call, ST_USAGE,
		    "“%s” is no month (2026-11), year (2026) or season (2025-2026). Nothing was "
		    "written.", call->words[1]);
	if (call->n_words > 1 && (call_has(call, OPTION_FROM) || call_has(call, OPTION_TO)))
		return call_fail(call, ST_USAGE,
		    "“%s” says from when to when: leave --from and --to out. Nothing was written.",
		    call->words[1]);
	status = share_date(call, OPTION_FROM, request->from);
	if (status == ST_OK)
		status = share_date(call, OPTION_TO, request->to);
	return status == ST_OK ? share_span(call, request->from, request->to) : status;
}

/* Describe it for people: "people, Hills, 2026-01-01 to 2026-12-31, proof: screen or better". */
static void
describe(const struct call *call, struct job *job)
{
	const struct report_request *request = &job->request;
	const char *group = request->group_id != 0 ? call_value(call, OPTION_GROUP) : NULL;

	snprintf(job->about, sizeof job->about, "%s%s%s, %s to %s%s%s%s",
	    report_kind_name(request->kind), group != NULL ? ", " : "",
	    group != NULL ? group : "", request->from, request->to,
	    request->level > LEVEL_NONE ? ", proof: " : "",
	    request->level > LEVEL_NONE ? level_name(request->level) : "",
	    request->level > LEVEL_NONE ? " or better" : "");
	job->request.club = call->club.name;
	job->request.about = job->about;
}

/* Make a file name: "harbour-runners-people-hills-2026-01-01-2026-12-31-screen.csv". */
static void
make_name(const struct call *call, const struct report_request *request, struct buffer *name)
{
	const char *const parts[] = {
		call->club.name, report_kind_name(request->kind),
		request->group_id != 0 ? call_value(call, OPTION_GROUP) : NULL,
		request->from, request->to,
		request->level > LEVEL_NONE ? level_name(request->level) : NULL,
	};
	char slugs[STORE_TEXT_SIZE];

	name_slugs(parts, sizeof parts / sizeof *parts, slugs, sizeof slugs);
	buffer_format(name, "%s.%s", slugs, export_format_ending(request->format));
	(void)buffer_text(name);
}

/* Write the report with the queries of the pages. */
static enum status
fill_file(void *handle, FILE *out)
{
	struct job *job = handle;
	const struct call *call = job->call;
	struct page_clock clock = { .since = 1, .now = call->now, .then = call->now };
	struct mustache_error why;
	struct pages *pages;
	enum status status = pages_load(store_driver(job->copy), call->templates, NULL, &pages,
	    &why);
	int error;

	if (status != ST_OK) {
		pages_clear(pages);
		return call_fail(call, ST_REFUSED, "%s. Nothing was written.", why.text);
	}
	memcpy(clock.today, job->today, sizeof clock.today);
	memcpy(clock.then_day, job->today, sizeof clock.then_day);
	status = pages_begin(pages, &clock) == ST_OK
	    ? report_write(pages, &job->request, out, &job->lines) : ST_REFUSED;
	error = errno;
	if (status == ST_UNKNOWN)
		status = call_fail(call, ST_REFUSED,
		    "No date from %s to %s is over. Nothing was written.", job->request.from,
		    job->request.to);
	else if (status == ST_REFUSED)
		call_fail(call, status, "%s. No complete file was written. turnout doctor may say "
		    "more.", pages_why(pages));
	pages_end(pages);
	pages_clear(pages);
	errno = error;
	return status;
}

enum status
command_report(struct call *call)
{
	struct job job = { .call = call };
	struct register_filter filter = { .from = job.request.from, .to = job.request.to };
	struct buffer name = { 0 }, path = { 0 };
	enum status status = read_form(call, &job.request);

	if (status == ST_OK)
		status = read_filter(call, &job);
	if (status != ST_OK)
		return status;
	filter.group_id = job.request.group_id;
	describe(call, &job);
	make_name(call, &job.request, &name);
	output_path(call, buffer_text(&name), job.request.format <= EXPORT_JSON, &path);
	status = store_snapshot(call->store, &job.copy);
	if (status == ST_OK)
		status = output_write(call, buffer_text(&path), fill_file, &job);
	else
		call_fail_store(call, status, "Nothing was written.");
	store_close(job.copy);
	if (status == ST_OK)
		status = output_note(call, report_kind_name(job.request.kind),
		    export_format_name(job.request.format), &filter, job.lines);
	if (status == ST_OK && path.length > 0)
		call_tell(call, "%zu lines in %s.", job.lines, buffer_text(&path));
	buffer_clear(&name);
	buffer_clear(&path);
	return status;
}
