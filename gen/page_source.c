// SPDX-License-Identifier: ISC
/*
 * page_source.c: what pages are made from: hashes, which tell whether a source changed, and the
 * stamp, which tells at the price of a look at each name that none did.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "gen/file.h"
#include "gen/page_inside.h"

/* a file written so shortly ago may be written again under the same time */
#define FRESH_S		3

/* ---- hashes ---- */

/* Add the content of a file, if it is there. */
static void
hash_file(crypto_generichash_state *state, const char *path)
{
	struct buffer content = { 0 };

	if (file_read(path, &content)) {
		crypto_generichash_update(state, (const unsigned char *)path, strlen(path));
		crypto_generichash_update(state, (const unsigned char *)content.data,
		    content.length);
	}
	buffer_clear(&content);
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Names and content of all files of a folder below `templates`. */
static void
hash_folder(crypto_generichash_state *state, const char *templates, const char *name)
{
	struct dirent **entries;
	char folder[4096], path[8192];
	int i, count;

	snprintf(folder, sizeof folder, "%s/%s", templates, name);
	count = scandir(folder, &entries, is_visible, by_name);
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
		hash_file(state, path);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

/*
 * Everything the page is made from: this program, its pair of files, and all partials (`shared` is
 * the state behind these).
 */
static void
hash_sources(const struct pages *pages, struct page *page, const crypto_generichash_state *shared)
{
	crypto_generichash_state state = *shared;
	char path[8192];

	snprintf(path, sizeof path, "%s/pages/%s.sql", pages->templates, page->source);
	hash_file(&state, path);
	snprintf(path, sizeof path, "%s/pages/%s.%s", pages->templates, page->source,
	    strrchr(page->pattern, '.') + 1);
	hash_file(&state, path);
	crypto_generichash_update(&state, (const unsigned char *)page->tree, strlen(page->tree));
	crypto_generichash_final(&state, page->hash, sizeof page->hash);
}

void
pages_hash(struct pages *pages)
{
	crypto_generichash_state shared, state;
	size_t i;

	crypto_generichash_init(&shared, NULL, 0, MANIFEST_HASH_BYTES);
	crypto_generichash_update(&shared, (const unsigned char *)TURNOUT_VERSION,
	    sizeof TURNOUT_VERSION);
	state = shared;
	hash_folder(&state, pages->templates, "assets");
	hash_folder(&state, pages->templates, "messages");
	crypto_generichash_final(&state, pages->assets, sizeof pages->assets);
	hash_folder(&shared, pages->templates, "partials");
	hash_folder(&shared, pages->templates, "messages");
	crypto_generichash_update(&shared, (const unsigned char *)pages->languages,
	    strlen(pages->languages));
	for (i = 0; i < pages->count; i++)
		hash_sources(pages, &pages->pages[i], &shared);
}

/* ---- assets that are named ---- */

/*
 * Does the text from `start` name a file of assets/ where `at` points to that word, rather than
 * speak of it or of another site's? Templates write {{root}}assets/NAME or {{address}}/assets/NAME,
 * files at the top "assets/NAME".
 */
static bool
is_named(const char *start, const char *at)
{
	size_t length = (size_t)(at - start);

	return (length >= 1 && at[-1] == '"') || (length >= 2 && memcmp(at - 2, "}}", 2) == 0)
	    || (length >= 3 && memcmp(at - 3, "}}/", 3) == 0);
}

/* Is every file of assets/ that the source `path` names there? */
static bool
check_named(const struct pages *pages, const char *path, const char *text,
    struct mustache_error *why)
{
	static const char folder[] = "assets/";
	char asset[8192];
	const char *at = text, *line_at = text;
	size_t length;
	unsigned int line = 1;

	for (; (at = strstr(at, folder)) != NULL; at += strlen(folder)) {
		for (; line_at < at; line_at++)
			line += *line_at == '\n';
		length = strcspn(at, "\"'<>?#{ \t\r\n");
		if (!is_named(text, at) || at[length] == '{')	/* a name that a row completes */
			continue;
		snprintf(asset, sizeof asset, "%s/%.*s", pages->templates, (int)length, at);
		if (!file_exists(asset))
			return mustache_fail(why, path, line, "there is no %s", asset);
	}
	return true;
}

bool
pages_check_assets(const struct pages *pages, struct mustache_error *why)
{
	static const char *const folders[] = { "pages", "partials" };
	struct buffer content = { 0 };
	struct dirent **entries;
	char folder[4096], path[8192];
	bool is_there = true;
	int i, count;
	size_t j;

	for (j = 0; j < sizeof folders / sizeof folders[0]; j++) {
		snprintf(folder, sizeof folder, "%s/%s", pages->templates, folders[j]);
		count = scandir(folder, &entries, is_visible, by_name);
		for (i = 0; i < count; i++) {
			snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
			content.length = 0;
			if (is_there && file_read(path, &content))
				is_there = check_named(pages, path, buffer_text(&content), why);
			free(entries[i]);
		}
		if (count >= 0)
			free(entries);
	}
	buffer_clear(&content);
	return is_there;
}

const uint8_t *
pages_assets_hash(const struct pages *pages)
{
	return pages->assets;
}

/* ---- the stamp ---- */

/*
 * Names, sizes and times of a folder below `templates`, which need not be there; *newest is the
 * latest time.
 */
static bool
stamp_folder(crypto_generichash_state *state, const char *templates, const char *name,
    time_t *newest)
{
	struct dirent **entries;
	struct stat info;
	char folder[4096];
	int i, count, file;

	snprintf(folder, sizeof folder, "%s/%s", templates, name);
	file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file < 0)
		return false;
	count = scandirat(file, ".", &entries, is_visible, by_name);
	for (i = 0; i < count; i++) {
		if (fstatat(file, entries[i]->d_name, &info, 0) == 0) {
			const int64_t about[] = { (int64_t)info.st_ino, info.st_size,
			    info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
				info.st_ctim.tv_sec, info.st_ctim.tv_nsec };

			crypto_generichash_update(state, (const unsigned char *)about,
			    sizeof about);
			if (info.st_mtim.tv_sec > *newest)
				*newest = info.st_mtim.tv_sec;
			if (info.st_ctim.tv_sec > *newest)
				*newest = info.st_ctim.tv_sec;
		}
		crypto_generichash_update(state, (const unsigned char *)entries[i]->d_name,
		    strlen(entries[i]->d_name) + 1);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	close(file);
	return true;
}

bool
pages_take_stamp(struct pages *pages, struct mustache_error *why)
{
	static const char *const folders[] = { "partials", "assets", "messages" };
	crypto_generichash_state state;
	time_t newest = 0;
	const char *kind;
	char folder[4096];
	size_t i;

	crypto_generichash_init(&state, NULL, 0, sizeof pages->stamp);
	crypto_generichash_update(&state, (const unsigned char *)TURNOUT_VERSION,
	    sizeof TURNOUT_VERSION);
	for (i = 0; (kind = page_kind_name(i)) != NULL; i++)
		crypto_generichash_update(&state, (const unsigned char *)kind, strlen(kind) + 1);
	crypto_generichash_update(&state, (const unsigned char *)pages->languages,
	    strlen(pages->languages) + 1);
	crypto_generichash_update(&state, (const unsigned char *)pages->templates,
	    strlen(pages->templates) + 1);
	if (!stamp_folder(&state, pages->templates, "pages", &newest)) {
		snprintf(folder, sizeof folder, "%s/pages", pages->templates);
		return mustache_fail(why, folder, 0, "%s; --templates says where the templates are",
		    strerror(errno));
	}
	for (i = 0; i < sizeof folders / sizeof folders[0]; i++)
		(void)stamp_folder(&state, pages->templates, folders[i], &newest);
	crypto_generichash_final(&state, pages->stamp, sizeof pages->stamp);
	if (newest + FRESH_S > time(NULL))
		memset(pages->stamp, 0, sizeof pages->stamp);
	return true;
}

const uint8_t *
pages_stamp(const struct pages *pages)
{
	return pages->stamp;
}

bool
pages_is_remembered(const struct pages *pages)
{
	return pages->is_remembered;
}

/* ---- memory ---- */

void
pages_memory_add(struct pages_memory *memory, const char *name,
    const uint8_t hash[MANIFEST_HASH_BYTES], uint32_t kinds)
{
	struct page_memory *page;

	if (sodium_is_zero(hash, MANIFEST_HASH_BYTES))
		memset(memory->stamp, 0, sizeof memory->stamp);
	if (strcmp(name, "assets") == 0) {
		memcpy(memory->assets, hash, MANIFEST_HASH_BYTES);
		return;
	}
	memory->list = reallocarray(memory->list, memory->count + 1, sizeof *memory->list);
	if (memory->list == NULL)
		buffer_fail();
	page = &memory->list[memory->count++];
	snprintf(page->name, sizeof page->name, "%s", name);
	memcpy(page->hash, hash, MANIFEST_HASH_BYTES);
	page->kinds = kinds;
}

void
pages_memory_clear(struct pages_memory *memory)
{
	free(memory->list);
	*memory = (struct pages_memory){ 0 };
}

void
pages_remember(const struct pages *pages, struct pages_memory *memory)
{
	size_t i;

	memcpy(memory->stamp, pages->stamp, sizeof memory->stamp);
	pages_memory_add(memory, "assets", pages->assets, 0);
	for (i = 0; i < pages->count; i++)
		pages_memory_add(memory, pages->pages[i].name, pages->pages[i].hash,
		    pages->pages[i].kinds);
}
