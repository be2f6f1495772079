// SPDX-License-Identifier: ISC
/*
 * cmd_paper.c: what is printed for one run, the poster with its code and the sheet that people
 * sign; and entering the numbers from a signed sheet.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/address.h"
#include "core/code.h"
#include "core/number.h"
#include "gen/cmd_output.h"
#include "gen/cmd_share.h"
#include "gen/paper.h"

#ifdef HAVE_PDF

/* at least 12 cm without the quiet zone, which can be a quarter of a small symbol */
#define QR_SIDE		(16 * PAPER_CM)
#define ROW		26.0	/* height of a row to sign in, points */
#define BLANK_ROWS	8	/* for people who are not listed */

/* A poster or sheet that is being drawn. */
struct print {
	const struct call *call;
	const struct run *run;
	bool		 is_letter;
	struct paper	*paper;
	double		 y;
	int		 page;
	size_t		 lines;
	char		 when[160];	/* "Tuesday 24 November 2026, 18:30–19:30" */
};

/* Write the date and time of the run for people. */
static void
write_when(struct print *print)
{
	const struct run *run = print->run;
	char date[64];
	time_t midnight = (time_t)(wall_day(run->date) * 86400);	/* in UTC */
	struct tm tm;

	gmtime_r(&midnight, &tm);
	strftime(date, sizeof date, "%A %e %B %Y", &tm);
	snprintf(print->when, sizeof print->when, "%s, %.5s%s%.5s", date, run->start,
	    run->end[0] != '\0' ? "\u2013" : "", run->end);
}

/* Write a centred line on the poster, and advance `y`. */
static void
centre(struct print *print, double size, bool is_bold, const char *text)
{
	if (*text == '\0')
		return;
	paper_text(print->paper, PAPER_MARGIN, print->y,
	    paper_width(print->paper) - 2 * PAPER_MARGIN, size, is_bold, PAPER_CENTRE, text);
	print->y += size * 1.4;
}

static enum status
fill_poster(void *handle, FILE *out)
{
	struct print *print = handle;
	const struct run *run = print->run;
	const struct club *club = &print->call->club;
	struct run_time time = run_time_of(run);
	struct code_content content = { .run_id = run->id, .kind = CODE_PRINTED };
	char token[CODE_TOKEN_SIZE], address[STORE_TEXT_SIZE + 64], line[STORE_TEXT_SIZE + 64],
	    digits[CODE_SESSION_SIZE + 1];
	struct run_window window;
	struct place place = { 0 };
	enum status status = run_window(&time, &window);

	content.expires = window.closes;
	if (status == ST_OK)
		status = code_token_make(&content, run->key, token);
	if (status == ST_OK)
		status = address_form(club->address, token, address, sizeof address);
	if (status == ST_OK && run->place_id != 0)
		status = store_place_find(print->call->store, run->place, &place);
	if (status != ST_OK) {
		call_fail(print->call, status,
		    "This run has no code, or its place is not known. Nothing was written; "
		    "turnout doctor says more.");
		return ST_REFUSED;
	}
	snprintf(line, sizeof line, "%s: %s", club->name, run_title(run));
	print->paper = paper_open(out, line, print->is_letter, false);
	print->y = PAPER_MARGIN;
	centre(print, 16, false, club->name);
	centre(print, 34, true, run_title(run));
	centre(print, 18, false, print->when);
	centre(print, 16, false, run->place);
	centre(print, 12, false, place.address);
	(void)paper_qr(print->paper, (paper_width(print->paper) - QR_SIDE) / 2, print->y, QR_SIDE,
	    address);
	print->y += QR_SIDE + 4;
	centre(print, 14, false, "Scan to check in, or type this code");
	snprintf(digits, sizeof digits, "%.5s-%s", run->session, run->session + 5);
	centre(print, 40, true, digits);
	snprintf(line, sizeof line, "at %s/%s", strstr(club->address, "://") + 3, ADDRESS_FORM);
	centre(print, 14, false, line);
	return paper_close(print->paper);
}

static void
begin_sheet(struct print *print)
{
	double left = PAPER_MARGIN, width = paper_width(print->paper) - 2 * PAPER_MARGIN;
	char text[NAME_SIZE * 2 + 8];

	if (print->page++ > 0)
		paper_next(print->paper);
	paper_text(print->paper, left, left, width - 60, 16, true, PAPER_LEFT,
	    run_title(print->run));
	snprintf(text, sizeof text, "page %d", print->page);
	paper_text(print->paper, left + width - 56, left + 6, 56, 9, false, PAPER_RIGHT, text);
	snprintf(text, sizeof text, "%s%s%s", print->call->club.name,
	    print->run->place[0] != '\0' ? ", " : "", print->run->place);
	paper_text(print->paper, left, left + 22, width, 10, false, PAPER_LEFT, text);
	paper_text(print->paper, left, left + 36, width, 10, false, PAPER_LEFT, print->when);
	print->y = left + 58;
	paper_text(print->paper, left, print->y, 60, 9, true, PAPER_LEFT, "Number");
	paper_text(print->paper, left + 64, print->y, 200, 9, true, PAPER_LEFT, "Name");
	paper_text(print->paper, left + width * 0.55, print->y, 200, 9, true, PAPER_LEFT,
	    "Signature");
	print->y += 14;
	paper_line(print->paper, left, print->y, width);
}

static void
add_row(struct print *print, const char *number, const char *name)
{
	double left = PAPER_MARGIN, width = paper_width(print->paper) - 2 * PAPER_MARGIN;

	if (print->page == 0 || print->y + ROW > paper_height(print->paper) - PAPER_MARGIN)
		begin_sheet(print);
	paper_text(print->paper, left, print->y + 8, 60, 11, false, PAPER_LEFT, number);
	paper_text(print->paper, left + 64, print->y + 8, width * 0.55 - 70, 11, false, PAPER_LEFT,
	    name);
	print->y += ROW;
	paper_line(print->paper, left, print->y, width);
}

static bool
add_person(void *handle, int64_t id, const char *name)
{
	struct print *print = handle;
	char number[NUMBER_SIZE];

	number_make(id, number);
	add_row(print, number, name);
	print->lines++;
	return true;
}

static enum status
fill_sheet(void *handle, FILE *out)
{
	struct print *print = handle;
	char title[NAME_SIZE * 2 + 8];
	enum status status, written;

	snprintf(title, sizeof title, "%s: %s", print->call->club.name, run_title(print->run));
	print->paper = paper_open(out, title, print->is_letter, false);
	status = store_sheet(print->call->store, print->run, add_person, print);
	for (int i = 0; status == ST_OK && i < BLANK_ROWS; i++)
		add_row(print, "", "");
	written = paper_close(print->paper);
	if (status == ST_OK)
		return written;
	call_fail_store(print->call, status, "Nothing was written.");
	return ST_REFUSED;
}

static enum status
print_paper(struct call *call, const char *what, enum status (*fill)(void *handle, FILE *out))
{
	struct print print = { .call = call };
	struct buffer name = { 0 }, path = { 0 };
	struct run run;
	enum status status = output_paper(call, &print.is_letter);

	if (status == ST_OK)
		status = share_run(call, call->words[0], &run);
	if (status != ST_OK)
		return status;
	print.run = &run;
	write_when(&print);
	buffer_format(&name, "%s-%s-%s.pdf", what, run.date, run.slug);
	output_path(call, buffer_text(&name), false, &path);
	status = output_write(call, buffer_text(&path), fill, &print);
	if (status == ST_OK && fill == fill_sheet)
		status = output_note(call, what,
		    "pdf", &(struct register_filter){ .from = run.date, .to = run.date,
		    .group_id = run.group_id }, print.lines);
	if (status == ST_OK && path.length > 0)
		call_tell(call, "The %s is in %s.", what, buffer_text(&path));
	buffer_clear(&name);
	buffer_clear(&path);
	return status;
}

enum status
command_export_poster(struct call *call)
{
	return print_paper(call, "poster", fill_poster);
}

enum status
command_export_sheet(struct call *call)
{
	return print_paper(call, "sheet", fill_sheet);
}

#else

enum status
command_export_poster(struct call *call)
{
	return call_elsewhere(call, export_format_lacks(EXPORT_PDF));
}

enum status
command_export_sheet(struct call *call)
{
	return command_export_poster(call);
}

#endif

/* Mark the person whose number is on one line; *is_new when they were not in before. */
static enum status
mark_line(const struct call *call, const struct run *run, const char *text, size_t line,
    bool *is_new)
{
	int64_t id;
	enum status status = number_read(text, &id) ? store_person_there(call->store, id)
	    : ST_UNKNOWN;

	if (status == ST_UNKNOWN)
		return call_fail(call, ST_REFUSED,
		    "line %zu: “%.60s” is not a number from a sheet of this club. Look at it "
		    "again: "
		    "one digit is wrong, or two are swapped. Nobody was marked.", line, text);
	if (status == ST_OK)
		status = store_mark(call->store, run->id, id, ATTENDANCE_PRESENT, "host", call->now,
		    call->now, is_new);
	return status == ST_OK ? ST_OK : call_fail_store(call, status, "Nobody was marked.");
}

enum status
command_import_sheet(struct call *call)
{
	char *text = NULL;
	size_t size = 0, line = 0, n_new = 0, n_all = 0;
	FILE *file = NULL;
	struct run run;
	bool is_new = false;
	ssize_t length;
	enum status status = share_run(call, call->words[0], &run);

	if (status != ST_OK)
		return status;
	file = share_open(call, call->n_words > 1 ? call->words[1] : "-");
	if (file == NULL)
		return ST_FAULT;
	status = store_begin(call->store);
	if (status != ST_OK)
		call_fail_store(call, status, "Nobody was marked.");
	while (status == ST_OK && (length = getline(&text, &size, file)) >= 0) {
		line++;
		text[strcspn(text, "\r\n")] = '\0';
		if (text[strspn(text, " \t")] == '\0')
			continue;
		status = mark_line(call, &run, text, line, &is_new);
		n_new += status == ST_OK && is_new;
		n_all++;
	}
	if (status == ST_OK && ferror(file) != 0)
		status = call_fail(call, ST_FAULT,
		    "the sheet could not be read. Nobody was marked.");
	if (status == ST_OK) {
		status = store_commit(call->store);
		if (status != ST_OK)
			call_fail_store(call, status, "Nobody was marked.");
	}
	if (status != ST_OK)
		store_rollback(call->store);
	else
		call_tell(call, "%zu marked as present, %zu were in "
		    "already.", n_new, n_all - n_new);
	free(text);
	share_close(file);
	return status;
}
