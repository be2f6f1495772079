// SPDX-License-Identifier: ISC
/*
 * hook.h: a program of somebody else's that is given a list on its standard input and must end in
 * time.
 *
 * It runs beside us, in a session of its own without a terminal, so that it asks nobody anything
 * and Ctrl-C reaches us alone. What it prints is read as it comes, and the last of it kept. One
 * whose time is up is ended with all it started: SIGTERM, and SIGKILL some seconds later. When we
 * are killed it gets SIGTERM.
 */
#ifndef TURNOUT_HOOK_H
#define TURNOUT_HOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

struct hook;

#define HOOK_MISSING	127	/* exit status where there is no such program, as of a shell */

/*
 * Start arguments[0], looked for in PATH, with `input` of `length` bytes to read and `limit_ms` to
 * live. ST_FAULT with errno when no process is to be had; a program that cannot be run prints so
 * and ends with HOOK_MISSING. Borrows nothing beyond the call. Closed by hook_close.
 */
enum status	hook_start(char *const arguments[], const char *input, size_t length,
		    int64_t limit_ms, struct hook **hook);

/*
 * A file that is readable when hook_step has something to do, for poll; and how long to wait for
 * it, milliseconds.
 */
int		hook_file(const struct hook *hook);
int64_t		hook_wait_ms(const struct hook *hook);

/* Read what it printed, and end it when its time is up. True once it has ended. */
bool		hook_step(struct hook *hook);

/* How it ended: its exit status, or -1 with *signal, 0 where its time was up. */
int		hook_result(const struct hook *hook, int *signal);

/*
 * The last line it printed that tells something (rsync's verdict about itself is preceded by the
 * reason), fit for a message; "" for none.
 */
void		hook_line(const struct hook *hook, char *line, size_t size);

/* End it where it still runs: within two seconds. NULL is accepted. */
void		hook_close(struct hook *hook);

#endif
