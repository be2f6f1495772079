// SPDX-License-Identifier: ISC
/*
 * register.h: replies of the check-in, in JSON or as a redirect to a page.
 *
 * A phone with JavaScript gets JSON; a plain form gets 303 to R/ok/ or R/CODE/, pages that the generator made. Also
 * everything else that is answered in our own words: refusals, health, what a code is worth.
 */
#ifndef TURNOUT_REGISTER_H
#define TURNOUT_REGISTER_H

#include <stdbool.h>
#include <stdint.h>

#include "db/store.h"
#include "endpoint/http.h"

/* The answer to a check-in made at `now`; `why` replaces the sentence when not empty. */
void	register_reply(struct reply *reply, const struct verdict *verdict, const char *why, bool is_form, int64_t now);

/* The answer to "what is this code worth?": {valid, code, message, run, expires_at}; `text` is the code itself. */
void	register_code_reply(struct reply *reply, const struct verdict *verdict, const char *text, int64_t now);

/* A refusal in JSON, or as a plain sentence when not `is_api`. */
void	register_refuse(struct reply *reply, enum status status, const char *allow, bool is_api);

/* {"status": "ready" or "not_ready", and what was looked at}: 200 or 503. */
void	register_ready_reply(struct reply *reply, bool is_database, bool is_site, bool is_publisher);

/* {"status":"live"} */
void	register_live_reply(struct reply *reply);

#endif
