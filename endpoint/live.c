// SPDX-License-Identifier: ISC
/* live.c: see live.h. */
#include "endpoint/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint/files.h"
#include "endpoint/render.h"

void
live_init(struct live *live)
{
	pthread_mutex_init(&live->lock, NULL);
}

void
live_clear(struct live *live)
{
	pthread_mutex_destroy(&live->lock);
}

bool
live_is_near(const struct run_window *window, int64_t now)
{
	return now >= window->opens - LIVE_NEAR_S && now <= window->closes + LIVE_NEAR_S;
}

/* The body, as templates/pages/live.json has it; empty without memory. */
static void
compose(const struct run *run, const struct run_window *window, const char *state, char body[LIVE_BODY_SIZE])
{
	json_t *json = json_pack("{s:s, s:s, s:i, s:i, s:I, s:o, s:o, s:o}", "session_id", run->session, "state", state,
	    "count", run->present + run->late, "late", run->late, "sequence", (json_int_t)run->sequence,
	    "changed_at", render_iso(run->counted_at, run), "opens_at", render_iso(window->opens, run),
	    "closes_at", render_iso(window->closes, run));
	char *text = json == NULL ? NULL : json_dumps(json, 0);

	snprintf(body, LIVE_BODY_SIZE, "%s\n", text == NULL ? "" : text);
	free(text);
	json_decref(json);
}

/* Under the lock: the entry of `session`, or NULL. */
static struct live_entry *
find(struct live *live, const char *session)
{
	for (size_t i = 0; i < LIVE_RUNS; i++)
		if (strcmp(live->entries[i].session, session) == 0)
			return &live->entries[i];
	return NULL;
}

/* Under the lock: the one that was put longest ago. */
static struct live_entry *
oldest(struct live *live)
{
	struct live_entry *entry = &live->entries[0];

	for (size_t i = 1; i < LIVE_RUNS; i++)
		if (live->entries[i].put_ms < entry->put_ms)
			entry = &live->entries[i];
	return entry;
}

void
live_put(struct live *live, const struct run *run, const struct run_window *window, int64_t now, int64_t now_ms)
{
	struct run_time time = run_time_of(run);
	const char *state = run_state_name(run_state(&time, window, now));
	struct live_entry *entry, put = { .put_ms = now_ms };

	snprintf(put.session, sizeof put.session, "%s", run->session);
	snprintf(put.etag, sizeof put.etag, "\"%lld-%s\"", (long long)run->sequence, state);
	compose(run, window, state, put.body);
	pthread_mutex_lock(&live->lock);
	entry = find(live, run->session);
	*(entry == NULL ? oldest(live) : entry) = put;
	pthread_mutex_unlock(&live->lock);
}

bool
live_has(struct live *live, const char *session, int64_t now_ms, int64_t age_ms)
{
	struct live_entry *entry;
	bool has;

	pthread_mutex_lock(&live->lock);
	entry = find(live, session);
	has = entry != NULL && now_ms - entry->put_ms <= age_ms;
	pthread_mutex_unlock(&live->lock);
	return has;
}

bool
live_reply(struct live *live, const char *session, const char *known, int64_t now_ms, int64_t age_ms, struct reply *reply)
{
	struct live_entry *entry, copy;
	bool has;

	pthread_mutex_lock(&live->lock);
	entry = find(live, session);
	has = entry != NULL && now_ms - entry->put_ms <= age_ms;
	if (has)
		copy = *entry;
	pthread_mutex_unlock(&live->lock);
	if (!has || (reply->body = strdup(copy.body)) == NULL)
		return false;
	reply->http = known != NULL && files_etag_match(known, copy.etag) ? 304 : 200;
	reply->length = strlen(copy.body);
	reply->type = files_type("live.json");
	reply->cache = "no-cache";
	snprintf(reply->etag, sizeof reply->etag, "%s", copy.etag);
	reply->is_unlogged = true;	/* every phone asks again and again */
	return true;
}
