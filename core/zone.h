// SPDX-License-Identifier: ISC
/*
 * zone.h: the IANA's time zones, from the system's tzdata (files of RFC 8536).
 *
 * Reading a zone takes some hundredths of a millisecond, once. libical has zones too, but guesses
 * yearly rules from the same files, which takes 2 to 40 ms and is sometimes wrong. Every function
 * may be called from any thread.
 */
#ifndef TURNOUT_ZONE_H
#define TURNOUT_ZONE_H

#include <stdbool.h>
#include <stdint.h>

struct zone;

/*
 * The zone of that name (“Europe/London”), kept until the process ends and never changed. NULL when
 * the system has none, its file is not sound, or memory is lacking.
 */
const struct zone	*zone_find(const char *name);

/* What is in force at an instant. */
struct zone_state {
	int		 offset_s;	/* seconds east of Greenwich */
	bool		 is_daylight;
	const char	*name;		/* "GMT", "CEST", "+03"; owned by the zone */
};
void	zone_at(const struct zone *zone, int64_t instant, struct zone_state *state);

/* Seconds east of Greenwich at `instant`. */
int	zone_offset_s(const struct zone *zone, int64_t instant);

#endif
