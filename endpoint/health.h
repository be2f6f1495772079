// SPDX-License-Identifier: ISC
/*
 * health.h: is there room on the disk, and does the site follow the facts?
 *
 * Changes bear no time. One that is not in the site counts from the look that first found it, so a
 * publisher that stands still is noticed by whoever looks regularly (a monitor), at the latest one
 * look after it should be.
 */
#ifndef TURNOUT_HEALTH_H
#define TURNOUT_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

/* wanted: a check-in takes about 1,000, a commit as much again */
#define HEALTH_ROOM_BYTES	INT64_C(16777216)
/* the oldest unpublished change may wait so long: a publisher starts again within 60 */
#define HEALTH_AGE_S		120

/* What the site still lacks. All zero, and age_s -1, before the first look. */
struct health_lag {
	int64_t	change;		/* a change that was the newest at a look, and not in the site */
	int64_t	seen_ms;	/* that look */
	int64_t	age_s;		/* at the last look; -1: none yet */
};

/*
 * Look: the newest change is `newest`, the site has all up to `published`. Returns lag->age_s. The
 * clock only goes forward.
 */
int64_t	health_lag(struct health_lag *lag, int64_t newest, int64_t published, int64_t now_ms);

/* Bytes free for us in the file system of `path`, 0 when that cannot be told. */
int64_t	health_room(const char *path);

/* Open file descriptors of this process; -1 when that cannot be told. */
int	health_open_files(void);

#endif
