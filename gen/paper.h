// SPDX-License-Identifier: ISC
/*
 * paper.h: pages as PDF, by cairo and pango: text in any script, lines, QR symbols.
 *
 * Units are points (1/72 inch), from the upper left corner. Fonts are what the machine has for
 * “Sans”; what it lacks shows as boxes. Memory is bounded: a page is written when the next begins.
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
 * Start on a first page, A4 or US Letter, upright or on its side; `out` stays the caller's. Never
 * NULL.
 */
struct paper	*paper_open(FILE *out, const char *title, bool is_letter, bool is_landscape);

/* Finish (NULL is accepted). ST_OK, ST_FULL or ST_FAULT (errno): how all the writing went. */
enum status	 paper_close(struct paper *paper);

double		 paper_width(const struct paper *paper);
double		 paper_height(const struct paper *paper);

/* End this page and begin another. */
void		 paper_next(struct paper *paper);

/*
 * One line of text of `size` points with its upper edge at `y`, within `width` from `x`; one that
 * is wider is drawn smaller, so that nothing is cut. Texts that come again are laid out once.
 */
void		 paper_text(struct paper *paper, double x, double y, double width, double size,
		    bool is_bold, enum paper_align align,
		     const char *text);

/* A thin line, horizontal from `x` for `width`. */
void		 paper_line(struct paper *paper, double x, double y, double width);

/*
 * A QR symbol of `text`, quiet zone included, `side` wide and high. False when the text is too
 * long.
 */
bool		 paper_qr(struct paper *paper, double x, double y, double side, const char *text);

#endif
