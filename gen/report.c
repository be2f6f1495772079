// SPDX-License-Identifier: ISC
/* report.c: see report.h. */
#include "gen/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gen/buffer.h"

#define MARK_WIDTH	5	/* width of a date's column on paper, characters */
#define DATE_SIZE	32	/* bytes of its heading */

#define TEXT(word, size)	{ .name = word, .type = EXPORT_IS_TEXT, .width = size }
#define DATE(word)		{ .name = word, .type = EXPORT_IS_DATE, .width = 11 }
#define NUMBER(word)		{ .name = word, .type = EXPORT_IS_NUMBER, .width = 9 }
#define SUMS			NUMBER("runs"), NUMBER("came"), NUMBER("average")

/* Each kind: the section of its rows, the unit of that if it has one, and the columns in order. */
static const struct {
	const char	*name, *section, *unit;
	struct export_column_about columns[12];
} kinds[REPORT_KIND_END] = {
	[REPORT_PEOPLE] = { "people", "people", NULL,
	    { TEXT("person", 30), NUMBER("came"), NUMBER("due"), NUMBER("rate"), NUMBER("late"),
	    NUMBER("minutes"), NUMBER("worst"), NUMBER("excused"), NUMBER("unproven"),
	    NUMBER("missed"), NUMBER("longest"), NUMBER("now") } },
	[REPORT_GRID] = { "grid", "people", NULL,
	    { TEXT("person", 26), NUMBER("came"), NUMBER("due"), NUMBER("rate") } },
	[REPORT_MONTHS] = { "months", "steps", "month", { TEXT("step", 12), SUMS } },
	[REPORT_WEEKS] = { "weeks", "steps", "week", { DATE("step"), SUMS } },
	[REPORT_PLACES] = { "places", "places", NULL, { TEXT("place", 30), SUMS } },
	[REPORT_GROUPS] = { "groups", "groups", NULL, { TEXT("group", 30), SUMS } },
	[REPORT_PROOFS] = { "proofs", "proofs", NULL,
	    { TEXT("proof", 12), TEXT("level_name", 12), NUMBER("came") } },
	[REPORT_NEWCOMERS] = { "newcomers", "newcomers", NULL,
	    { TEXT("person", 30), DATE("date"), TEXT("title", 26), NUMBER("times") } },
	[REPORT_STOPPED] = { "stopped", "stopped", NULL,
	    { TEXT("person", 30), TEXT("group", 26), DATE("date"), NUMBER("missed") } },
};

/* What the marks "0" to "5" of templates/partials/report.sql mean: in a file, and on paper. */
static const char *const mark_words[][2] = {
	{ "", "" }, { "present", "✓" }, { "late", "L" }, { "excused", "E" }, { "absent", "A" },
	{ "unproven", "?" },
};

/* One report that is being written. */
struct report {
	struct pages	*pages;
	struct page	*page;
	const struct report_request *request;
	const char	*section;
	struct export_table table;
	struct export_column_about *columns;
	int		*numbers;		/* those of the columns in the section */
	const char	**values;		/* those of a row */
	char		(*dates)[2][DATE_SIZE];	/* headings of a grid: in a file, and on paper */
	size_t		 n_dates;
};

enum status
report_kind_find(const char *name, enum report_kind *kind)
{
	for (*kind = 0; *kind < REPORT_KIND_END; (*kind)++)
		if (strcmp(kinds[*kind].name, name) == 0)
			return ST_OK;
	return ST_UNKNOWN;
}

const char *
report_kind_name(enum report_kind kind)
{
	return kinds[kind].name;
}

/* Does `text` match the pattern, in which 0 stands for any digit? */
static bool
is_like(const char *text, const char *pattern)
{
	for (; *pattern != '\0'; text++, pattern++)
		if (*pattern == '0' ? *text < '0' || *text > '9' : *text != *pattern)
			return false;
	return *text == '\0';
}

enum status
report_range(const char *text, char from[WALL_DATE_SIZE], char to[WALL_DATE_SIZE])
{
	static const char *const last_days[] = { "31", "30", "29", "28" };
	size_t i = 0;

	if (is_like(text, "0000")) {
		snprintf(from, WALL_DATE_SIZE, "%.4s-01-01", text);
		snprintf(to, WALL_DATE_SIZE, "%.4s-12-31", text);
	} else if (is_like(text, "0000-0000") && atoi(text + 5) == atoi(text) + 1) {
		snprintf(from, WALL_DATE_SIZE, "%.4s-09-01", text);
		snprintf(to, WALL_DATE_SIZE, "%.4s-08-31", text + 5);
	} else if (is_like(text, "0000-00")) {
		snprintf(from, WALL_DATE_SIZE, "%.7s-01", text);
		do
			snprintf(to, WALL_DATE_SIZE, "%.7s-%s", text, last_days[i]);
		while (!wall_date_valid(to) && ++i < sizeof last_days / sizeof last_days[0]);
	} else {
		return ST_USAGE;
	}
	return wall_date_valid(from) && wall_date_valid(to) ? ST_OK : ST_USAGE;
}

static void *
allocate(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);

	if (memory == NULL)
		buffer_fail();
	return memory;
}

/* The text of a column; "" for NULL, and for a column that a changed query no longer has. */
static const char *
text_of(struct rows *rows, int column)
{
	const char *text = column < 0 ? NULL : rows_text(rows, column, NULL);

	return text == NULL ? "" : text;
}

/* Read the headings of a grid: date and start, so that none are alike; on paper month and day. */
static enum status
read_dates(struct report *report)
{
	int date = page_section_column(report->page, "dates", "date"),
	    start = page_section_column(report->page, "dates", "start");
	struct rows *rows = page_section_rows(report->pages, report->page, "dates");
	enum status status = ST_OK;
	size_t size = (size_t)page_row_number(report->page, "runs");

	report->dates = allocate(size, sizeof *report->dates);
	while (report->n_dates < size && (status = rows_step(rows)) == ST_OK) {
		const char *day = text_of(rows, date);

		snprintf(report->dates[report->n_dates][0], DATE_SIZE, "%s %s", day,
		    text_of(rows, start));
		snprintf(report->dates[report->n_dates++][1], DATE_SIZE, "%s",
		    strlen(day) == 10 ? day + 5 : day);
	}
	rows_reset(rows);
	return status == ST_OK || status == ST_UNKNOWN ? ST_OK
	    : page_section_fail(report->pages, report->page, "dates");
}

/* Work out which columns there are, and where their values are. */
static void
choose_columns(struct report *report)
{
	const struct export_column_about *about = kinds[report->request->kind].columns;
	size_t n = 0, i;

	while (n < sizeof kinds[0].columns / sizeof kinds[0].columns[0] && about[n].name != NULL)
		n++;
	report->table.n_columns = n + report->n_dates;
	report->table.n_fixed = report->n_dates > 0 ? n : 0;
	report->columns = allocate(report->table.n_columns, sizeof *report->columns);
	report->numbers = allocate(n, sizeof *report->numbers);
	report->values = allocate(report->table.n_columns, sizeof *report->values);
	for (i = 0; i < n; i++) {
		report->columns[i] = about[i];
		report->numbers[i] = page_section_column(report->page, report->section,
		    about[i].name);
	}
	for (i = 0; i < report->n_dates; i++)
		report->columns[n + i] = (struct export_column_about){ .name = report->dates[i][0],
		    .printed = report->dates[i][1], .width = MARK_WIDTH };
	report->table.columns = report->columns;
}

/* Read the values of the current row, followed by the marks of a grid. */
static void
read_row(struct report *report, struct rows *rows)
{
	size_t n = report->table.n_columns - report->n_dates, i;
	const char *marks = "";
	bool is_paper = report->request->format == EXPORT_PDF;

	for (i = 0; i < n; i++)
		report->values[i] = text_of(rows, report->numbers[i]);
	if (report->n_dates > 0)
		marks = text_of(rows, page_section_column(report->page, report->section, "marks"));
	for (i = 0; i < report->n_dates; i++) {
		report->values[n + i] = *marks < '0' || *marks > '5' ? ""
		    : mark_words[*marks - '0'][is_paper];
		marks += *marks != '\0';
	}
}

/* Pass all rows to the writer. */
static enum status
write_rows(struct report *report, FILE *out, size_t *lines)
{
	const struct export_writer *writer = export_writer_of(report->request->format);
	struct rows *rows = page_section_rows(report->pages, report->page, report->section);
	void *handle = writer->open(&report->table, out);
	enum status status = ST_OK, read = ST_OK, closed;
	int error;

	/* on the page, a row around the section binds this */
	if (kinds[report->request->kind].unit != NULL)
		rows_bind_text(rows, "unit", kinds[report->request->kind].unit);
	while (status == ST_OK && (read = rows_step(rows)) == ST_OK) {
		read_row(report, rows);
		status = writer->row(handle, report->values);
		*lines += status == ST_OK;
	}
	error = errno;
	rows_reset(rows);
	closed = writer->close(handle, status == ST_OK && read == ST_UNKNOWN);
	if (status == ST_OK) {
		status = closed;
		error = errno;
	}
	errno = 0;
	if (fflush(out) != 0 && status == ST_OK) {
		status = export_failed();
		error = errno;
	}
	errno = error;
	return status != ST_OK || read == ST_UNKNOWN ? status
	    : page_section_fail(report->pages, report->page, report->section);
}

static void
clear(struct report *report)
{
	free(report->columns);
	free(report->numbers);
	free(report->values);
	free(report->dates);
}

enum status
report_write(struct pages *pages, const struct report_request *request, FILE *out, size_t *lines)
{
	struct report report = { .pages = pages, .page = pages_find(pages, "report"),
	    .request = request, .section = kinds[request->kind].section,
		.table = { .name = kinds[request->kind].name, .club = request->club,
		.about = request->about, .format = request->format,
		.is_letter = request->is_letter } };
	char key[PAGE_KEY_SIZE];
	enum status status;
	int error;

	*lines = 0;
	if (report.page == NULL || !page_has_section(pages, report.page, report.section) ||
	    !page_has_section(pages, report.page, "dates"))
		return ST_REFUSED;
	snprintf(key, sizeof key, "%lld/%s..%s/%d", (long long)request->group_id, request->from,
	    request->to, (int)request->level);
	status = page_enter(pages, report.page, key);
	if (status != ST_OK && status != ST_UNKNOWN)
		status = ST_REFUSED;
	if (status == ST_OK && request->kind == REPORT_GRID)
		status = read_dates(&report);
	if (status == ST_OK) {
		choose_columns(&report);
		status = write_rows(&report, out, lines);
	}
	error = errno;
	page_leave(report.page);
	clear(&report);
	errno = error;
	return status;
}
