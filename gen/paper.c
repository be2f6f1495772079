// SPDX-License-Identifier: ISC
/*
 * paper.c: see paper.h. The only file that knows cairo and pango.
 *
 * Cairo analyses every drawing operation of a page separately, which is most of the work for a
 * table of many short texts. Therefore texts in the same font that are a single run from left to
 * right are collected and drawn together (struct strip). Every other text first draws those that
 * are waiting, then itself.
 */
#include "gen/paper.h"

#ifdef HAVE_PDF

#include <cairo-pdf.h>
#include <errno.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>

#include "gen/buffer.h"
#include "gen/export.h"
#include "gen/qr.h"

#define KNOWN_MAX	4096	/* texts whose layout is kept */

/* Glyphs of one font and their text, in clusters, for cairo_show_text_glyphs. */
struct strip {
	cairo_scaled_font_t *font;		/* borrowed; NULL: none */
	struct buffer	 glyphs;		/* cairo_glyph_t */
	struct buffer	 clusters;		/* cairo_text_cluster_t */
	struct buffer	 text;
};

/* A text that was laid out. */
struct laid {
	PangoLayout	*layout;
	double		 width, ascent;		/* points */
	/* its glyphs from (0, 0); without a font unless it is a single run from left to right */
	struct strip	 strip;
};

struct paper {
	FILE		*out;
	cairo_surface_t	*surface;
	cairo_t		*cairo;
	double		 width, height;
	struct strip	 waiting;		/* texts to be drawn together */
	GHashTable	*known;			/* "size/bold/text" to struct laid */
	struct buffer	 key;
	enum status	 status;		/* that of the first failed write */
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

/* ---- glyphs ---- */

static void
empty_strip(struct strip *strip)
{
	strip->font = NULL;
	strip->glyphs.length = strip->clusters.length = strip->text.length = 0;
}

static void
clear_strip(struct strip *strip)
{
	buffer_clear(&strip->glyphs);
	buffer_clear(&strip->clusters);
	buffer_clear(&strip->text);
}

/* Draw the texts that are waiting. */
static void
draw_waiting(struct paper *paper)
{
	struct strip *strip = &paper->waiting;

	if (strip->font == NULL)
		return;
	cairo_set_scaled_font(paper->cairo, strip->font);
	cairo_show_text_glyphs(paper->cairo, strip->text.data, (int)strip->text.length,
	    (cairo_glyph_t *)(void *)strip->glyphs.data,
	    (int)(strip->glyphs.length / sizeof(cairo_glyph_t)),
	    (cairo_text_cluster_t *)(void *)strip->clusters.data,
	    (int)(strip->clusters.length / sizeof(cairo_text_cluster_t)), 0);
	empty_strip(strip);
}

/* Let `strip` wait to be drawn with its origin at `x`, `y`. */
static void
add_strip(struct paper *paper, const struct strip *strip, double x, double y)
{
	const cairo_glyph_t *glyph = (const cairo_glyph_t *)(const void *)strip->glyphs.data;

	if (paper->waiting.font != strip->font)
		draw_waiting(paper);
	paper->waiting.font = strip->font;
	for (size_t i = 0; i < strip->glyphs.length / sizeof *glyph; i++) {
		cairo_glyph_t moved = { glyph[i].index, glyph[i].x + x, glyph[i].y + y };

		buffer_append(&paper->waiting.glyphs, (const char *)&moved, sizeof moved);
	}
	buffer_append(&paper->waiting.clusters, strip->clusters.data, strip->clusters.length);
	buffer_append(&paper->waiting.text, strip->text.data, strip->text.length);
}

/* Add a cluster to `strip`, at *x on the baseline `y`; false when the font lacks a glyph of it. */
static bool
take_cluster(struct strip *strip, const PangoGlyphItemIter *at, double *x, double y)
{
	cairo_text_cluster_t cluster = { .num_bytes = at->end_index - at->start_index };

	for (int i = at->start_glyph; i < at->end_glyph; i++) {
		const PangoGlyphInfo *info = &at->glyph_item->glyphs->glyphs[i];
		cairo_glyph_t glyph = { info->glyph,
		    *x + (double)info->geometry.x_offset / PANGO_SCALE,
		    y + (double)info->geometry.y_offset / PANGO_SCALE };

		*x += (double)info->geometry.width / PANGO_SCALE;
		if (info->glyph == PANGO_GLYPH_EMPTY)
			continue;
		if ((info->glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0)
			return false;
		buffer_append(&strip->glyphs, (const char *)&glyph, sizeof glyph);
		cluster.num_glyphs++;
	}
	buffer_append(&strip->clusters, (const char *)&cluster, sizeof cluster);
	return true;
}

/* Take the glyphs of a layout that is a single run from left to right, else leave no font. */
static void
take_glyphs(struct laid *laid)
{
	const PangoLayoutLine *line = pango_layout_get_line_readonly(laid->layout, 0);
	const char *text = pango_layout_get_text(laid->layout);
	struct strip *strip = &laid->strip;
	PangoGlyphItemIter at;
	PangoLayoutRun *run;
	double x = 0;
	gboolean is_more;

	if (line == NULL || line->runs == NULL || line->runs->next != NULL ||
	    !g_utf8_validate(text, -1, NULL))
		return;
	run = line->runs->data;
	if (run->item->analysis.level % 2 != 0)
		return;
	for (is_more = pango_glyph_item_iter_init_start(&at, run, text); is_more;
	    is_more = pango_glyph_item_iter_next_cluster(&at))
		if (!take_cluster(strip, &at, &x, laid->ascent)) {
			empty_strip(strip);
			return;
		}
	buffer_append(&strip->text, text + run->item->offset, (size_t)run->item->length);
	strip->font = pango_cairo_font_get_scaled_font((PangoCairoFont *)run->item->analysis.font);
}

static void
free_laid(void *handle)
{
	struct laid *laid = handle;

	clear_strip(&laid->strip);
	g_object_unref(laid->layout);
	free(laid);
}

struct paper *
paper_open(FILE *out, const char *title, bool is_letter, bool is_landscape)
{
	struct paper *paper = calloc(1, sizeof *paper);
	double shorter = is_letter ? 612 : 21.0 * PAPER_CM,
	    longer = is_letter ? 792 : 29.7 * PAPER_CM;

	if (paper == NULL)
		buffer_fail();
	paper->out = out;
	paper->status = ST_OK;
	paper->width = is_landscape ? longer : shorter;
	paper->height = is_landscape ? shorter : longer;
	paper->surface = cairo_pdf_surface_create_for_stream(write_bytes, paper, paper->width,
	    paper->height);
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
	draw_waiting(paper);
	clear_strip(&paper->waiting);
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
	draw_waiting(paper);
	cairo_show_page(paper->cairo);
}

/* The caller's, to be freed with pango_font_description_free. */
static PangoFontDescription *
make_font(double size, bool is_bold)
{
	PangoFontDescription *font = pango_font_description_from_string("Sans");

	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	if (is_bold)
		pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	return font;
}

/* Lay one line out, `size` points high, and measure it. Never NULL; owned by the caller. */
static struct laid *
lay_out(struct paper *paper, double size, bool is_bold, const char *text)
{
	struct laid *laid = calloc(1, sizeof *laid);
	PangoFontDescription *font;
	int width, height;

	if (laid == NULL)
		buffer_fail();
	laid->layout = pango_cairo_create_layout(paper->cairo);
	font = make_font(size, is_bold);
	pango_layout_set_font_description(laid->layout, font);
	pango_font_description_free(font);
	pango_layout_set_single_paragraph_mode(laid->layout, TRUE);
	pango_layout_set_text(laid->layout, text, -1);
	pango_layout_get_size(laid->layout, &width, &height);
	laid->width = (double)width / PANGO_SCALE;
	laid->ascent = (double)pango_layout_get_baseline(laid->layout) / PANGO_SCALE;
	take_glyphs(laid);
	return laid;
}

/* `text` laid out, from the cache if it is there; borrowed until the next call. */
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
	if (g_hash_table_size(paper->known) >= KNOWN_MAX) {
		draw_waiting(paper);		/* their fonts are freed now */
		g_hash_table_remove_all(paper->known);
	}
	key = strdup(buffer_text(&paper->key));
	if (key == NULL)
		buffer_fail();
	laid = lay_out(paper, size, is_bold, text);
	g_hash_table_insert(paper->known, key, laid);
	return laid;
}

void
paper_text(struct paper *paper, double x, double y, double width, double size, bool is_bold,
    enum paper_align align, const char *text)
{
	const struct laid *laid;
	double room;

	if (*text == '\0' || width <= 0)
		return;
	laid = find_laid(paper, size, is_bold, text);
	/* draw it smaller, on the baseline of its full size */
	if (laid->width > width) {
		double ascent = laid->ascent;

		laid = find_laid(paper, fmax(1, floor(10 * size * width / laid->width) / 10),
		    is_bold, text);
		y += ascent - laid->ascent;
	}
	room = width - laid->width;
	x += align == PAPER_LEFT ? 0 : align == PAPER_CENTRE ? room / 2 : room;
	if (laid->strip.font != NULL) {
		add_strip(paper, &laid->strip, x, y);
		return;
	}
	draw_waiting(paper);
	cairo_move_to(paper->cairo, x, y);
	pango_cairo_show_layout(paper->cairo, laid->layout);
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
	/* "M4 5h3v1h-3z…": each is a row of dark modules */
	for (at = buffer_text(&path); *at == 'M'; at = strchr(end, 'z') + 1) {
		long column = strtol(at + 1, &end, 10), row = strtol(end + 1, &end, 10),
		    run = strtol(end + 1, &end, 10);

		cairo_rectangle(paper->cairo, x + (double)column * module, y + (double)row * module,
		    (double)run * module, module);
	}
	cairo_fill(paper->cairo);
	buffer_clear(&path);
	return true;
}

#endif
