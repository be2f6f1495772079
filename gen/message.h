// SPDX-License-Identifier: ISC
/*
 * message.h: the words of the pages, by language.
 *
 * templates/messages/LANG.json maps keys to texts. A template writes {{t.KEY}}; the text, which may
 * contain tags, replaces it before the template is parsed, so that a finished page costs the same
 * in every language. A text that depends on a number is an object: "count" names the column, and
 * there is a text under each plural category of the language (Unicode CLDR,
 * https://cldr.unicode.org/index/cldr-spec/plural-rules). One that depends on the value of a column
 * is an object too: "select" names the column, there is a text, or a text by number, under each
 * value, and "other" is for all other values. English has every key, and is used for keys that
 * another language lacks. "locale" holds what locale.h reads.
 *
 * The language "qps" is spoken by nobody: English, but longer, with accents and in brackets, for
 * testing pages (pseudo.h).
 */
#ifndef TURNOUT_MESSAGE_H
#define TURNOUT_MESSAGE_H

#include "core/locale.h"
#include "gen/mustache.h"

#define MESSAGE_TAG_SIZE	16	/* bytes of a BCP 47 tag, with its NUL */

/* One language; {0} is an empty one without any key. */
struct messages {
	struct json_t	*own;		/* NULL: English, or a language without a file */
	struct json_t	*english;	/* NULL: there is no folder messages/ */
	char		 tag[MESSAGE_TAG_SIZE];		/* the one asked for */
	/* the one whose plural rules are used: that of `own`, or "en" */
	char		 language[MESSAGE_TAG_SIZE];
	struct locale	 locale;
	/* reading is put off: where to read from, borrowed; NULL: it was read */
	const char	*templates;
};

/* Some languages; the first stands in for all others. */
struct tongues {
	struct messages	*list;		/* owned by whoever fills it */
	size_t		 count;
};

/*
 * tongues_find: the language of that tag, or the first, also for NULL. tongues_at: the language of
 * that number. Both read a language whose reading was put off, except English, whose rules, names
 * and patterns are built in: use tongues_words for texts, which reads English too.
 */
const struct messages	*tongues_find(const struct tongues *tongues, const char *tag);
const struct messages	*tongues_at(const struct tongues *tongues, size_t number);
const struct messages	*tongues_words(const struct tongues *tongues, size_t number);

/*
 * Read the words of `language`, a BCP 47 tag, from its file or that of its first part (de for
 * de-CH); a language without a file is English. False with `why`, and nothing to clear, when a file
 * is not valid. messages_clear frees the words; {0} is accepted.
 */
bool	messages_load(struct messages *messages, const char *templates, const char *language,
		    struct mustache_error *why);
void	messages_clear(struct messages *messages);

/*
 * Put off reading until a tongues function asks for it; for files that were read before. If one has
 * become invalid since, the language is without texts, and otherwise English.
 */
void	messages_defer(struct messages *messages, const char *templates, const char *language);

/*
 * Read messages/NAME.json, where NAME is the first `length` bytes of `name`. *words, the caller's
 * to release, is left as it is when there is no such file. False with `why` when it is not a JSON
 * object.
 */
bool	messages_read(const char *templates, const char *name, size_t length, struct json_t **words,
		    struct mustache_error *why);

/* The text of `key`, if that depends on nothing; NULL when there is none. Borrowed. */
const char	*messages_text(const struct messages *messages, const char *key);

/*
 * Replace every {{t.KEY}} in `text`, the content of `file`, by its words. False, with file and line
 * in `why`, when not even English has that key, or a text by number or value lacks its "other".
 */
bool	messages_fill(const struct messages *messages, const char *file, struct buffer *text,
		    struct mustache_error *why);

/*
 * Compare every language of `templates` with English. `take` is told of each key that is missing
 * (with English's line) or superfluous, of texts whose tags differ from English's, of plural
 * categories that the language does not have or that lack a text, and of files that are not valid.
 * Nothing is told when there is no folder messages/.
 */
void	messages_compare(const char *templates,
		    void (*take)(void *handle, const char *file, unsigned int line,
		    const char *found), void *handle);

/* Is `name` a plural category? */
bool	message_is_category(const char *name, size_t length);

/*
 * The plural category of a whole number by the rules of CLDR 42 for `language`; those of English
 * for a language that has none here.
 */
const char	*message_category(const char *language, unsigned long long number);

#endif
