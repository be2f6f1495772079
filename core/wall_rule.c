// SPDX-License-Identifier: ISC
/*
 * wall_rule.c: recurrence rules, over libical: the dates they give, and the parts of a sentence
 * that says them.
 *
 * libical is loaded when the first rule is read. Loading it, ICU and the C++ library takes longer
 * than everything else at the start of a process, and few publishes and no check-in need a rule.
 */
#include "core/wall.h"

#include <dlfcn.h>
#include <libical/ical.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define RULE_SIZE	512	/* bytes; a typical rule has some 40 */
#define IS_NONE(list)	((list)[0] == ICAL_RECURRENCE_ARRAY_MAX)
#define LIBRARY		"libical.so.3"
#define NO_DATES	"A rule needs a first and a last date, as 2026-11-20."
#if ICAL_MAJOR_VERSION != 3
#error "ical.h is not that of " LIBRARY
#endif

/* The functions of libical in use. */
static struct {
	__typeof__(icalrecurrencetype_from_string)		*from_string;
	__typeof__(icalrecurrencetype_day_position)		*day_position;
	__typeof__(icalrecurrencetype_day_day_of_week)		*day_of_week;
	__typeof__(icalrecur_iterator_new)			*iterator_new;
	__typeof__(icalrecur_iterator_next)			*iterator_next;
	__typeof__(icalrecur_iterator_free)			*iterator_free;
	__typeof__(icaltime_is_null_time)			*is_null_time;
	__typeof__(icalerror_set_errors_are_fatal)		*set_errors_are_fatal;
	bool							 is_there;
} ical;

static void
load_library(void)
{
	const struct { const char *name; void *function; } wanted[] = {
		{ "icalrecurrencetype_from_string", &ical.from_string },
		{ "icalrecurrencetype_day_position", &ical.day_position },
		{ "icalrecurrencetype_day_day_of_week", &ical.day_of_week },
		{ "icalrecur_iterator_new", &ical.iterator_new },
		{ "icalrecur_iterator_next", &ical.iterator_next },
		{ "icalrecur_iterator_free", &ical.iterator_free },
		{ "icaltime_is_null_time", &ical.is_null_time },
		{ "icalerror_set_errors_are_fatal", &ical.set_errors_are_fatal },
	};
	void *library = dlopen(LIBRARY, RTLD_NOW), *symbol = library;
	size_t i;

	for (i = 0; symbol != NULL && i < sizeof wanted / sizeof wanted[0]; i++) {
		symbol = dlsym(library, wanted[i].name);
		/* C has no cast from object to function pointer; POSIX says that they are alike */
		memcpy(wanted[i].function, &symbol, sizeof symbol);
	}
	ical.is_there = symbol != NULL;
	if (ical.is_there)
		ical.set_errors_are_fatal(0);
	else
		fprintf(stderr, "turnout: %s\n", dlerror());
}

/* Has a weekday of `rule` a number, as in 1MO? */
static bool
has_positions(const struct icalrecurrencetype *rule)
{
	for (int i = 0; i < ICAL_BY_DAY_SIZE && rule->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
		if (ical.day_position(rule->by_day[i]) != 0)
			return true;
	return false;
}

/* Read `rule`; returns NULL, or a sentence that says why it may not be used. */
static const char *
read_rule(const char *rule, struct icalrecurrencetype *read)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load_library);
	if (!ical.is_there)
		return "Rules need libical, which cannot be loaded: install " LIBRARY ".";
	if (strlen(rule) >= RULE_SIZE || strpbrk(rule, "\r\n") != NULL)
		return "The rule is too long or has a line break.";
	*read = ical.from_string(rule);
	switch (read->freq) {
	case ICAL_SECONDLY_RECURRENCE:
	case ICAL_MINUTELY_RECURRENCE:
	case ICAL_HOURLY_RECURRENCE:
		return "A rule may repeat daily, weekly, monthly or yearly, not more often.";
	case ICAL_NO_RECURRENCE:
		return "The rule cannot be read; it looks like FREQ=WEEKLY;BYDAY=TU.";
	case ICAL_DAILY_RECURRENCE:
	case ICAL_WEEKLY_RECURRENCE:
	case ICAL_MONTHLY_RECURRENCE:
	case ICAL_YEARLY_RECURRENCE:
		break;
	}
	if ((read->freq == ICAL_DAILY_RECURRENCE || read->freq == ICAL_WEEKLY_RECURRENCE) &&
	    has_positions(read))
		return "A weekday has a number in monthly and yearly rules only.";
	if (!IS_NONE(read->by_hour) || !IS_NONE(read->by_minute) || !IS_NONE(read->by_second))
		return "A rule gives dates; leave BYHOUR, BYMINUTE and BYSECOND out.";
	return NULL;
}

/*
 * Begin the dates of `rule` from `first`; *dates is the caller's to free. Returns NULL, or a
 * sentence that says why there are none.
 */
static const char *
begin_dates(const char *rule, const char *first, icalrecur_iterator **dates)
{
	struct icalrecurrencetype read;
	struct icaltimetype day = { .is_date = 1 };
	const char *refusal;

	if (!wall_date_valid(first) ||
	    sscanf(first, "%4d-%2d-%2d", &day.year, &day.month, &day.day) != 3)
		return NO_DATES;
	refusal = read_rule(rule, &read);
	if (refusal != NULL)
		return refusal;
	if (!ical.is_null_time(read.until))
		read.until.is_date = 1;
	*dates = ical.iterator_new(read, day);
	return *dates != NULL ? NULL : "The rule contradicts itself and gives no date.";
}

/* Give the dates after `made` up to `last`. Returns NULL, or why they are too many. */
static const char *
give_dates(icalrecur_iterator *dates, const char *last, const char *made,
    bool (*each)(void *handle, const char *date), void *handle)
{
	struct icaltimetype day;
	char date[40];	/* 11 would do, but the compiler cannot know */

	for (int count = 0; ; ) {
		day = ical.iterator_next(dates);
		if (ical.is_null_time(day) || day.year > 9999)
			return NULL;
		snprintf(date, sizeof date, "%04d-%02d-%02d", day.year, day.month, day.day);
		if (strcmp(date, last) > 0)
			return NULL;
		if (strcmp(date, made) <= 0)
			continue;
		if (count++ == WALL_RULE_MAX)
			return "It gives more than 1,000 dates up to its last day; let it end "
			    "earlier, or begin another one later.";
		if (!each(handle, date))
			return NULL;
	}
}

enum status
wall_rule_dates(const char *rule, const char *first, const char *last, const char *made,
    bool (*each)(void *handle, const char *date), void *handle, const char **why)
{
	icalrecur_iterator *dates = NULL;
	const char *refusal = wall_date_valid(last) ? begin_dates(rule, first, &dates)
	    : NO_DATES;

	if (refusal == NULL)
		refusal = give_dates(dates, last, made, each, handle);
	if (dates != NULL)
		ical.iterator_free(dates);
	if (refusal == NULL)
		return ST_OK;
	if (why != NULL)
		*why = refusal;
	return ST_REFUSED;
}

/* How many entries a BY list has. */
static int
count_list(const short *list, int size)
{
	int count = 0;

	while (count < size && list[count] != ICAL_RECURRENCE_ARRAY_MAX)
		count++;
	return count;
}

/* The weekday of an entry of BYDAY, Monday 1 to Sunday 7. */
static int
weekday_of(short entry)
{
	int day = (int)ical.day_of_week(entry);	/* Sunday 1 to Saturday 7 */

	return day == ICAL_SUNDAY_WEEKDAY ? 7 : day - 1;
}

/*
 * The weekday of a month and its numbers, as in "the first and third Monday"; false when the rule
 * has no such phrase.
 */
static bool
read_numbers(const struct icalrecurrencetype *read, int days, int positions, struct wall_rule *rule)
{
	int i;

	if (days == 0 || (positions > 0 && (days > 1 || has_positions(read))))
		return false;
	rule->weekday = weekday_of(read->by_day[0]);
	rule->n_numbers = positions > 0 ? positions : days;
	if (rule->n_numbers > WALL_RULE_NUMBERS)
		return false;
	for (i = 0; i < rule->n_numbers; i++) {
		rule->numbers[i] = positions > 0 ? read->by_set_pos[i]
		    : ical.day_position(read->by_day[i]);
		if (rule->numbers[i] < -1 || rule->numbers[i] == 0 || rule->numbers[i] > 5
		    || (positions == 0 && weekday_of(read->by_day[i]) != rule->weekday))
			return false;
	}
	return true;
}

/* Which day or weekday of the month; false when there is no phrase for it. */
static bool
read_day_of_month(const struct icalrecurrencetype *read, int days, int month_days, int positions,
    struct wall_rule *rule)
{
	if (month_days != 1 || days != 0 || positions != 0)
		return month_days == 0 && read_numbers(read, days, positions, rule);
	rule->month_day = read->by_month_day[0];
	return rule->month_day >= -1;
}

bool
wall_rule_read(const char *text, struct wall_rule *rule)
{
	struct icalrecurrencetype read;
	int days, month_days, months, positions, i;

	*rule = (struct wall_rule){ 0 };
	if (read_rule(text, &read) != NULL || !IS_NONE(read.by_year_day) ||
	    !IS_NONE(read.by_week_no) || read.rscale != NULL)
		return false;
	days = count_list(read.by_day, ICAL_BY_DAY_SIZE);
	month_days = count_list(read.by_month_day, ICAL_BY_MONTHDAY_SIZE);
	months = count_list(read.by_month, ICAL_BY_MONTH_SIZE);
	positions = count_list(read.by_set_pos, ICAL_BY_SETPOS_SIZE);
	rule->interval = read.interval;
	if (read.freq == ICAL_DAILY_RECURRENCE) {
		rule->kind = WALL_RULE_DAILY;
		return days + month_days + months + positions == 0;
	}
	if (read.freq == ICAL_WEEKLY_RECURRENCE) {
		rule->kind = WALL_RULE_WEEKLY;
		for (i = 0; i < days; i++)
			rule->weekdays |= 1U << (weekday_of(read.by_day[i]) - 1);
		return month_days + months + positions == 0;
	}
	rule->kind = read.freq == ICAL_MONTHLY_RECURRENCE ? WALL_RULE_MONTHLY : WALL_RULE_YEARLY;
	if (rule->kind == WALL_RULE_YEARLY &&
	    (read.interval != 1 || months != 1 || read.by_month[0] > 12))
		return false;
	rule->month = rule->kind == WALL_RULE_YEARLY ? read.by_month[0] : 0;
	return (rule->kind == WALL_RULE_YEARLY || months == 0) &&
	    read_day_of_month(&read, days, month_days, positions, rule);
}
