// SPDX-License-Identifier: ISC
/* qr.c: draws libqrencode's modules with libpng, and as runs in an SVG path. */
#include "gen/qr.h"

#include <png.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* With mixed modes; NULL when the text does not fit. */
static QRcode *
encode(const char *text)
{
	return QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
}

static bool
is_dark(const QRcode *code, int x, int y)
{
	return (code->data[y * code->width + x] & 1) != 0;
}

int
qr_size(const char *text)
{
	QRcode *code = encode(text);
	int size = code == NULL ? 0 : code->width + 2 * QR_QUIET;

	QRcode_free(code);
	return size;
}

static void
write_png(png_structp png, png_bytep data, png_size_t length)
{
	buffer_append(png_get_io_ptr(png), (const char *)data, length);
}

static void
flush_png(png_structp png)
{
	(void)png;
}

/* Draw a row of modules, one bit a pixel and so a byte a module; `row` is all white (1) before. */
static void
draw_row(const QRcode *code, int y, png_bytep row)
{
	int x;

	for (x = 0; x < code->width; x++)
		if (is_dark(code, x, y))
			row[x + QR_QUIET] = 0;
}

/* On a failure libpng returns here by longjmp: only `png` and `row` may be relied on. */
static bool
write_image(png_structp png, png_infop info, const QRcode *code, png_bytep row)
{
	const int modules = code->width + 2 * QR_QUIET;
	const png_uint_32 pixels = (png_uint_32)(modules * QR_SCALE);
	int y, repeat;

	if (setjmp(png_jmpbuf(png)))
		return false;
	png_set_IHDR(png, info, pixels, pixels, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
	    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
	/* half the time of libpng's choice for 13 bytes more: it finds repeated rows as well */
	png_set_compression_level(png, 4);
	png_set_compression_strategy(png, Z_DEFAULT_STRATEGY);
	png_set_compression_mem_level(png, 2);
	png_write_info(png, info);
	for (y = -QR_QUIET; y < code->width + QR_QUIET; y++) {
		memset(row, 0xff, (size_t)modules);
		if (y >= 0 && y < code->width)
			draw_row(code, y, row);
		for (repeat = 0; repeat < QR_SCALE; repeat++)
			png_write_row(png, row);
	}
	png_write_end(png, info);
	return true;
}

bool
qr_png(const char *text, struct buffer *out)
{
	QRcode *code = encode(text);
	png_structp png = NULL;
	png_infop info = NULL;
	png_bytep row = NULL;
	bool is_done = false;

	if (code == NULL)
		goto out;
	png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	if (png == NULL)
		goto out;
	info = png_create_info_struct(png);
	row = malloc((size_t)(code->width + 2 * QR_QUIET));
	if (info == NULL || row == NULL)
		goto out;
	png_set_write_fn(png, out, write_png, flush_png);
	is_done = write_image(png, info, code, row);
out:
	free(row);
	png_destroy_write_struct(&png, &info);
	QRcode_free(code);
	return is_done;
}

bool
qr_path(const char *text, struct buffer *out)
{
	QRcode *code = encode(text);
	int x, y, run;

	if (code == NULL)
		return false;
	for (y = 0; y < code->width; y++)
		for (x = 0; x < code->width; x += run) {
			for (run = 1; x + run < code->width &&
			    is_dark(code, x + run, y) == is_dark(code, x, y); run++)
				;
			if (is_dark(code, x, y))
				buffer_format(out, "M%d %dh%dv1h-%dz", x + QR_QUIET, y + QR_QUIET,
				    run, run);
		}
	QRcode_free(code);
	return true;
}
