// SPDX-License-Identifier: ISC
/*
 * code.h: what a poster or a screen shows: signed tokens and typed digits.
 *
 * A token is 26 Crockford base-32 characters, upper case, so that the QR stays in
 * alphanumeric mode and small: 128 bits in big-endian order, two zero bits in front. Bytes 0..3 are the run's id, 4..7 the
 * kind (top 4 bits) and the expiry in minutes since 1970 (28 bits), 8..15 the first 64 bits of HMAC-SHA256
 * (RFC 2104) over bytes 0..7 with the run's own key. The typed digits are TOTP (RFC 6238) with
 * the same key. Pure rules: time comes in as a parameter, secrets are compared in constant time.
 */
#ifndef TURNOUT_CODE_H
#define TURNOUT_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

#define CODE_KEY_BYTES	32	/* a run's key, random */
#define CODE_TOKEN_SIZE	27	/* 26 characters and the NUL */
#define CODE_DIGITS_SIZE 7	/* 6 digits and the NUL */
#define CODE_STEP_S	60	/* how long one set of digits is shown, seconds */
#define CODE_MAX_S	86400	/* the longest life of a token, seconds: 24 hours by definition, no calendar day */
#define CODE_SESSION_SIZE 11	/* 10 Crockford characters and the NUL */
#define CODE_CAPABILITY_SIZE 27	/* 26 Crockford characters (128 bits) and the NUL */

enum code_kind {
	CODE_PRINTED = 1,	/* for the run's whole window, on a poster */
};

/* What a token says before it is believed. */
struct code_claim {
	int64_t		run_id;		/* 1 .. 2^32 - 1 */
	enum code_kind	kind;
	int64_t		expires;	/* seconds since 1970, whole minutes */
};

/* Prepare libsodium; once, before anything else here. ST_FAULT when it cannot be used. */
enum status	code_init(void);

/*
 * Sign `claim` with `key`. `claim->expires` is rounded up to the next whole minute.
 * ST_REFUSED when run id or expiry do not fit.
 */
enum status	code_token_make(const struct code_claim *claim, const uint8_t key[CODE_KEY_BYTES],
		    char token[CODE_TOKEN_SIZE]);

/*
 * Read what `text` (`length` bytes) says, without believing it: the caller needs the run id to find the key. Lower case
 * is taken, O reads as 0, I and L as 1, hyphens and blanks are skipped (Crockford).
 * ST_CODE_UNKNOWN when it is no token at all.
 */
enum status	code_token_read(const char *text, size_t length, struct code_claim *claim);

/*
 * Is `text` really signed with `key`, and still valid at `now` (seconds since 1970)?
 *   ST_OK            believe what code_token_read said
 *   ST_CODE_UNKNOWN  not signed with this key
 *   ST_CODE_EXPIRED  signed, but its time is over (now > expires)
 */
enum status	code_token_check(const char *text, size_t length, const uint8_t key[CODE_KEY_BYTES], int64_t now);

/* The digits shown at `now`: TOTP, RFC 6238 with HMAC-SHA-1 over the key, step CODE_STEP_S, 6 digits; "" before 1970. */
void	code_digits_make(const uint8_t key[CODE_KEY_BYTES], int64_t now, char digits[CODE_DIGITS_SIZE]);

/* Are `digits` (6 digits, blanks and hyphens skipped) those of the current or the previous step? Constant time. */
bool	code_digits_check(const char *digits, size_t length, const uint8_t key[CODE_KEY_BYTES], int64_t now);

/* Does `text` look like typed digits (six of them, blanks and hyphens skipped)? */
bool	code_digits_like(const char *text, size_t length);

/* Fresh randomness: a run's key, its public session id (50 bits), a capability (128 bits). */
void	code_key_new(uint8_t key[CODE_KEY_BYTES]);
void	code_session_new(char session[CODE_SESSION_SIZE]);
void	code_capability_new(char capability[CODE_CAPABILITY_SIZE]);

#endif
