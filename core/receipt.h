// SPDX-License-Identifier: ISC
/*
 * receipt.h: signed proof that a fresh code reached the server, good for the minutes it takes to
 * type a name.
 *
 * A receipt is 52 Crockford characters: 256 bits in big-endian order, four zero bits in front.
 * Bytes 0..3 are the run's id, 4..7 the kind of the code (top 4 bits) and its number (28 bits),
 * 8..15 the server's time when it came, 16..31 the first 128 bits of HMAC-SHA256 (RFC 2104) over
 * "receipt" and bytes 0..15 with the run's own key. Nothing is stored; that one receipt serves a
 * person once follows from there being one attendance of a person at a run. Secrets are compared in
 * constant time.
 */
#ifndef TURNOUT_RECEIPT_H
#define TURNOUT_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/code.h"
#include "core/status.h"

#define RECEIPT_SIZE		53	/* 52 characters and the NUL */
#define RECEIPT_LIFE_S		900	/* how long a receipt serves, seconds */
#define RECEIPT_SHORT_SIZE	5	/* 4 characters and the NUL */

struct receipt {
	int64_t		run_id;		/* 1 .. 2^32 - 1 */
	enum code_kind	kind;		/* how the code was shown */
	/*
	 * the token's slot or serial, or minute of expiry, or the step of a typed code; 0 for a
	 * session
	 */
	int64_t		number;
	int64_t		at;		/* when it came, server time, seconds since 1970 */
};

/*
 * Sign `receipt` with the run's `key`. ST_REFUSED, and "" in `text`, when something in it does not
 * fit.
 */
enum status	receipt_make(const struct receipt *receipt, const uint8_t key[CODE_KEY_BYTES],
		    char text[RECEIPT_SIZE]);

/*
 * Read what `text` (`length` bytes, fillers and spellings as in core/crockford.h) says, without
 * believing it. ST_RECEIPT_UNKNOWN when it is no receipt at all.
 */
enum status	receipt_read(const char *text, size_t length, struct receipt *receipt);

/*
 * Is `text` really signed with `key`, and still good at `now`?
 *   ST_OK               believe what receipt_read said
 *   ST_RECEIPT_UNKNOWN  not signed with this key
 *   ST_RECEIPT_EXPIRED  signed, but made more than RECEIPT_LIFE_S before `now`
 */
enum status	receipt_check(const char *text, size_t length, const uint8_t key[CODE_KEY_BYTES],
		    int64_t now);

/*
 * What a person who is in shows the host: 20 bits of HMAC-SHA256 over "shown", the person's id and
 * `since` (8 bytes each) with the run's key, as 4 Crockford characters. The same for the same
 * check-in; others cannot work it out.
 */
void		receipt_short(int64_t person_id, int64_t since, const uint8_t key[CODE_KEY_BYTES],
		    char text[RECEIPT_SHORT_SIZE]);

#endif
