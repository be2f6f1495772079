// SPDX-License-Identifier: ISC
/*
 * live.h: the live files of runs that are near, from memory.
 *
 * `live/SESSION.json` says what the published file says, word for word, and sooner. Only the writer
 * puts runs here, after the commit of what it says, so the sequence never goes back; any thread may
 * read. An entry serves for LIVE_FRESH_MS without the database being asked again, and then one of
 * those who poll asks: a thousand phones cost five reads a second, and a disk that is stuck leaves
 * them the last count.
 */
#ifndef TURNOUT_LIVE_H
#define TURNOUT_LIVE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/store.h"
#include "endpoint/http.h"

#define LIVE_FRESH_MS	200	/* what the command line changes meanwhile is seen after so long */
/*
 * from so long before a run's check-in opens to so long after it closes, by the clock and not by
 * days
 */
#define LIVE_NEAR_S	86400
#define LIVE_RUNS	64	/* at once; the one that was put longest ago makes room */
#define LIVE_BODY_SIZE	512

struct live_entry {
	char	session[CODE_SESSION_SIZE];
	char	etag[REPLY_ETAG_SIZE];	/* sequence and state: all that can change */
	char	body[LIVE_BODY_SIZE];
	int64_t	put_ms;			/* monotonic */
	int64_t	asked_ms;		/* when live_ask last said yes since; monotonic */
};

/* All zero at the start, but for the lock. */
struct live {
	pthread_mutex_t		lock;
	struct live_entry	entries[LIVE_RUNS];
};

void	live_init(struct live *live);
void	live_clear(struct live *live);

/* Is `run` near enough at `now`, seconds? */
bool	live_is_near(const struct run_window *window, int64_t now);

/* `run` as it is committed; `now` in seconds, `now_ms` monotonic. */
void	live_put(struct live *live, const struct run *run, const struct run_window *window,
		    int64_t now, int64_t now_ms);

/* Is there an entry for `session` that is at most `age_ms` old at `now_ms`? */
bool	live_has(struct live *live, const char *session, int64_t now_ms, int64_t age_ms);

/*
 * Is the database to be asked about `session` at `now_ms`? Of an entry only by one in
 * LIVE_FRESH_MS: to the others it tells what it has.
 */
bool	live_ask(struct live *live, const char *session, int64_t now_ms);

/*
 * As live_has, with the answer: 200, or 304 when `known` (If-None-Match, or NULL) has it. False:
 * there is none, and `reply` is as it was.
 */
bool	live_reply(struct live *live, const char *session, const char *known, int64_t now_ms,
		    int64_t age_ms, struct reply *reply);

#endif
