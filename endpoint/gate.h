// SPDX-License-Identifier: ISC
/*
 * gate.h: stands between the port and the library's threads, and lets in only connections whose
 * request is here whole.
 *
 * A thread of the library waits for what its client has not sent yet, so as many clients as there
 * are threads, who send a byte and no more, keep everybody else out. Behind the gate they cost a
 * descriptor each: it looks at what has come without taking it, and whoever is not done waits here,
 * GATE_WAIT_MS at most. Then, or when GATE_HELD_MAX wait and one more comes (the oldest), a
 * connection is let in as it is with nothing more to be read from it, and the library refuses it in
 * our words. Who is slow and honest is not held up by who is not, and harms nobody.
 *
 * Nor does it ever let in more than the library has room for: the thread that accepts would wait
 * for that, and with it everybody at the gate, until one of those who read their pages slowly is
 * done. Who finds no room is refused here.
 *
 * What can be read in one way only may be answered at the gate, at once or later, and then costs no
 * thread at all: a thousand phones that check in, or ask for the count, wake none of the library's.
 * Towards a proxy of ours such a connection then waits here for its next request.
 *
 * The library can be given no connection, but it takes each with accept(), and a program's own
 * function of that name comes before the C library's: gate_accept is it. It runs in the library's
 * one thread that accepts, on its time alone; there is one gate.
 */
#ifndef TURNOUT_GATE_H
#define TURNOUT_GATE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "core/status.h"

#define GATE_HELD_MAX	1024	/* connections that wait for the rest of their request */
#define GATE_WAIT_MS	5000	/* for all of it, from the first look on */
/*
 * for the next one: longer than nginx keeps one that nobody uses (60 s): no request meets a closed
 * one
 */
#define GATE_KEPT_MS	65000
#define GATE_HEAD_MAX	16384	/* bytes of a head; with more, the library refuses it */
/*
 * bytes of a request that the gate may answer: a phone's check-in has 1,200, and cookies of the
 * whole domain
 */
#define GATE_PLAIN_MAX	8192
#define GATE_FIELDS_MAX	32	/* headers of that */
/* connections that are looked at before the library's thread looks up */
#define GATE_LOOKS_MAX	64

struct gate;

/*
 * A GET or POST that can be read in one way only. The strings lie in the bytes that it was read
 * from.
 */
struct gate_plain {
	const char	*method;
	const char	*path;		/* without the query */
	const char	*query;		/* behind the "?"; NULL: none */
	struct gate_field {
		const char *name, *value;
	}		 fields[GATE_FIELDS_MAX];
	int		 n_fields;
	char		*body;		/* of a POST, with a NUL behind it; NULL: none */
	size_t		 body_length;	/* bytes */
	/* the client wants the connection closed after the answer */
	bool		 is_last;
};

/* Where an answer goes. */
struct gate_caller {
	int	socket;
	int	place;		/* at the gate, -1: none */
};

/*
 * Answers the request that has come whole from `peer`: `bytes`, `length` of them (GATE_PLAIN_MAX at
 * most), which are still to be taken from the socket of `caller`. Then gate_end is called, on any
 * thread, even before this returned. False, with nothing done: it is for the library. Runs in the
 * thread that accepts; must not wait.
 */
typedef bool	gate_answer(void *handle, const char *bytes, size_t length,
		    const struct sockaddr_in *peer, const struct gate_caller *caller);

/* There is no room for who calls on `socket`: say so, without waiting. The gate then hangs up. */
typedef void	gate_refuse(void *handle, int socket);

/*
 * Stand before `front`, the listening socket of the library, which is not at work yet; its number
 * is from now on the gate's, to be polled. `answer` is asked about what is here whole and small;
 * with `is_kept` connections may go on after it. Who is to be let in while `room` others wait for a
 * thread is told so by `refuse`. *gate is the caller's to close. ST_FAULT: no memory or no
 * descriptor, and `front` is as it was.
 */
enum status	gate_open(int front, bool is_kept, int room, gate_answer *answer,
		    gate_refuse *refuse, void *handle, struct gate **gate);

/* A thread has taken one of those who were let in. */
void		gate_taken(struct gate *gate);

/* Is there room for one more? */
bool		gate_has_room(struct gate *gate);

/*
 * The answer to `caller` is sent. `goes_on`: all of it was, and another request may come; only with
 * a place. Otherwise the connection ends.
 */
void		gate_end(struct gate *gate, const struct gate_caller *caller, bool goes_on);

/* Let nobody in any more, and wake who polls `front`; NULL is accepted. */
void		gate_shut(struct gate *gate);

/*
 * Hang up on all who wait. After the library has stopped and all answers were sent; NULL is
 * accepted.
 */
void		gate_close(struct gate *gate);

/*
 * accept(2), for the whole program: of the gate's `front` the next connection to be let in, or -1
 * with EAGAIN.
 */
int		gate_accept(int socket, struct sockaddr *address,
		    socklen_t *size) __asm__("accept");

/* What the first bytes of a request say about the rest. */
enum gate_view {
	GATE_PART,	/* more has to come */
	GATE_EXPECT,	/* the same, and the client waits to be told 100 Continue */
	GATE_WHOLE,	/* nobody has to wait: the request is here, or it is one to be refused */
};

/*
 * The pure rule: where does the library, and then http_body, wait for more than these `length`
 * bytes?
 */
enum gate_view	gate_view(const char *bytes, size_t length);

/*
 * The pure rule: are these `length` bytes, with room for a NUL behind them, a GET or a POST of
 * HTTP/1.1 or 1.0 that can be read in one way only: a head with one good Host, and of a POST a body
 * that is as long as it says? Then it is in `plain`; the bytes are cut up in any case.
 */
bool		gate_plain(char *bytes, size_t length, struct gate_plain *plain);

#endif
