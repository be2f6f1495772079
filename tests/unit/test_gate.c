// SPDX-License-Identifier: ISC
/*
 * test_gate.c: what the first bytes of a request say about the rest. What the library would wait for must be waited for at the gate; what is
 * answered there must be nothing that the library would read in another way.
 */
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

#define GET	"GET /live/X.json HTTP/1.1\r\n"
#define HOST	"Host: a:80\r\n"

/* What has more than one reading, or a body, or says anything that is not known to mean nothing here, is the library's. */
static void
test_plain(void **state)
{
	static const struct { const char *bytes, *known; bool is_last; } plain[] = {
		{ GET HOST "\r\n", NULL, false }, { GET "hOST: a\r\n\r\n", NULL, false }, { GET HOST "User-Agent: x (y; z: \xc3\xa9)\r\nAccept: */*\r\n\r\n", NULL, false },
		{ GET "If-None-Match: \"1-open\"\r\n" HOST "\r\n", "\"1-open\"", false }, { GET HOST "if-none-match: W/\"1\", \"2\"\r\nA: b\r\n\r\n", "W/\"1\", \"2\"", false },
		{ GET HOST "Connection: close\r\n\r\n", NULL, true }, { GET "connection: Close\r\n" HOST "\r\n", NULL, true },
		{ GET HOST "Connection: keep-alive\r\n\r\n", NULL, false }, { GET HOST "Connection: \r\n\r\n", NULL, false },
	};
	static const char *const others[] = {
		/* Not there, or not all of it, or more. */
		"", "\r\n\r\n", "GET /\r\n\r\n", GET HOST, GET HOST "\r\n\r\n",
		GET HOST "\r\nx", GET HOST "\r\n" GET HOST "\r\n", GET "\r\n",
		/* Another line. */
		"HEAD /live/X.json HTTP/1.1\r\n" HOST "\r\n", "get /live/X.json HTTP/1.1\r\n" HOST "\r\n",
		"GET /live/X.json HTTP/1.0\r\n" HOST "\r\n", "GET /live/X.json HTTP/1.1 \r\n" HOST "\r\n",
		"GET  /live/X.json HTTP/1.1\r\n" HOST "\r\n", "GET /live/X.json  HTTP/1.1\r\n" HOST "\r\n",
		"GET http://a/live/X.json HTTP/1.1\r\n" HOST "\r\n", "GET /live/X.json\r\n" HOST "\r\n",
		/* A Host that is not one. */
		GET HOST HOST "\r\n", GET "Host: \r\n\r\n", GET "Host: a b\r\n\r\n", GET "Host: a\r\nhost: a\r\n\r\n",
		/* A body, or a header that could be read as another. */
		GET HOST "Content-Length: 0\r\n\r\n", GET HOST "content-length: 5\r\n\r\n",
		GET HOST "Transfer-Encoding: chunked\r\n\r\n", GET HOST "If-None-Match: a\r\nIf-None-Match: b\r\n\r\n",
		GET HOST "A:b\r\n\r\n", GET HOST "A : b\r\n\r\n", GET HOST "A: b\r\n c\r\n\r\n", GET HOST "A:  b\r\n\r\n",
		GET HOST "A\r\n\r\n", GET HOST ": b\r\n\r\n", GET HOST "A: b\nContent-Length: 5\r\n\r\n",
		GET HOST "A: b\rContent-Length: 5\r\n\r\n", "GET /live/X.json HTTP/1.1\n" HOST "\r\n", GET HOST "A_B: c\r\n\r\n",
	};
	static const char zero[] = GET HOST "\0: b\r\n\r\n";
	char bytes[256];
	struct gate_plain found;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof plain / sizeof plain[0]; i++) {
		strcpy(bytes, plain[i].bytes);
		if (!gate_plain(bytes, strlen(bytes), &found) || strcmp(found.path, "/live/X.json") != 0 || found.is_last != plain[i].is_last ||
		    (found.known == NULL) != (plain[i].known == NULL) || (found.known != NULL && strcmp(found.known, plain[i].known) != 0))
			fail_msg("%s", plain[i].bytes);
	}
	for (i = 0; i < sizeof others / sizeof others[0]; i++) {
		strcpy(bytes, others[i]);
		if (gate_plain(bytes, strlen(bytes), &found))
			fail_msg("%s", others[i]);
	}
	memcpy(bytes, zero, sizeof zero);
	assert_false(gate_plain(bytes, sizeof zero - 1, &found));
}

/* ---- with sockets ---- */

static bool
say_hello(void *handle, const struct gate_plain *plain, int socket)
{
	*(int *)handle += 1;
	return strcmp(plain->path, "/hello") == 0 && plain->known == NULL && send(socket, "hello", 5, MSG_NOSIGNAL) == 5;
}

/* One who calls at `port` and says `text`. */
static int
call(int port, const char *text)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port) };
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(send(client, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	return client;
}

/* What the gate lets in next, within a second; -1: nobody. */
static int
let_in(int front)
{
	struct pollfd ready = { .fd = front, .events = POLLIN };

	return poll(&ready, 1, 1000) == 1 ? accept(front, NULL, NULL) : -1;
}

/* A plain request is answered before anybody is let in, to a clean end: a reset may cost the client the reply. All others are let in. */
static void
test_answer(void **state)
{
	static const char other[] = "GET /other HTTP/1.1\r\nHost: a\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int front = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), asked = 0, client, inside, port;
	struct gate *gate;
	char bytes[64];

	(void)state;
	assert_int_equal(bind(front, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(front, 8), 0);
	assert_int_equal(getsockname(front, (struct sockaddr *)&address, &size), 0);
	port = ntohs(address.sin_port);
	assert_int_equal(gate_open(front, say_hello, &asked, &gate), ST_OK);
	client = call(port, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(let_in(front), -1);
	assert_int_equal(recv(client, bytes, sizeof bytes, 0), 5);
	assert_int_equal(recv(client, bytes, sizeof bytes, 0), 0);
	assert_int_equal(asked, 1);
	close(client);
	client = call(port, other);
	inside = let_in(front);
	assert_true(inside >= 0);
	assert_int_equal(asked, 2);
	assert_int_equal(recv(inside, bytes, sizeof bytes, 0), sizeof other - 1);	/* nothing of it was taken */
	close(inside);
	close(client);
	client = call(port, "POST /hello HTTP/1.1\r\nHost: a\r\n\r\n");
	inside = let_in(front);
	assert_true(inside >= 0);
	assert_int_equal(asked, 2);
	close(inside);
	close(client);
	gate_shut(gate);
	gate_close(gate);
	close(front);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_long_head),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
