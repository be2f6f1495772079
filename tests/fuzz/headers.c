// SPDX-License-Identifier: ISC
/*
 * headers.c: whatever is sent in the headers that we read ourselves: a length is a number within
 * bounds, an address is an address, and a host holds only bytes of a name. Input: up to three
 * header values, one a line.
 */
#include <arpa/inet.h>

#include "endpoint/body.h"
#include "endpoint/files.h"
#include "endpoint/gzip.h"
#include "endpoint/head.h"
#include "tests/fuzz/fuzz.h"

/* The next line of *text, which is cut there; NULL when there is none. */
static char *
take_line(char **text)
{
	char *line = *text, *end = line == NULL ? NULL : strchr(line, '\n');

	*text = end == NULL ? NULL : end + 1;
	if (end != NULL)
		*end = '\0';
	return line;
}

static void
try_length(const char *text)
{
	char back[24];
	size_t length = 0;

	if (head_body_length(text, &length) != ST_OK)
		return;
	HOLDS(length <= HEAD_BODY_MAX);
	snprintf(back, sizeof back, "%zu", length);
	HOLDS(strcmp(back, text + strspn(text, "0") - (length == 0)) == 0);
}

static void
try_address(const char *real, const char *forwarded)
{
	char proxied[HEAD_ADDRESS_SIZE], direct[HEAD_ADDRESS_SIZE];
	struct in6_addr bytes;

	memset(proxied, 'x', sizeof proxied);
	head_address("127.0.0.1", real, forwarded, proxied);
	HOLDS(memchr(proxied, '\0', sizeof proxied) != NULL);
	HOLDS(inet_pton(AF_INET, proxied, &bytes) == 1 ||
	    inet_pton(AF_INET6, proxied, &bytes) == 1);
	head_address("192.0.2.1", real, forwarded, direct);
	HOLDS(strcmp(direct, "192.0.2.1") == 0);
}

static void
try_etag(const char *header)
{
	HOLDS(!files_etag_match(header, "\"a1\"") || strchr(header, '*') != NULL ||
	    strstr(header, "\"a1\"") != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text;
	const char *first = take_line(&rest), *second = take_line(&rest);
	enum body_kind kind = BODY_JSON;

	if (head_host_valid(first))
		HOLDS(first[0] != '\0' && first[strcspn(first, " /\\@?#%<>\"'\t\r")] == '\0' &&
		    strlen(first) <= 255 + 6);
	try_length(first);
	try_address(first, second);
	try_etag(first);
	if (gzip_accepted(first))
		HOLDS(strcasestr(first, "gzip") != NULL);
	if (body_kind(first, &kind) == ST_OK)
		HOLDS(strcasestr(first,
		    kind == BODY_JSON ? "application/json"
		    : "application/x-www-form-urlencoded") != NULL);
	free(text);
	return 0;
}
