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

	*tm = (struct tm){
		.tm_sec = second % 60, .tm_min = second / 60 % 60, .tm_hour = second / 3600,
		.tm_mday = of_year - (153 * month + 2) / 5 + 1,
		.tm_mon = month < 10 ? month + 2 : month - 10,
		.tm_year = (int)(year + era * 400 + (month >= 10) - 1900),
		.tm_wday = (int)((day % 7 + 11) % 7),
	};
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

int64_t
wall_day(const char *date)
{
	int64_t day;

	return strlen(date) == WALL_DATE_SIZE - 1 && read_date(date, &day) ? day : INT64_MIN;
}

bool
wall_date_valid(const char *date)
{
	return wall_day(date) != INT64_MIN;
}

bool
wall_time_valid(const char *time)
{
	return strlen(time) == WALL_TIME_SIZE - 1 && read_time(time) >= 0;
}

enum status
wall_date_add(const char *date, int days, char moved[WALL_DATE_SIZE])
{
	int64_t day = wall_day(date);
	struct tm moved_day;

	if (day == INT64_MIN || days < -DAYS_MAX || days > DAYS_MAX ||
	    !calendar_split((day + days) * 86400, &moved_day))
		return ST_REFUSED;
	write_date(moved, &moved_day);
	return ST_OK;
}

int
wall_weekday(const char *date)
{
	int64_t day = wall_day(date);

	return day == INT64_MIN ? 0 : (int)((day + 3) % 7) + 1;	/* 1970 began on a Thursday */
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
	int64_t day = wall_day(date);

	if (day == INT64_MIN || !wall_time_valid(time))
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
