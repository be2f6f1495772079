// SPDX-License-Identifier: ISC
/* render.c: see render.h. */
#include "endpoint/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
render_reply(struct reply *reply, int http, json_t *json)
{
	reply->http = http;
	reply->type = "application/json; charset=utf-8";
	reply->body = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
	reply->length = reply->body == NULL ? 0 : strlen(reply->body);
	if (reply->body == NULL)
		reply->http = 500;	/* what was committed stays so; a retry with the same nonce tells */
	json_decref(json);
}

json_t *
render_text(const char *text)
{
	return text[0] == '\0' ? json_null() : json_string(text);
}

json_t *
render_count(int count)
{
	return count == 0 ? json_null() : json_integer(count);
}

json_t *
render_run(const struct run *run, const struct run_window *window, int64_t now)
{
	struct run_time time = run_time_of(run);
	const struct run_rules *rules = &run->rules;
	char address[STORE_SLUG_SIZE * 2 + WALL_DATE_SIZE + 16];

	if (run->id == 0)
		return json_null();
	snprintf(address, sizeof address, "runs/%s/%s/", run->date, run->slug);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:b}", "session_id", run->session,
	    "title", run_title(run), "group", run->group, "date", run->date, "start", run->start,
	    "end", render_text(run->end), "zone", run->zone, "address", address,
	    "state", run_state_name(run_state(&time, window, now)),
	    "opens_at", render_iso(window->opens, run), "closes_at", render_iso(window->closes, run),
	    "position", demand_name(rules->position), "access_point", demand_name(rules->access_point),
	    "has_check_out", rules->has_check_out);
}

json_t *
render_time(int64_t instant, const struct run *run)
{
	char date[WALL_DATE_SIZE], time[WALL_TIME_SIZE];

	if (instant <= 0 || wall_local(instant, run->zone, date, time) != ST_OK)
		return json_null();
	return json_string(time);
}

json_t *
render_iso(int64_t instant, const struct run *run)
{
	char iso[WALL_ISO_SIZE];

	return instant <= 0 || wall_iso(instant, run->zone, iso) != ST_OK ? json_null() : json_string(iso);
}

json_t *
render_words(const char *words)
{
	json_t *list = json_array();
	size_t length;

	for (; *words != '\0'; words += length + (words[length] == ' ')) {
		length = strcspn(words, " ");
		if (json_array_append_new(list, json_stringn(words, length)) != 0)
			break;
	}
	return list;
}
