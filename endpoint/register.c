// SPDX-License-Identifier: ISC
/* register.c: see register.h. */
#include "endpoint/register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/slot.h"
#include "endpoint/message.h"
#include "endpoint/render.h"

#define RETRY_S	2	/* after "slow down": by then the queue has emptied */
#define TRIES_S	10	/* after too many wrong codes */

static void
set_headers(struct reply *reply, enum status status, const char *allow)
{
	if (status == ST_BUSY || status == ST_RATE)
		reply->retry_s = RETRY_S;
	if (status == ST_TRIES)
		reply->retry_s = TRIES_S;
	if (status == ST_TRIES || status == ST_RATE)
		/* a flood must not fill the log as well; the metrics count it */
		reply->is_unlogged = true;
	if (status == ST_BAD_METHOD)
		reply->allow = allow;
	reply->is_challenge = status == ST_UNAUTHORIZED;
}

/*
 * The sentence for `verdict` in the reader's language, which is set in `reply` too; for ST_OK, if
 * `good` is not SAID_END, the sentence of `good`. It is *message, for the caller to free: on the
 * stack, each thread would keep the memory. "", with *message NULL, for lack of memory.
 */
static const char *
compose(struct reply *reply, const struct said_reader *reader, const struct verdict *verdict,
    enum said_key good, int64_t now, char **message)
{
	const struct said_language *language = said_begin(reader, reply);

	*message = malloc(MESSAGE_SIZE);
	if (*message != NULL && verdict->status == ST_OK && good != SAID_END)
		message_of_run(language, good, &verdict->run, *message);
	else if (*message != NULL)
		message_compose(language, verdict, now, *message);
	said_end(reader);
	return *message == NULL ? "" : *message;
}

/* Did the person get what they asked for? */
static bool
is_success(enum status status)
{
	return status_info(status)->exit == 0;
}

/* Is this person in now? */
static bool
is_in(const struct verdict *verdict)
{
	return verdict->status == ST_OK || verdict->status == ST_PENDING ||
	    verdict->status == ST_SAME || verdict->status == ST_LEFT;
}

/*
 * Begin the reply to a check-in, a scan or a suggestion, with `why` as its sentence or, when that
 * is NULL, the one for its verdict.
 */
static void
begin(struct render *render, struct reply *reply, const struct said_reader *reader,
    const struct verdict *verdict, enum said_key good, const char *why, int64_t now)
{
	char *message = NULL;
	const char *sentence = why == NULL ? compose(reply, reader, verdict, good, now, &message)
	    : why;

	if (why != NULL && why[0] != '\0')
		/* of body.h, which is in English only */
		snprintf(reply->language, sizeof reply->language, "en");
	set_headers(reply, verdict->status, NULL);
	render_begin(render);
	render_truth(render, "success", is_success(verdict->status));
	render_string(render, "code", status_info(verdict->status)->code);
	render_string(render, "message", sentence);
	free(message);
}

/* The person's name, their place in the order of arrival, and the time they came. */
static void
render_person(struct render *render, const struct verdict *verdict)
{
	render_text(render, "runner_name", verdict->name);
	render_count(render, "place", is_in(verdict) ? verdict->ordinal : 0);
	render_time(render, "time", verdict->since, &verdict->run);
}

static void
render_runs(struct render *render, const struct verdict *verdict, int64_t now)
{
	render_run(render, "run", &verdict->run, &verdict->window, now);
	render_run(render, "open_run", &verdict->open, &verdict->open_window, now);
}

/* The rest of what is known of a person who is in. */
static void
render_presence(struct render *render, const struct verdict *verdict)
{
	char shown[RECEIPT_SHORT_SIZE] = "";

	if (verdict->person_id != 0)
		receipt_short(verdict->person_id, verdict->since, verdict->run.key, shown);
	render_string(render, "proof", proof_name(verdict->proof));
	render_string(render, "level", level_name(proof_level(verdict->proof)));
	render_words(render, "pending", verdict->pending);
	render_truth(render, "delivered_late", verdict->is_delivered_late);
	render_text(render, "receipt_code", shown);
	render_time(render, "left", verdict->left_at, &verdict->run);
	render_iso(render, "undo_until", verdict->undo_until, &verdict->run);
}

/* "../" for each folder that `path` is in, which leads to the root of the site. */
static void
lead_to_root(const char *path, char *out, size_t size)
{
	size_t length = 0;

	for (out[0] = '\0', path++; (path = strchr(path, '/')) != NULL && length + 4 < size; path++)
		length += (size_t)snprintf(out + length, size - length, "../");
}

void
register_reply(struct reply *reply, const struct said_reader *reader, const struct verdict *verdict,
    const char *why, const char *form_path, int64_t now)
{
	const struct status_info *info = status_info(verdict->status);
	bool is_known = is_in(verdict) && verdict->attendance < ATTENDANCE_END;
	char root[32], folder[LANGUAGE_SIZE + 1];
	struct render render;

	if (form_path != NULL) {
		set_headers(reply, verdict->status, NULL);
		lead_to_root(form_path, root, sizeof root);
		reply->http = 303;
		snprintf(reply->location, sizeof reply->location, "%s%sR/%s/", root,
		    said_folder(reader, info->code, folder), info->code);
		return;
	}
	begin(&render, reply, reader, verdict, SAID_END, why[0] == '\0' ? NULL : why, now);
	if (verdict->run.id == 0)
		render_null(&render, "current_count");
	else
		render_number(&render, "current_count", verdict->count);
	render_person(&render, verdict);
	render_text(&render, "status", is_known ? attendance_status_name(verdict->attendance) : "");
	render_runs(&render, verdict, now);
	if (is_in(verdict))
		render_presence(&render, verdict);
	render_reply(&render, reply,
	    verdict->is_repeat && is_success(verdict->status) ? 200 : info->http);
}

void
register_scan_reply(struct reply *reply, const struct said_reader *reader,
    const struct verdict *verdict, const char *why, int64_t now)
{
	struct render render;

	begin(&render, reply, reader, verdict, SAID_GOOD, why[0] == '\0' ? NULL : why, now);
	render_text(&render, "receipt", verdict->receipt);
	render_iso(&render, "receipt_until", verdict->receipt_until, &verdict->run);
	render_number(&render, "server_time", now);
	render_truth(&render, "is_list", is_success(verdict->status) && verdict->run.is_list);
	render_person(&render, verdict);
	render_runs(&render, verdict, now);
	render_reply(&render, reply,
	    verdict->status == ST_OK ? 200 : status_info(verdict->status)->http);
}

void
register_suggest_reply(struct reply *reply, const struct said_reader *reader,
    const struct verdict *verdict, const char *why, char (*names)[NAME_SIZE], int count)
{
	bool is_good = verdict->status == ST_OK;
	struct render render;
	int i;

	begin(&render, reply, reader, verdict, SAID_END, is_good || why[0] != '\0' ? why : NULL, 0);
	render_list(&render, "names");
	for (i = 0; is_good && i < count; i++)
		render_string(&render, NULL, names[i]);
	render_list_end(&render);
	render_reply(&render, reply, is_good ? 200 : status_info(verdict->status)->http);
}

void
register_stats_reply(struct reply *reply, const struct run *run, const struct run_window *window,
    int64_t now, bool is_guessed)
{
	struct run_time time = run_time_of(run);
	int late, came = run_came(run, &late);
	struct render render;

	render_begin(&render);
	render_string(&render, "session_id", run->session);
	render_string(&render, "state", run_state_name(run_state(&time, window, now)));
	render_number(&render, "count", came);
	render_number(&render, "late", late);
	render_number(&render, "sequence", run->sequence);
	render_truth(&render, "guessing", is_guessed);
	render_number(&render, "server_time", now);
	render_iso(&render, "now", now, run);
	render_iso(&render, "opens_at", window->opens, run);
	render_iso(&render, "closes_at", window->closes, run);
	render_reply(&render, reply, 200);
}

void
register_code_reply(struct reply *reply, const struct said_reader *reader,
    const struct verdict *verdict, const char *text, int64_t now)
{
	struct code_content content;
	struct render render;
	char *message;
	const char *sentence = compose(reply, reader, verdict, SAID_VALID, now, &message);
	int64_t expires = verdict->window.closes;

	if (code_token_read(text, strlen(text), &content) == ST_OK && content.kind == CODE_PRINTED)
		expires = content.expires;
	else if (code_token_read(text, strlen(text), &content) == ST_OK &&
	    content.kind == CODE_SCREEN)
		expires = slot_valid_until(content.number, verdict->run.rules.interval_s);
	render_begin(&render);
	render_truth(&render, "valid", verdict->status == ST_OK);
	render_string(&render, "code", status_info(verdict->status)->code);
	render_string(&render, "message", sentence);
	render_run(&render, "run", &verdict->run, &verdict->window, now);
	render_iso(&render, "expires_at", verdict->run.id == 0 ? 0 : expires, &verdict->run);
	render_reply(&render, reply, 200);
	free(message);
}

void
register_refuse_why(struct reply *reply, enum status status, const char *why)
{
	const struct status_info *info = status_info(status);
	struct render render;

	set_headers(reply, status, NULL);
	if (reply->language[0] == '\0')
		/* `why` is of the store or of exporter.h */
		snprintf(reply->language, sizeof reply->language, "en");
	render_begin(&render);
	render_truth(&render, "success", false);
	render_string(&render, "code", info->code);
	render_string(&render, "message", why);
	render_reply(&render, reply, info->http);
}

void
register_refuse(struct reply *reply, const struct said_reader *reader, enum status status,
    const char *allow, bool is_api)
{
	const struct verdict verdict = { .status = status };
	char *message;
	const char *sentence = compose(reply, reader, &verdict, SAID_END, 0, &message);

	if (is_api) {
		register_refuse_why(reply, status, sentence);
		free(message);
	} else {
		reply->http = status_info(status)->http;
		reply->type = "text/plain; charset=utf-8";
		reply->body = message;
		reply->length = strlen(sentence);
	}
	set_headers(reply, status, allow);
}

void
register_ready_reply(struct reply *reply, const struct gauges *gauges)
{
	bool is_ready = gauges->database && gauges->disk && gauges->site && gauges->publisher;
	struct render render;

	render_begin(&render);
	render_string(&render, "status", is_ready ? "ready" : "not_ready");
	render_truth(&render, "database", gauges->database);
	render_truth(&render, "disk", gauges->disk);
	render_truth(&render, "site", gauges->site);
	render_truth(&render, "publisher", gauges->publisher);
	if (gauges->publisher_age_s < 0)
		render_null(&render, "publisher_age_s");
	else
		render_number(&render, "publisher_age_s", gauges->publisher_age_s);
	render_reply(&render, reply, is_ready ? 200 : 503);
	reply->is_unlogged = is_ready;
}

void
register_live_reply(struct reply *reply)
{
	struct render render;

	render_begin(&render);
	render_string(&render, "status", "live");
	render_reply(&render, reply, 200);
	reply->is_unlogged = true;
}
