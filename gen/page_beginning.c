// SPDX-License-Identifier: ISC
/*
 * page_beginning.c: temp.beginning, when people began at a group (page.h), for pages that say who
 * is new there and who was there before.
 *
 * Every report asks that of everybody in it. Answered from their entries, each time anew, it was
 * nine tenths of the price of publishing a club of many years for the first time.
 */
#include <string.h>

#include "gen/page_inside.h"

#define TABLE	"temp.beginning"

static const char temporary[] =
    "CREATE TEMP TABLE IF NOT EXISTS beginning (person_id INTEGER NOT NULL, group_id INTEGER NOT "
    "NULL, level INTEGER NOT NULL, first TEXT NOT NULL, second TEXT, third TEXT, PRIMARY KEY "
    "(person_id, group_id, level)) WITHOUT ROWID;";

enum status
page_beginning_set_up(struct pages *pages, const char *sql)
{
	enum status status;

	if (pages->has_beginning || strstr(sql, TABLE) == NULL)
		return ST_OK;
	status = driver_run(pages->driver, temporary);
	pages->has_beginning = status == ST_OK;
	return status;
}

static bool
is_asked(const struct pages *pages, const struct page *page)
{
	size_t i;

	for (i = 0; pages->has_beginning && i < page->n_queries; i++)
		if (strstr(page->queries[i].sql, TABLE) != NULL)
			return true;
	return false;
}

enum status
page_beginning_fill(struct pages *pages, const struct page *page)
{
	const struct page_beginning *last = &pages->beginning;
	struct page_beginning now = { .is_filled = true, .now = pages->clock.now };
	enum status status;

	if (!is_asked(pages, page))
		return ST_OK;
	status = pages_log(pages, &now.log);
	if (status == ST_OK && last->is_filled && now.now == last->now &&
	    now.log.change == last->log.change && now.log.event == last->log.event)
		return ST_OK;
	pages->beginning.is_filled = false;
	if (status == ST_OK)
		status = page_run_engine(pages, ENGINE_UNBEGIN);
	if (status == ST_OK)
		status = page_run_engine(pages, ENGINE_BEGINNING);
	if (status == ST_OK)
		pages->beginning = now;
	return status;
}
