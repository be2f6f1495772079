// SPDX-License-Identifier: ISC
/*
 * page_render.c: rows into pages: the data source behind the templates, and the loop over one
 * page's rows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/page_inside.h"

/*
 * One rendering: the stack of open sections above the page row, the club's row and the built-ins.
 */
struct source {
	struct pages		*pages;
	struct page		*page;
	struct {
		struct page_query	*query;		/* NULL: a section on a truth */
		uint64_t		 place;		/* the place around */
		bool			 is_done;	/* the truth had its one item */
		int64_t			 n_rows;	/* so far */
	}			 stack[PAGE_DEPTH];
	size_t			 depth;
	int64_t			 number;	/* the one inserted last */
	char			 digits[BUFFER_DIGITS];	/* of it, or of a sum */
	const struct page_found	*found;		/* what was looked up last */
	/* tells which queries are open: a name means the same wherever it is the same */
	uint64_t		 place;
	size_t			 language;	/* number of that of the row */
	char			 root[PAGE_PATH_SIZE];	/* relative way to the root of the site, */
	/* to that of the pages in the reader's language, */
	char			 tree[PAGE_PATH_SIZE - 4];
	char			 here[PAGE_PATH_SIZE];	/* and from there to the page */
	/* a number as the language has it */
	char			 written[LOCALE_TEXT_SIZE];
};

/* ---- what a name means ---- */

/*
 * The rows of the innermost query that offers the column, and its number; NULL when only a built-in
 * may.
 */
static struct rows *
find_column(const struct source *source, const char *name, size_t length, int *column)
{
	const struct page_query *query;
	size_t i;

	for (i = source->depth; i > 0; i--) {
		query = source->stack[i - 1].query;
		if (query != NULL && (*column = page_column(query, name, length)) >= 0)
			return query->rows;
	}
	query = &source->page->queries[PAGE_PAGE];
	if ((*column = page_column(query, name, length)) >= 0)
		return query->rows;
	query = &source->pages->club;
	return (*column = page_column(query, name, length)) >= 0 ? query->rows : NULL;
}

/*
 * What a name whose bytes begin at `key`, an address that means this name as long as the source
 * lives, was found to be; or the place where that is to be remembered, which then has no key. Of
 * two such places the one found last is the first.
 */
static inline struct page_found *
found_of(const struct source *source, const char *key)
{
	const uint64_t hash = ((uintptr_t)key ^ source->place) * 0x9e3779b97f4a7c15u;
	struct page_found *found = &source->pages->found[(hash >> 40 & (PAGE_FOUND / 2 - 1)) * 2];

	if (found[0].key == key && found[0].place == source->place)
		return found;
	if (found[1].key == key && found[1].place == source->place)
		return found + 1;
	found[1] = found[0];
	found->key = NULL;
	return found;
}

/* find_column, to be remembered. */
static void
look_up(const struct source *source, struct page_found *found, const char *key, const char *name,
    size_t length)
{
	found->key = key;
	found->place = source->place;
	found->rows = find_column(source, name, length, &found->column);
	found->built_in = found->rows != NULL ? BUILT_IN_END : page_built_in(name, length);
	found->query = found->rows != NULL || found->built_in != BUILT_IN_END ? NULL
	    : page_section(source->page, name, length);
}

/* page_bind_clock and page_bind_language, once a publish: bindings stay. */
static void
bind_clock_once(const struct pages *pages, const struct page *page, struct page_query *query)
{
	if (query->publish == pages->publish)
		return;
	page_bind_clock(pages, query->rows, pages->clock.since);
	page_bind_language(pages, page, query->rows);
	query->publish = pages->publish;
}

/* Is the innermost open section with rows at its first? */
static bool
is_first(const struct source *source)
{
	size_t i;

	for (i = source->depth; i > 0; i--)
		if (source->stack[i - 1].query != NULL)
			return source->stack[i - 1].n_rows == 1;
	return true;
}

static const char *
built_in_text(const struct source *source, enum page_built_in built_in)
{
	switch (built_in) {
	case BUILT_IN_ROOT:
		return source->root;
	case BUILT_IN_TREE:
		return source->tree;
	case BUILT_IN_HERE:
		return source->here;
	case BUILT_IN_TODAY:
		return source->pages->clock.today;
	case BUILT_IN_LANGUAGE:
		return source->pages->tongues.list[source->language].tag;
	case BUILT_IN_FIRST:
		return is_first(source) ? "1" : "";
	case BUILT_IN_END:
		break;
	}
	return NULL;
}

/* Bind the section's parameters from the rows around it. */
static void
bind_section(struct source *source, struct page_query *query)
{
	int i;

	bind_clock_once(source->pages, source->page, query);
	for (i = 0; i < query->n_bound; i++) {
		/*
		 * SQLite's names move when it prepares the statement again: a byte of the query's
		 * own name stands for each.
		 */
		const int parameter = query->bound[i];
		const char *key = query->name + parameter, *name;
		struct page_found *from = found_of(source, key);

		if (from->key == NULL) {
			name = rows_parameter(query->rows, parameter);
			look_up(source, from, key, name, strlen(name));
		}
		if (from->rows != NULL)
			rows_bind_column(query->rows, parameter, from->rows, from->column);
		else if (from->built_in != BUILT_IN_END)
			rows_bind_text(query->rows, rows_parameter(query->rows, parameter),
			    built_in_text(source, from->built_in));
	}
}

/* ---- the data source (gen/mustache.h) ---- */

/* A column's value: NULL, '' and 0 are false, and 0 is still inserted as "0". */
static void
take_value(struct source *source, const struct page_found *found, struct mustache_value *value)
{
	switch (rows_value(found->rows, found->column, &source->number, &value->text,
	    &value->length)) {
	case ROWS_NULL:
		value->kind = MUSTACHE_FALSE;
		return;
	case ROWS_NUMBER:	/* SQLite would make a copy as text for each one asked for */
		value->text = buffer_digits(source->number, source->digits);
		value->length = (size_t)(source->digits + sizeof source->digits - 1 - value->text);
		value->kind = source->number == 0 ? MUSTACHE_FALSE : MUSTACHE_TEXT;
		return;
	case ROWS_TEXT:
		value->kind = value->length == 0 ? MUSTACHE_FALSE : MUSTACHE_TEXT;
		return;
	}
}

static void
take_text(const char *text, struct mustache_value *value)
{
	value->text = text;
	value->length = strlen(text);
	value->kind = value->length == 0 ? MUSTACHE_FALSE : MUSTACHE_TEXT;
}

static bool
find(void *handle, const char *name, size_t length, struct mustache_value *value,
    struct mustache_error *error)
{
	struct source *source = handle;
	struct page_found *found = found_of(source, name);

	(void)error;
	if (found->key == NULL)
		look_up(source, found, name, name, length);
	source->found = found;
	if (found->rows != NULL) {
		take_value(source, found, value);
	} else if (found->built_in != BUILT_IN_END) {
		take_text(built_in_text(source, found->built_in), value);
	} else if (found->query != NULL) {
		value->kind = found->query->is_empty ? MUSTACHE_FALSE : MUSTACHE_LIST;
		value->item = found->query;
	}
	return true;
}

/* {{came.number}}, {{rate.percent}}: a column as the language writes it. */
static void
take_written(struct source *source, const struct mustache_value *of, bool is_percent,
    struct mustache_value *value)
{
	const struct locale *locale = &tongues_at(&source->pages->tongues,
	    source->language)->locale;

	if (of->text == NULL)
		source->written[0] = '\0';
	else
		(is_percent ? locale_percent : locale_number)(locale, of->text, of->length,
		source->written);
	take_text(source->written, value);
	value->kind = of->kind;
}

/* {{number.so_far}}: the sum of a column of an open section, which goes on in `next`. */
static bool
take_sum(struct source *source, struct mustache_value *value, struct mustache_error *error)
{
	struct page_query *query = NULL;
	size_t i;

	for (i = source->depth; i > 0 && query == NULL; i--)
		if (source->stack[i - 1].query != NULL
		    && source->stack[i - 1].query->rows == source->found->rows)
			query = source->stack[i - 1].query;
	if (query != NULL && query->summed == 0 && source->stack[i].n_rows == 1) {
		query->summed = source->found->column + 1;
		query->sum = rows_int(query->rows, source->found->column);
	}
	if (query == NULL || query->summed != source->found->column + 1) {
		snprintf(error->text, sizeof error->text,
		    "“so_far” is for one column of a section, from its first row on");
		return false;
	}
	value->text = buffer_digits(query->sum, source->digits);
	value->length = (size_t)(source->digits + sizeof source->digits - 1 - value->text);
	value->kind = query->sum == 0 ? MUSTACHE_FALSE : MUSTACHE_TEXT;
	return true;
}

/*
 * Is `name` what the value says, or the plural category of the number it is? {{#word.class}},
 * {{#came.few}}; messages_fill writes such.
 */
static bool
member(void *handle, const struct mustache_value *of, const char *name, size_t length,
    struct mustache_value *value, struct mustache_error *error)
{
	struct source *source = handle;
	const char *is = of->text;
	size_t is_length = of->length;

	if (of->kind != MUSTACHE_TEXT && of->kind != MUSTACHE_FALSE)
		return true;
	if (length == 6 && memcmp(name, "so_far", 6) == 0)
		return take_sum(source, value, error);
	if (page_is_written(name, length)) {
		take_written(source, of, length == 7, value);
		return true;
	}
	if (message_is_category(name, length)) {
		is = message_category(tongues_at(&source->pages->tongues,
		    source->language)->language, is == NULL ? 0 : strtoull(is, NULL, 10));
		is_length = strlen(is);
	}
	take_text(is != NULL && is_length == length && memcmp(is, name, length) == 0 ? "1" : "",
	    value);
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

/* What was kept for pages from which the ways to the roots are others is of no use here. */
static void
keep_ways(const struct source *source)
{
	struct page_kept *kept = &source->pages->kept;

	if (strcmp(kept->tree, source->tree) == 0 && strcmp(kept->root, source->root) == 0)
		return;
	page_kept_clear(source->pages);
	memcpy(kept->tree, source->tree, sizeof source->tree);
	memcpy(kept->root, source->root, sizeof source->root);
}

static bool
begin(void *handle, const struct mustache_value *value, struct mustache_error *error)
{
	struct source *source = handle;
	struct page_query *query = value->kind == MUSTACHE_LIST ? query_of(source, value) : NULL;
	uint64_t around = source->place;

	if (source->depth == PAGE_DEPTH) {
		snprintf(error->text, sizeof error->text, "more than %d sections inside each other",
		    PAGE_DEPTH);
		return false;
	}
	if (query != NULL && query->is_open) {
		snprintf(error->text, sizeof error->text, "section “%s” is opened inside itself",
		    query->name);
		return false;
	}
	if (query != NULL) {
		if (!page_query_prepare(source->pages, source->page, query, error))
			return false;
		if (query->kept[0][0] != '\0')
			keep_ways(source);
		rows_reset(query->rows);
		bind_section(source, query);
		query->is_open = true;
		query->sum = 0;
		source->place =
		    around * (PAGE_QUERIES + 1) + (uint64_t)(query - source->page->queries);
	}
	source->stack[source->depth].query = query;
	source->stack[source->depth].place = around;
	source->stack[source->depth].n_rows = 0;
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
	source->stack[source->depth - 1].n_rows++;
	if (status == ST_OK && query->summed > 0)
		query->sum += rows_int(query->rows, query->summed - 1);
	if (status == ST_OK || status == ST_UNKNOWN)
		return true;
	snprintf(error->text, sizeof error->text, "query “%s”: %s", query->name,
	    driver_why(source->pages->driver));
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
		source->place = source->stack[source->depth].place;
	}
}

/* ---- what is kept ---- */

void
page_kept_clear(struct pages *pages)
{
	if (pages->kept.count > 0)
		memset(pages->kept.entries, 0, sizeof pages->kept.entries);
	pages->kept.count = pages->kept.text.length = 0;
}

/* A short text as a number: no other text has it, nor has any id or count. */
static inline int64_t
pack_text(const char *text, size_t length)
{
	char bytes[PAGE_KEPT_TEXT + 1] = { 0 };
	int64_t packed;

	memcpy(bytes, text, length);
	bytes[PAGE_KEPT_TEXT] = (char)(0x80 | length);
	memcpy(&packed, bytes, sizeof packed);
	return packed;
}

/*
 * The values of its columns in this row; false when the query is not kept, or one is neither a
 * number nor a short text.
 */
static inline bool
read_values(const struct page_query *query, int64_t values[PAGE_KEPT_VALUES])
{
	const char *text;
	size_t length;
	int i;

	if (query->kept[0][0] == '\0')
		return false;
	for (i = 0; i < PAGE_KEPT_VALUES; i++) {
		values[i] = 0;
		if (query->keys[i] < 0)
			continue;
		switch (rows_value(query->rows, query->keys[i], &values[i], &text, &length)) {
		case ROWS_NUMBER:
			break;
		case ROWS_TEXT:
			if (length > PAGE_KEPT_TEXT)
				return false;
			values[i] = pack_text(text, length);
			break;
		case ROWS_NULL:
			return false;
		}
	}
	return true;
}

/* The entry of the tag, or the free one where it would be. */
static struct page_kept_text *
find_kept(struct source *source, const struct page_query *query, const char *tag,
    const int64_t values[PAGE_KEPT_VALUES])
{
	struct page_kept_text *entries = source->pages->kept.entries, *entry;
	uint64_t hash = ((uintptr_t)tag ^ (uint64_t)values[0] ^ (uint64_t)values[1] << 32
	    ^ source->language << 56) * 0x9e3779b97f4a7c15u;
	size_t i;

	for (i = hash >> 48; ; i++) {
		entry = &entries[i & (PAGE_KEPT - 1)];
		if (entry->query == NULL || (entry->query == query && entry->tag == tag
		    && entry->language == source->language
		    && memcmp(entry->values, values, sizeof entry->values) == 0))
			return entry;
	}
}

static bool
recall(void *handle, const char *tag, const struct mustache_value *value, const char **text,
    size_t *length)
{
	struct source *source = handle;
	const struct page_query *query = value->item;
	const struct page_kept_text *entry;
	int64_t values[PAGE_KEPT_VALUES];

	if (!read_values(query, values))
		return false;
	entry = find_kept(source, query, tag, values);
	if (entry->query == NULL)
		return false;
	*text = source->pages->kept.text.data + entry->at;
	*length = entry->length;
	return true;
}

static void
keep(void *handle, const char *tag, const struct mustache_value *value, const char *text,
    size_t length)
{
	struct source *source = handle;
	struct page_kept *kept = &source->pages->kept;
	const struct page_query *query = value->item;
	struct page_kept_text *entry;
	int64_t values[PAGE_KEPT_VALUES];

	if (length > PAGE_KEPT_BYTES || !read_values(query, values))
		return;
	if (kept->count > PAGE_KEPT / 4 * 3 || kept->text.length + length > PAGE_KEPT_BYTES)
		page_kept_clear(source->pages);
	entry = find_kept(source, query, tag, values);
	*entry = (struct page_kept_text){ .query = query, .tag = tag,
		.language = (uint32_t)source->language, .at = (uint32_t)kept->text.length,
		.length = (uint32_t)length };
	memcpy(entry->values, values, sizeof entry->values);
	kept->count++;
	buffer_append(&kept->text, text, length);
}

/* ---- pages ---- */

/* Fill the columns into the pattern; false when a value is empty or the path too long. */
static bool
make_path(const struct page *page, char path[PAGE_PATH_SIZE])
{
	const struct page_query *query = &page->queries[PAGE_PAGE];
	const char *at, *close, *value;
	size_t used = 0, length;

	for (at = page->pattern; *at != '\0'; at = close) {
		if (*at == '{') {
			close = strchr(at, '}');
			value = rows_text(query->rows,
			    page_column(query, at + 1, (size_t)(close - at - 1)), &length);
			close++;
			if (value == NULL || length == 0)
				return false;
		} else {
			close = strchrnul(at, '{');
			value = at;
			length = (size_t)(close - at);
		}
		if (length >= PAGE_PATH_SIZE - used)
			return false;
		memcpy(path + used, value, length);
		used += length;
	}
	path[used] = '\0';
	return true;
}

/*
 * The ways to the roots, "../" for each folder below them, and from that of the language to the
 * page. The 404 page is shown at any depth: it knows the address instead, and is nowhere.
 */
static void
make_ways(struct source *source, const char *path)
{
	const char *below = strchr(path, '/') + 1 + strlen(source->page->tree),
	    *file = strrchr(path, '/') + 1, *at;

	source->tree[0] = source->here[0] = '\0';
	if (strcmp(below, "404.html") == 0) {
		memcpy(source->root, source->pages->home, sizeof source->root);
		memcpy(source->tree, source->pages->home, sizeof source->tree);
		return;
	}
	snprintf(source->here, sizeof source->here, "%.*s",
	    (int)(strcmp(file, "index.html") == 0 ? file - below : (ptrdiff_t)strlen(below)),
	    below);
	for (at = below; (at = strchr(at, '/')) != NULL; at++)
		strncat(source->tree, "../", sizeof source->tree - strlen(source->tree) - 1);
	snprintf(source->root, sizeof source->root, "%s%s",
	    source->page->tree[0] == '\0' ? "" : "../", source->tree);
}

/* The number of a language among those loaded; that of the page itself when it is none of them. */
static size_t
language_number(const struct pages *pages, const struct page *page, const char *tag)
{
	size_t i;

	for (i = 0; tag != NULL && i < pages->tongues.count; i++)
		if (strcmp(pages->tongues.list[i].tag, tag) == 0)
			return i;
	return page->language;
}

/* Add the content of the current row: a blob, or the rendered template. */
static bool
compose(struct pages *pages, struct source *source, const char *path, struct buffer *content)
{
	const struct mustache_source interface = { .handle = source, .find = find, .member = member,
		.begin = begin, .next = next, .end = end, .recall = recall, .keep = keep };
	struct page *page = source->page;
	struct page_text *text;
	const void *body;
	size_t length, at = content->length;

	if (!page->has_template) {
		body = rows_blob(page->queries[PAGE_PAGE].rows,
		    page_column(&page->queries[PAGE_PAGE], "body", 4), &length);
		buffer_append(content, body, length);
		return true;
	}
	make_ways(source, path);
	source->language = page->language_column < 0 ? page->language
	    : language_number(pages, page,
	    rows_text(page->queries[PAGE_PAGE].rows, page->language_column, NULL));
	text = &page->texts[source->language];
	if (!page_read_template(pages, page, source->language, &pages->why)
	    || !mustache_render(&text->template, text->set, &interface, content, &pages->why))
		return false;
	if (page->escape == ESCAPE_ICS)
		escape_ics_fold(content, at);
	return true;
}

/* Which of the keys had a row. */
struct had {
	const struct page_key	*keys;
	size_t			 count;
	bool			*flags;
};

/* Note that the key in the current row was there. */
static void
note_row(struct had *had, const struct page_query *query)
{
	struct page_key key = page_key_read(query->rows, page_column(query, "key", 3));
	const struct page_key *found = bsearch(&key, had->keys, had->count, sizeof key,
	    page_key_compare);

	if (found != NULL)
		had->flags[found - had->keys] = true;
	free(key.text);
}

/* Render the current row and give it away; *is_theirs when the taker refused it. */
static enum status
render_row(struct pages *pages, struct source *source, const struct page_taker *taker,
    bool *is_theirs)
{
	const struct page *page = source->page;
	const struct page_query *query = &page->queries[PAGE_PAGE];
	const char *key = rows_text(query->rows, page_column(query, "key", 3), NULL);
	char path[PAGE_PATH_SIZE], kept[PAGE_KEY_SIZE];
	const size_t at = taker->content->length;
	enum status status;

	if (key == NULL || strlen(key) >= sizeof kept || !make_path(page, path)) {
		snprintf(pages->why.text, sizeof pages->why.text, "pages/%s.sql: key %.80s %s",
		    page->source, key == NULL ? "NULL" : key,
		    key != NULL && strlen(key) >= sizeof kept ? "is too long"
		    : "gives no whole path");
		return ST_REFUSED;
	}
	memcpy(kept, key, strlen(key) + 1);		/* sections may move the text of the row */
	if (!compose(pages, source, path, taker->content))
		return ST_REFUSED;
	status = taker->page(taker->handle, page, kept, path, at);
	*is_theirs = status != ST_OK;
	return status;
}

static enum status
render_rows(struct pages *pages, struct page *page, struct had *had, const struct page_taker *taker)
{
	struct page_query *query = &page->queries[PAGE_PAGE];
	struct source source = { .pages = pages, .page = page };
	bool is_theirs = false;
	enum status status;

	if (page->place == 0)
		page->place = ++pages->places;
	/*
	 * The page's number above, the open sections' below: by neither is a place that of another.
	 */
	source.place = (uint64_t)page->place << 32;
	rows_reset(query->rows);
	bind_clock_once(pages, page, query);
	while ((status = rows_step(query->rows)) == ST_OK) {
		if (taker->missing != NULL)
			note_row(had, query);
		status = render_row(pages, &source, taker, &is_theirs);
		if (status != ST_OK)
			break;
	}
	if (status != ST_OK && status != ST_UNKNOWN && status != ST_REFUSED && !is_theirs)
		snprintf(pages->why.text, sizeof pages->why.text, "pages/%s.sql: %s", page->source,
		    driver_why(pages->driver));
	rows_reset(query->rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
page_render(struct pages *pages, struct page *page, const struct page_key *keys, size_t count,
    const struct page_taker *taker)
{
	struct had had = { .keys = keys, .count = count, .flags = calloc(count + 1, sizeof(bool)) };
	char digits[BUFFER_DIGITS];
	enum status status = page_ready(pages, page);
	size_t i;

	if (had.flags == NULL)
		buffer_fail();
	if (status == ST_OK && (status = page_touch_keys(pages, page, keys, count)) != ST_OK)
		pages_fail_driver(pages, status);
	if (status == ST_OK)
		status = render_rows(pages, page, &had, taker);
	for (i = 0; i < count && status == ST_OK && taker->missing != NULL; i++)
		if (!had.flags[i])
			status = taker->missing(taker->handle, page,
			    page_key_text(&keys[i], digits));
	free(had.flags);
	return status;
}
