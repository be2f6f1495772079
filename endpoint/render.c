// SPDX-License-Identifier: ISC
/*
 * render.c: see render.h.
 *
 * Written by hand because jansson builds a tree of all values, writes it and frees it. That was
 * most of the cost of a check-in outside the store, and left a megabyte in malloc's caches for 256
 * threads.
 */
#include "endpoint/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE	2048	/* the answer to a check-in takes half of it */

/* ---- the text ---- */

static void
append(struct render *render, const char *text, size_t length)
{
	char *more;

	if (render->text == NULL)
		return;
	if (length > render->size - render->length) {
		render->size = (render->size + length) * 2;
		more = realloc(render->text, render->size);
		if (more == NULL)
			free(render->text);
		render->text = more;
		if (more == NULL)
			return;
	}
	memcpy(render->text + render->length, text, length);
	render->length += length;
}

static void
append_string(struct render *render, const char *text, size_t length)
{
	static const char names[] = "\bb\ff\nn\rr\tt\"\"\\\\";
	const char *from = text, *name;
	char escape[8];

	append(render, "\"", 1);
	for (const char *at = text; at < text + length; at++) {
		if ((unsigned char)*at >= 0x20 && *at != '"' && *at != '\\')
			continue;
		append(render, from, (size_t)(at - from));
		for (name = names; *name != '\0' && *name != *at; name += 2)
			;
		if (*name != '\0')
			snprintf(escape, sizeof escape, "\\%c", name[1]);
		else
			snprintf(escape, sizeof escape, "\\u%04X", (unsigned int)*at);
		append(render, escape, strlen(escape));
		from = at + 1;
	}
	append(render, from, (size_t)(text + length - from));
	append(render, "\"", 1);
}

/* The comma, if one is needed, and the key before a value. */
static void
append_key(struct render *render, const char *key)
{
	char before = render->text == NULL ? '{' : render->text[render->length - 1];

	if (before != '{' && before != '[')
		append(render, ",", 1);
	if (key == NULL)
		return;
	append(render, "\"", 1);
	append(render, key, strlen(key));
	append(render, "\":", 2);
}

/* A value that needs no escaping. */
static void
append_value(struct render *render, const char *key, const char *text)
{
	append_key(render, key);
	append(render, text, strlen(text));
}

void
render_begin(struct render *render)
{
	*render = (struct render){ .text = malloc(FIRST_SIZE), .size = FIRST_SIZE };
	append(render, "{", 1);
}

void
render_reply(struct render *render, struct reply *reply, int http)
{
	append(render, "}", 1);
	/* after a 500 the commit stands; a retry with the same nonce gets its answer */
	reply->http = render->text == NULL ? 500 : http;
	reply->type = "application/json; charset=utf-8";
	reply->body = render->text;
	reply->length = render->text == NULL ? 0 : render->length;
}

/* ---- values ---- */

void
render_object(struct render *render, const char *key)
{
	append_value(render, key, "{");
}

void
render_object_end(struct render *render)
{
	append(render, "}", 1);
}

void
render_list(struct render *render, const char *key)
{
	append_value(render, key, "[");
}

void
render_list_end(struct render *render)
{
	append(render, "]", 1);
}

void
render_string(struct render *render, const char *key, const char *text)
{
	append_key(render, key);
	append_string(render, text, strlen(text));
}

void
render_number(struct render *render, const char *key, int64_t number)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%lld", (long long)number);
	append_value(render, key, digits);
}

void
render_truth(struct render *render, const char *key, bool truth)
{
	append_value(render, key, truth ? "true" : "false");
}

void
render_null(struct render *render, const char *key)
{
	append_value(render, key, "null");
}

void
render_text(struct render *render, const char *key, const char *text)
{
	if (text[0] == '\0')
		render_null(render, key);
	else
		render_string(render, key, text);
}

void
render_count(struct render *render, const char *key, int count)
{
	if (count == 0)
		render_null(render, key);
	else
		render_number(render, key, count);
}

void
render_run(struct render *render, const char *key, const struct run *run,
    const struct run_window *window, int64_t now)
{
	struct run_time time = run_time_of(run);
	const struct run_rules *rules = &run->rules;
	char address[STORE_SLUG_SIZE * 2 + WALL_DATE_SIZE + 16];

	if (run->id == 0) {
		render_null(render, key);
		return;
	}
	snprintf(address, sizeof address, "runs/%s/%s/", run->date, run->slug);
	render_object(render, key);
	render_string(render, "session_id", run->session);
	render_string(render, "title", run_title(run));
	render_string(render, "group", run->group);
	render_string(render, "date", run->date);
	render_string(render, "start", run->start);
	render_text(render, "end", run->end);
	render_string(render, "zone", run->zone);
	render_string(render, "address", address);
	render_string(render, "state", run_state_name(run_state(&time, window, now)));
	render_iso(render, "opens_at", window->opens, run);
	render_iso(render, "closes_at", window->closes, run);
	render_string(render, "position", demand_name(rules->position));
	render_string(render, "access_point", demand_name(rules->access_point));
	render_truth(render, "has_check_out", rules->has_check_out);
	render_object_end(render);
}

void
render_time(struct render *render, const char *key, int64_t instant, const struct run *run)
{
	char date[WALL_DATE_SIZE], time[WALL_TIME_SIZE];

	render_text(render, key,
	    instant > 0 && wall_local(instant, run->zone, date, time) == ST_OK ? time : "");
}

void
render_iso(struct render *render, const char *key, int64_t instant, const struct run *run)
{
	char iso[WALL_ISO_SIZE];

	render_text(render, key,
	    instant > 0 && wall_iso(instant, run->zone, iso) == ST_OK ? iso : "");
}

void
render_words(struct render *render, const char *key, const char *words)
{
	size_t length;

	render_list(render, key);
	for (; *words != '\0'; words += length + (words[length] == ' ')) {
		length = strcspn(words, " ");
		append_key(render, NULL);
		append_string(render, words, length);
	}
	render_list_end(render);
}
