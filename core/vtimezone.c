// SPDX-License-Identifier: ISC
/*
 * vtimezone.c: see vtimezone.h. libical's own has UNTILs that common readers refuse. Changes are
 * found by comparing the offset day by day. Those of one sort make an observance: a yearly rule if
 * they follow one up to LAST_YEAR, else dates.
 */
#include "core/vtimezone.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/zone.h"

#define LAST_YEAR	2037
#define LAST_SECOND	INT64_C(2145916799)	/* 2037-12-31T23:59:59Z */
#define DAY_S		86400
#define CHANGES_MAX	512
#define NAME_BYTES	16

struct change {
	int64_t	instant;
	int	from_s, to_s;		/* seconds east of Greenwich */
	bool	is_daylight;
	char	name[NAME_BYTES];
	bool	is_written;
};

static void
fill_change(const struct zone *zone, int64_t instant, int from_s, struct change *change)
{
	struct zone_state state;

	zone_at(zone, instant, &state);
	*change = (struct change){ .instant = instant, .from_s = from_s, .to_s = state.offset_s,
	    .is_daylight = state.is_daylight };
	snprintf(change->name, sizeof change->name, "%s", state.name);
}

/* The first second after `low`, `high` at the latest, whose offset is not `from_s`. */
static int64_t
find_change(const struct zone *zone, int64_t low, int64_t high, int from_s)
{
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (zone_offset_s(zone, middle) == from_s)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* The state at the epoch, then all changes up to LAST_YEAR in order; returns how many. */
static int
list_changes(const struct zone *zone, struct change changes[CHANGES_MAX])
{
	int count = 1, offset_s = zone_offset_s(zone, 0);

	fill_change(zone, 0, offset_s, &changes[0]);
	for (int64_t at = 0; at < LAST_SECOND && count < CHANGES_MAX; at += DAY_S) {
		if (zone_offset_s(zone, at + DAY_S) == offset_s)
			continue;
		fill_change(zone, find_change(zone, at, at + DAY_S, offset_s), offset_s,
		    &changes[count]);
		offset_s = changes[count++].to_s;
	}
	return count;
}

static bool
is_same_sort(const struct change *a, const struct change *b)
{
	return a->from_s == b->from_s && a->to_s == b->to_s &&
	    a->is_daylight == b->is_daylight && strcmp(a->name, b->name) == 0;
}

/* The wall time at which `change` happens, by the clock before it. */
static struct tm
onset(const struct change *change)
{
	time_t local = (time_t)(change->instant + change->from_s);
	struct tm tm;

	gmtime_r(&local, &tm);
	return tm;
}

/* Which weekday of its month a day is, as "the second" or "the last": bits 1 to 4, 5 the last. */
static unsigned int
weekday_positions(const struct tm *tm)
{
	struct tm later = *tm;
	unsigned int bits = tm->tm_mday <= 28 ? 1U << ((tm->tm_mday - 1) / 7 + 1) : 0;

	later.tm_mday += 7;
	(void)timegm(&later);
	return later.tm_mon != tm->tm_mon ? bits | 1U << 5 : bits;
}

/*
 * The index of the first change of the yearly rule that `changes[last]` and earlier ones of its
 * sort follow; *position: which weekday of the month (-1 the last). `count` when no rule reaches
 * LAST_YEAR.
 */
static int
find_rule(const struct change *changes, int count, int last, int *position)
{
	struct tm end = onset(&changes[last]), tm = end;
	unsigned int bits = weekday_positions(&end);
	int begin = last, year = end.tm_year, years = 1;

	if (end.tm_year + 1900 != LAST_YEAR)
		return count;
	for (int i = last - 1; i > 0; i--) {
		if (!is_same_sort(&changes[i], &changes[last]))
			continue;
		tm = onset(&changes[i]);
		if (tm.tm_year != year - 1 || tm.tm_mon != end.tm_mon ||
		    tm.tm_wday != end.tm_wday || tm.tm_hour != end.tm_hour ||
		    tm.tm_min != end.tm_min || (bits & weekday_positions(&tm)) == 0)
			break;
		bits &= weekday_positions(&tm);
		begin = i;
		year--;
		years++;
	}
	for (*position = 1; *position < 5 && (bits & 1U << *position) == 0;)
		++*position;
	if (*position == 5)
		*position = -1;
	return years >= 8 ? begin : count;	/* in 8 years no position fits by chance */
}

static void
write_offset(FILE *out, const char *key, int offset_s)
{
	int size_s = abs(offset_s);

	fprintf(out, "%s:%c%02d%02d", key, offset_s < 0 ? '-' : '+', size_s / 3600,
	    size_s / 60 % 60);
	if (size_s % 60 != 0)
		fprintf(out, "%02d", size_s % 60);
	fputs("\r\n", out);
}

static void
write_onset(FILE *out, const char *key, const struct change *change)
{
	struct tm tm = onset(change);

	fprintf(out, "%s:%04d%02d%02dT%02d%02d%02d\r\n", key, tm.tm_year + 1900, tm.tm_mon + 1,
	    tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/*
 * Write one observance from changes[first] on, and mark its changes written: as a yearly rule when
 * `position` is not 0, else as the dates before index `stop`.
 */
static void
write_observance(FILE *out, struct change *changes, int count, int first, int stop, int position)
{
	static const char days[][3] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };
	const char *kind = changes[first].is_daylight ? "DAYLIGHT" : "STANDARD";
	struct tm tm = onset(&changes[first]);

	fprintf(out, "BEGIN:%s\r\nTZNAME:%s\r\n", kind, changes[first].name);
	write_offset(out, "TZOFFSETFROM", changes[first].from_s);
	write_offset(out, "TZOFFSETTO", changes[first].to_s);
	write_onset(out, "DTSTART", &changes[first]);
	if (position != 0)
		fprintf(out, "RRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s\r\n", tm.tm_mon + 1, position,
		    days[tm.tm_wday]);
	for (int i = first; i < (position != 0 ? count : stop); i++) {
		if (!is_same_sort(&changes[i], &changes[first]))
			continue;
		if (position == 0 && i > first)
			write_onset(out, "RDATE", &changes[i]);
		changes[i].is_written = true;
	}
	fprintf(out, "END:%s\r\n", kind);
}

/* The index of the last change of the same sort as changes[first]. */
static int
find_last(const struct change *changes, int count, int first)
{
	int last = first;

	for (int i = first; i < count; i++)
		if (is_same_sort(&changes[i], &changes[first]))
			last = i;
	return last;
}

/* Do all changes of LAST_YEAR follow rules? One rule alone could mean summer time for ever. */
static bool
has_rules(const struct change *changes, int count)
{
	int position;

	for (int i = 1; i < count; i++)
		if (onset(&changes[i]).tm_year + 1900 == LAST_YEAR &&
		    find_rule(changes, count, find_last(changes, count, i), &position) == count)
			return false;
	return true;
}

static void
write_changes(FILE *out, const char *zone, struct change *changes, int count)
{
	bool is_ruled = has_rules(changes, count);

	fprintf(out, "BEGIN:VTIMEZONE\r\nTZID:%s\r\n", zone);
	write_observance(out, changes, count, 0, 1, 0);
	for (int i = 1; i < count; i++) {
		int position = 0, begin = count;

		if (changes[i].is_written)
			continue;
		if (is_ruled)
			begin = find_rule(changes, count, find_last(changes, count, i), &position);
		if (begin == i)
			write_observance(out, changes, count, i, count, position);
		else
			write_observance(out, changes, count, i, begin, 0);
	}
	fputs("END:VTIMEZONE\r\n", out);
}

char *
vtimezone_text(const char *zone)
{
	const struct zone *known = zone_find(zone);
	struct change changes[CHANGES_MAX];
	char *text = NULL;
	size_t size = 0;
	FILE *out = known == NULL ? NULL : open_memstream(&text, &size);
	bool is_written;

	if (out == NULL)
		return NULL;
	write_changes(out, zone, changes, list_changes(known, changes));
	is_written = ferror(out) == 0;
	if (fclose(out) == 0 && is_written)
		return text;
	free(text);
	return NULL;
}
