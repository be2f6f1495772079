// SPDX-License-Identifier: ISC
/*
 * qr.h: QR symbols as PNG and as SVG path data.
 *
 * Level M, the smallest version that fits, modes mixed by libqrencode (a capital or digit takes 5.5
 * bits at most), and a quiet zone of 4 modules as ISO/IEC 18004 demands. Deterministic: the same
 * text gives the same bytes.
 */
#ifndef TURNOUT_QR_H
#define TURNOUT_QR_H

#include <stdbool.h>

#include "gen/buffer.h"

#define QR_QUIET	4	/* modules of white on each side */
/*
 * pixels of a module in the PNG: a module is then one byte of a row, a third faster than 10 pixels;
 * what is printed is drawn from the path
 */
#define QR_SCALE	8

/* Modules across, quiet zones included; 0 when `text` is too long for a QR symbol. */
int	qr_size(const char *text);

/* Add a 1-bit grey PNG to `out`; false when the text is too long or memory is out. */
bool	qr_png(const char *text, struct buffer *out);

/* Add SVG path data in units of modules, for viewBox "0 0 SIZE SIZE"; false as above. */
bool	qr_path(const char *text, struct buffer *out);

#endif
