// SPDX-License-Identifier: ISC
/*
 * export_pdf.c: rows as a table on paper. Each page shows the club, what the table is, the page
 * number, and the head of the table.
 *
 * Rows that may be too wide are on landscape pages. They are kept, and written again on further
 * pages with the columns that had no room, beside the fixed ones.
 */
#include "gen/export.h"

#ifdef HAVE_PDF

#include <stdlib.h>
#include <string.h>

#include "gen/buffer.h"
#include "gen/paper.h"

#define TEXT_SIZE	8.5	/* points */
#define LEADING		12.0
#define GAP		5.0	/* between columns */
#define NARROW_GAP	1.5	/* between the columns that are not fixed */
#define CHARACTER	4.2	/* width of such tables, points a character */

struct pdf_writer {
	const struct export_table *table;
	struct paper	*paper;
	double		 y;			/* upper edge of the next row */
	double		*width;			/* of each column */
	const char	**names;		/* of each column */
	int		 page;
	size_t		 from, to;		/* other columns on this page: from to to - 1 */
	struct buffer	 kept;			/* the values of wide rows, each with its NUL */
	size_t		 n_kept;		/* rows in `kept` */
};

static double
write_cell(struct pdf_writer *writer, double x, size_t i, bool is_bold, const char *value)
{
	const struct export_table *table = writer->table;
	bool is_mark = table->n_fixed > 0 && i >= table->n_fixed;
	enum paper_align align = is_mark ? PAPER_CENTRE : table->columns[i].type == EXPORT_IS_NUMBER
	    ? PAPER_RIGHT : PAPER_LEFT;

	paper_text(writer->paper, x, writer->y, writer->width[i] - (is_mark ? NARROW_GAP : GAP),
	    TEXT_SIZE, is_bold, align, value);
	return x + writer->width[i];
}

static void
write_cells(struct pdf_writer *writer, bool is_bold, const char *const *value)
{
	double x = PAPER_MARGIN;
	size_t i;

	for (i = 0; i < writer->table->n_fixed; i++)
		x = write_cell(writer, x, i, is_bold, value[i]);
	for (i = writer->from; i < writer->to; i++)
		x = write_cell(writer, x, i, is_bold, value[i]);
	writer->y += LEADING;
}

static void
begin_page(struct pdf_writer *writer)
{
	const struct export_table *table = writer->table;
	double width = paper_width(writer->paper) - 2 * PAPER_MARGIN;
	char number[32];

	if (writer->page++ > 0)
		paper_next(writer->paper);
	snprintf(number, sizeof number, "page %d", writer->page);
	paper_text(writer->paper, PAPER_MARGIN, PAPER_MARGIN, width - 60, 13, true, PAPER_LEFT,
	    table->club);
	paper_text(writer->paper, PAPER_MARGIN + width - 56, PAPER_MARGIN + 4, 56, TEXT_SIZE, false,
	    PAPER_RIGHT, number);
	paper_text(writer->paper, PAPER_MARGIN, PAPER_MARGIN + 18, width, TEXT_SIZE, false,
	    PAPER_LEFT, table->about);
	writer->y = PAPER_MARGIN + 36;
	write_cells(writer, true, writer->names);
	paper_line(writer->paper, PAPER_MARGIN, writer->y, width);
	writer->y += 3;
}

/* Choose the columns of a page from column `from` on: what fits beside the fixed, at least one. */
static void
choose_columns(struct pdf_writer *writer, size_t from)
{
	double room = paper_width(writer->paper) - 2 * PAPER_MARGIN;
	size_t i;

	for (i = 0; i < writer->table->n_fixed; i++)
		room -= writer->width[i];
	writer->from = writer->to = from;
	while (writer->to < writer->table->n_columns &&
	    (writer->to == from || room >= writer->width[writer->to]))
		room -= writer->width[writer->to++];
}

static void *
pdf_open(const struct export_table *table, FILE *out)
{
	struct pdf_writer *writer = calloc(1, sizeof *writer);
	char title[STORE_TEXT_SIZE * 2];
	double sum = 0;
	size_t i;

	if (writer == NULL)
		buffer_fail();
	writer->table = table;
	writer->width = calloc(table->n_columns + 1, sizeof *writer->width);
	writer->names = calloc(table->n_columns + 1, sizeof *writer->names);
	if (writer->width == NULL || writer->names == NULL)
		buffer_fail();
	snprintf(title, sizeof title, "%s: %s", table->club, table->about);
	writer->paper = paper_open(out, title, table->is_letter, table->n_fixed > 0);
	for (i = 0; i < table->n_columns; i++)
		sum += table->columns[i].width;
	for (i = 0; i < table->n_columns; i++) {
		writer->names[i] = table->columns[i].printed != NULL ? table->columns[i].printed
		    : table->columns[i].name;
		writer->width[i] = table->n_fixed > 0 ? table->columns[i].width * CHARACTER
		    : (paper_width(writer->paper) - 2 * PAPER_MARGIN)
		    * table->columns[i].width / sum;
	}
	if (table->n_fixed > 0)
		choose_columns(writer, table->n_fixed);
	else
		writer->to = table->n_columns;
	begin_page(writer);
	return writer;
}

static void
put_row(struct pdf_writer *writer, const char *const *value)
{
	if (writer->y + LEADING > paper_height(writer->paper) - PAPER_MARGIN)
		begin_page(writer);
	write_cells(writer, false, value);
}

static enum status
pdf_row(void *handle, const char *const *value)
{
	struct pdf_writer *writer = handle;
	size_t i;

	put_row(writer, value);
	if (writer->to == writer->table->n_columns)
		return ST_OK;
	for (i = 0; i < writer->table->n_columns; i++)
		buffer_append(&writer->kept, value[i], strlen(value[i]) + 1);
	writer->n_kept++;
	return ST_OK;
}

/* Write the columns that had no room, page after page. */
static void
write_kept(struct pdf_writer *writer)
{
	size_t n_columns = writer->table->n_columns, row, i;
	const char **value = calloc(n_columns + 1, sizeof *value), *at;

	if (value == NULL)
		buffer_fail();
	while (writer->to < n_columns) {
		choose_columns(writer, writer->to);
		begin_page(writer);
		for (at = writer->kept.data, row = 0; row < writer->n_kept; row++) {
			for (i = 0; i < n_columns; i++, at += strlen(at) + 1)
				value[i] = at;
			put_row(writer, value);
		}
	}
	free(value);
}

static enum status
pdf_close(void *handle, bool is_whole)
{
	struct pdf_writer *writer = handle;
	enum status status;

	if (is_whole)
		write_kept(writer);
	status = paper_close(writer->paper);
	buffer_clear(&writer->kept);
	free(writer->width);
	free(writer->names);
	free(writer);
	return status;
}

const struct export_writer export_pdf = { pdf_open, pdf_row, pdf_close };

#endif
