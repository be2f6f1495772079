// SPDX-License-Identifier: ISC
/*
 * cmd_watch.c: publish again whenever the database or a template changes, or the clock demands it.
 *
 * The kernel reports writes to the database, whoever makes them: turnoutd, the command line,
 * sqlite3. While a transaction is being written, its journal is not empty; we then wait for the
 * next event, so that reading never holds up a writer half-way. A publish that fails is reported
 * and tried again. A site or database that was deleted or replaced is opened again, and a replaced
 * folder is watched again. With --serve, a turnoutd shows the pages meanwhile (reload.h); with
 * --to, this process also passes on what was published (deliver.h), without delaying the rest. Nor
 * does it wait for whoever reads what it says.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/patience.h"
#include "gen/clock.h"
#include "gen/command.h"
#include "gen/deliver.h"
#include "gen/publish.h"
#include "gen/reload.h"

#define WATCH_REST_MS	50		/* between publishes: one covers many check-ins */
/* how long we wait for a journal to empty before we publish all the same */
#define WATCH_JOURNAL_MS 200
#define WATCH_CLOCK_MS	30000	/* the clock is read this often: it may have been set */
/* wait after a failure, doubled up to WATCH_CLOCK_MS; how often a lost folder is sought */
#define WATCH_RETRY_MS	1000
#define WATCH_SETTLE_MS	1000		/* how long we wait for templates that keep changing */

/* The state of a watch. */
struct watch {
	struct call		*call;
	struct publisher	*publisher;
	struct deliver		*deliver;
	struct reload		*reload;	/* NULL without --serve */
	const char		*database;	/* the name of its file, without the folder */
	char			 folder[4096];	/* the database's folder */
	char			 journal[4096];
	int			 notify;	/* inotify */
	int			 signals;	/* signalfd */
	int			 database_watch;
	bool			 is_changed;	/* facts may have changed since the last publish */
	bool			 is_template;	/* a template may have changed */
	bool			 is_lost;	/* a folder is gone or was replaced */
	bool			 is_stopped;
	enum status		 status;	/* why the watch stopped */
};

/*
 * Watch the folder of the database and those of the templates, whatever folders have these names
 * now. Sets is_lost, with errno, when one is missing. For the database the end of a commit, which
 * closes the journal, is event enough: a commit makes hundreds of writes, and each event would wake
 * us and hold up the writer.
 */
static void
add_watches(struct watch *watch)
{
	static const char *const parts[] = { "", "/pages", "/partials", "/assets", "/messages" };
	const uint32_t ends = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF |
	    IN_MOVE_SELF, events = ends | IN_MODIFY | IN_CREATE;
	char folder[4096];
	size_t i;

	watch->database_watch = inotify_add_watch(watch->notify, watch->folder, ends);
	watch->is_lost = watch->database_watch < 0;
	for (i = 0; i < sizeof parts / sizeof parts[0] && !watch->is_lost; i++) {
		snprintf(folder, sizeof folder, "%s%s", watch->call->templates, parts[i]);
		if (inotify_add_watch(watch->notify, folder, events) < 0)
			/* when a missing part appears, its parent folder reports it */
			watch->is_lost = i == 0 || errno != ENOENT;
	}
}

static enum status
watch_folders(struct watch *watch)
{
	const char *path = watch->call->database, *slash = strrchr(path, '/');

	watch->database = slash == NULL ? path : slash + 1;
	snprintf(watch->journal, sizeof watch->journal, "%s-journal", path);
	snprintf(watch->folder, sizeof watch->folder, "%.*s",
	    slash == NULL || slash == path ? 1 : (int)(slash - path),
	    slash == NULL ? "." : path);
	watch->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	watch->is_lost = watch->notify < 0;
	if (!watch->is_lost)
		add_watches(watch);
	return !watch->is_lost ? ST_OK
	    : call_fail(watch->call, ST_FAULT,
	    "%s or %s cannot be watched: %s. Nothing is published. Is "
	    "fs.inotify.max_user_watches used up?", watch->folder, watch->call->templates,
	    strerror(errno));
}

static enum status
watch_signals(struct watch *watch)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
		watch->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return watch->signals >= 0 ? ST_OK
	    : call_fail(watch->call, ST_FAULT, "Signals cannot be taken: %s.", strerror(errno));
}

/* Is the event about the database or its journal, and not about some other file? */
static bool
is_database(const struct watch *watch, const struct inotify_event *event)
{
	size_t length = strlen(watch->database);

	return event->len > 0 && strncmp(event->name, watch->database, length) == 0
	    && (event->name[length] == '\0' || strcmp(event->name + length, "-journal") == 0);
}

/* Take in all events that the kernel has for us. */
static void
read_events(struct watch *watch)
{
	char block[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	ssize_t length, at;

	while ((length = read(watch->notify, block, sizeof block)) > 0)
		for (at = 0; at < length; at += (ssize_t)(sizeof *event + event->len)) {
			event = (const struct inotify_event *)(const void *)(block + at);
			if ((event->mask & IN_Q_OVERFLOW) != 0)
				watch->is_changed = watch->is_template = true;
			else if (event->wd != watch->database_watch)
				watch->is_template |= (event->mask & IN_IGNORED) == 0;
			else if ((event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) != 0)
				watch->is_lost = watch->is_changed = true;
			else if (is_database(watch, event))
				watch->is_changed = true;
		}
}

/* Go on passing files to the target of --to, as far as that is due. */
static void
hand_over(struct watch *watch)
{
	switch (deliver_step(watch->deliver)) {
	case DELIVER_NOTHING:
	case DELIVER_TAKEN:
		break;
	case DELIVER_MENDED:
		call_tell(watch->call, "%s", deliver_why(watch->deliver));
		break;
	case DELIVER_FAILED:
		call_fail(watch->call, ST_FAULT,
		    "Handing over to %s failed: %s It will be tried again in %lld s.",
		    deliver_label(watch->deliver), deliver_why(watch->deliver),
		    (long long)deliver_retry_s(watch->deliver));
		break;
	}
}

/*
 * Wait up to `wait_ms` for something to happen; is_changed, is_template and is_stopped tell what
 * did. While `is_resting`, changed files are left for later.
 */
static void
wait_for(struct watch *watch, int64_t wait_ms, bool is_resting)
{
	struct pollfd files[4] = { { .fd = is_resting ? -1 : watch->notify, .events = POLLIN },
	{ .fd = watch->signals, .events = POLLIN },
	    { .fd = reload_file(watch->reload), .events = POLLIN },
	    { .fd = deliver_file(watch->deliver), .events = POLLIN } };
	int64_t deliver_ms = deliver_wait_ms(watch->deliver);

	if (deliver_ms >= 0 && deliver_ms < wait_ms)
		wait_ms = deliver_ms;
	if (poll(files, 4, wait_ms < 0 ? 0 : (int)wait_ms) > 0) {
		if (files[0].revents != 0)
			read_events(watch);
		if (files[1].revents != 0) {
			watch->is_stopped = true;
		} else if (files[2].revents != 0) {
			reload_ended(watch->reload);
			watch->is_stopped = true;
			watch->status = ST_FAULT;
		}
	}
	if (!watch->is_stopped)
		hand_over(watch);
}

/* Let a transaction that is being written end: its journal is then empty or gone. */
static void
wait_for_commit(struct watch *watch)
{
	int64_t until = clock_ms() + WATCH_JOURNAL_MS;
	struct stat info;

	while (!watch->is_stopped && stat(watch->journal, &info) == 0 && info.st_size > 0 &&
	    clock_ms() < until)
		wait_for(watch, until - clock_ms(), false);
}

/* Let a checkout, or an editor that saves in steps, finish: wait until templates stay unchanged. */
static void
wait_for_templates(struct watch *watch)
{
	int64_t limit = clock_ms() + WATCH_SETTLE_MS, quiet = clock_ms() + WATCH_REST_MS;
	const bool is_template = watch->is_template;

	while (is_template && !watch->is_stopped && clock_ms() < quiet && clock_ms() < limit) {
		watch->is_template = false;
		wait_for(watch, quiet - clock_ms(), false);
		if (watch->is_template)
			quiet = clock_ms() + WATCH_REST_MS;
	}
	watch->is_template = is_template;
}

/* Watch folders again that may have been replaced; those that return may hold other templates. */
static void
renew_watches(struct watch *watch)
{
	bool was_lost = watch->is_lost;

	if (!was_lost && !watch->is_template)
		return;
	add_watches(watch);
	watch->is_template |= was_lost && !watch->is_lost;
}

/* Open all again if site or database was deleted or replaced. False: that is not possible yet. */
static bool
renew(struct watch *watch)
{
	struct call *call = watch->call;

	if (watch->publisher != NULL && publisher_is_current(watch->publisher))
		return true;
	publisher_close(watch->publisher);
	if (publisher_open(call->database, &call->store, call->templates, call->site,
	    &watch->publisher) == ST_OK) {
		publisher_precompress(watch->publisher, call_has(call, OPTION_PRECOMPRESS));
		watch->is_template = false;
		reload_templates(watch->reload, NULL);
		return true;
	}
	call_fail(call, ST_FAULT, "%s It will be tried again.", publisher_why(watch->publisher));
	reload_published(watch->reload, false, publisher_why(watch->publisher));
	publisher_close(watch->publisher);
	watch->publisher = NULL;
	return false;
}

/* Read the templates again. What is wrong with them is told here and on open pages. */
static void
read_templates(struct watch *watch)
{
	bool is_read = publisher_reload(watch->publisher) == ST_OK;

	if (!is_read)
		call_fail(watch->call, ST_REFUSED, "%s The old templates stay in use.",
		    publisher_why(watch->publisher));
	reload_templates(watch->reload, is_read ? NULL : publisher_why(watch->publisher));
}

/* Publish, and say so if anything changed. False when it must be tried again. */
static bool
publish_once(struct watch *watch)
{
	struct publish_request request = { .now = call_clock(watch->call), .handle = watch->deliver,
	    .changing = deliver_note };
	struct publish_report report;
	char summary[160];
	enum status status, noted;

	renew_watches(watch);
	if (!renew(watch)) {
		/* the next try opens everything, and so sees all changes */
		watch->is_changed = watch->is_template = false;
		return false;
	}
	if (watch->is_template)
		read_templates(watch);
	watch->is_changed = watch->is_template = false;
	deliver_begin(watch->deliver);
	status = publish(watch->publisher, &request, &report);
	noted = deliver_end(watch->deliver);
	if (noted != ST_OK && !call_has(watch->call, OPTION_TO))
		call_fail(watch->call, noted, "%s", deliver_why(watch->deliver));
	if (status != ST_OK) {
		call_fail(watch->call, ST_FAULT, "%s It will be tried again.",
		    publisher_why(watch->publisher));
		reload_published(watch->reload, false, publisher_why(watch->publisher));
		return false;
	}
	reload_published(watch->reload, report.changed > 0 || report.removed > 0, NULL);
	if (report.changed > 0 || report.removed > 0) {
		publish_summary(&report, summary, sizeof summary);
		call_tell(watch->call, "published: %s", summary);
	}
	return true;
}

/* Milliseconds until the clock next changes a page, or until we look again, if that is earlier. */
static int64_t
until_next(struct watch *watch)
{
	struct timespec now;
	int64_t next, wait;

	if (watch->is_lost)
		return WATCH_RETRY_MS;
	if (watch->call->is_fixed ||
	    publisher_next(watch->publisher, call_clock(watch->call), &next) != ST_OK)
		return WATCH_CLOCK_MS;
	clock_gettime(CLOCK_REALTIME, &now);
	if (next - now.tv_sec > WATCH_CLOCK_MS / 1000)
		return WATCH_CLOCK_MS;
	wait = (next - now.tv_sec) * 1000 - now.tv_nsec / 1000000 + 1;
	return wait < 0 ? 0 : wait;
}

static void
run(struct watch *watch)
{
	int64_t due = 0, retry_ms = WATCH_RETRY_MS, rested;

	watch->is_changed = true;
	while (!watch->is_stopped) {
		if (watch->is_changed || watch->is_template || clock_ms() >= due) {
			wait_for_templates(watch);
			wait_for_commit(watch);
			if (watch->is_stopped)
				break;
			if (publish_once(watch)) {
				publisher_warm(watch->publisher);
				retry_ms = WATCH_RETRY_MS;
				due = clock_ms() + until_next(watch);
			} else {
				due = clock_ms() + retry_ms;
				retry_ms = retry_ms * 2 > WATCH_CLOCK_MS ? WATCH_CLOCK_MS
				    : retry_ms * 2;
			}
			rested = clock_ms() + WATCH_REST_MS;
			while (!watch->is_stopped && clock_ms() < rested)
				wait_for(watch, rested - clock_ms(), true);
			continue;
		}
		wait_for(watch, due - clock_ms(), false);
	}
}

enum status
command_watch(struct call *call)
{
	struct watch watch = { .call = call, .notify = -1, .signals = -1 };
	struct patience patience = { 0 };
	enum status status;

	if (call_has(call, OPTION_LISTEN) && !call_has(call, OPTION_SERVE))
		return call_fail(call, ST_USAGE,
		    "--listen is for --serve. Nothing was started. Add --serve.");
	status = publisher_open(call->database, &call->store, call->templates, call->site,
	    &watch.publisher);
	if (status == ST_OK)
		publisher_precompress(watch.publisher, call_has(call, OPTION_PRECOMPRESS));
	if (status != ST_OK)
		call_fail(call, status, "%s", publisher_why(watch.publisher));
	if (status == ST_OK &&
	    (status = deliver_open(call->site, call_value(call, OPTION_TO), &deliver_pace,
	    &watch.deliver)) != ST_OK)
		call_fail(call, status, "%s", deliver_why(watch.deliver));
	if (status == ST_OK && call_has(call, OPTION_SERVE))
		status = reload_start(call, &watch.reload);
	if (status == ST_OK)
		status = watch_signals(&watch);
	if (status == ST_OK)
		status = watch_folders(&watch);
	if (status == ST_OK) {
		call->patience = &patience;
		run(&watch);
		call->patience = NULL;
		status = watch.status;
	}
	deliver_close(watch.deliver);
	reload_stop(watch.reload);
	if (watch.notify >= 0)
		close(watch.notify);
	if (watch.signals >= 0)
		close(watch.signals);
	publisher_close(watch.publisher);
	return status;
}
