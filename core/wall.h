// SPDX-License-Identifier: ISC
/*
 * wall.h: dates, wall time and instants.
 *
 * A run is stored as a local date "2026-11-20", a wall time "18:30" and an IANA zone; its instant
 * (seconds since 1970 UTC) is derived here from the system's tzdata (core/zone.h). No local time is
 * ever moved by adding 86,400 seconds. No function reads the clock: `now` is always a parameter.
 * Every function may be called from any thread.
 */
#ifndef TURNOUT_WALL_H
#define TURNOUT_WALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

#define WALL_DATE_SIZE	11	/* "2026-11-20" */
#define WALL_TIME_SIZE	6	/* "18:30" */
#define WALL_ISO_SIZE	26	/* "2026-11-20T18:30:00+01:00" */
#define WALL_RULE_MAX	1000	/* the most dates that one rule may give */

/* Is `zone` an IANA zone that this system knows ("Europe/London", "UTC")? */
bool	wall_zone_valid(const char *zone);

/* Is `date` "YYYY-MM-DD", a real day of the years 1970 to 9999? */
bool	wall_date_valid(const char *date);

/* Is `time` "HH:MM", 00:00 to 23:59? */
bool	wall_time_valid(const char *time);

/*
 * The instant of a wall time, in seconds since 1970. A time that the clock skips (gap) is read with
 * the offset before the gap; of a time that occurs twice the first counts (RFC 5545 3.3.5).
 * ST_REFUSED when date, time or zone is not valid.
 */
enum status	wall_instant(const char *date, const char *time, const char *zone,
		    int64_t *instant);

/*
 * The local date and wall time of `instant` in `zone`. ST_REFUSED for an unknown zone or a date
 * outside 1970 to 9999; wall_iso and wall_zone_short refuse the same.
 */
enum status	wall_local(int64_t instant, const char *zone, char date[WALL_DATE_SIZE],
		    char time[WALL_TIME_SIZE]);

/* ISO 8601 with an offset, "2026-11-20T18:30:00+00:00", never "Z". */
enum status	wall_iso(int64_t instant, const char *zone, char iso[WALL_ISO_SIZE]);

/* The zone's abbreviation at `instant`: "GMT", "CEST", "+03". `size`: at least 16. */
enum status	wall_zone_short(int64_t instant, const char *zone, char *text, size_t size);

/* Days from 1970-01-01 to `date`; INT64_MIN when it is not valid. */
int64_t		wall_day(const char *date);

/* `date` moved by `days` (may be negative); ST_REFUSED when invalid or out of range. */
enum status	wall_date_add(const char *date, int days, char moved[WALL_DATE_SIZE]);

/* ISO weekday of `date`, 1 Monday to 7 Sunday; 0 when it is not valid. */
int	wall_weekday(const char *date);

/*
 * Read an instant as people give it to --now: "2026-11-20T18:30" or "2026-11-20 18:30", with ":SS"
 * or without, is wall time in `zone`, unless "Z" or an offset such as "+01:00" follows;
 * "@1790000000" is seconds since 1970. ST_REFUSED for anything else.
 */
enum status	wall_parse(const char *text, const char *zone, int64_t *instant);

/*
 * The dates that a recurrence rule gives (RFC 5545 3.3.10; DAILY, WEEKLY, MONTHLY, YEARLY only),
 * from `first` (if it does not match the rule, it is neither given nor counted by COUNT) to `last`,
 * both included. Dates up to `made` ("" for none) were given before and are left out. Of UNTIL only
 * the date counts. `each` is called in order and returns false to stop, which is ST_OK. ST_REFUSED
 * for an invalid date, a rule that libical cannot read or that gives no date, a finer frequency, a
 * time part (BYHOUR, BYMINUTE, BYSECOND), a numbered weekday in a daily or weekly rule, where
 * libical is missing, or for more than WALL_RULE_MAX dates, after that many calls. *why (when not
 * NULL) then points to a constant sentence.
 */
enum status	wall_rule_dates(const char *rule, const char *first, const char *last,
		    const char *made, bool (*each)(void *handle, const char *date), void *handle,
		    const char **why);

#define WALL_RULE_NUMBERS	6

/*
 * A rule in the parts that a sentence of any language needs. UNTIL and COUNT are left out.
 */
struct wall_rule {
	enum { WALL_RULE_DAILY, WALL_RULE_WEEKLY, WALL_RULE_MONTHLY, WALL_RULE_YEARLY } kind;
	int		interval;	/* every so many days, weeks, months; years: always 1 */
	/* weekly: bit 0 is Monday; 0: the weekday of the first date */
	unsigned int	weekdays;
	/* monthly and yearly: either a day, 1 to 31, -1 the last, or 0 and a weekday */
	int		month_day;
	int		weekday;	/* 1 Monday to 7 Sunday, and which of the month's: */
	int		numbers[WALL_RULE_NUMBERS], n_numbers;	/* 1 to 5, -1 the last */
	int		month;		/* yearly: 1 to 12 */
};

/* Read the parts of a rule; false when these parts cannot express it. */
bool	wall_rule_read(const char *text, struct wall_rule *rule);

#endif
