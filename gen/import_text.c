// SPDX-License-Identifier: ISC
/* import_text.c: small readers, each of which advances a pointer. */
#include "gen/import_text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "gen/buffer.h"

#define NOT_A_DATE	"is not a date; write it as 2026-11-20"

/* ---- small steps ---- */

static const char *
skip_blanks(const char *text)
{
	while (*text == ' ' || *text == '\t' || *text == '\n')
		text++;
	return text;
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Read 1 to `most` digits at *text and advance it; -1 when there is none, or more. */
static int
read_number(const char **text, int most)
{
	int number = 0, count = 0;

	for (; is_digit(**text); (*text)++) {
		if (++count > most)
			return -1;
		number = number * 10 + (**text - '0');
	}
	return count == 0 ? -1 : number;
}

/* ---- dates ---- */

enum status
import_slashes(const char *format, enum import_slashes *slashes)
{
	*slashes = IMPORT_SLASHES_REFUSED;
	if (format == NULL || strcasecmp(format, "YYYY-MM-DD") == 0 ||
	    strcasecmp(format, "DD.MM.YYYY") == 0)
		return ST_OK;
	if (strcasecmp(format, "DD/MM/YYYY") == 0)
		*slashes = IMPORT_SLASHES_DMY;
	else if (strcasecmp(format, "MM/DD/YYYY") == 0)
		*slashes = IMPORT_SLASHES_MDY;
	else
		return ST_REFUSED;
	return ST_OK;
}

/* Read three numbers with `separator` between them. False, *text unchanged, when it fails. */
static bool
read_parts(const char **text, char separator, int part[3])
{
	const char *at = *text;

	for (int i = 0; i < 3; i++) {
		if (i > 0 && *at++ != separator)
			return false;
		part[i] = read_number(&at, 4);
		if (part[i] < 0)
			return false;
	}
	*text = at;
	return true;
}

/* Is the rest of `text` empty, or the midnight that databases write after a date? */
static bool
is_date_end(const char *text)
{
	text = *text == 'T' ? text + 1 : skip_blanks(text);
	if (strncmp(text, "00:00", 5) == 0)
		text += strncmp(text, "00:00:00", 8) == 0 ? 8 : 5;
	return *skip_blanks(text) == '\0';
}

enum status
import_date(const char *text, enum import_slashes slashes, char date[WALL_DATE_SIZE],
    const char **why)
{
	const char *at = skip_blanks(text);
	int part[3], year, month, day;
	char made[3 * 12];

	*why = NOT_A_DATE;
	if (read_parts(&at, '-', part)) {
		year = part[0], month = part[1], day = part[2];
	} else if (read_parts(&at, '.', part)) {
		day = part[0], month = part[1], year = part[2];
	} else if (read_parts(&at, '/', part)) {
		*why = "may be day/month or month/day; say which with --date-format DD/MM/YYYY or "
		    "MM/DD/YYYY";
		if (slashes == IMPORT_SLASHES_REFUSED)
			return ST_REFUSED;
		*why = slashes == IMPORT_SLASHES_DMY ? "is not a date that reads as DD/MM/YYYY" :
		    "is not a date that reads as MM/DD/YYYY";
		day = part[slashes == IMPORT_SLASHES_DMY ? 0 : 1];
		month = part[slashes == IMPORT_SLASHES_DMY ? 1 : 0];
		year = part[2];
	} else
		return ST_REFUSED;
	(void)snprintf(made, sizeof made, "%04d-%02d-%02d", year, month, day);
	if (!is_date_end(at) || !wall_date_valid(made))
		return ST_REFUSED;
	memcpy(date, made, WALL_DATE_SIZE);
	return ST_OK;
}

/* ---- times ---- */

/* Read "am", "P.M." and the like, perhaps after blanks: 'A' or 'P'; 0 when there is none. */
static char
read_half(const char **text)
{
	const char *at = skip_blanks(*text);
	char half = (char)(*at & ~0x20);

	if (half != 'A' && half != 'P')
		return 0;
	at++;
	at += *at == '.';
	if ((*at & ~0x20) != 'M')
		return 0;
	at++;
	at += *at == '.';
	*text = at;
	return half;
}

/*
 * Read one time at *text and advance it: "18:30", "18:30:59" (seconds are dropped), "6:30 pm",
 * "6pm". AM or PM after an hour over 12 is ignored, and 12 PM is noon: "14:03PM" is 14:03,
 * "12:10AM" is 00:10. ST_REFUSED when there is no time.
 */
static enum status
read_time(const char **text, char time[WALL_TIME_SIZE])
{
	const char *at = skip_blanks(*text);
	int hour = read_number(&at, 2), minute = -1;
	char half;

	if (hour < 0)
		return ST_REFUSED;
	if ((*at == ':' || *at == '.') && is_digit(at[1]) && is_digit(at[2])) {
		at++;
		minute = read_number(&at, 2);
		if (minute < 0)
			return ST_REFUSED;
		if (*at == ':') {
			at++;
			if (!is_digit(at[0]) || !is_digit(at[1]) || read_number(&at, 2) > 59)
				return ST_REFUSED;
		}
	}
	half = read_half(&at);
	if (minute < 0 && half == 0)
		return ST_REFUSED;
	if (half != 0 && hour <= 12) {
		if (hour == 0 && half == 'P')
			return ST_REFUSED;
		hour = hour % 12 + (half == 'P' ? 12 : 0);
	}
	minute = minute < 0 ? 0 : minute;
	if (hour > 23 || minute > 59)
		return ST_REFUSED;
	(void)snprintf(time, WALL_TIME_SIZE, "%02d:%02d", hour % 24, minute % 60);
	*text = at;
	return ST_OK;
}

/* Advance *text over a hyphen, a dash or "to"; false when there is none. */
static bool
read_dash(const char **text)
{
	/* en dash, em dash */
	static const char *const dashes[] = { "-", "\xE2\x80\x93", "\xE2\x80\x94", "to " };

	for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
		if (strncmp(*text, dashes[i], strlen(dashes[i])) == 0) {
			*text += strlen(dashes[i]);
			return true;
		}
	return false;
}

/* Read "(Roll Call)" at *text, without the brackets; false when it is not closed or too long. */
static bool
read_remark(const char **text, char *remark)
{
	const char *begin = skip_blanks(*text + 1), *end = strchr(begin, ')');
	size_t length;

	if (end == NULL)
		return false;
	*text = end + 1;
	while (end > begin && strchr(" \t\n", end[-1]) != NULL)
		end--;
	length = (size_t)(end - begin);
	if (length >= IMPORT_TEXT_SIZE)
		return false;
	memcpy(remark, begin, length);
	remark[length] = '\0';
	return true;
}

enum status
import_times(const char *text, char start[WALL_TIME_SIZE], char end[WALL_TIME_SIZE], char *remark)
{
	end[0] = remark[0] = '\0';
	if (read_time(&text, start) != ST_OK)
		return ST_REFUSED;
	for (text = skip_blanks(text); *text != '\0'; text = skip_blanks(text)) {
		if (*text == '(' && remark[0] == '\0') {
			if (!read_remark(&text, remark))
				return ST_REFUSED;
		} else if (end[0] != '\0' || !read_dash(&text) || read_time(&text, end) != ST_OK)
			return ST_REFUSED;
	}
	return ST_OK;
}

/* ---- text that was decoded wrongly ---- */

int32_t
import_next_point(const char **at)
{
	utf8proc_int32_t point;
	utf8proc_ssize_t length;

	if (**at == '\0')
		return -1;
	length = utf8proc_iterate((const utf8proc_uint8_t *)*at, -1, &point);
	if (length <= 0)
		return -1;
	*at += length;
	return point;
}

/*
 * Windows-1252 for the bytes 80..9F, 0 where it has nothing
 * (https://encoding.spec.whatwg.org/index-windows-1252.txt).
 */
static const uint16_t windows_1252[32] = {
	0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
	0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
	0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
};

static void
add_point(struct buffer *text, int32_t point)
{
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t length = utf8proc_encode_char(point, bytes);

	buffer_append(text, (const char *)bytes, (size_t)length);
}

/* Does `text` contain control characters U+0080..9F? */
static bool
is_damaged(const char *text)
{
	int32_t point;

	while ((point = import_next_point(&text)) >= 0)
		if (point >= 0x80 && point <= 0x9F)
			return true;
	return false;
}

/* Decode `text` as UTF-8 that was taken for Latin-1; false when it cannot be that. */
static bool
read_again(struct buffer *text)
{
	struct buffer bytes = { 0 };
	const char *at = buffer_text(text), *end;
	int32_t point;
	bool is_text = true;

	while ((point = import_next_point(&at)) >= 0 && point <= 0xFF)
		buffer_append_byte(&bytes, (char)point);
	is_text = point < 0;
	at = end = buffer_text(&bytes);
	while (import_next_point(&at) >= 0)
		end = at;
	is_text = is_text && *end == '\0';
	if (is_text) {
		text->length = 0;
		buffer_append(text, bytes.data, bytes.length);
	}
	buffer_clear(&bytes);
	return is_text;
}

void
import_repair(struct buffer *repaired, const char *text, bool *is_repaired)
{
	struct buffer once = { 0 };
	const char *at;
	int32_t point;

	*is_repaired = is_damaged(text);
	buffer_append_text(&once, text);
	while (is_damaged(buffer_text(&once)) && read_again(&once))
		;
	repaired->length = 0;
	for (at = buffer_text(&once); (point = import_next_point(&at)) >= 0;) {
		if (point >= 0x80 && point <= 0x9F)
			point = windows_1252[point - 0x80];
		if (point != 0)
			add_point(repaired, point);
	}
	buffer_clear(&once);
}
