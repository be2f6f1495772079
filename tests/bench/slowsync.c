// SPDX-License-Identifier: ISC
/*
 * slowsync.c: the same slow disk for every program: with LD_PRELOAD, each fsync and fdatasync takes
 * SLOWSYNC_MS milliseconds longer (10).
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int
sync_slowly(const char *name, int fd)
{
	union { void *symbol; int (*call)(int); } next = { .symbol = dlsym(RTLD_NEXT, name) };
	const char *text = getenv("SLOWSYNC_MS");
	long wait_ms = text != NULL ? atol(text) : 10;
	struct timespec wait = { .tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000 };
	int status = next.symbol != NULL ? next.call(fd) : -1, error = errno;

	while (nanosleep(&wait, &wait) != 0 && errno == EINTR)
		;
	errno = error;
	return status;
}

int
fsync(int fd)
{
	return sync_slowly("fsync", fd);
}

int
fdatasync(int fd)
{
	return sync_slowly("fdatasync", fd);
}
