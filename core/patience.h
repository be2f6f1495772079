// SPDX-License-Identifier: ISC
/*
 * patience.h: how long a program that runs on waits for whoever reads its standard error. A pipe
 * that nobody reads is full after some hundred lines, and writing to it would wait for ever.
 */
#ifndef TURNOUT_PATIENCE_H
#define TURNOUT_PATIENCE_H

#include <stdbool.h>

/* {0} is a reader who is trusted. One thread at a time. */
struct patience {
	int	 lost;		/* lines, since the reader stood still */
};

/*
 * May a line be written to standard error? Waits a second at most until it may, and then no more:
 * while the reader stands still the answer is false at once, and the line is lost. *lost: how many
 * were, to be told before this one.
 */
bool	patience_has_room(struct patience *patience, int *lost);

#endif
