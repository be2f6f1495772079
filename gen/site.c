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
	int	 root;			/* the folder */
	int	 lock;			/* SITE/lock, flocked */
	char	*path;
	char	 why[1400];
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

/* A system call on `path` failed: what to say, by errno. */
static enum status
fail_call(struct site *site, const char *what, const char *path)
{
	int reason = errno;
	enum status status = reason == ENOSPC || reason == EDQUOT ? ST_FULL : reason == EROFS ? ST_READ_ONLY : ST_FAULT;

	return fail(site, status, "%s/%s could not be %s: %s. What readers see is unchanged.", site->path, path, what,
	    strerror(reason));
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

/* Open the folder of `path`, made where missing; *name is the rest of the path. -1 with errno. */
static int
open_folder(const struct site *site, const char *path, const char **name)
{
	char folder[SITE_PATH_SIZE];
	const char *slash = strrchr(path, '/');
	mode_t mode = is_private(path) ? 0700 : 0755;
	char *at;
	int file;

	*name = slash == NULL ? path : slash + 1;
	if (slash == NULL)
		return open_below(site, ".", O_RDONLY | O_DIRECTORY);
	snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
	file = open_below(site, folder, O_RDONLY | O_DIRECTORY);
	if (file >= 0 || errno != ENOENT)
		return file;
	for (at = folder; ; at++) {
		if (*at != '/' && *at != '\0')
			continue;
		char saved = *at;

		*at = '\0';
		if (mkdirat(site->root, folder, mode) == 0) {
			if (fchmodat(site->root, folder, mode, 0) != 0)		/* whatever the umask */
				return -1;
		} else if (errno != EEXIST) {
			return -1;
		}
		*at = saved;
		if (saved == '\0')
			return open_below(site, folder, O_RDONLY | O_DIRECTORY);
	}
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

/* Write all of it, set mode and time, close. -1 with errno; the file is gone then. */
static int
write_new(const struct site *site, const char *data, size_t length, mode_t mode, const struct timespec *modified)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_nsec = UTIME_OMIT } };
	int file, reason;
	size_t at = 0;
	ssize_t put;

	if (unlinkat(site->root, "new", 0) != 0 && errno != ENOENT)	/* left by a kill, maybe open for everybody */
		return -1;
	file = openat(site->root, "new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return -1;
	while (at < length) {
		put = write(file, data + at, length - at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			goto failed;
		at += (size_t)put;
	}
	if (modified != NULL)
		times[1] = *modified;
	if (fchmod(file, mode) != 0 || (modified != NULL && futimens(file, times) != 0))
		goto failed;
	if (close(file) == 0)
		return 0;
	file = -1;
failed:
	reason = errno;
	if (file >= 0)
		close(file);
	unlinkat(site->root, "new", 0);
	errno = reason;
	return -1;
}

/*
 * A time that every validator of whole seconds sees as newer than `old`: now, or a second behind it. It is always set: the
 * kernel's own stamp lags the clock by some milliseconds and could fall into the same second.
 */
static void
later_than(const struct timespec *old, struct timespec *later)
{
	clock_gettime(CLOCK_REALTIME, later);
	if (later->tv_sec <= old->tv_sec)
		*later = (struct timespec){ .tv_sec = old->tv_sec + 1 };
}

enum status
site_write(struct site *site, const char *path, const char *data, size_t length, bool *is_changed)
{
	const mode_t mode = is_private(path) ? 0600 : 0644;
	struct timespec modified;
	struct stat info;
	const char *name;
	int folder, old;
	bool has_old = false;
	enum status status = ST_OK;

	*is_changed = false;
	if (!site_path_valid(path))
		return fail(site, ST_REFUSED, "“%s” is no path for a page.", path);
	folder = open_folder(site, path, &name);
	if (folder < 0)
		return fail_call(site, "made", path);
	old = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (old >= 0 && fstat(old, &info) == 0) {
		has_old = true;
		if (is_equal(old, &info, data, length) && (info.st_mode & 07777) == mode)
			goto out;
	}
	if (has_old)
		later_than(&info.st_mtim, &modified);
	*is_changed = true;
	if (write_new(site, data, length, mode, has_old ? &modified : NULL) != 0
	    || renameat(site->root, "new", folder, name) != 0)
		status = fail_call(site, "written", path);
out:
	if (old >= 0)
		close(old);
	close(folder);
	return status;
}

enum status
site_remove(struct site *site, const char *path)
{
	char folder[SITE_PATH_SIZE];
	char *slash;

	if (!site_path_valid(path))
		return fail(site, ST_REFUSED, "“%s” is no path for a page.", path);
	snprintf(folder, sizeof folder, "%s", path);
	slash = strrchr(folder, '/');
	if (slash != NULL) {		/* the folder itself must be ours, no link */
		int parent;

		*slash = '\0';
		parent = open_below(site, folder, O_RDONLY | O_DIRECTORY);
		if (parent < 0)
			return errno == ENOENT ? ST_OK : fail_call(site, "removed", path);
		if (unlinkat(parent, slash + 1, 0) != 0 && errno != ENOENT) {
			close(parent);
			return fail_call(site, "removed", path);
		}
		close(parent);
	} else if (unlinkat(site->root, path, 0) != 0 && errno != ENOENT) {
		return fail_call(site, "removed", path);
	}
	for (; slash != NULL && strchr(folder, '/') != NULL; slash = strrchr(folder, '/')) {
		*slash = '\0';		/* the first round is done above */
		if (unlinkat(site->root, folder, AT_REMOVEDIR) != 0)
			break;
	}
	return ST_OK;
}

enum status
site_lock(struct site *site, int wait_ms)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };

	while (flock(site->lock, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK)
			return fail_call(site, "locked", "lock");
		if (wait_ms <= 0)
			return fail(site, ST_LOCKED, "%s is being published by another process. Nothing was written. "
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

enum status
site_open(const char *path, int wait_ms, struct site **opened)
{
	struct site *site;

	*opened = site = calloc(1, sizeof *site);
	if (site == NULL)
		return ST_FAULT;
	site->root = site->lock = -1;
	site->path = strdup(path);
	if (site->path == NULL)
		return ST_FAULT;
	if (mkdir(path, 0755) != 0 && errno != EEXIST)
		return fail_call(site, "made", "");
	site->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (site->root < 0)
		return fail_call(site, "opened", "");
	site->lock = openat(site->root, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (site->lock < 0)
		return fail_call(site, "opened", "lock");
	return site_lock(site, wait_ms);
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
	free(site->path);
	free(site);
}
