// SPDX-License-Identifier: ISC
/* page_keys.c: which of a page's keys the changes touch, and the keys as such. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/page_inside.h"

void
page_keys_clear(struct page_keys *keys)
{
	size_t i;

	for (i = 0; i < keys->count; i++)
		free(keys->keys[i].text);
	free(keys->keys);
	*keys = (struct page_keys){ 0 };
}

const char *
page_key_text(const struct page_key *key, char digits[BUFFER_DIGITS])
{
	return key->text != NULL ? key->text : buffer_digits(key->number, digits);
}

int
page_key_compare(const void *a, const void *b)
{
	const struct page_key *one = a, *other = b;

	if (one->text != NULL && other->text != NULL)
		return strcmp(one->text, other->text);
	if (one->text != NULL || other->text != NULL)
		return one->text != NULL ? 1 : -1;
	return (one->number > other->number) - (one->number < other->number);
}

struct page_key
page_key_read(struct rows *rows, int column)
{
	struct page_key key = { 0 };

	if (!rows_is_text(rows, column)) {
		key.number = rows_int(rows, column);
		return key;
	}
	key.text = strdup(rows_text(rows, column, NULL));
	if (key.text == NULL)
		buffer_fail();
	return key;
}

static void
add_key(struct page_keys *keys, struct page_key key)
{
	if (keys->count == keys->capacity) {
		keys->capacity = keys->capacity == 0 ? 8 : keys->capacity * 2;
		keys->keys = reallocarray(keys->keys, keys->capacity, sizeof *keys->keys);
		if (keys->keys == NULL)
			buffer_fail();
	}
	keys->keys[keys->count++] = key;
}

static void
sort_keys(struct page_keys *keys)
{
	size_t i, kept = 0;

	if (keys->count == 0)
		return;
	qsort(keys->keys, keys->count, sizeof *keys->keys, page_key_compare);
	for (i = 1; i < keys->count; i++) {
		if (page_key_compare(&keys->keys[kept], &keys->keys[i]) == 0)
			free(keys->keys[i].text);
		else
			keys->keys[++kept] = keys->keys[i];
	}
	keys->count = kept + 1;
}

enum status
page_touch(struct pages *pages, struct page *page, bool is_full, struct page_keys *keys)
{
	struct page_query *query = &page->queries[PAGE_KEYS];
	struct rows *rows;
	bool is_asked;
	enum status status;

	if (!is_full && page->kinds != 0 && (page->kinds & pages->changes) == 0)
		return ST_OK;
	if (!page_load(pages, page, &pages->why) ||
	    !page_keys_prepare(pages, page, is_full, pages->changes, &is_asked, &pages->why))
		return ST_REFUSED;
	if (!is_asked)
		return ST_OK;
	rows = query->rows;
	rows_reset(rows);
	page_bind_clock(pages, rows, is_full ? 0 : pages->clock.since);
	page_bind_language(pages, page, rows);
	while ((status = rows_step(rows)) == ST_OK)
		if (!rows_is_null(rows, 0))
			add_key(keys, page_key_read(rows, 0));
	rows_reset(rows);
	sort_keys(keys);
	if (status == ST_UNKNOWN)
		return ST_OK;
	snprintf(pages->why.text, sizeof pages->why.text, "pages/%s.sql: keys: %s", page->source,
	    driver_why(pages->driver));
	return status;
}

enum status
page_touch_keys(struct pages *pages, const struct page *page, const struct page_key *keys,
    size_t count)
{
	struct rows *touch = page_engine(pages, ENGINE_TOUCH);
	enum status status = page_run_engine(pages, ENGINE_UNTOUCH);
	size_t i;

	for (i = 0; i < count && status == ST_OK; i++) {
		if (keys[i].text != NULL)
			rows_bind_text(touch, "key", keys[i].text);
		else
			rows_bind_int(touch, "key", keys[i].number);
		status = rows_run(touch);
	}
	return status == ST_OK ? page_beginning_fill(pages, page) : status;
}
