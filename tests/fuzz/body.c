// SPDX-License-Identifier: ISC
/*
 * body.c: whatever is sent as a body: what is accepted has the form that the validator relies on.
 * Input: a byte for kind and use, the body.
 */
#include "endpoint/body.h"
#include "tests/fuzz/fuzz.h"

/* Is it ended within its field? */
#define IS_ENDED(text)	(memchr((text), '\0', sizeof(text)) != NULL)

static void
check_shape(const struct attempt *attempt, enum body_use use)
{
	HOLDS(IS_ENDED(attempt->code) && IS_ENDED(attempt->receipt) && IS_ENDED(attempt->session) &&
	    IS_ENDED(attempt->name));
	HOLDS(IS_ENDED(attempt->nonce) && IS_ENDED(attempt->claim));
	HOLDS(use != BODY_CHECK_IN || attempt->name[0] != '\0');
	HOLDS(use == BODY_CHECK_IN ||
	    (!attempt->has_position && !attempt->has_seen_at && attempt->n_access_points == 0));
	HOLDS(attempt->n_access_points >= 0 && attempt->n_access_points <= ATTEMPT_ACCESS_POINTS);
	for (int i = 0; i < attempt->n_access_points; i++)
		HOLDS(strlen(attempt->access_points[i]) == PLACE_BSSID_SIZE - 1);
	if (attempt->has_position)
		HOLDS(place_point_valid(&attempt->point) && attempt->accuracy_m >= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum body_kind kind = size > 0 && data[0] % 2 == 1 ? BODY_FORM : BODY_JSON;
	enum body_use use = size > 0 ? (enum body_use)(data[0] / 2 % 4) : BODY_CHECK_IN;
	char *body = fuzz_text(size > 0 ? data + 1 : data, size > 0 ? size - 1 : 0),
	    why[BODY_WHY_SIZE];
	static struct attempt attempt;
	enum status status;

	memset(&attempt, 0xA5, sizeof attempt);
	status = body_read(kind, use, body, size > 0 ? size - 1 : 0, &attempt, why);
	HOLDS(status == ST_OK || status == ST_BAD_REQUEST || status == ST_NAME_BAD);
	HOLDS((status == ST_BAD_REQUEST) == (why[0] != '\0'));
	if (status == ST_OK)
		check_shape(&attempt, use);
	free(body);
	return 0;
}
