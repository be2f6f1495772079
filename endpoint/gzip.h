// SPDX-License-Identifier: ISC
/*
 * gzip.h: bodies packed for transfer (RFC 9110 8.4.1.3), by zlib.
 */
#ifndef TURNOUT_GZIP_H
#define TURNOUT_GZIP_H

#include <stdbool.h>
#include <stddef.h>

#define GZIP_LEAST	1024	/* bytes below which packing gains nothing */

/* Does the Accept-Encoding `header` (NULL: none) accept gzip? "gzip;q=0" and "*" do not. */
bool	gzip_accepted(const char *header);

/*
 * Is a body of `length` bytes and Content-Type `type` worth packing? It is from GZIP_LEAST bytes on
 * for text, JSON, XML and SVG; other images are packed already.
 */
bool	gzip_worth(const char *type, size_t length);

/*
 * Replace the malloc'd *body of *length bytes with its packed form. False, with nothing changed,
 * when that is not smaller or memory is lacking.
 */
bool	gzip_pack(char **body, size_t *length);

#endif
