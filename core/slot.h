// SPDX-License-Identifier: ISC
/*
 * slot.h: which code a screen shows, and which of those shown are still fresh, from server time
 * alone.
 *
 * A slot is a count of whole intervals since 1970: displays that are told the same slot show the
 * same code, whatever their own clocks say. Nothing is stored, so nothing has to be taken back. The
 * current slot and the one before it are fresh, and for SLOT_GRACE_S more, so that a code that was
 * just read has at least an interval and the grace to arrive. Instants are seconds since 1970,
 * intervals seconds from SLOT_INTERVAL_MIN_S to SLOT_INTERVAL_MAX_S; others count as the nearer of
 * the two.
 */
#ifndef TURNOUT_SLOT_H
#define TURNOUT_SLOT_H

#include <stdint.h>

#include "core/code.h"
#include "core/status.h"

#define SLOT_INTERVAL_MIN_S	10	/* at 10 the 28 bits of a token last until 2055 */
#define SLOT_INTERVAL_MAX_S	120
#define SLOT_INTERVAL_S		25	/* unless the run says otherwise */
#define SLOT_GRACE_S		5

/* The slot that is shown at `now`; 0 before 1970. */
int64_t		slot_at(int64_t now, int interval_s);

/* The instant at which `slot` begins to be shown. */
int64_t		slot_begins(int64_t slot, int interval_s);

/*
 * The last instant at which `slot` is fresh: the one after it has ended, and the grace has passed.
 */
int64_t		slot_valid_until(int64_t slot, int interval_s);

/*
 * Milliseconds from `now_ms` (milliseconds since 1970) until the next slot begins: 1 to the
 * interval.
 */
int64_t		slot_next_ms(int64_t now_ms, int interval_s);

/*
 * The token of `slot` of a run. ST_REFUSED, and "" in `token`, when run or slot do not fit.
 */
enum status	slot_token(int64_t run_id, const uint8_t key[CODE_KEY_BYTES], int64_t slot,
		    char token[CODE_TOKEN_SIZE]);

/*
 * Is `slot` fresh at `now`? Whether the token that names it is signed is code_token_check's to say.
 *   ST_OK            shown now or just before; or about to be: the server's clock may have been set
 *                    back by the grace since
 *   ST_CODE_EXPIRED  shown before that
 *   ST_CODE_AHEAD    not shown yet
 */
enum status	slot_check(int64_t slot, int interval_s, int64_t now);

#endif
