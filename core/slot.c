// SPDX-License-Identifier: ISC
/* slot.c: see slot.h. */
#include "core/slot.h"

/* The interval within its limits. */
static int64_t
interval_of(int interval_s)
{
	if (interval_s < SLOT_INTERVAL_MIN_S)
		return SLOT_INTERVAL_MIN_S;
	return interval_s > SLOT_INTERVAL_MAX_S ? SLOT_INTERVAL_MAX_S : interval_s;
}

int64_t
slot_at(int64_t now, int interval_s)
{
	return now < 0 ? 0 : now / interval_of(interval_s);
}

int64_t
slot_begins(int64_t slot, int interval_s)
{
	return slot * interval_of(interval_s);
}

int64_t
slot_valid_until(int64_t slot, int interval_s)
{
	return (slot + 2) * interval_of(interval_s) - 1 + SLOT_GRACE_S;
}

enum status
slot_check(int64_t slot, int interval_s, int64_t now)
{
	if (slot < 0)
		return ST_CODE_EXPIRED;
	if (slot > CODE_NUMBER_MAX || slot_begins(slot, interval_s) > now + SLOT_GRACE_S)
		return ST_CODE_AHEAD;
	return now > slot_valid_until(slot, interval_s) ? ST_CODE_EXPIRED : ST_OK;
}
