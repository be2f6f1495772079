// SPDX-License-Identifier: ISC
/* gzip.c: see gzip.h. */
#include "endpoint/gzip.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define WINDOW_GZIP	(15 + 16)	/* zlib: the largest window, with a gzip header */

bool
gzip_accepted(const char *header)
{
	const char *at, *end, *quality;

	for (at = header; at != NULL && *at != '\0'; at = *end == '\0' ? end : end + 1) {
		at += strspn(at, " \t");
		end = at + strcspn(at, ",");
		if (strncasecmp(at, "gzip", 4) != 0 || strchr(" \t;,", at[4]) == NULL)
			continue;
		quality = memchr(at, '=', (size_t)(end - at));
		return quality == NULL || strtod(quality + 1, NULL) > 0;
	}
	return false;
}

bool
gzip_worth(const char *type, size_t length)
{
	return length >= GZIP_LEAST && type != NULL && (strncmp(type, "text/", 5) == 0
	    || strncmp(type, "application/json", 16) == 0 ||
	    strncmp(type, "application/manifest+json", 25) == 0
	    || strncmp(type, "image/svg+xml", 13) == 0 ||
	    strncmp(type, "application/xml", 15) == 0);
}

bool
gzip_pack(char **body, size_t *length)
{
	z_stream stream = { 0 };
	char *packed = malloc(*length);
	bool is_packed = false;

	if (packed == NULL ||
	    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_GZIP, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK) {
		free(packed);
		return false;
	}
	stream.next_in = (unsigned char *)*body;
	stream.avail_in = (uInt)*length;
	stream.next_out = (unsigned char *)packed;
	stream.avail_out = (uInt)*length;	/* if that is not enough, it is not smaller */
	is_packed = deflate(&stream, Z_FINISH) == Z_STREAM_END;
	if (is_packed) {
		free(*body);
		*body = packed;
		*length = stream.total_out;
	} else {
		free(packed);
	}
	deflateEnd(&stream);
	return is_packed;
}
