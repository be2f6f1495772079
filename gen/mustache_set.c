// SPDX-License-Identifier: ISC
/*
 * mustache_set.c: template files, and the partials that were read already.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "gen/file.h"
#include "gen/mustache.h"

struct mustache_set_entry {
	struct mustache_template	 template;
	bool				 is_there;
	size_t				 length;
	char				 name[];
};

static bool
fail_read(struct mustache_error *error, const char *path)
{
	(void)snprintf(error->text, sizeof(error->text),
	    "%s: cannot be read: %s; nothing was made of it", path, strerror(errno));
	return false;
}

bool
mustache_folder_load(void *handle, const char *name, size_t length, struct buffer *file,
    struct buffer *text, bool *is_there, struct mustache_error *error)
{
	const struct mustache_folder	*folder = handle;

	*is_there = false;
	if (length == 0 || name[0] == '.' || memchr(name, '/', length) != NULL ||
	    memchr(name, '\0', length) != NULL)
		return true;
	buffer_format(file, "%s/%.*s.%s", folder->path, (int)length, name, folder->extension);
	*is_there = file_read(buffer_text(file), text);
	return *is_there || errno == ENOENT || fail_read(error, buffer_text(file));
}

void
mustache_set_init(struct mustache_set *set, const struct mustache_options *options,
    const struct mustache_loader *loader)
{
	*set = (struct mustache_set){ .options = *options, .loader = *loader };
}

static void
entry_free(struct mustache_set_entry *entry)
{
	mustache_clear(&entry->template);
	free(entry);
}

void
mustache_set_clear(struct mustache_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		entry_free(set->entries[i]);
	free(set->entries);
	set->entries = NULL;
	set->count = set->capacity = 0;
}

static struct mustache_set_entry *
entry_load(struct mustache_set *set, const char *name, size_t length, struct mustache_error *error)
{
	struct mustache_set_entry	*entry = calloc(1, sizeof(*entry) + length);
	struct buffer			 file = { 0 }, text = { 0 };
	bool				 is_loaded;

	if (entry == NULL)
		buffer_fail();
	entry->length = length;
	memcpy(entry->name, name, length);
	is_loaded = set->loader.load(set->loader.handle, name, length, &file, &text,
	    &entry->is_there, error);
	if (is_loaded && entry->is_there)
		is_loaded = mustache_parse(&entry->template, buffer_text(&file), text.data,
		    text.length, &set->options, error);
	buffer_clear(&file);
	buffer_clear(&text);
	if (is_loaded)
		return entry;
	entry_free(entry);
	return NULL;
}

bool
mustache_set_find(struct mustache_set *set, const char *name, size_t length,
    const struct mustache_template **found, struct mustache_error *error)
{
	struct mustache_set_entry	*entry = NULL, **entries;

	*found = NULL;
	for (size_t i = 0; i < set->count && entry == NULL; i++) {
		if (set->entries[i]->length == length &&
		    memcmp(set->entries[i]->name, name, length) == 0)
			entry = set->entries[i];
	}
	if (entry == NULL) {
		if (set->count == set->capacity) {
			set->capacity = set->capacity == 0 ? 16 : set->capacity * 2;
			entries = reallocarray(set->entries, set->capacity,
			    sizeof(struct mustache_set_entry *));
			if (entries == NULL)
				buffer_fail();
			set->entries = entries;
		}
		entry = entry_load(set, name, length, error);
		if (entry == NULL)
			return false;
		set->entries[set->count++] = entry;
	}
	*found = entry->is_there ? &entry->template : NULL;
	return true;
}
