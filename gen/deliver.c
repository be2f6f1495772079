// SPDX-License-Identifier: ISC
/*
 * deliver.c: see deliver.h.
 *
 * A hand-over takes the site for the moment in which it reads what is owed: no publish is at work
 * then, so every file that was noted has its new content, and a target that took the list has what
 * the list says. What rsync leaves behind of removed files, empty folders, is removed in further
 * runs, the deepest first; strangers keep theirs, as only empty ones go.
 */
#include "gen/deliver.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/outbox.h"
#include "gen/buffer.h"
#include "gen/clock.h"
#include "gen/file.h"
#include "gen/hook.h"
#include "gen/plain.h"
#include "gen/site.h"
#include "gen/target.h"

#define LABEL_SIZE	80
#define BUSY_MS		1000	/* until we look again whether another process has finished */
#define LINE_SIZE	300	/* of a hook's last line that we repeat */
/* some files, or folders of removed ones, went away: they are noted, or gone on both sides */
#define RSYNC_VANISHED	24
#define PUBLIC		"public/"

const struct deliver_pace deliver_pace = { .rest_ms = 5000, .retry_max_ms = 60000,
    .limit_ms = 600000 };

struct deliver {
	const char		*site;
	const char		*target;
	/* the target as the outbox knows it: folders by their whole path */
	char			 name[PATH_MAX];
	char			 label[LABEL_SIZE];	/* and as a message does */
	const struct deliver_pace *pace;
	struct outbox		*outbox;
	char			 path[PATH_MAX];	/* of it */
	dev_t			 device;
	ino_t			 inode;
	bool			 is_noting;		/* somebody wants to know */
	/* notes that could not be made: '+' or '-', path, NUL */
	struct buffer		 missed;

	/* The hand-over that runs. */
	int			 lock;			/* SITE/outbox.lock; -1: none runs */
	struct hook		*hook;
	enum target_kind	 kind;
	struct outbox_mark	 mark;
	struct buffer		 paths;	/* what is handed over, each with a NUL behind it */
	int64_t			 count;
	/* of the folders that are removed now, 0 while files go over */
	size_t			 depth;

	/* Its pace. */
	bool			 is_owing;
	int64_t			 due;			/* clock_ms of the next one */
	int64_t			 wait_ms;	/* after the last failure, 0 when there was none */
	char			 why[1600];
};

static enum status
fail(struct deliver *deliver, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum status
fail(struct deliver *deliver, enum status status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(deliver->why, sizeof deliver->why, format, arguments);
	va_end(arguments);
	return status;
}

const char *
deliver_why(const struct deliver *deliver)
{
	return deliver == NULL ? "There is no memory left." : deliver->why;
}

/* ---- open and close ---- */

/* Could there be such a target? Its name for the outbox. */
static enum status
check_target(struct deliver *deliver)
{
	const char *target = deliver->target;
	char site[PATH_MAX];
	size_t length;

	if (!target_is_valid(target) || strlen(target) >= sizeof deliver->name)
		return fail(deliver, ST_USAGE,
		    "“%s” is not a place to send the site to. Nothing was published. Name a "
		    "folder, a command, rsync:HOST:PATH, rsync:USER@HOST:PATH or "
		    "rsync://HOST/MODULE.", deliver->label);
	snprintf(deliver->name, sizeof deliver->name, "%s", target);
	if (target_kind(target) != TARGET_FOLDER)
		return ST_OK;
	target_folder(target, deliver->name);
	if (realpath(deliver->site, site) == NULL)
		return ST_OK;
	length = strlen(site);
	if (strncmp(deliver->name, site, length) == 0 &&
	    (deliver->name[length] == '/' || deliver->name[length] == '\0'))
		return fail(deliver, ST_USAGE,
		    "%s is the site itself or inside it. Nothing was published. "
		    "Name a folder outside %.500s.", deliver->label, deliver->site);
	return ST_OK;
}

enum status
deliver_open(const char *site, const char *target, const struct deliver_pace *pace,
    struct deliver **opened)
{
	struct deliver *deliver = calloc(1, sizeof *deliver);

	*opened = deliver;
	if (deliver == NULL)
		return ST_FAULT;
	deliver->site = site;
	deliver->target = target;
	deliver->pace = pace;
	plain_copy(target == NULL ? "" : target, target == NULL ? 0 : strlen(target),
	    deliver->label, sizeof deliver->label);
	deliver->lock = -1;
	snprintf(deliver->path, sizeof deliver->path, "%s/outbox.db", site);
	return target == NULL ? ST_OK : check_target(deliver);
}

/* The hand-over that runs, if any, is over. */
static void
let_go(struct deliver *deliver)
{
	hook_close(deliver->hook);
	deliver->hook = NULL;
	if (deliver->lock >= 0)
		close(deliver->lock);
	deliver->lock = -1;
}

void
deliver_close(struct deliver *deliver)
{
	if (deliver == NULL)
		return;
	let_go(deliver);
	outbox_close(deliver->outbox);
	buffer_clear(&deliver->missed);
	buffer_clear(&deliver->paths);
	free(deliver);
}

const char *
deliver_label(const struct deliver *deliver)
{
	return deliver->label;
}

/* ---- notes ---- */

/* Have the outbox open that is there now; without a target there need not be one. */
static enum status
hold_outbox(struct deliver *deliver)
{
	struct buffer boot = { 0 };
	struct stat info;
	bool is_there = stat(deliver->path, &info) == 0;
	enum status status;

	if (deliver->outbox != NULL && is_there && info.st_dev == deliver->device &&
	    info.st_ino == deliver->inode)
		return ST_OK;
	outbox_close(deliver->outbox);
	deliver->outbox = NULL;
	if (!is_there && deliver->target == NULL)
		return ST_OK;
	/* where there is none, a restart is not noticed */
	(void)file_read("/proc/sys/kernel/random/boot_id", &boot);
	status = outbox_open(deliver->path, deliver->target != NULL, buffer_text(&boot),
	    &deliver->outbox);
	buffer_clear(&boot);
	if (status == ST_OK && stat(deliver->path, &info) == 0) {
		deliver->device = info.st_dev;
		deliver->inode = info.st_ino;
	}
	if (status == ST_OK && deliver->target != NULL)
		status = outbox_target(deliver->outbox, deliver->name);
	return status == ST_UNKNOWN && deliver->target == NULL ? ST_OK : status;
}

/* The outbox said no. */
static enum status
fail_outbox(struct deliver *deliver, enum status status)
{
	return fail(deliver, status,
	    "%s cannot be written: %s. What changed may not reach the place that the site is "
	    "handed over to. Is the disk full? Where that file is deleted, everything is handed "
	    "over again.", deliver->path, outbox_why(deliver->outbox));
}

void
deliver_begin(struct deliver *deliver)
{
	(void)hold_outbox(deliver);	/* what is missed is said by deliver_end */
	deliver->is_noting = deliver->target != NULL || access(deliver->path, F_OK) == 0;
}

void
deliver_note(void *handle, const char *path, enum publish_change change)
{
	struct deliver *deliver = handle;
	bool is_removed = change == PUBLISH_REMOVED;

	if (!deliver->is_noting || strncmp(path, PUBLIC, strlen(PUBLIC)) != 0)
		return;
	if (deliver->outbox != NULL && outbox_note(deliver->outbox, path, is_removed) == ST_OK)
		return;
	buffer_append_byte(&deliver->missed, is_removed ? '-' : '+');
	buffer_append(&deliver->missed, path, strlen(path) + 1);
}

/* Make the notes that could not be made before. */
static enum status
note_missed(struct deliver *deliver)
{
	const char *at = deliver->missed.data, *end = at + deliver->missed.length;
	enum status status = ST_OK;

	if (deliver->outbox == NULL && deliver->target == NULL)
		deliver->missed.length = 0;	/* the outbox is gone: nobody wants to know */
	if (deliver->missed.length == 0)
		return ST_OK;
	for (; at < end && status == ST_OK; at += strlen(at) + 1)
		status = outbox_note(deliver->outbox, at + 1, *at == '-');
	if (status == ST_OK)
		deliver->missed.length = 0;
	return status;
}

enum status
deliver_end(struct deliver *deliver)
{
	enum status status = ST_OK, settled = ST_OK;

	if (deliver->outbox == NULL || deliver->missed.length > 0)
		status = hold_outbox(deliver);
	if (status == ST_OK)
		status = note_missed(deliver);
	if (deliver->outbox != NULL)
		settled = outbox_settle(deliver->outbox);
	if (status == ST_OK)
		status = settled;
	if (deliver->target != NULL)
		deliver->is_owing |= status != ST_OK || outbox_owes(deliver->outbox, deliver->name);
	return status == ST_OK ? ST_OK : fail_outbox(deliver, status);
}

/* ---- the list ---- */

static bool
is_public(const struct deliver *deliver, const char *path)
{
	char whole[2 * PATH_MAX];
	struct stat info;

	snprintf(whole, sizeof whole, "%s/%s", deliver->site, path);
	return lstat(whole, &info) == 0;
}

static enum status
take_path(void *handle, const char *path)
{
	struct deliver *deliver = handle;

	buffer_append(&deliver->paths, path, strlen(path) + 1);
	deliver->count++;
	return ST_OK;
}

/* The file is there or not, whatever was noted: a publish may have been cut short. */
static void
write_lines(const struct deliver *deliver, struct buffer *list)
{
	const char *path = deliver->paths.data, *end = path + deliver->paths.length;

	for (; path < end; path += strlen(path) + 1) {
		if (deliver->kind == TARGET_COMMAND)
			buffer_format(list, "%s %s\n",
			    is_public(deliver, path) ? "changed" : "removed",
			    path + strlen(PUBLIC));
		else
			buffer_append(list, path + strlen(PUBLIC),
			strlen(path + strlen(PUBLIC)) + 1);
	}
}

/* The folders `depth` deep that removed files were in and that are gone here. */
static void
write_folders(const struct deliver *deliver, size_t depth, struct buffer *list)
{
	const char *path = deliver->paths.data, *end = path + deliver->paths.length, *at;
	char folder[PATH_MAX], last[PATH_MAX] = "";
	size_t i, length;

	for (; path < end; path += strlen(path) + 1) {
		at = path + strlen(PUBLIC) - 1;
		for (i = 0; i < depth && at != NULL; i++)
			at = strchr(at + 1, '/');
		if (at == NULL)
			continue;
		length = (size_t)(at - path);
		if (length >= sizeof folder)
			continue;		/* no path of ours is */
		memcpy(folder, path, length);
		folder[length] = '\0';
		if (strcmp(folder, last) == 0 || is_public(deliver, folder))
			continue;
		memcpy(last, folder, length + 1);
		buffer_append(list, folder + strlen(PUBLIC), strlen(folder + strlen(PUBLIC)) + 1);
	}
}

/* How deep the deepest file is. */
static size_t
find_depth(const struct deliver *deliver)
{
	const char *path = deliver->paths.data, *end = path + deliver->paths.length, *at;
	size_t depth, deepest = 0;

	for (; path < end; path += strlen(path) + 1) {
		for (depth = 0, at = path + strlen(PUBLIC); (at = strchr(at, '/')) != NULL; at++)
			depth++;
		deepest = depth > deepest ? depth : deepest;
	}
	return deepest;
}

/* Read what is owed. The site is ours meanwhile. */
static enum status
read_owed(struct deliver *deliver, struct buffer *list)
{
	struct manifest *manifest;
	char path[PATH_MAX];
	enum status status;

	deliver->paths.length = 0;
	deliver->count = 0;
	deliver->kind = target_kind(deliver->target);
	snprintf(path, sizeof path, "%s/manifest.db", deliver->site);
	status = manifest_open(path, false, &manifest);
	if (status == ST_OK || status == ST_UNKNOWN)
		status = outbox_owed(deliver->outbox, deliver->name, manifest, take_path, deliver,
		    &deliver->mark);
	else
		return fail(deliver, status,
		"%s cannot be read. Delete it, and the next publish makes everything again.", path);
	manifest_close(manifest);
	if (status != ST_OK)
		return fail_outbox(deliver, status);
	write_lines(deliver, list);
	return ST_OK;
}

/* ---- one hand-over ---- */

/* Start the program of the target with `list`. */
static enum status
run_hook(struct deliver *deliver, const struct buffer *list)
{
	static char options[][24] = { "rsync", "-tp", "--no-implied-dirs", "--from0",
	    "--files-from=-", "--delete-missing-args", "--" };
	char public[PATH_MAX], from[PATH_MAX + 8], to[PATH_MAX + 8];
	char *const rsync[] = { options[0], options[1], options[2], options[3], options[4],
	    options[5], options[6], from, to, NULL };
	char *const command[] = { (char *)"/bin/sh", (char *)"-c", (char *)deliver->target, NULL };
	bool is_command = deliver->kind == TARGET_COMMAND;
	mode_t mask;
	enum status status;

	snprintf(from, sizeof from, "%s/public", deliver->site);
	if (realpath(from, public) == NULL || setenv("TURNOUT_PUBLIC", public, 1) != 0)
		return fail(deliver, ST_FAULT, "%.1000s cannot be used: %s.", from,
		    strerror(errno));
	snprintf(from, sizeof from, "%s/", public);
	target_place(deliver->target, to, sizeof to);
	mask = umask(022);		/* folders that rsync makes are for readers, as ours are */
	if (is_command)
		umask(mask);
	status = hook_start(is_command ? command : rsync, list->data, list->length,
	    deliver->pace->limit_ms, &deliver->hook);
	umask(mask);
	return status == ST_OK ? ST_OK
	    : fail(deliver, status, "No process can be started: %s.", strerror(errno));
}

/* Take the place of the one process that hands over; false while another one has it. */
static bool
take_turn(struct deliver *deliver)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/outbox.lock", deliver->site);
	deliver->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (deliver->lock < 0 || flock(deliver->lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	let_go(deliver);
	return false;
}

/* After a failure: once more, ever later. */
static enum deliver_news
fail_round(struct deliver *deliver)
{
	let_go(deliver);
	deliver->wait_ms = deliver->wait_ms == 0 ? deliver->pace->rest_ms : deliver->wait_ms * 2;
	if (deliver->wait_ms > deliver->pace->retry_max_ms)
		deliver->wait_ms = deliver->pace->retry_max_ms;
	deliver->due = clock_ms() + deliver->wait_ms;
	return DELIVER_FAILED;
}

/* The target has taken the list. */
static enum deliver_news
end_round(struct deliver *deliver)
{
	bool was_failing = deliver->wait_ms > 0;

	let_go(deliver);
	deliver->wait_ms = 0;
	deliver->is_owing = outbox_owes(deliver->outbox, deliver->name);
	if (was_failing)
		snprintf(deliver->why, sizeof deliver->why,
		    "Handing over to %s works again; %lld paths went.", deliver->label,
		    (long long)deliver->count);
	return was_failing ? DELIVER_MENDED : DELIVER_TAKEN;
}

/* Begin a hand-over, if no other process is in the way. */
static enum deliver_news
begin_round(struct deliver *deliver)
{
	struct buffer list = { 0 };
	struct site *site = NULL;
	enum status status = take_turn(deliver) ? ST_OK : ST_LOCKED;
	bool is_empty = false;

	deliver->due = clock_ms() + deliver->pace->rest_ms;
	if (status == ST_OK && (status = site_open(deliver->site, 0, &site)) != ST_OK &&
	    status != ST_LOCKED)
		fail(deliver, status, "%s", site_why(site));
	if (status == ST_OK && (status = deliver_end(deliver)) == ST_OK)
		status = read_owed(deliver, &list);
	site_close(site);
	if (status == ST_OK) {
		is_empty = deliver->count == 0;
		status = is_empty ? outbox_taken(deliver->outbox, deliver->name, &deliver->mark)
		    : run_hook(deliver, &list);
		deliver->depth = 0;
	}
	buffer_clear(&list);
	if (status == ST_LOCKED) {
		let_go(deliver);
		deliver->due = clock_ms() + BUSY_MS;
		return DELIVER_NOTHING;
	}
	if (status != ST_OK)
		return fail_round(deliver);
	return is_empty ? end_round(deliver) : DELIVER_NOTHING;
}

/* ---- its end ---- */

/* The hook failed: say how. */
static enum deliver_news
fail_hook(struct deliver *deliver, int result, int signal)
{
	char line[LINE_SIZE];
	bool is_name = deliver->kind == TARGET_COMMAND && result == HOOK_MISSING &&
	    strpbrk(deliver->target, " \t\n") == NULL;

	hook_line(deliver->hook, line, sizeof line);
	if (result < 0 && signal == 0)
		fail(deliver, ST_FAULT, "It had not ended after %lld s and was stopped.",
		    (long long)deliver->pace->limit_ms / 1000);
	else if (line[0] == '\0')
		fail(deliver, ST_FAULT, "It ended with %s %d, without a word.",
		    signal != 0 ? "signal" : "exit", signal != 0 ? signal : result);
	else
		fail(deliver, ST_FAULT, "%s (%s %d).%s", line,
		signal != 0 ? "signal" : "exit", signal != 0 ? signal : result,
		    is_name ? " Is it a folder that is to be made? Then write a slash behind its "
		    "name." : "");
	return fail_round(deliver);
}

/*
 * The files are over; the folders that are gone here follow, the deepest first. One that strangers
 * have something in stays.
 */
static enum deliver_news
remove_folders(struct deliver *deliver)
{
	struct buffer list = { 0 };
	bool is_running = false;

	hook_close(deliver->hook);
	deliver->hook = NULL;
	for (; deliver->depth > 1 && !is_running; list.length = 0) {
		write_folders(deliver, --deliver->depth, &list);
		is_running = list.length > 0 && run_hook(deliver, &list) == ST_OK;
	}
	buffer_clear(&list);
	return is_running ? DELIVER_NOTHING : end_round(deliver);
}

/* A hook has ended. */
static enum deliver_news
judge(struct deliver *deliver)
{
	int signal, result = hook_result(deliver->hook, &signal);
	enum status status;

	if (deliver->depth > 0)
		/* however the last run ended: what it was for is no file */
		return remove_folders(deliver);
	if (result != 0 && (result != RSYNC_VANISHED || deliver->kind == TARGET_COMMAND))
		return fail_hook(deliver, result, signal);
	status = outbox_taken(deliver->outbox, deliver->name, &deliver->mark);
	if (status != ST_OK) {
		fail_outbox(deliver, status);
		return fail_round(deliver);
	}
	deliver->depth = 1 + (deliver->kind == TARGET_COMMAND ? 0 : find_depth(deliver));
	return remove_folders(deliver);
}

enum deliver_news
deliver_step(struct deliver *deliver)
{
	if (deliver->hook != NULL)
		return hook_step(deliver->hook) ? judge(deliver) : DELIVER_NOTHING;
	if (deliver->is_owing && clock_ms() >= deliver->due)
		return begin_round(deliver);
	return DELIVER_NOTHING;
}

int
deliver_file(const struct deliver *deliver)
{
	return deliver->hook == NULL ? -1 : hook_file(deliver->hook);
}

int64_t
deliver_wait_ms(const struct deliver *deliver)
{
	int64_t wait = deliver->due - clock_ms();

	if (deliver->hook != NULL)
		return hook_wait_ms(deliver->hook);
	return !deliver->is_owing ? -1 : wait < 0 ? 0 : wait;
}

int64_t
deliver_retry_s(const struct deliver *deliver)
{
	return deliver->wait_ms / 1000;
}

enum status
deliver_flush(struct deliver *deliver, int64_t *count)
{
	struct pollfd file = { .events = POLLIN };
	enum deliver_news news = DELIVER_NOTHING;

	*count = 0;
	while (news == DELIVER_NOTHING && (deliver->is_owing || deliver->hook != NULL)) {
		news = deliver_step(deliver);
		file.fd = deliver_file(deliver);
		if (news == DELIVER_NOTHING)
			poll(&file, 1, (int)deliver_wait_ms(deliver));
	}
	if (news == DELIVER_TAKEN || news == DELIVER_MENDED)
		*count = deliver->count;
	return news == DELIVER_FAILED ? ST_FAULT : ST_OK;
}
