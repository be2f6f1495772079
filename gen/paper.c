// SPDX-License-Identifier: ISC
/* paper.c: see paper.h. The only file that knows cairo and pango. */
#include "gen/paper.h"

#ifdef HAVE_PDF

#include <cairo-pdf.h>
#include <errno.h>
#include <pango/pangocairo.h>
#include <stdlib.h>

#include "gen/buffer.h"
#include "gen/export.h"
#include "gen/qr.h"

#define KNOWN_MAX	4096	/* texts that are kept laid out */

/* A text laid out. */
struct laid {
	PangoLayout	*layout;
	double		 width, ascent;		/* points */
};

struct paper {
	FILE		*out;
	cairo_surface_t	*surface;
	cairo_t		*cairo;
	double		 width, height;
	GHashTable	*known;			/* "size/bold/text" to struct laid */
	struct buffer	 key;
	enum status	 status;		/* of the first write that failed */
	int		 error;
};

static cairo_status_t
write_bytes(void *handle, const unsigned char *data, unsigned int length)
{
	struct paper *paper = handle;

	if (paper->status == ST_OK) {
		paper->status = export_put(paper->out, (const char *)data, length);
		paper->error = errno;
	}
	return paper->status == ST_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void
free_laid(void *handle)
{
	struct laid *laid = handle;

	g_object_unref(laid->layout);
	free(laid);
}

struct paper *
paper_open(FILE *out, const char *title, bool is_letter, bool is_landscape)
{
	struct paper *paper = calloc(1, sizeof *paper);
	double shorter = is_letter ? 612 : 21.0 * PAPER_CM, longer = is_letter ? 792 : 29.7 * PAPER_CM;

	if (paper == NULL)
		buffer_fail();
	paper->out = out;
	paper->status = ST_OK;
	paper->width = is_landscape ? longer : shorter;
	paper->height = is_landscape ? shorter : longer;
	paper->surface = cairo_pdf_surface_create_for_stream(write_bytes, paper, paper->width, paper->height);
	cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_TITLE, title);
	cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_CREATOR, "Turnout");
	paper->cairo = cairo_create(paper->surface);
	paper->known = g_hash_table_new_full(g_str_hash, g_str_equal, free, free_laid);
	return paper;
}

enum status
paper_close(struct paper *paper)
{
	enum status status;
	int error;

	if (paper == NULL)
		return ST_OK;
	g_hash_table_destroy(paper->known);
	cairo_destroy(paper->cairo);
	cairo_surface_finish(paper->surface);
	status = paper->status;
	error = paper->error;
	if (status == ST_OK && cairo_surface_status(paper->surface) != CAIRO_STATUS_SUCCESS) {
		status = ST_FAULT;
		error = EIO;
	}
	cairo_surface_destroy(paper->surface);
	buffer_clear(&paper->key);
	free(paper);
	errno = error;
	return status;
}

double
paper_width(const struct paper *paper)
{
	return paper->width;
}

double
paper_height(const struct paper *paper)
{
	return paper->height;
}

void
paper_next(struct paper *paper)
{
	cairo_show_page(paper->cairo);
}

static struct laid *
lay_out(struct paper *paper, double size, bool is_bold, const char *text)
{
	struct laid *laid = calloc(1, sizeof *laid);
	PangoFontDescription *font = pango_font_description_from_string("Sans");

	if (laid == NULL)
		buffer_fail();
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	if (is_bold)
		pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	laid->layout = pango_cairo_create_layout(paper->cairo);
	pango_layout_set_font_description(laid->layout, font);
	pango_layout_set_single_paragraph_mode(laid->layout, TRUE);
	pango_layout_set_text(laid->layout, text, -1);
	pango_font_description_free(font);
	{
		int width, height;

		pango_layout_get_size(laid->layout, &width, &height);
		laid->width = (double)width / PANGO_SCALE;
	}
	laid->ascent = (double)pango_layout_get_baseline(laid->layout) / PANGO_SCALE;
	return laid;
}

static const struct laid *
find_laid(struct paper *paper, double size, bool is_bold, const char *text)
{
	struct laid *laid;
	char *key;

	paper->key.length = 0;
	buffer_format(&paper->key, "%.1f/%d/%s", size, is_bold, text);
	laid = g_hash_table_lookup(paper->known, buffer_text(&paper->key));
	if (laid != NULL)
		return laid;
	if (g_hash_table_size(paper->known) >= KNOWN_MAX)
		g_hash_table_remove_all(paper->known);
	key = strdup(buffer_text(&paper->key));
	if (key == NULL)
		buffer_fail();
	laid = lay_out(paper, size, is_bold, text);
	g_hash_table_insert(paper->known, key, laid);
	return laid;
}

void
paper_text(struct paper *paper, double x, double y, double width, double size, bool is_bold, enum paper_align align, const char *text)
{
	const struct laid *laid;
	double scale, room;

	if (*text == '\0' || width <= 0)
		return;
	laid = find_laid(paper, size, is_bold, text);
	scale = laid->width > width ? width / laid->width : 1;
	room = width - laid->width * scale;		/* none where it is drawn smaller */
	if (scale == 1) {		/* as most, and cheaper by half */
		cairo_move_to(paper->cairo, x + (align == PAPER_LEFT ? 0 : align == PAPER_CENTRE ? room / 2 : room), y);
		pango_cairo_show_layout(paper->cairo, laid->layout);
		return;
	}
	cairo_save(paper->cairo);
	/* on the line that the text would have had in its full size */
	cairo_translate(paper->cairo, x, y + laid->ascent * (1 - scale));
	cairo_scale(paper->cairo, scale, scale);
	cairo_move_to(paper->cairo, 0, 0);
	pango_cairo_show_layout(paper->cairo, laid->layout);
	cairo_restore(paper->cairo);
}

void
paper_line(struct paper *paper, double x, double y, double width)
{
	cairo_set_line_width(paper->cairo, 0.5);
	cairo_move_to(paper->cairo, x, y);
	cairo_rel_line_to(paper->cairo, width, 0);
	cairo_stroke(paper->cairo);
}

bool
paper_qr(struct paper *paper, double x, double y, double side, const char *text)
{
	struct buffer path = { 0 };
	double module = side / qr_size(text);
	const char *at;
	char *end;

	if (!qr_path(text, &path))
		return false;
	/* "M4 5h3v1h-3z…": a run of dark modules each */
	for (at = buffer_text(&path); *at == 'M'; at = strchr(end, 'z') + 1) {
		long column = strtol(at + 1, &end, 10), row = strtol(end + 1, &end, 10), run = strtol(end + 1, &end, 10);

		cairo_rectangle(paper->cairo, x + (double)column * module, y + (double)row * module, (double)run * module, module);
	}
	cairo_fill(paper->cairo);
	buffer_clear(&path);
	return true;
}

#endif
