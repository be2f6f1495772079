// SPDX-License-Identifier: ISC
/*
 * deliver.h: publishing elsewhere: what changed below public/ goes on to a folder, to another
 * machine or to a command.
 *
 * A target is a folder that is there, or a name that ends in a slash: rsync to it. rsync:HOST:PATH
 * and rsync://HOST/PATH: rsync to it. Anything else: a command for /bin/sh, which reads "changed
 * PATH" or "removed PATH", one a line, paths relative to public/, the folder that TURNOUT_PUBLIC
 * names. Only files that the generator made go out, and what others put at the target stays.
 *
 * What is owed stands in SITE/outbox.db from before a file changes until the target has taken it,
 * so that failures and kills lose nothing. A publish of any process notes it there while that file
 * exists. One hand-over runs at a time; publishing never waits for it.
 */
#ifndef TURNOUT_DELIVER_H
#define TURNOUT_DELIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"
#include "gen/publish.h"

struct deliver;

/* How fast, in milliseconds. */
struct deliver_pace {
	/* from one hand-over to the next; after a failure doubled, again and again */
	int64_t	rest_ms;
	int64_t	retry_max_ms;	/* up to this */
	int64_t	limit_ms;	/* how long one may take */
};
extern const struct deliver_pace deliver_pace;	/* 5 s, a minute, 10 minutes */

/*
 * For the site `site` (the folder is there) and `target`; NULL: notes are made for whom others hand
 * over to, and nothing more. Borrows all three. *deliver is the caller's to close, also on failure,
 * so that deliver_why can be asked. ST_USAGE: no such target can be.
 */
enum status	deliver_open(const char *site, const char *target, const struct deliver_pace *pace,
		    struct deliver **deliver);

/* A hand-over that still runs is ended; what it was to take stays owed. NULL is accepted. */
void		deliver_close(struct deliver *deliver);

/* The target as a message names it: on one line, cut when it is long. */
const char	*deliver_label(const struct deliver *deliver);

/* A sentence about the last failure or success. Borrowed until the next call. */
const char	*deliver_why(const struct deliver *deliver);

/* Before a publish. */
void		deliver_begin(struct deliver *deliver);

/* During it: what struct publish_request wants to be told by, with the deliver as its handle. */
void		deliver_note(void *deliver, const char *path, enum publish_change change);

/*
 * After it, however it ended. Other than ST_OK: the notes could not be kept; they are made again
 * the next time, as long as we live.
 */
enum status	deliver_end(struct deliver *deliver);

/* What a step came to. */
enum deliver_news {
	DELIVER_NOTHING,	/* to tell */
	DELIVER_TAKEN,		/* the target has all that was owed when the hand-over began */
	DELIVER_MENDED,		/* the same, after failures; deliver_why says so */
	DELIVER_FAILED,		/* deliver_why says why; it is tried again after deliver_retry_s */
};

/* Do what is due: begin a hand-over, follow the one that runs. Never waits for it. */
enum deliver_news deliver_step(struct deliver *deliver);

/*
 * Until when a step has nothing to do: this file is not readable (-1: none), and so many
 * milliseconds have not passed (-1: any number).
 */
int		deliver_file(const struct deliver *deliver);
int64_t		deliver_wait_ms(const struct deliver *deliver);

/* Seconds until a failed hand-over is tried again. */
int64_t		deliver_retry_s(const struct deliver *deliver);

/*
 * Hand over what is owed and wait for the end. ST_FAULT: deliver_why says why. `*count` is how many
 * paths went.
 */
enum status	deliver_flush(struct deliver *deliver, int64_t *count);

#endif
