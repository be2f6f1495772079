// SPDX-License-Identifier: ISC
/*
 * slot.h: which code a screen shows, and which codes are still fresh, from server time alone.
 *
 * A slot is a count of whole intervals since 1970: displays that are told the same slot show the
 * same code, whatever their own clocks say. Nothing is stored, so nothing has to expire. A slot is
 * fresh while it is shown, during the next one, and SLOT_GRACE_S longer, so that a code just
 * scanned has at least an interval and the grace to arrive. Instants are seconds since 1970.
 * Intervals are seconds from SLOT_INTERVAL_MIN_S to SLOT_INTERVAL_MAX_S; any other counts as the
 * nearer of the two.
 */
#ifndef TURNOUT_SLOT_H
#define TURNOUT_SLOT_H

#include <stdint.h>

#include "core/code.h"
#include "core/status.h"

#define SLOT_INTERVAL_MIN_S	10	/* the 28 bits of a token then last until 2055 */
#define SLOT_INTERVAL_MAX_S	120
#define SLOT_GRACE_S		5

/* The slot that is shown at `now`; 0 before 1970. */
int64_t		slot_at(int64_t now, int interval_s);

/* The instant at which `slot` begins to be shown. */
int64_t		slot_begins(int64_t slot, int interval_s);

/*
 * The last instant at which `slot` is fresh: the end of the next slot and the grace.
 */
int64_t		slot_valid_until(int64_t slot, int interval_s);

/*
 * Is `slot` fresh at `now`? code_token_check says whether the token that names it is signed.
 *   ST_OK            fresh, or to be shown within SLOT_GRACE_S: the server's clock may have been
 *                    set back since the screen showed it
 *   ST_CODE_EXPIRED  no longer fresh, or negative
 *   ST_CODE_AHEAD    not shown yet
 */
enum status	slot_check(int64_t slot, int interval_s, int64_t now);

#endif
