// SPDX-License-Identifier: ISC
/*
 * rule.h: a recurrence rule in words, "every second Thursday".
 */
#ifndef TURNOUT_RULE_H
#define TURNOUT_RULE_H

#include "core/locale.h"

struct buffer;

/*
 * Add the words for a recurrence rule to `words`, with the plurals of `language`; or the rule
 * itself when it is one of those that have none.
 */
void	rule_words(const struct locale *locale, const char *language, const char *rule,
		    struct buffer *words);

#endif
