// SPDX-License-Identifier: ISC
/* register.c: see register.h. */
#include "endpoint/register.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint/message.h"

#define RETRY_S	2	/* after "slow down": the queue is empty again by then */

/* Fill `reply` with `json`, which is given up. */
static void
reply_json(struct reply *reply, int http, json_t *json)
{
	reply->http = http;
	reply->type = "application/json; charset=utf-8";
	reply->body = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
	reply->length = reply->body == NULL ? 0 : strlen(reply->body);
	if (reply->body == NULL)
		reply->http = 500;	/* what was committed stays so; a retry with the same nonce tells */
	json_decref(json);
}

static void
set_headers(struct reply *reply, enum status status, const char *allow)
{
	if (status == ST_BUSY)
		reply->retry_s = RETRY_S;
	if (status == ST_BAD_METHOD)
		reply->allow = allow;
}

/* A text as JSON, null when it is empty. */
static json_t *
text_or_null(const char *text)
{
	return text[0] == '\0' ? json_null() : json_string(text);
}

static json_t *
count_or_null(bool is_known, int count)
{
	return is_known ? json_integer(count) : json_null();
}

/* What everybody may know of a run; null when there is none. */
static json_t *
run_json(const struct verdict *verdict, int64_t now)
{
	const struct run *run = &verdict->run;
	struct run_time time = run_time_of(run);
	char address[STORE_SLUG_SIZE * 2 + WALL_DATE_SIZE + 16];

	if (run->id == 0)
		return json_null();
	snprintf(address, sizeof address, "runs/%s/%s/", run->date, run->slug);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s}", "session_id", run->session,
	    "title", run_title(run), "group", run->group, "date", run->date, "start", run->start,
	    "end", text_or_null(run->end), "zone", run->zone, "address", address,
	    "state", run_state_name(run_state(&time, &verdict->window, now)));
}

/* "18:31", when this person came in; null when that is not so or not known. */
static json_t *
time_json(const struct verdict *verdict)
{
	char date[WALL_DATE_SIZE], time[WALL_TIME_SIZE];

	if (verdict->since <= 0 || wall_local(verdict->since, verdict->run.zone, date, time) != ST_OK)
		return json_null();
	return json_string(time);
}

void
register_reply(struct reply *reply, const struct verdict *verdict, const char *why, bool is_form, int64_t now)
{
	const struct status_info *info = status_info(verdict->status);
	char message[MESSAGE_SIZE];
	bool is_in = verdict->status == ST_OK;

	set_headers(reply, verdict->status, NULL);
	if (is_form) {
		reply->http = 303;
		snprintf(reply->location, sizeof reply->location, "../R/%s/", info->code);
		return;
	}
	message_compose(verdict, now, message);
	reply_json(reply, is_in && verdict->is_repeat ? 200 : info->http,
	    json_pack("{s:b, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "success", is_in, "code", info->code,
		"message", why[0] == '\0' ? message : why,
		"current_count", count_or_null(verdict->run.id != 0, verdict->count),
		"runner_name", text_or_null(verdict->name), "place", count_or_null(is_in && verdict->ordinal > 0,
		verdict->ordinal), "time", time_json(verdict), "run", run_json(verdict, now)));
}

void
register_code_reply(struct reply *reply, const struct verdict *verdict, const char *text, int64_t now)
{
	struct code_claim claim;
	char message[MESSAGE_SIZE], iso[WALL_ISO_SIZE] = "";
	int64_t expires = verdict->window.closes;

	if (code_token_read(text, strlen(text), &claim) == ST_OK)
		expires = claim.expires;
	if (verdict->run.id != 0 && wall_iso(expires, verdict->run.zone, iso) != ST_OK)
		iso[0] = '\0';
	message_compose(verdict, now, message);
	if (verdict->status == ST_OK)
		snprintf(message, sizeof message, "This code is good for %s.", run_title(&verdict->run));
	reply_json(reply, 200, json_pack("{s:b, s:s, s:s, s:o, s:o}", "valid", verdict->status == ST_OK,
	    "code", status_info(verdict->status)->code, "message", message, "run", run_json(verdict, now),
	    "expires_at", text_or_null(iso)));
}

void
register_refuse(struct reply *reply, enum status status, const char *allow, bool is_api)
{
	const struct status_info *info = status_info(status);

	set_headers(reply, status, allow);
	if (is_api) {
		reply_json(reply, info->http, json_pack("{s:b, s:s, s:s}", "success", false, "code", info->code,
		    "message", info->sentence));
		return;
	}
	reply->http = info->http;
	reply->type = "text/plain; charset=utf-8";
	reply->body = strdup(info->sentence);
	reply->length = reply->body == NULL ? 0 : strlen(reply->body);
}

void
register_ready_reply(struct reply *reply, bool is_database, bool is_site, bool is_publisher)
{
	bool is_ready = is_database && is_site && is_publisher;

	reply_json(reply, is_ready ? 200 : 503, json_pack("{s:s, s:b, s:b, s:b}", "status",
	    is_ready ? "ready" : "not_ready", "database", is_database, "site", is_site, "publisher", is_publisher));
}

void
register_live_reply(struct reply *reply)
{
	static const char live[] = "{\"status\":\"live\"}";

	reply->http = 200;
	reply->type = "application/json; charset=utf-8";
	reply->body = strdup(live);
	reply->length = reply->body == NULL ? 0 : sizeof live - 1;
}
