// SPDX-License-Identifier: ISC
/*
 * gate.c: whatever a connection begins with: the gate lets it in, or waits within its bounds; and what it answers itself is a request with
 * one reading, without a body, whose path the router takes for the same. Input: the bytes.
 */
#include "core/route.h"
#include "endpoint/gate.h"
#include "endpoint/http.h"
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
	char *whole = fuzz_text(data, size), *cut = fuzz_text(data, size);
	struct gate_plain plain;
	struct target target;

	if (gate_plain(cut, size, &plain)) {
		const char *path = plain.path, *known = plain.known;

		HOLDS(strlen(whole) == size && strncmp(whole, "GET /", 5) == 0 && strcmp(whole + size - 4, "\r\n\r\n") == 0);
		HOLDS(strstr(whole, "\r\n\r\n") == whole + size - 4);		/* one head, and nothing behind it */
		HOLDS(count_lines(whole, "Host:") == 1 && count_lines(whole, "Content-Length:") == 0 && count_lines(whole, "Transfer-Encoding:") == 0);
		HOLDS(gate_view((const char *)data, size) == GATE_WHOLE);
		HOLDS(path == cut + 4 && strlen(path) < size && strncmp(whole + 4, path, strlen(path)) == 0 && whole[4 + strlen(path)] == ' ');
		HOLDS(strpbrk(path, " \r\n") == NULL);
		HOLDS(!plain.is_last || count_lines(whole, "Connection:") > 0);
		HOLDS(known == NULL || (known > path && known + strlen(known) < cut + size && strpbrk(known, "\r\n") == NULL));
		(void)route_find("GET", path, &target);
	}
	free(whole);
	free(cut);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = fuzz_text(data, size);
	enum gate_view view = gate_view(bytes, size);

	HOLDS(view == GATE_WHOLE || size < GATE_HEAD_MAX + HTTP_BODY_MAX);
	free(bytes);
	try_plain(data, size);
	return 0;
}
