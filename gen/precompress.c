// SPDX-License-Identifier: ISC
/* precompress.c: see precompress.h. */
#include "gen/precompress.h"

#include <string.h>
#include <zlib.h>
#ifdef HAVE_BROTLI
#include <brotli/encode.h>
#endif

#define GZIP_WINDOW	(15 + 16)	/* the largest window, in a gzip wrapper */
#define GZIP_MEMORY	9

static bool
pack_gzip(const char *data, size_t length, struct buffer *out)
{
	z_stream stream = { 0 };
	int result;

	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	buffer_reserve(out, deflateBound(&stream, length));
	stream.next_in = (unsigned char *)(uintptr_t)data;	/* zlib only reads it */
	stream.avail_in = (unsigned int)length;
	stream.next_out = (unsigned char *)out->data + out->length;
	stream.avail_out = (unsigned int)(out->capacity - out->length);
	result = deflate(&stream, Z_FINISH);
	out->length += stream.total_out;
	deflateEnd(&stream);
	return result == Z_STREAM_END;
}

#ifdef HAVE_BROTLI
static bool
pack_brotli(const char *data, size_t length, struct buffer *out)
{
	size_t packed = BrotliEncoderMaxCompressedSize(length);

	buffer_reserve(out, packed);
	if (BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
	    length, (const uint8_t *)data, &packed,
	    (uint8_t *)out->data + out->length) != BROTLI_TRUE)
		return false;
	out->length += packed;
	return true;
}
#endif

const struct precompress_form precompress_forms[] = {
	{ ".gz", pack_gzip },
#ifdef HAVE_BROTLI
	{ ".br", pack_brotli },
#endif
	{ NULL, NULL }
};

bool
precompress_is_for(const char *path)
{
	static const char *const extensions[] = { ".html", ".css", ".js", ".json", ".svg", ".xml",
	".atom", ".ics", ".csv", ".txt",
		".webmanifest" };
	const char *extension = strrchr(path, '.');
	size_t i;

	if (extension == NULL || strncmp(path, "public/", 7) != 0)
		return false;
	for (i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
		if (strcmp(extension, extensions[i]) == 0)
			return true;
	return false;
}
