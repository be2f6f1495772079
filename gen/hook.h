// SPDX-License-Identifier: ISC
/*
 * hook.h: running a program of somebody else's, which is given a list on standard input and a
 * limited time.
 *
 * The program runs beside us, in a session of its own without a terminal, so that it cannot ask
 * anybody anything and Ctrl-C reaches only us. Its output is read as it comes, and the end of it is
 * kept. When its time is up, it is ended with everything that it started: by SIGTERM, and some
 * seconds later by SIGKILL. When we are killed it gets SIGTERM.
 */
#ifndef TURNOUT_HOOK_H
#define TURNOUT_HOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

struct hook;

#define HOOK_MISSING	127	/* exit status when the program cannot be run, as in a shell */

/*
 * Start arguments[0], looked up in PATH, with `length` bytes of `input` to read and `limit_ms` to
 * live. ST_FAULT with errno when no process can be made. A program that cannot be run is started
 * all the same: it prints so and ends with HOOK_MISSING. The arguments and the input are borrowed
 * for the call only. hook_close frees *hook.
 */
enum status	hook_start(char *const arguments[], const char *input, size_t length,
		    int64_t limit_ms, struct hook **hook);

/*
 * For poll: a file that is readable when hook_step has something to do, and for how many
 * milliseconds to wait for that, 0 when the time is up.
 */
int		hook_file(const struct hook *hook);
int64_t		hook_wait_ms(const struct hook *hook);

/* Read what the program printed, and end it when its time is up. True once it has ended. */
bool		hook_step(struct hook *hook);

/*
 * How it ended: its exit status, *signal 0; or -1, *signal being the one that killed it, or 0 when
 * its time was up.
 */
int		hook_result(const struct hook *hook, int *signal);

/*
 * Copy the last line it printed that means something, fit for a message, to `line`; "" for none.
 * The lines that rsync prints about its own end, after the reason for it, are passed over.
 */
void		hook_line(const struct hook *hook, char *line, size_t size);

/* End the program if it still runs, within about two seconds, and free `hook`. NULL is accepted. */
void		hook_close(struct hook *hook);

#endif
