// SPDX-License-Identifier: ISC
/*
 * page_check.c: every name of a template and every parameter of a query has somebody who offers it,
 * checked before the first page is rendered.
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
	/* depth of the innermost kept section, which sees none around it; 0: none */
	size_t			 kept;
};

bool
page_is_clock(const char *name)
{
	static const char *const names[] = { "since", "now", "today", "then", "then_day",
	    "chosen" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

enum page_built_in
page_built_in(const char *name, size_t length)
{
	static const char *const names[] = {
		"root", "tree", "here", "today", "language", "is_first"
	};
	size_t i;

	for (i = 0; i < BUILT_IN_END; i++)
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return (enum page_built_in)i;
	return BUILT_IN_END;
}

/* Does any row around offer the column, as far as they may be seen? */
static bool
is_offered(const struct walk *walk, const char *name, size_t length)
{
	const enum page_built_in built_in = page_built_in(name, length);
	const bool is_kept = walk->kept > 0;
	size_t i;

	for (i = walk->depth; i > 0 && i >= walk->kept; i--)
		if (walk->stack[i - 1] != NULL &&
		    page_column(walk->stack[i - 1], name, length) >= 0)
			return true;
	if (!is_kept && page_column(&walk->page->queries[PAGE_PAGE], name, length) >= 0)
		return true;
	if (built_in == BUILT_IN_FIRST)
		return walk->depth > 0 && !is_kept;
	return page_column(&walk->pages->club, name, length) >= 0
	    || (built_in != BUILT_IN_END && (!is_kept || built_in != BUILT_IN_HERE));
}

bool
page_is_written(const char *name, size_t length)
{
	return (length == 6 && memcmp(name, "number", 6) == 0) ||
	    (length == 6 && memcmp(name, "so_far", 6) == 0) ||
	    (length == 7 && memcmp(name, "percent", 7) == 0);
}

/*
 * The part of the name that is a column: “came” of “came.few”, in a section, or “came.number”
 * outside.
 */
static size_t
column_length(const struct mustache_name *name, bool is_section)
{
	const char *dot = memchr(name->name, '.', name->length);
	size_t length = dot == NULL ? name->length : (size_t)(dot - name->name);

	return dot != NULL && (is_section || page_is_written(dot + 1, name->length - length - 1))
	    ? length : name->length;
}

/* Is it “number.so_far”? Of a row that is kept that says nothing. */
static bool
is_sum(const struct mustache_name *name)
{
	static const char end[] = ".so_far";

	return name->length > strlen(end)
	    && memcmp(name->name + name->length - strlen(end), end, strlen(end)) == 0;
}

/* Can every parameter of the section be bound here? */
static bool
check_parameters(const struct walk *walk, const struct page_query *query,
    const struct mustache_name *at, struct mustache_error *why)
{
	int i;

	for (i = 0; i < rows_parameters(query->rows); i++) {
		const char *name = rows_parameter(query->rows, i);

		if (!page_is_clock(name) && !is_offered(walk, name, strlen(name)))
			return mustache_fail(why, at->file, at->line,
			    "section “%s” needs :%s, and no row around offers it",
			    query->name, name);
	}
	return true;
}

/*
 * May what is inside a kept section ask this? It stays while people check in and the clock goes on.
 */
static bool
check_inside_kept(const struct page_query *query, const struct mustache_name *at,
    struct mustache_error *why)
{
	int i;

	if (!page_query_is_of_faces(query->sql))
		return mustache_fail(why, at->file, at->line,
		    "section “%s” is inside one that is kept, and may read public_face alone",
		    query->name);
	for (i = 0; i < rows_parameters(query->rows); i++) {
		const char *name = rows_parameter(query->rows, i);

		if (page_is_clock(name) && strcmp(name, "today") != 0
		    && strcmp(name, "chosen") != 0)
			return mustache_fail(why, at->file, at->line,
			    "section “%s” is inside one that is kept, and may not ask for :%s",
			    query->name, name);
	}
	return true;
}

/* Has a kept section the columns that its rows follow from? */
static bool
check_kept(const struct page_query *query, struct mustache_error *why)
{
	int key;

	for (key = 0; key < PAGE_KEPT_VALUES; key++)
		if (query->kept[key][0] != '\0' && query->keys[key] < 0)
			return mustache_fail(why, query->file, query->line,
			    "query “%s” has no column “%s” to be kept by", query->name,
			    query->kept[key]);
	return true;
}

static bool
open_section(struct walk *walk, const struct mustache_name *name, struct mustache_error *why)
{
	struct page_query *query = NULL;

	if (!is_offered(walk, name->name, column_length(name, true))) {
		query = page_section(walk->page, name->name, name->length);
		if (query == NULL)
			return mustache_fail(why, name->file, name->line, "no query offers “%.*s”",
			    (int)name->length, name->name);
		if (!check_parameters(walk, query, name, why) || !check_kept(query, why)
		    || (walk->kept > 0 && !check_inside_kept(query, name, why)))
			return false;
	}
	if (walk->depth == PAGE_DEPTH)
		return mustache_fail(why, name->file, name->line,
		    "more than %d sections inside each other", PAGE_DEPTH);
	walk->stack[walk->depth++] = query;
	if (query != NULL && query->kept[0][0] != '\0')
		walk->kept = walk->depth;
	return true;
}

static void
close_section(struct walk *walk)
{
	size_t i;

	walk->depth--;
	if (walk->kept <= walk->depth)
		return;
	for (walk->kept = 0, i = walk->depth; i > 0 && walk->kept == 0; i--)
		if (walk->stack[i - 1] != NULL && walk->stack[i - 1]->kept[0][0] != '\0')
			walk->kept = i;
}

static bool
visit(void *handle, const struct mustache_name *name, struct mustache_error *why)
{
	struct walk *walk = handle;

	switch (name->use) {
	case MUSTACHE_USE_VARIABLE:
	case MUSTACHE_USE_RAW:
		if (!is_offered(walk, name->name, column_length(name, false))
		    || (walk->kept > 0 && is_sum(name)))
			return mustache_fail(why, name->file, name->line, "no query offers “%.*s”",
			    (int)name->length, name->name);
		return true;
	case MUSTACHE_USE_SECTION:
		return open_section(walk, name, why);
	case MUSTACHE_USE_INVERTED:
		if (!open_section(walk, name, why))
			return false;
		walk->stack[walk->depth - 1] = NULL;	/* there is no row inside */
		return true;
	case MUSTACHE_USE_CLOSE:
		close_section(walk);
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
		if (!page_is_clock(rows_parameter(query->rows, i)) &&
		    strcmp(rows_parameter(query->rows, i), "language") != 0)
			return mustache_fail(why, query->file, query->line,
			    "query “%s” has nobody to offer :%s", query->name,
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
		if (end == NULL || page_column(&page->queries[PAGE_PAGE], at + 1,
		    (size_t)(end - at - 1)) < 0)
			return mustache_fail(why, file, 1, "the page query offers no column for %s",
			    at);
		at = end;
	}
	return true;
}

bool
page_check_keys(struct page *page, struct mustache_error *why)
{
	const struct page_query *keys = &page->queries[PAGE_KEYS];

	if (page_column(keys, "key", 3) != 0)
		return mustache_fail(why, keys->file, keys->line,
		    "the keys query gives one column, “key”");
	return check_clock_only(keys, why);
}

bool
page_check(struct pages *pages, struct page *page, size_t language, struct mustache_error *why)
{
	struct walk walk = { .pages = pages, .page = page };
	const struct page_query *query = &page->queries[PAGE_PAGE];

	if (page_column(query, "key", 3) < 0)
		return mustache_fail(why, query->file, query->line,
		    "the page query offers no “key”");
	if (!check_clock_only(query, why) || !check_pattern(page, query->file, why))
		return false;
	return !page->has_template ||
	    mustache_names(&page->texts[language].template, page->texts[language].set, visit, &walk,
	    why);
}
