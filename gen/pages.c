// SPDX-License-Identifier: ISC
/*
 * pages.c: all pages of a templates folder on one connection: which there are, in which languages,
 * and the engine's own statements.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/sql.h"
#include "gen/function.h"
#include "gen/page_inside.h"

static const char temporary[] =
    "PRAGMA temp_store = MEMORY;"
    "CREATE TEMP TABLE IF NOT EXISTS changed (kind TEXT NOT NULL, key NOT NULL, PRIMARY KEY "
    "(kind, key)) WITHOUT ROWID;CREATE TEMP TABLE IF NOT EXISTS touched (key NOT NULL PRIMARY "
    "KEY) WITHOUT ROWID;";
/* They set themselves up at first use, which the guard would refuse. */
static const char temporary_json[] = "SELECT 1 FROM json_each('[]'), json_tree('[]');";
static const char temporary_line[] = "SELECT 1 FROM each_line('');";

/* What few pages ask, made for the first that does (page_set_up). */
static const char temporary_status[] =
    "CREATE TEMP TABLE IF NOT EXISTS status (language TEXT, code TEXT, http INTEGER NOT NULL, "
    "title TEXT NOT NULL, sentence TEXT NOT NULL, PRIMARY KEY (language, code)) WITHOUT ROWID;";
static const char temporary_language[] =
    "CREATE TEMP TABLE IF NOT EXISTS language (number INTEGER PRIMARY KEY, tag TEXT NOT NULL, "
    "name TEXT NOT NULL, tree TEXT NOT NULL);"
    "DELETE FROM temp.language;";

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

/* ---- the engine's own statements ---- */

/* Runs that the clock can have moved, and the arguments of the run_* functions. */
#define NEAR	"date BETWEEN date_add(min(:then_day, :today), -3) AND date_add(max(:then_day, :today), 3) "
#define WINDOW	"date, start, end, zone, opens_min, closes_min"

/* The statements of the engine itself. */
static const char *const engine[ENGINE_END] = {
	[ENGINE_TOUCH] = "INSERT INTO temp.touched (key) VALUES (:key) ON CONFLICT DO NOTHING",
	[ENGINE_UNTOUCH] = "DELETE FROM temp.touched",
	[ENGINE_CHANGED] = "INSERT INTO temp.changed (kind, key) SELECT kind, key FROM "
	    "main.change WHERE id > :since UNION SELECT kind, key FROM main.event_change WHERE "
	    "event_id > :event",
	[ENGINE_UNCHANGE] = "DELETE FROM temp.changed",
	[ENGINE_LOG] = "SELECT coalesce((SELECT max(id) FROM main.change), 0), coalesce((SELECT "
	    "max(id) FROM main.event), 0), coalesce((SELECT max(id) FROM main.change WHERE kind = "
	    "'club'), 0)",
	[ENGINE_PRESENT] = "SELECT DISTINCT kind FROM temp.changed",
	[ENGINE_STATE] = "INSERT INTO temp.changed (kind, key) SELECT 'state', id FROM main.run "
	    "WHERE " NEAR "AND (run_state(" WINDOW ", cancelled_at IS NOT NULL, :then) <> "
	    "run_state(" WINDOW ", cancelled_at IS NOT NULL, :now) "
	    "OR run_is_over(" WINDOW ", :then) <> run_is_over(" WINDOW ", :now))",
	[ENGINE_SETTLED] = "INSERT INTO temp.changed (kind, key) SELECT 'settled', id FROM "
	    "main.run WHERE " NEAR
	    "AND run_is_over(" WINDOW ", :then) <> run_is_over(" WINDOW ", :now)",
	[ENGINE_MINUTE] = "INSERT INTO temp.changed (kind, key) SELECT 'minute', id FROM main.run "
	    "WHERE " NEAR "AND :then / 60 <> :now / 60 AND 'open' IN "
	    "(run_state(" WINDOW ", cancelled_at IS NOT NULL, :then), "
	    "run_state(" WINDOW ", cancelled_at IS NOT NULL, :now))",
	[ENGINE_SLOT] = "INSERT INTO temp.changed (kind, key) SELECT 'slot', id FROM main.run "
	    "WHERE " NEAR "AND NOT is_single AND slot_at(:then, interval_s) <> slot_at(:now, "
	    "interval_s) AND run_state(" WINDOW ", cancelled_at IS NOT NULL, :now) = 'open'",
	[ENGINE_TODAY] = "WITH RECURSIVE d(day) AS (SELECT min(:then_day, :today) WHERE :then_day "
	    "<> :today UNION ALL SELECT date_add(day, 1) FROM d WHERE day < max(:then_day, "
	    ":today)) INSERT INTO temp.changed (kind, key) SELECT 'today', day FROM d",
	[ENGINE_OVER] = "INSERT INTO temp.changed (kind, key) SELECT DISTINCT 'settled', r.id "
	    "FROM temp.changed AS c JOIN main.run AS r ON r.id = c.key WHERE c.kind IN ('count', "
	    "'debut', 'milestone') AND run_is_over(" WINDOW ", :now) ON CONFLICT DO NOTHING",
	[ENGINE_PAST] = "INSERT INTO temp.changed (kind, key) "
	    "SELECT 'past', key FROM temp.changed WHERE kind = 'record'",
	[ENGINE_NOT_OWN] = "DELETE FROM temp.changed WHERE kind = 'record' "
	    "AND NOT EXISTS (SELECT 1 FROM main.person WHERE id = key AND capability IS NOT NULL)",
	[ENGINE_MONTH] = "SELECT coalesce(sum(came), 0) FROM main.public_count "
	    "WHERE date BETWEEN :month || '-01' AND :month || '-31'",
	[ENGINE_MONTHS] = "SELECT substr(r.date, 1, 7) FROM temp.changed AS c "
	    "JOIN main.run AS r ON r.id = c.key WHERE c.kind = 'count' UNION SELECT substr(key, "
	    "1, 7) FROM temp.changed WHERE kind = 'date'",
	[ENGINE_BEGINNING] = "INSERT INTO temp.beginning (person_id, group_id, level, first) "
	    "SELECT a.person_id, r.group_id, CASE WHEN a.status IN ('present', 'late') THEN "
	    "proof_level(a.proof) ELSE -1 END, r.date FROM (SELECT id, group_id, date FROM "
	    "main.run WHERE cancelled_at IS NULL AND run_is_over(" WINDOW ", :now) "
	    "ORDER BY date LIMIT -1) AS r CROSS JOIN main.attendance AS a ON a.run_id = r.id "
	    "WHERE true ON CONFLICT DO UPDATE SET second = coalesce(second, excluded.first), "
	    "third = CASE WHEN second IS NOT NULL THEN excluded.first END WHERE third IS NULL",
	[ENGINE_UNBEGIN] = "DELETE FROM temp.beginning",
	[ENGINE_SPOKEN] = "SELECT language, languages, coalesce((SELECT group_concat(language) "
	    "FROM (SELECT DISTINCT language FROM main.\"group\" "
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

/* ---- sums of months ---- */

static struct page_month *
find_month(struct pages *pages, const char *month)
{
	struct page_month *at;

	for (at = pages->months; at < pages->months + pages->n_months; at++)
		if (strcmp(at->month, month) == 0)
			return at;
	return NULL;
}

/* came_in(month): added up when it is first asked for, and again behind a change. */
static void
sql_came_in(struct sql_call *call)
{
	const struct pages *handle = sql_call_handle(call);
	struct pages *pages = handle->self;
	const char *month = sql_call_text(call, 0);
	struct page_month *kept;
	struct rows *rows;

	if (month == NULL || strlen(month) >= sizeof kept->month) {
		sql_call_fail(call, "came_in: no month");
		return;
	}
	kept = find_month(pages, month);
	if (kept == NULL) {
		rows = page_engine(pages, ENGINE_MONTH);
		rows_bind_text(rows, "month", month);
		if (rows_step(rows) != ST_OK) {
			sql_call_fail(call, driver_why(pages->driver));
			return;
		}
		pages->n_months %= PAGE_MONTHS;
		kept = &pages->months[pages->n_months++];
		snprintf(kept->month, sizeof kept->month, "%s", month);
		kept->came = rows_int(rows, 0);
		rows_reset(rows);
	}
	sql_call_give_int(call, kept->came);
}

enum status
pages_follow_months(struct pages *pages)
{
	struct rows *rows;
	struct page_month *kept;
	enum status status = ST_OK;

	if (pages->clock.since == 0 || pages->clock.since != pages->summed.change
	    || pages->clock.event != pages->summed.event)
		pages->n_months = 0;	/* somebody else published meanwhile, or nobody did */
	pages->summed = pages->log;
	if (pages->n_months == 0)
		return ST_OK;
	rows = page_engine(pages, ENGINE_MONTHS);
	while ((status = rows_step(rows)) == ST_OK)
		if ((kept = find_month(pages, rows_text(rows, 0, NULL))) != NULL)
			*kept = pages->months[--pages->n_months];
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

/* The functions of function.h, and that of ours. */
static enum status
add_functions(struct pages *pages)
{
	enum status status = function_add_all(pages->driver, &pages->tongues);

	return status == ST_OK ? sql_function_add(pages->driver, "came_in", 1, sql_came_in, pages)
	    : status;
}

/* The words of a verdict in a language; English's where nobody wrote them. */
static const char *
verdict_text(const struct messages *messages, const struct status_info *info, const char *part,
    const char *english)
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

	status = driver_run(pages->driver, temporary_status);
	if (status != ST_OK)
		return status;
	status = driver_prepare(pages->driver,
	    "INSERT INTO temp.status (language, code, http, title, sentence) "
	    "VALUES (:language, :code, :http, :title, :sentence) ON CONFLICT DO UPDATE SET title "
	    "= excluded.title, sentence = excluded.sentence",
	    NULL, &rows);
	for (i = 0; i < count && status == ST_OK; i++) {
		const struct messages *messages = tongues_words(&pages->tongues, i / ST_END);
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

/*
 * temp.language: what a reader may choose, where there is a choice. The club's own is the first,
 * below no folder unless it has one too.
 */
static enum status
fill_languages(struct pages *pages)
{
	struct rows *rows;
	const char *name;
	char tree[PAGE_TREE_SIZE];
	enum status status = driver_run(pages->driver, temporary_language);
	size_t i, count = pages->first_tree + pages->n_trees;

	if (status != ST_OK || pages->n_trees == 0)
		return status;
	status = driver_prepare(pages->driver,
	    "INSERT INTO temp.language (tag, name, tree) VALUES (:tag, :name, :tree)", NULL, &rows);
	for (i = 0; i < count && status == ST_OK; i++) {
		const struct messages *messages = tongues_words(&pages->tongues, i);

		name = messages_text(messages, "language_name");
		snprintf(tree, sizeof tree, "%s/", messages->tag);
		rows_bind_text(rows, "tag", messages->tag);
		rows_bind_text(rows,
		    "name", name != NULL &&
		    (messages->own != NULL || strncmp(messages->tag, "en", 2) == 0) ? name
		    : messages->tag);
		rows_bind_text(rows, "tree", i < pages->first_tree ? "" : tree);
		status = rows_run(rows);
	}
	rows_free(rows);
	return status;
}

/* ---- loading ---- */

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
is_sql(const char *name)
{
	size_t length = strlen(name);

	return length > 4 && strcmp(name + length - 4, ".sql") == 0;
}

static int
is_source(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	    (is_sql(entry->d_name) || escape_kind_of(entry->d_name) != ESCAPE_NONE);
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
		return (*at == '\0' ? '.' : (unsigned char)*at) - (*to == '\0' ? '.'
		    : (unsigned char)*to);
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
	pages->text = memory->text;
	pages->text_handle = memory->handle;
	memcpy(pages->assets, memory->assets, sizeof pages->assets);
	pages->pages = calloc(memory->count + 1, sizeof *pages->pages);
	if (pages->pages == NULL)
		buffer_fail();
	for (i = 0; i < memory->count; i++) {
		const struct page_memory *from = &memory->list[i];
		struct page *page = &pages->pages[pages->count++];
		const char *slash = strchr(from->name, '/'),
		    *source = slash == NULL ? from->name : slash + 1;

		snprintf(page->name, sizeof page->name, "%s", from->name);
		snprintf(page->source, sizeof page->source, "%.*s", (int)sizeof page->source - 1,
		    source);
		snprintf(page->tree, sizeof page->tree, "%.*s", (int)(source - from->name),
		    from->name);
		for (language = 0; language < pages->tongues.count && slash != NULL; language++)
			if (strncmp(pages->tongues.list[language].tag, page->tree,
			    (size_t)(slash - from->name)) == 0
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
	return !page->is_private && page->has_template && page->escape == ESCAPE_HTML &&
	    strcmp(page->pattern, "public/404.html") != 0;
}

/* Read one page: as it is in nobody's choice, then in each language that readers may choose. */
static bool
load_trees(struct pages *pages, const char *file_name, struct mustache_error *why)
{
	const struct page *first = &pages->pages[pages->count];
	char tree[PAGE_TREE_SIZE];
	size_t i;

	if (!page_read(pages, &pages->pages[pages->count++], file_name, 0, "", why))
		return false;
	for (i = pages->first_tree; i < pages->first_tree + pages->n_trees && is_chosen(first);
	    i++) {
		snprintf(tree, sizeof tree, "%s/", pages->tongues.list[i].tag);
		if (!page_read(pages, &pages->pages[pages->count++], file_name, i, tree, why))
			return false;
	}
	return true;
}

/*
 * The template `name` has its .sql beside it. Where that was deleted alone, its pages must not go
 * from the site; where both were, nobody wants them.
 */
static bool
check_pair(const char *folder, const char *name, struct mustache_error *why)
{
	int length = (int)(strrchr(name, '.') - name);
	char path[4096 + 256], sql[4096 + 256];

	snprintf(sql, sizeof sql, "%s/%.*s.sql", folder, length, name);
	if (access(sql, F_OK) == 0)
		return true;
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return mustache_fail(why, path, 1, "there is no %s, which says what the page knows", sql);
}

static enum status
load_all(struct pages *pages, struct mustache_error *why)
{
	struct dirent **entries;
	char folder[4096];
	int i, count;
	bool is_done = true;

	snprintf(folder, sizeof folder, "%s/pages", pages->templates);
	count = scandir(folder, &entries, is_source, by_name);
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
			is_done = is_sql(entries[i]->d_name)
			    ? load_trees(pages, entries[i]->d_name, why)
			    : check_pair(folder, entries[i]->d_name, why);
		free(entries[i]);
	}
	free(entries);
	is_done = is_done && pages_check_assets(pages, why);
	if (is_done)
		pages_hash(pages);
	return is_done ? ST_OK : ST_REFUSED;
}

/*
 * The languages of club and groups as the database has them, "LANGUAGE;OFFERED,…;OFAGROUP,…"; NULL
 * when it cannot be read.
 */
static char *
read_languages(struct pages *pages)
{
	struct rows *spoken = page_engine(pages, ENGINE_SPOKEN);
	char *languages = NULL;

	if (spoken == NULL)
		return NULL;
	if (rows_step(spoken) == ST_OK &&
	    asprintf(&languages, "%s;%s;%s", rows_text(spoken, 0, NULL), rows_text(spoken, 1, NULL),
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

/*
 * Load the words of a language, unless they are there; without `why` later, when they are needed.
 */
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
 * The words of all languages: the club's, those it offers, those of groups. Where a group has one
 * of its own, its pages in the club's language stand below a folder as well, so that each language
 * that may be chosen has all pages.
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

	if (!pages->has_json && (strstr(sql, "json_") != NULL || strstr(sql, "JSON_") != NULL)) {
		status = driver_run(pages->driver, temporary_json);
		pages->has_json = status == ST_OK;
	}
	if (status == ST_OK && !pages->has_line && strstr(sql, "each_line") != NULL) {
		status = driver_run(pages->driver, temporary_line);
		pages->has_line = status == ST_OK;
	}
	if (status == ST_OK && !pages->has_status && strstr(sql, "temp.status") != NULL) {
		status = fill_status(pages);
		pages->has_status = status == ST_OK;
	}
	if (status == ST_OK && !pages->has_language && strstr(sql, "temp.language") != NULL) {
		status = fill_languages(pages);
		pages->has_language = status == ST_OK;
	}
	return status == ST_OK ? page_beginning_set_up(pages, sql) : status;
}

enum status
pages_speak(struct pages *pages)
{
	enum status status = add_functions(pages);

	pages->has_line = false;		/* it was added anew */
	pages->beginning.is_filled = false;	/* by the others, perhaps */
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
pages_load(struct driver *driver, const char *templates, const struct pages_memory *memory,
    struct pages **loaded, struct mustache_error *why)
{
	struct pages *pages;
	enum status status;

	*loaded = pages = calloc(1, sizeof *pages);
	if (pages == NULL)
		buffer_fail();
	pages->self = pages;
	pages->driver = driver;
	pages->templates = strdup(templates);
	if (pages->templates == NULL || asprintf(&pages->partials, "%s/partials", templates) < 0)
		buffer_fail();
	status = driver_run(driver, temporary);
	if (status == ST_OK)
		status = add_functions(pages);
	if (status == ST_OK)
		status = driver_prepare(driver, "SELECT * FROM public_club", NULL,
		    &pages->club.rows);
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

static enum status
forget_text(void *handle, const char *file, const char *language, const char *text)
{
	(void)handle, (void)file, (void)language, (void)text;
	return ST_OK;
}

void
pages_clear(struct pages *pages)
{
	size_t i;

	if (pages == NULL)
		return;
	(void)pages_texts(pages, forget_text, NULL);
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
	buffer_clear(&pages->kept.text);
	free(pages);
}
