// SPDX-License-Identifier: ISC
/*
 * cmd_check.c: turnout publish --check: checks the database, the templates, and every link of the
 * site as it would be published now.
 *
 * The site is made in a temporary folder, so that nothing readers see is touched. Problems go to
 * standard output, one a line; remarks, which are not problems, to standard error.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/manifest.h"
#include "gen/folder.h"
#include "gen/health.h"
#include "gen/links.h"
#include "gen/message.h"
#include "gen/publish.h"
#include "gen/site.h"

#ifdef LEAN

enum status
command_check(struct call *call)
{
	return call_elsewhere(call, "This program was built without the reader of HTML.");
}

#else

#define FAULTS_SHOWN	300
#define REMARKS_SHOWN	20

struct check {
	struct call		*call;
	json_t			*rows;		/* problems and remarks, for --json */
	int64_t			 faults;
	int64_t			 remarks;
	struct link_report	 links;
	char			 folder[PATH_MAX];	/* the temporary folder */
	int			 leash;		/* pipe, open while the folder is needed */
	pid_t			 sweeper;
};

/* ---- problems and remarks ---- */

static json_t *
text_or_null(const char *text)
{
	/* json_string gives NULL for what is not UTF-8 */
	json_t *value = text == NULL ? NULL : json_string(text);

	return value != NULL ? value : json_null();
}

static void
add_row(struct check *check, const char *state, const char *what, const char *file,
    unsigned int line, const char *link, const char *found)
{
	json_array_append_new(check->rows,
	    listing_pack("{s:s,s:s,s:o,s:o,s:o,s:o}", "check", what, "state", state,
	    "file", text_or_null(file), "line", line == 0 ? json_null() : json_integer(line),
	    "link", text_or_null(link), "found", text_or_null(found)));
}

/*
 * Report a problem. `file` is NULL when the sentence names it, `line` 0 when it is not about one
 * line; `link` may be NULL.
 */
static void
tell_fault(struct check *check, const char *what, const char *file, unsigned int line,
    const char *link, const char *found)
{
	if (check->faults++ >= FAULTS_SHOWN)
		return;
	if (check->call->is_json)
		add_row(check, "problem", what, file, line, link, found);
	else if (line > 0)
		printf("%s:%u: %s\n", file, line, found);
	else
		printf("%s%s%s\n", file == NULL ? "" : file, file == NULL ? "" : ": ", found);
}

static void
tell_remark(struct check *check, const char *what, const char *file, const char *found)
{
	if (check->remarks++ >= REMARKS_SHOWN)
		return;
	if (check->call->is_json)
		add_row(check, "remark", what, file, 0, NULL, found);
	else
		call_tell(check->call, "%s: %s", file, found);
}

/* ---- a folder that is removed whatever happens ---- */

/*
 * In a process of its own: wait until the other end of `leash` is closed, by us or because we were
 * killed, then remove the folder.
 */
_Noreturn static void
sweep(const char *folder, int leash)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	char byte;
	size_t i;

	for (i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
		signal(ignored[i], SIG_IGN);
	if (dup2(leash, STDIN_FILENO) >= 0 && close_range(STDIN_FILENO + 1, ~0U, 0) == 0)
		while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
			;
	_exit(folder_remove(folder) ? 0 : 1);
}

static enum status
open_folder(struct check *check)
{
	const char *base = getenv("TMPDIR");
	int ends[2];

	snprintf(check->folder, sizeof check->folder, "%s/turnout-check-XXXXXX",
	    base == NULL || *base == '\0' ? "/tmp" : base);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return call_fail(check->call, ST_FAULT,
		    "no pipe can be made: %s. Nothing was checked.", strerror(errno));
	if (mkdtemp(check->folder) == NULL)
		return call_fail(check->call, errno == ENOSPC ? ST_FULL : ST_FAULT,
		    "%s cannot be made: %s. Pages were not checked. Set "
		    "TMPDIR to a folder that can be written.", check->folder, strerror(errno));
	check->sweeper = fork();
	if (check->sweeper == 0)
		sweep(check->folder, ends[0]);
	(void)close(ends[0]);
	check->leash = ends[1];
	if (check->sweeper > 0)
		return ST_OK;
	(void)rmdir(check->folder);
	return call_fail(check->call, ST_FAULT,
	    "no process can be started: %s. Pages were not checked.", strerror(errno));
}

static void
close_folder(struct check *check)
{
	int state = 0;

	(void)close(check->leash);
	while (waitpid(check->sweeper, &state, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(state) || WEXITSTATUS(state) != 0)
		call_tell(check->call, "%s could not be removed; you can delete "
		    "it.", check->folder);
}

/* ---- what is checked ---- */

static void
check_database(struct check *check)
{
	json_t *rows = listing_pack("[]"), *row;
	char found[PATH_MAX + 512];
	size_t i;

	health_database(check->call, rows);
	json_array_foreach(rows, i, row) {
		const char *text = json_string_value(json_object_get(row, "found"));

		if (json_is_true(json_object_get(row, "fine")))
			continue;
		snprintf(found, sizeof found, "%s%s %s", text == NULL ? "" : text,
		    text == NULL || strchr(".!?", text[strlen(text) - 1]) != NULL
		    ? "" : ".", json_string_value(json_object_get(row, "advice")));
		tell_fault(check, json_string_value(json_object_get(row, "check")),
		    check->call->database, 0, NULL, found);
	}
	json_decref(rows);
}

/*
 * Make the site in the temporary folder. What is wrong with a template or a page is reported as a
 * problem, and ST_OK returned.
 */
static enum status
make_site(struct check *check)
{
	struct call *call = check->call;
	struct store *own = NULL;	/* call->store is in use for reading */
	struct publisher *publisher;
	struct publish_request request = { .now = call->now, .is_full = true };
	struct publish_report report;
	enum status status = publisher_open(call->database, &own, call->templates, check->folder,
	    &publisher);
	enum status past = ST_OK;

	if (status == ST_OK && call_has(call, OPTION_AS_OF))
		status = past = publisher_rewind(publisher, call->now);
	if (status == ST_OK) {
		publisher_precompress(publisher, call_has(call, OPTION_PRECOMPRESS));
		status = publish(publisher, &request, &report);
	}
	if (past != ST_OK || status == ST_FULL || status == ST_READ_ONLY || status == ST_LOCKED) {
		call_fail(call, status, "%s Links were not checked.", publisher_why(publisher));
	} else if (status != ST_OK) {
		tell_fault(check, "templates", NULL, 0, NULL, publisher_why(publisher));
		status = ST_OK;
	}
	publisher_close(publisher);
	return status;
}

static void
take_link(void *handle, const struct link_fault *fault)
{
	tell_fault(handle, "links", fault->file, fault->line, fault->link, fault->what);
}

/*
 * Find files of SITE that turnout did not make, and files it made that are gone although the next
 * full publish would make them.
 */
static enum status
compare_site(struct check *check, struct manifest *manifest)
{
	struct folder made = { 0 }, found = { 0 };
	char path[PATH_MAX * 2];
	bool is_read = folder_read(&made, check->folder, "public") &&
	    folder_read(&made, check->folder, "private") &&
	    folder_read(&found, check->call->site, "public") &&
	    folder_read(&found, check->call->site, "private");
	enum status status = is_read ? ST_OK
	    : call_fail(check->call, ST_FAULT, "%s cannot be read: %s. It was not checked.",
	    check->call->site, strerror(errno));
	size_t i;

	for (i = 0; is_read && i < found.count; i++) {
		snprintf(path, sizeof path, "%s/%s", check->call->site, folder_name(&found, i));
		if (!manifest_has(manifest, folder_name(&found, i)))
			tell_remark(check, "site", path,
			    "was not made by turnout. It stays as it is, and turnoutd does not "
			    "show it.");
	}
	for (i = 0; is_read && i < made.count; i++) {
		snprintf(path, sizeof path, "%s/%s", check->call->site, folder_name(&made, i));
		if (folder_find(&found, folder_name(&made, i)) == SIZE_MAX &&
		    manifest_has(manifest, folder_name(&made, i)))
			tell_fault(check, "site", path, 0, NULL,
			    "was deleted. turnout publish --full brings it back.");
	}
	folder_clear(&made);
	folder_clear(&found);
	return status;
}

static enum status
check_site(struct check *check)
{
	struct manifest *manifest;
	struct site *site = NULL;
	char path[PATH_MAX * 2];
	enum status status;

	snprintf(path, sizeof path, "%s/manifest.db", check->call->site);
	status = manifest_open(path, false, &manifest);
	if (status == ST_UNKNOWN) {
		tell_remark(check, "site", check->call->site, "was not published yet.");
		return ST_OK;
	}
	if (status != ST_OK) {
		tell_fault(check, "site", path, 0, NULL,
		    "cannot be read. Delete it, and the next publish makes everything again.");
		return ST_OK;
	}
	/* so that nobody publishes meanwhile */
	status = site_open(check->call->site, PUBLISH_WAIT_MS, &site);
	if (status == ST_OK)
		status = compare_site(check, manifest);
	else
		call_fail(check->call, status, "%s", site_why(site));
	site_close(site);
	manifest_close(manifest);
	return status;
}

static void
take_message(void *handle, const char *file, unsigned int line, const char *found)
{
	tell_fault(handle, "messages", file, line, NULL, found);
}

/* Check the pages and the site, which need a sound database. */
static enum status
check_pages(struct check *check)
{
	enum status status = call_set_now(check->call, check->call->club.zone);

	if (status == ST_OK && call_has(check->call, OPTION_AS_OF))
		status = call_set_past(check->call);
	if (status == ST_OK)
		status = open_folder(check);
	if (status != ST_OK)
		return status;
	status = make_site(check);
	if (status == ST_OK && check->faults == 0) {
		links_check(check->folder, check->call->club.address, take_link, check,
		    &check->links);
		status = check_site(check);
	}
	close_folder(check);
	return status;
}

/* "12,345" */
static const char *
write_number(int64_t number, char text[32])
{
	char digits[32];
	size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRId64, number), i, used = 0;

	for (i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			text[used++] = ',';
		text[used++] = digits[i];
	}
	text[used] = '\0';
	return text;
}

static void
end_list(struct check *check)
{
	char more[64], files[32], links[32];

	if (check->remarks > REMARKS_SHOWN) {
		snprintf(more, sizeof more, "and %s more such files.",
		    write_number(check->remarks - REMARKS_SHOWN, files));
		check->remarks = 0;
		tell_remark(check, "site", check->call->site, more);
	}
	if (check->faults > FAULTS_SHOWN)
		snprintf(more, sizeof more, "and %s more",
		    write_number(check->faults - FAULTS_SHOWN, files));
	if (check->call->is_json) {
		if (check->faults > FAULTS_SHOWN)
			add_row(check, "problem", "all", NULL, 0, NULL, more);
		listing_json(stdout, check->rows);
	} else if (check->faults > FAULTS_SHOWN) {
		puts(more);
	} else if (check->faults == 0 && !check->call->is_quiet) {
		printf("%s files, %s links: all well\n", write_number(check->links.files, files),
		    write_number(check->links.links, links));
	}
}

enum status
command_check(struct call *call)
{
	struct check check = { .call = call, .rows = listing_pack("[]") };
	char number[32];
	enum status status;

	check_database(&check);
	messages_compare(call->templates, take_message, &check);
	status = check.faults == 0 ? check_pages(&check) : ST_OK;
	if (status == ST_OK)
		end_list(&check);
	json_decref(check.rows);
	if (status != ST_OK || check.faults == 0)
		return status;
	return call_fail(call, ST_PROBLEMS, "The check found %s %s. Nothing was published.",
	    write_number(check.faults, number), check.faults == 1 ? "problem" : "problems");
}

#endif
