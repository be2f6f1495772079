// SPDX-License-Identifier: ISC
/*
 * page_query.c: one named query of a page: prepared under the guard of the page's audience, its
 * columns by name, its parameters of the clock and the language.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gen/page_inside.h"

int
page_column(const struct page_query *query, const char *name, size_t length)
{
	int i;

	for (i = 0; i < query->n_columns; i++)
		if (query->columns[i].length == length &&
		    memcmp(query->columns[i].name, name, length) == 0)
			return i;
	return -1;
}

struct page_query *
page_section(struct page *page, const char *name, size_t length)
{
	size_t i;

	for (i = PAGE_FIRST_SECTION; i < page->n_queries; i++)
		if (strlen(page->queries[i].name) == length &&
		    memcmp(page->queries[i].name, name, length) == 0)
			return &page->queries[i];
	return NULL;
}

void
page_query_columns(struct page_query *query)
{
	int i;

	query->n_columns = rows_columns(query->rows);
	query->columns = calloc((size_t)query->n_columns + 1, sizeof *query->columns);
	if (query->columns == NULL)
		buffer_fail();
	for (i = 0; i < query->n_columns; i++) {
		query->columns[i].name = strdup(rows_name(query->rows, i));
		if (query->columns[i].name == NULL)
			buffer_fail();
		query->columns[i].length = strlen(query->columns[i].name);
	}
	query->n_bound = 0;
	query->bound = calloc((size_t)rows_parameters(query->rows) + 1, sizeof *query->bound);
	if (query->bound == NULL)
		buffer_fail();
	for (i = 0; i < rows_parameters(query->rows); i++)
		if (!page_is_clock(rows_parameter(query->rows, i)))
			query->bound[query->n_bound++] = i;
	for (i = 0; i < PAGE_KEPT_VALUES; i++)
		query->keys[i] = page_column(query, query->kept[i], strlen(query->kept[i]));
}

void
page_query_rest(struct page_query *query)
{
	int i;

	for (i = 0; i < query->n_columns; i++)
		free(query->columns[i].name);
	free(query->columns);
	free(query->bound);
	rows_free(query->rows);
	query->columns = NULL;
	query->bound = NULL;
	query->n_columns = 0;
	query->summed = 0;
	query->rows = NULL;
	query->publish = 0;
	query->asked = query->asked_for = 0;
}

void
page_query_clear(struct page_query *query)
{
	page_query_rest(query);
	free(query->file);
	free(query->sql);
}

/* ---- parameters ---- */

void
page_bind_language(const struct pages *pages, const struct page *page, struct rows *rows)
{
	const char *tag = pages->tongues.list[page->language].tag;
	int i;

	for (i = 0; i < rows_parameters(rows); i++) {
		const char *name = rows_parameter(rows, i);

		if (strcmp(name, "language") == 0)
			rows_bind_text(rows, name, tag);
		else if (strcmp(name, "chosen") == 0)
			rows_bind_text(rows, name, page->tree[0] == '\0' ? NULL : tag);
	}
}

void
page_bind_clock(const struct pages *pages, struct rows *rows, int64_t since)
{
	const struct page_clock *clock = &pages->clock;
	int i;

	for (i = 0; i < rows_parameters(rows); i++) {
		const char *name = rows_parameter(rows, i);

		if (strcmp(name, "since") == 0)
			rows_bind_int(rows, name, since);
		else if (strcmp(name, "event") == 0)
			rows_bind_int(rows, name, clock->event);
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

/* ---- who may read what ---- */

static bool
has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool
is_view_for(const struct page *page, const char *name)
{
	return has_prefix(name, "public_") || (page->is_private && has_prefix(name, "private_"));
}

/*
 * The authorizer: views of the page's audience and what stands behind them, the tables of one
 * publish, JSON.
 */
static bool
may_read(void *handle, const char *table, const char *view)
{
	static const char *const free_tables[] = { "changed", "touched", "status", "language",
	    "json_each", "json_tree", "each_line" };
	const struct page *page = handle;
	size_t i;

	if (view != NULL && is_view_for(page, view))
		return true;
	if (is_view_for(page, table))
		return true;
	for (i = 0; i < sizeof free_tables / sizeof free_tables[0]; i++)
		if (strcmp(table, free_tables[i]) == 0)
			return true;
	return page->is_private && strcmp(table, "beginning") == 0;
}

/* The next word, sign or quoted name of SQL: its text without quotes; false at the end. */
static bool
read_token(const char **sql, const char **token, size_t *length)
{
	static const char opening[] = "\"'`[", closing[] = "\"'`]";
	const char *at = *sql, *quote, *end;

	for (;; at++) {
		if (strncmp(at, "--", 2) == 0)
			at = strchrnul(at, '\n');
		else if (strncmp(at, "/*", 2) == 0 && (end = strstr(at + 2, "*/")) != NULL)
			at = end + 1;
		else if (*at == '\0' || strchr(" \t\r\n\f", *at) == NULL)
			break;
		if (*at == '\0')
			break;
	}
	if (*at == '\0')
		return false;
	quote = strchr(opening, *at);
	if (quote != NULL) {
		end = strchrnul(at + 1, closing[quote - opening]);
		*token = at + 1;
		*sql = *end == '\0' ? end : end + 1;
	} else {
		for (end = at; *end == '_' || (*end & 0x80) != 0 || (*end >= '0' && *end <= '9')
		    || ((*end | 0x20) >= 'a' && (*end | 0x20) <= 'z'); end++)
			;
		end += end == at;
		*token = at;
		*sql = end;
	}
	*length = (size_t)(end - *token);
	return true;
}

static bool
is_word(const char *token, size_t length, const char *word)
{
	return length == strlen(word) && strncasecmp(token, word, length) == 0;
}

static bool
begins_with(const char *token, size_t length, const char *word)
{
	return length >= strlen(word) && strncasecmp(token, word, strlen(word)) == 0;
}

/* Does “AS (”, as in WITH name (columns) AS NOT MATERIALIZED (, follow? */
static bool
is_definition(const char *sql)
{
	const char *token;
	size_t length;
	bool is_there = read_token(&sql, &token, &length);

	if (is_there && is_word(token, length, "("))
		while ((is_there = read_token(&sql, &token, &length)) &&
		    !is_word(token, length, ")"))
			;
	if (is_there && is_word(token, length, ")"))
		is_there = read_token(&sql, &token, &length);
	if (!is_there || !is_word(token, length, "AS"))
		return false;
	is_there = read_token(&sql, &token, &length);
	if (is_there && is_word(token, length, "NOT"))
		is_there = read_token(&sql, &token, &length);
	if (is_there && is_word(token, length, "MATERIALIZED"))
		is_there = read_token(&sql, &token, &length);
	return is_there && is_word(token, length, "(");
}

/*
 * Does the query name a part of its own (WITH name AS …) like one of the views? SQLite tells the
 * guard such a name as if it were the view's, so anything could be read through it.
 */
static bool
defines_view(const char *sql)
{
	const char *token;
	size_t length;

	if (strcasestr(sql, "WITH") == NULL)
		return false;
	while (read_token(&sql, &token, &length))
		if ((begins_with(token, length, "public_")
		    || begins_with(token, length, "private_")) && is_definition(sql))
			return true;
	return false;
}

static const char *const kinds[] = { "club", "group", "list", "timetable", "place", "schedule",
    "run", "near", "date", "code", "count",
	"person", "record", "debut", "milestone", "export", "state", "settled", "past", "today",
	"minute", "slot", NULL };

const char *
page_kind_name(size_t i)
{
	return kinds[i];
}

uint32_t
page_kind_bit(const char *name, size_t length)
{
	size_t i;

	for (i = 0; kinds[i] != NULL; i++)
		if (strlen(kinds[i]) == length && memcmp(kinds[i], name, length) == 0)
			return UINT32_C(1) << i;
	return 0;
}

uint32_t
page_query_kinds(const char *sql)
{
	const char *token;
	size_t length;
	uint32_t found = 0;

	if (strstr(sql, ":then") != NULL)
		return 0;
	if (strstr(sql, ":since") != NULL && strcasestr(sql, "FROM") == NULL &&
	    strstr(sql, ":now") == NULL && strstr(sql, ":today") == NULL)
		return PAGE_KIND_NONE;
	while (read_token(&sql, &token, &length))
		if (token[length] == '\'')
			found |= page_kind_bit(token, length);
	return found;
}

bool
page_query_is_of_faces(const char *sql)
{
	const char *token;
	size_t length;

	while (read_token(&sql, &token, &length))
		if (is_word(token, length, "temp") || (begins_with(token, length, "public_")
		    && !is_word(token, length, "public_face"))
		    || begins_with(token, length, "private_"))
			return false;
	return true;
}

/* Prepare `sql`, the query or a part of it. */
static bool
prepare(struct pages *pages, struct page *page, struct page_query *query, const char *sql,
    struct mustache_error *why)
{
	struct driver *driver = pages->driver;
	const char *rest;
	struct rows *more = NULL;
	enum status status;
	bool is_done = true;

	if (defines_view(sql))
		return mustache_fail(why, query->file, query->line,
		    "query “%s”: a name in WITH may not begin with public_ or private_, as the "
		    "views do", query->name);
	status = page_set_up(pages, sql);
	driver_guard(driver, may_read, page);
	if (status == ST_OK)
		status = driver_prepare(driver, sql, &rest, &query->rows);
	if (status == ST_OK && query->rows != NULL)
		status = driver_prepare(driver, rest, NULL, &more);
	driver_guard(driver, NULL, NULL);
	if (status != ST_OK)
		is_done = mustache_fail(why, query->file, query->line, "query “%s”: %s",
		    query->name, driver_why(driver));
	else if (query->rows == NULL || more != NULL || !rows_reads_only(query->rows))
		is_done = mustache_fail(why, query->file, query->line,
		    "query “%s” must be one SELECT", query->name);
	else
		page_query_columns(query);
	rows_free(more);
	if (!is_done)
		page_query_rest(query);
	return is_done;
}

bool
page_query_prepare(struct pages *pages, struct page *page, struct page_query *query,
    struct mustache_error *why)
{
	return query->rows != NULL || prepare(pages, page, query, query->sql, why);
}

/* ---- the parts of a keys query ---- */

#define PARTS	16

/*
 * Cut the query at the UNION ALL that are in no parentheses: *at[i] is where part i begins, behind
 * the words, and *end[i] where it ends. How many there are; 1, the whole, where they do not stand
 * for themselves.
 */
static size_t
cut_parts(const char *sql, const char *at[PARTS], const char *end[PARTS])
{
	static const char *const whole[] = { "WITH", "UNION", "EXCEPT", "INTERSECT", "ORDER",
	    "LIMIT" };
	const char *rest = sql, *token, *next;
	size_t length, count = 1, i;
	int depth = 0;

	at[0] = sql;
	while (read_token(&rest, &token, &length)) {
		depth += *token == '(';
		depth -= *token == ')';
		next = rest;
		if (depth == 0 && count < PARTS && is_word(token, length, "UNION")
		    && read_token(&next, &at[count], &length) && is_word(at[count], length, "ALL")) {
			end[count - 1] = token;
			at[count++] = rest = next;
			continue;
		}
		for (i = 0; depth == 0 && i < sizeof whole / sizeof whole[0]; i++)
			if (is_word(token, length, whole[i]))
				count = 0;
		if (count == 0)
			break;
	}
	end[count == 0 ? 0 : count - 1] = sql + strlen(sql);
	return count == 0 ? 1 : count;
}

/* Does the part matter: when everything is looked at, or when these kinds changed? */
static bool
part_matters(const char *part, bool is_full, uint32_t changes)
{
	const uint32_t waits = page_query_kinds(part);

	if (waits == PAGE_KIND_NONE)
		return is_full;
	if (waits == 0)
		return is_full || strstr(part, ":since = 0") == NULL;
	return is_full ? strstr(part, ":since") != NULL : (waits & changes) != 0;
}

bool
page_keys_prepare(struct pages *pages, struct page *page, bool is_full, uint32_t changes,
    bool *is_asked, struct mustache_error *why)
{
	struct page_query *query = &page->queries[PAGE_KEYS];
	const uint32_t asked_for = is_full ? PAGE_KIND_NONE : changes;
	const char *at[PARTS], *end[PARTS];
	struct buffer sql = { 0 }, part = { 0 };
	size_t i, count;
	uint32_t asked = 0;
	bool is_done = true;

	*is_asked = query->asked != 0;
	if (asked_for != 0 && query->asked_for == asked_for)
		return true;		/* as in the last publish */
	count = cut_parts(query->sql, at, end);
	for (i = 0; i < count; i++) {
		part.length = 0;
		buffer_append(&part, at[i], (size_t)(end[i] - at[i]));
		if (count > 1 && !part_matters(buffer_text(&part), is_full, changes))
			continue;
		asked |= UINT32_C(1) << i;
		buffer_format(&sql, "%s%s", sql.length == 0 ? "" : " UNION ALL",
		    buffer_text(&part));
	}
	*is_asked = asked != 0;
	if (query->rows != NULL && query->asked != asked)
		page_query_rest(query);
	if (query->rows == NULL && *is_asked)
		is_done = prepare(pages, page, query, buffer_text(&sql), why);
	query->asked = asked;
	query->asked_for = is_done ? asked_for : 0;
	buffer_clear(&part);
	buffer_clear(&sql);
	return is_done;
}
