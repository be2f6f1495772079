// SPDX-License-Identifier: ISC
/* site.c: careful files, behind site.h. */
#include "gen/site.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SITE_PATH_SIZE	1024

struct site {
	int		 root;			/* the folder */
	int		 lock;			/* SITE/lock, flocked; -1 for another hand */
	char		*path;
	char		 fresh[16];		/* where files are composed: "new-0" */
	mode_t		 umask;
	bool		 is_shared;	/* the folder has set-group-ID: its group reads private/ */
	char		 why[1400];

	/* What was looked at. */
	char		 wanted[SITE_PATH_SIZE];
	enum site_change change;
	struct timespec	 old;			/* modification time of the file that is there */
	int		 folder;	/* around it; -1: not open */
	/* the folder made last, since the site was locked: it is there, without a link around it */
	char		 made[SITE_PATH_SIZE];
};

static enum status
fail(struct site *site, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum status
fail(struct site *site, enum status status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(site->why, sizeof site->why, format, arguments);
	va_end(arguments);
	return status;
}

/* What to do about `reason` of errno, before the next publish. */
static const char *
remedy(int reason)
{
	switch (reason) {
	case ENOSPC:
	case EDQUOT:
		return "Make room on the disk";
	case EFBIG:
		return "Raise the limit on the size of a file (ulimit -f)";
	case EROFS:
		return "Make the disk writable";
	case EACCES:
	case EPERM:
		return "Let the user who publishes write there";
	case ENOENT:
		return "Make the folder around it";
	case ELOOP:
		return "A symbolic link stands there, and none is followed: move it away";
	case EEXIST:
	case EISDIR:
	case ENOTDIR:
		return "Something else stands there: move it away";
	default:
		return "See what is wrong with the disk";
	}
}

/* A system call on `path` failed: what to say, by errno. */
static enum status
fail_call(struct site *site, const char *what, const char *path)
{
	int reason = errno;
	enum status status = reason == ENOSPC || reason == EDQUOT ? ST_FULL : reason == EROFS
	    ? ST_READ_ONLY : ST_FAULT;

	return fail(site, status,
	    "%s%s%s could not be %s: %s. Readers see whole pages, old or new. %s, then publish "
	    "again.", site->path, path[0] == '\0' ? "" : "/", path, what, strerror(reason),
	    remedy(reason));
}

const char *
site_why(const struct site *site)
{
	return site == NULL ? "There is no memory left." : site->why;
}

bool
site_path_valid(const char *path)
{
	const char *at = path;
	size_t length;

	if (strlen(path) >= SITE_PATH_SIZE)
		return false;
	for (;; at += length + 1) {
		length = strcspn(at, "/");
		if (length == 0 || length > 200 || at[0] == '.')
			return false;
		for (size_t i = 0; i < length; i++)
			if ((unsigned char)at[i] < 0x21 || at[i] == 0x7f || at[i] == '\\')
				return false;
		if (at[length] == '\0')
			return true;
	}
}

/* openat below the site: no links, never outside. */
static int
open_below(const struct site *site, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned)(flags | O_CLOEXEC | O_NOFOLLOW),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };

	return (int)syscall(SYS_openat2, site->root, path, &how, sizeof how);
}

static bool
is_private(const char *path)
{
	return strncmp(path, "private", 7) == 0 && (path[7] == '/' || path[7] == '\0');
}

/* Make one folder, for whom it should be whatever the umask; it may be there, says *is_new. */
static bool
make_folder(const struct site *site, const char *folder, bool *is_new)
{
	mode_t mode = !is_private(folder) ? 0755 : site->is_shared ? 0750 : 0700;

	*is_new = mkdirat(site->root, folder, mode) == 0;
	if (!*is_new)
		return errno == EEXIST;
	return (mode & site->umask) == 0 || fchmodat(site->root, folder, mode, 0) == 0;
}

/* Is there a folder, and no link on the way to it? False with errno. */
static bool
is_folder(const struct site *site, const char *path)
{
	int folder = open_below(site, path, O_PATH | O_DIRECTORY);

	if (folder >= 0)
		close(folder);
	return folder >= 0;
}

/*
 * Make `folder` (cut and mended on the way) and those around it, of which nobody need look at what
 * is around the one made last. Nothing is made behind a link.
 */
static bool
make_folders(const struct site *site, char *folder, bool *is_new)
{
	char *slash = strrchr(folder, '/');
	size_t length = slash == NULL ? 0 : (size_t)(slash - folder);
	bool is_made = true;

	if (slash != NULL && (strncmp(site->made, folder, length) != 0
	    || (site->made[length] != '/' && site->made[length] != '\0'))) {
		*slash = '\0';
		is_made = make_folders(site, folder, is_new)
		    && (*is_new || is_folder(site, folder));
		*slash = '/';
	}
	return is_made && make_folder(site, folder, is_new);
}

/* Open the folder of `path`; *name is the rest of the path. -1 with errno. */
static int
open_folder(const struct site *site, const char *path, const char **name)
{
	char folder[SITE_PATH_SIZE];
	const char *slash = strrchr(path, '/');

	*name = slash == NULL ? path : slash + 1;
	if (slash == NULL)
		return open_below(site, ".", O_PATH | O_DIRECTORY);
	memcpy(folder, path, (size_t)(slash - path));
	folder[slash - path] = '\0';
	return open_below(site, folder, O_PATH | O_DIRECTORY);
}

/* Does the open regular file hold exactly this? */
static bool
is_equal(int file, const struct stat *info, const char *data, size_t length)
{
	char block[65536];
	size_t at = 0;
	ssize_t got;

	if (!S_ISREG(info->st_mode) || (size_t)info->st_size != length)
		return false;
	while (at < length && (got = read(file, block, sizeof block)) > 0) {
		if ((size_t)got > length - at || memcmp(block, data + at, (size_t)got) != 0)
			return false;
		at += (size_t)got;
	}
	return at == length;
}

/* An empty file to compose in; one that a kill left behind goes first. -1 with errno. */
static int
open_fresh(const struct site *site, mode_t mode)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int file = openat(site->root, site->fresh, flags, mode);

	if (file < 0 && errno == EEXIST && unlinkat(site->root, site->fresh, 0) == 0)
		file = openat(site->root, site->fresh, flags, mode);
	return file;
}

static bool
write_all(int file, const char *data, size_t length)
{
	size_t at = 0;
	ssize_t put;

	while (at < length) {
		put = write(file, data + at, length - at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		at += (size_t)put;
	}
	return true;
}

/* Write all of it into the fresh `file`, set mode and time, close. False with errno. */
static bool
fill(const struct site *site, int file, const char *data, size_t length, mode_t mode,
    const struct timespec *modified)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_nsec = UTIME_OMIT } };
	int reason;

	if (modified != NULL)
		times[1] = *modified;
	if (!write_all(file, data, length) || ((mode & site->umask) != 0 && fchmod(file, mode) != 0)
	    || (modified != NULL && futimens(file, times) != 0)) {
		reason = errno;
		close(file);
		errno = reason;
		return false;
	}
	return close(file) == 0;
}

/*
 * A time that every validator of whole seconds sees as newer than `old`: now, or a second behind
 * it. It is always set: the kernel's own stamp lags the clock by some milliseconds and could fall
 * into the same second.
 */
static void
later_than(const struct timespec *old, struct timespec *later)
{
	clock_gettime(CLOCK_REALTIME, later);
	if (later->tv_sec <= old->tv_sec)
		*later = (struct timespec){ .tv_sec = old->tv_sec + 1 };
}

static mode_t
mode_of(const struct site *site, const char *path)
{
	return !is_private(path) ? 0644 : site->is_shared ? 0640 : 0600;
}

static void
leave_folder(struct site *site)
{
	if (site->folder >= 0)
		close(site->folder);
	site->folder = -1;
}

/*
 * Open the folder around what is looked at, instead of the one before; site->folder is -1, with
 * errno, when that cannot be.
 */
static void
enter_folder(struct site *site)
{
	const char *name;

	leave_folder(site);
	site->folder = open_folder(site, site->wanted, &name);
}

/* The same, made where it is missing; *is_new when it was. */
static void
make_and_enter(struct site *site, bool *is_new)
{
	char folder[SITE_PATH_SIZE];
	const char *slash = strrchr(site->wanted, '/');
	size_t length = slash == NULL ? 0 : (size_t)(slash - site->wanted);
	bool is_made = true;

	leave_folder(site);
	*is_new = false;
	memcpy(folder, site->wanted, length);
	folder[length] = '\0';
	if (slash != NULL)
		is_made = make_folders(site, folder, is_new);
	if (!is_made && errno == ENOENT) {	/* one that was around the last was taken away */
		site->made[0] = '\0';
		is_made = make_folders(site, folder, is_new);
	}
	if (is_made)
		enter_folder(site);
	if (site->folder >= 0)
		memcpy(site->made, folder, length + 1);
}

/* What stands at site->wanted? */
static enum status
look(struct site *site, const char *data, size_t length)
{
	struct stat info;
	int file = open_below(site, site->wanted, O_RDONLY | O_NONBLOCK);

	if (file < 0 && errno == ENOENT)
		return ST_OK;
	if (file < 0) {		/* a link, say: renaming over it is all that is done to it */
		enter_folder(site);
		return site->folder >= 0 ? ST_OK : fail_call(site, "made", site->wanted);
	}
	if (fstat(file, &info) == 0) {
		site->old = info.st_mtim;
		site->change = is_equal(file, &info, data, length) &&
		    (info.st_mode & 07777) == mode_of(site, site->wanted) ? SITE_SAME
		    : SITE_CHANGED;
	}
	close(file);
	return ST_OK;
}

/* Begin with another file: what follows is about `path`. */
static enum status
begin_path(struct site *site, const char *path)
{
	if (!site_path_valid(path))
		return fail(site, ST_REFUSED, "“%s” is not a path for a page.", path);
	memcpy(site->wanted, path, strlen(path) + 1);
	leave_folder(site);
	site->change = SITE_ADDED;
	return ST_OK;
}

enum status
site_look(struct site *site, const char *path, const char *data, size_t length,
    enum site_change *change)
{
	enum status status = begin_path(site, path);

	if (status == ST_OK)
		status = look(site, data, length);
	*change = site->change;
	return status;
}

enum status
site_look_new(struct site *site, const char *path, const char *data, size_t length,
    enum site_change *change)
{
	bool is_new = false;
	enum status status = begin_path(site, path);

	if (status == ST_OK) {
		make_and_enter(site, &is_new);
		if (site->folder < 0)
			status = fail_call(site, "made", path);
	}
	if (status == ST_OK && !is_new)
		status = look(site, data, length);
	*change = site->change;
	return status;
}

/* Rename the fresh file to its place, whose folder may have been taken away since we looked. */
static bool
move_in(struct site *site)
{
	const char *name = strrchr(site->wanted, '/');
	bool is_new;

	name = name == NULL ? site->wanted : name + 1;
	if (renameat(site->root, site->fresh, site->folder, name) == 0)
		return true;
	if (errno != ENOENT)
		return false;
	make_and_enter(site, &is_new);
	return site->folder >= 0 && renameat(site->root, site->fresh, site->folder, name) == 0;
}

/* Write what was looked at last; its modification time is set unless `modified` is NULL. */
static enum status
put(struct site *site, const char *data, size_t length, const struct timespec *modified)
{
	const char *path = site->wanted;
	enum status status = ST_OK;
	bool is_new;
	int file;

	if (site->folder < 0)
		enter_folder(site);
	if (site->folder < 0 && errno == ENOENT)
		make_and_enter(site, &is_new);
	if (site->folder < 0)
		return fail_call(site, "made", path);
	file = open_fresh(site, mode_of(site, path));
	if (file < 0) {
		status = fail_call(site, "made", site->fresh);
	} else if (!fill(site, file, data, length, mode_of(site, path), modified) ||
	    !move_in(site)) {
		status = fail_call(site, "written", path);
		unlinkat(site->root, site->fresh, 0);
	}
	return status;
}

enum status
site_put(struct site *site, const char *data, size_t length)
{
	struct timespec modified;

	if (site->change == SITE_CHANGED)
		later_than(&site->old, &modified);
	return put(site, data, length, site->change == SITE_CHANGED ? &modified : NULL);
}

enum status
site_put_beside(struct site *site, const char *path, const char *data, size_t length)
{
	struct stat info;

	if (fstatat(site->root, path, &info, AT_SYMLINK_NOFOLLOW) != 0)
		return fail_call(site, "read", path);
	return put(site, data, length, &info.st_mtim);
}

bool
site_has_beside(const struct site *site, const char *path)
{
	struct stat info;

	return fstatat(site->root, path, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode)
	    && info.st_mtim.tv_sec == site->old.tv_sec && info.st_mtim.tv_nsec == site->old.tv_nsec;
}

/*
 * Remove the folders around `path` that are empty now, or were left empty by a kill; none of them
 * is a link.
 */
static enum status
remove_folders(struct site *site, const char *path)
{
	char folder[SITE_PATH_SIZE];
	char *slash;

	snprintf(folder, sizeof folder, "%s", path);
	while ((slash = strrchr(folder, '/')) != NULL) {
		*slash = '\0';
		if (unlinkat(site->root, folder, AT_REMOVEDIR) == 0 || errno == ENOENT)
			continue;
		return errno == ENOTEMPTY || errno == EEXIST || errno == EBUSY ? ST_OK
		    : fail_call(site, "removed", folder);
	}
	return ST_OK;
}

enum status
site_remove(struct site *site, const char *path)
{
	const char *name;
	enum status status = ST_OK;
	int folder;

	if (!site_path_valid(path))
		return fail(site, ST_REFUSED, "“%s” is not a path for a page.", path);
	folder = open_folder(site, path, &name);
	if (folder < 0 && errno != ENOENT)
		return fail_call(site, "removed", path);
	if (folder >= 0) {
		if (unlinkat(folder, name, 0) != 0 && errno != ENOENT)
			status = fail_call(site, "removed", path);
		close(folder);
	}
	return status == ST_OK ? remove_folders(site, path) : status;
}

enum status
site_lock(struct site *site, int wait_ms)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };

	site->made[0] = '\0';
	while (flock(site->lock, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK)
			return fail_call(site, "locked", "lock");
		if (wait_ms <= 0)
			return fail(site, ST_LOCKED,
			    "%s is being published by another process. Nothing was written. "
			    "Try again when it is done.", site->path);
		nanosleep(&pause, NULL);
		wait_ms -= 10;
	}
	return ST_OK;
}

void
site_unlock(struct site *site)
{
	flock(site->lock, LOCK_UN);
}

/* A hand on `path` without its folder. NULL when memory is out. */
static struct site *
make_hand(const char *path, int number)
{
	struct site *site = calloc(1, sizeof *site);

	if (site == NULL)
		return NULL;
	site->root = site->lock = site->folder = -1;
	snprintf(site->fresh, sizeof site->fresh, "new-%d", number);
	site->path = strdup(path);
	if (site->path != NULL)
		return site;
	free(site);
	return NULL;
}

enum status
site_open(const char *path, int wait_ms, struct site **opened)
{
	struct site *site = *opened = make_hand(path, 0);
	struct stat info;

	if (site == NULL)
		return ST_FAULT;
	site->umask = umask(077);
	umask(site->umask);
	if (mkdir(path, 0755) != 0 && errno != EEXIST)
		return fail_call(site, "made", "");
	site->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (site->root < 0 || fstat(site->root, &info) != 0)
		return fail_call(site, "opened", "");
	site->is_shared = (info.st_mode & S_ISGID) != 0;
	site->lock = openat(site->root, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (site->lock < 0)
		return fail_call(site, "opened", "lock");
	return site_lock(site, wait_ms);
}

enum status
site_hand(const struct site *site, int number, struct site **hand)
{
	*hand = make_hand(site->path, number);
	if (*hand == NULL)
		return ST_FAULT;
	(*hand)->umask = site->umask;
	(*hand)->is_shared = site->is_shared;
	(*hand)->root = fcntl(site->root, F_DUPFD_CLOEXEC, 0);
	return (*hand)->root >= 0 ? ST_OK : fail_call(*hand, "opened", "");
}

void
site_close(struct site *site)
{
	if (site == NULL)
		return;
	if (site->lock >= 0)
		close(site->lock);
	if (site->root >= 0)
		close(site->root);
	leave_folder(site);
	free(site->path);
	free(site);
}
