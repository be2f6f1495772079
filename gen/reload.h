// SPDX-License-Identifier: ISC
/*
 * reload.h: `turnout watch --serve`: a turnoutd beside the watch, whose pages reload themselves
 * after each publish.
 *
 * It is a separate process, run from the folder of our program file and ended with us. Its pages
 * ask for SITE/reload.json, which is beside what is published, never in it: {"number": …, "error":
 * "…"}. The number changes with each publish that changed something, and with each start; the error
 * is a sentence, or "".
 */
#ifndef TURNOUT_RELOAD_H
#define TURNOUT_RELOAD_H

#include <stdbool.h>

#include "core/status.h"
#include "gen/command.h"

struct reload;

/*
 * Start turnoutd on --listen for the database and the site of `call` (borrowed until reload_stop),
 * wait until it listens, and print its address on standard output. Call it before signals are
 * blocked. ST_LOCKED (said) when another turnoutd has the database or the port is in use, otherwise
 * ST_FAULT (said); reload_stop then still has to be called.
 */
enum status	reload_start(const struct call *call, struct reload **reload);

/*
 * End turnoutd (by SIGTERM, after some seconds by SIGKILL), wait for it, remove SITE/reload.json
 * and free `reload`. NULL is accepted, as by the functions below, except reload_ended.
 */
void		reload_stop(struct reload *reload);

/* For poll: a file that is readable once turnoutd has ended; -1 for none. */
int		reload_file(const struct reload *reload);

/* turnoutd has ended by itself: say how. */
void		reload_ended(struct reload *reload);

/* The templates were read (`why` is NULL), or could not be: tell the pages. */
void		reload_templates(struct reload *reload, const char *why);

/* A publish succeeded (`why` is NULL; `is_moved` if it changed files) or failed: tell the pages. */
void		reload_published(struct reload *reload, bool is_moved, const char *why);

#endif
