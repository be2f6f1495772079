// SPDX-License-Identifier: ISC
/*
 * page_render.c: rows into pages: the data source behind the templates, and the loop over one page's rows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/page_inside.h"

/* One rendering: the stack of open sections above the page row, the club's row and the built-ins. */
struct source {
	struct pages		*pages;
	struct page		*page;
	struct {
		struct page_query	*query;		/* NULL: a section on a truth */
		bool			 is_done;	/* the truth had its one item */
	}			 stack[PAGE_DEPTH];
	size_t			 depth;
	char			 root[PAGE_PATH_SIZE];	/* relative way to the root of the site */
};

/* ---- parameters ---- */

/* Bind the clock's parameters wherever `rows` has them. */
static void
bind_clock(const struct pages *pages, struct rows *rows)
{
	const struct page_clock *clock = &pages->clock;
	int i;

	for (i = 0; i < rows_parameters(rows); i++) {
		const char *name = rows_parameter(rows, i);

		if (strcmp(name, "since") == 0)
			rows_bind_int(rows, name, clock->since);
		else if (strcmp(name, "now") == 0)
			rows_bind_int(rows, name, clock->now);
		else if (strcmp(name, "then") == 0)
			rows_bind_int(rows, name, clock->then);
		else if (strcmp(name, "today") == 0)
			rows_bind_text(rows, name, clock->today);
		else if (strcmp(name, "then_day") == 0)
			rows_bind_text(rows, name, clock->then_day);
	}
}

/* The innermost query that offers the column, and its number; NULL when only a built-in may. */
static struct page_query *
find_column(struct source *source, const char *name, size_t length, int *column)
{
	struct page_query *query;
	size_t i;

	for (i = source->depth; i > 0; i--) {
		query = source->stack[i - 1].query;
		if (query != NULL && (*column = page_column(query, name, length)) >= 0)
			return query;
	}
	query = &source->page->queries[PAGE_PAGE];
	if ((*column = page_column(query, name, length)) >= 0)
		return query;
	query = &source->pages->club;
	return (*column = page_column(query, name, length)) >= 0 ? query : NULL;
}

/* Bind the section's parameters from the rows around it. */
static void
bind_section(struct source *source, struct page_query *query)
{
	int i, column;

	bind_clock(source->pages, query->rows);
	for (i = 0; i < rows_parameters(query->rows); i++) {
		const char *name = rows_parameter(query->rows, i);
		struct page_query *from;

		if (page_is_clock(name))
			continue;
		from = find_column(source, name, strlen(name), &column);
		if (from != NULL)
			rows_bind_column(query->rows, i, from->rows, column);
		else if (strcmp(name, "root") == 0)
			rows_bind_text(query->rows, name, source->root);
	}
}

/* ---- the data source (gen/mustache.h) ---- */

/* A column's value: NULL, '' and 0 are false, and 0 is still inserted as "0". */
static void
take_value(struct page_query *query, int column, struct mustache_value *value)
{
	bool is_text = rows_is_text(query->rows, column);

	value->text = rows_text(query->rows, column, &value->length);
	value->kind = value->text == NULL || value->length == 0
	    || (!is_text && value->length == 1 && value->text[0] == '0') ? MUSTACHE_FALSE : MUSTACHE_TEXT;
	value->item = NULL;
}

static void
take_text(const char *text, struct mustache_value *value)
{
	value->text = text;
	value->length = strlen(text);
	value->kind = value->length == 0 ? MUSTACHE_FALSE : MUSTACHE_TEXT;
}

static bool
find(void *handle, const char *name, size_t length, struct mustache_value *value, struct mustache_error *error)
{
	struct source *source = handle;
	struct page_query *query;
	int column;

	(void)error;
	query = find_column(source, name, length, &column);
	if (query != NULL) {
		take_value(query, column, value);
		return true;
	}
	if (length == 4 && memcmp(name, "root", 4) == 0) {
		take_text(source->root, value);
		return true;
	}
	if (length == 5 && memcmp(name, "today", 5) == 0) {
		take_text(source->pages->clock.today, value);
		return true;
	}
	query = page_section(source->page, name, length);
	value->kind = query == NULL ? MUSTACHE_MISSING : MUSTACHE_LIST;
	value->item = query;
	return true;
}

/* Sections of a page stand on queries alone; mustache hands back what find gave. */
static struct page_query *
query_of(struct source *source, const struct mustache_value *value)
{
	size_t i;

	for (i = PAGE_FIRST_SECTION; i < source->page->n_queries; i++)
		if (value->item == &source->page->queries[i])
			return &source->page->queries[i];
	return NULL;
}

static bool
begin(void *handle, const struct mustache_value *value, struct mustache_error *error)
{
	struct source *source = handle;
	struct page_query *query = value->kind == MUSTACHE_LIST ? query_of(source, value) : NULL;

	if (source->depth == PAGE_DEPTH) {
		snprintf(error->text, sizeof error->text, "more than %d sections inside each other", PAGE_DEPTH);
		return false;
	}
	if (query != NULL && query->is_open) {
		snprintf(error->text, sizeof error->text, "section “%s” is opened inside itself", query->name);
		return false;
	}
	if (query != NULL) {
		rows_reset(query->rows);
		bind_section(source, query);
		query->is_open = true;
	}
	source->stack[source->depth].query = query;
	source->stack[source->depth++].is_done = false;
	return true;
}

static bool
next(void *handle, bool *has_item, struct mustache_error *error)
{
	struct source *source = handle;
	struct page_query *query = source->stack[source->depth - 1].query;
	enum status status;

	if (query == NULL) {
		*has_item = !source->stack[source->depth - 1].is_done;
		source->stack[source->depth - 1].is_done = true;
		return true;
	}
	status = rows_step(query->rows);
	*has_item = status == ST_OK;
	if (status == ST_OK || status == ST_UNKNOWN)
		return true;
	snprintf(error->text, sizeof error->text, "query “%s”: %s", query->name, driver_why(source->pages->driver));
	return false;
}

static void
end(void *handle)
{
	struct source *source = handle;
	struct page_query *query = source->stack[--source->depth].query;

	if (query != NULL) {
		rows_reset(query->rows);
		query->is_open = false;
	}
}

/* ---- a publish ---- */

enum status
pages_begin(struct pages *pages, const struct page_clock *clock)
{
	const char *address, *host;
	int column, i;
	enum status status;

	pages->clock = *clock;
	status = rows_run(pages->unchange);
	if (status == ST_OK && clock->since > 0) {
		rows_bind_int(pages->changed, "since", clock->since);
		status = rows_run(pages->changed);
		for (i = 0; i < PAGE_MOVED && status == ST_OK; i++) {
			bind_clock(pages, pages->moved[i]);
			status = rows_run(pages->moved[i]);
		}
	}
	if (status == ST_OK) {
		rows_reset(pages->club.rows);
		status = rows_step(pages->club.rows);
	}
	if (status != ST_OK) {
		snprintf(pages->why.text, sizeof pages->why.text, "%s", driver_why(pages->driver));
		return status == ST_UNKNOWN ? ST_FAULT : status;
	}
	column = page_column(&pages->club, "address", 7);
	address = rows_text(pages->club.rows, column, NULL);
	host = address == NULL ? NULL : strstr(address, "://");
	snprintf(pages->home, sizeof pages->home, "%s/", host == NULL || strchr(host + 3, '/') == NULL ? "" : strchr(host + 3, '/'));
	return ST_OK;
}

void
pages_end(struct pages *pages)
{
	rows_reset(pages->club.rows);
}

enum status
page_touch(struct pages *pages, struct page *page, bool is_full, int64_t *count)
{
	const struct page_clock clock = pages->clock;
	struct rows *keys = page->queries[PAGE_KEYS].rows;
	enum status status = rows_run(pages->untouch);

	*count = 0;
	if (is_full)
		pages->clock.since = 0;
	rows_reset(keys);
	bind_clock(pages, keys);
	pages->clock = clock;
	while (status == ST_OK && (status = rows_step(keys)) == ST_OK) {
		if (rows_is_null(keys, 0))
			continue;
		rows_bind_column(pages->touch, 0, keys, 0);
		status = rows_run(pages->touch);
		*count += driver_changed(pages->driver);
	}
	rows_reset(keys);
	if (status == ST_UNKNOWN)
		return ST_OK;
	snprintf(pages->why.text, sizeof pages->why.text, "pages/%s.sql: keys: %s", page->name, driver_why(pages->driver));
	return status;
}

/* Fill the columns into the pattern; false when a value is empty or the path too long. */
static bool
make_path(const struct page *page, char path[PAGE_PATH_SIZE])
{
	const struct page_query *query = &page->queries[PAGE_PAGE];
	const char *at, *close, *value;
	size_t used = 0, length;
	int put;

	for (at = page->pattern; *at != '\0'; at = close) {
		if (*at == '{') {
			close = strchr(at, '}');
			value = rows_text(query->rows, page_column(query, at + 1, (size_t)(close - at - 1)), &length);
			close++;
			if (value == NULL || length == 0)
				return false;
		} else {
			close = strchrnul(at, '{');
			value = at;
			length = (size_t)(close - at);
		}
		put = snprintf(path + used, PAGE_PATH_SIZE - used, "%.*s", (int)length, value);
		if (put < 0 || (size_t)put >= PAGE_PATH_SIZE - used)
			return false;
		used += (size_t)put;
	}
	return true;
}

/* "../" for each folder below the root; the 404 page is shown at any depth and knows the address instead. */
static void
make_root(struct source *source, const char *path)
{
	const char *below = strchr(path, '/') + 1;

	source->root[0] = '\0';
	if (strcmp(below, "404.html") == 0) {
		memcpy(source->root, source->pages->home, sizeof source->root);
		return;
	}
	for (; (below = strchr(below, '/')) != NULL; below++)
		strncat(source->root, "../", sizeof source->root - strlen(source->root) - 1);
}

/* The content of the current row: a blob, or the rendered template. */
static bool
compose(struct pages *pages, struct source *source, const char *path, struct buffer *content)
{
	const struct mustache_source interface = { .handle = source, .find = find, .begin = begin, .next = next, .end = end };
	struct page *page = source->page;
	const void *body;
	size_t length;

	content->length = 0;
	if (!page->has_template) {
		body = rows_blob(page->queries[PAGE_PAGE].rows, page_column(&page->queries[PAGE_PAGE], "body", 4), &length);
		buffer_append(content, body, length);
		return true;
	}
	make_root(source, path);
	if (!mustache_render(&page->template, page->set, &interface, content, &pages->why))
		return false;
	if (page->escape == ESCAPE_ICS)
		escape_ics_fold(content);
	return true;
}

/* Note that this key was rendered. */
static enum status
note_rendered(struct pages *pages, const struct page_query *query)
{
	rows_bind_column(pages->rendered, 0, query->rows, page_column(query, "key", 3));
	return rows_run(pages->rendered);
}

enum status
page_render(struct pages *pages, struct page *page,
    enum status (*each)(void *handle, const char *key, const char *path, const struct buffer *content), void *handle)
{
	struct page_query *query = &page->queries[PAGE_PAGE];
	struct source source = { .pages = pages, .page = page };
	struct buffer content = { 0 };
	char path[PAGE_PATH_SIZE], key[256];
	enum status status = rows_run(pages->unrender);

	rows_reset(query->rows);
	bind_clock(pages, query->rows);
	while (status == ST_OK && (status = rows_step(query->rows)) == ST_OK) {
		snprintf(key, sizeof key, "%s", rows_text(query->rows, page_column(query, "key", 3), NULL));
		if (!make_path(page, path)) {
			snprintf(pages->why.text, sizeof pages->why.text, "pages/%s.sql: key %s gives no whole path", page->name, key);
			status = ST_REFUSED;
		} else if (!compose(pages, &source, path, &content)) {
			status = ST_REFUSED;
		} else {
			status = note_rendered(pages, query);
			if (status == ST_OK)
				status = each(handle, key, path, &content);
			continue;
		}
		goto out;
	}
	if (status == ST_UNKNOWN)
		status = ST_OK;
	else
		snprintf(pages->why.text, sizeof pages->why.text, "pages/%s.sql: %s", page->name, driver_why(pages->driver));
out:
	rows_reset(query->rows);
	buffer_clear(&content);
	return status;
}

enum status
page_missing(struct pages *pages, enum status (*each)(void *handle, const char *key), void *handle)
{
	enum status status, result = ST_OK;

	rows_reset(pages->missing);
	while (result == ST_OK && (status = rows_step(pages->missing)) == ST_OK)
		result = each(handle, rows_text(pages->missing, 0, NULL));
	rows_reset(pages->missing);
	return result != ST_OK || status == ST_UNKNOWN ? result : status;
}
