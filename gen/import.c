// SPDX-License-Identifier: ISC
/* import.c: notes, and text, dates and times as clubs write them. */
#include "import.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "buffer.h"
#include "db/store.h"

#define SENTENCE_SIZE	1000
#define NOT_A_DATE	"is not a date; write it as 2026-11-20"

/* The code point at *at, which moves on; -1 at the end or where it is no UTF-8. */
static int32_t
next_point(const char **at)
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

/* Notes. */

/* What a terminal would take for a command becomes a blank, and a sequence cut at the end goes. In place. */
static void
make_printable(char *sentence)
{
	const char *at = sentence;
	char *out = sentence;

	for (const char *begin = at;; begin = at) {
		int32_t point = next_point(&at);

		if (point < 0)
			break;
		if (point < 0x20 || (point >= 0x7F && point <= 0x9F))
			*out++ = ' ';
		else
			for (; begin < at; begin++)
				*out++ = *begin;
	}
	*out = '\0';
}

static void	note(struct import_notes *notes, size_t line, bool is_bad, const char *format, va_list arguments)
		    __attribute__((format(printf, 4, 0)));

static void
note(struct import_notes *notes, size_t line, bool is_bad, const char *format, va_list arguments)
{
	size_t *count = is_bad ? &notes->n_bad : &notes->n_odd;
	char sentence[SENTENCE_SIZE];
	struct import_note one = { .line = line, .is_bad = is_bad, .sentence = sentence };

	(*count)++;
	if (notes->tell == NULL || (*count > IMPORT_NOTES_MAX && (is_bad || !notes->is_all)))
		return;
	(void)vsnprintf(sentence, sizeof sentence, format, arguments);
	make_printable(sentence);
	notes->tell(notes->handle, &one);
}

void
import_bad(struct import_notes *notes, size_t line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(notes, line, true, format, arguments);
	va_end(arguments);
}

void
import_odd(struct import_notes *notes, size_t line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(notes, line, false, format, arguments);
	va_end(arguments);
}

/* Small steps through text. */

static const char *
skip_blanks(const char *text)
{
	while (*text == ' ' || *text == '\t' || *text == '\n')
		text++;
	return text;
}

/* `text` without the blanks around it, shortened in place. */
static char *
trim(char *text)
{
	size_t length;

	while (*text == ' ' || *text == '\t' || *text == '\n')
		text++;
	length = strlen(text);
	while (length > 0 && strchr(" \t\n", text[length - 1]) != NULL)
		length--;
	text[length] = '\0';
	return text;
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Read 1 to `most` digits at *text and move behind them; -1 when there is none, or one more. */
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

/* Dates. */

enum status
import_slashes(const char *format, enum import_slashes *slashes)
{
	*slashes = IMPORT_SLASHES_REFUSED;
	if (format == NULL || strcasecmp(format, "YYYY-MM-DD") == 0 || strcasecmp(format, "DD.MM.YYYY") == 0)
		return ST_OK;
	if (strcasecmp(format, "DD/MM/YYYY") == 0)
		*slashes = IMPORT_SLASHES_DMY;
	else if (strcasecmp(format, "MM/DD/YYYY") == 0)
		*slashes = IMPORT_SLASHES_MDY;
	else
		return ST_REFUSED;
	return ST_OK;
}

/* Read three numbers with `separator` between them; false when that is not what stands there. */
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

/* Is nothing left of `text`, or the midnight that databases write behind a date? */
static bool
is_date_end(const char *text)
{
	text = *text == 'T' ? text + 1 : skip_blanks(text);
	if (strncmp(text, "00:00", 5) == 0)
		text += strncmp(text, "00:00:00", 8) == 0 ? 8 : 5;
	return *skip_blanks(text) == '\0';
}

enum status
import_date(const char *text, enum import_slashes slashes, char date[WALL_DATE_SIZE], const char **why)
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
		*why = "may be day/month or month/day; say which with --date-format DD/MM/YYYY or MM/DD/YYYY";
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

/* Times. */

/* Read "am", "P.M." and the like behind blanks: 'A' or 'P', and *text moved; 0 when there is none. */
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

enum status
import_time(const char **text, char time[WALL_TIME_SIZE])
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

/* Move *text behind a hyphen, a dash or "to"; false when none is there. */
static bool
read_dash(const char **text)
{
	static const char *const dashes[] = { "-", "\xE2\x80\x93", "\xE2\x80\x94", "to " };	/* en dash, em dash */

	for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
		if (strncmp(*text, dashes[i], strlen(dashes[i])) == 0) {
			*text += strlen(dashes[i]);
			return true;
		}
	return false;
}

/* Read "(Roll Call)" at *text; false when it is not closed or too long. */
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
	if (import_time(&text, start) != ST_OK)
		return ST_REFUSED;
	for (text = skip_blanks(text); *text != '\0'; text = skip_blanks(text)) {
		if (*text == '(' && remark[0] == '\0') {
			if (!read_remark(&text, remark))
				return ST_REFUSED;
		} else if (end[0] != '\0' || !read_dash(&text) || import_time(&text, end) != ST_OK)
			return ST_REFUSED;
	}
	return ST_OK;
}

/* Text that was decoded wrongly. */

/* Windows-1252 at 80..9F, 0 where it has nothing (https://encoding.spec.whatwg.org/index-windows-1252.txt). */
static const uint16_t windows_1252[32] = {
	0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
	0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
};

static void
add_point(struct buffer *text, int32_t point)
{
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t length = utf8proc_encode_char(point, bytes);

	buffer_append(text, (const char *)bytes, (size_t)length);
}

/* Are there control characters U+0080..9F in `text`? */
static bool
is_damaged(const char *text)
{
	int32_t point;

	while ((point = next_point(&text)) >= 0)
		if (point >= 0x80 && point <= 0x9F)
			return true;
	return false;
}

/* Take `text` for UTF-8 that was read as Latin-1, and read it right; false when it cannot be that. */
static bool
read_again(struct buffer *text)
{
	struct buffer bytes = { 0 };
	const char *at = buffer_text(text), *end;
	int32_t point;
	bool is_text = true;

	while ((point = next_point(&at)) >= 0 && point <= 0xFF)
		buffer_append_byte(&bytes, (char)point);
	is_text = point < 0;
	at = end = buffer_text(&bytes);
	while (next_point(&at) >= 0)
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
	for (at = buffer_text(&once); (point = next_point(&at)) >= 0;) {
		if (point >= 0x80 && point <= 0x9F)
			point = windows_1252[point - 0x80];
		if (point != 0)
			add_point(repaired, point);
	}
	buffer_clear(&once);
}

/* Names. */

bool
import_name(struct import_notes *notes, size_t line, const char *what, const char *text, bool may_be_empty,
    char name[NAME_SIZE], bool *is_repaired)
{
	struct buffer repaired = { 0 };
	const char *shown;
	bool is_empty, is_good;

	import_repair(&repaired, text, is_repaired);
	for (size_t i = 0; i < repaired.length; i++)
		if (strchr("\t\n\r", repaired.data[i]) != NULL)
			repaired.data[i] = ' ';
	shown = buffer_text(&repaired);
	is_empty = *skip_blanks(shown) == '\0';
	name[0] = '\0';
	is_good = (is_empty && may_be_empty) || name_tidy(shown, strlen(shown), name) == ST_OK;
	if (is_empty && !is_good)
		import_bad(notes, line, "There is no %s.", what);
	else if (!is_good)
		import_bad(notes, line, "The %s \"%.400s\" is not 1 to %d printable characters.", what, shown, NAME_MAX_CHARS);
	buffer_clear(&repaired);
	return is_good;
}

/* Options and columns. */

enum status
import_list(const char *list, bool (*each)(void *handle, const char *item), void *handle)
{
	const struct csv_row *row;
	struct csv *csv;
	enum status status;

	csv_open_memory(list, strlen(list), ',', &csv);
	status = csv_next(csv, &row);
	if (status == ST_OK && row == NULL)
		(void)each(handle, "");
	for (size_t i = 0; status == ST_OK && row != NULL && i < row->n_field; i++)
		if (!each(handle, trim(row->field[i])))
			break;
	csv_close(csv);
	return status;
}

enum status
import_column(struct import_notes *notes, const struct csv_row *header, const char *name, size_t *column)
{
	struct buffer names = { 0 };
	enum status status = csv_column(header, name, column);

	if (status == ST_OK)
		return ST_OK;
	if (status == ST_EXISTS) {
		import_bad(notes, 0, "Several columns are called \"%s\". "
		    "Give each its own name in the first line, and import again.", name);
		return ST_USAGE;
	}
	for (size_t i = 0; i < header->n_field; i++)
		buffer_format(&names, "%s\"%s\"", i == 0 ? "" : ", ", header->field[i]);
	import_bad(notes, 0, "No column is called \"%s\". The first line of the file has %s.",
	    name, buffer_text(&names));
	buffer_clear(&names);
	return ST_USAGE;
}

/* The columns found so far. */
struct finding {
	struct import_notes	*notes;
	const struct csv_row	*header;
	size_t			*columns, most, count;
	enum status		 status;
};

static bool
find_one(void *handle, const char *name)
{
	struct finding *finding = handle;

	if (finding->count == finding->most) {
		import_bad(finding->notes, 0, "More than %zu columns are joined into one name.", finding->most);
		finding->status = ST_USAGE;
	} else
		finding->status = import_column(finding->notes, finding->header, name, &finding->columns[finding->count++]);
	return finding->status == ST_OK;
}

enum status
import_columns(struct import_notes *notes, const struct csv_row *header, const char *list,
    size_t *columns, size_t most, size_t *count)
{
	struct finding finding = { .notes = notes, .header = header, .columns = columns, .most = most, .status = ST_OK };

	if (csv_column(header, list, &columns[0]) == ST_OK)
		finding.count = 1;
	else if (import_list(list, find_one, &finding) != ST_OK) {
		import_bad(notes, 0, "In the list of columns %s a quote is not closed.", list);
		finding.status = ST_USAGE;
	}
	*count = finding.count;
	return finding.status;
}

enum status
import_header(struct import_notes *notes, struct csv *csv, const struct csv_row **header)
{
	enum status status = csv_next(csv, header);

	if (status != ST_OK)
		import_bad(notes, 0, "%s", csv_why(csv));
	else if (*header == NULL) {
		import_bad(notes, 0, "The file is empty.");
		status = ST_REFUSED;
	}
	return status;
}

void
import_check_row(struct import_notes *notes, const struct csv_row *row)
{
	if (row->n_extra > 0)
		import_odd(notes, row->line, "There are more fields than in the first line of the file; "
		    "%zu at the end are left out. Does a text with a comma lack its quotes?", row->n_extra);
}

enum status
import_group(struct store *store, const char *name, int64_t now, int64_t *id, bool *is_new)
{
	struct group group;
	enum status status = store_group_find(store, name, &group);

	*is_new = status == ST_UNKNOWN;
	if (status == ST_OK)
		*id = group.id;
	return *is_new ? store_group_add(store, name, false, now, id) : status;
}

enum status
import_end(struct store *store, struct import_notes *notes, bool is_dry_run, enum status status)
{
	if (status == ST_OK && notes->n_bad > 0)
		status = ST_REFUSED;
	if (status == ST_OK && !is_dry_run)
		status = store_commit(store);
	if (status != ST_OK && notes->n_bad == 0)
		import_bad(notes, 0, "%s", store_why(store));
	if (status != ST_OK || is_dry_run)
		store_rollback(store);
	return status;
}
