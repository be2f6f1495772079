// SPDX-License-Identifier: ISC
/* head.c: see head.h. */
#include "endpoint/head.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- single headers ---- */

bool
head_host_valid(const char *host)
{
	const char *end = host;
	size_t digits;

	if (*host == '[') {
		end += 1 + strspn(host + 1, "0123456789abcdefABCDEF:.");
		if (end == host + 1 || *end++ != ']')
			return false;
	} else {
		while (isalnum((unsigned char)*end) || *end == '.' || *end == '-' || *end == '_')
			end++;
		if (end == host)
			return false;
	}
	if (end - host > 255)
		return false;
	if (*end == '\0')
		return true;
	if (*end++ != ':')
		return false;
	digits = strspn(end, "0123456789");
	return digits >= 1 && digits <= 5 && end[digits] == '\0';
}

enum status
head_body_length(const char *text, size_t *length)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || text[digits] != '\0')
		return ST_BAD_REQUEST;
	if (digits > 9)
		return ST_TOO_LARGE;
	*length = (size_t)strtoul(text, NULL, 10);
	return *length > HEAD_BODY_MAX ? ST_TOO_LARGE : ST_OK;
}

/* Copy `text` (`length` bytes, blanks around it) to `address`; false, with "", if it is none. */
static bool
read_address(const char *text, size_t length, char address[HEAD_ADDRESS_SIZE])
{
	uint8_t bytes[16];

	while (length > 0 && *text == ' ') {
		text++;
		length--;
	}
	while (length > 0 && text[length - 1] == ' ')
		length--;
	snprintf(address, HEAD_ADDRESS_SIZE, "%.*s", (int)(length < HEAD_ADDRESS_SIZE ? length : 0),
	    text);
	if (inet_pton(AF_INET, address, bytes) == 1 || inet_pton(AF_INET6, address, bytes) == 1)
		return true;
	address[0] = '\0';
	return false;
}

void
head_address(const char *peer, const char *real, const char *forwarded,
    char address[HEAD_ADDRESS_SIZE])
{
	const char *last = forwarded == NULL ? NULL : strrchr(forwarded, ',');

	if (strcmp(peer, "127.0.0.1") == 0) {
		if (real != NULL && read_address(real, strlen(real), address))
			return;
		last = last == NULL ? forwarded : last + 1;
		if (last != NULL && read_address(last, strlen(last), address))
			return;
	}
	read_address(peer, strlen(peer), address);
}

/* ---- is there more to come? ---- */

/*
 * The length of the head, as the library finds it. 0: it is not complete yet. -1: it has a byte
 * that the library refuses.
 */
static int
find_end(const char *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if ((byte < 0x20 && byte != '\r' && byte != '\n') || byte == 0x7f)
			return -1;
		if (byte == '\n' && i >= 1 && bytes[i - 1] == '\n')
			return (int)i + 1;
		if (byte == '\n' && i >= 3 && memcmp(bytes + i - 3, "\r\n\r", 3) == 0)
			return (int)i + 1;
	}
	return 0;
}

/* The value of the first header `name` of the head that ends at `end`; NULL when there is none. */
static const char *
find_value(const char *head, const char *end, const char *name)
{
	size_t length = strlen(name);
	const char *line = head, *at;

	while ((line = memchr(line, '\n', (size_t)(end - line))) != NULL && ++line < end) {
		if ((size_t)(end - line) <= length || strncasecmp(line, name, length) != 0)
			continue;
		at = line + length;
		while (at < end && *at == ' ')
			at++;
		if (at == end || *at++ != ':')
			continue;
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		return at;
	}
	return NULL;
}

enum head_view
head_view(const char *bytes, size_t length)
{
	int head = find_end(bytes, length < HEAD_BYTES_MAX ? length : HEAD_BYTES_MAX);
	const char *end = bytes + head, *value;
	char digits[12] = "";
	size_t count, body;

	if (head == 0)
		return length < HEAD_BYTES_MAX ? HEAD_PART : HEAD_WHOLE;
	if (head < 0 || (value = find_value(bytes, end, "Content-Length")) == NULL)
		return HEAD_WHOLE;
	for (count = 0; value + count < end && value[count] != '\r' && value[count] != '\n';
	    count++)
		if (count + 1 < sizeof digits)
			digits[count] = value[count];
	if (count >= sizeof digits || head_body_length(digits, &body) != ST_OK ||
	    length >= (size_t)head + body)
		return HEAD_WHOLE;
	value = find_value(bytes, end, "Expect");
	return value != NULL && end - value > 12 && strncasecmp(value, "100-continue", 12) == 0
	    ? HEAD_EXPECT : HEAD_PART;
}

/* ---- a plain request ---- */

/*
 * Cut off the line at *at at its "\r\n", and move *at past it; NULL when there is none, or the line
 * has a lone "\r" or "\n" in it.
 */
static char *
take_line(char **at)
{
	char *line = *at, *end = strstr(line, "\r\n");

	if (end == NULL)
		return NULL;
	*end = '\0';
	*at = end + 2;
	return strpbrk(line, "\r\n") == NULL ? line : NULL;
}

/* How often the headers that matter came, and the length that they state. */
struct known {
	int	hosts, lengths;
	size_t	length;		/* Content-Length */
};

/* Take the line "name: value"; false when a plain request may not have it. */
static bool
take_field(char *line, struct known *known, struct head_plain *plain)
{
	size_t length = strspn(line,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");
	const char *value = line + length + 2;

	if (length == 0 || line[length] != ':' || line[length + 1] != ' ' || *value == ' ' ||
	    plain->n_fields == HEAD_FIELDS_MAX)
		return false;
	line[length] = '\0';
	plain->fields[plain->n_fields++] = (struct head_field){ .name = line, .value = value };
	if (strcasecmp(line, "Host") == 0)
		return head_host_valid(value) && ++known->hosts == 1;
	if (strcasecmp(line, "Content-Length") == 0)
		return head_body_length(value, &known->length) == ST_OK && ++known->lengths == 1;
	if (strcasecmp(line, "Connection") == 0)
		plain->is_last |= strcasestr(value, "close") != NULL;	/* it is a list */
	return strcasecmp(line, "Transfer-Encoding") != 0 && strcasecmp(line, "Expect") != 0;
}

/* Take "GET /path?query HTTP/1.1", or POST, or HTTP/1.0, which ends after one answer. */
static bool
take_first(char *line, struct head_plain *plain)
{
	char *path = strchr(line, ' '), *end, *query;

	if (path == NULL || (end = strchr(path + 1, ' ')) == NULL || path[1] != '/')
		return false;
	plain->is_last = strcmp(end, " HTTP/1.0") == 0;
	if (!plain->is_last && strcmp(end, " HTTP/1.1") != 0)
		return false;
	*path++ = '\0';
	*end = '\0';
	for (end = path; *end > ' ' && *end <= '~'; end++)
		;
	if (*end != '\0')
		return false;
	query = strchr(path, '?');
	if (query != NULL)
		*query++ = '\0';
	plain->method = line;
	plain->path = path;
	plain->query = query;
	return strcmp(line, "GET") == 0 || strcmp(line, "POST") == 0;
}

bool
head_plain(char *bytes, size_t length, struct head_plain *plain)
{
	int head = find_end(bytes, length < HEAD_BYTES_MAX ? length : HEAD_BYTES_MAX);
	struct known known = { 0 };
	char *at = bytes, *line;

	plain->n_fields = 0;
	plain->body = NULL;
	plain->body_length = 0;
	if (head <= 4 || memcmp(bytes + head - 4, "\r\n\r\n", 4) != 0)
		return false;
	bytes[head - 2] = '\0';		/* after the last line */
	if ((line = take_line(&at)) == NULL || !take_first(line, plain))
		return false;
	while (*at != '\0')
		if ((line = take_line(&at)) == NULL || !take_field(line, &known, plain))
			return false;
	if (known.lengths == 1) {
		plain->body = bytes + head;
		plain->body_length = length - (size_t)head;
		bytes[length] = '\0';
	}
	return known.hosts == 1 && known.lengths == (plain->method[0] == 'P') &&
	    known.length == length - (size_t)head;
}
