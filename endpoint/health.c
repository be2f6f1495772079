// SPDX-License-Identifier: ISC
/* health.c: see health.h. */
#include "endpoint/health.h"

#include <dirent.h>
#include <stddef.h>
#include <sys/statvfs.h>

int64_t
health_lag(struct health_lag *lag, int64_t newest, int64_t published, int64_t now_ms)
{
	/* that change has arrived: if a newer one has not, it waits from now on */
	if (lag->change <= published) {
		lag->change = newest > published ? newest : 0;
		lag->seen_ms = now_ms;
	}
	lag->age_s = lag->change == 0 ? 0 : (now_ms - lag->seen_ms) / 1000;
	return lag->age_s;
}

int64_t
health_room(const char *path)
{
	struct statvfs info;

	if (statvfs(path, &info) != 0)
		return 0;
	return (int64_t)info.f_bavail * (int64_t)info.f_frsize;
}

int
health_open_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	if (folder == NULL)
		return -1;
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count - 3;		/* ".", ".." and the descriptor of `folder` */
}
