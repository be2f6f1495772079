// SPDX-License-Identifier: ISC
/*
 * body.h: from the bytes of a check-in to a struct attempt.
 *
 * JSON and forms say the same with the same words, each of them once:
 *   code or token        a token, a typed code or a session id; not both
 *   receipt              of a scan, instead of a code or beside it
 *   session_id           the run, where there is no code; beside one it must be that of the code's
 *                        run
 *   runner_name          the name; of suggestions, what was typed of it
 *   nonce, claim         the sender's mark on this request, and the phone's own: up to 64 printable
 *                        ASCII characters
 *   seen_at              the slot that a code of a screen was read in, which is bits 36 to 63 of
 *                        the token; it says: delivered late
 *   latitude, longitude, accuracy_m    where the phone says it is, all three
 *   lang                 the language to be answered in, a BCP 47 tag
 *   access_points        the BSSIDs it sees, a list of up to 16 texts (JSON alone); what is no
 *                        access point's is passed over
 * Empty counts as not said. Whether the values are any good is the store's to judge; here only
 * their shape counts. Bytes are the caller's and at most HTTP_BODY_MAX.
 */
#ifndef TURNOUT_BODY_H
#define TURNOUT_BODY_H

#include <stddef.h>

#include "core/status.h"
#include "db/store.h"

#define BODY_WHY_SIZE	160
#define BODY_DEPTH_MAX	32	/* brackets inside brackets, counted before any parser sees them */

enum body_kind { BODY_JSON, BODY_FORM };

/* What a body is for says which fields are known. */
enum body_use {
	BODY_CHECK_IN,	/* all of them; the name must be there */
	BODY_SCAN,	/* code, token, session_id, nonce, claim, lang */
	BODY_PHONE,	/* code, token, session_id, receipt, claim, lang */
	BODY_SUGGEST,	/* code, token, session_id, receipt, runner_name, lang */
};

/*
 * The kind that a Content-Type names, its parameters ignored. ST_BAD_TYPE for others and for NULL.
 */
enum status	body_kind(const char *type, enum body_kind *kind);

/*
 * Read `length` bytes of `body` (which a form parse overwrites) into `attempt`, all but now and
 * address, which are left alone.
 *   ST_BAD_REQUEST  not one object or form of known fields, each once and of its kind, without NUL;
 *                   or a field is too long or out of range; `why` says it in a sentence
 *   ST_NAME_BAD     a check-in without runner_name, or with one that is far too long; `why` is
 *                   empty
 *   ST_FAULT        no memory
 */
enum status	body_read(enum body_kind kind, enum body_use use, char *body, size_t length,
		    struct attempt *attempt, char why[BODY_WHY_SIZE]);

#endif
