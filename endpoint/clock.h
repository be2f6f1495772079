// SPDX-License-Identifier: ISC
/*
 * clock.h: time that only goes forward, for waits, ages and limits. The time of day, which can be
 * set, is unfit for these.
 */
#ifndef TURNOUT_CLOCK_H
#define TURNOUT_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t
clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline int64_t
clock_ms(void)
{
	return clock_us() / 1000;
}

/* The moment `wait_us` microseconds from now, for pthread_cond_clockwait and CLOCK_MONOTONIC. */
static inline struct timespec
clock_after(int64_t wait_us)
{
	int64_t until_us = clock_us() + wait_us;

	return (struct timespec){ .tv_sec = until_us / 1000000,
	    .tv_nsec = until_us % 1000000 * 1000 };
}

#endif
