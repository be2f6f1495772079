// SPDX-License-Identifier: ISC
/*
 * place.c: whatever is sent about a place: tidied texts stay as they are and mean the same,
 * distances are possible on Earth. Input: latitude, longitude and accuracy, 8 bytes each; a
 * network, a line break, an address.
 */
#include <math.h>

#include "core/place.h"
#include "tests/fuzz/fuzz.h"

static double
take_double(const uint8_t **data, size_t *size)
{
	int64_t bits = fuzz_number(data, size);
	double number;

	memcpy(&number, &bits, sizeof number);
	return number;
}

static void
try_point(double latitude, double longitude, double accuracy_m)
{
	const struct place_point centre = { 51.5, -0.1 }, point = { latitude, longitude };
	enum place_finding finding = place_position(&centre, 100, &point, accuracy_m);

	HOLDS(finding == FINDING_VAGUE || finding == FINDING_HERE || finding == FINDING_OTHER);
	if (!place_point_valid(&point)) {
		HOLDS(finding == FINDING_VAGUE);
		return;
	}
	HOLDS(place_distance_m(&centre, &point) >= 0 &&
	    place_distance_m(&centre, &point) < 20015200);
	HOLDS(fabs(place_distance_m(&centre, &point) - place_distance_m(&point, &centre)) < 0.01);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	double latitude = take_double(&data, &size), longitude = take_double(&data, &size),
	    accuracy_m = take_double(&data, &size);
	char *text = fuzz_text(data, size), *address = strchr(text, '\n');
	char network[PLACE_NETWORK_SIZE], again[PLACE_NETWORK_SIZE], bssid[PLACE_BSSID_SIZE],
	    twice[PLACE_BSSID_SIZE];

	if (address != NULL)
		*address++ = '\0';
	try_point(latitude, longitude, accuracy_m);
	if (place_network_tidy(text, network) == ST_OK) {
		HOLDS(place_network_tidy(network, again) == ST_OK && strcmp(network, again) == 0);
		HOLDS(address == NULL ||
		    place_network_has(text, address) == place_network_has(network, address));
	} else {
		HOLDS(address == NULL || !place_network_has(text, address));
	}
	if (place_bssid_tidy(text, bssid) == ST_OK)
		HOLDS(place_bssid_tidy(bssid, twice) == ST_OK && strcmp(bssid, twice) == 0);
	free(text);
	return 0;
}
