// SPDX-License-Identifier: ISC
/*
 * page_changes.c: what a publish begins with: the newest entry of the log, the clock, and what
 * changed, as kinds and keys in temp.changed.
 */
#include <stdio.h>
#include <string.h>

#include "gen/page_inside.h"

enum status
pages_fail_driver(struct pages *pages, enum status status)
{
	snprintf(pages->why.text, sizeof pages->why.text, "%s", driver_why(pages->driver));
	return status;
}

enum status
pages_log(struct pages *pages, struct page_log *log)
{
	struct rows *rows = page_engine(pages, ENGINE_LOG);
	enum status status = rows_step(rows);

	if (status == ST_OK) {
		log->change = rows_int(rows, 0);
		log->event = rows_int(rows, 1);
		log->club = rows_int(rows, 2);
		pages->log = *log;
	}
	rows_reset(rows);
	return status == ST_OK ? ST_OK : pages_fail_driver(pages, status);
}

enum status
pages_begin(struct pages *pages, const struct page_clock *clock)
{
	const char *address, *host;
	enum status status;

	pages->clock = *clock;
	pages->publish++;
	rows_reset(pages->club.rows);
	status = rows_step(pages->club.rows);
	if (status != ST_OK)
		return pages_fail_driver(pages, status == ST_UNKNOWN ? ST_FAULT : status);
	address = rows_text(pages->club.rows, page_column(&pages->club, "address", 7), NULL);
	host = address == NULL ? NULL : strstr(address, "://");
	snprintf(pages->home, sizeof pages->home, "%s/",
	    host == NULL || strchr(host + 3, '/') == NULL ? "" : strchr(host + 3, '/'));
	return ST_OK;
}

/* Which kinds of change there are. */
static enum status
read_kinds(struct pages *pages)
{
	struct rows *present = page_engine(pages, ENGINE_PRESENT);
	const char *kind;
	size_t length;
	enum status status;

	while ((status = rows_step(present)) == ST_OK) {
		kind = rows_text(present, 0, &length);
		pages->changes |= page_kind_bit(kind, length);
	}
	rows_reset(present);
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
page_run_engine(struct pages *pages, enum page_engine number)
{
	struct rows *rows = page_engine(pages, number);

	if (rows == NULL)
		return ST_FAULT;
	page_bind_clock(pages, rows, pages->clock.since);
	return rows_run(rows);
}

/*
 * What is about people is about their past too where something settled or a list changed; where it
 * is about runs that are open alone, it matters to those who have a page of their own.
 */
static enum status
settle_records(struct pages *pages)
{
	const uint32_t record = page_kind_bit("record", 6), past = page_kind_bit("past", 4);
	const uint32_t date = page_kind_bit("date", 4);
	const uint32_t more = page_kind_bit("settled", 7) | page_kind_bit("list", 4);
	enum status status;

	if ((pages->changes & record) != 0 && (pages->changes & more) != 0) {
		pages->changes |= past;
		return page_run_engine(pages, ENGINE_PAST);
	}
	if ((pages->changes & record) == 0 || (pages->changes & date) != 0)
		return ST_OK;
	status = page_run_engine(pages, ENGINE_NOT_OWN);
	pages->changes = 0;
	return status == ST_OK ? read_kinds(pages) : status;
}

/* Is one of the changes neither a check-in nor the time of day? */
static bool
outdates_kept(uint32_t changes)
{
	static const char *const others[] = { "count", "record", "debut", "milestone", "code",
	    "state", "settled", "minute", "slot" };
	size_t i;

	for (i = 0; i < sizeof others / sizeof others[0]; i++)
		changes &= ~page_kind_bit(others[i], strlen(others[i]));
	return changes != 0;
}

enum status
pages_changed(struct pages *pages)
{
	const struct page_clock *clock = &pages->clock;
	enum page_engine first = clock->now == clock->then ? ENGINE_OVER : ENGINE_STATE, i;
	enum status status = page_run_engine(pages, ENGINE_UNCHANGE);

	pages->changes = 0;
	if (status == ST_OK && clock->since > 0)
		status = page_run_engine(pages, ENGINE_CHANGED);
	for (i = first; clock->since > 0 && i < ENGINE_ALWAYS_END && status == ST_OK; i++)
		status = page_run_engine(pages, i);
	if (status == ST_OK)
		status = read_kinds(pages);
	if (status != ST_OK || clock->since == 0 || outdates_kept(pages->changes))
		page_kept_clear(pages);
	if (status == ST_OK)
		status = settle_records(pages);
	if (status == ST_OK)
		status = pages_follow_months(pages);
	return status == ST_OK ? ST_OK : pages_fail_driver(pages, status);
}

bool
pages_has_changed(const struct pages *pages)
{
	return pages->changes != 0;
}

void
pages_end(struct pages *pages)
{
	rows_reset(pages->club.rows);
}
