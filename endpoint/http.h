// SPDX-License-Identifier: ISC
/*
 * http.h: the seam to the web server library; http.c alone knows which one it is.
 *
 * It listens, reads a request and writes a reply. Two functions of ours answer everything, one of
 * them what needs no thread of the library. What the library takes too lightly is refused here:
 * framing that two readers could understand differently, a missing or doubled Host, more headers
 * than it keeps, bodies that are long, slow or without a plain length. A connection of the library
 * carries one request. Each gets an id that no other has, also after a restart. What a path or a
 * body means is others' business.
 */
#ifndef TURNOUT_HTTP_H
#define TURNOUT_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "endpoint/crew.h"
#include "endpoint/gate.h"
#include "endpoint/reply.h"

/* requests answered at a time by threads of the library */
#define HTTP_THREADS		CREW_MAX
#define HTTP_QUEUE		1024	/* connections that wait for that; more are refused */
/* requests at a time that wait for their answer without a thread */
#define HTTP_TURNS		1024
/* Open files that must be allowed: these, pages and the database. */
#define HTTP_FILES		(HTTP_THREADS + HTTP_QUEUE + HTTP_TURNS + GATE_HELD_MAX + 64)
#define HTTP_BODY_MAX		16384	/* bytes; a check-in has 300 */

struct http;

/*
 * One request, valid until it is answered. Strings are the connection's, as they came: nothing is
 * decoded.
 */
struct request {
	const char	*method;	/* "GET" */
	const char	*path;		/* without the query */
	const char	*query;		/* behind the "?", NULL for none; never logged */
	void		*connection;	/* the library's; NULL: it stands at the gate */
	const struct gate_plain *plain;	/* as it came there; NULL: it is the library's */
	const char	*peer;		/* network address of who is connected */
	struct request	*next;		/* for whoever answers later */
	char		*body;		/* after http_body; NUL behind it */
	size_t		 body_length;	/* bytes */
};

/*
 * Answers one request, on one of the library's small stacks (100 KiB): hand over what needs more.
 */
typedef void	http_answer(void *handle, struct request *request, struct reply *reply);

enum http_now {
	HTTP_PASSED,	/* nothing was done: http_answer is to be asked */
	HTTP_ANSWERED,	/* it is in `reply` */
	HTTP_LATER,	/* http_finish is called for it, on any thread, even before this returned */
};

/*
 * Answers a request that stands at the gate, with its body, where that needs no waiting. Runs in
 * the one thread that takes connections. While HTTP_TURNS are still to be answered, it is asked
 * about no request with a body.
 */
typedef enum http_now	http_answer_now(void *handle, struct request *request, struct reply *reply);

/*
 * Send `reply` to `request`, which was to be answered later and is gone then. What the reply has is
 * released.
 */
void		http_finish(struct request *request, struct reply *reply);

/*
 * Told once, with the port in use: who calls from now on is answered, as soon as there is a thread.
 */
typedef void	http_listening(const char *address, int port);

/*
 * Listen on the IPv4 `address`, `port` (0: any), and answer each request with `answer_now` or
 * `answer`, before it returns too; `is_kept`: connections go on after what `answer_now` has
 * answered, for a proxy of ours. *http is the caller's to stop. ST_FAULT when it cannot listen or
 * has no thread; the log says why. ST_REFUSED when HTTP_FILES open files are not allowed.
 */
enum status	http_start(const char *address, int port, bool is_kept, http_listening *listening,
		    http_answer_now *answer_now, http_answer *answer, void *handle,
		    struct http **http);

/*
 * Refuse what comes from now on, wait `wait_ms` at most for what is being answered before no thread
 * of the library takes anything on, then for the rest, and close; NULL is accepted.
 */
void		http_stop(struct http *http, int wait_ms);

/* May one more wait for a thread of the library, or would it be refused? */
bool		http_has_room(struct http *http);

/* How many requests were refused here because their head could not be read or believed. */
int		http_refused(struct http *http);

/* "1.15": of the library. */
const char	*http_version(void);

/*
 * The one value of header `name`; NULL when there is none, or more than one. Borrowed from the
 * request.
 */
const char	*http_header(const struct request *request, const char *name);

#define HTTP_ADDRESS_SIZE	46	/* IPv4 or IPv6 as text, and the NUL */

/*
 * The network address of who asks, into `address`; "" when it cannot be told. A proxy on this
 * machine is believed: of a connection from 127.0.0.1 it is what X-Real-IP says, otherwise the last
 * address of X-Forwarded-For, otherwise 127.0.0.1. From anywhere else these headers count for
 * nothing. It is compared with the networks of a place and never written down.
 */
void		http_address(const struct request *request, char address[HTTP_ADDRESS_SIZE]);

/*
 * The socket of the connection, to be watched for the client's leaving and for nothing else; -1
 * when it is not found.
 */
int		http_socket(const struct request *request);

/*
 * Does it come from a program on this machine, not through a proxy: from 127.0.0.1, without a
 * header that a proxy adds?
 */
bool		http_is_local(const struct request *request);

/*
 * Read the body into request->body.
 *   ST_NO_LENGTH  no Content-Length, or chunked   ST_TOO_LARGE  over HTTP_BODY_MAX
 *   ST_TIMED_OUT  not here within GATE_WAIT_MS, or the client is gone
 *   ST_BAD_TYPE   compressed                      ST_BAD_REQUEST  a length that is not all digits
 */
enum status	http_body(struct request *request);

/*
 * The pure rules, for tests. Is `host` a name or address with an optional port, as a Host header
 * may carry? Is `text` a length of HTTP_BODY_MAX bytes at most (*length), ST_TOO_LARGE or
 * ST_BAD_REQUEST?
 */
bool		http_host_valid(const char *host);
/*
 * The address by http_address's rule, of a connection from `peer` with these two headers (NULL: not
 * there).
 */
void		http_address_of(const char *peer, const char *real, const char *forwarded,
		    char address[HTTP_ADDRESS_SIZE]);
enum status	http_length(const char *text, size_t *length);

#endif
