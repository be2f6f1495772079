// SPDX-License-Identifier: ISC
/*
 * page.c: reading templates/pages/ into memory: heads, queries, hashes; and making one page ready.
 */
#include "gen/page.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/file.h"
#include "gen/function.h"
#include "gen/page_inside.h"

static const char temporary[] =
    "PRAGMA temp_store = MEMORY;"
    "CREATE TEMP TABLE IF NOT EXISTS changed (kind TEXT NOT NULL, key NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;"
    "CREATE TEMP TABLE IF NOT EXISTS touched (key NOT NULL PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE IF NOT EXISTS status (language TEXT, code TEXT, http INTEGER NOT NULL, title TEXT NOT NULL, "
    "sentence TEXT NOT NULL, PRIMARY KEY (language, code)) WITHOUT ROWID;"
    "CREATE TEMP TABLE IF NOT EXISTS language (number INTEGER PRIMARY KEY, tag TEXT NOT NULL, name TEXT NOT NULL, tree TEXT NOT NULL);"
    "SELECT 1 FROM json_each('[]'), json_tree('[]');";	/* they set themselves up at first use, which the guard would refuse */

const char *
pages_why(const struct pages *pages)
{
	return pages->why.text;
}

size_t
pages_count(const struct pages *pages)
{
	return pages->count;
}

struct page *
pages_at(struct pages *pages, size_t i)
{
	return &pages->pages[i];
}

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
		return mustache_fail(reading->why, reading->file, number, "the head wants “-- @page public PATH” or private");
	page->is_private = strcmp(audience, "private") == 0;
	snprintf(page->pattern, sizeof page->pattern, "%s/%s%s", audience, page->tree, path);
	page->escape = escape_kind_of(path);
	return true;
}

static bool	read_include(struct reading *reading, const char *line, unsigned int number);

/* "-- @query NAME": the next query of the page. NULL when it cannot be. */
static struct page_query *
read_query_line(struct reading *reading, const char *line, unsigned int number)
{
	struct page *page = reading->page;
	struct page_query *query = &page->queries[page->n_queries];

	if (page->n_queries == PAGE_QUERIES) {
		mustache_fail(reading->why, reading->file, number, "more than %d queries", PAGE_QUERIES);
		return NULL;
	}
	query->line = number;
	if (sscanf(line, "-- @query%*[ \t]%63[^ \t\r\n]", query->name) != 1) {
		mustache_fail(reading->why, reading->file, number, "a query wants a name");
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
				take_sql(query, start, (size_t)((*end == '\0' ? end : line) - start), reading->file);
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
			return mustache_fail(reading->why, reading->file, number, "“-- @” wants page, query or include");
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
		return mustache_fail(reading->why, reading->file, number, "what is included cannot include");
	if (sscanf(line, "-- @include%*[ \t]%63[A-Za-z0-9_-]", name) != 1)
		return mustache_fail(reading->why, reading->file, number, "an include wants the name of a file in partials/");
	snprintf(path, sizeof path, "%s/%s.sql", reading->pages->partials, name);
	if (!file_read(path, &text))
		return mustache_fail(reading->why, reading->file, number, "%s cannot be read: %s", path, strerror(errno));
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
	if (page->n_queries < PAGE_FIRST_SECTION || strcmp(page->queries[PAGE_KEYS].name, "keys") != 0
	    || strcmp(page->queries[PAGE_PAGE].name, "page") != 0)
		return mustache_fail(reading->why, reading->file, 1, "the first two queries must be “keys” and “page”");
	return true;
}

/* ---- the template beside it ---- */

/* mustache_folder_load, with the words of the language. */
static bool
load_partial(void *handle, const char *name, size_t length, struct buffer *file, struct buffer *text, bool *is_there,
    struct mustache_error *why)
{
	struct page_words *words = handle;

	if (!mustache_folder_load(&words->folder, name, length, file, text, is_there, why))
		return false;
	return !*is_there || messages_fill(tongues_at(words->tongues, words->language), buffer_text(file), text, why);
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

		words->folder = (struct mustache_folder){ .path = pages->partials, .extension = kind->extension };
		words->tongues = &pages->tongues;
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
		return mustache_fail(reading->why, reading->file, 1, "the path of a page wants an extension");
	extension++;
	kind = find_kind(reading->pages, extension, page->escape);
	if (kind == NULL)
		return mustache_fail(reading->why, reading->file, 1, "there are more than %d kinds of file", PAGE_KINDS);
	page->texts = calloc(reading->pages->tongues.count, sizeof *page->texts);
	if (page->texts == NULL)
		buffer_fail();
	for (i = 0; i < reading->pages->tongues.count; i++)
		page->texts[i].set = &kind->words[i].set;
	snprintf(path, sizeof path, "%s/pages/%s.%s", reading->pages->templates, page->source, extension);
	page->has_template = file_exists(path);
	return true;
}

/* Read and parse the file at `path`, with the words of language number `language`. */
static bool
parse_template(const struct pages *pages, struct page *page, size_t language, const char *path, struct mustache_error *why)
{
	struct page_text *made = &page->texts[language];
	struct buffer text = { 0 };
	bool is_done;

	mustache_clear(&made->template);
	if (!file_read(path, &text))
		is_done = mustache_fail(why, path, 0, "cannot be read: %s", strerror(errno));
	else
		is_done = messages_fill(tongues_at(&pages->tongues, language), path, &text, why)
		    && mustache_parse(&made->template, path, text.data, text.length, &made->set->options, why);
	buffer_clear(&text);
	return is_done;
}

bool
page_read_template(struct pages *pages, struct page *page, size_t language, struct mustache_error *why)
{
	struct page_text *text = &page->texts[language];
	char path[4096];

	if (text->is_read)
		return true;
	snprintf(path, sizeof path, "%s/pages/%s.%s", pages->templates, page->source, strrchr(page->pattern, '.') + 1);
	if (page->has_template)
		return text->is_read = parse_template(pages, page, language, path, why);
	if (page_column(&page->queries[PAGE_PAGE], "body", 4) >= 0)
		return true;
	return mustache_fail(why, page->queries[PAGE_PAGE].file, 1, "there is no %s, and the page query offers no “body”", path);
}

/* Read and check the template in one language. */
static bool
make_ready(struct pages *pages, struct page *page, size_t language)
{
	if (page->texts[language].is_checked)
		return true;
	if (!page_read_template(pages, page, language, &pages->why) || !page_check(pages, page, language, &pages->why)
	    || !page_check_keys(page, &pages->why))
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
	for (i = page->is_trusted ? PAGE_PAGE : PAGE_KEYS; i < (page->is_trusted ? PAGE_FIRST_SECTION : page->n_queries); i++)
		if (!page_query_prepare(pages, page, &page->queries[i], &pages->why))
			return ST_REFUSED;
	page->language_column = page_column(&page->queries[PAGE_PAGE], "language", 8);
	if (page->is_trusted)
		return ST_OK;
	if (!make_ready(pages, page, page->language))
		return ST_REFUSED;
	for (i = 0; i < pages->tongues.count && page->language_column >= 0 && page->tree[0] == '\0'; i++)
		if (!make_ready(pages, page, i))
			return ST_REFUSED;
	return ST_OK;
}

void
page_trust(struct page *page)
{
	page->is_trusted = true;
}

void
page_rest(struct page *page)
{
	size_t i;

	for (i = 0; i < page->n_queries; i++)
		page_query_rest(&page->queries[i]);
}

/* ---- all of them ---- */

/* The section {{#languages}}, of which a page that is no reader's to choose has nothing. */
static void
add_languages(struct page *page)
{
	static const char sql[] = "SELECT tag AS other, name AS other_name, tree || :here AS other_path, tag = :language AS is_here, "
	    "address || '/' || tree || :here AS other_address, address || '/' || :here AS first_address, "
	    "number = (SELECT max(number) FROM temp.language) AS is_last FROM temp.language JOIN public_club WHERE %s ORDER BY number";
	struct page_query *query = &page->queries[page->n_queries];

	if (!page->has_template || page->escape != ESCAPE_HTML || page->n_queries == PAGE_QUERIES || page_section(page, "languages", 9) != NULL)
		return;
	page->n_queries++;
	snprintf(query->name, sizeof query->name, "languages");
	query->file = strdup("languages");
	if (query->file == NULL || asprintf(&query->sql, sql, page->is_private ? "0" : "1") < 0)
		buffer_fail();
}

/* Read FILE_NAME, a page in language number `language`, below `tree`. */
static bool
load_page(struct pages *pages, struct page *page, const char *file_name, size_t language, const char *tree, struct mustache_error *why)
{
	struct buffer text = { 0 };
	char path[4096];
	struct reading reading = { .pages = pages, .page = page, .file = path, .why = why };
	bool is_done;

	snprintf(path, sizeof path, "%s/pages/%s", pages->templates, file_name);
	snprintf(page->source, sizeof page->source, "%.*s", (int)(strlen(file_name) - 4), file_name);
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
		add_languages(page);
	}
	buffer_clear(&text);
	return is_done;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_sql(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 4 && strcmp(entry->d_name + length - 4, ".sql") == 0;
}

/* Runs that the clock can have moved, and the arguments of the run_* functions. */
#define NEAR	"date BETWEEN date_add(min(:then_day, :today), -3) AND date_add(max(:then_day, :today), 3) "
#define WINDOW	"date, start, end, zone, opens_min, closes_min"

/* The statements of the engine itself. */
static const char *const engine[ENGINE_END] = {
	[ENGINE_TOUCH] = "INSERT INTO temp.touched (key) VALUES (:key) ON CONFLICT DO NOTHING",
	[ENGINE_UNTOUCH] = "DELETE FROM temp.touched",
	[ENGINE_CHANGED] = "INSERT INTO temp.changed (kind, key) SELECT kind, key FROM main.change WHERE id > :since "
	    "UNION SELECT kind, key FROM main.event_change WHERE event_id > :event",
	[ENGINE_UNCHANGE] = "DELETE FROM temp.changed",
	[ENGINE_LOG] = "SELECT coalesce((SELECT max(id) FROM main.change), 0), coalesce((SELECT max(id) FROM main.event), 0), "
	    "coalesce((SELECT max(id) FROM main.change WHERE kind = 'club'), 0)",
	[ENGINE_PRESENT] = "SELECT DISTINCT kind FROM temp.changed",
	[ENGINE_STATE] = "INSERT INTO temp.changed (kind, key) SELECT 'state', id FROM main.run WHERE " NEAR
	    "AND (run_state(" WINDOW ", cancelled_at IS NOT NULL, :then) <> run_state(" WINDOW ", cancelled_at IS NOT NULL, :now) "
	    "OR run_is_over(" WINDOW ", :then) <> run_is_over(" WINDOW ", :now))",
	[ENGINE_SETTLED] = "INSERT INTO temp.changed (kind, key) SELECT 'settled', id FROM main.run WHERE " NEAR
	    "AND run_is_over(" WINDOW ", :then) <> run_is_over(" WINDOW ", :now)",
	[ENGINE_MINUTE] = "INSERT INTO temp.changed (kind, key) SELECT 'minute', id FROM main.run WHERE " NEAR
	    "AND :then / 60 <> :now / 60 AND 'open' IN (run_state(" WINDOW ", cancelled_at IS NOT NULL, :then), "
	    "run_state(" WINDOW ", cancelled_at IS NOT NULL, :now))",
	[ENGINE_SLOT] = "INSERT INTO temp.changed (kind, key) SELECT 'slot', id FROM main.run WHERE " NEAR
	    "AND NOT is_single AND slot_at(:then, interval_s) <> slot_at(:now, interval_s) "
	    "AND run_state(" WINDOW ", cancelled_at IS NOT NULL, :now) = 'open'",
	[ENGINE_TODAY] = "WITH RECURSIVE d(day) AS (SELECT min(:then_day, :today) WHERE :then_day <> :today "
	    "UNION ALL SELECT date_add(day, 1) FROM d WHERE day < max(:then_day, :today)) "
	    "INSERT INTO temp.changed (kind, key) SELECT 'today', day FROM d",
	[ENGINE_OVER] = "INSERT INTO temp.changed (kind, key) SELECT DISTINCT 'settled', r.id FROM temp.changed AS c "
	    "JOIN main.run AS r ON r.id = c.key WHERE c.kind IN ('count', 'debut', 'milestone') "
	    "AND run_is_over(" WINDOW ", :now) ON CONFLICT DO NOTHING",
	[ENGINE_PAST] = "INSERT INTO temp.changed (kind, key) SELECT 'past', key FROM temp.changed WHERE kind = 'record' "
	    "AND EXISTS (SELECT 1 FROM temp.changed WHERE kind IN ('settled', 'list'))",
	[ENGINE_SPOKEN] = "SELECT language, languages, coalesce((SELECT group_concat(language) FROM (SELECT DISTINCT language FROM main.\"group\" "
	    "WHERE language IS NOT NULL ORDER BY language)), '') FROM main.club",
};

struct rows *
page_engine(struct pages *pages, enum page_engine number)
{
	struct rows **rows = &pages->engine[number];

	if (*rows == NULL && driver_prepare(pages->driver, engine[number], NULL, rows) != ST_OK)
		return NULL;
	rows_reset(*rows);
	return *rows;
}

/* The words of a verdict in a language; English's where nobody wrote them. */
static const char *
verdict_text(const struct messages *messages, const struct status_info *info, const char *part, const char *english)
{
	char key[64];
	const char *text;

	snprintf(key, sizeof key, "said_%s%s", info->code, part);
	text = messages_text(messages, key);
	return text == NULL ? english : text;
}

/* temp.status: the verdicts of core/status.c in each language, for pages about them. */
static enum status
fill_status(struct pages *pages)
{
	const size_t count = pages->tongues.count * ST_END;
	struct rows *rows;
	enum status status;
	size_t i;

	status = driver_prepare(pages->driver, "INSERT INTO temp.status (language, code, http, title, sentence) "
	    "VALUES (:language, :code, :http, :title, :sentence) ON CONFLICT DO UPDATE SET title = excluded.title, sentence = excluded.sentence",
	    NULL, &rows);
	for (i = 0; i < count && status == ST_OK; i++) {
		const struct messages *messages = tongues_at(&pages->tongues, i / ST_END);
		const struct status_info *info = status_info((enum status)(i % ST_END));

		rows_bind_text(rows, "language", messages->tag);
		rows_bind_text(rows, "code", info->code);
		rows_bind_int(rows, "http", info->http);
		rows_bind_text(rows, "title", verdict_text(messages, info, "_title", info->title));
		rows_bind_text(rows, "sentence", verdict_text(messages, info, "", info->sentence));
		status = rows_run(rows);
	}
	rows_free(rows);
	return status;
}

/* temp.language: what a reader may choose, where there is a choice. The club's own is the first, below no folder unless it has one too. */
static enum status
fill_languages(struct pages *pages)
{
	struct rows *rows;
	const char *name;
	char tree[PAGE_TREE_SIZE];
	enum status status = driver_run(pages->driver, "DELETE FROM temp.language");
	size_t i, count = pages->first_tree + pages->n_trees;

	if (status != ST_OK || pages->n_trees == 0)
		return status;
	status = driver_prepare(pages->driver, "INSERT INTO temp.language (tag, name, tree) VALUES (:tag, :name, :tree)", NULL, &rows);
	for (i = 0; i < count && status == ST_OK; i++) {
		const struct messages *messages = tongues_at(&pages->tongues, i);

		name = messages_text(messages, "language_name");
		snprintf(tree, sizeof tree, "%s/", messages->tag);
		rows_bind_text(rows, "tag", messages->tag);
		rows_bind_text(rows, "name", name != NULL && (messages->own != NULL || strncmp(messages->tag, "en", 2) == 0) ? name : messages->tag);
		rows_bind_text(rows, "tree", i < pages->first_tree ? "" : tree);
		status = rows_run(rows);
	}
	rows_free(rows);
	return status;
}

bool
page_load(struct pages *pages, struct page *page, struct mustache_error *why)
{
	char file_name[PAGE_NAME_SIZE + 8], tree[PAGE_TREE_SIZE];

	if (page->is_loaded)
		return true;
	snprintf(file_name, sizeof file_name, "%s.sql", page->source);
	memcpy(tree, page->tree, sizeof tree);
	return load_page(pages, page, file_name, page->language, tree, why);
}

/* The order of load_all: that of the files, then as they are, then by language. */
static int
compare_pages(const void *a, const void *b)
{
	const struct page *one = a, *other = b;
	const char *at = one->source, *to = other->source;

	for (; *at == *to && *at != '\0'; at++, to++)
		;
	if (*at != *to)
		return (*at == '\0' ? '.' : (unsigned char)*at) - (*to == '\0' ? '.' : (unsigned char)*to);
	if ((one->tree[0] == '\0') != (other->tree[0] == '\0'))
		return one->tree[0] == '\0' ? -1 : 1;
	return (one->language > other->language) - (one->language < other->language);
}

/* The pages as they were remembered. */
static void
recall_all(struct pages *pages, const struct pages_memory *memory)
{
	size_t i, language;

	pages->is_remembered = true;
	memcpy(pages->assets, memory->assets, sizeof pages->assets);
	pages->pages = calloc(memory->count + 1, sizeof *pages->pages);
	if (pages->pages == NULL)
		buffer_fail();
	for (i = 0; i < memory->count; i++) {
		const struct page_memory *from = &memory->list[i];
		struct page *page = &pages->pages[pages->count++];
		const char *slash = strchr(from->name, '/'), *source = slash == NULL ? from->name : slash + 1;

		snprintf(page->name, sizeof page->name, "%s", from->name);
		snprintf(page->source, sizeof page->source, "%.*s", (int)sizeof page->source - 1, source);
		snprintf(page->tree, sizeof page->tree, "%.*s", (int)(source - from->name), from->name);
		for (language = 0; language < pages->tongues.count && slash != NULL; language++)
			if (strncmp(pages->tongues.list[language].tag, page->tree, (size_t)(slash - from->name)) == 0
			    && pages->tongues.list[language].tag[slash - from->name] == '\0')
				page->language = language;
		memcpy(page->hash, from->hash, sizeof page->hash);
		page->kinds = from->kinds;
		page->is_trusted = true;
	}
	qsort(pages->pages, pages->count, sizeof *pages->pages, compare_pages);
}

/* Is it a page that readers may have in another language? */
static bool
is_chosen(const struct page *page)
{
	return !page->is_private && page->has_template && page->escape == ESCAPE_HTML && strcmp(page->pattern, "public/404.html") != 0;
}

/* Read one page: as it is in nobody's choice, then in each language that readers may choose. */
static bool
load_trees(struct pages *pages, const char *file_name, struct mustache_error *why)
{
	const struct page *first = &pages->pages[pages->count];
	char tree[PAGE_TREE_SIZE];
	size_t i;

	if (!load_page(pages, &pages->pages[pages->count++], file_name, 0, "", why))
		return false;
	for (i = pages->first_tree; i < pages->first_tree + pages->n_trees && is_chosen(first); i++) {
		snprintf(tree, sizeof tree, "%s/", pages->tongues.list[i].tag);
		if (!load_page(pages, &pages->pages[pages->count++], file_name, i, tree, why))
			return false;
	}
	return true;
}

static enum status
load_all(struct pages *pages, struct mustache_error *why)
{
	struct dirent **entries;
	char folder[4096];
	int i, count;
	bool is_done = true;

	snprintf(folder, sizeof folder, "%s/pages", pages->templates);
	count = scandir(folder, &entries, is_sql, by_name);
	if (count < 0) {
		mustache_fail(why, folder, 0, "%s; --templates says where the templates are",
		    strerror(errno));
		return ST_UNKNOWN;
	}
	pages->pages = calloc((size_t)count * (1 + pages->n_trees) + 1, sizeof *pages->pages);
	if (pages->pages == NULL)
		buffer_fail();
	for (i = 0; i < count; i++) {
		if (is_done)
			is_done = load_trees(pages, entries[i]->d_name, why);
		free(entries[i]);
	}
	free(entries);
	if (is_done)
		pages_hash(pages);
	return is_done ? ST_OK : ST_REFUSED;
}

/* The languages of club and groups as the database has them, "LANGUAGE;OFFERED,…;OFAGROUP,…"; NULL when it cannot be read. */
static char *
read_languages(struct pages *pages)
{
	struct rows *spoken = page_engine(pages, ENGINE_SPOKEN);
	char *languages = NULL;

	if (spoken == NULL)
		return NULL;
	if (rows_step(spoken) == ST_OK && asprintf(&languages, "%s;%s;%s", rows_text(spoken, 0, NULL), rows_text(spoken, 1, NULL),
	    rows_text(spoken, 2, NULL)) < 0)
		buffer_fail();
	rows_reset(spoken);
	return languages;
}

bool
pages_is_current(struct pages *pages)
{
	char *languages = read_languages(pages);
	bool is_current = languages != NULL && strcmp(languages, pages->languages) == 0;

	free(languages);
	return is_current;
}

/* Is `item` one of "a,b,c"? */
static bool
has_item(const char *list, const char *item)
{
	size_t length = strlen(item);

	for (; *list != '\0'; list += strcspn(list, ","), list += *list == ',')
		if (strncmp(list, item, length) == 0 && strchr(",", list[length]) != NULL)
			return true;
	return false;
}

/* Load the words of a language, unless they are there; without `why` later, when they are needed. */
static bool
add_tongue(struct pages *pages, const char *tag, struct mustache_error *why)
{
	struct tongues *tongues = &pages->tongues;
	size_t i;

	for (i = 0; i < tongues->count; i++)
		if (strcmp(tongues->list[i].tag, tag) == 0)
			return true;
	tongues->list = reallocarray(tongues->list, tongues->count + 1, sizeof *tongues->list);
	if (tongues->list == NULL)
		buffer_fail();
	if (why == NULL)
		messages_defer(&tongues->list[tongues->count], pages->templates, tag);
	else if (!messages_load(&tongues->list[tongues->count], pages->templates, tag, why))
		return false;
	tongues->count++;
	return true;
}

static bool
add_tongues(struct pages *pages, char *list, struct mustache_error *why)
{
	char *rest, *tag;

	for (tag = strtok_r(list, ",", &rest); tag != NULL; tag = strtok_r(NULL, ",", &rest))
		if (!add_tongue(pages, tag, why))
			return false;
	return true;
}

/*
 * The words of all languages: the club's, those it offers, those of groups. Where a group has one of its own, its pages in the club's language stand below a
 * folder as well, so that each language that may be chosen has all pages.
 */
static enum status
load_messages(struct pages *pages, struct mustache_error *why)
{
	char *copy, *offered, *of_groups;
	bool is_done, is_own;

	copy = strdup(pages->languages);
	if (copy == NULL)
		buffer_fail();
	offered = strchr(copy, ';');
	*offered++ = '\0';
	of_groups = strchr(offered, ';');
	*of_groups++ = '\0';
	is_done = add_tongue(pages, copy, why);
	is_own = (*of_groups != '\0' && strcmp(of_groups, copy) != 0) || has_item(offered, copy);
	is_done = is_done && add_tongues(pages, offered, why);
	if (is_done && pages->tongues.count > 1) {
		pages->first_tree = is_own ? 0 : 1;
		pages->n_trees = pages->tongues.count - pages->first_tree;
	}
	is_done = is_done && add_tongues(pages, of_groups, why);
	free(copy);
	return is_done ? ST_OK : ST_REFUSED;
}

enum status
page_set_up(struct pages *pages, const char *sql)
{
	enum status status = ST_OK;

	if (!pages->has_status && strstr(sql, "temp.status") != NULL) {
		status = fill_status(pages);
		pages->has_status = status == ST_OK;
	}
	if (status == ST_OK && !pages->has_language && strstr(sql, "temp.language") != NULL) {
		status = fill_languages(pages);
		pages->has_language = status == ST_OK;
	}
	return status;
}

enum status
pages_speak(struct pages *pages)
{
	enum status status = function_add_all(pages->driver, &pages->tongues);

	if (status == ST_OK && pages->has_status)
		status = fill_status(pages);
	return status == ST_OK && pages->has_language ? fill_languages(pages) : status;
}

/* Words and pages, read or recalled. */
static enum status
load(struct pages *pages, const struct pages_memory *memory, struct mustache_error *why)
{
	static const uint8_t none[MANIFEST_HASH_BYTES];
	enum status status;

	if (!pages_take_stamp(pages, why))
		return ST_UNKNOWN;
	if (memory == NULL || memory->count == 0 || memcmp(pages->stamp, none, sizeof none) == 0
	    || memcmp(pages->stamp, memory->stamp, sizeof memory->stamp) != 0) {
		status = load_messages(pages, why);
		return status == ST_OK ? load_all(pages, why) : status;
	}
	status = load_messages(pages, NULL);
	recall_all(pages, memory);
	return status;
}

enum status
pages_load(struct driver *driver, const char *templates, const struct pages_memory *memory, struct pages **loaded, struct mustache_error *why)
{
	struct pages *pages;
	enum status status;

	*loaded = pages = calloc(1, sizeof *pages);
	if (pages == NULL)
		buffer_fail();
	pages->driver = driver;
	pages->templates = strdup(templates);
	if (pages->templates == NULL || asprintf(&pages->partials, "%s/partials", templates) < 0)
		buffer_fail();
	status = driver_run(driver, temporary);
	if (status == ST_OK)
		status = function_add_all(driver, &pages->tongues);
	if (status == ST_OK)
		status = driver_prepare(driver, "SELECT * FROM public_club", NULL, &pages->club.rows);
	if (status == ST_OK) {
		page_query_columns(&pages->club);
		pages->languages = read_languages(pages);
	}
	if (pages->languages != NULL)
		return load(pages, memory, why);
	snprintf(why->text, sizeof why->text, "%s", driver_why(driver));
	return status == ST_OK ? ST_FAULT : status;
}

static void
page_clear(const struct pages *pages, struct page *page)
{
	size_t i;

	for (i = 0; i < page->n_queries; i++)
		page_query_clear(&page->queries[i]);
	for (i = 0; i < pages->tongues.count && page->texts != NULL; i++)
		mustache_clear(&page->texts[i].template);
	free(page->texts);
}

static void
kind_clear(const struct pages *pages, struct page_kind *kind)
{
	size_t i;

	for (i = 0; i < pages->tongues.count && kind->words != NULL; i++)
		mustache_set_clear(&kind->words[i].set);
	free(kind->words);
}

void
pages_clear(struct pages *pages)
{
	size_t i;

	if (pages == NULL)
		return;
	for (i = 0; i < pages->count; i++)
		page_clear(pages, &pages->pages[i]);
	for (i = 0; i < pages->n_kinds; i++)
		kind_clear(pages, &pages->kinds[i]);
	for (i = 0; i < ENGINE_END; i++)
		rows_free(pages->engine[i]);
	page_query_clear(&pages->club);
	for (i = 0; i < pages->tongues.count; i++)
		messages_clear(&pages->tongues.list[i]);
	free(pages->tongues.list);
	free(pages->languages);
	free(pages->pages);
	free(pages->templates);
	free(pages->partials);
	free(pages);
}
