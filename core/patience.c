// SPDX-License-Identifier: ISC
/* patience.c: see patience.h. */
#include "core/patience.h"

#include <poll.h>
#include <unistd.h>

#define PATIENCE_MS	1000	/* a reader that takes longer has stopped */

bool
patience_has_room(struct patience *patience, int *lost)
{
	/* a pipe or socket says so when it has room for more than a line */
	struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (poll(&out, 1, patience->lost == 0 ? PATIENCE_MS : 0) == 0) {
		patience->lost++;
		return false;
	}
	*lost = patience->lost;
	patience->lost = 0;
	return true;
}
