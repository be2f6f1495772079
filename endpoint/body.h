// SPDX-License-Identifier: ISC
/*
 * body.h: from the bytes of a check-in to a struct attempt.
 *
 * JSON and forms say the same with the same words: `code` or `token` (a token, typed digits or a session id),
 * `session_id`, `runner_name`, `nonce`; code and token not both. Empty counts as not said. Whether the values are any good is the
 * store's to judge; here only their shape counts. Bytes are the caller's and at most HTTP_BODY_MAX.
 */
#ifndef TURNOUT_BODY_H
#define TURNOUT_BODY_H

#include <stddef.h>

#include "core/status.h"
#include "db/store.h"

#define BODY_WHY_SIZE	160
#define BODY_DEPTH_MAX	32	/* brackets inside brackets, counted before any parser sees them */

enum body_kind { BODY_JSON, BODY_FORM };

/* The kind that a Content-Type names, its parameters ignored. ST_BAD_TYPE for others and for NULL. */
enum status	body_kind(const char *type, enum body_kind *kind);

/*
 * Read `length` bytes of `body` (which a form parse overwrites) into `attempt`; attempt->now is left alone.
 *   ST_BAD_REQUEST  not one flat object or form of known fields, each once, all text, without NUL; or a field
 *                   is too long; `why` says it in a sentence
 *   ST_NAME_BAD     no runner_name, or one that is far too long; `why` is empty
 *   ST_FAULT        no memory
 */
enum status	body_read(enum body_kind kind, char *body, size_t length, struct attempt *attempt,
		    char why[BODY_WHY_SIZE]);

#endif
