// SPDX-License-Identifier: ISC
/* guard.c: see guard.h. */
#include "endpoint/guard.h"

#include <string.h>

#include "endpoint/clock.h"
#include "endpoint/log.h"

#define TELL_MS	60000

enum status
guard_init(struct guard *guard, struct metrics *metrics)
{
	*guard = (struct guard){ .metrics = metrics, .limits = limits_open(clock_ms()) };
	return guard->limits == NULL ? ST_FAULT : ST_OK;
}

void
guard_clear(struct guard *guard)
{
	limits_close(guard->limits);
}

/*
 * Suggestions are a convenience, and each reveals something of a list, so a signed code does not
 * exempt them. They bring no claim, but a receipt identifies a phone as well.
 */
struct limit_asker
guard_asker(enum route route, const struct attempt *attempt)
{
	size_t length = strlen(attempt->code);
	struct code_content content;
	bool is_signed = attempt->receipt[0] != '\0' ||
	    code_token_read(attempt->code, length, &content) == ST_OK;

	return (struct limit_asker){
		.phone = attempt->claim[0] != '\0' ? attempt->claim : attempt->receipt,
		.address = attempt->address,
		.is_check_in = route == ROUTE_REGISTER && attempt->claim[0] != '\0',
		.is_typed = code_typed_like(attempt->code, length),
		.is_signed = is_signed && route != ROUTE_SUGGEST,
	};
}

/* Log that somebody is refused, but not every time. */
static void
tell(struct guard *guard, enum limit over, int64_t now_ms)
{
	guard->untold++;
	if (guard->told_ms != 0 && now_ms - guard->told_ms < TELL_MS)
		return;
	log_event("event=limit limit=%s refused=%d message=\"%s\"", limit_rate(over)->name,
	    guard->untold, over == LIMIT_GUESS
	    ? "Somebody is guessing codes. Who scans, and who comes from elsewhere, is taken." :
	    "Somebody sends more than one phone would.");
	guard->told_ms = now_ms;
	guard->untold = 0;
}

enum status
guard_ask(struct guard *guard, const struct limit_asker *asker)
{
	int64_t now_ms = clock_ms();
	enum limit over;
	enum status status = limits_ask(guard->limits, asker, now_ms, &over);

	if (status == ST_OK)
		return ST_OK;
	atomic_fetch_add(&guard->metrics->refused[over], 1);
	tell(guard, over, now_ms);
	return status;
}

/*
 * How a request with this verdict ended, for the limits. A genuine code is no guess, whether it is
 * expired, of another run, or refused for what else the run demands.
 */
static enum limit_end
end_of(enum status verdict, bool is_typed)
{
	if (verdict == ST_CODE_UNKNOWN || verdict == ST_RECEIPT_UNKNOWN ||
	    (verdict == ST_NO_RUN_DAY && is_typed))
		return LIMIT_WRONG;
	if (verdict == ST_RUN_UNKNOWN || verdict == ST_NO_RUN_DAY || verdict == ST_CODE_MISSING ||
	    verdict == ST_CLAIM_MISSING || verdict == ST_NOT_IN || verdict == ST_UNAUTHORIZED)
		return LIMIT_VAIN;
	return LIMIT_WELL;
}

void
guard_count(struct guard *guard, const struct limit_asker *asker, enum status verdict,
    bool is_found)
{
	struct limit_asker searching = *asker;
	int64_t now_ms = clock_ms();

	searching.is_typed = false;		/* its code was right */
	if (verdict == ST_OK && !is_found)
		limits_count(guard->limits, &searching, LIMIT_WRONG, now_ms);
	else
		limits_count(guard->limits, asker, end_of(verdict, asker->is_typed), now_ms);
}

bool
guard_alarm(const struct guard *guard)
{
	return limits_alarm(guard->limits, clock_ms());
}

enum status
guard_unread(struct guard *guard, const char *address, enum status fault)
{
	struct limit_asker asker = { .phone = "", .address = address };
	enum status status = guard_ask(guard, &asker);

	if (status != ST_OK)
		return status;
	limits_count(guard->limits, &asker, LIMIT_VAIN, clock_ms());
	return fault;
}
