// SPDX-License-Identifier: ISC
/*
 * http.h: the boundary to the web server library; only http.c knows which one it is.
 *
 * It listens, reads requests and sends replies. Two functions of the caller answer all requests:
 * one those at the gate (gate.h), which need no thread of the library, the other those that the
 * library has read. Requests that the library would accept too readily are refused here: framing
 * that two readers could understand differently, a missing or repeated Host, more headers than the
 * library keeps, bodies that are too long, too slow or without a plain length. A connection of the
 * library carries one request. Every request gets an id, unique across restarts too. What paths and
 * bodies mean is decided elsewhere.
 */
#ifndef TURNOUT_HTTP_H
#define TURNOUT_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "endpoint/crew.h"
#include "endpoint/gate.h"
#include "endpoint/head.h"
#include "endpoint/reply.h"

#define HTTP_THREADS		CREW_MAX	/* of the library; each answers one request */
#define HTTP_QUEUE		1024	/* connections waiting for a thread; more are refused */
#define HTTP_TURNS		1024	/* requests waiting for their answer without a thread */
/* open files that the process must be allowed: connections, and 64 for pages and the database */
#define HTTP_FILES		(HTTP_THREADS + HTTP_QUEUE + HTTP_TURNS + GATE_HELD_MAX + 64)

struct http;

/*
 * One request, valid until it is answered. Its strings belong to the connection and are as they
 * came: nothing is decoded.
 */
struct request {
	const char	*method;	/* "GET" */
	const char	*path;		/* without the query */
	const char	*query;		/* after the "?", NULL for none; never logged */
	void		*connection;	/* the library's; NULL for a request at the gate */
	const struct head_plain *plain;	/* a request at the gate; NULL for one of the library */
	const char	*peer;		/* network address of the other end */
	struct request	*next;		/* for the use of whoever answers later */
	char		*body;		/* set by http_body; ends with a NUL */
	size_t		 body_length;	/* bytes */
};

/*
 * Answers one request in a thread of the library. Its stack is small (100 KiB): work that needs
 * more goes to another thread.
 */
typedef void	http_answer(void *handle, struct request *request, struct reply *reply);

enum http_now {
	HTTP_PASSED,	/* nothing was done: the request goes on to http_answer */
	HTTP_ANSWERED,	/* the answer is in `reply` */
	HTTP_LATER,	/* http_finish will answer, on any thread, maybe before this returns */
};

/*
 * Answers a request at the gate, whose body has come, if it can without waiting. Runs in the one
 * thread that accepts connections. While HTTP_TURNS requests wait for their answer, it is not
 * called for any with a body.
 */
typedef enum http_now	http_answer_now(void *handle, struct request *request, struct reply *reply);

/*
 * Send `reply` to `request`, for which HTTP_LATER was returned, and free `request` and what `reply`
 * has.
 */
void		http_finish(struct request *request, struct reply *reply);

/*
 * Called once, with the port in use. Connections are accepted from now on, and answered as soon as
 * there is a thread.
 */
typedef void	http_listening(const char *address, int port);

/*
 * Listen on the IPv4 `address` (borrowed) and `port` (0: any), and answer each request with
 * `answer_now` or `answer`; both may be called before this returns. `is_kept`: connections stay
 * open after an answer of `answer_now`, for a proxy of ours. *http is the caller's to stop, after a
 * failure too. ST_FAULT when it cannot listen or lacks threads or memory; of the library's
 * failures the log says why. ST_REFUSED when HTTP_FILES open files are not allowed.
 */
enum status	http_start(const char *address, int port, bool is_kept, http_listening *listening,
		    http_answer_now *answer_now, http_answer *answer, void *handle,
		    struct http **http);

/*
 * Refuse new requests, wait for those being answered, `wait_ms` at most, then have the library
 * stop, wait for the rest without a limit, and close. NULL is accepted.
 */
void		http_stop(struct http *http, int wait_ms);

/* May one more connection wait for a thread of the library? Otherwise it would be refused. */
bool		http_has_room(struct http *http);

/* How many requests were refused for a head that is malformed or ambiguous; 0 for NULL. */
int		http_refused(struct http *http);

/* The version of the library, "1.15". */
const char	*http_version(void);

/*
 * The value of header `name`; NULL when there is none, or more than one. Borrowed from the request.
 */
const char	*http_header(const struct request *request, const char *name);

/*
 * The network address of the client; "" when unknown. Only a proxy on this machine is believed: for
 * a connection from 127.0.0.1 it is the value of X-Real-IP, otherwise the last address in
 * X-Forwarded-For, otherwise 127.0.0.1. From anywhere else these headers are ignored. It is
 * compared with the networks of a place and never stored.
 */
void		http_address(const struct request *request, char address[HEAD_ADDRESS_SIZE]);

/*
 * The socket of a request of the library, only to be watched for the client's leaving; -1 when it
 * is not found.
 */
int		http_socket(const struct request *request);

/*
 * Does the request come from a program on this machine and not through a proxy, that is, from
 * 127.0.0.1 without any header that a proxy adds?
 */
bool		http_is_local(const struct request *request);

/*
 * Read the body into request->body.
 *   ST_NO_LENGTH  no Content-Length, or chunked   ST_TOO_LARGE  over HEAD_BODY_MAX
 *   ST_TIMED_OUT  incomplete after GATE_WAIT_MS, or the client is gone
 *   ST_BAD_TYPE   compressed                      ST_BAD_REQUEST  a length that is not all digits
 *   ST_FAULT      no memory
 */
enum status	http_body(struct request *request);

#endif
