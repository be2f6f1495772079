// SPDX-License-Identifier: ISC
/*
 * limit.h: who guesses codes or floods us, and what that costs them; everybody else never notices.
 *
 * A whole club shares one address, so an address is asked last, and what brings a valid code is
 * never held up for what others do: a token or receipt carries a signature that nobody guesses,
 * hence it is judged in any case, and only what turned out wrong is counted. What can be guessed is
 * the typed code. Each of its wrong tries is paid for from one of two purses that belong to nobody:
 * the first ten of an address in ten minutes from LIMIT_FIRST, further ones from LIMIT_GUESS. Both
 * together bound the tries at all runs, from however many addresses, to 1,000 + 1,000 a minute; and
 * who comes from an address that has not guessed is let in while the guessers wait.
 *
 * A bucket is the Generic Cell Rate Algorithm (GCRA) of ITU-T I.371, in its virtual scheduling
 * form: one number, the "theoretical arrival time". Who asks is known by a keyed hash only
 * (SipHash-2-4), whose key is random, made anew each 24 hours and nowhere but in memory. Memory is
 * fixed: where a new bucket finds no room, the one that would be empty soonest goes, to its owner's
 * advantage; the two purses are not in that table. Pure rules: the time comes in, from a clock that
 * only goes forward. One struct limits belongs to one thread.
 */
#ifndef TURNOUT_LIMIT_H
#define TURNOUT_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum limit {
	LIMIT_PHONE,		/* check-ins of one claim */
	LIMIT_PHONE_WRONG,	/* wrong codes of one claim, and suggestions that found nobody */
	LIMIT_ADDRESS_WRONG,	/* wrong typed codes of one address that LIMIT_FIRST pays */
	LIMIT_ADDRESS,		/* requests of one address that brought nothing valid */
	LIMIT_FIRST,		/* the first wrong typed codes of all addresses */
	LIMIT_GUESS,		/* all other wrong typed codes */
	LIMIT_END
};

/* What a limit grants: so many at once, then one each `every_ms`. */
struct limit_rate {
	const char	*name;		/* in metrics and the log */
	int		 burst;
	int		 every_ms;
};
const struct limit_rate	*limit_rate(enum limit limit);

/* Who asks, and with what. Strings borrowed, "" for unknown. */
struct limit_asker {
	const char	*phone;		/* the claim, or for want of it the receipt */
	const char	*address;	/* IPv4 or IPv6 as text */
	bool		 is_check_in;
	bool		 is_typed;	/* the code is one to type: it can be guessed */
	bool		 is_signed;	/* brings a token or receipt: judged in any case */
};

/* How a request ended, for the limits. */
enum limit_end {
	LIMIT_WELL,		/* it brought something valid */
	LIMIT_VAIN,		/* it brought nothing, or nothing that means anything here */
	LIMIT_WRONG,		/* it brought a wrong code */
};

struct limits;

/* NULL without memory. */
struct limits	*limits_open(int64_t now_ms);
void		 limits_close(struct limits *limits);

/*
 * May this one be judged? Nothing is counted. *over (may be NULL) says which limit it is otherwise:
 *   ST_OK     yes
 *   ST_TRIES  no: too many wrong codes     ST_RATE  no: too many requests
 */
enum status	 limits_ask(struct limits *limits, const struct limit_asker *asker, int64_t now_ms,
		    enum limit *over);

/*
 * It was judged: count it. Right after limits_ask with no other in between, or a purse may be
 * overdrawn by those in between.
 */
void		 limits_count(struct limits *limits, const struct limit_asker *asker,
		    enum limit_end end, int64_t now_ms);

/*
 * The part of an address by which it is known: IPv4 whole (mapped into IPv6 too), of IPv6 the first
 * 64 bits, which one household has. *length bytes of it into `bytes`, 0 for what is no address.
 */
void		 limit_address(const char *address, uint8_t bytes[8], size_t *length);

#endif
