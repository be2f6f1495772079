// SPDX-License-Identifier: ISC
/*
 * cmd_export.c: writes the register or the event log to standard output or a file, as the options
 * say. It reads from a snapshot of the database, so that no check-in waits for a slow reader of the
 * output.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "gen/cmd_output.h"
#include "gen/cmd_share.h"
#include "gen/import.h"

/* One export. */
struct job {
	const struct call *call;
	struct store	*copy;		/* of the facts, as they were when the command began */
	struct export_request request;
	char		 from[WALL_DATE_SIZE], to[WALL_DATE_SIZE], about[STORE_TEXT_SIZE * 2];
	bool		 has_progress;
	size_t		 lines;
	const char	*unknown;	/* what is wrong with `word`; NULL while nothing is */
	char		 word[NAME_SIZE];
};

static bool
add_column(void *handle, const char *name)
{
	struct job *job = handle;
	struct export_request *request = &job->request;
	enum export_column column;

	snprintf(job->word, sizeof job->word, "%s", name);
	if (export_column_find(request->kind, name, &column) != ST_OK)
		job->unknown = "is not a column";
	for (size_t i = 0; job->unknown == NULL && i < request->n_columns; i++)
		if (request->columns[i] == column)
			job->unknown = "is named twice";
	if (job->unknown != NULL)
		return false;
	request->columns[request->n_columns++] = column;
	return true;
}

/* The columns of `kind`, for people: "date, start, …". */
static void
list_columns(enum export_kind kind, struct buffer *list)
{
	for (enum export_column column = 0; column < EXPORT_COLUMN_END; column++)
		if ((export_columns[column].kinds & (1u << kind)) != 0)
			buffer_format(list, "%s%s", list->length > 0 ? ", " : "",
			    export_columns[column].name);
}

static enum status
read_columns(const struct call *call, struct job *job)
{
	const char *list = call_value(call, OPTION_COLUMNS);
	struct buffer all = { 0 };

	if (list == NULL)
		return ST_OK;
	if (import_list(list, add_column, job) != ST_OK)
		return call_fail(call, ST_USAGE,
		    "--columns has a quote without an end. Nothing was written.");
	if (job->unknown == NULL)
		return ST_OK;
	list_columns(job->request.kind, &all);
	call_fail(call, ST_USAGE, "--columns: “%s” %s. Nothing was written. Columns: %s.",
	    job->word, job->unknown, buffer_text(&all));
	buffer_clear(&all);
	return ST_USAGE;
}

/* Read which kind, format and paper size were asked for. */
static enum status
read_form(const struct call *call, struct job *job)
{
	struct export_request *request = &job->request;

	if (call->n_words > 0 && export_kind_find(call->words[0], &request->kind) != ST_OK)
		return call_fail(call, ST_USAGE,
		    "KIND must be register or events, not “%s”. Nothing was "
		    "written.", call->words[0]);
	return output_form(call, &request->format, &request->is_letter);
}

/* Read which page was asked for, if any. */
static enum status
read_page(const struct call *call, struct job *job)
{
	double page = 1, per_page = 100;
	enum status status = share_number(call, OPTION_PAGE, 1, 1e9, &page);

	if (status == ST_OK)
		status = share_number(call, OPTION_PER_PAGE, 1, 1000, &per_page);
	if (status != ST_OK || (!call_has(call, OPTION_PAGE) && !call_has(call, OPTION_PER_PAGE)))
		return status;
	if (job->request.format != EXPORT_JSON)
		return call_fail(call, ST_USAGE,
		    "--page and --per-page need --format json. Nothing was written.");
	job->request.page = (size_t)page;
	job->request.per_page = (size_t)per_page;
	return ST_OK;
}

/* Read whose attendance, at which group and dates, was asked for. */
static enum status
read_filter(const struct call *call, struct job *job)
{
	struct register_filter *filter = &job->request.filter;
	const char *person = call_value(call, OPTION_PERSON);
	enum status status = share_group(call, OPTION_GROUP, &filter->group_id);

	if (status == ST_OK && person != NULL) {
		status = store_person(call->store, person, false, call->now, &filter->person_id,
		    NULL);
		if (status != ST_OK)
			return call_fail_store(call, status, "Nothing was written.");
	}
	if (status == ST_OK)
		status = share_date(call, OPTION_FROM, job->from);
	if (status == ST_OK)
		status = share_date(call, OPTION_TO, job->to);
	filter->from = call_has(call, OPTION_FROM) ? job->from : NULL;
	filter->to = call_has(call, OPTION_TO) ? job->to : NULL;
	return status == ST_OK ? share_span(call, filter->from, filter->to) : status;
}

/* Describe what the file holds, for people: "Register, Hills, from 2026-01-01 to 2026-12-31". */
static void
describe(const struct call *call, struct job *job)
{
	const struct register_filter *filter = &job->request.filter;
	const char *group = call_value(call, OPTION_GROUP),
	    *person = call_value(call, OPTION_PERSON);

	snprintf(job->about, sizeof job->about, "%s%s%s%s%s%s%s%s%s",
	    job->request.kind == EXPORT_EVENTS ? "Event log" : "Register",
	    filter->group_id != 0 ? ", " : "", filter->group_id != 0 ? group : "",
	    person != NULL ? ", " : "", person != NULL ? person : "",
	    filter->from != NULL ? ", from " : "", filter->from != NULL ? filter->from : "",
	    filter->to != NULL ? ", to " : "", filter->to != NULL ? filter->to : "");
	job->request.club = call->club.name;
	job->request.about = job->about;
}

/* Make a file name: "harbour-runners-register-hills-2026-01-01-2026-12-31.csv". */
static void
make_name(const struct call *call, const struct job *job, struct buffer *name)
{
	const struct register_filter *filter = &job->request.filter;
	char slugs[STORE_TEXT_SIZE];
	const char *const parts[] = {
		call->club.name, export_kind_name(job->request.kind),
		call_value(call, OPTION_GROUP), call_value(call, OPTION_PERSON),
		filter->from, filter->to,
	};

	name_slugs(parts, sizeof parts / sizeof *parts, slugs, sizeof slugs);
	buffer_format(name, "%s.%s", slugs, export_format_ending(job->request.format));
	(void)buffer_text(name);
}

/* Show the progress, each time on the same line. */
static void
tell_progress(void *handle, size_t lines)
{
	struct job *job = handle;

	fprintf(stderr, "\r%zu lines", lines);
	job->has_progress = true;
}

static enum status
fill_file(void *handle, FILE *out)
{
	struct job *job = handle;
	enum status status = export_write(job->copy, &job->request, out, &job->lines);
	int error = errno;

	if (job->has_progress)
		fprintf(stderr, "\r\033[K");
	if (status == ST_REFUSED)
		call_fail(job->call, status, "The facts cannot be read: %s. No complete file was "
		    "written. turnout doctor may say more.", store_why(job->copy));
	errno = error;
	return status;
}

enum status
command_export(struct call *call)
{
	struct job job = { .call = call };
	struct buffer name = { 0 }, path = { 0 };
	enum status status;

	if (call_has(call, OPTION_ALL))
		return command_export_all(call);
	status = read_form(call, &job);
	if (status == ST_OK)
		status = read_columns(call, &job);
	if (status == ST_OK)
		status = read_page(call, &job);
	if (status == ST_OK)
		status = read_filter(call, &job);
	if (status != ST_OK)
		return status;
	describe(call, &job);
	make_name(call, &job, &name);
	output_path(call, buffer_text(&name), job.request.format <= EXPORT_JSON, &path);
	if (!call->is_quiet && isatty(STDERR_FILENO) &&
	    (path.length > 0 || !isatty(STDOUT_FILENO))) {
		job.request.tell = tell_progress;
		job.request.handle = &job;
	}
	status = store_snapshot(call->store, &job.copy);
	if (status == ST_OK)
		status = output_write(call, buffer_text(&path), fill_file, &job);
	else
		call_fail_store(call, status, "Nothing was written.");
	store_close(job.copy);
	/* a single page is for looking at; only whole exports are recorded */
	if (status == ST_OK && job.request.per_page == 0)
		status = output_note(call, export_kind_name(job.request.kind),
		    export_format_name(job.request.format), &job.request.filter,
		    job.lines);
	if (status == ST_OK && path.length > 0)
		call_tell(call, "%zu lines in %s.", job.lines, buffer_text(&path));
	buffer_clear(&name);
	buffer_clear(&path);
	return status;
}
