// SPDX-License-Identifier: ISC
/*
 * register.h: replies to check-ins, in JSON or as a redirect to a page.
 *
 * A phone with JavaScript gets JSON; a plain form gets 303 to R/ok/ or R/CODE/, pages that the
 * generator made. All other replies in our own words are made here too: refusals, health, whether a
 * code is valid. Sentences are in the language of `reader` (said.h).
 */
#ifndef TURNOUT_REGISTER_H
#define TURNOUT_REGISTER_H

#include <stdbool.h>
#include <stdint.h>

#include "db/store.h"
#include "endpoint/http.h"
#include "endpoint/metrics.h"
#include "endpoint/said.h"

/*
 * The answer to a check-in, an undo or a check-out made at `now`; `why`, unless it is "", replaces
 * the sentence. A form is redirected to the page of its verdict, in the language that it names if
 * the site has that: `form_path` is the path that the form was sent to; NULL: answer in JSON.
 */
void	register_reply(struct reply *reply, const struct said_reader *reader,
		    const struct verdict *verdict, const char *why, const char *form_path,
		    int64_t now);

/*
 * The answer to a scan: {success, code, message, receipt, receipt_until, server_time, is_list,
 * runner_name, place, time, run, open_run}.
 */
void	register_scan_reply(struct reply *reply, const struct said_reader *reader,
		    const struct verdict *verdict, const char *why, int64_t now);

/* {success, code, message, names} */
void	register_suggest_reply(struct reply *reply, const struct said_reader *reader,
		    const struct verdict *verdict, const char *why,
		    char (*names)[NAME_SIZE], int count);

/*
 * {session_id, state, count, late, sequence, guessing, server_time, now, opens_at, closes_at}:
 * numbers, never names; `guessing` is the alarm of hosts.
 */
void	register_stats_reply(struct reply *reply, const struct run *run,
		    const struct run_window *window, int64_t now, bool is_guessed);

/*
 * The answer to "is this code valid?": {valid, code, message, run, expires_at}; `text` is the code.
 */
void	register_code_reply(struct reply *reply, const struct said_reader *reader,
		    const struct verdict *verdict, const char *text, int64_t now);

/* A refusal in JSON with the sentence `why`. */
void	register_refuse_why(struct reply *reply, enum status status, const char *why);

/*
 * A refusal with the sentence of `status`: in JSON if `is_api`, else as plain text. `allow` is for
 * ST_BAD_METHOD, constant.
 */
void	register_refuse(struct reply *reply, const struct said_reader *reader, enum status status,
		    const char *allow, bool is_api);

/*
 * {"status": "ready" or "not_ready", database, disk, site, publisher: true or false,
 * publisher_age_s or null}: 200 or 503.
 */
void	register_ready_reply(struct reply *reply, const struct gauges *gauges);

/* {"status":"live"} */
void	register_live_reply(struct reply *reply);

#endif
