// SPDX-License-Identifier: ISC
/* publish.c: one publish, behind publish.h. */
#include "gen/publish_inside.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "gen/clock.h"
#include "gen/file.h"
#include "gen/precompress.h"

#define ROUNDS_MAX	3	/* publishes behind each other while facts keep changing */

enum status
publisher_fail(struct publisher *publisher, enum status status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(publisher->why, sizeof publisher->why, format, arguments);
	va_end(arguments);
	return status;
}

enum status
publisher_fail_manifest(struct publisher *publisher, enum status status)
{
	return publisher_fail(publisher, status,
	    "%s cannot be written: %s. Readers see whole pages, old or new. Make room on the "
	    "disk, or see what is wrong with it, then publish again.",
	    publisher->held[HELD_MANIFEST].path, manifest_why(publisher->manifest));
}

const char *
publisher_why(const struct publisher *publisher)
{
	return publisher == NULL ? "There is no memory left." : publisher->why;
}

void
publisher_precompress(struct publisher *publisher, bool is_precompressed)
{
	publisher->is_settled &= publisher->is_precompressed == is_precompressed;
	publisher->is_precompressed = is_precompressed;
}

/*
 * Which start of the machine this is, and which database: after another boot files may be older
 * than the manifest says, and another database's log counts other things, even when it is as long.
 */
static enum status
read_origin(struct publisher *publisher)
{
	struct buffer text = { 0 };
	unsigned char hash[crypto_generichash_BYTES_MIN];
	int64_t created = 0;
	enum status status;

	if (publisher->origin[0] != '\0')
		return ST_OK;
	status = driver_number(store_driver(publisher->store), "SELECT created_at FROM club",
	    &created);
	if (status != ST_OK)
		return status;
	/* where there is none, the database alone tells */
	(void)file_read("/proc/sys/kernel/random/boot_id", &text);
	buffer_format(&text, "%lld %llu %llu%s", (long long)created,
	    (unsigned long long)publisher->held[HELD_DATABASE].device,
	    (unsigned long long)publisher->held[HELD_DATABASE].inode,
	    publisher->is_rewound ? " as it was" : "");
	crypto_generichash(hash, sizeof hash, (const unsigned char *)text.data, text.length, NULL,
	    0);
	sodium_bin2hex(publisher->origin, sizeof publisher->origin, hash, sizeof hash);
	buffer_clear(&text);
	return ST_OK;
}

static enum status
load_pages(struct publisher *publisher, const struct pages_memory *memory, struct pages **pages)
{
	struct mustache_error why;
	enum status status = pages_load(store_driver(publisher->store), publisher->templates,
	    memory, pages, &why);

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

	if (publisher->manifest == NULL)
		return false;
	for (held = publisher->held; held < publisher->held + HELD_END; held++)
		if (held->path == NULL || stat(held->path, &info) != 0 ||
		    info.st_dev != held->device || info.st_ino != held->inode)
			return false;
	return true;
}

/* Why the manifest cannot be used, and what to do. */
static enum status
fail_opening(struct publisher *publisher, enum status status, const char *path)
{
	static const char held[] = "Another process holds it: wait for it, then publish again.";
	static const char full[] = "Make room on the disk, then publish again.";
	static const char other[] =
	    "It must be a file that the user who publishes may write: move away what stands "
	    "there, then publish again.";

	return publisher_fail(publisher, status,
	    "%.1000s cannot be used. Nothing was published. %s", path,
	    status == ST_LOCKED ? held : status == ST_FULL ? full : other);
}

/* What the manifest knows of one page's sources. */
struct recall {
	struct pages_memory	memory;
	bool			is_packed;
};

static void
recall_source(void *handle, const char *name, const uint8_t hash[MANIFEST_HASH_BYTES],
    uint32_t kinds)
{
	struct recall *recall = handle;
	uint8_t plain[MANIFEST_HASH_BYTES];

	memcpy(plain, hash, sizeof plain);
	plain[0] ^= recall->is_packed;
	pages_memory_add(&recall->memory, name, plain, kinds);
}

static void
take_text(void *handle, const char *text, size_t length)
{
	buffer_append(handle, text, length);
}

static bool
recall_text(void *handle, const char *file, const char *language, struct buffer *text)
{
	const struct publisher *publisher = handle;

	return manifest_text(publisher->manifest, file, language, take_text, text);
}

/* The pages, as the manifest remembers them where it can. */
static enum status
recall_pages(struct publisher *publisher)
{
	struct manifest_state state = { 0 };
	struct recall recall = { 0 };
	enum status status = manifest_state(publisher->manifest, &state);

	(void)manifest_is_foreign(publisher->manifest);		/* from here on */
	memcpy(recall.memory.stamp, state.stamp, sizeof state.stamp);
	recall.memory.text = recall_text;
	recall.memory.handle = publisher;
	recall.is_packed = publisher->is_precompressed = state.is_packed;
	if (status == ST_OK)
		status = manifest_each_source(publisher->manifest, recall_source, &recall);
	status = load_pages(publisher, status == ST_OK ? &recall.memory : NULL, &publisher->pages);
	publisher->is_settled = status == ST_OK && pages_is_remembered(publisher->pages);
	pages_memory_clear(&recall.memory);
	return status;
}

enum status
publisher_open(const char *db, struct store **store, const char *templates, const char *site,
    struct publisher **opened)
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
	publisher->store = *store;
	*store = NULL;
	status = publisher->store != NULL ? ST_OK : store_open(db, STORE_READ, &publisher->store);
	if (status != ST_OK)
		return publisher_fail(publisher, status, "%s", store_why(publisher->store));
	hold(&publisher->held[HELD_DATABASE], db, "");
	snprintf(path, sizeof path, "%s/manifest.db", site);
	if (!file_exists(path))		/* for templates that are wrong no site is begun */
		status = load_pages(publisher, NULL, &publisher->pages);
	if (status != ST_OK)
		return status;
	status = site_open(site, PUBLISH_WAIT_MS, &publisher->site);
	if (status != ST_OK)
		return publisher_fail(publisher, status, "%s", site_why(publisher->site));
	hold(&publisher->held[HELD_SITE], site, "");
	hold(&publisher->held[HELD_LOCK], site, "/lock");
	status = manifest_open(path, true, &publisher->manifest);
	hold(&publisher->held[HELD_MANIFEST], path, "");
	if (status != ST_OK)
		status = fail_opening(publisher, status, path);
	else if (publisher->pages == NULL)
		status = recall_pages(publisher);
	site_unlock(publisher->site);
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

/* Is the page there already, from the same sources? */
static bool
is_known(struct pages *pages, const struct page *page)
{
	size_t i;

	for (i = 0; i < pages_count(pages); i++) {
		const struct page *known = pages_at(pages, i);

		if (strcmp(known->name, page->name) == 0)
			return memcmp(known->hash, page->hash, sizeof page->hash) == 0;
	}
	return false;
}

enum status
publisher_reload(struct publisher *publisher)
{
	struct pages *pages;
	size_t i;
	enum status status = load_pages(publisher, NULL, &pages);

	for (i = 0; status == ST_OK && i < pages_count(pages); i++) {
		if (!is_known(publisher->pages, pages_at(pages, i)) &&
		    (status = page_ready(pages, pages_at(pages, i))) != ST_OK)
			publisher_fail(publisher, status, "%s. Nothing was published.",
			    pages_why(pages));
		page_trust(pages_at(pages, i));
	}
	if (status != ST_OK) {
		pages_clear(pages);
		pages_speak(publisher->pages);
		return status;
	}
	pages_clear(publisher->pages);
	publisher->pages = pages;
	publisher->is_settled = false;
	return ST_OK;
}

enum status
publisher_rewind(struct publisher *publisher, int64_t at)
{
	struct store *past;
	enum status status = store_rewind(publisher->store, at, &past);

	if (status != ST_OK)
		return publisher_fail(publisher, status, "%s Nothing was published.",
		    store_why(publisher->store));
	pages_clear(publisher->pages);
	store_close(publisher->store);
	publisher->store = past;
	publisher->is_rewound = true;
	publisher->origin[0] = '\0';
	publisher->is_settled = false;
	return load_pages(publisher, NULL, &publisher->pages);
}

/* ---- the plan ---- */

/* The name of a page, "assets" behind the last. */
static const char *
name_of(const struct publisher *publisher, size_t page)
{
	return page < pages_count(publisher->pages) ? pages_at(publisher->pages, page)->name
	    : "assets";
}

/* The hash of a page's sources (assets: page number n_pages) as the manifest keeps it. */
static void
hash_of(const struct publisher *publisher, size_t page, uint8_t hash[MANIFEST_HASH_BYTES])
{
	memcpy(hash, page < pages_count(publisher->pages) ? pages_at(publisher->pages, page)->hash
	    : pages_assets_hash(publisher->pages), MANIFEST_HASH_BYTES);
	hash[0] ^= publisher->is_precompressed;
}

static void
plan_clear(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_pages && plan->keys != NULL; i++)
		page_keys_clear(&plan->keys[i]);
	free(plan->keys);
	free(plan->full);
}

/* How far the log has come, the days of both clocks, and whether everything is to be looked at. */
static enum status
read_clock(struct publisher *publisher, struct plan *plan)
{
	struct page_clock *clock = &plan->clock;
	const struct manifest_state *state = &plan->state;
	const int64_t now = plan->request->now;
	struct club club;
	char time[WALL_TIME_SIZE];
	enum status status = store_club(publisher->store, &club);

	/* Before the first publish the clock has not moved. */
	*clock = (struct page_clock){ .since = state->since, .event = state->event, .now = now,
	    .then = state->since == 0 ? now : state->then };
	if (status == ST_OK)
		status = read_origin(publisher);
	if (status == ST_OK)
		status = pages_log(publisher->pages, &plan->log);
	if (status == ST_OK)
		status = wall_local(now, club.zone, clock->today, time);
	if (status == ST_OK)
		status = wall_local(clock->then, club.zone, clock->then_day, time);
	/* A log or a clock that went back, another database or another boot: nothing is certain. */
	plan->is_full = plan->request->is_full || publisher->is_rewound || state->since == 0 ||
	    plan->log.club > state->since || now < state->then
	    || plan->log.change < state->since || plan->log.event < state->event ||
	    strcmp(publisher->origin, state->origin) != 0;
	if (plan->is_full) {
		clock->since = clock->event = 0;
		clock->then = clock->now;
		memcpy(clock->then_day, clock->today, sizeof clock->then_day);
	}
	if (status == ST_OK)
		return ST_OK;
	return status == ST_REFUSED
	    ? publisher_fail(publisher, status,
	    "The clock or the club's time zone is wrong. Nothing was published.")
	    : publisher_fail(publisher, status, "%s", store_why(publisher->store));
}

/* What is looked at in full; a page whose sources changed is checked before anything is written. */
static enum status
read_sources(struct publisher *publisher, struct plan *plan)
{
	uint8_t hash[MANIFEST_HASH_BYTES];
	enum status status = ST_OK;
	size_t i;

	if (publisher->is_settled && !manifest_is_foreign(publisher->manifest) && !plan->is_full)
		return ST_OK;
	plan->is_resourced = manifest_has_others(publisher->manifest, plan->n_pages + 1);
	for (i = 0; i <= plan->n_pages && status == ST_OK; i++) {
		hash_of(publisher, i, hash);
		plan->full[i] = !manifest_is_source(publisher->manifest, name_of(publisher, i),
		    hash);
		plan->is_resourced |= plan->full[i];
		if (plan->full[i] && i < plan->n_pages)
			status = page_ready(publisher->pages, pages_at(publisher->pages, i));
		if (i < plan->n_pages)
			page_trust(pages_at(publisher->pages, i));
		/* one at a time: dozens of pages have hundreds of statements */
		if (plan->is_full && i < plan->n_pages)
			page_rest(publisher->pages, pages_at(publisher->pages, i));
		plan->full[i] |= plan->is_full;
		plan->has_full |= plan->full[i];
	}
	return status == ST_OK ? ST_OK
	    : publisher_fail(publisher, status, "%s. Nothing was published.",
	    pages_why(publisher->pages));
}

/* The keys of every page. */
static enum status
read_keys(struct publisher *publisher, struct plan *plan)
{
	struct pages *pages = publisher->pages;
	enum status status = pages_begin(pages, &plan->clock);
	size_t i;

	if (status == ST_OK)
		status = pages_changed(pages);
	for (i = 0; i < plan->n_pages && status == ST_OK; i++)
		status = page_touch(pages, pages_at(pages, i), plan->full[i], &plan->keys[i]);
	pages_end(pages);
	return status == ST_OK ? ST_OK : publisher_fail(publisher, status, "%s", pages_why(pages));
}

/* Make the plan, in one short reading transaction. To be cleared in any case. */
static enum status
make_plan(struct publisher *publisher, const struct publish_request *request, struct plan *plan)
{
	struct driver *driver = store_driver(publisher->store);
	enum status status;

	*plan = (struct plan){ .request = request, .n_pages = pages_count(publisher->pages) };
	plan->keys = calloc(plan->n_pages + 1, sizeof *plan->keys);
	plan->full = calloc(plan->n_pages + 1, sizeof *plan->full);
	if (plan->keys == NULL || plan->full == NULL)
		buffer_fail();
	status = manifest_state(publisher->manifest, &plan->state);
	if (status != ST_OK)
		return publisher_fail(publisher, status,
		    "The site's manifest.db cannot be read. Nothing was published. "
		    "Delete that file, and the next publish makes everything again.");
	status = driver_begin_read(driver);
	if (status != ST_OK)
		return publisher_fail(publisher, status, "%s", store_why(publisher->store));
	status = read_clock(publisher, plan);
	if (status == ST_OK)
		status = read_sources(publisher, plan);
	if (status == ST_OK)
		status = read_keys(publisher, plan);
	driver_end_read(driver);
	return status;
}

/* What is looked at in full was made from these sources, or from none that we know. */
static enum status
note_sources(struct publisher *publisher, const struct plan *plan, bool is_known)
{
	uint8_t hash[MANIFEST_HASH_BYTES] = { 0 };
	enum status status = ST_OK;
	size_t i;

	for (i = 0; i <= plan->n_pages && status == ST_OK; i++)
		if (plan->full[i]) {
			if (is_known)
				hash_of(publisher, i, hash);
			status = manifest_source(publisher->manifest, name_of(publisher, i),
			    hash, i < plan->n_pages ? pages_at(publisher->pages, i)->kinds : 0);
		}
	return status;
}

/*
 * Begin, with a doubt that lasts until the end: what is looked at in full is looked at in full
 * again after a kill in the middle, whatever templates, options and facts are by then.
 */
static enum status
begin(struct publisher *publisher, const struct plan *plan)
{
	enum status status = manifest_begin(publisher->manifest);

	if (status == ST_OK && plan->has_full && !plan->request->is_dry) {
		publisher->is_settled = false;
		status = note_sources(publisher, plan, false);
		if (status == ST_OK)
			status = manifest_keep(publisher->manifest);
	}
	return status == ST_OK ? ST_OK : publisher_fail_manifest(publisher, status);
}

/* ---- what is gone ---- */

/* What of page number `page` was not made is gone, its packed copies too. */
static enum status
drop_unseen(struct publisher *publisher, size_t page)
{
	const struct precompress_form *form;
	const char *name = name_of(publisher, page);
	char packed[PAGE_NAME_SIZE + 8];
	enum status status = manifest_drop_unseen(publisher->manifest, name);

	for (form = precompress_forms; form->extension != NULL && status == ST_OK; form++) {
		snprintf(packed, sizeof packed, "%s%s", name, form->extension);
		status = manifest_drop_unseen(publisher->manifest, packed);
	}
	return status;
}

/* Pages whose sources were taken away go too. */
static enum status
drop_others(struct publisher *publisher)
{
	size_t i, count = pages_count(publisher->pages) + 1, forms = 0;
	const char **names;
	char *packed;
	enum status status;

	while (precompress_forms[forms].extension != NULL)
		forms++;
	names = calloc(count * (forms + 1) + 1, sizeof *names);
	packed = calloc(count * forms + 1, PAGE_NAME_SIZE + 8);
	if (names == NULL || packed == NULL)
		buffer_fail();
	for (i = 0; i < count; i++)
		names[i] = name_of(publisher, i);
	for (i = 0; i < count * forms && publisher->is_precompressed; i++) {
		snprintf(packed + i * (PAGE_NAME_SIZE + 8), PAGE_NAME_SIZE + 8, "%s%s",
		    names[i % count], precompress_forms[i / count].extension);
		names[count + i] = packed + i * (PAGE_NAME_SIZE + 8);
	}
	status = manifest_drop_others(publisher->manifest, names);
	free(packed);
	free(names);
	return status;
}

struct removal {
	struct publisher		*publisher;
	const struct publish_request	*request;
	struct publish_report		*report;
	enum status			 status;
};

static enum status
remove_file(void *handle, const char *path)
{
	struct removal *removal = handle;

	enum status status = ST_OK;

	if (!site_path_valid(path))
		return ST_OK;		/* from a damaged manifest: no page was ever there */
	removal->report->removed++;
	if (removal->request->changing != NULL)
		removal->request->changing(removal->request->handle, path, PUBLISH_REMOVED);
	if (!removal->request->is_dry)
		status = site_remove(removal->publisher->site, path);
	if (status != ST_OK && removal->status == ST_OK)
		removal->status = publisher_fail(removal->publisher, status, "%s",
		    site_why(removal->publisher->site));
	return status;
}

/* Take away what is gone; the manifest knows it as gone until it is. */
static enum status
remove_gone(struct publisher *publisher, const struct plan *plan, struct publish_report *report)
{
	struct removal removal = { .publisher = publisher, .request = plan->request,
	    .report = report };
	size_t i;
	enum status status = ST_OK;

	for (i = 0; i <= plan->n_pages && status == ST_OK; i++)
		if (plan->full[i])
			status = drop_unseen(publisher, i);
	if (status == ST_OK && plan->is_resourced)
		status = drop_others(publisher);
	if (status == ST_OK && manifest_has_gone(publisher->manifest)) {
		if (!plan->request->is_dry)
			status = manifest_keep(publisher->manifest);
		if (status == ST_OK)
			status = manifest_gone(publisher->manifest, remove_file, &removal);
	}
	return status == ST_OK || removal.status != ST_OK ? status
	    : publisher_fail_manifest(publisher, status);
}

/* ---- one publish ---- */

static enum status
put_text(void *handle, const char *file, const char *language, const char *text)
{
	return handle == NULL ? ST_OK : manifest_text_put(handle, file, language, text);
}

/* What the templates say in the languages that were asked for, while nobody touches them. */
static enum status
note_texts(struct publisher *publisher, const struct plan *plan)
{
	static const uint8_t none[MANIFEST_HASH_BYTES];
	const uint8_t *stamp = pages_stamp(publisher->pages);
	enum status status = ST_OK;

	if (memcmp(plan->state.stamp, stamp, sizeof plan->state.stamp) != 0)
		status = manifest_text_forget(publisher->manifest);
	if (status == ST_OK)
		status = pages_texts(publisher->pages, put_text,
		    memcmp(stamp, none, sizeof none) == 0 ? NULL : publisher->manifest);
	return status;
}

/* Note in the manifest how far we came, and that all of it was done. */
static enum status
end(struct publisher *publisher, const struct plan *plan)
{
	struct manifest_state state = { .since = plan->log.change, .event = plan->log.event,
	.then = plan->clock.now,
	    .is_packed = publisher->is_precompressed };
	enum status status = note_sources(publisher, plan, true);

	if (status == ST_OK)
		status = note_texts(publisher, plan);
	memcpy(state.origin, publisher->origin, sizeof state.origin);
	memcpy(state.stamp, pages_stamp(publisher->pages), sizeof state.stamp);
	if (status == ST_OK)
		status = manifest_commit(publisher->manifest, &state);
	publisher->is_settled |= status == ST_OK;
	return status == ST_OK ? ST_OK : publisher_fail_manifest(publisher, status);
}

/*
 * Is there nothing to do, and nothing to note? That the clock moved, past nothing that any page
 * waits for, need not be.
 */
static bool
is_idle(struct publisher *publisher, const struct plan *plan)
{
	size_t i;

	if (plan->has_full || plan->is_resourced || plan->log.change != plan->state.since ||
	    plan->log.event != plan->state.event || pages_has_changed(publisher->pages) ||
	    manifest_has_gone(publisher->manifest) ||
	    memcmp(plan->state.stamp, pages_stamp(publisher->pages), sizeof plan->state.stamp) != 0)
		return false;
	for (i = 0; i < plan->n_pages; i++)
		if (plan->keys[i].count > 0)
			return false;
	return true;
}

/* Is it more than one hand does? */
static bool
is_large(const struct plan *plan)
{
	size_t i, keys = 0;

	for (i = 0; i < plan->n_pages; i++)
		keys += plan->keys[i].count;
	return keys >= HAND_KEYS;
}

/* Do what the plan says. */
static enum status
carry_out(struct publisher *publisher, const struct plan *plan, struct publish_report *report)
{
	enum status status;

	if (is_idle(publisher, plan)) {
		publisher->is_settled = true;
		return ST_OK;
	}
	status = begin(publisher, plan);
	report->is_full |= plan->is_full;
	if (is_large(plan))
		pages_forget_texts(publisher->pages);
	if (status == ST_OK)
		status = publish_work(publisher, plan, report);
	if (status == ST_OK)
		status = remove_gone(publisher, plan, report);
	if (status == ST_OK && !plan->request->is_dry)
		status = end(publisher, plan);
	manifest_rollback(publisher->manifest);		/* of what did not come to its end */
	return status;
}

/*
 * Pages that were made ready in other languages than club and groups have now are made ready again.
 */
static enum status
follow_languages(struct publisher *publisher)
{
	return pages_is_current(publisher->pages) ? ST_OK : publisher_reload(publisher);
}

/* Everything between taking the site and letting go of it: again while facts changed meanwhile. */
static enum status
publish_locked(struct publisher *publisher, const struct publish_request *request,
    struct publish_report *report)
{
	struct publish_request again = *request;
	struct plan plan;
	struct page_log log = { 0 };
	int round;
	enum status status;

	for (round = 0; round < ROUNDS_MAX; round++) {
		status = follow_languages(publisher);
		if (status != ST_OK)
			return status;
		status = make_plan(publisher, &again, &plan);
		if (status == ST_OK)
			status = carry_out(publisher, &plan, report);
		plan_clear(&plan);
		if (status != ST_OK || request->is_dry)
			return status;
		if (pages_log(publisher->pages, &log) != ST_OK ||
		    (log.change == plan.log.change && log.event == plan.log.event))
			break;
		again.is_full = false;
	}
	return ST_OK;
}

/* The manifest turned out to be damaged: begin with another one, and build everything. */
static enum status
publish_anew(struct publisher *publisher, const struct publish_request *request,
    struct publish_report *report)
{
	struct held *held = &publisher->held[HELD_MANIFEST];
	char path[4096];
	enum status status;

	snprintf(path, sizeof path, "%s", held->path);
	manifest_close(publisher->manifest);
	status = manifest_renew(path, &publisher->manifest);
	if (status != ST_OK)
		return fail_opening(publisher, status, path);
	free(held->path);
	hold(held, path, "");
	*report = (struct publish_report){ 0 };
	return publish_locked(publisher, request, report);
}

enum status
publish(struct publisher *publisher, const struct publish_request *request,
    struct publish_report *report)
{
	int64_t start = clock_ms();
	enum status status = site_lock(publisher->site, PUBLISH_WAIT_MS);

	*report = (struct publish_report){ 0 };
	if (status != ST_OK)
		return publisher_fail(publisher, status, "%s", site_why(publisher->site));
	status = publish_locked(publisher, request, report);
	if (status != ST_OK && !request->is_dry && manifest_is_damaged(publisher->manifest))
		status = publish_anew(publisher, request, report);
	site_unlock(publisher->site);
	report->ms = clock_ms() - start;
	return status;
}

void
publisher_warm(struct publisher *publisher)
{
	pages_prepare(publisher->pages, "count");
	manifest_prepare(publisher->manifest);
}

void
publish_summary(const struct publish_report *report, char *text, size_t size)
{
	snprintf(text, size, "%lld pages, %lld images, %lld changed, %lld removed, %lld ms",
	    (long long)(report->pages - report->images), (long long)report->images,
	    (long long)report->changed, (long long)report->removed, (long long)report->ms);
}
