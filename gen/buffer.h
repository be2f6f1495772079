// SPDX-License-Identifier: ISC
/*
 * buffer.h: a sequence of bytes that grows at its end.
 *
 * A page is composed in a buffer, which is emptied, not freed, between pages. {0} is an empty
 * buffer. Lengths are in bytes. Running out of memory ends the program with a sentence on standard
 * error and exit status 71 (EX_OSERR).
 */
#ifndef TURNOUT_BUFFER_H
#define TURNOUT_BUFFER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buffer {
	char	*data;		/* owned; NULL until something was added */
	size_t	 length;
	size_t	 capacity;
};

/* Say that memory is out, and end the program. */
_Noreturn void	buffer_fail(void);

/* Make room for `more` bytes after the end. */
void	buffer_reserve(struct buffer *buffer, size_t more);

/* Add what printf(3) would print. */
void	buffer_format(struct buffer *buffer, const char *format, ...)
	    __attribute__((format(printf, 2, 3)));

/* The content followed by a NUL, which `length` does not count; valid until the next change. */
const char	*buffer_text(struct buffer *buffer);

/* Free the memory; the buffer is empty and usable again. */
void	buffer_clear(struct buffer *buffer);

/*
 * Write `number` at the end of `digits`, and return where it begins. (A page may have thousands,
 * for which printf is slow.)
 */
#define BUFFER_DIGITS	24
const char	*buffer_digits(int64_t number, char digits[BUFFER_DIGITS]);

static inline void
buffer_append(struct buffer *buffer, const char *data, size_t length)
{
	if (length == 0)
		return;
	if (buffer->capacity - buffer->length < length)
		buffer_reserve(buffer, length);
	memcpy(buffer->data + buffer->length, data, length);
	buffer->length += length;
}

static inline void
buffer_append_text(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, text, strlen(text));
}

static inline void
buffer_append_byte(struct buffer *buffer, char byte)
{
	buffer_append(buffer, &byte, 1);
}

#endif
