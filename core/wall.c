// SPDX-License-Identifier: ISC
/*
 * wall.c: dates and instants, with the zones of zone.h. Recurrence rules are in wall_rule.c.
 */
#include "core/wall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/zone.h"

#define YEAR_MIN	1970
#define YEAR_MAX	9999
#define SECONDS_MAX	INT64_C(253402300799)	/* 9999-12-31T23:59:59Z */
#define DAYS_MAX	4000000		/* more than there are in these years */
#define PROBE_S		86400	/* how far from a wall time its zone's offset is looked up */

/* Dates and times as text. */

/* The number that `count` digits at `text` make; -1 when one of them is not a digit. */
static int
read_number(const char *text, int count)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

/* Seconds since 1970 of a calendar time read as UTC; normalises `tm`. */
static int64_t
calendar_seconds(struct tm *tm)
{
	return (int64_t)timegm(tm);
}

/*
 * Days from 1970-01-01 to a later day, by eras of 400 years that begin in March (Hinnant,
 * “chrono-Compatible Low-Level Date Algorithms”, days_from_civil). The C library would take ten
 * times as long, and every row of every page asks.
 */
static int64_t
count_days(int year, int month, int day)
{
	int64_t shifted = year - (month <= 2), of_era = shifted % 400;
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return shifted / 400 * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/*
 * Read the first 10 characters of `text`, a date, into days since 1970; false unless it is a real
 * day.
 */
static bool
read_date(const char *text, int64_t *days)
{
	static const int lengths[] = { 0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day;

	if (strnlen(text, WALL_DATE_SIZE - 1) < WALL_DATE_SIZE - 1 ||
	    text[4] != '-' || text[7] != '-')
		return false;
	year = read_number(text, 4);
	month = read_number(text + 5, 2);
	day = read_number(text + 8, 2);
	if (year < YEAR_MIN || month < 1 || month > 12 || day < 1 || day > lengths[month])
		return false;
	*days = count_days(year, month, day);
	/* in a common year, 29 February would count as 1 March */
	return month != 2 || day != 29 || count_days(year, 3, 1) > *days;
}

/* Read the first 5 characters of `text`, a time, into minutes; -1 when it is none. */
static int
read_time(const char *text)
{
	int hour, minute;

	if (strnlen(text, WALL_TIME_SIZE - 1) < WALL_TIME_SIZE - 1 || text[2] != ':')
		return -1;
	hour = read_number(text, 2);
	minute = read_number(text + 3, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return -1;
	return hour * 60 + minute;
}

/*
 * The calendar time, in UTC, of seconds since 1970; false outside the years that we write, with
 * `tm` set all the same. The reverse of count_days (Hinnant, civil_from_days), because gmtime_r
 * takes a lock that all threads share and checks whether the machine's own zone has changed.
 */
static bool
calendar_split(int64_t seconds, struct tm *tm)
{
	int64_t day = seconds / 86400 - (seconds % 86400 < 0), shifted = day + 719468;
	int64_t era = (shifted < 0 ? shifted - 146096 : shifted) / 146097,
	    of_era = shifted - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int second = (int)(seconds - day * 86400),
	    of_year = (int)(of_era - (365 * year + year / 4 - year / 100));
	int month = (5 * of_year + 2) / 153;		/* from March */

	*tm = (struct tm){ .tm_sec = second % 60, .tm_min = second / 60 % 60,
	    .tm_hour = second / 3600,
		.tm_mday = of_year - (153 * month + 2) / 5 + 1,
		.tm_mon = month < 10 ? month + 2 : month - 10,
		.tm_year = (int)(year + era * 400 + (month >= 10) - 1900),
		.tm_wday = (int)((day % 7 + 11) % 7) };
	return seconds >= 0 && seconds <= SECONDS_MAX;
}

/* Write a number below 10,000 with `count` digits; returns the end, as the next two do. */
static char *
write_number(char *text, int number, int count)
{
	for (int i = count - 1; i >= 0; i--, number /= 10)
		text[i] = (char)('0' + number % 10);
	return text + count;
}

static char *
write_date(char *text, const struct tm *tm)
{
	text = write_number(text, tm->tm_year + 1900, 4);
	*text++ = '-';
	text = write_number(text, tm->tm_mon + 1, 2);
	*text++ = '-';
	text = write_number(text, tm->tm_mday, 2);
	*text = '\0';
	return text;
}

static char *
write_time(char *text, int minutes)
{
	text = write_number(text, minutes / 60, 2);
	*text++ = ':';
	text = write_number(text, minutes % 60, 2);
	*text = '\0';
	return text;
}

bool
wall_date_valid(const char *date)
{
	int64_t day;

	return strlen(date) == WALL_DATE_SIZE - 1 && read_date(date, &day);
}

bool
wall_time_valid(const char *time)
{
	return strlen(time) == WALL_TIME_SIZE - 1 && read_time(time) >= 0;
}

int64_t
wall_day(const char *date)
{
	int64_t day;

	return strlen(date) == WALL_DATE_SIZE - 1 && read_date(date, &day) ? day : INT64_MIN;
}

enum status
wall_date_add(const char *date, int days, char moved[WALL_DATE_SIZE])
{
	struct tm moved_day;
	int64_t day;

	if (strlen(date) != WALL_DATE_SIZE - 1 || !read_date(date, &day) || days < -DAYS_MAX ||
	    days > DAYS_MAX)
		return ST_REFUSED;
	if (!calendar_split((day + days) * 86400, &moved_day))
		return ST_REFUSED;
	write_date(moved, &moved_day);
	return ST_OK;
}

int
wall_weekday(const char *date)
{
	int64_t day;

	if (strlen(date) != WALL_DATE_SIZE - 1 || !read_date(date, &day))
		return 0;
	return (int)((day + 3) % 7) + 1;	/* 1970 began on a Thursday */
}

/* Zones. */

/*
 * The instant of `local`, a wall time read as if it were UTC. Offsets reach from -12 to +14 hours,
 * so a day earlier is surely before any change nearby, and a day later after it.
 */
static int64_t
resolve(const struct zone *zone, int64_t local)
{
	int before = zone_offset_s(zone, local - PROBE_S);
	int after = zone_offset_s(zone, local + PROBE_S);

	if (zone_offset_s(zone, local - before) == before)
		return local - before;		/* before any change; of two instants, the first */
	if (zone_offset_s(zone, local - after) == after)
		return local - after;
	return local - before;			/* in the gap */
}

bool
wall_zone_valid(const char *zone)
{
	return zone_find(zone) != NULL;
}

/* wall_instant of a day and minutes after midnight. */
static enum status
find_instant(int64_t day, int minutes, const char *zone, int64_t *instant)
{
	const struct zone *known = zone_find(zone);

	if (known == NULL)
		return ST_REFUSED;
	*instant = resolve(known, day * 86400 + minutes * 60);
	return ST_OK;
}

enum status
wall_instant(const char *date, const char *time, const char *zone, int64_t *instant)
{
	int64_t day;

	if (strlen(date) != WALL_DATE_SIZE - 1 || !read_date(date, &day) || !wall_time_valid(time))
		return ST_REFUSED;
	return find_instant(day, read_time(time), zone, instant);
}

/* Read "+01:00" or "Z" into seconds; false when it is neither. */
static bool
read_offset(const char *text, int *offset_s)
{
	int minutes;

	*offset_s = 0;
	if (strcmp(text, "Z") == 0)
		return true;
	if ((*text != '+' && *text != '-') || strlen(text) != WALL_TIME_SIZE)
		return false;
	minutes = read_time(text + 1);
	*offset_s = (*text == '-' ? -minutes : minutes) * 60;
	return minutes >= 0;
}

/* The digits of "@1790000000", up to the end of the year 9999. */
static enum status
parse_seconds(const char *text, int64_t *instant)
{
	int64_t seconds = 0;
	size_t length = strlen(text);

	if (length < 1 || length > 12 || strspn(text, "0123456789") != length)
		return ST_REFUSED;
	for (; *text != '\0'; text++)
		seconds = seconds * 10 + (*text - '0');
	if (seconds > SECONDS_MAX)
		return ST_REFUSED;
	*instant = seconds;
	return ST_OK;
}

enum status
wall_parse(const char *text, const char *zone, int64_t *instant)
{
	int64_t day;
	int minutes, seconds = 0, offset_s;
	enum status status;

	if (*text == '@')
		return parse_seconds(text + 1, instant);
	if (!read_date(text, &day) || (text[10] != 'T' && text[10] != ' '))
		return ST_REFUSED;
	text += WALL_DATE_SIZE;
	minutes = read_time(text);
	if (minutes < 0)
		return ST_REFUSED;
	text += WALL_TIME_SIZE - 1;
	if (*text == ':') {
		if (strnlen(text, 3) < 3)
			return ST_REFUSED;
		seconds = read_number(text + 1, 2);
		if (seconds < 0 || seconds > 59)
			return ST_REFUSED;
		text += 3;
	}
	if (*text == '\0') {
		status = find_instant(day, minutes, zone, instant);
		if (status == ST_OK)
			*instant += seconds;
		return status;
	}
	if (!read_offset(text, &offset_s))
		return ST_REFUSED;
	*instant = day * 86400 + minutes * 60 + seconds - offset_s;
	return ST_OK;
}

/* Seconds east of Greenwich at `instant` in `zone`. */
static enum status
find_offset(int64_t instant, const char *zone, int *offset_s)
{
	const struct zone *known = zone_find(zone);

	if (known == NULL)
		return ST_REFUSED;
	*offset_s = zone_offset_s(known, instant);
	return ST_OK;
}

static bool
is_in_range(int64_t instant)
{
	return instant >= -PROBE_S && instant <= SECONDS_MAX + PROBE_S;
}

enum status
wall_local(int64_t instant, const char *zone, char date[WALL_DATE_SIZE], char time[WALL_TIME_SIZE])
{
	struct tm tm;
	int offset_s;

	if (!is_in_range(instant) || find_offset(instant, zone, &offset_s) != ST_OK ||
	    !calendar_split(instant + offset_s, &tm))
		return ST_REFUSED;
	write_date(date, &tm);
	write_time(time, tm.tm_hour * 60 + tm.tm_min);
	return ST_OK;
}

enum status
wall_iso(int64_t instant, const char *zone, char iso[WALL_ISO_SIZE])
{
	struct tm tm;
	int offset_s, offset_min;

	if (!is_in_range(instant) || find_offset(instant, zone, &offset_s) != ST_OK)
		return ST_REFUSED;
	/*
	 * Offsets have no seconds in ISO 8601; Liberia's had some until 1972. The local time is
	 * that of the offset written, so that the text names this very instant.
	 */
	offset_min = offset_s / 60;
	if (!calendar_split(instant + offset_min * 60, &tm))
		return ST_REFUSED;
	iso = write_date(iso, &tm);
	*iso++ = 'T';
	iso = write_time(iso, tm.tm_hour * 60 + tm.tm_min);
	*iso++ = ':';
	iso = write_number(iso, tm.tm_sec, 2);
	*iso++ = offset_min < 0 ? '-' : '+';
	write_time(iso, abs(offset_min));
	return ST_OK;
}

enum status
wall_zone_short(int64_t instant, const char *zone, char *text, size_t size)
{
	const struct zone *known = is_in_range(instant) ? zone_find(zone) : NULL;
	struct zone_state state;
	int length;

	if (known == NULL)
		return ST_REFUSED;
	zone_at(known, instant, &state);
	length = snprintf(text, size, "%s", state.name);
	return length > 0 && (size_t)length < size ? ST_OK : ST_REFUSED;
}

/*
 * VTIMEZONE is written here because libical's own has UNTILs that common readers refuse. Changes
 * are found by comparing the offset day by day. Those of one sort make an observance: a yearly rule
 * if they follow one up to LAST_YEAR, else dates.
 */
#define LAST_YEAR	2037
#define LAST_SECOND	INT64_C(2145916799)	/* 2037-12-31T23:59:59Z */
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
	for (int64_t at = 0; at < LAST_SECOND && count < CHANGES_MAX; at += PROBE_S) {
		if (zone_offset_s(zone, at + PROBE_S) == offset_s)
			continue;
		fill_change(zone, find_change(zone, at, at + PROBE_S, offset_s), offset_s,
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
	struct tm tm;

	calendar_split(change->instant + change->from_s, &tm);
	return tm;
}

/* Which weekday of its month a day is, as "the second" or "the last": bits 1 to 4, 5 the last. */
static unsigned int
weekday_positions(const struct tm *tm)
{
	struct tm later = *tm;
	unsigned int bits = tm->tm_mday <= 28 ? 1U << ((tm->tm_mday - 1) / 7 + 1) : 0;

	later.tm_mday += 7;
	calendar_seconds(&later);
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
wall_vtimezone(const char *zone)
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
