// SPDX-License-Identifier: ISC
/*
 * gate.c: see gate.h.
 *
 * The descriptor `front` becomes an epoll instance: readable when a connection arrives at the port,
 * when bytes arrive on a connection that waits here, and when the time of the oldest is up. A call
 * of gate_accept handles events, in turn, until one yields a connection to let in. The library
 * closes `front` when it likes; the gate itself uses a descriptor of its own for the instance.
 */
#include "endpoint/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "endpoint/clock.h"
#include "endpoint/head.h"

/* until_ms of a place whose request is being answered, and which is left alone until then */
#define BUSY	INT64_MAX

/* what an event is about, besides the indices of places */
enum { AT_PORT = GATE_HELD_MAX, AT_TIMER };

/* A place: a connection that waits for the rest of a request, an answer, or the next request. */
struct place {
	int		 socket;
	struct sockaddr_in peer;
	int64_t		 until_ms;	/* when it has waited long enough; 0: the place is free */
	bool		 is_kept;	/* answered before, and no byte of the next request yet */
	bool		 is_told;	/* 100 Continue was sent */
};

struct gate {
	int		 front;		/* the library's descriptor of `events`, which it closes */
	int		 events;	/* the epoll instance */
	int		 port;		/* the listening socket */
	int		 timer;
	bool		 is_kept;	/* connections may stay open after an answer */
	int		 room;		/* the most that `waiting` may be */
	atomic_int	 waiting;	/* connections let in that wait for a thread */
	gate_answer	*answer;
	gate_refuse	*refuse;
	void		*handle;	/* of the two */
	struct sockaddr_in peer;	/* of the connection being handled */
	pthread_mutex_t	 lock;		/* over the next two, which gate_end changes too */
	int64_t		 timed_ms;	/* when the timer ends; 0: it does not run */
	struct place	 places[GATE_HELD_MAX];
	char		 bytes[HEAD_BYTES_MAX + HEAD_BODY_MAX];	/* of the last look(): peeked at */
	size_t		 length;	/* of `bytes` */
};

static _Atomic(struct gate *) the_gate;		/* accept() has no handle */

/* ---- places: under the lock ---- */

static bool
watch(struct gate *gate, int how, int file, uint32_t events, uint32_t about)
{
	struct epoll_event event = { .events = events, .data.u32 = about };

	return epoll_ctl(gate->events, how, file, &event) == 0;
}

/* Ask for the events of this place; bytes that are there already cause one. */
static bool
watch_place(struct gate *gate, int how, const struct place *place)
{
	return watch(gate, how, place->socket, EPOLLIN | EPOLLRDHUP | EPOLLET,
	    (uint32_t)(place - gate->places));
}

/*
 * The connection whose time is up first or, with `is_free`, a free place; NULL when there is none.
 */
static struct place *
find_place(struct gate *gate, bool is_free)
{
	struct place *found = NULL;
	size_t i;

	for (i = 0; i < GATE_HELD_MAX; i++) {
		struct place *place = &gate->places[i];

		if (is_free && place->until_ms == 0)
			return place;
		if (!is_free && place->until_ms != 0 && place->until_ms != BUSY &&
		    (found == NULL || place->until_ms < found->until_ms))
			found = place;
	}
	return found;
}

/* Make the timer end at `until_ms` at the latest. */
static void
set_timer(struct gate *gate, int64_t until_ms)
{
	struct itimerspec until = { .it_value = { .tv_sec = until_ms / 1000,
	    .tv_nsec = until_ms % 1000 * 1000000 } };

	if (gate->timed_ms != 0 && gate->timed_ms <= until_ms)
		return;
	gate->timed_ms = until_ms;
	timerfd_settime(gate->timer, TFD_TIMER_ABSTIME, &until, NULL);
}

/* The connection waits from now on: for a request, or with `is_kept` for the start of one. */
static void
start_waiting(struct gate *gate, struct place *place, bool is_kept)
{
	place->is_kept = is_kept;
	place->until_ms = clock_ms() + (is_kept ? GATE_KEPT_MS : GATE_WAIT_MS);
	set_timer(gate, place->until_ms);
}

/* Free the place; returns its socket, and sets gate->peer to match. */
static int
free_place(struct gate *gate, struct place *place)
{
	epoll_ctl(gate->events, EPOLL_CTL_DEL, place->socket, NULL);
	place->until_ms = 0;
	gate->peer = place->peer;
	return place->socket;
}

/* The same, but no more than what has come can be read from the socket. */
static int
shut_place(struct gate *gate, struct place *place)
{
	shutdown(place->socket, SHUT_RD);
	return free_place(gate, place);
}

/* A place for `socket` of `peer`, busy for now; NULL when there is none. */
static struct place *
take_place(struct gate *gate, int socket, const struct sockaddr_in *peer)
{
	struct place *place = find_place(gate, true);

	if (place == NULL)
		return NULL;
	*place = (struct place){ .socket = socket, .peer = *peer, .until_ms = BUSY };
	if (watch_place(gate, EPOLL_CTL_ADD, place))
		return place;
	place->until_ms = 0;
	return NULL;
}

/* ---- events: each function returns a socket to let in, whose peer is gate->peer, or -1 ---- */

/* Look at what has come on `socket`; the library will notice its end, or an error. */
static enum head_view
look(struct gate *gate, int socket)
{
	ssize_t length = recv(socket, gate->bytes, sizeof gate->bytes, MSG_PEEK | MSG_DONTWAIT);

	gate->length = length < 0 ? 0 : (size_t)length;
	if (length < 0)
		return errno == EAGAIN || errno == EINTR ? HEAD_PART : HEAD_WHOLE;
	return length == 0 ? HEAD_WHOLE : head_view(gate->bytes, (size_t)length);
}

/* The request of gate->peer is complete: is it answered here? */
static bool
is_answered(struct gate *gate, const struct gate_caller *caller)
{
	return gate->length > 0 && gate->length <= HEAD_PLAIN_MAX &&
	    gate->answer(gate->handle, gate->bytes, gate->length, &gate->peer, caller);
}

/*
 * The gate takes the request on `socket` for complete. In case the library sees a longer body, its
 * length written in a way that the gate does not read, no thread may wait for it. The body of a GET
 * is never read, and its client may be watched for leaving, so its socket is left open.
 */
static int
end_reading(struct gate *gate, int socket)
{
	if (gate->length < 4 || memcmp(gate->bytes, "GET ", 4) != 0)
		shutdown(socket, SHUT_RD);
	return socket;
}

/* Free the place of a connection to let in. */
static int
leave_place(struct gate *gate, struct place *place)
{
	int socket;

	pthread_mutex_lock(&gate->lock);
	socket = free_place(gate, place);
	pthread_mutex_unlock(&gate->lock);
	return socket;
}

/* The request at `place`, a busy place, is complete. */
static int
answer_or_let_in(struct gate *gate, struct place *place)
{
	struct gate_caller caller = { .socket = place->socket, .place = -1 };

	if (!gate->is_kept) {		/* no connection will need its place again */
		leave_place(gate, place);
		return is_answered(gate, &caller) ? -1 : end_reading(gate, caller.socket);
	}
	caller.place = (int)(place - gate->places);
	gate->peer = place->peer;
	return is_answered(gate, &caller) ? -1 : end_reading(gate, leave_place(gate, place));
}

/*
 * Let `socket`, of gate->peer, wait here for the rest of its request. If no place is free, the
 * connection that waits longest makes room and is let in instead; if all places are busy, `socket`
 * itself is let in as it is.
 */
static int
hold_new(struct gate *gate, int socket)
{
	struct sockaddr_in peer = gate->peer;
	struct place *place, *oldest;
	int instead = -1;

	pthread_mutex_lock(&gate->lock);
	place = take_place(gate, socket, &peer);
	if (place == NULL && (oldest = find_place(gate, false)) != NULL) {
		instead = shut_place(gate, oldest);
		place = take_place(gate, socket, &peer);
	}
	if (place != NULL)
		start_waiting(gate, place, false);
	pthread_mutex_unlock(&gate->lock);
	if (place != NULL)
		return instead;
	if (instead >= 0)		/* epoll failed: only one of the two can be returned */
		close(instead);
	shutdown(socket, SHUT_RD);
	gate->peer = peer;
	return socket;
}

/* The new request on `socket`, of gate->peer, is complete. It needs a place only to stay open. */
static int
answer_or_let_in_new(struct gate *gate, int socket)
{
	struct gate_caller caller = { .socket = socket, .place = -1 };
	struct place *place = NULL;

	if (gate->is_kept) {
		pthread_mutex_lock(&gate->lock);
		place = take_place(gate, socket, &gate->peer);
		pthread_mutex_unlock(&gate->lock);
	}
	if (place != NULL)
		return answer_or_let_in(gate, place);
	return is_answered(gate, &caller) ? -1 : end_reading(gate, socket);
}

/* Accept the next connection; *is_over: there is none, or no descriptor for it. */
static int
accept_next(struct gate *gate, bool *is_over)
{
	socklen_t size = sizeof gate->peer;
	int socket = accept4(gate->port, (struct sockaddr *)&gate->peer, &size,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);

	*is_over = socket < 0;
	if (socket < 0)
		return -1;
	return look(gate, socket) == HEAD_WHOLE ? answer_or_let_in_new(gate, socket)
	    : hold_new(gate, socket);
}

/* Something happened to a connection that waits here. */
static int
on_place(struct gate *gate, struct place *place, uint32_t events)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	enum head_view view;
	bool is_waiting;

	pthread_mutex_lock(&gate->lock);
	is_waiting = place->until_ms != BUSY && place->until_ms != 0;
	pthread_mutex_unlock(&gate->lock);
	if (!is_waiting)
		return -1;		/* gate_end makes epoll report it again, or has closed it */
	view = look(gate, place->socket);
	if (view != HEAD_WHOLE && (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
		return leave_place(gate, place);
	pthread_mutex_lock(&gate->lock);
	if (view == HEAD_WHOLE)
		place->until_ms = BUSY;
	else if (place->is_kept && gate->length > 0)
		start_waiting(gate, place, false);
	pthread_mutex_unlock(&gate->lock);
	if (view == HEAD_WHOLE)
		return answer_or_let_in(gate, place);
	if (view == HEAD_EXPECT && !place->is_told)
		place->is_told = send(place->socket, go_on, sizeof go_on - 1,
		    MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
	return -1;
}

/* The timer has ended. */
static int
on_timer(struct gate *gate)
{
	struct place *oldest;
	int socket = -1;

	pthread_mutex_lock(&gate->lock);
	oldest = find_place(gate, false);
	if (oldest != NULL && oldest->until_ms <= clock_ms())
		socket = shut_place(gate, oldest);	/* the timer is still up, for the next */
	else {
		gate->timed_ms = 0;
		set_timer(gate, oldest == NULL ? 0 : oldest->until_ms);
	}
	pthread_mutex_unlock(&gate->lock);
	return socket;
}

void
gate_end(struct gate *gate, const struct gate_caller *caller, bool goes_on)
{
	struct place *place = caller->place < 0 ? NULL : &gate->places[caller->place];

	if (place != NULL) {
		pthread_mutex_lock(&gate->lock);
		if (goes_on) {
			place->is_told = false;
			start_waiting(gate, place, true);
			goes_on = watch_place(gate, EPOLL_CTL_MOD, place);
		}
		if (!goes_on) {
			epoll_ctl(gate->events, EPOLL_CTL_DEL, place->socket, NULL);
			place->until_ms = 0;
		}
		pthread_mutex_unlock(&gate->lock);
	}
	if (place == NULL || !goes_on)
		close(caller->socket);
}

/* Handle events until there is a connection to let in; -1 when there is none for now. */
static int
next_to_let_in(struct gate *gate)
{
	struct epoll_event event;
	bool is_over = false;
	int socket = -1, looks = 0;

	while (socket < 0 && !is_over && looks++ < GATE_LOOKS_MAX &&
	    epoll_wait(gate->events, &event, 1, 0) == 1) {
		if (event.data.u32 == AT_TIMER)
			socket = on_timer(gate);
		else if (event.data.u32 != AT_PORT)
			socket = on_place(gate, &gate->places[event.data.u32], event.events);
		else
			do
				socket = accept_next(gate, &is_over);
			while (socket < 0 && !is_over && looks++ < GATE_LOOKS_MAX);
	}
	return socket;
}

void
gate_taken(struct gate *gate)
{
	atomic_fetch_sub(&gate->waiting, 1);
}

bool
gate_has_room(struct gate *gate)
{
	return atomic_load(&gate->waiting) < gate->room;
}

/* There is no room for the connection. */
static void
turn_away(struct gate *gate, int socket)
{
	gate->refuse(gate->handle, socket);
	close(socket);
}

int
gate_accept(int socket, struct sockaddr *address, socklen_t *size)
{
	struct gate *gate = atomic_load(&the_gate);
	int found;

	if (gate == NULL || socket != gate->front)
		return accept4(socket, address, size, 0);
	found = next_to_let_in(gate);
	if (found >= 0 && !gate_has_room(gate)) {
		turn_away(gate, found);
		found = -1;
	}
	if (found < 0) {
		errno = EAGAIN;
		return -1;
	}
	atomic_fetch_add(&gate->waiting, 1);
	if (size != NULL) {
		memcpy(address, &gate->peer, *size < sizeof gate->peer ? *size : sizeof gate->peer);
		*size = sizeof gate->peer;
	}
	return found;
}

/* ---- open and close ---- */

enum status
gate_open(int front, bool is_kept, int room, gate_answer *answer, gate_refuse *refuse, void *handle,
    struct gate **opened)
{
	struct gate *gate = calloc(1, sizeof *gate);
	bool is_open;

	*opened = gate;
	if (gate == NULL)
		return ST_FAULT;
	pthread_mutex_init(&gate->lock, NULL);
	gate->is_kept = is_kept;
	gate->room = room;
	gate->answer = answer;
	gate->refuse = refuse;
	gate->handle = handle;
	gate->front = front;
	gate->events = epoll_create1(EPOLL_CLOEXEC);
	gate->port = fcntl(front, F_DUPFD_CLOEXEC, 0);
	gate->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	is_open = gate->port >= 0 && gate->timer >= 0 &&
	    fcntl(gate->port, F_SETFL, O_NONBLOCK) == 0 &&
	    watch(gate, EPOLL_CTL_ADD, gate->port, EPOLLIN, AT_PORT) &&
	    watch(gate, EPOLL_CTL_ADD, gate->timer, EPOLLIN, AT_TIMER);
	is_open = is_open && dup3(gate->events, front, O_CLOEXEC) == front;
	if (is_open)
		atomic_store(&the_gate, gate);
	return is_open ? ST_OK : ST_FAULT;
}

void
gate_shut(struct gate *gate)
{
	if (gate != NULL)
		shutdown(gate->port, SHUT_RDWR);
}

void
gate_close(struct gate *gate)
{
	size_t i;

	if (gate == NULL)
		return;
	atomic_store(&the_gate, NULL);
	for (i = 0; i < GATE_HELD_MAX; i++)
		if (gate->places[i].until_ms != 0)
			close(gate->places[i].socket);
	close(gate->timer);
	close(gate->port);
	close(gate->events);
	pthread_mutex_destroy(&gate->lock);
	free(gate);
}
