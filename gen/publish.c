// SPDX-License-Identifier: ISC
/* publish.c: one publish, behind publish.h. */
#include "gen/publish.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/run.h"
#include "db/manifest.h"
#include "db/store.h"
#include "gen/clock.h"
#include "gen/file.h"
#include "gen/page.h"
#include "gen/site.h"

/* What a publisher has open, by path: a name that came to mean another file must be opened again. */
enum { HELD_DATABASE, HELD_SITE, HELD_LOCK, HELD_MANIFEST, HELD_END };

struct held {
	char	*path;
	dev_t	 device;
	ino_t	 inode;
};

#define LARGE_CHANGES	200	/* keys of the change log from which on a publish renders from a copy */

struct publisher {
	struct store		*store;
	struct pages		*pages;
	struct manifest		*manifest;
	struct site		*site;
	char			*templates;
	bool			 is_rewound;	/* `store` is a copy of facts that are past */
	struct held		 held[HELD_END];
	char			 why[1600];
};

/* One publish at work. */
struct work {
	struct publisher	*publisher;
	struct page		*page;
	struct publish_report	*report;
	enum status		 status;
};

static enum status
fail(struct publisher *publisher, enum status status, const char *why)
{
	snprintf(publisher->why, sizeof publisher->why, "%s", why);
	return status;
}

/* The manifest said no, and nobody has told why yet. */
static enum status
fail_manifest(struct publisher *publisher, enum status status)
{
	snprintf(publisher->why, sizeof publisher->why, "The site's manifest.db cannot be written: %s. Pages may be newer than it says; "
	    "the next publish mends that. Is the disk full?", manifest_why(publisher->manifest));
	return status;
}

const char *
publisher_why(const struct publisher *publisher)
{
	return publisher == NULL ? "There is no memory left." : publisher->why;
}

/*
 * Which start of the machine this is, and which database: after another boot files may be older than the manifest says, and
 * another database's log counts other things, even when it is as long.
 */
static enum status
read_origin(struct publisher *publisher, char origin[40])
{
	struct buffer text = { 0 };
	unsigned char hash[crypto_generichash_BYTES_MIN];
	int64_t created = 0;
	enum status status = driver_number(store_driver(publisher->store), "SELECT created_at FROM club", &created);

	(void)file_read("/proc/sys/kernel/random/boot_id", &text);	/* where there is none, the database alone tells */
	buffer_format(&text, "%lld %llu %llu%s", (long long)created, (unsigned long long)publisher->held[HELD_DATABASE].device,
	    (unsigned long long)publisher->held[HELD_DATABASE].inode, publisher->is_rewound ? " as it was" : "");
	crypto_generichash(hash, sizeof hash, (const unsigned char *)text.data, text.length, NULL, 0);
	sodium_bin2hex(origin, 40, hash, sizeof hash);
	buffer_clear(&text);
	return status;
}

static enum status
load_pages(struct publisher *publisher, struct pages **pages)
{
	struct mustache_error why;
	enum status status = pages_load(store_driver(publisher->store), publisher->templates, pages, &why);

	if (status == ST_OK)
		return ST_OK;
	pages_clear(*pages);
	*pages = NULL;
	snprintf(publisher->why, sizeof publisher->why, "%s. Nothing was published.", why.text);
	return status;
}

/* Note which file `folder``name` is; one that is not there is none. */
static void
hold(struct held *held, const char *folder, const char *name)
{
	struct stat info;

	if (asprintf(&held->path, "%s%s", folder, name) < 0)
		buffer_fail();
	if (stat(held->path, &info) == 0) {
		held->device = info.st_dev;
		held->inode = info.st_ino;
	}
}

bool
publisher_is_current(const struct publisher *publisher)
{
	const struct held *held;
	struct stat info;

	for (held = publisher->held; held < publisher->held + HELD_END; held++)
		if (held->path == NULL || stat(held->path, &info) != 0 || info.st_dev != held->device
		    || info.st_ino != held->inode)
			return false;
	return true;
}

enum status
publisher_open(const char *db, const char *templates, const char *site, struct publisher **opened)
{
	struct publisher *publisher;
	char path[4096];
	enum status status;

	*opened = publisher = calloc(1, sizeof *publisher);
	if (publisher == NULL)
		return ST_FAULT;
	publisher->templates = strdup(templates);
	if (publisher->templates == NULL)
		return ST_FAULT;
	status = store_open(db, STORE_READ, &publisher->store);
	if (status != ST_OK)
		return fail(publisher, status, store_why(publisher->store));
	hold(&publisher->held[HELD_DATABASE], db, "");
	status = load_pages(publisher, &publisher->pages);
	if (status != ST_OK)
		return status;
	status = site_open(site, PUBLISH_WAIT_MS, &publisher->site);
	if (status != ST_OK)
		return fail(publisher, status, site_why(publisher->site));
	hold(&publisher->held[HELD_SITE], site, "");
	hold(&publisher->held[HELD_LOCK], site, "/lock");
	snprintf(path, sizeof path, "%s/manifest.db", site);
	status = manifest_open(path, true, &publisher->manifest);
	hold(&publisher->held[HELD_MANIFEST], path, "");
	site_unlock(publisher->site);
	if (status != ST_OK)
		snprintf(publisher->why, sizeof publisher->why, "%.1000s cannot be used. Nothing was published. "
		    "Is the folder writable?", path);
	return status;
}

void
publisher_close(struct publisher *publisher)
{
	int i;

	if (publisher == NULL)
		return;
	for (i = 0; i < HELD_END; i++)
		free(publisher->held[i].path);
	manifest_close(publisher->manifest);
	site_close(publisher->site);
	pages_clear(publisher->pages);
	store_close(publisher->store);
	free(publisher->templates);
	free(publisher);
}

enum status
publisher_reload(struct publisher *publisher)
{
	struct pages *pages;
	enum status status = load_pages(publisher, &pages);

	if (status != ST_OK)
		return status;
	pages_clear(publisher->pages);
	publisher->pages = pages;
	return ST_OK;
}

enum status
publisher_rewind(struct publisher *publisher, int64_t at)
{
	struct store *past;
	enum status status = store_rewind(publisher->store, at, &past);

	if (status != ST_OK) {
		snprintf(publisher->why, sizeof publisher->why, "%s Nothing was published.", store_why(publisher->store));
		return status;
	}
	pages_clear(publisher->pages);
	store_close(publisher->store);
	publisher->store = past;
	publisher->is_rewound = true;
	return load_pages(publisher, &publisher->pages);
}

/* ---- files ---- */

/* One finished file: into the manifest and, when it differs, into the site. */
static enum status
put_file(struct work *work, const char *page, const char *key, const char *path, const struct buffer *content)
{
	struct publisher *publisher = work->publisher;
	size_t length = strlen(path);
	bool is_changed;
	enum status status = manifest_put(publisher->manifest, page, key, path);

	if (status == ST_EXISTS)
		return fail(publisher, ST_REFUSED, manifest_why(publisher->manifest));
	if (status != ST_OK)
		return fail_manifest(publisher, status);
	status = site_write(publisher->site, path, content->data, content->length, &is_changed);
	if (status != ST_OK)
		return fail(publisher, status, site_why(publisher->site));
	work->report->pages++;
	work->report->images += length > 4 && strcmp(path + length - 4, ".png") == 0;
	work->report->changed += is_changed;
	return ST_OK;
}

static enum status
put_page(void *handle, const char *key, const char *path, const struct buffer *content)
{
	struct work *work = handle;

	work->status = put_file(work, work->page->name, key, path, content);
	return work->status;
}

static enum status
drop_page(void *handle, const char *key)
{
	struct work *work = handle;
	enum status status = manifest_drop(work->publisher->manifest, work->page->name, key);

	return status == ST_OK ? ST_OK : fail_manifest(work->publisher, status);
}

static enum status
remove_file(void *handle, const char *path)
{
	struct work *work = handle;
	enum status status = site_remove(work->publisher->site, path);

	work->report->removed += status == ST_OK;
	work->status = status;
	return status == ST_OK ? ST_OK : fail(work->publisher, status, site_why(work->publisher->site));
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* templates/assets/ as it is. */
static enum status
put_assets(struct work *work)
{
	struct dirent **entries;
	struct buffer content = { 0 };
	char folder[4096], from[8192], path[1024];
	enum status status = ST_OK;
	int i, count;

	snprintf(folder, sizeof folder, "%s/assets", work->publisher->templates);
	count = scandir(folder, &entries, is_visible, alphasort);
	if (count < 0)
		return ST_OK;		/* a site without assets */
	for (i = 0; i < count; i++) {
		snprintf(from, sizeof from, "%s/%s", folder, entries[i]->d_name);
		snprintf(path, sizeof path, "public/assets/%s", entries[i]->d_name);
		content.length = 0;
		if (status == ST_OK && !file_read(from, &content)) {
			snprintf(work->publisher->why, sizeof work->publisher->why, "%.1000s cannot be read: %s.", from, strerror(errno));
			status = ST_FAULT;
		}
		if (status == ST_OK)
			status = put_file(work, "assets", entries[i]->d_name, path, &content);
		free(entries[i]);
	}
	free(entries);
	buffer_clear(&content);
	if (status != ST_OK)
		return status;
	status = manifest_drop_unseen(work->publisher->manifest, "assets");
	return status == ST_OK ? ST_OK : fail_manifest(work->publisher, status);
}

/* ---- pages ---- */

static enum status
put_pages(struct work *work, struct page *page, bool is_full)
{
	struct publisher *publisher = work->publisher;
	int64_t count;
	enum status status;

	work->page = page;
	work->status = ST_OK;
	if (!manifest_is_source(publisher->manifest, page->name, page->hash))
		is_full = true;
	status = page_touch(publisher->pages, page, is_full, &count);
	if (status == ST_OK && count > 0)
		status = page_render(publisher->pages, page, put_page, work);
	if (status != ST_OK && work->status != ST_OK)
		return status;		/* put_page said why */
	if (status != ST_OK)
		return fail(publisher, status, pages_why(publisher->pages));
	if (!is_full)
		return count > 0 ? page_missing(publisher->pages, drop_page, work) : ST_OK;
	status = manifest_drop_unseen(publisher->manifest, page->name);
	if (status == ST_OK)
		status = manifest_source(publisher->manifest, page->name, page->hash);
	return status == ST_OK ? ST_OK : fail_manifest(publisher, status);
}

/* Pages whose sources were taken away go too. */
static enum status
drop_others(struct publisher *publisher)
{
	size_t i, count = pages_count(publisher->pages);
	const char **names = calloc(count + 2, sizeof *names);
	enum status status;

	if (names == NULL)
		return fail(publisher, ST_FAULT, "There is no memory left.");
	for (i = 0; i < count; i++)
		names[i] = pages_at(publisher->pages, i)->name;
	names[count] = "assets";
	status = manifest_drop_others(publisher->manifest, names);
	free(names);
	return status == ST_OK ? ST_OK : fail_manifest(publisher, status);
}

static enum status
put_all(struct work *work, bool is_full)
{
	size_t i;
	enum status status = put_assets(work);

	for (i = 0; i < pages_count(work->publisher->pages) && status == ST_OK; i++)
		status = put_pages(work, pages_at(work->publisher->pages, i), is_full);
	if (status == ST_OK)
		status = drop_others(work->publisher);
	if (status != ST_OK)
		return status;
	work->status = ST_OK;
	status = manifest_gone(work->publisher->manifest, remove_file, work);
	return status == ST_OK || work->status != ST_OK ? status : fail_manifest(work->publisher, status);
}

/* ---- one publish ---- */

/* What one publish is about, read in one short transaction. */
struct plan {
	struct manifest_state	state;		/* as the last publish left it */
	struct page_clock	clock;
	char			origin[sizeof ((struct manifest_state *)0)->origin];
	int64_t			newest;		/* change of the log */
	bool			is_full;	/* every page is looked at */
	bool			is_large;	/* so much that it must not read the database itself */
};

/* The newest change, the days of both clocks, and whether everything is to be looked at. */
static enum status
read_plan(struct publisher *publisher, int64_t now, struct plan *plan)
{
	struct driver *driver = store_driver(publisher->store);
	struct page_clock *clock = &plan->clock;
	const struct manifest_state *state = &plan->state;
	struct club club;
	char time[WALL_TIME_SIZE];
	int64_t club_change = 0;
	enum status status = store_club(publisher->store, &club);

	/* Before the first publish the clock has not moved. */
	*clock = (struct page_clock){ .since = state->since, .now = now, .then = state->since == 0 ? now : state->then };
	if (status == ST_OK)
		status = read_origin(publisher, plan->origin);
	if (status == ST_OK)
		status = driver_number(driver, "SELECT coalesce(max(id), 0) FROM change", &plan->newest);
	if (status == ST_OK)
		status = driver_number(driver, "SELECT coalesce(max(id), 0) FROM change WHERE kind = 'club'", &club_change);
	if (status == ST_OK)
		status = wall_local(now, club.zone, clock->today, time);
	if (status == ST_OK)
		status = wall_local(clock->then, club.zone, clock->then_day, time);
	/* A log or a clock that went back, another database or another boot: nothing is certain. */
	if (club_change > state->since || now < state->then || plan->newest < state->since
	    || strcmp(plan->origin, state->origin) != 0)
		plan->is_full = true;
	if (plan->is_full) {
		clock->since = 0;
		clock->then = clock->now;
		memcpy(clock->then_day, clock->today, sizeof clock->then_day);
	}
	return status;
}

/* Is it so much to render that who checks in would wait for it? */
static bool
is_large(struct publisher *publisher, const struct plan *plan)
{
	size_t i;

	for (i = 0; i < pages_count(publisher->pages); i++) {
		const struct page *page = pages_at(publisher->pages, i);

		if (!manifest_is_source(publisher->manifest, page->name, page->hash))
			return true;
	}
	return plan->is_full || plan->newest - plan->state.since > LARGE_CHANGES;
}

/* Begin to read, and plan. The transaction stays open when all is well. */
static enum status
begin_plan(struct publisher *publisher, int64_t now, bool is_full, struct plan *plan)
{
	enum status status;

	*plan = (struct plan){ .is_full = is_full || publisher->is_rewound };
	status = manifest_state(publisher->manifest, &plan->state);
	if (status != ST_OK)
		return fail(publisher, status, "The site's manifest.db cannot be read. Nothing was published. "
		    "Delete that file, and the next publish makes everything anew.");
	status = driver_begin_read(store_driver(publisher->store));
	if (status == ST_OK)
		status = read_plan(publisher, now, plan);
	if (status == ST_OK)
		plan->is_large = !publisher->is_rewound && is_large(publisher, plan);	/* a copy keeps nobody waiting */
	else
		fail(publisher, status, status == ST_REFUSED ? "The clock or the club's time zone is off. Nothing was published."
		    : store_why(publisher->store));
	return status;
}

/* Render what the plan says, and note in the manifest how far we came. */
static enum status
carry_out(struct publisher *publisher, const struct plan *plan, struct publish_report *report)
{
	struct work work = { .publisher = publisher, .report = report };
	struct manifest_state state = { .since = plan->newest, .then = plan->clock.now };
	enum status status = manifest_begin(publisher->manifest);

	report->is_full = plan->is_full || plan->state.since == 0;
	if (status != ST_OK)
		return fail_manifest(publisher, status);
	status = pages_begin(publisher->pages, &plan->clock);
	if (status != ST_OK)
		fail(publisher, status, pages_why(publisher->pages));
	else
		status = put_all(&work, plan->is_full);
	pages_end(publisher->pages);
	if (status != ST_OK) {
		manifest_rollback(publisher->manifest);
		return status;
	}
	memcpy(state.origin, plan->origin, sizeof state.origin);
	status = manifest_commit(publisher->manifest, &state);
	return status == ST_OK ? ST_OK : fail_manifest(publisher, status);
}

/* The same from a copy of the facts, which may take its time. */
static enum status
publish_copy(struct publisher *publisher, int64_t now, bool is_full, struct publish_report *report)
{
	struct publisher copy = *publisher;
	struct plan plan;
	enum status status = store_snapshot(publisher->store, &copy.store);

	if (status != ST_OK)
		return fail(publisher, status, store_why(publisher->store));
	status = load_pages(&copy, &copy.pages);
	if (status == ST_OK)
		status = begin_plan(&copy, now, is_full, &plan);
	if (status == ST_OK)
		status = carry_out(&copy, &plan, report);
	memcpy(publisher->why, copy.why, sizeof publisher->why);
	pages_clear(copy.pages);
	store_close(copy.store);
	return status;
}

/* Everything between taking the site and letting go of it. */
static enum status
publish_locked(struct publisher *publisher, int64_t now, bool is_full, struct publish_report *report)
{
	struct plan plan;
	enum status status = begin_plan(publisher, now, is_full, &plan);

	if (status == ST_OK && !plan.is_large)
		status = carry_out(publisher, &plan, report);
	driver_rollback(store_driver(publisher->store));	/* the end of reading */
	return status == ST_OK && plan.is_large ? publish_copy(publisher, now, is_full, report) : status;
}

enum status
publish(struct publisher *publisher, int64_t now, bool is_full, struct publish_report *report)
{
	int64_t start = clock_ms();
	enum status status = site_lock(publisher->site, PUBLISH_WAIT_MS);

	*report = (struct publish_report){ 0 };
	if (status != ST_OK)
		return fail(publisher, status, site_why(publisher->site));
	status = publish_locked(publisher, now, is_full, report);
	site_unlock(publisher->site);
	report->ms = clock_ms() - start;
	return status;
}

void
publish_summary(const struct publish_report *report, char *text, size_t size)
{
	snprintf(text, size, "%lld pages, %lld images, %lld changed, %lld removed, %lld ms", (long long)(report->pages - report->images),
	    (long long)report->images, (long long)report->changed, (long long)report->removed, (long long)report->ms);
}

/* ---- the clock ---- */

struct next {
	int64_t	now;
	int64_t	next;
};

static void
take_next(struct next *next, int64_t instant)
{
	if (instant > next->now && instant < next->next)
		next->next = instant;
}

static bool
next_of_run(void *handle, const struct run *run)
{
	struct next *next = handle;
	struct run_time time = run_time_of(run);
	struct run_window window;

	if (run->is_cancelled || run_window(&time, &window) != ST_OK)
		return true;
	take_next(next, window.opens);
	take_next(next, window.closes + 1);	/* `closes` itself is still open */
	if (run_state(&time, &window, next->now) == RUN_OPEN)
		take_next(next, (next->now / CODE_STEP_S + 1) * CODE_STEP_S);
	return true;
}

enum status
publisher_next(struct publisher *publisher, int64_t now, int64_t *instant)
{
	char today[WALL_DATE_SIZE], from[WALL_DATE_SIZE], tomorrow[WALL_DATE_SIZE], to[WALL_DATE_SIZE], time[WALL_TIME_SIZE];
	struct next next = { .now = now, .next = INT64_MAX };
	struct club club;
	int64_t midnight;
	enum status status = store_club(publisher->store, &club);

	if (status == ST_OK)
		status = wall_local(now, club.zone, today, time);
	if (status == ST_OK)
		status = wall_date_add(today, -2, from);	/* a run's zone may be a day off the club's, and a run opens up to a day early */
	if (status == ST_OK)
		status = wall_date_add(today, 1, tomorrow);
	if (status == ST_OK)
		status = wall_date_add(today, 2, to);
	if (status == ST_OK)
		status = wall_instant(tomorrow, "00:00", club.zone, &midnight);
	if (status == ST_OK) {
		take_next(&next, midnight);
		status = store_runs(publisher->store, 0, from, to, next_of_run, &next);
	}
	*instant = next.next;
	return status == ST_OK ? ST_OK : fail(publisher, status, store_why(publisher->store));
}
