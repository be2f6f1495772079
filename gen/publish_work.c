// SPDX-License-Identifier: ISC
/*
 * publish_work.c: from keys to files, by one hand or several.
 *
 * A hand takes a batch of keys, renders them into memory within one short reading transaction,
 * tells the manifest where they are, and only then writes the files that differ: nobody who checks
 * in waits for a disk, and no file exists that the manifest does not know. The first hand is the
 * publisher's own; others are threads with a connection of their own.
 */
#include "gen/publish_inside.h"

#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen/clock.h"
#include "gen/file.h"
#include "gen/precompress.h"

#define BATCH_KEYS	256		/* keys a hand takes at once, */
#define BATCH_BYTES	(512 << 10)	/* fewer where their pages are large, */
#define FIRST_KEYS	2		/* and few while nobody knows how large */
#define READ_MS		20		/* hands may read in turn without a pause */
#define HANDS_MAX	4

/* Some keys of one page. */
struct slice {
	size_t	page;
	size_t	from, count;
};

/* One file to be, or a key that is gone. Texts and content lie in the hand's buffers. */
struct output {
	/* offsets in texts: the page's name in the manifest; path 0: gone */
	size_t			 page, key, path;
	size_t			 data, length;	/* in data */
	/* path of the file that it is packed from, 0: it is none of these */
	size_t			 from;
	bool			 is_kept;	/* as it is: only the manifest is told */
	bool			 is_new;	/* the manifest did not know it */
};

struct work {
	struct publisher	*publisher;
	const struct plan	*plan;
	struct publish_report	*report;
	/* over all below, the manifest, the report and the request's callback */
	pthread_mutex_t		 lock;
	size_t			 page, at;	/* the next key to be taken */
	size_t			*largest;	/* by page, in bytes; 0: none was made yet */
	enum status		 status;
	pthread_cond_t		 read;		/* somebody stopped reading */
	int			 readers;	/* hands that read now */
	int64_t			 since_ms;	/* without a pause */
	bool			 is_pausing;	/* nobody begins until all have stopped */
};

/* One hand at work. */
struct hand {
	struct work		*work;
	struct store		*store;
	struct pages		*pages;
	struct site		*site;
	struct slice		*slices;
	size_t			 n_slices, slice_largest;
	size_t			 passed;	/* pages before this one are behind it */
	struct output		*outputs;
	size_t			 n_outputs, capacity;
	struct buffer		 texts, data, packed;
	pthread_t		 thread;
	char			 why[1600];
};

/* ---- what is to be done ---- */

/* Say why, once; every hand stops at its next batch. */
static void
stop(struct hand *hand, enum status status)
{
	struct work *work = hand->work;

	pthread_mutex_lock(&work->lock);
	if (work->status == ST_OK) {
		work->status = status;
		publisher_fail(work->publisher, status, "%s", hand->why);
	}
	pthread_mutex_unlock(&work->lock);
}

static enum status
fail(struct hand *hand, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum status
fail(struct hand *hand, enum status status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(hand->why, sizeof hand->why, format, arguments);
	va_end(arguments);
	return status;
}

/*
 * How many more keys of the next page fit into a batch of which `bytes` are taken, at least one
 * when it is empty.
 */
static size_t
count_fitting(const struct work *work, size_t bytes)
{
	size_t largest = work->largest[work->page];
	size_t fitting = largest == 0 ? FIRST_KEYS : bytes >= BATCH_BYTES ? 0
	    : (BATCH_BYTES - bytes) / largest;

	return fitting == 0 && bytes == 0 ? 1 : fitting;
}

/* Take slices of at most BATCH_KEYS keys in all; false when there is nothing left to do. */
static bool
take_slices(struct hand *hand)
{
	struct work *work = hand->work;
	size_t left = BATCH_KEYS, bytes = 0, count, fitting;

	hand->n_slices = 0;
	pthread_mutex_lock(&work->lock);
	while (work->status == ST_OK && left > 0 && work->page < work->plan->n_pages) {
		count = work->plan->keys[work->page].count - work->at;
		if (count > left)
			count = left;
		fitting = count_fitting(work, bytes);
		if (count > 0 && fitting == 0)
			break;
		if (count > fitting)
			count = left = fitting;
		bytes += count * work->largest[work->page];
		if (count > 0)
			hand->slices[hand->n_slices++] = (struct slice){ .page = work->page,
			    .from = work->at, .count = count };
		left -= count;
		work->at += count;
		if (work->at == work->plan->keys[work->page].count) {
			work->page++;
			work->at = 0;
		}
	}
	pthread_mutex_unlock(&work->lock);
	return hand->n_slices > 0;
}

/* ---- into memory ---- */

static size_t
keep_text(struct hand *hand, const char *text)
{
	size_t at = hand->texts.length;

	buffer_append(&hand->texts, text, strlen(text) + 1);
	return at;
}

static struct output *
add_output(struct hand *hand, const char *page, const char *key)
{
	struct output *output;

	if (hand->n_outputs == hand->capacity) {
		hand->capacity = hand->capacity == 0 ? BATCH_KEYS : hand->capacity * 2;
		hand->outputs = reallocarray(hand->outputs, hand->capacity, sizeof *hand->outputs);
		if (hand->outputs == NULL)
			buffer_fail();
	}
	output = &hand->outputs[hand->n_outputs++];
	*output = (struct output){ .page = keep_text(hand, page), .key = keep_text(hand, key) };
	return output;
}

/* A file of what stands in the hand's data from `at` on. */
static struct output *
add_file(struct hand *hand, const char *page, const char *key, const char *path, size_t at)
{
	struct output *output = add_output(hand, page, key);

	output->path = keep_text(hand, path);
	output->data = at;
	output->length = hand->data.length - at;
	return output;
}

/*
 * The packed forms beside a text file, the one in the hand's data from `at` on: made anew where the
 * file changes, and where they are missing or of another content.
 */
static enum status
add_packed(struct hand *hand, const char *page, const char *key, const char *path, size_t at)
{
	const size_t length = hand->data.length - at;
	const struct precompress_form *form;
	struct output *output;
	enum site_change change;
	char name[PAGE_NAME_SIZE + 8], beside[PAGE_PATH_SIZE + 8];
	size_t packed;
	enum status status;

	if (!hand->work->publisher->is_precompressed || !precompress_is_for(path))
		return ST_OK;
	status = site_look(hand->site, path, hand->data.data + at, length, &change);
	for (form = precompress_forms; form->extension != NULL && status == ST_OK; form++) {
		snprintf(name, sizeof name, "%s%s", page, form->extension);
		snprintf(beside, sizeof beside, "%s%s", path, form->extension);
		if (change == SITE_SAME && site_has_beside(hand->site, beside)) {
			output = add_output(hand, name, key);
			output->path = keep_text(hand, beside);
			output->is_kept = true;
			continue;
		}
		hand->packed.length = 0;
		if (!form->pack(hand->data.data + at, length, &hand->packed))
			return fail(hand, ST_FAULT, "%s could not be packed. Is there memory left?",
			    path);
		packed = hand->data.length;
		buffer_append(&hand->data, hand->packed.data, hand->packed.length);
		output = add_file(hand, name, key, beside, packed);
		output->from = keep_text(hand, path);
	}
	return status == ST_OK ? ST_OK : fail(hand, status, "%s", site_why(hand->site));
}

static enum status
take_page(void *handle, const struct page *page, const char *key, const char *path,
    size_t at)
{
	struct hand *hand = handle;
	const size_t length = hand->data.length - at;

	if (!site_path_valid(path))
		return fail(hand, ST_REFUSED, "“%s” is not a path for a page.", path);
	if (length > hand->slice_largest)
		hand->slice_largest = length;
	add_file(hand, page->name, key, path, at);
	return add_packed(hand, page->name, key, path, at);
}

static enum status
take_missing(void *handle, const struct page *page, const char *key)
{
	const struct precompress_form *form;
	struct hand *hand = handle;
	char name[PAGE_NAME_SIZE + 8];

	add_output(hand, page->name, key);
	for (form = precompress_forms;
	    form->extension != NULL && hand->work->publisher->is_precompressed; form++) {
		snprintf(name, sizeof name, "%s%s", page->name, form->extension);
		add_output(hand, name, key);
	}
	return ST_OK;
}

static void
note_largest(struct hand *hand, size_t page)
{
	struct work *work = hand->work;

	pthread_mutex_lock(&work->lock);
	if (hand->slice_largest >= work->largest[page])
		work->largest[page] = hand->slice_largest + 1;
	pthread_mutex_unlock(&work->lock);
}

/* A build of everything comes by each page once: the statements of those behind the hand go. */
static void
rest_passed(struct hand *hand)
{
	for (; hand->passed < hand->slices[0].page; hand->passed++)
		page_rest(hand->pages, pages_at(hand->pages, hand->passed));
}

static enum status
render_slices(struct hand *hand)
{
	struct page_taker taker = { .handle = hand, .content = &hand->data, .page = take_page };
	const struct plan *plan = hand->work->plan;
	enum status status = pages_begin(hand->pages, &plan->clock);
	size_t i;

	hand->why[0] = '\0';
	if (plan->is_full)
		rest_passed(hand);
	for (i = 0; i < hand->n_slices && status == ST_OK; i++) {
		const struct slice *slice = &hand->slices[i];

		/* of a full one what is not seen is gone */
		taker.missing = plan->full[slice->page] ? NULL : take_missing;
		hand->slice_largest = 0;
		status = page_render(hand->pages, pages_at(hand->pages, slice->page),
		    plan->keys[slice->page].keys + slice->from,
		    slice->count, &taker);
		note_largest(hand, slice->page);
	}
	pages_end(hand->pages);
	if (status == ST_OK || hand->why[0] != '\0')
		return status;
	return fail(hand, status, "%s", pages_why(hand->pages));
}

/*
 * Begin to read. Within one process SQLite lets a reader in beside another without looking whether
 * a writer waits, and hands in turn would shut the writer out: where there is one, nobody begins
 * after READ_MS before all have stopped.
 */
static void
enter_reading(struct work *work, struct driver *driver)
{
	pthread_mutex_lock(&work->lock);
	while (work->is_pausing)
		pthread_cond_wait(&work->read, &work->lock);
	if (work->readers > 0 && clock_ms() - work->since_ms > READ_MS &&
	    driver_has_writer(driver)) {
		work->is_pausing = true;
		while (work->readers > 0)
			pthread_cond_wait(&work->read, &work->lock);
		work->is_pausing = false;
		pthread_cond_broadcast(&work->read);
	}
	if (work->readers == 0)
		work->since_ms = clock_ms();
	work->readers++;
	pthread_mutex_unlock(&work->lock);
}

static void
leave_reading(struct work *work)
{
	pthread_mutex_lock(&work->lock);
	work->readers--;
	pthread_cond_broadcast(&work->read);
	pthread_mutex_unlock(&work->lock);
}

static enum status
render_batch(struct hand *hand)
{
	struct driver *driver = store_driver(hand->store);
	enum status status;

	enter_reading(hand->work, driver);
	status = driver_begin_read(driver);
	if (status == ST_OK) {
		status = render_slices(hand);
		driver_end_read(driver);
	} else {
		fail(hand, status, "%s", driver_why(driver));
	}
	leave_reading(hand->work);
	return status;
}

/* ---- into the site ---- */

static enum status
tell_manifest(struct hand *hand)
{
	struct publisher *publisher = hand->work->publisher;
	struct manifest *manifest = publisher->manifest;
	bool has_new = false;
	enum status status = ST_OK;
	size_t i;

	for (i = 0; i < hand->n_outputs && status == ST_OK; i++) {
		struct output *output = &hand->outputs[i];
		const char *texts = hand->texts.data;

		if (output->path == 0) {
			status = manifest_drop(manifest, texts + output->page, texts + output->key);
			continue;
		}
		status = manifest_put(manifest, texts + output->page, texts + output->key,
		    texts + output->path, &output->is_new);
		has_new |= output->is_new;
	}
	if (status == ST_OK && has_new && !hand->work->plan->request->is_dry)
		status = manifest_keep(manifest);
	if (status == ST_EXISTS)
		return fail(hand, ST_REFUSED, "%s", manifest_why(manifest));
	if (status == ST_OK)
		return ST_OK;
	publisher_fail_manifest(publisher, status);
	return fail(hand, status, "%s", publisher_why(publisher));
}

/* Report one file, and say so to who asked before anything happens to it. */
static void
report_file(struct work *work, const char *path, enum site_change change)
{
	static const enum publish_change changes[] = { [SITE_ADDED] = PUBLISH_ADDED,
	    [SITE_CHANGED] = PUBLISH_CHANGED };
	const struct publish_request *request = work->plan->request;
	size_t length = strlen(path);

	pthread_mutex_lock(&work->lock);
	work->report->pages++;
	work->report->images += length > 4 && strcmp(path + length - 4, ".png") == 0;
	work->report->changed += change != SITE_SAME;
	if (change != SITE_SAME && request->changing != NULL)
		request->changing(request->handle, path, changes[change]);
	pthread_mutex_unlock(&work->lock);
}

static enum status
write_output(struct hand *hand, const struct output *output)
{
	const char *path = hand->texts.data + output->path, *data = hand->data.data + output->data;
	const bool is_dry = hand->work->plan->request->is_dry;
	enum site_change change;
	enum status status = (output->is_new && !is_dry ? site_look_new : site_look)(hand->site,
	    path, data, output->length, &change);

	if (output->from != 0 && change == SITE_SAME)
		change = SITE_CHANGED;		/* its time at least */
	if (status == ST_OK)
		report_file(hand->work, path, change);
	if (status == ST_OK && change != SITE_SAME && !is_dry)
		status = output->from == 0 ? site_put(hand->site, data, output->length)
		    : site_put_beside(hand->site, hand->texts.data + output->from, data,
		        output->length);
	return status == ST_OK ? ST_OK : fail(hand, status, "%s", site_why(hand->site));
}

/* What is in memory goes to manifest and site. */
static enum status
write_batch(struct hand *hand)
{
	enum status status;
	size_t i;

	pthread_mutex_lock(&hand->work->lock);
	status = hand->work->status == ST_OK ? tell_manifest(hand) : hand->work->status;
	pthread_mutex_unlock(&hand->work->lock);
	for (i = 0; i < hand->n_outputs && status == ST_OK; i++)
		if (hand->outputs[i].path != 0 && !hand->outputs[i].is_kept)
			status = write_output(hand, &hand->outputs[i]);
	return status;
}

static void
clear_batch(struct hand *hand)
{
	hand->n_outputs = 0;
	hand->data.length = 0;
	if (hand->data.capacity > BATCH_BYTES)	/* a page was large, and the next one need not be */
		buffer_clear(&hand->data);
	hand->texts.length = 1;		/* offset 0 is no text */
}

static void
work_on(struct hand *hand)
{
	enum status status = ST_OK;

	buffer_append_byte(&hand->texts, '\0');
	while (status == ST_OK && take_slices(hand)) {
		clear_batch(hand);
		status = render_batch(hand);
		if (status == ST_OK)
			status = write_batch(hand);
	}
	if (status != ST_OK)
		stop(hand, status);
}

/* ---- assets ---- */

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/*
 * Files that are published as they are. The words are for turnoutd, which says its sentences in the
 * language of who asks.
 */
static const struct copied { const char *folder, *to, *key; bool is_packed; } copied[] = {
	{ "assets", "public/assets", "", true },
	{ "messages", "private/messages", "messages/", false },
};

/* One file of such a folder. */
static enum status
put_copy(struct hand *hand, const struct copied *of, const char *name)
{
	char from[8192], path[PAGE_PATH_SIZE], key[PAGE_KEY_SIZE];
	enum status status = ST_OK;

	snprintf(from, sizeof from, "%s/%s/%s", hand->work->publisher->templates, of->folder, name);
	snprintf(path, sizeof path, "%s/%s", of->to, name);
	snprintf(key, sizeof key, "%s%s", of->key, name);
	clear_batch(hand);
	if (file_read(from, &hand->data)) {
		add_file(hand, "assets", key, path, 0);
		if (of->is_packed)
			status = add_packed(hand, "assets", key, path, 0);
	} else {
		status = fail(hand, ST_FAULT, "%.1000s cannot be read: %s.", from, strerror(errno));
	}
	return status == ST_OK ? write_batch(hand) : status;
}

/* All files of such a folder; a site may have none. */
static enum status
put_copies(struct hand *hand, const struct copied *of)
{
	struct dirent **entries;
	char folder[4096];
	enum status status = ST_OK;
	int i, count;

	buffer_append_byte(&hand->texts, '\0');
	snprintf(folder, sizeof folder, "%s/%s", hand->work->publisher->templates, of->folder);
	count = scandir(folder, &entries, is_visible, alphasort);
	if (count < 0 && errno != ENOENT)
		status = fail(hand, ST_FAULT,
		    "%.1000s cannot be read: %s. Nothing there was published.", folder,
		    strerror(errno));
	for (i = 0; i < count; i++) {
		if (status == ST_OK)
			status = put_copy(hand, of, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return status;
}

static void
put_assets(struct hand *hand)
{
	enum status status = ST_OK;
	size_t i;

	for (i = 0; i < sizeof copied / sizeof copied[0] && status == ST_OK; i++)
		status = put_copies(hand, &copied[i]);
	if (status != ST_OK)
		stop(hand, status);
}

/* ---- hands ---- */

static void
hand_clear(struct hand *hand)
{
	free(hand->slices);
	free(hand->outputs);
	buffer_clear(&hand->texts);
	buffer_clear(&hand->data);
	buffer_clear(&hand->packed);
}

static void
hand_init(struct hand *hand, struct work *work)
{
	*hand = (struct hand){ .work = work,
	    .slices = calloc(work->plan->n_pages + 1, sizeof *hand->slices) };
	if (hand->slices == NULL)
		buffer_fail();
}

/* A connection, templates and a hand on the site of its own. */
static enum status
open_tools(struct hand *hand, int number)
{
	struct publisher *publisher = hand->work->publisher;
	struct pages_memory memory = { 0 };
	struct mustache_error why;
	size_t i;
	enum status status = store_open(publisher->held[HELD_DATABASE].path, STORE_READ,
	    &hand->store);

	if (status != ST_OK)
		return fail(hand, status, "%s", store_why(hand->store));
	pages_remember(publisher->pages, &memory);
	status = pages_load(store_driver(hand->store), publisher->templates, &memory, &hand->pages,
	    &why);
	pages_memory_clear(&memory);
	if (status != ST_OK)
		return fail(hand, status, "%s", why.text);
	for (i = 0; i < hand->work->plan->n_pages; i++) {
		if (pages_count(hand->pages) != hand->work->plan->n_pages
		    || memcmp(pages_at(hand->pages, i)->hash, pages_at(publisher->pages, i)->hash,
		    MANIFEST_HASH_BYTES) != 0)
			return fail(hand, ST_FAULT,
			    "The templates changed while the site was published. Publish again.");
		page_trust(pages_at(hand->pages, i));	/* what changed was checked for the plan */
	}
	status = site_hand(publisher->site, number, &hand->site);
	return status == ST_OK ? ST_OK : fail(hand, status, "%s", site_why(hand->site));
}

static void
close_tools(struct hand *hand)
{
	site_close(hand->site);
	pages_clear(hand->pages);
	store_close(hand->store);
}

struct start {
	struct hand	hand;
	int		number;
	bool		is_started;
};

/* A thread of its own. */
static void *
help(void *handle)
{
	struct start *start = handle;
	struct hand *hand = &start->hand;
	enum status status = open_tools(hand, start->number);

	if (status == ST_OK)
		work_on(hand);
	else
		stop(hand, status);
	close_tools(hand);
	return NULL;
}

/* How many hands pay. */
static int
count_hands(const struct work *work)
{
	size_t keys = 0, page;
	long cores;

	for (page = 0; page < work->plan->n_pages; page++)
		keys += work->plan->keys[page].count;
	if (work->publisher->is_rewound || keys < HAND_KEYS ||
	    (cores = sysconf(_SC_NPROCESSORS_ONLN)) < 1)
		return 1;
	if (cores > HANDS_MAX)
		cores = HANDS_MAX;
	return keys / HAND_KEYS < (size_t)cores ? (int)(keys / HAND_KEYS) + 1 : (int)cores;
}

enum status
publish_work(struct publisher *publisher, const struct plan *plan, struct publish_report *report)
{
	struct work work = { .publisher = publisher, .plan = plan, .report = report,
	.lock = PTHREAD_MUTEX_INITIALIZER,
		.read = PTHREAD_COND_INITIALIZER };
	struct start helpers[HANDS_MAX - 1] = { 0 };
	struct hand own;
	int i, count = count_hands(&work);

	work.largest = calloc(plan->n_pages + 1, sizeof *work.largest);
	if (work.largest == NULL)
		buffer_fail();
	mallopt(M_ARENA_MAX, 1);	/* hands use the memory that others are done with */
	/* What is large goes back when it is freed; else the first that does moves the bound up. */
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
	hand_init(&own, &work);
	own.store = publisher->store;
	own.pages = publisher->pages;
	own.site = publisher->site;
	for (i = 1; i < count; i++) {
		struct start *start = &helpers[i - 1];

		hand_init(&start->hand, &work);
		start->number = i;
		/* fewer hands do as well */
		start->is_started = pthread_create(&start->hand.thread, NULL, help, start) == 0;
	}
	if (plan->full[plan->n_pages])
		put_assets(&own);
	work_on(&own);
	for (i = 1; i < count; i++) {
		if (helpers[i - 1].is_started)
			pthread_join(helpers[i - 1].hand.thread, NULL);
		hand_clear(&helpers[i - 1].hand);
	}
	hand_clear(&own);
	free(work.largest);
	pthread_cond_destroy(&work.read);
	pthread_mutex_destroy(&work.lock);
	return work.status;
}
