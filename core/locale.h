// SPDX-License-Identifier: ISC
/*
 * locale.h: dates and numbers as a language writes them, and its words for recurrence rules.
 *
 * The data have the form of Unicode CLDR (https://cldr.unicode.org): names, and patterns of its
 * fields (EEEE and EEE weekday, d day, MMMM, MMM and M month, y year; text in single quotes).
 * English is built in; other languages have theirs under "locale" in their file of messages. Digits
 * are Latin in every language, as in addresses, codes to type and whatever a script counts up.
 * Times are written as in the calendar, 18:30.
 */
#ifndef TURNOUT_LOCALE_H
#define TURNOUT_LOCALE_H

#include <stddef.h>

#define LOCALE_CATEGORIES	6	/* zero, one, two, few, many, other */
#define LOCALE_TEXT_SIZE	192	/* for a date or a number; what is longer is cut */

struct json_t;

/* Ways to write a date. */
enum locale_form {
	LOCALE_DATE_WORDS,	/* Friday 20 November 2026 */
	LOCALE_DATE_SHORT,	/* Fri 20 Nov */
	LOCALE_DATE_SHORT_YEAR,	/* Fri 20 Nov 2026 */
	LOCALE_DAY_WORDS,	/* 20 November */
	LOCALE_DAY_SHORT,	/* 20 Nov */
	LOCALE_DAY_YEAR,	/* 20 Nov 2026 */
	LOCALE_MONTH_WORDS,	/* November 2026 */
	LOCALE_MONTH_NAME,	/* November */
	LOCALE_MONTH_SHORT,	/* Nov */
	LOCALE_MONTH_LETTER,	/* N */
	LOCALE_WEEKDAY_NAME,	/* Friday */
	LOCALE_WEEKDAY_SHORT,	/* Fri */
	LOCALE_WEEKDAY_LETTERS,	/* Fr */
	LOCALE_FORM_END
};

/* Parts of a sentence about a rule. {n}, {days}, {day}, {nth}, {month} and {of} are filled in. */
enum locale_rule_part {
	LOCALE_EVERY_DAY, LOCALE_EVERY_2_DAYS, LOCALE_EVERY_N_DAYS,
	LOCALE_EVERY_WEEK, LOCALE_EVERY_2_WEEKS, LOCALE_EVERY_N_WEEKS,
	LOCALE_ON_DAY, LOCALE_ON_DAY_2, LOCALE_ON_DAY_N,	/* on one weekday */
	LOCALE_ON_DAYS, LOCALE_ON_DAYS_2, LOCALE_ON_DAYS_N,	/* on several */
	LOCALE_DAY_OF, LOCALE_LAST_DAY_OF, LOCALE_NTH_DAY_OF,
	LOCALE_OF_MONTH, LOCALE_OF_2_MONTHS, LOCALE_OF_N_MONTHS, LOCALE_OF_YEAR,
	LOCALE_RULE_END
};

/* The CLDR plural categories, "zero" to "other". */
extern const char *const locale_categories[LOCALE_CATEGORIES];

/* The data of one language. Texts are borrowed. */
struct locale {
	const char	*months[12], *months_short[12], *month_letters[12];
	const char	*weekdays[7], *weekdays_short[7], *weekday_letters[7];	/* from Monday on */
	const char	*forms[LOCALE_FORM_END];
	const char	*first_day;			/* of a week: 1 Monday to 7 Sunday */
	/* the decimal sign, the sign between thousands, and the least number that is grouped so */
	const char	*decimal, *group, *group_from;
	const char	*percent;			/* "#" stands for the number */
	/* by the plural category of {n} */
	const char	*rule[LOCALE_RULE_END][LOCALE_CATEGORIES];
	const char	*numbers[6];			/* first to fifth, last */
	const char	*rule_days[7];			/* weekdays as used in rules */
	const char	*comma, *last_comma;	/* between items of a list, before the last */
};

extern const struct locale locale_english;

/*
 * Put what `data` ("locale" in a file of messages) holds into `locale`; the rest stays. The texts
 * live as long as `data`. `take` (may be NULL) is told of each key that is missing, unknown, or has
 * a value of the wrong form.
 */
void	locale_read(struct locale *locale, const struct json_t *data,
		    void (*take)(void *handle, const char *key, const char *found), void *handle);

/* Write a valid `date` (YYYY-MM-DD). */
void	locale_date(const struct locale *locale, enum locale_form form, const char *date,
		    char text[LOCALE_TEXT_SIZE]);

/* Write a number that is spelled with a point: "1234.5" as 1,234.5; or as a percentage. */
void	locale_number(const struct locale *locale, const char *number, size_t length,
		    char text[LOCALE_TEXT_SIZE]);
void	locale_percent(const struct locale *locale, const char *number, size_t length,
		    char text[LOCALE_TEXT_SIZE]);

#endif
