// SPDX-License-Identifier: ISC
/* test_gate.c: what the first bytes of a request say about the rest. What the library would wait for must be waited for at the gate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "endpoint/gate.h"

#define POST	"POST /x HTTP/1.1\r\nHost: a\r\n"

static void
test_view(void **state)
{
	static const struct { const char *bytes; enum gate_view view; } table[] = {
		{ "", GATE_PART }, { "G", GATE_PART }, { "GET / HTTP/1.1\r\n", GATE_PART }, { "GET / HTTP/1.1\r\nHost: a\r\n", GATE_PART },
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r", GATE_PART }, { "GET / HTTP/1.1\r\nHost: a\n\r\n", GATE_PART },
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", GATE_WHOLE }, { "GET / HTTP/1.1\nHost: a\n\n", GATE_WHOLE }, { "\r\n\r\n", GATE_WHOLE },
		/* A byte that the library refuses; not one of another language. */
		{ "GET /\t", GATE_WHOLE }, { "\x16\x03\x01", GATE_WHOLE }, { "GET /\x7f", GATE_WHOLE }, { "GET /\xc3\xa9", GATE_PART },
		/* The body: as long as it says, by any spelling that the library takes. */
		{ POST "Content-Length: 3\r\n\r\n", GATE_PART }, { POST "Content-Length: 3\r\n\r\nab", GATE_PART },
		{ POST "Content-Length: 3\r\n\r\nabc", GATE_WHOLE }, { POST "Content-Length: 3\r\n\r\nabcd", GATE_WHOLE },
		{ POST "Content-Length: 0\r\n\r\n", GATE_WHOLE }, { POST "CONTENT-LENGTH:3\r\n\r\n", GATE_PART },
		{ POST "content-length  :   3\r\n\r\n", GATE_PART }, { POST "content-length: 16384\n\n", GATE_PART },
		{ "POST /\nContent-Length:3\n\n", GATE_PART }, { POST "X-Content-Length: 3\r\n\r\n", GATE_WHOLE }, { POST "Content-Lengths: 3\r\n\r\n", GATE_WHOLE },
		/* A length that is refused: nobody waits for what it says. */
		{ POST "Content-Length: 16385\r\n\r\n", GATE_WHOLE }, { POST "Content-Length: 99999999999999999999\r\n\r\n", GATE_WHOLE },
		{ POST "Content-Length: +3\r\n\r\n", GATE_WHOLE }, { POST "Content-Length: 3 \r\n\r\n", GATE_WHOLE },
		{ POST "Content-Length: 3abc\r\n\r\n", GATE_WHOLE }, { POST "Content-Length:\r\n\r\n", GATE_WHOLE }, { POST "Content-Length: -3\r\n\r\n", GATE_WHOLE },
		/* Who waits to be told to go on. */
		{ POST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n", GATE_EXPECT }, { POST "Content-Length: 3\r\nexpect:100-Continue\r\n\r\n", GATE_EXPECT },
		{ POST "Content-Length: 3\r\nExpect: 100-continue\r\n", GATE_PART }, { POST "Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc", GATE_WHOLE },
		{ POST "Expect: 100-continue\r\n\r\n", GATE_WHOLE }, { POST "Content-Length: 3\r\nExpect: other\r\n\r\n", GATE_PART },
		{ POST "Content-Length: 3\r\nExpect: 100\r\n\r\n", GATE_PART },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (gate_view(table[i].bytes, strlen(table[i].bytes)) != table[i].view)
			fail_msg("%s", table[i].bytes);
}

/* A head is at most GATE_HEAD_MAX bytes; where it ends only behind them, the library refuses it, and its length counts for nothing. */
static void
test_long_head(void **state)
{
	static char bytes[GATE_HEAD_MAX + 64];
	size_t start = (size_t)snprintf(bytes, sizeof bytes, "GET / HTTP/1.1\r\nX: ");

	(void)state;
	memset(bytes + start, 'a', sizeof bytes - start);
	assert_int_equal(gate_view(bytes, GATE_HEAD_MAX - 1), GATE_PART);
	assert_int_equal(gate_view(bytes, GATE_HEAD_MAX), GATE_WHOLE);
	memcpy(bytes + GATE_HEAD_MAX - 3, "\r\n\r\n", 4);
	assert_int_equal(gate_view(bytes, GATE_HEAD_MAX - 1), GATE_PART);
	assert_int_equal(gate_view(bytes, sizeof bytes), GATE_WHOLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_long_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
