// SPDX-License-Identifier: ISC
/*
 * live.h: the live files of current runs, from memory.
 *
 * Answers `live/SESSION.json` with the content of the published file, word for word, but sooner.
 * Only the writer puts runs here, after their commit, so the sequence never goes back; any thread
 * may read. An entry is served for LIVE_FRESH_MS; after that, one of those who poll has the
 * database asked. So a thousand phones cost five reads a second, and when the disk is stuck they
 * still get the last count.
 */
#ifndef TURNOUT_LIVE_H
#define TURNOUT_LIVE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/store.h"
#include "endpoint/http.h"

#define LIVE_FRESH_MS	200	/* also how long a change by the command line may go unnoticed */
/* how long before check-in opens and after it closes a run is near: exactly 24 hours */
#define LIVE_NEAR_S	86400
#define LIVE_RUNS	64	/* entries; the one put longest ago makes room */
#define LIVE_BODY_SIZE	512

struct live_entry {
	char	session[CODE_SESSION_SIZE];
	char	etag[REPLY_ETAG_SIZE];	/* sequence and state: all that can change */
	char	body[LIVE_BODY_SIZE];
	int64_t	put_ms;			/* when it was put; monotonic */
	int64_t	asked_ms;		/* when live_ask said yes since, 0: not yet; monotonic */
};

/* All zero before live_init. */
struct live {
	pthread_mutex_t		lock;
	struct live_entry	entries[LIVE_RUNS];
};

void	live_init(struct live *live);
void	live_clear(struct live *live);

/* Is a run with this window near at `now`, seconds since 1970? */
bool	live_is_near(const struct run_window *window, int64_t now);

/* Put `run` as committed; `now` is in seconds since 1970, `now_ms` monotonic. */
void	live_put(struct live *live, const struct run *run, const struct run_window *window,
		    int64_t now, int64_t now_ms);

/* Is there an entry for `session` that is at most `age_ms` old at `now_ms`? */
bool	live_has(struct live *live, const char *session, int64_t now_ms, int64_t age_ms);

/*
 * Should the caller have the database asked about `session` at `now_ms`? Yes when there is no
 * entry; otherwise to one caller every LIVE_FRESH_MS, and the others serve the entry as it is.
 */
bool	live_ask(struct live *live, const char *session, int64_t now_ms);

/*
 * As live_has, and the entry becomes `reply`: 200, or 304 when its ETag is in `known`
 * (If-None-Match; NULL: none). False, with nothing to send in `reply`, when there is no such entry
 * or no memory.
 */
bool	live_reply(struct live *live, const char *session, const char *known, int64_t now_ms,
		    int64_t age_ms, struct reply *reply);

#endif
