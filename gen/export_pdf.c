// SPDX-License-Identifier: ISC
/* export_pdf.c: rows as a table on paper. Each page has the club, what it is, its number, and the head of the table. */
#include "gen/export.h"

#ifdef HAVE_PDF

#include <stdlib.h>
#include <string.h>

#include "gen/buffer.h"
#include "gen/paper.h"

#define TEXT_SIZE	8.5	/* points */
#define LEADING		12.0
#define GAP		5.0	/* between columns */

struct pdf_writer {
	const struct export_request *request;
	struct paper	*paper;
	double		 y;			/* of the next row */
	double		 width[EXPORT_COLUMN_END];	/* by place in the request */
	int		 page;
};

static void
write_cells(struct pdf_writer *writer, bool is_bold, const char *const *value)
{
	double x = PAPER_MARGIN;

	for (size_t i = 0; i < writer->request->n_columns; i++) {
		paper_text(writer->paper, x, writer->y, writer->width[i] - GAP, TEXT_SIZE, is_bold, PAPER_LEFT, value[i]);
		x += writer->width[i];
	}
	writer->y += LEADING;
}

static void
begin_page(struct pdf_writer *writer)
{
	const struct export_request *request = writer->request;
	double width = paper_width(writer->paper) - 2 * PAPER_MARGIN;
	const char *names[EXPORT_COLUMN_END];
	char number[32];

	if (writer->page++ > 0)
		paper_next(writer->paper);
	snprintf(number, sizeof number, "page %d", writer->page);
	for (size_t i = 0; i < request->n_columns; i++)
		names[i] = export_columns[request->columns[i]].name;
	paper_text(writer->paper, PAPER_MARGIN, PAPER_MARGIN, width - 60, 13, true, PAPER_LEFT, request->club);
	paper_text(writer->paper, PAPER_MARGIN + width - 56, PAPER_MARGIN + 4, 56, TEXT_SIZE, false, PAPER_RIGHT, number);
	paper_text(writer->paper, PAPER_MARGIN, PAPER_MARGIN + 18, width, TEXT_SIZE, false, PAPER_LEFT, request->about);
	writer->y = PAPER_MARGIN + 36;
	write_cells(writer, true, names);
	paper_line(writer->paper, PAPER_MARGIN, writer->y, width);
	writer->y += 3;
}

static void *
pdf_open(const struct export_request *request, FILE *out)
{
	struct pdf_writer *writer = calloc(1, sizeof *writer);
	char title[STORE_TEXT_SIZE * 2];
	double sum = 0;

	if (writer == NULL)
		buffer_fail();
	writer->request = request;
	snprintf(title, sizeof title, "%s: %s", request->club, request->about);
	writer->paper = paper_open(out, title, request->is_letter);
	for (size_t i = 0; i < request->n_columns; i++)
		sum += export_columns[request->columns[i]].width;
	for (size_t i = 0; i < request->n_columns; i++)
		writer->width[i] = (paper_width(writer->paper) - 2 * PAPER_MARGIN) * export_columns[request->columns[i]].width / sum;
	begin_page(writer);
	return writer;
}

static enum status
pdf_row(void *handle, const char *const *value)
{
	struct pdf_writer *writer = handle;

	if (writer->y + LEADING > paper_height(writer->paper) - PAPER_MARGIN)
		begin_page(writer);
	write_cells(writer, false, value);
	return ST_OK;
}

static enum status
pdf_close(void *handle, bool is_whole)
{
	struct pdf_writer *writer = handle;
	enum status status;

	(void)is_whole;
	status = paper_close(writer->paper);
	free(writer);
	return status;
}

const struct export_writer export_pdf = { pdf_open, pdf_row, pdf_close };

#endif
