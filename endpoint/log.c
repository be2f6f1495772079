// SPDX-License-Identifier: ISC
/* log.c: see log.h. */
#include "endpoint/log.h"

#include <ctype.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "core/patience.h"

#define LINE_MAX_BYTES	1000
#define SECRET_MIN	20	/* capabilities and tokens have 26 characters, session ids 10 */
#define HIDDEN		"\xe2\x80\xa6"

/* Append `text`, its control bytes made visible; returns the new length, always below `size`. */
static size_t
append_visible(char *line, size_t length, size_t size, const char *text)
{
	for (; *text != '\0' && length + 5 < size; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte >= 0x20 && byte != 0x7f)
			line[length++] = (char)byte;
		else
			length += (size_t)snprintf(line + length, size - length, "\\x%02x", byte);
	}
	line[length] = '\0';
	return length;
}

/* Write the line of `text`. */
static void
write_line(const char *text)
{
	char line[LINE_MAX_BYTES * 2];
	size_t length;
	time_t now = time(NULL);
	struct tm utc;

	if (gmtime_r(&now, &utc) == NULL)
		memset(&utc, 0, sizeof utc);
	length = strftime(line, sizeof line, "time=%Y-%m-%dT%H:%M:%SZ ", &utc);
	length = append_visible(line, length, sizeof line - 1, text);
	line[length++] = '\n';
	if (write(STDERR_FILENO, line, length) < 0)
		return;		/* nobody is left to tell */
}

void
log_event(const char *format, ...)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;	/* room is for one line */
	static struct patience patience;
	char text[LINE_MAX_BYTES], told[64];
	va_list arguments;
	int lost;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	pthread_mutex_lock(&lock);
	if (patience_has_room(&patience, &lost)) {
		snprintf(told, sizeof told, "event=log lost=%d", lost);
		if (lost > 0)
			write_line(told);
		write_line(text);
	}
	pthread_mutex_unlock(&lock);
}

/* How many letters and digits `text` begins with. */
static size_t
word_length(const char *text)
{
	size_t length = 0;

	while (isalnum((unsigned char)text[length]))
		length++;
	return length;
}

void
log_path(const char *path, char *text, size_t size)
{
	size_t length = 0;

	while (*path != '\0' && length + sizeof HIDDEN < size) {
		size_t word = word_length(path);

		if (strncasecmp(path, "/validate/", 10) == 0) {
			length += (size_t)snprintf(text + length, size - length, "/validate/");
			if (length + sizeof HIDDEN < size)
				length += (size_t)snprintf(text + length, size - length, HIDDEN);
			break;
		}
		if (word >= SECRET_MIN) {
			length += (size_t)snprintf(text + length, size - length, HIDDEN);
			path += word;
			continue;
		}
		if (word == 0)
			word = 1;
		for (; word > 0 && length + 1 < size; word--)
			text[length++] = *path++;
	}
	text[length < size ? length : size - 1] = '\0';
}
