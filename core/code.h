// SPDX-License-Identifier: ISC
/*
 * code.h: the codes that a poster or a screen shows: signed tokens, and short codes to type.
 *
 * A token is 26 Crockford base-32 characters in upper case, so that its QR is in alphanumeric mode
 * and small: 128 bits in big-endian order after two zero bits. Bytes 0..3 are the run's id, 4..7
 * the kind (top 4 bits) and a number of 28 bits: the expiry of a printed token in minutes since
 * 1970, the slot of a screen's token (core/slot.h), or the serial of a single-use one. Bytes 8..15
 * are the first 64 bits of HMAC-SHA256 (RFC 2104) over bytes 0..7 with the run's own key. The
 * digits to type are TOTP (RFC 6238) with the same key. Pure rules: time is a parameter, and
 * secrets are compared in constant time.
 */
#ifndef TURNOUT_CODE_H
#define TURNOUT_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

#define CODE_KEY_BYTES	32	/* a run's key, random */
#define CODE_TOKEN_SIZE	27	/* 26 characters and the NUL */
#define CODE_DIGITS_SIZE 7	/* 6 digits or letters and the NUL */
#define CODE_STEP_S	60	/* how long one code to type is shown, seconds */
#define CODE_NUMBER_MAX	((INT64_C(1) << 28) - 1)	/* the most that 28 bits hold */
/* the longest life of a token, seconds: exactly 24 hours, not a calendar day */
#define CODE_MAX_S	86400
#define CODE_SESSION_SIZE 11	/* 10 Crockford characters and the NUL */
#define CODE_CAPABILITY_SIZE 27	/* 26 Crockford characters (128 bits) and the NUL */

/*
 * How a code was shown. Tokens are of the first three kinds, receipts (core/receipt.h) of any.
 */
enum code_kind {
	CODE_PRINTED = 1,	/* for the run's whole window, on a poster */
	CODE_SCREEN = 2,	/* for its slot, on a screen */
	CODE_SINGLE = 3,	/* for one person, on a screen that then shows the next one */
	CODE_TYPED = 4,		/* typed digits or letters */
	CODE_SESSION = 5,	/* no code: the run's public id, which proves nothing */
	CODE_KIND_END
};

/* What a code to type is made of. */
enum code_typed {
	CODE_DIGITS,		/* 6 digits: RFC 6238 */
	CODE_LETTERS,		/* 6 Crockford characters: 30 bits instead of 20 */
	CODE_TYPED_END
};

/* What a token holds; not yet verified. */
struct code_content {
	int64_t		run_id;		/* 1 .. 2^32 - 1 */
	enum code_kind	kind;		/* CODE_PRINTED, CODE_SCREEN or CODE_SINGLE */
	/* CODE_PRINTED: seconds since 1970, whole minutes; otherwise 0 */
	int64_t		expires;
	/* CODE_SCREEN: the slot, CODE_SINGLE: the serial, 1 .. CODE_NUMBER_MAX; otherwise 0 */
	int64_t		number;
};

/* Prepare libsodium and liboath, once, before all else here. ST_FAULT when one cannot be used. */
enum status	code_init(void);

/*
 * Sign `content` with `key`. `content->expires` is rounded up to a whole minute.
 * ST_REFUSED, with "" in `token`, when run id, kind, expiry or number is out of range.
 */
enum status	code_token_make(const struct code_content *content,
		    const uint8_t key[CODE_KEY_BYTES], char token[CODE_TOKEN_SIZE]);

/*
 * Read what `text` (`length` bytes) says without verifying it: the caller needs the run id to find
 * the key. Lower case is accepted, O reads as 0, I and L as 1, hyphens and blanks are skipped
 * (Crockford). ST_CODE_UNKNOWN when it is not a token at all.
 */
enum status	code_token_read(const char *text, size_t length, struct code_content *content);

/*
 * Is `text` signed with `key`, and still valid at `now` (seconds since 1970)?
 *   ST_OK            what code_token_read said is true
 *   ST_CODE_UNKNOWN  not a token, or not signed with this key
 *   ST_CODE_EXPIRED  signed, of kind CODE_PRINTED, and now > expires
 * slot_check judges whether a slot is still fresh; the store knows whether a serial was used.
 */
enum status	code_token_check(const char *text, size_t length, const uint8_t key[CODE_KEY_BYTES],
		    int64_t now);

/*
 * The digits shown at `now`: TOTP, RFC 6238 with HMAC-SHA-1 over the key, step CODE_STEP_S, 6
 * digits; "" before 1970.
 */
void	code_digits_make(const uint8_t key[CODE_KEY_BYTES], int64_t now,
		    char digits[CODE_DIGITS_SIZE]);

/*
 * The code to type that is shown at `now`. CODE_DIGITS: as code_digits_make. CODE_LETTERS: the
 * first 30 bits of HMAC-SHA256 over "typed" and the number of the step (8 bytes, big-endian) with
 * the key, as 6 Crockford characters. "" before 1970.
 */
void	code_typed_make(enum code_typed typed, const uint8_t key[CODE_KEY_BYTES], int64_t now,
		    char text[CODE_DIGITS_SIZE]);

/*
 * Is `text` (blanks and hyphens skipped, letters in either case, O as 0, I and L as 1) the code of
 * the current or the previous step? Constant time.
 */
bool	code_typed_check(enum code_typed typed, const char *text, size_t length,
		    const uint8_t key[CODE_KEY_BYTES], int64_t now);

/*
 * Write the digits of Arabic and Persian keyboards, and the wide digits, letters and blanks of
 * Chinese ones, in ASCII, in place: they mean the same. Other text stays as it is.
 */
void	code_plain(char *text);

/*
 * Does `text` look like a code to type, digits or letters: six Crockford characters, blanks and
 * hyphens skipped?
 */
bool	code_typed_like(const char *text, size_t length);

/* New random values: a run's key, its public session id (50 bits), a capability (128 bits). */
void	code_key_new(uint8_t key[CODE_KEY_BYTES]);
void	code_session_new(char session[CODE_SESSION_SIZE]);
void	code_capability_new(char capability[CODE_CAPABILITY_SIZE]);

#endif
