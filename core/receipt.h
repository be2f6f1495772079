// SPDX-License-Identifier: ISC
/*
 * receipt.h: signed proof that a fresh code reached the server, good for the minutes it takes to
 * type a name.
 *
 * A receipt is 52 Crockford characters: 256 bits in big-endian order after four zero bits. Bytes
 * 0..3 are the run's id, 4..7 the kind of the code (top 4 bits) and its number (28 bits), 8..15 the
 * server's time when the code came, 16..31 the first 128 bits of HMAC-SHA256 (RFC 2104) over
 * "receipt" and bytes 0..15 with the run's own key. Nothing is stored: a receipt used twice by one
 * person changes nothing, because a person has one attendance at a run. Secrets are compared in
 * constant time.
 */
#ifndef TURNOUT_RECEIPT_H
#define TURNOUT_RECEIPT_H

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
	/* a token's slot, serial or minute of expiry; the step of a typed code; 0 for a session */
	int64_t		number;
	int64_t		at;		/* when the code came, server time, seconds since 1970 */
};

/*
 * Sign `receipt` with the run's `key`. ST_REFUSED, with "" in `text`, when one of its values is out
 * of range.
 */
enum status	receipt_make(const struct receipt *receipt, const uint8_t key[CODE_KEY_BYTES],
		    char text[RECEIPT_SIZE]);

/*
 * Read what `text` (`length` bytes, fillers and spellings as in core/crockford.h) says without
 * verifying it. ST_RECEIPT_UNKNOWN when it is not a receipt at all.
 */
enum status	receipt_read(const char *text, size_t length, struct receipt *receipt);

/*
 * Is `text` signed with `key`, and still good at `now`?
 *   ST_OK               what receipt_read said is true
 *   ST_RECEIPT_UNKNOWN  not a receipt, or not signed with this key
 *   ST_RECEIPT_EXPIRED  signed, but made more than RECEIPT_LIFE_S before `now`
 */
enum status	receipt_check(const char *text, size_t length, const uint8_t key[CODE_KEY_BYTES],
		    int64_t now);

/*
 * What a checked-in person shows the host: the first 20 bits of HMAC-SHA256 over "shown", the
 * person's id and `since` (8 bytes each, big-endian) with the run's key, as 4 Crockford characters.
 * Always the same for one check-in, and nobody without the key can work it out.
 */
void		receipt_short(int64_t person_id, int64_t since, const uint8_t key[CODE_KEY_BYTES],
		    char text[RECEIPT_SHORT_SIZE]);

#endif
