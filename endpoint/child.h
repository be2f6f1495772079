// SPDX-License-Identifier: ISC
/*
 * child.h: `turnout` as a process of ours.
 *
 * The thread that starts it must live as long as it: the kernel's "end me with my parent" is about
 * the parent's thread. Between fork and exec only what is safe after a fork of many threads may be
 * called.
 */
#ifndef TURNOUT_CHILD_H
#define TURNOUT_CHILD_H

#include <limits.h>
#include <sys/types.h>

#include "core/status.h"

/* "turnout" in the directory of our own program file. ST_FAULT when that cannot be told. */
enum status	child_program(char program[PATH_MAX]);

/*
 * In the child of the process `parent`, before exec: no signal is blocked or ignored, and `number`
 * comes when the parent ends.
 */
void		child_begin(pid_t parent, int number);

enum child_end {
	CHILD_ENDED,	/* by itself */
	CHILD_LEFT,	/* nobody waits for it any more: the other end of `client` is closed */
	CHILD_STOPPED,	/* `stop` became readable */
	CHILD_LATE,	/* it took longer than `most_ms` */
};

/*
 * Wait for the end of our child `pid` and end it (SIGKILL) for any other reason; *code is its exit
 * code, or 128 and its signal. `client` may be -1.
 */
enum child_end	child_wait(pid_t pid, int client, int stop, int most_ms, int *code);

#endif
