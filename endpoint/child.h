// SPDX-License-Identifier: ISC
/*
 * child.h: `turnout` as a child process.
 *
 * The thread that forks must outlive the child: the kernel sends the signal of a parent's death
 * when that thread ends. Between fork and exec only functions that are safe after a fork of a
 * program with many threads may be called.
 */
#ifndef TURNOUT_CHILD_H
#define TURNOUT_CHILD_H

#include <limits.h>
#include <sys/types.h>

#include "core/status.h"

/* The path of `turnout` in the directory of our own program file. ST_FAULT when that is unknown. */
enum status	child_program(char program[PATH_MAX]);

/*
 * In the child of process `parent`, before exec: unblock all signals, stop ignoring SIGPIPE, have
 * signal `number` sent when the parent ends, and all descriptors but the standard ones closed by
 * exec. Ends the child when that cannot be had or the parent has ended already.
 */
void		child_begin(pid_t parent, int number);

enum child_end {
	CHILD_ENDED,	/* it ended by itself */
	CHILD_LEFT,	/* nobody waits for it any more: the other end of `client` is closed */
	CHILD_STOPPED,	/* `stop` became readable */
	CHILD_LATE,	/* it took longer than `most_ms`, or could not be watched for so long */
};

/*
 * Wait until our child `pid` ends; for any of the other reasons, end it (SIGKILL). *code is its
 * exit code, or 128 plus the signal that ended it. `client` may be -1: none. SIGCHLD must not be
 * ignored, or how a child ended is lost, and this never returns.
 */
enum child_end	child_wait(pid_t pid, int client, int stop, int most_ms, int *code);

#endif
