// SPDX-License-Identifier: ISC
/*
 * gate.h: stands between the port and the library's threads, and lets a connection in only once
 * its request is complete.
 *
 * A thread of the library waits for bytes that its client has not sent yet, so a few hundred
 * clients that send one byte and no more would keep everybody else out. At the gate each costs only
 * a descriptor: the gate looks at the bytes that have come without taking them, and a connection
 * with an incomplete request waits here, GATE_WAIT_MS at most. After that, or when GATE_HELD_MAX
 * wait and another one comes (then the oldest), a connection is let in with its reading side shut
 * down, and the library refuses it in our words. Slow clients, honest or not, hold nobody up.
 *
 * The gate never lets in more connections than the library has room for, because the thread that
 * accepts would wait for room, and everybody at the gate with it. A connection that finds no room
 * is refused here.
 *
 * A request that can be read in one way only may be answered at the gate, at once or later, and
 * then takes no thread at all: a thousand phones that check in or poll the count wake none of the
 * library's. For a proxy of ours, such a connection then waits here for its next request.
 *
 * The library cannot be handed a connection, but it calls accept(), and a function of that name in
 * the program takes the place of the C library's: gate_accept. It, and all that it calls, runs in
 * the one thread of the library that accepts. There is one gate.
 */
#ifndef TURNOUT_GATE_H
#define TURNOUT_GATE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "core/status.h"

#define GATE_HELD_MAX	1024	/* connections that wait for the rest of their request */
#define GATE_WAIT_MS	5000	/* the longest wait for a whole request, from its arrival on */
/*
 * how long a kept connection waits for its next request: longer than nginx keeps an idle one
 * (60 s), so that nginx never sends one to a closed connection
 */
#define GATE_KEPT_MS	65000
#define GATE_LOOKS_MAX	64	/* connections looked at in one call of gate_accept */

struct gate;

/* Where an answer goes. */
struct gate_caller {
	int	socket;
	int	place;		/* index of its place at the gate, -1: none */
};

/*
 * Answers the whole request of `length` bytes (HEAD_PLAIN_MAX at most) that has come from `peer`.
 * They are still to be received from the socket of `caller`. Whoever sends the answer then calls
 * gate_end, on any thread, maybe before this returns. False, with nothing done: the request is for
 * the library. Must not wait.
 */
typedef bool	gate_answer(void *handle, const char *bytes, size_t length,
		    const struct sockaddr_in *peer, const struct gate_caller *caller);

/* Tell the client on `socket`, without waiting, that there is no room. The gate then closes it. */
typedef void	gate_refuse(void *handle, int socket);

/*
 * Take the place of `front`, the library's listening socket, before the library uses it: the
 * descriptor `front` becomes the gate's, readable when gate_accept has work to do. `answer` is
 * asked about each small request that is complete; with `is_kept`, a connection may stay open after
 * its answer. When `room` connections already wait for a thread, the next is sent off by `refuse`.
 * *gate is the caller's to close, after a failure too. ST_FAULT for lack of memory or descriptors;
 * `front` is then unchanged.
 */
enum status	gate_open(int front, bool is_kept, int room, gate_answer *answer,
		    gate_refuse *refuse, void *handle, struct gate **gate);

/* A thread has taken one of the connections that were let in. Any thread. */
void		gate_taken(struct gate *gate);

/* Is there room to let in one more? Any thread. */
bool		gate_has_room(struct gate *gate);

/*
 * The answer to `caller` has been sent, or the client is gone. `goes_on` keeps the connection, if
 * it has a place, for another request; otherwise it is closed. Any thread.
 */
void		gate_end(struct gate *gate, const struct gate_caller *caller, bool goes_on);

/* Accept no more connections, and wake whoever polls `front`. Any thread; NULL is accepted. */
void		gate_shut(struct gate *gate);

/*
 * Close all connections that wait. To be called after the library has stopped and all answers were
 * sent; NULL is accepted.
 */
void		gate_close(struct gate *gate);

/*
 * accept(2) for the whole program. On the gate's `front` it returns the next connection to be let
 * in, or -1 with EAGAIN.
 */
int		gate_accept(int socket, struct sockaddr *address,
		    socklen_t *size) __asm__("accept");

#endif
