// SPDX-License-Identifier: ISC
/*
 * zone.h: time zones of the IANA, as the system's tzdata has them (files of RFC 8536).
 *
 * Reading one takes some hundredths of a millisecond, once. libical, which has zones too, guesses
 * yearly rules from the same files: that takes 2 to 40 ms and is wrong at times. Nothing here is
 * guarded: wall.c asks one at a time.
 */
#ifndef TURNOUT_ZONE_H
#define TURNOUT_ZONE_H

#include <stdbool.h>
#include <stdint.h>

struct zone;

/* The zone of that name (“Europe/London”), NULL when the system has none. Kept for good. */
const struct zone	*zone_find(const char *name);

/* What is in force at an instant. */
struct zone_state {
	int		 offset_s;	/* seconds east of Greenwich */
	bool		 is_daylight;
	const char	*name;		/* "GMT", "CEST", "+03"; the zone's */
};
void	zone_at(const struct zone *zone, int64_t instant, struct zone_state *state);

#endif
