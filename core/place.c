// SPDX-License-Identifier: ISC
/* place.c: see place.h. */
#include "core/place.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define EARTH_M		6371008.8	/* mean radius */
#define ADDRESS_SIZE	46		/* INET6_ADDRSTRLEN */
#define IPV4_IN_IPV6	96		/* bits in front of an IPv4 address in an IPv6 one */

bool
place_point_valid(const struct place_point *point)
{
	return isfinite(point->latitude) && isfinite(point->longitude) && point->latitude >= -90 &&
	    point->latitude <= 90 && point->longitude >= -180 && point->longitude <= 180;
}

double
place_distance_m(const struct place_point *a, const struct place_point *b)
{
	const double degree = M_PI / 180;
	double north = sin((b->latitude - a->latitude) * degree / 2),
	    east = sin((b->longitude - a->longitude) * degree / 2);
	double square =
	    north * north + cos(a->latitude * degree) * cos(b->latitude * degree) * east * east;

	return 2 * EARTH_M * asin(sqrt(square > 1 ? 1 : square));
}

enum place_finding
place_position(const struct place_point *centre, int radius_m, const struct place_point *point,
    double accuracy_m)
{
	double radius = radius_m > 0 ? radius_m : PLACE_RADIUS_M;

	if (!place_point_valid(point) || !isfinite(accuracy_m) || accuracy_m < 0 ||
	    accuracy_m > PLACE_ACCURACY_MAX_M)
		return FINDING_VAGUE;
	return place_distance_m(centre, point) <= radius + accuracy_m ? FINDING_HERE
	    : FINDING_OTHER;
}

/* An address as 16 bytes, IPv4 as ::ffff:a.b.c.d. */
static bool
read_address(const char *text, uint8_t bytes[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	memcpy(bytes, mapped, sizeof mapped);
	return inet_pton(AF_INET, text, bytes + 12) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

static bool
is_ipv4(const uint8_t bytes[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(bytes, mapped, sizeof mapped) == 0;
}

/* The number of bits in "24", up to `most`; -1 when it is none. */
static int
read_bits(const char *text, int most)
{
	size_t digits = strspn(text, "0123456789");
	int bits = 0;

	if (digits == 0 || digits > 3 || text[digits] != '\0')
		return -1;
	for (; *text != '\0'; text++)
		bits = bits * 10 + (*text - '0');
	return bits <= most ? bits : -1;
}

/* A network as 16 bytes and its prefix length in bits, which for IPv4 is 96 more than written. */
static bool
read_network(const char *text, uint8_t bytes[16], int *bits)
{
	const char *slash = strchr(text, '/');
	size_t length = slash == NULL ? strlen(text) : (size_t)(slash - text);
	char address[ADDRESS_SIZE];
	bool is_short;

	if (length >= sizeof address)
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	if (!read_address(address, bytes))
		return false;
	is_short = is_ipv4(bytes) && strchr(address, ':') == NULL;
	*bits = slash == NULL ? 128 : read_bits(slash + 1, is_short ? 32 : 128);
	if (slash != NULL && *bits >= 0 && is_short)
		*bits += IPV4_IN_IPV6;
	return *bits >= 0;
}

/* Clear all but the first `bits`. */
static void
mask(uint8_t bytes[16], int bits)
{
	for (int i = 0; i < 16; i++) {
		int kept = bits - 8 * i;

		if (kept <= 0)
			bytes[i] = 0;
		else if (kept < 8)
			bytes[i] = (uint8_t)(bytes[i] & (0xff << (8 - kept)));
	}
}

enum status
place_network_tidy(const char *text, char network[PLACE_NETWORK_SIZE])
{
	char address[ADDRESS_SIZE];
	uint8_t bytes[16];
	bool is_short;
	int bits;

	if (!read_network(text, bytes, &bits))
		return ST_REFUSED;
	is_short = is_ipv4(bytes) && bits >= IPV4_IN_IPV6;
	mask(bytes, bits);
	if (inet_ntop(is_short ? AF_INET : AF_INET6, is_short ? bytes + 12 : bytes, address,
	    sizeof address) == NULL)
		return ST_REFUSED;
	snprintf(network, PLACE_NETWORK_SIZE, "%s/%d", address,
	    is_short ? bits - IPV4_IN_IPV6 : bits);
	return ST_OK;
}

bool
place_network_has(const char *network, const char *address)
{
	uint8_t wanted[16], bytes[16];
	int bits;

	if (!read_network(network, wanted, &bits) || !read_address(address, bytes))
		return false;
	mask(wanted, bits);
	mask(bytes, bits);
	return memcmp(wanted, bytes, sizeof bytes) == 0;
}

enum status
place_bssid_tidy(const char *text, char bssid[PLACE_BSSID_SIZE])
{
	char separator = strlen(text) >= 3 && (text[2] == ':' || text[2] == '-') ? text[2] : '\0';
	size_t at = 0;

	for (int pair = 0; pair < 6; pair++) {
		if (pair > 0 && separator != '\0' && *text++ != separator)
			return ST_REFUSED;
		for (int digit = 0; digit < 2; digit++, text++) {
			if (!isxdigit((unsigned char)*text))
				return ST_REFUSED;
			bssid[at++] = (char)tolower((unsigned char)*text);
		}
		bssid[at++] = pair < 5 ? ':' : '\0';
	}
	if (*text != '\0' || strchr("13579bdf", bssid[1]) != NULL ||
	    strcmp(bssid, "00:00:00:00:00:00") == 0 || strcmp(bssid, "02:00:00:00:00:00") == 0)
		return ST_REFUSED;
	return ST_OK;
}
