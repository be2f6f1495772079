// SPDX-License-Identifier: ISC
/*
 * precompress.h: packed copies beside text files, for web servers that send them as they are
 * (nginx's gzip_static, Caddy's precompressed).
 */
#ifndef TURNOUT_PRECOMPRESS_H
#define TURNOUT_PRECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "gen/buffer.h"

/* One way to pack. */
struct precompress_form {
	const char	*extension;	/* ".gz"; NULL ends the list */
	/* adds to `out`; false when memory is out */
	bool		(*pack)(const char *data, size_t length, struct buffer *out);
};

/*
 * gzip (RFC 1952) as densely as zlib can, without name and time, so that equal files are packed
 * alike; brotli (RFC 7932) where libbrotli was at build time.
 */
extern const struct precompress_form precompress_forms[];

/*
 * Is the file at `path` text that readers fetch: below public/, and of a kind that packing makes
 * smaller?
 */
bool		precompress_is_for(const char *path);

#endif
