// SPDX-License-Identifier: ISC
/* register.c: see register.h. */
#include "endpoint/register.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/slot.h"
#include "endpoint/message.h"
#include "endpoint/render.h"

#define RETRY_S	2	/* after "slow down": the queue is empty again by then */
#define TRIES_S	10	/* after too many wrong codes */

static void
set_headers(struct reply *reply, enum status status, const char *allow)
{
	if (status == ST_BUSY || status == ST_RATE)
		reply->retry_s = RETRY_S;
	if (status == ST_TRIES)
		reply->retry_s = TRIES_S;
	if (status == ST_TRIES || status == ST_RATE)
		reply->is_unlogged = true;	/* who floods us does not fill the log as well; the metrics count */
	if (status == ST_BAD_METHOD)
		reply->allow = allow;
	reply->is_challenge = status == ST_UNAUTHORIZED;
}

/* The sentence for `verdict` in the reader's language, of which the reply's headers tell. */
static void
compose(struct reply *reply, const struct said_reader *reader, const struct verdict *verdict, int64_t now, char message[MESSAGE_SIZE])
{
	message_compose(said_begin(reader, reply), verdict, now, message);
	said_end(reader);
}

/* The same about a code, and what a good one is good for in the words of `key`. */
static void
compose_code(struct reply *reply, const struct said_reader *reader, const struct verdict *verdict, enum said_key key, int64_t now,
    char message[MESSAGE_SIZE])
{
	const struct said_language *language = said_begin(reader, reply);

	if (verdict->status == ST_OK)
		message_of_run(language, key, &verdict->run, message);
	else
		message_compose(language, verdict, now, message);
	said_end(reader);
}

/* Has the person, or the phone, what it wanted? */
static bool
is_success(enum status status)
{
	return status_info(status)->exit == 0;
}

/* Is this person in now? */
static bool
is_in(const struct verdict *verdict)
{
	return verdict->status == ST_OK || verdict->status == ST_PENDING || verdict->status == ST_SAME || verdict->status == ST_LEFT;
}

/* "present" or "late"; null for who is not in. */
static json_t *
status_json(const struct verdict *verdict)
{
	return is_in(verdict) && verdict->attendance < ATTENDANCE_END ? json_string(attendance_status_name(verdict->attendance)) : json_null();
}

/* What is known of a person who is in, beside their place: as an object that the reply takes in. */
static json_t *
presence_json(const struct verdict *verdict)
{
	char shown[RECEIPT_SHORT_SIZE] = "";

	if (!is_in(verdict))
		return json_object();
	if (verdict->person_id != 0)
		receipt_short(verdict->person_id, verdict->since, verdict->run.key, shown);
	return json_pack("{s:s, s:s, s:o, s:b, s:o, s:o, s:o}", "proof", proof_name(verdict->proof),
	    "level", level_name(proof_level(verdict->proof)), "pending", render_words(verdict->pending),
	    "delivered_late", verdict->is_delivered_late, "receipt_code", render_text(shown),
	    "left", render_time(verdict->left_at, &verdict->run), "undo_until", render_iso(verdict->undo_until, &verdict->run));
}

/* "../" for each folder that `path` is in: leads to the root of the site. */
static void
lead_to_root(const char *path, char *out, size_t size)
{
	size_t length = 0;

	for (out[0] = '\0', path++; (path = strchr(path, '/')) != NULL && length + 4 < size; path++)
		length += (size_t)snprintf(out + length, size - length, "../");
}

void
register_reply(struct reply *reply, const struct said_reader *reader, const struct verdict *verdict, const char *why, const char *form_path,
    int64_t now)
{
	const struct status_info *info = status_info(verdict->status);
	const struct run *run = &verdict->run;
	char message[MESSAGE_SIZE], root[32], folder[LANGUAGE_SIZE + 1];
	json_t *json;

	set_headers(reply, verdict->status, NULL);
	if (form_path != NULL) {
		lead_to_root(form_path, root, sizeof root);
		reply->http = 303;
		snprintf(reply->location, sizeof reply->location, "%s%sR/%s/", root,
		    said_folder(reader, info->code, folder), info->code);
		return;
	}
	compose(reply, reader, verdict, now, message);
	json = json_pack("{s:b, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "success", is_success(verdict->status), "code", info->code,
	    "message", why[0] == '\0' ? message : why, "current_count", run->id == 0 ? json_null() : json_integer(verdict->count),
	    "runner_name", render_text(verdict->name), "place", is_in(verdict) ? render_count(verdict->ordinal) : json_null(),
	    "time", render_time(verdict->since, run), "status", status_json(verdict),
	    "run", render_run(run, &verdict->window, now), "open_run", render_run(&verdict->open, &verdict->open_window, now));
	json_object_update_new(json, presence_json(verdict));
	render_reply(reply, verdict->is_repeat && is_success(verdict->status) ? 200 : info->http, json);
}

void
register_scan_reply(struct reply *reply, const struct said_reader *reader, const struct verdict *verdict, const char *why, int64_t now)
{
	const struct status_info *info = status_info(verdict->status);
	const struct run *run = &verdict->run;
	char message[MESSAGE_SIZE];

	set_headers(reply, verdict->status, NULL);
	compose_code(reply, reader, verdict, SAID_GOOD, now, message);
	render_reply(reply, verdict->status == ST_OK ? 200 : info->http, json_pack(
	    "{s:b, s:s, s:s, s:o, s:o, s:I, s:b, s:o, s:o, s:o, s:o, s:o}", "success", is_success(verdict->status), "code", info->code,
	    "message", why[0] == '\0' ? message : why, "receipt", render_text(verdict->receipt),
	    "receipt_until", render_iso(verdict->receipt_until, run), "server_time", (json_int_t)now, "is_list", verdict->is_list,
	    "runner_name", render_text(verdict->name), "place", is_in(verdict) ? render_count(verdict->ordinal) : json_null(),
	    "time", render_time(verdict->since, run), "run", render_run(run, &verdict->window, now),
	    "open_run", render_run(&verdict->open, &verdict->open_window, now)));
}

void
register_suggest_reply(struct reply *reply, const struct said_reader *reader, const struct verdict *verdict, const char *why,
    const char names[SUGGEST_MAX][NAME_SIZE], int count)
{
	const struct status_info *info = status_info(verdict->status);
	json_t *list = json_array();
	bool is_good = verdict->status == ST_OK;
	char message[MESSAGE_SIZE] = "";
	int i;

	for (i = 0; is_good && i < count; i++)
		json_array_append_new(list, json_string(names[i]));
	set_headers(reply, verdict->status, NULL);
	if (!is_good)
		compose(reply, reader, verdict, 0, message);
	render_reply(reply, is_good ? 200 : info->http, json_pack("{s:b, s:s, s:s, s:o}", "success", is_good, "code", info->code,
	    "message", why[0] != '\0' ? why : message, "names", list));
}

void
register_stats_reply(struct reply *reply, const struct run *run, const struct run_window *window, int64_t now)
{
	struct run_time time = run_time_of(run);

	render_reply(reply, 200, json_pack("{s:s, s:s, s:i, s:i, s:I, s:I, s:o, s:o, s:o}", "session_id", run->session,
	    "state", run_state_name(run_state(&time, window, now)), "count", run->present + run->late, "late", run->late,
	    "sequence", (json_int_t)run->sequence, "server_time", (json_int_t)now, "now", render_iso(now, run),
	    "opens_at", render_iso(window->opens, run), "closes_at", render_iso(window->closes, run)));
}

void
register_code_reply(struct reply *reply, const struct said_reader *reader, const struct verdict *verdict, const char *text, int64_t now)
{
	struct code_claim claim;
	char message[MESSAGE_SIZE];
	int64_t expires = verdict->window.closes;

	if (code_token_read(text, strlen(text), &claim) == ST_OK && claim.kind == CODE_PRINTED)
		expires = claim.expires;
	else if (code_token_read(text, strlen(text), &claim) == ST_OK && claim.kind == CODE_SCREEN)
		expires = slot_valid_until(claim.number, verdict->run.rules.interval_s);
	compose_code(reply, reader, verdict, SAID_VALID, now, message);
	render_reply(reply, 200, json_pack("{s:b, s:s, s:s, s:o, s:o}", "valid", verdict->status == ST_OK,
	    "code", status_info(verdict->status)->code, "message", message, "run", render_run(&verdict->run, &verdict->window, now),
	    "expires_at", verdict->run.id == 0 ? json_null() : render_iso(expires, &verdict->run)));
}

static void
refuse_in_json(struct reply *reply, enum status status, const char *why)
{
	const struct status_info *info = status_info(status);

	render_reply(reply, info->http, json_pack("{s:b, s:s, s:s}", "success", false, "code", info->code, "message", why));
}

void
register_refuse_why(struct reply *reply, enum status status, const char *why)
{
	set_headers(reply, status, NULL);
	refuse_in_json(reply, status, why);
}

void
register_refuse(struct reply *reply, const struct said_reader *reader, enum status status, const char *allow, bool is_api)
{
	const struct status_info *info = status_info(status);
	const struct verdict verdict = { .status = status };
	char message[MESSAGE_SIZE];

	compose(reply, reader, &verdict, 0, message);
	set_headers(reply, status, allow);
	if (is_api) {
		refuse_in_json(reply, status, message);
	} else {
		reply->http = info->http;
		reply->type = "text/plain; charset=utf-8";
		reply->body = strdup(message);
		reply->length = reply->body == NULL ? 0 : strlen(reply->body);
	}
}

void
register_ready_reply(struct reply *reply, const struct gauges *gauges)
{
	bool is_ready = gauges->database && gauges->disk && gauges->site && gauges->publisher;

	render_reply(reply, is_ready ? 200 : 503, json_pack("{s:s, s:b, s:b, s:b, s:b, s:o}", "status", is_ready ? "ready" : "not_ready",
	    "database", gauges->database, "disk", gauges->disk, "site", gauges->site, "publisher", gauges->publisher,
	    "publisher_age_s", gauges->publisher_age_s < 0 ? json_null() : json_integer(gauges->publisher_age_s)));
	reply->is_unlogged = is_ready;
}

void
register_live_reply(struct reply *reply)
{
	static const char live[] = "{\"status\":\"live\"}";

	reply->http = 200;
	reply->type = "application/json; charset=utf-8";
	reply->is_unlogged = true;
	reply->body = strdup(live);
	reply->length = reply->body == NULL ? 0 : sizeof live - 1;
}
