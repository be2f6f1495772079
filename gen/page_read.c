// SPDX-License-Identifier: ISC
/* page_read.c: the rows behind a page, for whoever writes them elsewhere than into its template. */
#include <stdio.h>
#include <string.h>

#include "gen/page_inside.h"

struct page *
pages_find(struct pages *pages, const char *name)
{
	size_t i;

	for (i = 0; i < pages->count; i++)
		if (strcmp(pages->pages[i].name, name) == 0)
			return &pages->pages[i];
	snprintf(pages->why.text, sizeof pages->why.text, "There is no %s/pages/%s.sql",
	    pages->templates, name);
	return NULL;
}

enum status
page_enter(struct pages *pages, struct page *page, const char *key)
{
	struct page_query *query = &page->queries[PAGE_PAGE];
	const struct page_key one = { .text = (char *)(uintptr_t)key };
	enum status status = page_ready(pages, page);

	if (status != ST_OK)
		return status;
	status = page_touch_keys(pages, page, &one, 1);
	if (status == ST_OK) {
		rows_reset(query->rows);
		page_bind_clock(pages, query->rows, pages->clock.since);
		page_bind_language(pages, page, query->rows);
		status = rows_step(query->rows);
	}
	if (status != ST_OK && status != ST_UNKNOWN)
		snprintf(pages->why.text, sizeof pages->why.text, "pages/%s.sql: %s", page->name,
		    driver_why(pages->driver));
	return status;
}

void
page_leave(struct page *page)
{
	rows_reset(page->queries[PAGE_PAGE].rows);
}

bool
page_has_section(struct pages *pages, struct page *page, const char *name)
{
	return page_section(page, name, strlen(name)) != NULL
	    || mustache_fail(&pages->why, page->queries[PAGE_PAGE].file, 1,
	    "there is no query “%s”", name);
}

struct rows *
page_section_rows(struct pages *pages, struct page *page, const char *name)
{
	const struct page_query *row = &page->queries[PAGE_PAGE];
	struct rows *rows = page_section(page, name, strlen(name))->rows;
	int i, column;

	rows_reset(rows);
	page_bind_clock(pages, rows, pages->clock.since);
	page_bind_language(pages, page, rows);
	for (i = 0; i < rows_parameters(rows); i++) {
		const char *parameter = rows_parameter(rows, i);

		column = page_column(row, parameter, strlen(parameter));
		if (column >= 0)
			rows_bind_column(rows, i, row->rows, column);
	}
	return rows;
}

enum status
page_section_fail(struct pages *pages, const struct page *page, const char *name)
{
	snprintf(pages->why.text, sizeof pages->why.text, "pages/%s.sql: %s: %s", page->source,
	    name, driver_why(pages->driver));
	return ST_REFUSED;
}

int
page_section_column(struct page *page, const char *section, const char *name)
{
	return page_column(section == NULL ? &page->queries[PAGE_PAGE]
	    : page_section(page, section, strlen(section)), name, strlen(name));
}

int64_t
page_row_number(struct page *page, const char *column)
{
	int i = page_section_column(page, NULL, column);

	return i < 0 ? 0 : rows_int(page->queries[PAGE_PAGE].rows, i);
}
