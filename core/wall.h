// SPDX-License-Identifier: ISC
/*
 * wall.h: dates, wall time and instants.
 *
 * A run is stored as a local date "2026-11-20", a wall time "18:30" and an IANA zone; the instant
 * (seconds since 1970 UTC) is derived here, over the system's tzdata (core/zone.h). Nothing adds
 * 86,400 to anything. No function reads the clock: `now` is always a parameter. Every function may
 * be called from any thread.
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
#define WALL_RULE_MAX	1000	/* dates one rule may give at most */

/* Is `zone` an IANA zone that this system knows ("Europe/London", "UTC")? */
bool	wall_zone_valid(const char *zone);

/* Is `date` "YYYY-MM-DD", a real day of the years 1970 to 9999? */
bool	wall_date_valid(const char *date);

/* Is `time` "HH:MM", 00:00 to 23:59? */
bool	wall_time_valid(const char *time);

/*
 * The instant of a wall time: *instant in seconds since 1970. A wall time that the clock skips
 * (gap) is read with the offset before the gap, one that occurs twice is the first (RFC 5545
 * 3.3.5). ST_REFUSED when date, time or zone is not valid.
 */
enum status	wall_instant(const char *date, const char *time, const char *zone,
		    int64_t *instant);

/*
 * The local date and wall time of `instant` in `zone`; ST_REFUSED for an unknown zone, or a
 * date outside 1970 to 9999. So for wall_iso and wall_zone_short.
 */
enum status	wall_local(int64_t instant, const char *zone, char date[WALL_DATE_SIZE],
		    char time[WALL_TIME_SIZE]);

/* ISO 8601 with offset, "2026-11-20T18:30:00+00:00"; "Z" is never written. */
enum status	wall_iso(int64_t instant, const char *zone, char iso[WALL_ISO_SIZE]);

/* The zone's abbreviation at `instant`, "GMT", "CEST", "+03"; `size` at least 16. */
enum status	wall_zone_short(int64_t instant, const char *zone, char *text, size_t size);

/* Days from 1970-01-01 to a valid date, negative before; INT64_MIN when it is none. */
int64_t		wall_day(const char *date);

/* `date` moved by `days` (may be negative); ST_REFUSED when invalid or out of range. */
enum status	wall_date_add(const char *date, int days, char moved[WALL_DATE_SIZE]);

/* ISO weekday of a valid date, 1 Monday to 7 Sunday; 0 when not valid. */
int	wall_weekday(const char *date);

/*
 * Read an instant as people give it to --now: "2026-11-20T18:30" and "2026-11-20 18:30[:SS]" are
 * wall time in `zone`, with "Z" or "+01:00" behind it absolute, "@1790000000" is seconds.
 * ST_REFUSED otherwise.
 */
enum status	wall_parse(const char *text, const char *zone, int64_t *instant);

/*
 * The dates that a recurrence rule gives (RFC 5545 3.3.10; DAILY, WEEKLY, MONTHLY, YEARLY only),
 * from `first` (which need not match the rule and then is neither given nor counted by COUNT) to
 * `last`, both included, but for those up to `made` ("" for none), which were given before. UNTIL
 * is compared by its date alone. `each` is called in order; it returns false to stop. ST_REFUSED
 * for dates that are not valid, a rule that libical cannot read or with a finer frequency, when a
 * time part is given (BYHOUR, BYMINUTE, BYSECOND), or, after as many, when there are more dates
 * than WALL_RULE_MAX; *why (when not NULL) then points to a constant sentence.
 */
enum status	wall_rule_dates(const char *rule, const char *first, const char *last,
		    const char *made, bool (*each)(void *handle, const char *date), void *handle,
		    const char **why);

#define WALL_RULE_NUMBERS	6

/*
 * What a rule says, in the parts that a sentence of any language is made of. UNTIL and COUNT are
 * not said.
 */
struct wall_rule {
	enum { WALL_RULE_DAILY, WALL_RULE_WEEKLY, WALL_RULE_MONTHLY, WALL_RULE_YEARLY } kind;
	int		interval;	/* every so many days, weeks, months; 1 of years */
	/* of a week: bit 0 is Monday, none: that of the first date */
	unsigned int	weekdays;
	int		month_day;	/* of a month: 1 to 31, -1 the last; 0: it is a weekday */
	int		weekday;	/* of a month: 1 Monday to 7 Sunday, */
	/* the first to the fifth, -1 the last */
	int		numbers[WALL_RULE_NUMBERS], n_numbers;
	int		month;		/* of a year: 1 to 12 */
};

/* Read the parts of a rule; false where no sentence says it. */
bool	wall_rule_read(const char *text, struct wall_rule *rule);

/*
 * The VTIMEZONE component of `zone` for an iCalendar file (RFC 5545 3.6.5), CRLF lines, TZID
 * exactly the IANA name, the changes from 1970 to 2037 and the yearly rules that hold then, no
 * UNTIL. malloc'd, owned by the caller; NULL for an unknown zone or without memory. The same bytes
 * for the same tzdata, whatever the date.
 */
char	*wall_vtimezone(const char *zone);

#endif
