// SPDX-License-Identifier: ISC
/* buffer.c: buffers that double their capacity, and the end of the program when memory is out. */
#include "gen/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

_Noreturn void
buffer_fail(void)
{
	(void)fputs("turnout: out of memory; nothing more was written. "
	    "Free some memory and run the command again.\n", stderr);
	exit(EX_OSERR);
}

void
buffer_reserve(struct buffer *buffer, size_t more)
{
	size_t	 capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
	char	*data;

	if (more > SIZE_MAX / 2 - buffer->length)
		buffer_fail();
	while (capacity - buffer->length < more)
		capacity *= 2;
	if (capacity == buffer->capacity)
		return;
	data = realloc(buffer->data, capacity);
	if (data == NULL)
		buffer_fail();
	buffer->data = data;
	buffer->capacity = capacity;
}

void
buffer_format(struct buffer *buffer, const char *format, ...)
{
	va_list	 arguments;
	int	 length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		buffer_fail();
	buffer_reserve(buffer, (size_t)length + 1);
	va_start(arguments, format);
	(void)vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
}

const char *
buffer_digits(int64_t number, char digits[BUFFER_DIGITS])
{
	uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	char *at = digits + BUFFER_DIGITS - 1;

	*at = '\0';
	do
		*--at = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (number < 0)
		*--at = '-';
	return at;
}

const char *
buffer_text(struct buffer *buffer)
{
	buffer_reserve(buffer, 1);
	buffer->data[buffer->length] = '\0';
	return buffer->data;
}

void
buffer_clear(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){ 0 };
}
