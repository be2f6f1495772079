// SPDX-License-Identifier: ISC
/* folder.c: see folder.h. */
#include "gen/folder.h"

#include <errno.h>
#include <fts.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

const char *
folder_name(const struct folder *folder, size_t i)
{
	return folder->text.data + folder->at[i];
}

static void
add_name(struct folder *folder, const char *name)
{
	if (folder->count == folder->capacity) {
		folder->capacity = folder->capacity == 0 ? 256 : folder->capacity * 2;
		folder->at = reallocarray(folder->at, folder->capacity, sizeof *folder->at);
		if (folder->at == NULL)
			buffer_fail();
	}
	folder->at[folder->count++] = (uint32_t)folder->text.length;
	buffer_append(&folder->text, name, strlen(name) + 1);
}

static int
compare(const void *a, const void *b, void *text)
{
	return strcmp((const char *)text + *(const uint32_t *)a,
	    (const char *)text + *(const uint32_t *)b);
}

bool
folder_read(struct folder *folder, const char *root, const char *part)
{
	char path[4096];
	char *paths[] = { path, NULL };
	size_t skip = strlen(root) + 1;
	int failed = 0;
	FTS *walk;
	FTSENT *entry;

	if ((size_t)snprintf(path, sizeof path, "%s/%s", root, part) >= sizeof path) {
		errno = ENAMETOOLONG;
		return false;
	}
	walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
	if (walk == NULL)
		return false;
	while (failed == 0 && (entry = fts_read(walk)) != NULL) {
		if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
		    entry->fts_info == FTS_NS)
			failed = entry->fts_errno == ENOENT && entry->fts_level == 0 ? 0
			    : entry->fts_errno;
		else if (entry->fts_info != FTS_D && entry->fts_info != FTS_DP)
			add_name(folder, entry->fts_path + skip);
	}
	if (failed == 0)
		failed = errno;		/* fts_read sets it, to 0 after the last entry */
	fts_close(walk);
	if (folder->count > 0)
		qsort_r(folder->at, folder->count, sizeof *folder->at, compare, folder->text.data);
	errno = failed;
	return failed == 0;
}

void
folder_clear(struct folder *folder)
{
	buffer_clear(&folder->text);
	free(folder->at);
	*folder = (struct folder){ 0 };
}

size_t
folder_find(const struct folder *folder, const char *name)
{
	size_t low = 0, high = folder->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, folder_name(folder, middle));

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return SIZE_MAX;
}

static int
remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)kind;
	(void)walk;
	return remove(path);
}

bool
folder_remove(const char *path)
{
	return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0;
}
