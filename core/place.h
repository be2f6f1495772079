// SPDX-License-Identifier: ISC
/*
 * place.h: was somebody at the place? Distance, network and access point, each by itself.
 *
 * Metres, and degrees of WGS 84. A phone can lie about all three: they are hints that cost the
 * honest nothing, not proofs. core/proof.h and the run decide what follows from a finding.
 */
#ifndef TURNOUT_PLACE_H
#define TURNOUT_PLACE_H

#include <stdbool.h>

#include "core/status.h"

#define PLACE_RADIUS_M		100	/* of a place that names none */
#define PLACE_ACCURACY_MAX_M	500	/* a position less exact than this says nothing */
#define PLACE_NETWORK_SIZE	50	/* "2001:db8::/32"; the longest has 49 characters */
#define PLACE_BSSID_SIZE	18	/* "00:00:5e:00:53:01" and the NUL */

/* The outcome of comparing one of the three with the place. */
enum place_finding {
	FINDING_NONE,		/* the phone sent none, or the place has none to compare */
	FINDING_VAGUE,		/* sent, but too inexact to tell */
	FINDING_OTHER,		/* not there */
	FINDING_HERE,		/* there */
	FINDING_END
};

/* A point on the ground. */
struct place_point {
	double	latitude;	/* degrees north, -90 .. 90 */
	double	longitude;	/* degrees east, -180 .. 180 */
};

/* Are both coordinates finite and in range? */
bool		place_point_valid(const struct place_point *point);

/*
 * Metres between two valid points along a great circle: haversine, mean radius of the earth
 * 6,371,008.8 m (IUGG); 0.5 % off at most.
 */
double		place_distance_m(const struct place_point *a, const struct place_point *b);

/*
 * Is `point`, exact to `accuracy_m` metres (68 % of the time, as browsers report it), within
 * `radius_m` metres (0: PLACE_RADIUS_M) of `centre`, a valid point? FINDING_HERE when the two
 * circles touch, so in doubt yes; otherwise FINDING_OTHER. FINDING_VAGUE when the accuracy is not a
 * number from 0 to PLACE_ACCURACY_MAX_M or `point` is not valid.
 */
enum place_finding	place_position(const struct place_point *centre, int radius_m,
		    const struct place_point *point, double accuracy_m);

/*
 * Tidy "192.0.2.7/24" or "2001:DB8::1/32" into "192.0.2.0/24" or "2001:db8::/32"; an address alone
 * gets /32 or /128. An IPv4-mapped address (::ffff:192.0.2.7, RFC 4291 2.5.5.2) is written as IPv4.
 * ST_REFUSED when it is neither a network nor an address.
 */
enum status	place_network_tidy(const char *text, char network[PLACE_NETWORK_SIZE]);

/* Is `address` (IPv4 or IPv6, as text) in the tidy `network`? False when either cannot be read. */
bool		place_network_has(const char *network, const char *address);

/*
 * Tidy a BSSID, six pairs of hexadecimal digits separated by ":", "-" or nothing, into lower case
 * with colons. ST_REFUSED when it is none, or no access point's: zero, a group address (lowest bit
 * of the first byte, IEEE 802), or 02:00:00:00:00:00, which Android gives to apps without
 * permission. `bssid` is then undefined.
 */
enum status	place_bssid_tidy(const char *text, char bssid[PLACE_BSSID_SIZE]);

#endif
