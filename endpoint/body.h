// SPDX-License-Identifier: ISC
/*
 * body.h: from the body of a request to a struct attempt.
 *
 * JSON and forms have the same fields, each at most once:
 *   code or token        a token, a typed code or a session id; not both
 *   receipt              of a scan, instead of a code or in addition
 *   session_id           the run, when there is no code; otherwise it must be that of the code's
 *                        run
 *   runner_name          the name; for suggestions, as much of it as is typed
 *   nonce, claim         the sender's mark on this request, and the phone's own: up to 64 printable
 *                        ASCII characters
 *   seen_at              the slot in which a screen's code was read (bits 36 to 63 of the token);
 *                        its presence says: delivered late
 *   latitude, longitude, accuracy_m    where the phone says it is; all three or none
 *   lang                 the language of the reply, a BCP 47 tag
 *   access_points        the BSSIDs that the phone sees, a list of up to 16 strings (JSON only);
 *                        those that are no access point's are ignored
 * An empty field counts as missing. Only the shape of values is checked here; the store judges
 * them. A body belongs to the caller and has at most HEAD_BODY_MAX bytes.
 */
#ifndef TURNOUT_BODY_H
#define TURNOUT_BODY_H

#include <stddef.h>

#include "core/status.h"
#include "db/store.h"

#define BODY_WHY_SIZE	160
#define BODY_DEPTH_MAX	32	/* nested brackets, counted before a parser sees them */

enum body_kind { BODY_JSON, BODY_FORM };

/* What a body is for, and so which fields it may have. */
enum body_use {
	BODY_CHECK_IN,	/* all; the name is required */
	BODY_SCAN,	/* code, token, session_id, nonce, claim, lang */
	BODY_PHONE,	/* code, token, session_id, receipt, claim, lang */
	BODY_SUGGEST,	/* code, token, session_id, receipt, runner_name, lang */
};

/*
 * The kind that a Content-Type names, without its parameters. ST_BAD_TYPE for any other, and NULL.
 */
enum status	body_kind(const char *type, enum body_kind *kind);

/*
 * Read `length` bytes of `body` (overwritten, if it is a form) into `attempt`. Its now and address
 * keep their values, and so does lang when an error is found before it is read.
 *   ST_BAD_REQUEST  not one object or form of known fields, each once and of its type, without NUL;
 *                   or a field is too long or out of range; `why` says so in a sentence
 *   ST_NAME_BAD     a check-in without runner_name, or a name that is far too long; `why` is empty
 *   ST_FAULT        no memory
 */
enum status	body_read(enum body_kind kind, enum body_use use, char *body, size_t length,
		    struct attempt *attempt, char why[BODY_WHY_SIZE]);

#endif
