// SPDX-License-Identifier: ISC
/* clock.h: measuring how long something takes. For the time of day there is call->now alone. */
#ifndef TURNOUT_CLOCK_H
#define TURNOUT_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Milliseconds of a clock that only goes forward, from an arbitrary start. */
static inline int64_t
clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
