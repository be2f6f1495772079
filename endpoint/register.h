// SPDX-License-Identifier: ISC
/*
 * register.h: replies of the check-in, in JSON or as a redirect to a page.
 *
 * A phone with JavaScript gets JSON; a plain form gets 303 to R/ok/ or R/CODE/, pages that the
 * generator made. Also everything else that is answered in our own words: refusals, health, what a
 * code is worth. Sentences are in the language of `reader` (said.h).
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
 * The answer to a check-in, an undo or a check-out made at `now`; `why` replaces the sentence when
 * not empty. A form is led to the page of its verdict, in the language it names where the site has
 * that: `form_path` is the path it was sent to, NULL for JSON.
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
 * {session_id, state, count, late, sequence, server_time, now, opens_at, closes_at}: numbers, never
 * names.
 */
void	register_stats_reply(struct reply *reply, const struct run *run,
		    const struct run_window *window, int64_t now);

/*
 * The answer to "what is this code worth?": {valid, code, message, run, expires_at}; `text` is the
 * code itself.
 */
void	register_code_reply(struct reply *reply, const struct said_reader *reader,
		    const struct verdict *verdict, const char *text, int64_t now);

/* A refusal in JSON with a sentence of its own. */
void	register_refuse_why(struct reply *reply, enum status status, const char *why);

/* A refusal in JSON, or as a plain sentence when not `is_api`. */
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
