// SPDX-License-Identifier: ISC
/*
 * message.h: the words of the pages, by language.
 *
 * templates/messages/LANG.json maps keys to texts. A template writes {{t.KEY}}; the text, which may have tags of its own, takes
 * its place before the template is parsed, so a finished page costs the same in every language. A text that depends on a number
 * is an object: "count" names the column, and a text stands under each plural category of the language (Unicode CLDR,
 * https://cldr.unicode.org/index/cldr-spec/plural-rules). English has every key; what another language lacks is English.
 */
#ifndef TURNOUT_MESSAGE_H
#define TURNOUT_MESSAGE_H

#include "gen/mustache.h"

/* One language; {0} is none, in which no key is found. */
struct messages {
	struct json_t	*own;		/* NULL: English, or a language that nobody wrote */
	struct json_t	*english;	/* NULL: there is no folder messages/ */
	char		 language[16];	/* whose plural rules count: that of `own`, or "en" */
};

/*
 * Read the words of `language`, a BCP 47 tag: those of its file, or of its first part (de for de-CH). A language without a file is
 * English. False with a sentence, and nothing to clear, when a file is not what it should be. messages_clear gives them back.
 */
bool	messages_load(struct messages *messages, const char *templates, const char *language, struct mustache_error *why);
void	messages_clear(struct messages *messages);

/* The text of `key`, one that depends on no number; NULL when there is none. Lent. */
const char	*messages_text(const struct messages *messages, const char *key);

/* Put the words for every {{t.KEY}} of `text`, the content of `file`. False with file and line when English has no such key. */
bool	messages_fill(const struct messages *messages, const char *file, struct buffer *text, struct mustache_error *why);

/*
 * Compare every language of `templates` with English: `take` is told each key that is missing (the line is English's) or surplus, and
 * what is no file of messages. Nothing is told where there is no folder messages/.
 */
void	messages_compare(const char *templates, void (*take)(void *handle, const char *file, unsigned int line, const char *found), void *handle);

/* Is `name` a CLDR plural category? */
bool	message_is_category(const char *name, size_t length);

/* The category of a whole number, 0 or more, by the rules of CLDR 42 for the language; "other" for a language without rules here. */
const char	*message_category(const char *language, unsigned long long number);

#endif
