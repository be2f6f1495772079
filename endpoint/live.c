// SPDX-License-Identifier: ISC
/* live.c: see live.h. */
#include "endpoint/live.h"

#include <stdio.h>
#include <string.h>

#include "endpoint/files.h"

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

/* "2026-11-28T18:31:00+00:00" with its quotes, or null. */
static void
write_iso(int64_t instant, const struct run *run, char text[WALL_ISO_SIZE + 2])
{
	char iso[WALL_ISO_SIZE];
	bool is_known = instant > 0 && wall_iso(instant, run->zone, iso) == ST_OK;
	const char *quote = is_known ? "\"" : "";

	snprintf(text, WALL_ISO_SIZE + 2, "%s%s%s", quote, is_known ? iso : "null", quote);
}

/* The body, as templates/pages/live.json writes it. */
static void
compose(const struct run *run, const struct run_window *window, const char *state,
    char body[LIVE_BODY_SIZE])
{
	char changed[WALL_ISO_SIZE + 2], opens[WALL_ISO_SIZE + 2], closes[WALL_ISO_SIZE + 2];
	int late, came = run_came(run, &late);

	write_iso(run->counted_at, run, changed);
	write_iso(window->opens, run, opens);
	write_iso(window->closes, run, closes);
	snprintf(body, LIVE_BODY_SIZE,
	    "{\"session_id\": \"%s\", \"state\": \"%s\", \"count\": %d, \"late\": %d, "
	    "\"sequence\": %lld, \"changed_at\": %s, \"opens_at\": %s, \"closes_at\": %s}\n",
	    run->session, state, came, late, (long long)run->sequence, changed, opens, closes);
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

/* Under the lock: the entry put longest ago, maybe an empty one. */
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
live_put(struct live *live, const struct run *run, const struct run_window *window, int64_t now,
    int64_t now_ms)
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
live_ask(struct live *live, const char *session, int64_t now_ms)
{
	struct live_entry *entry;
	bool may;

	pthread_mutex_lock(&live->lock);
	entry = find(live, session);
	may = entry == NULL || now_ms - entry->asked_ms >= LIVE_FRESH_MS;
	if (may && entry != NULL)
		entry->asked_ms = now_ms;
	pthread_mutex_unlock(&live->lock);
	return may;
}

bool
live_reply(struct live *live, const char *session, const char *known, int64_t now_ms,
    int64_t age_ms, struct reply *reply)
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
	reply->is_unlogged = true;	/* every phone polls it */
	return true;
}
