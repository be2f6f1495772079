// SPDX-License-Identifier: ISC
/*
 * test_qr.c: symbols that a scanner reads, as small as promised; PNG and path agree in every
 * module.
 */
#include "tests/unit/scratch.h"

#include <png.h>

#include "core/address.h"
#include "core/code.h"
#include "core/wall.h"
#include "gen/qr.h"

#define MODULES_MAX	(177 + 2 * QR_QUIET)

/* A PNG decoded: one byte a pixel, 1 is black. */
struct image {
	png_uint_32	 width, height;
	int		 depth, colour;
	unsigned char	*pixels;
	const struct buffer *from;
	size_t		 at;
};

static void
read_png(png_structp png, png_bytep data, png_size_t length)
{
	struct image *image = png_get_io_ptr(png);

	assert_true(image->at + length <= image->from->length);
	memcpy(data, image->from->data + image->at, length);
	image->at += length;
}

static void
decode(const struct buffer *file, struct image *image)
{
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	png_bytep row;
	png_uint_32 x, y;

	*image = (struct image){ .from = file };
	assert_non_null(info);
	if (setjmp(png_jmpbuf(png)))
		fail_msg("libpng cannot read it");
	png_set_read_fn(png, image, read_png);
	png_read_info(png, info);
	image->width = png_get_image_width(png, info);
	image->height = png_get_image_height(png, info);
	image->depth = png_get_bit_depth(png, info);
	image->colour = png_get_color_type(png, info);
	image->pixels = malloc((size_t)image->width * image->height);
	row = malloc(png_get_rowbytes(png, info));
	assert_true(image->pixels != NULL && row != NULL);
	for (y = 0; y < image->height; y++) {
		png_read_row(png, row, NULL);
		for (x = 0; x < image->width; x++)
			image->pixels[y * image->width + x] = (row[x / 8] >> (7 - x % 8) & 1) == 0;
	}
	png_read_end(png, NULL);
	assert_int_equal(image->at, file->length);
	png_destroy_read_struct(&png, &info, NULL);
	free(row);
}

/* Draw path data as made by qr_path into `grid`; anything else in it fails. */
static void
draw_path(const char *path, int size, unsigned char grid[MODULES_MAX][MODULES_MAX])
{
	int x, y, run, back, length;

	memset(grid, 0, MODULES_MAX * MODULES_MAX);
	for (; *path != '\0'; path += length) {
		length = 0;
		assert_int_equal(sscanf(path, "M%d %dh%dv1h-%dz%n", &x, &y, &run, &back, &length),
		    4);
		assert_true(length > 0);
		assert_int_equal(run, back);
		assert_true(run > 0 && x >= QR_QUIET && x + run <= size - QR_QUIET &&
		    y >= QR_QUIET && y < size - QR_QUIET);
		for (; run > 0; run--, x++) {
			assert_int_equal(grid[y][x], 0);
			grid[y][x] = 1;
		}
	}
}

static void
png_and_path_agree(void **state)
{
	static const char *const texts[] = { "A",
	"HTTPS://TURNOUT.EXAMPLE/R/#0123456789ABCDEFGHJKMNPQRS",
	"https://turnout.example/club/R/#0123456789ABCDEFGHJKMNPQRS",
		"Grüße, 李", "0123456789012345678901234567890123456789012345678901234567890123456789" };
	static unsigned char grid[MODULES_MAX][MODULES_MAX];
	struct buffer png = { 0 }, again = { 0 }, path = { 0 };
	struct image image;
	size_t i, x, y;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		int size = qr_size(texts[i]);

		png.length = again.length = path.length = 0;
		assert_true(qr_png(texts[i], &png));
		assert_true(qr_png(texts[i], &again));
		assert_int_equal(png.length, again.length);
		assert_memory_equal(png.data, again.data, png.length);
		assert_true(qr_path(texts[i], &path));
		decode(&png, &image);
		assert_int_equal(image.depth, 1);
		assert_int_equal(image.colour, PNG_COLOR_TYPE_GRAY);
		assert_int_equal(image.width, size * QR_SCALE);
		assert_int_equal(image.height, size * QR_SCALE);
		draw_path(buffer_text(&path), size, grid);
		for (y = 0; y < image.height; y++)
			for (x = 0; x < image.width; x++)
				if (image.pixels[y * image.width
				    + x] != grid[y / QR_SCALE][x / QR_SCALE])
					fail_msg("%s: pixel %d, %d", texts[i], (int)x, (int)y);
		/* The quiet zone ends where the corner of the first finder pattern begins. */
		assert_int_equal(grid[QR_QUIET][QR_QUIET], 1);
		assert_int_equal(grid[QR_QUIET][size - QR_QUIET - 1], 1);
		assert_int_equal(grid[size - QR_QUIET - 1][QR_QUIET], 1);
		free(image.pixels);
	}
	buffer_clear(&png);
	buffer_clear(&again);
	buffer_clear(&path);
}

static void
short_addresses_stay_small(void **state)
{
	static const struct { const char *address; int size; } cases[] = {
		{ "https://run.example", 29 + 8 },		/* 11 characters */
		{ "https://turnout-x.example0", 29 + 8 },	/* 18 */
		{ "https://turnout-xy.example0", 33 + 8 },	/* 19 */
		{ "http://127.0.0.1:8010", 29 + 8 },
	};
	struct code_content content = { .run_id = 4294967295, .kind = CODE_PRINTED,
	    .expires = SCRATCH_NOW };
	uint8_t key[CODE_KEY_BYTES];
	char token[CODE_TOKEN_SIZE], text[256];
	size_t i;
	int round;

	(void)state;
	for (round = 0; round < 20; round++)
		for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
			code_key_new(key);
			assert_int_equal(code_token_make(&content, key, token), ST_OK);
			assert_int_equal(address_form(cases[i].address, token, text, sizeof text),
			    ST_OK);
			if (qr_size(text) != cases[i].size)
				fail_msg("%s: %d modules, not %d", text, qr_size(text),
				    cases[i].size);
		}
}

static void
what_does_not_fit_is_refused(void **state)
{
	char text[4000];
	struct buffer out = { 0 };

	(void)state;
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	assert_int_equal(qr_size(text), 0);
	assert_false(qr_png(text, &out));
	assert_false(qr_path(text, &out));
	assert_int_equal(qr_size(""), 0);
	assert_false(qr_png("", &out));
	assert_int_equal(out.length, 0);
	text[2331] = '\0';		/* version 40, level M, bytes: ISO/IEC 18004, table 7 */
	assert_int_equal(qr_size(text), 177 + 8);
	buffer_clear(&out);
}

static void
a_scanner_reads_it(void **state)
{
	static const char text[] = "HTTPS://TURNOUT.EXAMPLE/R/#0123456789ABCDEFGHJKMNPQRS";
	struct scratch scratch;
	struct buffer png = { 0 };
	char command[700], line[256];
	FILE *pipe;
	int file;

	(void)state;
	if (system("command -v zbarimg >/dev/null 2>&1") != 0) {
		print_message("zbarimg is not here: nobody has scanned the PNG\n");
		skip();
	}
	scratch_init(&scratch);
	assert_true(qr_png(text, &png));
	file = open(scratch_path(&scratch, "code.png"), O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(file, png.data, png.length), (ssize_t)png.length);
	assert_int_equal(close(file), 0);
	snprintf(command, sizeof command, "zbarimg -q --raw %s 2>/dev/null",
	    scratch_path(&scratch, "code.png"));
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_non_null(fgets(line, sizeof line, pipe));
	assert_int_equal(pclose(pipe), 0);
	line[strcspn(line, "\n")] = '\0';
	assert_string_equal(line, text);
	buffer_clear(&png);
	scratch_clear(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(png_and_path_agree),
		cmocka_unit_test(short_addresses_stay_small),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(a_scanner_reads_it),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
