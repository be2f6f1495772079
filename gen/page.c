// SPDX-License-Identifier: ISC
/*
 * page.c: one page: its .sql file and the template beside it, read into memory and made ready.
 */
#include "gen/page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/file.h"
#include "gen/page_inside.h"

/* ---- one .sql file ---- */

static bool
has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* What reading a file needs at hand. */
struct reading {
	struct pages		*pages;
	struct page		*page;
	const char		*file;		/* its path, for messages */
	bool			 is_included;
	struct mustache_error	*why;
};

/* "-- @page public runs/{date}/index.html" */
static bool
read_page_line(struct reading *reading, const char *line, unsigned int number)
{
	struct page *page = reading->page;
	char audience[16], path[PAGE_PATH_SIZE - 16 - PAGE_TREE_SIZE];

	if (sscanf(line, "-- @page%*[ \t]%15[^ \t\r\n]%*[ \t]%987[^ \t\r\n]", audience, path) != 2
	    || (strcmp(audience, "public") != 0 && strcmp(audience, "private") != 0))
		return mustache_fail(reading->why, reading->file, number,
		    "the head wants “-- @page public PATH” or private");
	page->is_private = strcmp(audience, "private") == 0;
	snprintf(page->pattern, sizeof page->pattern, "%s/%s%s", audience, page->tree, path);
	page->escape = escape_kind_of(path);
	return true;
}

static bool	read_include(struct reading *reading, const char *line, unsigned int number);

/*
 * "-- @query NAME", perhaps with “kept COLUMN COLUMN” behind it: the next query of the page, or
 * NULL.
 */
static struct page_query *
read_query_line(struct reading *reading, const char *line, unsigned int number)
{
	struct page *page = reading->page;
	struct page_query *query = &page->queries[page->n_queries];
	char kept[8] = "", more[2];
	int count;

	if (page->n_queries == PAGE_QUERIES) {
		mustache_fail(reading->why, reading->file, number, "more than %d queries",
		    PAGE_QUERIES);
		return NULL;
	}
	query->line = number;
	count = sscanf(line, "-- @query%*[ \t]%63[^ \t\r\n]%*[ \t]%7[^ \t\r\n]%*[ \t]%31[^ \t\r\n]"
	    "%*[ \t]%31[^ \t\r\n]%*[ \t]%1[^ \t\r\n]",
	    query->name, kept, query->kept[0], query->kept[1], more);
	if (count < 1) {
		mustache_fail(reading->why, reading->file, number, "a query wants a name");
		return NULL;
	}
	if (count == 2 || count == 5 || (count > 1 && strcmp(kept, "kept") != 0)) {
		mustache_fail(reading->why, reading->file, number,
		    "behind the name may stand “kept” and one or two columns");
		return NULL;
	}
	page->n_queries++;
	return query;
}

/* The text of a query, for when it is prepared. */
static void
take_sql(struct page_query *query, const char *sql, size_t length, const char *file)
{
	query->sql = strndup(sql, length);
	query->file = strdup(file);
	if (query->sql == NULL || query->file == NULL)
		buffer_fail();
}

/* Cut `text` at its "-- @" lines. */
static bool
read_queries(struct reading *reading, const char *text)
{
	struct page_query *query = NULL;
	const char *line, *end, *start = NULL;
	unsigned int number;

	for (line = text, number = 1; ; line = end + 1, number++) {
		end = strchrnul(line, '\n');
		if (has_prefix(line, "-- @") || *end == '\0') {
			if (query != NULL)
				take_sql(query, start,
				    (size_t)((*end == '\0' ? end : line) - start), reading->file);
			query = NULL;
		}
		if (*end == '\0')
			return true;
		if (has_prefix(line, "-- @page ")) {
			if (!read_page_line(reading, line, number))
				return false;
		} else if (has_prefix(line, "-- @include ")) {
			if (!read_include(reading, line, number))
				return false;
		} else if (has_prefix(line, "-- @query ")) {
			query = read_query_line(reading, line, number);
			if (query == NULL)
				return false;
			start = end + 1;
		} else if (has_prefix(line, "-- @")) {
			return mustache_fail(reading->why, reading->file, number,
			    "“-- @” wants page, query or include");
		}
	}
}

/* "-- @include NAME": the queries of partials/NAME.sql, which includes nothing itself. */
static bool
read_include(struct reading *reading, const char *line, unsigned int number)
{
	struct reading inside = *reading;
	struct buffer text = { 0 };
	char name[PAGE_NAME_SIZE], path[4096];
	bool is_done;

	if (reading->is_included)
		return mustache_fail(reading->why, reading->file, number,
		    "what is included cannot include");
	if (sscanf(line, "-- @include%*[ \t]%63[A-Za-z0-9_-]", name) != 1)
		return mustache_fail(reading->why, reading->file, number,
		    "an include wants the name of a file in partials/");
	snprintf(path, sizeof path, "%s/%s.sql", reading->pages->partials, name);
	if (!file_read(path, &text))
		return mustache_fail(reading->why, reading->file, number, "%s cannot be read: %s",
		    path, strerror(errno));
	inside.file = path;
	inside.is_included = true;
	is_done = read_queries(&inside, buffer_text(&text));
	buffer_clear(&text);
	return is_done;
}

/* The whole file, and what it must have. */
static bool
read_sql(struct reading *reading, const char *text)
{
	struct page *page = reading->page;

	if (!read_queries(reading, text))
		return false;
	if (page->pattern[0] == '\0')
		return mustache_fail(reading->why, reading->file, 1, "there is no “-- @page” line");
	if (page->n_queries < PAGE_FIRST_SECTION ||
	    strcmp(page->queries[PAGE_KEYS].name, "keys") != 0
	    || strcmp(page->queries[PAGE_PAGE].name, "page") != 0)
		return mustache_fail(reading->why, reading->file, 1,
		    "the first two queries must be “keys” and “page”");
	return true;
}

/* ---- the template beside it ---- */

/* Is the text of `file` in language number `language` remembered? */
static bool
recall_text(const struct pages *pages, const char *file, size_t language, struct buffer *text)
{
	return pages->text != NULL
	    && pages->text(pages->text_handle, file, pages->tongues.list[language].tag, text);
}

/* Put the words of the language into the text of `file`, and keep it to be remembered. */
static bool
fill_text(struct pages *pages, const char *file, size_t language, struct buffer *text,
    struct mustache_error *why)
{
	struct page_filled *filled;

	if (!messages_fill(tongues_words(&pages->tongues, language), file, text, why))
		return false;
	pages->filled = reallocarray(pages->filled, pages->n_filled + 1, sizeof *pages->filled);
	if (pages->filled == NULL)
		buffer_fail();
	filled = &pages->filled[pages->n_filled++];
	*filled = (struct page_filled){ .file = strdup(file), .text = strdup(buffer_text(text)),
	    .language = language };
	if (filled->file == NULL || filled->text == NULL)
		buffer_fail();
	return true;
}

void
pages_forget_texts(struct pages *pages)
{
	pages->text = NULL;
}

enum status
pages_texts(struct pages *pages,
    enum status (*take)(void *handle, const char *file, const char *language, const char *text),
    void *handle)
{
	enum status status = ST_OK;
	struct page_filled *filled;

	for (filled = pages->filled; filled < pages->filled + pages->n_filled; filled++) {
		if (status == ST_OK)
			status = take(handle, filled->file,
			    pages->tongues.list[filled->language].tag, filled->text);
		free(filled->file);
		free(filled->text);
	}
	free(pages->filled);
	pages->filled = NULL;
	pages->n_filled = 0;
	return status;
}

/* mustache_folder_load, with the words of the language. */
static bool
load_partial(void *handle, const char *name, size_t length, struct buffer *file,
    struct buffer *text, bool *is_there, struct mustache_error *why)
{
	struct page_words *words = handle;

	buffer_format(file, "%s/%.*s.%s", words->folder.path, (int)length, name,
	    words->folder.extension);
	*is_there = recall_text(words->pages, buffer_text(file), words->language, text);
	if (*is_there)
		return true;
	file->length = 0;
	if (!mustache_folder_load(&words->folder, name, length, file, text, is_there, why))
		return false;
	return !*is_there || fill_text(words->pages, buffer_text(file), words->language, text, why);
}

/* The kind of file with that extension, made when new: partials of html are not those of json. */
static struct page_kind *
find_kind(struct pages *pages, const char *extension, enum escape_kind escape)
{
	const struct mustache_options options = { .escape = escape, .is_strict = true };
	struct mustache_loader loader = { .load = load_partial };
	struct page_kind *kind;
	size_t i;

	for (i = 0; i < pages->n_kinds; i++)
		if (strcmp(pages->kinds[i].extension, extension) == 0)
			return &pages->kinds[i];
	if (pages->n_kinds == PAGE_KINDS)
		return NULL;
	kind = &pages->kinds[pages->n_kinds++];
	snprintf(kind->extension, sizeof kind->extension, "%s", extension);
	kind->words = calloc(pages->tongues.count, sizeof *kind->words);
	if (kind->words == NULL)
		buffer_fail();
	for (i = 0; i < pages->tongues.count; i++) {
		struct page_words *words = &kind->words[i];

		words->folder = (struct mustache_folder){ .path = pages->partials,
		    .extension = kind->extension };
		words->pages = pages;
		words->language = i;
		loader.handle = words;
		mustache_set_init(&words->set, &options, &loader);
	}
	return kind;
}

/* NAME.EXT with the extension of the output path; a page without one must offer `body`. */
static bool
find_template(struct reading *reading)
{
	struct page *page = reading->page;
	const char *extension = strrchr(page->pattern, '.');
	struct page_kind *kind;
	char path[4096];
	size_t i;

	if (extension == NULL)
		return mustache_fail(reading->why, reading->file, 1,
		    "the path of a page wants an extension");
	extension++;
	kind = find_kind(reading->pages, extension, page->escape);
	if (kind == NULL)
		return mustache_fail(reading->why, reading->file, 1,
		    "there are more than %d kinds of file", PAGE_KINDS);
	page->texts = calloc(reading->pages->tongues.count, sizeof *page->texts);
	if (page->texts == NULL)
		buffer_fail();
	for (i = 0; i < reading->pages->tongues.count; i++)
		page->texts[i].set = &kind->words[i].set;
	snprintf(path, sizeof path, "%s/pages/%s.%s", reading->pages->templates, page->source,
	    extension);
	page->has_template = file_exists(path);
	return true;
}

/* Read and parse the file at `path`, with the words of language number `language`. */
static bool
parse_template(struct pages *pages, struct page *page, size_t language, const char *path,
    struct mustache_error *why)
{
	struct page_text *made = &page->texts[language];
	struct buffer text = { 0 };
	bool is_done;

	mustache_clear(&made->template);
	is_done = recall_text(pages, path, language, &text);
	if (!is_done && !file_read(path, &text))
		mustache_fail(why, path, 0, "cannot be read: %s", strerror(errno));
	else
		is_done = (is_done || fill_text(pages, path, language, &text, why))
		    && mustache_parse(&made->template, path, text.data, text.length,
		        &made->set->options, why);
	buffer_clear(&text);
	return is_done;
}

bool
page_read_template(struct pages *pages, struct page *page, size_t language,
    struct mustache_error *why)
{
	struct page_text *text = &page->texts[language];
	char path[4096];

	if (text->is_read)
		return true;
	snprintf(path, sizeof path, "%s/pages/%s.%s", pages->templates, page->source,
	    strrchr(page->pattern, '.') + 1);
	if (page->has_template)
		return text->is_read = parse_template(pages, page, language, path, why);
	if (page_column(&page->queries[PAGE_PAGE], "body", 4) >= 0)
		return true;
	return mustache_fail(why, page->queries[PAGE_PAGE].file, 1,
	    "there is no %s, and the page query offers no “body”", path);
}

/* Read and check the template in one language. */
static bool
make_ready(struct pages *pages, struct page *page, size_t language)
{
	if (page->texts[language].is_checked)
		return true;
	if (!page_read_template(pages, page, language, &pages->why) ||
	    !page_check(pages, page, language, &pages->why))
		return false;
	page->texts[language].is_checked = true;
	return true;
}

enum status
page_ready(struct pages *pages, struct page *page)
{
	size_t i;

	if (!page_load(pages, page, &pages->why))
		return ST_REFUSED;
	for (i = 0; i < page->n_queries; i++)	/* no table can be made while rows are read */
		if (!page->queries[i].is_empty && page->queries[i].rows == NULL &&
		    page_set_up(pages, page->queries[i].sql) != ST_OK) {
			mustache_fail(&pages->why, page->queries[i].file, page->queries[i].line,
			    "%s", driver_why(pages->driver));
			return ST_FAULT;
		}
	if (!page->is_trusted && page->queries[PAGE_KEYS].asked != 0)
		page_query_rest(&page->queries[PAGE_KEYS]);	/* it was only parts of it */
	for (i = page->is_trusted ? PAGE_PAGE : PAGE_KEYS;
	    i < (page->is_trusted ? PAGE_FIRST_SECTION : page->n_queries); i++)
		if (!page_query_prepare(pages, page, &page->queries[i], &pages->why))
			return ST_REFUSED;
	page->language_column = page_column(&page->queries[PAGE_PAGE], "language", 8);
	if (page->is_trusted)
		return ST_OK;
	if (!page_check_keys(page, &pages->why) || !make_ready(pages, page, page->language))
		return ST_REFUSED;
	for (i = 0; i < pages->tongues.count && page->language_column >= 0 && page->tree[0] == '\0';
	    i++)
		if (!make_ready(pages, page, i))
			return ST_REFUSED;
	return ST_OK;
}

void
pages_prepare(struct pages *pages, const char *kind)
{
	const uint32_t bit = page_kind_bit(kind, strlen(kind));
	size_t i, query;

	for (i = 0; i < pages->count; i++) {
		struct page *page = &pages->pages[i];
		bool is_asked, is_done = (page->kinds & bit) != 0
		    && page_ready(pages, page) == ST_OK
		    && page_keys_prepare(pages, page, false, bit, &is_asked, &pages->why);

		for (query = PAGE_PAGE; is_done && query < page->n_queries; query++)
			is_done = page_query_prepare(pages, page, &page->queries[query],
			    &pages->why);
		if (is_done)
			(void)make_ready(pages, page, page->language);
	}
}

void
page_trust(struct page *page)
{
	page->is_trusted = true;
}

void
page_rest(struct pages *pages, struct page *page)
{
	size_t i;

	page_kept_clear(pages);
	buffer_clear(&pages->kept.text);
	page->place = 0;
	for (i = 0; i < page->n_queries; i++)
		page_query_rest(&page->queries[i]);
}

/* ---- the pair of files ---- */

/*
 * The section {{#languages}}, of which a page that is no reader's to choose has nothing, nor any
 * page where there is no choice.
 */
static void
add_languages(const struct pages *pages, struct page *page)
{
	static const char sql[] =
	    "SELECT tag AS other, name AS other_name, tree || :here AS other_path, tag = "
	    ":language AS is_here, address || '/' || tree || :here AS other_address, address || "
	    "'/' || :here AS first_address, number = (SELECT max(number) FROM temp.language) AS "
	    "is_last FROM temp.language JOIN public_club ORDER BY number";
	struct page_query *query = &page->queries[page->n_queries];

	if (!page->has_template || page->escape != ESCAPE_HTML || page->n_queries == PAGE_QUERIES ||
	    page_section(page, "languages", 9) != NULL)
		return;
	page->n_queries++;
	snprintf(query->name, sizeof query->name, "languages");
	query->file = strdup("languages");
	query->sql = strdup(sql);
	if (query->file == NULL || query->sql == NULL)
		buffer_fail();
	query->is_empty = page->is_private || pages->n_trees == 0;
}

bool
page_read(struct pages *pages, struct page *page, const char *file_name, size_t language,
    const char *tree, struct mustache_error *why)
{
	struct buffer text = { 0 };
	char path[4096];
	struct reading reading = { .pages = pages, .page = page, .file = path, .why = why };
	bool is_done;

	snprintf(path, sizeof path, "%s/pages/%s", pages->templates, file_name);
	snprintf(page->source, sizeof page->source, "%.*s", (int)(strlen(file_name) - 4),
	    file_name);
	snprintf(page->tree, sizeof page->tree, "%s", tree);
	snprintf(page->name, sizeof page->name, "%s%s", tree, page->source);
	page->language = language;
	page->language_column = -1;
	if (!file_read(path, &text))
		return mustache_fail(why, path, 0, "cannot be read: %s", strerror(errno));
	is_done = read_sql(&reading, buffer_text(&text)) && find_template(&reading);
	page->is_loaded = is_done;
	if (is_done) {
		page->kinds = page_query_kinds(page->queries[PAGE_KEYS].sql);
		add_languages(pages, page);
	}
	buffer_clear(&text);
	return is_done;
}

bool
page_load(struct pages *pages, struct page *page, struct mustache_error *why)
{
	char file_name[PAGE_NAME_SIZE + 8], tree[PAGE_TREE_SIZE];

	if (page->is_loaded)
		return true;
	snprintf(file_name, sizeof file_name, "%s.sql", page->source);
	memcpy(tree, page->tree, sizeof tree);
	return page_read(pages, page, file_name, page->language, tree, why);
}
