// SPDX-License-Identifier: ISC
/*
 * health.h: is there room on the disk, and does the site keep up with the facts?
 *
 * Changes carry no time, so the age of one that is not in the site counts from the check that first
 * found it. A monitor that checks regularly notices a stalled publisher at most one check late.
 */
#ifndef TURNOUT_HEALTH_H
#define TURNOUT_HEALTH_H

#include <stdint.h>

/* room wanted on the disk: a check-in takes about 1,000 bytes, its commit as much again */
#define HEALTH_ROOM_BYTES	INT64_C(16777216)
/* how old an unpublished change may become: a publisher is started again within 60 s */
#define HEALTH_AGE_S		120

/* What the site still lacks. Before the first check: all zero, and age_s -1. */
struct health_lag {
	int64_t	change;		/* the newest at some check, when the site lacked it; 0: none */
	int64_t	seen_ms;	/* when that check was */
	int64_t	age_s;		/* of `change`, at the last check; -1: there was none yet */
};

/*
 * Check: the newest change is `newest`, the site has all up to `published`. `now_ms` is of
 * endpoint/clock.h. Returns lag->age_s.
 */
int64_t	health_lag(struct health_lag *lag, int64_t newest, int64_t published, int64_t now_ms);

/* Bytes free for us in the file system of `path`; 0 when unknown. */
int64_t	health_room(const char *path);

/* The number of open file descriptors of this process; -1 when unknown. */
int	health_open_files(void);

#endif
