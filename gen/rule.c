// SPDX-License-Identifier: ISC
/* rule.c: see rule.h. */
#include "gen/rule.h"

#include <string.h>

#include "core/wall.h"
#include "gen/buffer.h"
#include "gen/message.h"

/* A sentence about a rule, and what its marks ({n} …) are filled with. */
struct sentence {
	const struct locale	*locale;
	const char		*language;
	const struct wall_rule	*rule;
};

static void	put_mark(const struct sentence *sentence, const char *mark, size_t length,
		    struct buffer *out);

/* Add one part, in the plural form for `number`, with its marks filled in. */
static void
put_part(const struct sentence *sentence, enum locale_rule_part part, int number,
    struct buffer *out)
{
	const char *category = message_category(sentence->language, (unsigned long long)number),
	    *at, *open, *close;
	size_t i;

	for (i = 0; strcmp(locale_categories[i], category) != 0; i++)
		;
	for (at = sentence->locale->rule[part][i];
	    (open = strchr(at, '{')) != NULL && (close = strchr(open, '}')) != NULL;
	    at = close + 1) {
		buffer_append(out, at, (size_t)(open - at));
		if (strncmp(open, "{n}", 3) == 0)
			buffer_format(out, "%d", number);
		else
			put_mark(sentence, open + 1, (size_t)(close - open) - 1, out);
	}
	buffer_append_text(out, at);
}

/* Add item `i` of `count`, and the separator before it. */
static void
put_item(const struct locale *locale, int i, int count, const char *text, struct buffer *out)
{
	buffer_append_text(out, i == 0 ? "" : i == count - 1 ? locale->last_comma : locale->comma);
	buffer_append_text(out, text);
}

static void
put_of(const struct sentence *sentence, struct buffer *out)
{
	const struct wall_rule *rule = sentence->rule;

	put_part(sentence, rule->kind == WALL_RULE_YEARLY ? LOCALE_OF_YEAR : rule->interval == 1
	    ? LOCALE_OF_MONTH
	    : rule->interval == 2 ? LOCALE_OF_2_MONTHS : LOCALE_OF_N_MONTHS, rule->interval, out);
}

/* Fill in one mark. */
static void
put_mark(const struct sentence *sentence, const char *mark, size_t length, struct buffer *out)
{
	const struct locale *locale = sentence->locale;
	const struct wall_rule *rule = sentence->rule;
	int i, written = 0;

	if (length == 4 && memcmp(mark, "days", 4) == 0) {
		for (i = 0; i < 7; i++)
			if ((rule->weekdays >> i & 1U) != 0)
				put_item(locale, written++, __builtin_popcount(rule->weekdays),
				    locale->rule_days[i], out);
	} else if (length == 3 && memcmp(mark, "nth", 3) == 0) {
		for (i = 0; i < rule->n_numbers; i++)
			put_item(locale, i, rule->n_numbers,
			    locale->numbers[rule->numbers[i] < 0 ? 5 : rule->numbers[i] - 1], out);
	} else if (length == 3 && memcmp(mark, "day", 3) == 0) {
		buffer_append_text(out, locale->rule_days[rule->weekday - 1]);
	} else if (length == 5 && memcmp(mark, "month", 5) == 0) {
		buffer_append_text(out, locale->months[rule->month - 1]);
	} else if (length == 2 && memcmp(mark, "of", 2) == 0) {
		put_of(sentence, out);
	}
}

/* The part for an interval of 1, of 2, or of more: three that follow each other from `first` on. */
static enum locale_rule_part
for_interval(enum locale_rule_part first, int interval)
{
	return first + (interval == 1 ? 0 : interval == 2 ? 1U : 2U);
}

void
rule_words(const struct locale *locale, const char *language, const char *text,
    struct buffer *words)
{
	struct wall_rule rule;
	const struct sentence sentence = { locale, language, &rule };

	if (!wall_rule_read(text, &rule))
		buffer_append_text(words, text);
	else if (rule.kind == WALL_RULE_DAILY)
		put_part(&sentence, for_interval(LOCALE_EVERY_DAY, rule.interval), rule.interval,
		    words);
	else if (rule.kind == WALL_RULE_WEEKLY)
		put_part(&sentence, for_interval(rule.weekdays == 0 ? LOCALE_EVERY_WEEK
		    : __builtin_popcount(rule.weekdays) == 1 ? LOCALE_ON_DAY
		    : LOCALE_ON_DAYS, rule.interval), rule.interval, words);
	else if (rule.month_day > 0)
		put_part(&sentence, LOCALE_DAY_OF, rule.month_day, words);
	else
		put_part(&sentence, rule.month_day < 0 ? LOCALE_LAST_DAY_OF : LOCALE_NTH_DAY_OF,
		rule.interval, words);
}
