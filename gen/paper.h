// SPDX-License-Identifier: ISC
/*
 * paper.h: drawing PDF pages with cairo and pango: text in any script, lines, QR symbols.
 *
 * Units are points (1/72 inch), from the upper left corner. Fonts are those that the machine has
 * for “Sans”; characters that these lack are drawn as boxes. Memory is bounded: a page is written
 * when the next one begins.
 */
#ifndef TURNOUT_PAPER_H
#define TURNOUT_PAPER_H

#include <stdbool.h>
#include <stdio.h>

#include "core/status.h"

#define PAPER_CM	(72 / 2.54)
#define PAPER_MARGIN	(1.5 * PAPER_CM)

struct paper;

enum paper_align { PAPER_LEFT, PAPER_CENTRE, PAPER_RIGHT };

/*
 * Start a document with its first page, A4 or US Letter, portrait or landscape. `out` stays the
 * caller's. Never NULL: out of memory ends the program.
 */
struct paper	*paper_open(FILE *out, const char *title, bool is_letter, bool is_landscape);

/* Finish and free (NULL is accepted). ST_OK, ST_FULL or ST_FAULT (errno) for all writing. */
enum status	 paper_close(struct paper *paper);

double		 paper_width(const struct paper *paper);
double		 paper_height(const struct paper *paper);

/* End this page and begin another. */
void		 paper_next(struct paper *paper);

/*
 * One line of text of `size` points, its upper edge at `y`, within `width` from `x`. A line that is
 * too wide is drawn smaller, so that nothing is cut off. Repeated texts are laid out only once.
 */
void		 paper_text(struct paper *paper, double x, double y, double width, double size,
		    bool is_bold, enum paper_align align,
		     const char *text);

/* A thin horizontal line, `width` long, from `x`. */
void		 paper_line(struct paper *paper, double x, double y, double width);

/* A QR symbol of `text`, `side` wide with its quiet zone. False when the text is too long. */
bool		 paper_qr(struct paper *paper, double x, double y, double side, const char *text);

#endif
