// SPDX-License-Identifier: ISC
/* locale.c: see locale.h. */
#include "core/locale.h"

#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "core/wall.h"

const char *const locale_categories[LOCALE_CATEGORIES] = { "zero", "one", "two", "few", "many",
    "other" };

/* the same text in every plural category */
#define EACH(text)	{ text, text, text, text, text, text }

const struct locale locale_english = {
	.months = { "January", "February", "March", "April", "May", "June", "July", "August",
	    "September", "October", "November", "December" },
	.months_short = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
	    "Nov", "Dec" },
	.month_letters = { "J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D" },
	.weekdays = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
	    "Sunday" },
	.weekdays_short = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" },
	.weekday_letters = { "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su" },
	.forms = { "EEEE d MMMM y", "EEE d MMM", "EEE d MMM y", "d MMMM", "d MMM", "d MMM y",
	    "MMMM y", "MMMM", "MMM", "MMMMM", "EEEE", "EEE", "EEEEEE" },
	.first_day = "1", .decimal = ".", .group = ",", .group_from = "1000", .percent = "#%",
	.rule = {
		[LOCALE_EVERY_DAY] = EACH("every day"),
		[LOCALE_EVERY_2_DAYS] = EACH("every second day"),
		[LOCALE_EVERY_N_DAYS] = EACH("every {n} days"),
		[LOCALE_EVERY_WEEK] = EACH("every week"),
		[LOCALE_EVERY_2_WEEKS] = EACH("every second week"),
		[LOCALE_EVERY_N_WEEKS] = EACH("every {n} weeks"),
		[LOCALE_ON_DAY] = EACH("every {days}"),
		[LOCALE_ON_DAY_2] = EACH("every second {days}"),
		[LOCALE_ON_DAY_N] = EACH("every {n} weeks on {days}"),
		[LOCALE_ON_DAYS] = EACH("every {days}"),
		[LOCALE_ON_DAYS_2] = EACH("every second week on {days}"),
		[LOCALE_ON_DAYS_N] = EACH("every {n} weeks on {days}"),
		[LOCALE_DAY_OF] = EACH("day {n} {of}"),
		[LOCALE_LAST_DAY_OF] = EACH("the last day {of}"),
		[LOCALE_NTH_DAY_OF] = EACH("the {nth} {day} {of}"),
		[LOCALE_OF_MONTH] = EACH("of the month"),
		[LOCALE_OF_2_MONTHS] = EACH("of every second month"),
		[LOCALE_OF_N_MONTHS] = EACH("every {n} months"),
		[LOCALE_OF_YEAR] = EACH("of {month}"),
	},
	.numbers = { "first", "second", "third", "fourth", "fifth", "last" },
	.rule_days = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
	    "Sunday" },
	.comma = ", ", .last_comma = " and ",
};

/* ---- reading ---- */

#define FIELD(member, count)	{ #member, offsetof(struct locale, member), count, false }
#define FORM(name, form) \
	{ name, offsetof(struct locale, forms) + (form) * sizeof(const char *), 1, false }
#define RULE(name, part) \
	{ name, offsetof(struct locale, rule) + \
	    (part) * sizeof(const char *) * LOCALE_CATEGORIES, \
	    LOCALE_CATEGORIES, true }

/*
 * The keys of "locale", and where their texts go: a single one, a list of `count`, or (is_plural)
 * one for each plural category.
 */
static const struct field {
	const char	*key;
	size_t		 offset, count;
	bool		 is_plural;
} fields[] = {
	FIELD(months, 12), FIELD(months_short, 12), FIELD(month_letters, 12), FIELD(weekdays, 7),
	    FIELD(weekdays_short, 7), FIELD(weekday_letters, 7),
	FORM("date_words", LOCALE_DATE_WORDS), FORM("date_short", LOCALE_DATE_SHORT),
	FORM("date_short_year", LOCALE_DATE_SHORT_YEAR), FORM("day_words", LOCALE_DAY_WORDS),
	FORM("day_short", LOCALE_DAY_SHORT), FORM("day_year", LOCALE_DAY_YEAR),
	FORM("month_words", LOCALE_MONTH_WORDS), FIELD(first_day, 1), FIELD(decimal, 1),
	FIELD(group, 1), FIELD(group_from, 1), FIELD(percent, 1),
	RULE("every_day", LOCALE_EVERY_DAY), RULE("every_2_days", LOCALE_EVERY_2_DAYS),
	RULE("every_n_days", LOCALE_EVERY_N_DAYS), RULE("every_week", LOCALE_EVERY_WEEK),
	RULE("every_2_weeks", LOCALE_EVERY_2_WEEKS), RULE("every_n_weeks", LOCALE_EVERY_N_WEEKS),
	RULE("on_day", LOCALE_ON_DAY), RULE("on_day_2", LOCALE_ON_DAY_2),
	RULE("on_day_n", LOCALE_ON_DAY_N), RULE("on_days", LOCALE_ON_DAYS),
	RULE("on_days_2", LOCALE_ON_DAYS_2), RULE("on_days_n", LOCALE_ON_DAYS_N),
	RULE("day_of", LOCALE_DAY_OF), RULE("last_day_of", LOCALE_LAST_DAY_OF),
	RULE("nth_day_of", LOCALE_NTH_DAY_OF), RULE("of_month", LOCALE_OF_MONTH),
	RULE("of_2_months", LOCALE_OF_2_MONTHS), RULE("of_n_months", LOCALE_OF_N_MONTHS),
	RULE("of_year", LOCALE_OF_YEAR), FIELD(numbers, 6), FIELD(rule_days, 7), FIELD(comma, 1),
	FIELD(last_comma, 1),
};

/* Put the texts of one key in their place; false when `data` has the wrong form. */
static bool
read_field(struct locale *locale, const struct field *field, const struct json_t *data)
{
	const char **texts = (const char **)(void *)((char *)locale + field->offset), *text;
	size_t i;

	if (field->count > 1 && !field->is_plural &&
	    (!json_is_array(data) || json_array_size(data) != field->count))
		return false;
	for (i = 0; i < field->count; i++) {
		text = json_string_value(json_is_array(data) ? json_array_get(data, i)
		    : json_is_object(data)
		    ? json_object_get(data, locale_categories[i]) : data);
		if (text == NULL && json_is_object(data))
			text = json_string_value(json_object_get(data, "other"));
		if (text == NULL)
			return false;
		texts[i] = text;
	}
	return true;
}

void
locale_read(struct locale *locale, const struct json_t *data,
    void (*take)(void *handle, const char *key, const char *found), void *handle)
{
	const struct json_t *value;
	const char *key;
	json_t *unused;
	size_t i;

	for (i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		value = json_object_get(data, fields[i].key);
		if (value == NULL && take != NULL)
			take(handle, fields[i].key, "is missing in “locale” of");
		else if (value != NULL && !read_field(locale, &fields[i], value) && take != NULL)
			take(handle, fields[i].key, "is not as it should be in “locale” of");
	}
	if (take == NULL)
		return;
	json_object_foreach((json_t *)(uintptr_t)data, key, unused) {
		for (i = 0; i < sizeof fields / sizeof fields[0] && strcmp(fields[i].key, key) != 0;
		    i++)
			;
		if (i == sizeof fields / sizeof fields[0])
			take(handle, key, "is nothing that “locale” has, in");
	}
}

/* ---- dates ---- */

/* Copy a text to `at`, as much as fits before `end`; returns its end. */
static char *
put(char *at, const char *end, const char *text, size_t length)
{
	if (length > (size_t)(end - at))
		length = (size_t)(end - at);
	return mempcpy(at, text, length);
}

/* Write one field of a pattern: `count` times `letter`. */
static char *
put_field(const struct locale *locale, char letter, size_t count, const char *date, char *at,
    const char *end)
{
	size_t month = (size_t)((date[5] - '0') * 10 + date[6] - '1'), weekday;
	const char *text = date, *day = date + 8;

	switch (letter) {
	case 'y':
		return put(at, end, date, 4);
	case 'd':
		return put(at, end, day + (day[0] == '0'), day[0] == '0' ? 1 : 2);
	case 'M':
		text = count >= 5 ? locale->month_letters[month] : count == 4
		    ? locale->months[month] : count == 3 ? locale->months_short[month] : NULL;
		if (text == NULL)
			return put(at, end, date + 5 + (date[5] == '0'), date[5] == '0' ? 1 : 2);
		break;
	case 'E':
		weekday = (size_t)wall_weekday(date) - 1;
		text = count >= 5 ? locale->weekday_letters[weekday] : count == 4
		    ? locale->weekdays[weekday] : locale->weekdays_short[weekday];
		break;
	}
	return put(at, end, text, strlen(text));
}

void
locale_date(const struct locale *locale, enum locale_form form, const char *date,
    char text[LOCALE_TEXT_SIZE])
{
	const char *pattern = locale->forms[form], *end = text + LOCALE_TEXT_SIZE - 1;
	char *at = text;
	bool is_quoted = false;
	size_t count;

	for (; *pattern != '\0'; pattern += count) {
		count = 1;
		if (*pattern == '\'') {
			is_quoted = !is_quoted;
		} else if (!is_quoted && strchr("yMdE", *pattern) != NULL) {
			while (pattern[count] == *pattern)
				count++;
			at = put_field(locale, *pattern, count, date, at, end);
		} else {
			at = put(at, end, pattern, 1);
		}
	}
	*at = '\0';
}

/* ---- numbers ---- */

void
locale_number(const struct locale *locale, const char *number, size_t length,
    char text[LOCALE_TEXT_SIZE])
{
	const char *point = memchr(number, '.', length), *end = text + LOCALE_TEXT_SIZE - 1;
	size_t sign = length > 0 && number[0] == '-',
	    whole = (point == NULL ? length : (size_t)(point - number)), i;
	bool is_grouped = whole - sign >= strlen(locale->group_from);
	char *at = put(text, end, number, sign);

	for (i = sign; i < whole; i++) {
		if (is_grouped && i > sign && (whole - i) % 3 == 0)
			at = put(at, end, locale->group, strlen(locale->group));
		at = put(at, end, number + i, 1);
	}
	if (point != NULL) {
		at = put(at, end, locale->decimal, strlen(locale->decimal));
		at = put(at, end, point + 1, length - whole - 1);
	}
	*at = '\0';
}

void
locale_percent(const struct locale *locale, const char *number, size_t length,
    char text[LOCALE_TEXT_SIZE])
{
	const char *sign = strchrnul(locale->percent, '#');
	const char *end = text + LOCALE_TEXT_SIZE - 1;
	char digits[LOCALE_TEXT_SIZE],
	    *at = put(text, end, locale->percent, (size_t)(sign - locale->percent));

	locale_number(locale, number, length, digits);
	at = put(at, end, digits, strlen(digits));
	if (*sign != '\0')
		at = put(at, end, sign + 1, strlen(sign + 1));
	*at = '\0';
}
