// SPDX-License-Identifier: ISC
/*
 * page_check.c: every name of a template and every parameter of a query has somebody who offers it, checked before the
 * first page is rendered.
 */
#include <stdio.h>
#include <string.h>

#include "gen/page_inside.h"

/* The sections that are open at one point of the template. */
struct walk {
	struct pages		*pages;
	struct page		*page;
	struct page_query	*stack[PAGE_DEPTH];	/* NULL: a section on a truth */
	size_t			 depth;
};

bool
page_is_clock(const char *name)
{
	static const char *const names[] = { "since", "now", "today", "then", "then_day", "chosen" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* What every page has. */
static bool
is_built_in(const char *name, size_t length)
{
	static const char *const names[] = { "root", "tree", "here", "language", "today" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return true;
	return false;
}

/* Does any row around offer the column? */
static bool
is_offered(const struct walk *walk, const char *name, size_t length)
{
	size_t i;

	for (i = walk->depth; i > 0; i--)
		if (walk->stack[i - 1] != NULL && page_column(walk->stack[i - 1], name, length) >= 0)
			return true;
	return page_column(&walk->page->queries[PAGE_PAGE], name, length) >= 0
	    || page_column(&walk->pages->club, name, length) >= 0
	    || (length == 8 && memcmp(name, "is_first", 8) == 0 && walk->depth > 0) || is_built_in(name, length);
}

bool
page_is_written(const char *name, size_t length)
{
	return (length == 6 && (memcmp(name, "number", 6) == 0 || memcmp(name, "so_far", 6) == 0))
	    || (length == 7 && memcmp(name, "percent", 7) == 0);
}

/* The part of the name that is a column: “came” of “came.few”, in a section, or “came.number” outside. */
static size_t
column_length(const struct mustache_name *name, bool is_section)
{
	const char *dot = memchr(name->name, '.', name->length);
	size_t length = dot == NULL ? name->length : (size_t)(dot - name->name);

	return dot != NULL && (is_section || page_is_written(dot + 1, name->length - length - 1)) ? length : name->length;
}

/* Can every parameter of the section be bound here? */
static bool
check_parameters(const struct walk *walk, const struct page_query *query, const struct mustache_name *at,
    struct mustache_error *why)
{
	int i;

	for (i = 0; i < rows_parameters(query->rows); i++) {
		const char *name = rows_parameter(query->rows, i);

		if (!page_is_clock(name) && !is_offered(walk, name, strlen(name)))
			return mustache_fail(why, at->file, at->line, "section “%s” needs :%s, and no row around offers it",
			    query->name, name);
	}
	return true;
}

static bool
open_section(struct walk *walk, const struct mustache_name *name, struct mustache_error *why)
{
	struct page_query *query = NULL;

	if (!is_offered(walk, name->name, column_length(name, true))) {
		query = page_section(walk->page, name->name, name->length);
		if (query == NULL)
			return mustache_fail(why, name->file, name->line, "no query offers “%.*s”", (int)name->length, name->name);
		if (!check_parameters(walk, query, name, why))
			return false;
	}
	if (walk->depth == PAGE_DEPTH)
		return mustache_fail(why, name->file, name->line, "more than %d sections inside each other", PAGE_DEPTH);
	walk->stack[walk->depth++] = query;
	return true;
}

static bool
visit(void *handle, const struct mustache_name *name, struct mustache_error *why)
{
	struct walk *walk = handle;

	switch (name->use) {
	case MUSTACHE_USE_VARIABLE:
	case MUSTACHE_USE_RAW:
		if (!is_offered(walk, name->name, column_length(name, false)))
			return mustache_fail(why, name->file, name->line, "no query offers “%.*s”", (int)name->length, name->name);
		return true;
	case MUSTACHE_USE_SECTION:
		return open_section(walk, name, why);
	case MUSTACHE_USE_INVERTED:
		if (!open_section(walk, name, why))
			return false;
		walk->stack[walk->depth - 1] = NULL;	/* there is no row inside */
		return true;
	case MUSTACHE_USE_CLOSE:
		walk->depth--;
		return true;
	case MUSTACHE_USE_PARTIAL:
	case MUSTACHE_USE_PARENT:
	case MUSTACHE_USE_BLOCK:
	case MUSTACHE_USE_END:
		return true;
	}
	return true;
}

/* keys and page see the clock alone. */
static bool
check_clock_only(const struct page_query *query, struct mustache_error *why)
{
	int i;

	for (i = 0; i < rows_parameters(query->rows); i++)
		if (!page_is_clock(rows_parameter(query->rows, i)) && strcmp(rows_parameter(query->rows, i), "language") != 0)
			return mustache_fail(why, query->file, query->line, "query “%s” has nobody to offer :%s", query->name,
			    rows_parameter(query->rows, i));
	return true;
}

/* ---- names that the guard trusts ---- */

/* Every {column} of the path is one of the page query. */
static bool
check_pattern(const struct page *page, const char *file, struct mustache_error *why)
{
	const char *at = page->pattern, *end;

	while ((at = strchr(at, '{')) != NULL) {
		end = strchr(at, '}');
		if (end == NULL || page_column(&page->queries[PAGE_PAGE], at + 1, (size_t)(end - at - 1)) < 0)
			return mustache_fail(why, file, 1, "the page query offers no column for %s", at);
		at = end;
	}
	return true;
}

bool
page_check_keys(struct page *page, struct mustache_error *why)
{
	const struct page_query *keys = &page->queries[PAGE_KEYS];

	if (page_column(keys, "key", 3) != 0)
		return mustache_fail(why, keys->file, keys->line, "the keys query gives one column, “key”");
	return check_clock_only(keys, why);
}

bool
page_check(struct pages *pages, struct page *page, size_t language, struct mustache_error *why)
{
	struct walk walk = { .pages = pages, .page = page };
	const struct page_query *query = &page->queries[PAGE_PAGE];

	if (page_column(query, "key", 3) < 0)
		return mustache_fail(why, query->file, query->line, "the page query offers no “key”");
	if (!check_clock_only(query, why) || !check_pattern(page, query->file, why))
		return false;
	return !page->has_template || mustache_names(&page->texts[language].template, page->texts[language].set, visit, &walk, why);
}
