// SPDX-License-Identifier: ISC
/*
 * wall_rule.c: recurrence rules over libical: the dates they give, and the words for them.
 */
#include "core/wall.h"

#include <libical/ical.h>
#include <stdio.h>
#include <string.h>

#define RULE_SIZE	512	/* bytes; a rule that people write has some 40 */
#define IS_NONE(list)	((list)[0] == ICAL_RECURRENCE_ARRAY_MAX)

/* Does a weekday of `rule` have a number, as in 1MO? */
static bool
has_positions(const struct icalrecurrencetype *rule)
{
	for (int i = 0; i < ICAL_BY_DAY_SIZE && rule->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
		if (icalrecurrencetype_day_position(rule->by_day[i]) != 0)
			return true;
	return false;
}

/* Read `rule`; NULL when it may be used, else the sentence that says why not. */
static const char *
read_rule(const char *rule, struct icalrecurrencetype *read)
{
	if (strlen(rule) >= RULE_SIZE || strpbrk(rule, "\r\n") != NULL)
		return "The rule is too long or has a line break.";
	*read = icalrecurrencetype_from_string(rule);
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

enum status
wall_rule_dates(const char *rule, const char *first, const char *last, const char *made,
    bool (*each)(void *handle, const char *date), void *handle, const char **why)
{
	struct icalrecurrencetype read;
	struct icaltimetype day = { .is_date = 1 };
	icalrecur_iterator *dates;
	const char *refusal = NULL;
	char date[40];	/* room for what the compiler cannot know */
	int year, month, mday;

	if (!wall_date_valid(first) || !wall_date_valid(last) ||
	    sscanf(first, "%4d-%2d-%2d", &year, &month, &mday) != 3)
		refusal = "A rule needs a first and a last date, as 2026-11-20.";
	else
		refusal = read_rule(rule, &read);
	if (refusal == NULL && !icaltime_is_null_time(read.until))
		read.until.is_date = 1;
	if (refusal == NULL) {
		day.year = year;
		day.month = month;
		day.day = mday;
	}
	dates = refusal == NULL ? icalrecur_iterator_new(read, day) : NULL;
	if (refusal == NULL && dates == NULL)
		refusal = "The rule contradicts itself and gives no date.";
	if (why != NULL && refusal != NULL)
		*why = refusal;
	if (refusal != NULL)
		return ST_REFUSED;
	for (int count = 0; refusal == NULL; ) {
		day = icalrecur_iterator_next(dates);
		if (icaltime_is_null_time(day) || day.year > 9999)
			break;
		snprintf(date, sizeof date, "%04d-%02d-%02d", day.year, day.month, day.day);
		if (strcmp(date, last) > 0)
			break;
		if (strcmp(date, made) <= 0)
			continue;
		if (count++ == WALL_RULE_MAX)
			refusal = "It gives more than 1,000 dates up to its last day; let it end earlier, or begin another one later.";
		else if (!each(handle, date))
			break;
	}
	icalrecur_iterator_free(dates);
	if (why != NULL && refusal != NULL)
		*why = refusal;
	return refusal == NULL ? ST_OK : ST_REFUSED;
}

static const char *const day_words[] = {
	"", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
};

static const char *const month_words[] = {
	"", "January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December"
};

/* "first" to "fifth", "last" for -1, NULL for any other number. */
static const char *
ordinal_word(int number)
{
	static const char *const words[] = { "last", "", "first", "second", "third", "fourth", "fifth" };

	return number >= -1 && number <= 5 && number != 0 ? words[number + 1] : NULL;
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

/* "Monday, Wednesday and Friday" in the order of the week from Monday. */
static void
write_days(FILE *out, const struct icalrecurrencetype *rule, int count)
{
	static const enum icalrecurrencetype_weekday week[] = {
		ICAL_MONDAY_WEEKDAY, ICAL_TUESDAY_WEEKDAY, ICAL_WEDNESDAY_WEEKDAY,
		ICAL_THURSDAY_WEEKDAY, ICAL_FRIDAY_WEEKDAY, ICAL_SATURDAY_WEEKDAY,
		ICAL_SUNDAY_WEEKDAY
	};
	int written = 0;

	for (int day = 0; day < 7; day++)
		for (int i = 0; i < count; i++) {
			if (icalrecurrencetype_day_day_of_week(rule->by_day[i]) != week[day])
				continue;
			if (written > 0)
				fputs(written == count - 1 ? " and " : ", ", out);
			fputs(day_words[week[day]], out);
			written++;
		}
}

static bool
write_daily(FILE *out, const struct icalrecurrencetype *rule)
{
	if (rule->interval == 1)
		fputs("every day", out);
	else if (ordinal_word(rule->interval) != NULL)
		fprintf(out, "every %s day", ordinal_word(rule->interval));
	else
		fprintf(out, "every %d days", rule->interval);
	return true;
}

static bool
write_weekly(FILE *out, const struct icalrecurrencetype *rule, int days)
{
	const char *ordinal = ordinal_word(rule->interval);

	if (rule->interval != 1 && ordinal == NULL)
		return false;
	fputs("every ", out);
	if (rule->interval != 1)
		fprintf(out, "%s ", ordinal);
	if (days == 0)
		fputs("week", out);
	else if (days > 1 && rule->interval != 1)
		fputs("week on ", out);
	write_days(out, rule, days);
	return true;
}

/* "the first Monday", "the first and third Monday", "the last day", "day 15": false where none fits. */
static bool
write_day_of_month(FILE *out, const struct icalrecurrencetype *rule, int days, int mdays, int positions)
{
	int first_day = days > 0 ? (int)icalrecurrencetype_day_day_of_week(rule->by_day[0]) : 0;

	if (mdays == 1 && days == 0 && positions == 0) {
		if (rule->by_month_day[0] > 0)
			fprintf(out, "day %d", rule->by_month_day[0]);
		else
			fputs("the last day", out);
		return rule->by_month_day[0] >= -1;
	}
	if (mdays != 0 || days == 0 || (positions > 0 && (days > 1 || has_positions(rule))))
		return false;
	fputs("the ", out);
	for (int i = 0; i < (positions > 0 ? positions : days); i++) {
		int number = positions > 0 ? rule->by_set_pos[i] :
		    icalrecurrencetype_day_position(rule->by_day[i]);
		int count = positions > 0 ? positions : days;

		if (ordinal_word(number) == NULL || (positions == 0 && first_day !=
		    (int)icalrecurrencetype_day_day_of_week(rule->by_day[i])))
			return false;
		fprintf(out, "%s%s", i == 0 ? "" : i == count - 1 ? " and " : ", ", ordinal_word(number));
	}
	fprintf(out, " %s", day_words[first_day]);
	return true;
}

/* A phrase for `rule`; false where none fits, whatever was written by then. */
static bool
write_phrase(FILE *out, const struct icalrecurrencetype *rule)
{
	int days = count_list(rule->by_day, ICAL_BY_DAY_SIZE);
	int mdays = count_list(rule->by_month_day, ICAL_BY_MONTHDAY_SIZE);
	int months = count_list(rule->by_month, ICAL_BY_MONTH_SIZE);
	int positions = count_list(rule->by_set_pos, ICAL_BY_SETPOS_SIZE);
	int parts = days + mdays + months + positions;

	if (!IS_NONE(rule->by_year_day) || !IS_NONE(rule->by_week_no) || rule->rscale != NULL)
		return false;
	if (rule->freq == ICAL_DAILY_RECURRENCE)
		return parts == 0 && write_daily(out, rule);
	if (rule->freq == ICAL_WEEKLY_RECURRENCE)
		return parts == days && write_weekly(out, rule, days);
	if (rule->freq == ICAL_YEARLY_RECURRENCE) {
		if (rule->interval != 1 || months != 1 || rule->by_month[0] > 12 ||
		    !write_day_of_month(out, rule, days, mdays, positions))
			return false;
		fprintf(out, " of %s", month_words[rule->by_month[0]]);
		return true;
	}
	if (months != 0 || (rule->interval != 1 && ordinal_word(rule->interval) == NULL) ||
	    !write_day_of_month(out, rule, days, mdays, positions))
		return false;
	if (rule->interval == 1)
		fputs(" of the month", out);
	else
		fprintf(out, " of every %s month", ordinal_word(rule->interval));
	return true;
}

void
wall_rule_words(const char *rule, char *words, size_t size)
{
	struct icalrecurrencetype read;
	char phrase[256] = "";
	FILE *out;
	bool has_phrase = false;

	if (read_rule(rule, &read) == NULL && (out = fmemopen(phrase, sizeof phrase, "w")) != NULL) {
		has_phrase = write_phrase(out, &read);
		has_phrase = fclose(out) == 0 && has_phrase;
	}
	snprintf(words, size, "%s", has_phrase && strlen(phrase) < size ? phrase : rule);
}
