// SPDX-License-Identifier: ISC
/*
 * test_gate.c: what the first bytes of a request tell about the rest. The gate must wait for
 * everything that the library would wait for, and must not answer anything that the library would
 * read differently.
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
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "endpoint/gate.h"
#include "endpoint/head.h"

#define POST	"POST /x HTTP/1.1\r\nHost: a\r\n"

static void
test_view(void **state)
{
	static const struct { const char *bytes; enum head_view view; } table[] = {
		{ "", HEAD_PART }, { "G", HEAD_PART }, { "GET / HTTP/1.1\r\n", HEAD_PART },
		{ "GET / HTTP/1.1\r\nHost: a\r\n", HEAD_PART },
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r", HEAD_PART },
		{ "GET / HTTP/1.1\r\nHost: a\n\r\n", HEAD_PART },
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", HEAD_WHOLE },
		{ "GET / HTTP/1.1\nHost: a\n\n", HEAD_WHOLE }, { "\r\n\r\n", HEAD_WHOLE },
		/* A byte that the library refuses; not one of another language. */
		{ "GET /\t", HEAD_WHOLE }, { "\x16\x03\x01", HEAD_WHOLE },
		{ "GET /\x7f", HEAD_WHOLE }, { "GET /\xc3\xa9", HEAD_PART },
		/* The body: as long as it says, by any spelling that the library takes. */
		{ POST "Content-Length: 3\r\n\r\n", HEAD_PART },
		{ POST "Content-Length: 3\r\n\r\nab", HEAD_PART },
		{ POST "Content-Length: 3\r\n\r\nabc", HEAD_WHOLE },
		{ POST "Content-Length: 3\r\n\r\nabcd", HEAD_WHOLE },
		{ POST "Content-Length: 0\r\n\r\n", HEAD_WHOLE },
		{ POST "CONTENT-LENGTH:3\r\n\r\n", HEAD_PART },
		{ POST "content-length  :   3\r\n\r\n", HEAD_PART },
		{ POST "content-length: 16384\n\n", HEAD_PART },
		{ "POST /\nContent-Length:3\n\n", HEAD_PART },
		{ POST "X-Content-Length: 3\r\n\r\n", HEAD_WHOLE },
		{ POST "Content-Lengths: 3\r\n\r\n", HEAD_WHOLE },
		/* A length that is refused: nobody waits for what it says. */
		{ POST "Content-Length: 16385\r\n\r\n", HEAD_WHOLE },
		{ POST "Content-Length: 99999999999999999999\r\n\r\n", HEAD_WHOLE },
		{ POST "Content-Length: +3\r\n\r\n", HEAD_WHOLE },
		{ POST "Content-Length: 3 \r\n\r\n", HEAD_WHOLE },
		{ POST "Content-Length: 3abc\r\n\r\n", HEAD_WHOLE },
		{ POST "Content-Length:\r\n\r\n", HEAD_WHOLE },
		{ POST "Content-Length: -3\r\n\r\n", HEAD_WHOLE },
		/* Who waits to be told to go on. */
		{ POST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n", HEAD_EXPECT },
		{ POST "Content-Length: 3\r\nexpect:100-Continue\r\n\r\n", HEAD_EXPECT },
		{ POST "Content-Length: 3\r\nExpect: 100-continue\r\n", HEAD_PART },
		{ POST "Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc", HEAD_WHOLE },
		{ POST "Expect: 100-continue\r\n\r\n", HEAD_WHOLE },
		{ POST "Content-Length: 3\r\nExpect: other\r\n\r\n", HEAD_PART },
		{ POST "Content-Length: 3\r\nExpect: 100\r\n\r\n", HEAD_PART },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (head_view(table[i].bytes, strlen(table[i].bytes)) != table[i].view)
			fail_msg("%s", table[i].bytes);
}

/*
 * A head is at most HEAD_BYTES_MAX bytes; where it ends only behind them, the library refuses it,
 * and its length counts for nothing.
 */
static void
test_long_head(void **state)
{
	static char bytes[HEAD_BYTES_MAX + 64];
	size_t start = (size_t)snprintf(bytes, sizeof bytes, "GET / HTTP/1.1\r\nX: ");

	(void)state;
	memset(bytes + start, 'a', sizeof bytes - start);
	assert_int_equal(head_view(bytes, HEAD_BYTES_MAX - 1), HEAD_PART);
	assert_int_equal(head_view(bytes, HEAD_BYTES_MAX), HEAD_WHOLE);
	memcpy(bytes + HEAD_BYTES_MAX - 3, "\r\n\r\n", 4);
	assert_int_equal(head_view(bytes, HEAD_BYTES_MAX - 1), HEAD_PART);
	assert_int_equal(head_view(bytes, sizeof bytes), HEAD_WHOLE);
}

#define GET	"GET /live/X.json HTTP/1.1\r\n"
#define HOST	"Host: a:80\r\n"
#define LENGTH	"Content-Length: 3\r\n"

/* The one value of header `name` in `plain`; NULL: none. */
static const char *
find(const struct head_plain *plain, const char *name)
{
	int i;

	for (i = 0; i < plain->n_fields; i++)
		if (strcasecmp(plain->fields[i].name, name) == 0)
			return plain->fields[i].value;
	return NULL;
}

static bool
is_same(const char *one, const char *other)
{
	return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

static void
test_plain(void **state)
{
	static const struct {
		const char *bytes, *path, *query, *name, *value, *body;
		bool is_last;
	} table[] = {
		{ GET HOST "\r\n", "/live/X.json", NULL, "host", "a:80", NULL, false },
		{ GET "hOST: a\r\n\r\n", "/live/X.json", NULL, "Host", "a", NULL, false },
		{ GET HOST "User-Agent: x (y; z: \xc3\xa9)\r\nAccept: */*\r\n\r\n", "/live/X.json",
		    NULL, "accept", "*/*", NULL, false },
		{ GET HOST "if-none-match: W/\"1\", \"2\"\r\nA: b\r\n\r\n", "/live/X.json", NULL,
		    "If-None-Match", "W/\"1\", \"2\"", NULL, false },
		{ GET HOST "Connection: close\r\n\r\n", "/live/X.json", NULL, "Connection",
		    "close", NULL, true },
		{ GET "connection: Close\r\n" HOST "\r\n", "/live/X.json", NULL, "B", NULL, NULL,
		    true },
		{ "GET /x HTTP/1.0\r\n" HOST "Connection: keep-alive\r\n\r\n", "/x", NULL, "Host",
		    "a:80", NULL, true },
		{ GET HOST "Connection: TE, close\r\n\r\n", "/live/X.json", NULL, "Connection",
		    "TE, close", NULL, true },
		{ GET HOST "Connection: close\r\nConnection: TE\r\n\r\n", "/live/X.json", NULL,
		    "B", NULL, NULL, true },
		{ GET HOST "Connection: keep-alive\r\n\r\n", "/live/X.json", NULL, "Connection",
		    "keep-alive", NULL, false },
		{ GET HOST "Connection: \r\n\r\n", "/live/X.json", NULL, "Connection", "", NULL,
		    false },
		{ "GET /?a=b?c HTTP/1.1\r\n" HOST "\r\n", "/", "a=b?c", "B", NULL, NULL, false },
		{ POST LENGTH "\r\nabc", "/x", NULL, "Content-Length", "3", "abc", false },
		{ POST LENGTH "\r\n\r\n\r", "/x", NULL, "Content-Length", "3", "\r\n\r", false },
		{ POST LENGTH "Connection: close\r\n\r\nGET", "/x", NULL, "B", NULL, "GET", true },
		{ POST "content-length: 0\r\n\r\n", "/x", NULL, "B", NULL, "", false },
		{ "POST /x?lang=de HTTP/1.1\r\n" HOST LENGTH "\r\n{ }", "/x", "lang=de", "B", NULL,
		    "{ }", false },
	};
	struct head_plain found;
	char bytes[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		strcpy(bytes, table[i].bytes);
		if (!head_plain(bytes, strlen(bytes), &found) ||
		    strcmp(found.method, table[i].body == NULL ? "GET" : "POST") != 0 ||
		    !is_same(found.path, table[i].path) || !is_same(found.query, table[i].query) ||
		    !is_same(found.body, table[i].body) ||
		    found.body_length != (table[i].body == NULL ? 0 : strlen(table[i].body)) ||
		    !is_same(find(&found, table[i].name), table[i].value) ||
		    found.is_last != table[i].is_last)
			fail_msg("%s", table[i].bytes);
	}
}

/*
 * What has more than one reading, or says anything that is not known to mean nothing here, is the
 * library's.
 */
static void
test_not_plain(void **state)
{
	static const char *const table[] = {
		/* Not there, or not all of it, or more. */
		"", "\r\n\r\n", "GET /\r\n\r\n", GET HOST, GET HOST "\r\n\r\n",
		GET HOST "\r\nx", GET HOST "\r\n" GET HOST "\r\n", GET "\r\n",
		/* Another line. */
		"HEAD /live/X.json HTTP/1.1\r\n" HOST "\r\n",
		"get /live/X.json HTTP/1.1\r\n" HOST "\r\n",
		"PUT /x HTTP/1.1\r\n" HOST LENGTH "\r\nabc",
		"POSTS /x HTTP/1.1\r\n" HOST LENGTH "\r\nabc",
		"GET /live/X.json HTTP/1.2\r\n" HOST "\r\n",
		"GET /live/X.json HTTP/1.1 \r\n" HOST "\r\n",
		"GET  /live/X.json HTTP/1.1\r\n" HOST "\r\n",
		"GET /live/X.json  HTTP/1.1\r\n" HOST "\r\n",
		"GET http://a/live/X.json HTTP/1.1\r\n" HOST "\r\n",
		"GET /live/X.json\r\n" HOST "\r\n", "GET x HTTP/1.1\r\n" HOST "\r\n",
		"GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n", "GET /?\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n",
		/* A Host that is not one. */
		GET HOST HOST "\r\n", GET "Host: \r\n\r\n", GET "Host: a b\r\n\r\n",
		GET "Host: a\r\nhost: a\r\n\r\n", POST HOST LENGTH "\r\nabc",
		/* A body where there is none to be, or of another length, or of none or two. */
		GET HOST "Content-Length: 0\r\n\r\n", GET HOST "content-length: 5\r\n\r\n",
		GET HOST LENGTH "\r\nabc", POST "\r\n", POST "\r\nabc", POST LENGTH "\r\nab",
		POST LENGTH "\r\nabcd", POST LENGTH LENGTH "\r\nabc",
		POST "Content-Length: +3\r\n\r\nabc", POST "Content-Length: 3, 3\r\n\r\nabc",
		POST "Content-Length: 3 \r\n\r\nabc",
		POST "Content-Length: 99999999999999999999\r\n\r\nabc",
		POST "Content-Length: \r\n\r\n", POST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		POST LENGTH "Transfer-Encoding: chunked\r\n\r\nabc",
		POST LENGTH "Expect: 100-continue\r\n\r\nabc",
		/* A header that could be read as another. */
		GET HOST "Transfer-Encoding: chunked\r\n\r\n",
		GET HOST "A:b\r\n\r\n", GET HOST "A : b\r\n\r\n", GET HOST "A: b\r\n c\r\n\r\n",
		GET HOST "A:  b\r\n\r\n", GET HOST "A\r\n\r\n", GET HOST ": b\r\n\r\n",
		GET HOST "A: b\nContent-Length: 5\r\n\r\n",
		GET HOST "A: b\rContent-Length: 5\r\n\r\n",
		"GET /live/X.json HTTP/1.1\n" HOST "\r\n", GET HOST "A_B: c\r\n\r\n",
		POST "Content-Length: 3\n\r\nabc", POST LENGTH "\nabc", POST LENGTH " \r\n\r\nabc",
		/* A byte that the library refuses. */
		GET HOST "A: b\tc\r\n\r\n", GET HOST "A: \x01\r\n\r\n", GET HOST "A: \x7f\r\n\r\n",
	};
	static const char zero[] = GET HOST "\0: b\r\n\r\n";
	char bytes[256];
	struct head_plain found;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		strcpy(bytes, table[i]);
		if (head_plain(bytes, strlen(bytes), &found))
			fail_msg("%s", table[i]);
	}
	memcpy(bytes, zero, sizeof zero);
	assert_false(head_plain(bytes, sizeof zero - 1, &found));
}

/* More headers than the gate keeps are the library's. */
static void
test_many_fields(void **state)
{
	char bytes[HEAD_FIELDS_MAX * 8 + 64];
	struct head_plain found;
	int count, length;

	(void)state;
	for (count = HEAD_FIELDS_MAX; count <= HEAD_FIELDS_MAX + 1; count++) {
		length = snprintf(bytes, sizeof bytes, GET HOST);
		for (int i = 1; i < count; i++)
			length += snprintf(bytes + length, sizeof bytes - (size_t)length,
			    "A: b\r\n");
		length += snprintf(bytes + length, sizeof bytes - (size_t)length, "\r\n");
		assert_int_equal(head_plain(bytes, (size_t)length, &found),
		    count == HEAD_FIELDS_MAX);
	}
}

/* ---- with sockets ---- */

/* What the answerer was asked. */
struct asked {
	struct gate	*gate;
	int		 times, refused;
	struct gate_caller later;	/* whom it has not answered yet; socket -1: nobody */
};

static void
reply_later(struct asked *asked, bool goes_on)
{
	assert_int_equal(send(asked->later.socket, "later", 5, MSG_NOSIGNAL), 5);
	gate_end(asked->gate, &asked->later, goes_on);
	asked->later.socket = -1;
}

/* is answered once something new of it was told; NULL: nobody */
static struct asked *ended_late;

/* The gate's, as if another thread answered right behind it. */
int
epoll_wait(int epoll, struct epoll_event *events, int count, int wait_ms)
{
	int told = epoll_pwait(epoll, events, count, wait_ms, NULL);

	if (told == 1 && ended_late != NULL &&
	    events[0].data.u32 == (uint32_t)ended_late->later.place) {
		reply_later(ended_late, false);
		ended_late = NULL;
	}
	return told;
}

/* Answers "GET /hello" at once, a POST by reply_later, and leaves all else to the library. */
static bool
answer(void *handle, const char *bytes, size_t length, const struct sockaddr_in *peer,
    const struct gate_caller *caller)
{
	struct asked *asked = handle;
	char taken[256];

	assert_int_equal(peer->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	asked->times++;
	if (strncmp(bytes, "GET /hello", 10) != 0 && strncmp(bytes, "POST", 4) != 0)
		return false;
	/* it was not before */
	assert_int_equal(recv(caller->socket, taken, sizeof taken, MSG_DONTWAIT), length);
	assert_memory_equal(taken, bytes, length);
	asked->later = *caller;
	if (bytes[0] == 'G')
		reply_later(asked, caller->place >= 0);
	return true;
}

#define ROOM	3

static void
refuse(void *handle, int socket)
{
	struct asked *asked = handle;
	char taken[256];

	asked->refused++;
	assert_true(recv(socket, taken, sizeof taken, MSG_DONTWAIT) > 0);
	assert_int_equal(send(socket, "full", 4, MSG_NOSIGNAL), 4);
}

/* One who calls at `port` and says `text`. */
static int
call(int port, const char *text)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port) };
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

/* A gate before a port; the number that is polled in `front`. */
static void
open_gate(struct asked *asked, bool is_kept, int *front, int *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;

	*asked = (struct asked){ .later.socket = -1 };
	*front = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(*front, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(*front, 128), 0);
	assert_int_equal(getsockname(*front, (struct sockaddr *)&address, &size), 0);
	*port = ntohs(address.sin_port);
	assert_int_equal(gate_open(*front, is_kept, ROOM, answer, refuse, asked,
	    &asked->gate), ST_OK);
}

static void
close_gate(struct asked *asked, int front)
{
	gate_shut(asked->gate);
	gate_close(asked->gate);
	close(front);
}

/* The client is told so much, and no more for now. */
static void
hears(int client, const char *text)
{
	char bytes[64];

	assert_int_equal(recv(client, bytes, sizeof bytes, 0), strlen(text));
	assert_memory_equal(bytes, text, strlen(text));
	assert_int_equal(recv(client, bytes, sizeof bytes, MSG_DONTWAIT), -1);
}

static void
hears_end(int client)
{
	char byte;

	assert_int_equal(recv(client, &byte, 1, 0), 0);
	close(client);
}

/* To a clean end: a reset may cost the client the reply. */
static void
hears_last(int client, const char *text)
{
	char bytes[64];

	assert_int_equal(recv(client, bytes, sizeof bytes, 0), strlen(text));
	assert_memory_equal(bytes, text, strlen(text));
	hears_end(client);
}

#define HELLO	"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
#define OTHER	"GET /other HTTP/1.1\r\nHost: a\r\n\r\n"

/* Who is answered at the gate is not let in; all others are, with nothing taken. */
static void
test_answer(void **state)
{
	int front, port, client, inside;
	struct asked asked;
	char bytes[64];

	(void)state;
	open_gate(&asked, false, &front, &port);
	client = call(port, HELLO);
	assert_int_equal(let_in(front), -1);
	hears_last(client, "later");
	assert_int_equal(asked.times, 1);
	client = call(port, OTHER);
	inside = let_in(front);
	assert_true(inside >= 0);
	assert_int_equal(asked.times, 2);
	assert_int_equal(recv(inside, bytes, sizeof bytes, 0), strlen(OTHER));
	close(inside);
	close(client);
	close_gate(&asked, front);
}

/*
 * Whose answer comes later is nobody's but the answerer's, whether all came at once or in two
 * parts.
 */
static void
test_answer_later(void **state)
{
	static const char *const parts[][2] = { { POST LENGTH "\r\nabc", NULL },
	    { POST LENGTH "\r\na", "bc" } };
	int front, port, client, i;
	struct asked asked;
	char bytes[64];

	(void)state;
	open_gate(&asked, false, &front, &port);
	for (i = 0; i < 2; i++) {
		client = call(port, parts[i][0]);
		assert_int_equal(let_in(front), -1);
		if (parts[i][1] != NULL) {
			assert_int_equal(asked.times, i);		/* it is not whole */
			assert_int_equal(send(client, parts[i][1], strlen(parts[i][1]),
			    MSG_NOSIGNAL), strlen(parts[i][1]));
			assert_int_equal(let_in(front), -1);
		}
		assert_int_equal(asked.times, i + 1);
		assert_int_equal(recv(client, bytes, sizeof bytes, MSG_DONTWAIT), -1);
		reply_later(&asked, false);
		hears_last(client, "later");
	}
	close_gate(&asked, front);
}

/*
 * A kept connection is asked on again and again, also where the next request comes before the
 * answer; what is not plain lets it in.
 */
static void
test_kept(void **state)
{
	int front, port, client, inside, i;
	struct asked asked;
	char bytes[64];

	(void)state;
	open_gate(&asked, true, &front, &port);
	client = call(port, HELLO);
	for (i = 0; i < 3; i++) {
		assert_int_equal(let_in(front), -1);
		hears(client, "later");
		assert_int_equal(send(client, HELLO, strlen(HELLO), MSG_NOSIGNAL), strlen(HELLO));
	}
	assert_int_equal(let_in(front), -1);
	hears(client, "later");
	assert_int_equal(asked.times, 4);

	assert_int_equal(send(client, POST LENGTH "\r\na", strlen(POST LENGTH "\r\na"),
	    MSG_NOSIGNAL), strlen(POST LENGTH "\r\na"));
	assert_int_equal(let_in(front), -1);
	assert_int_equal(send(client, "bc", 2, MSG_NOSIGNAL), 2);
	assert_int_equal(let_in(front), -1);
	assert_int_equal(send(client, HELLO, strlen(HELLO), MSG_NOSIGNAL), strlen(HELLO));
	assert_int_equal(let_in(front), -1);
	assert_int_equal(asked.times, 5);		/* one after the other */
	reply_later(&asked, true);
	hears(client, "later");
	assert_int_equal(let_in(front), -1);
	hears(client, "later");
	assert_int_equal(asked.times, 6);

	assert_int_equal(send(client, OTHER, strlen(OTHER), MSG_NOSIGNAL), strlen(OTHER));
	inside = let_in(front);
	assert_true(inside >= 0);
	assert_int_equal(recv(inside, bytes, sizeof bytes, 0), strlen(OTHER));
	close(inside);
	close(client);
	close_gate(&asked, front);
}

/*
 * One that is kept and ends is let in for the library to find; one whose answer was the last ends
 * here.
 */
static void
test_kept_end(void **state)
{
	int front, port, client, inside;
	struct asked asked;
	char bytes[64];

	(void)state;
	open_gate(&asked, true, &front, &port);
	client = call(port, HELLO);
	assert_int_equal(let_in(front), -1);
	hears(client, "later");
	close(client);
	inside = let_in(front);
	assert_true(inside >= 0);
	assert_int_equal(recv(inside, bytes, sizeof bytes, 0), 0);
	close(inside);
	client = call(port, POST LENGTH "\r\nabc");
	assert_int_equal(let_in(front), -1);
	reply_later(&asked, false);
	hears_last(client, "later");
	close_gate(&asked, front);
}

/*
 * Something new comes while the last answer is sent: the place is nobody's then, and its number
 * may be another file's.
 */
static void
test_ended_late(void **state)
{
	int front, port, client;
	struct asked asked;

	(void)state;
	open_gate(&asked, true, &front, &port);
	client = call(port, POST LENGTH "\r\nabc");
	assert_int_equal(let_in(front), -1);
	assert_true(asked.later.place >= 0);
	assert_int_equal(shutdown(client, SHUT_WR), 0);
	ended_late = &asked;
	assert_int_equal(let_in(front), -1);
	assert_null(ended_late);
	hears_last(client, "later");
	assert_int_equal(asked.times, 1);
	close_gate(&asked, front);
}

/*
 * With every place taken by requests in work, a whole one is answered and does not go on, and a
 * part of one is let in as it is; of those that wait, the oldest makes room for a part.
 */
static void
test_full(void **state)
{
	static struct gate_caller busy[GATE_HELD_MAX];
	static int clients[GATE_HELD_MAX];
	static const char part[] = POST LENGTH "\r\na";
	const struct rlimit files = { 2 * GATE_HELD_MAX + 64, 2 * GATE_HELD_MAX + 64 };
	int front, port, client, inside, i;
	struct asked asked;
	char bytes[256];

	(void)state;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
	open_gate(&asked, true, &front, &port);
	for (i = 0; i < GATE_HELD_MAX; i++) {
		clients[i] = call(port, POST LENGTH "\r\nabc");
		assert_int_equal(let_in(front), -1);
		assert_true(asked.later.place >= 0);
		busy[i] = asked.later;
	}

	client = call(port, POST LENGTH "\r\nabc");
	assert_int_equal(let_in(front), -1);
	assert_int_equal(asked.times, GATE_HELD_MAX + 1);
	assert_int_equal(asked.later.place, -1);
	reply_later(&asked, false);
	hears_last(client, "later");

	client = call(port, part);
	inside = let_in(front);
	assert_true(inside >= 0);
	assert_int_equal(recv(inside, bytes, sizeof bytes, 0), strlen(part));
	assert_int_equal(recv(inside, bytes, sizeof bytes, 0), 0);
	close(inside);
	close(client);
	assert_int_equal(asked.times, GATE_HELD_MAX + 1);

	asked.later = busy[0];
	reply_later(&asked, true);			/* he waits for another request */
	hears(clients[0], "later");
	client = call(port, part);
	inside = let_in(front);
	assert_true(inside >= 0);
	assert_int_equal(recv(inside, bytes, sizeof bytes, 0), 0);
	close(inside);
	hears_end(clients[0]);
	assert_int_equal(send(client, "bc", 2, MSG_NOSIGNAL), 2);
	assert_int_equal(let_in(front), -1);
	assert_int_equal(asked.times, GATE_HELD_MAX + 2);
	reply_later(&asked, false);
	hears_last(client, "later");
	for (i = 1; i < GATE_HELD_MAX; i++) {
		asked.later = busy[i];
		reply_later(&asked, false);
		hears_last(clients[i], "later");
	}
	close_gate(&asked, front);
}

/* What is longer than HEAD_PLAIN_MAX is the library's unasked. */
static void
test_large(void **state)
{
	static char bytes[HEAD_PLAIN_MAX + 2];
	int front, port, client, inside, start;
	struct asked asked;

	(void)state;
	open_gate(&asked, false, &front, &port);
	start = snprintf(bytes, sizeof bytes, "GET /other HTTP/1.1\r\nHost: a\r\nA: ");
	memset(bytes + start, 'a', sizeof bytes - (size_t)start);
	memcpy(bytes + HEAD_PLAIN_MAX + 1 - 4, "\r\n\r\n", 5);
	client = call(port, bytes);
	inside = let_in(front);
	assert_true(inside >= 0);
	assert_int_equal(asked.times, 0);
	close(inside);
	close(client);
	close_gate(&asked, front);
}

/*
 * What was taken for whole is let in with nothing more to be read; only of a GET the client can be
 * seen to leave.
 */
static void
test_end(void **state)
{
	static const struct { const char *bytes; bool is_over; } table[] = {
		{ "PUT /x HTTP/1.1\r\n Content-Length: 3\r\nHost: a\r\n\r\n", true },
		{ "\r\n\r\nPOST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\n", true },
		{ OTHER, false },
	};
	int front, port, client, inside;
	struct asked asked;
	char bytes[256];
	size_t i;

	(void)state;
	open_gate(&asked, false, &front, &port);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		client = call(port, table[i].bytes);
		inside = let_in(front);
		assert_true(inside >= 0);
		assert_int_equal(recv(inside, bytes, sizeof bytes, 0), strlen(table[i].bytes));
		assert_int_equal(recv(inside, bytes, sizeof bytes, MSG_DONTWAIT),
		    table[i].is_over ? 0 : -1);
		close(inside);
		close(client);
	}
	close_gate(&asked, front);
}

/*
 * While as many as there is room for wait for a thread, the next one is refused; who is answered at
 * the gate is not.
 */
static void
test_room(void **state)
{
	int front, port, client, others[ROOM], inside[ROOM], i;
	struct asked asked;

	(void)state;
	open_gate(&asked, false, &front, &port);
	for (i = 0; i < ROOM; i++) {
		others[i] = call(port, OTHER);
		inside[i] = let_in(front);
		assert_true(inside[i] >= 0);
	}
	client = call(port, OTHER);
	assert_int_equal(let_in(front), -1);
	hears_last(client, "full");
	client = call(port, HELLO);
	assert_int_equal(let_in(front), -1);
	hears_last(client, "later");
	gate_taken(asked.gate);
	close(inside[0]);
	close(others[0]);
	others[0] = call(port, OTHER);
	inside[0] = let_in(front);
	assert_true(inside[0] >= 0);
	assert_int_equal(asked.refused, 1);
	for (i = 0; i < ROOM; i++) {
		close(inside[i]);
		close(others[i]);
	}
	close_gate(&asked, front);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_long_head),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_not_plain),
		cmocka_unit_test(test_many_fields),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_answer_later),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_kept_end),
		cmocka_unit_test(test_ended_late),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
