// SPDX-License-Identifier: ISC
/*
 * precompress.h: compressed copies beside text files, for web servers that can send these (nginx's
 * gzip_static, Caddy's precompressed).
 */
#ifndef TURNOUT_PRECOMPRESS_H
#define TURNOUT_PRECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "gen/buffer.h"

/* One way to compress. */
struct precompress_form {
	const char	*extension;	/* ".gz"; NULL ends the list */
	/* adds to `out`; false when it fails, for lack of memory */
	bool		(*pack)(const char *data, size_t length, struct buffer *out);
};

/*
 * gzip (RFC 1952) at zlib's highest level, without name and time, so that equal files have equal
 * copies; and brotli (RFC 7932) if libbrotli was there at build time.
 */
extern const struct precompress_form precompress_forms[];

/* Should `path`, below the site, be compressed: is it public, and of a kind that gets smaller? */
bool		precompress_is_for(const char *path);

#endif
