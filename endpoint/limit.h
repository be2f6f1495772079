// SPDX-License-Identifier: ISC
/*
 * limit.h: slows down those who guess codes or flood us; everybody else never notices.
 *
 * A whole club may share one address, so the limit of an address is checked last, and a request
 * with a valid code is never held up for what others do. The signature of a token or receipt cannot
 * be guessed, so these are always judged, and only what turned out wrong is counted. A typed code
 * can be guessed. Each wrong one is charged to one of two purses, which all share: the first ten
 * from one address in ten minutes to LIMIT_FIRST, further ones to LIMIT_GUESS. Together the purses
 * limit the tries at all runs, from any number of addresses, to 1,000 and another 1,000 a minute;
 * and an address that has not guessed is still let in while the guessers wait.
 *
 * All wrong typed codes together raise the alarm that hosts see: when there are more of them than a
 * university mistypes, long before somebody can have found one.
 *
 * A bucket is the Generic Cell Rate Algorithm (GCRA) of ITU-T I.371 in its virtual scheduling form:
 * one number, the "theoretical arrival time". Senders are known only by a keyed hash (SipHash-2-4),
 * whose key is random, replaced every 24 hours, and kept in memory only. The table of buckets has a
 * fixed size: a new bucket without room replaces the one that would be empty soonest, to its
 * owner's advantage; the two purses are not in the table. Pure rules: time is a parameter, from a
 * clock that only goes forward. One struct limits belongs to one thread.
 */
#ifndef TURNOUT_LIMIT_H
#define TURNOUT_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum limit {
	LIMIT_PHONE,		/* check-ins of one claim */
	LIMIT_PHONE_WRONG,	/* wrong codes of one phone, and suggestions that found nobody */
	LIMIT_ADDRESS_WRONG,	/* wrong typed codes of one address, charged to LIMIT_FIRST */
	LIMIT_ADDRESS,		/* requests from one address that brought nothing valid */
	LIMIT_FIRST,		/* the first wrong typed codes of each address */
	LIMIT_GUESS,		/* all other wrong typed codes */
	LIMIT_END
};

#define LIMIT_ALARM_GUESSES	100

/* What a limit allows: `burst` at once, then one every `every_ms`. */
struct limit_rate {
	const char	*name;		/* in metrics and the log */
	int		 burst;
	int		 every_ms;
};
const struct limit_rate	*limit_rate(enum limit limit);

/* Who sends a request, and with what. Strings borrowed, "" for unknown. */
struct limit_asker {
	const char	*phone;		/* the claim or, without one, the receipt */
	const char	*address;	/* IPv4 or IPv6 as text */
	bool		 is_check_in;	/* with a claim */
	bool		 is_typed;	/* has a typed code, which can be guessed */
	bool		 is_signed;	/* has a token or receipt: judged in any case */
};

/* How a request ended, for the limits. */
enum limit_end {
	LIMIT_WELL,		/* it had something valid */
	LIMIT_VAIN,		/* it had nothing, or nothing that is valid here */
	LIMIT_WRONG,		/* it had a wrong code */
};

struct limits;

/* NULL for lack of memory. */
struct limits	*limits_open(int64_t now_ms);
void		 limits_close(struct limits *limits);

/*
 * May the request be judged? Nothing is counted. When not, *over (may be NULL) is the limit:
 *   ST_OK     yes
 *   ST_TRIES  no: too many wrong codes     ST_RATE  no: too many requests
 */
enum status	 limits_ask(struct limits *limits, const struct limit_asker *asker, int64_t now_ms,
		    enum limit *over);

/*
 * Count a request that was judged. Call it before the next limits_ask, or requests in between may
 * overdraw a purse.
 */
void		 limits_count(struct limits *limits, const struct limit_asker *asker,
		    enum limit_end end, int64_t now_ms);

/*
 * Is somebody guessing codes? Yes from LIMIT_ALARM_GUESSES wrong typed ones on, less one for each
 * two seconds; and for 200 s at most after the last one.
 */
bool		 limits_alarm(const struct limits *limits, int64_t now_ms);

/*
 * The part of an address that identifies a sender: all of IPv4 (also when mapped into IPv6), the
 * first 64 bits of IPv6, which a household has for itself. Writes *length bytes to `bytes`; 0 when
 * it is no address.
 */
void		 limit_address(const char *address, uint8_t bytes[8], size_t *length);

#endif
