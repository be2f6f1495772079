// SPDX-License-Identifier: ISC
/*
 * gate.c: whatever a connection begins with: the gate lets it in, or waits within its limits. What
 * it answers itself is a request that can be read in only one way, with the body that it announces
 * or none, and a path that the router reads in the same way. Input: the bytes.
 */
#include "core/route.h"
#include "endpoint/head.h"
#include "tests/fuzz/fuzz.h"

/* How often `line` stands in `text`, in any case of its letters. */
static int
count_lines(const char *text, const char *line)
{
	int count = 0;

	for (text = strchr(text, '\n'); text != NULL; text = strchr(text + 1, '\n'))
		count += strncasecmp(text + 1, line, strlen(line)) == 0;
	return count;
}

static void
try_plain(const uint8_t *data, size_t size)
{
	char *whole = fuzz_text(data, size), *cut = fuzz_text(data, size), *head;
	struct head_plain plain;
	struct target target;
	int i;

	if (head_plain(cut, size, &plain)) {
		bool is_post = plain.body != NULL;
		size_t length = size - plain.body_length;

		HOLDS(strncmp(whole, is_post ? "POST /" : "GET /", is_post ? 6 : 5) == 0 &&
		    strcmp(plain.method, is_post ? "POST" : "GET") == 0);
		head = strstr(whole, "\r\n\r\n");
		/* one head, and nothing behind it but what it says */
		HOLDS(head != NULL && head == whole + length - 4);
		HOLDS(is_post ? plain.body == cut + length &&
		    memcmp(plain.body, data + length, plain.body_length) == 0 &&
		    *(cut + size) == '\0'
		    : length == size);
		head[2] = '\0';
		HOLDS(count_lines(whole, "Host:") == 1 &&
		    count_lines(whole, "Content-Length:") == is_post &&
		    count_lines(whole, "Transfer-Encoding:") == 0);
		HOLDS(!plain.is_last || count_lines(whole, "Connection:") > 0 ||
		    strstr(whole, " HTTP/1.0\r\n") != NULL);
		HOLDS(head_view((const char *)data, size) == HEAD_WHOLE);
		HOLDS(plain.path == cut + (is_post ? 5 : 4) &&
		    strpbrk(plain.path, " \r\n?") == NULL);
		HOLDS(plain.query == NULL ||
		    (plain.query == plain.path + strlen(plain.path) + 1 &&
		    strpbrk(plain.query, " \r\n") == NULL));
		HOLDS(plain.n_fields > 0 && plain.n_fields <= HEAD_FIELDS_MAX);
		for (i = 0; i < plain.n_fields; i++)
			HOLDS(plain.fields[i].name > plain.path &&
			    plain.fields[i].value + strlen(plain.fields[i].value) < cut + length &&
			    strpbrk(plain.fields[i].value, "\r\n") == NULL &&
			    count_lines(whole, plain.fields[i].name) > 0);
		(void)route_find(plain.method, plain.path, &target);
	}
	free(whole);
	free(cut);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = fuzz_text(data, size);
	enum head_view view = head_view(bytes, size);

	HOLDS(view == HEAD_WHOLE || size < HEAD_BYTES_MAX + HEAD_BODY_MAX);
	free(bytes);
	try_plain(data, size);
	return 0;
}
