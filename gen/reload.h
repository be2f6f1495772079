// SPDX-License-Identifier: ISC
/*
 * reload.h: `turnout watch --serve`: a turnoutd beside the watch, whose pages load themselves again
 * after each publish.
 *
 * It is a process of its own, found beside our program file and ended with us. What its pages ask
 * for stands in SITE/reload.json, beside what is published, never in it: {"number": …, "error":
 * "…"}. The number is another one after each publish that changed something, and after another
 * start; the error is a sentence, or "".
 */
#ifndef TURNOUT_RELOAD_H
#define TURNOUT_RELOAD_H

#include <stdbool.h>

#include "core/status.h"
#include "gen/command.h"

struct reload;

/*
 * Start turnoutd for the database and the site of `call` (borrowed until the stop) on --listen,
 * wait until it listens, and print its address on standard output. To be called before signals are
 * blocked. ST_LOCKED (another turnoutd has the database, or the port is in use), ST_FAULT, said;
 * reload_stop cleans up then too.
 */
enum status	reload_start(const struct call *call, struct reload **reload);

/*
 * End it (SIGTERM, after a while SIGKILL), wait for it, and remove SITE/reload.json. NULL is
 * accepted, as in all that follows.
 */
void		reload_stop(struct reload *reload);

/* A file that is readable once turnoutd has ended, for poll; -1 for none. */
int		reload_file(const struct reload *reload);

/* It has ended by itself: say how. */
void		reload_ended(struct reload *reload);

/* The templates were read (`why` is NULL), or could not be. */
void		reload_templates(struct reload *reload, const char *why);

/* A publish was made (`why` is NULL) and changed or removed files (`is_moved`), or could not be. */
void		reload_published(struct reload *reload, bool is_moved, const char *why);

#endif
