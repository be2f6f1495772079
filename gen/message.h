// SPDX-License-Identifier: ISC
/*
 * message.h: the words of the pages, by language.
 *
 * templates/messages/LANG.json maps keys to texts. A template writes {{t.KEY}}; the text, which may
 * have tags of its own, takes its place before the template is parsed, so a finished page costs the
 * same in every language. A text that depends on a number is an object: "count" names the column,
 * and a text stands under each plural category of the language (Unicode CLDR,
 * https://cldr.unicode.org/index/cldr-spec/plural-rules). One that depends on what a column says is
 * an object too: "select" names the column, a text, or a text by number, stands under each value,
 * and "other" is for the rest. English has every key; what another language lacks is English.
 * "locale" has what locale.h reads.
 *
 * The language "qps" is nobody's: English, longer, with accents and in brackets, made for tests of
 * pages (pseudo.h).
 */
#ifndef TURNOUT_MESSAGE_H
#define TURNOUT_MESSAGE_H

#include "gen/locale.h"
#include "gen/mustache.h"

#define MESSAGE_TAG_SIZE	16	/* of a BCP 47 tag */

/* One language; {0} is none, in which no key is found. */
struct messages {
	struct json_t	*own;		/* NULL: English, or a language that nobody wrote */
	struct json_t	*english;	/* NULL: there is no folder messages/ */
	char		 tag[MESSAGE_TAG_SIZE];		/* as it was asked for */
	/* whose plural rules count: that of `own`, or "en" */
	char		 language[MESSAGE_TAG_SIZE];
	struct locale	 locale;
	/* borrowed: where to read it when it is first asked for; NULL: it is read */
	const char	*templates;
};

/* Some languages, the first of which serves for all others. */
struct tongues {
	struct messages	*list;		/* owned by who fills it */
	size_t		 count;
};

/*
 * The one of that tag, or the first; NULL is the first. And the one of that number. Both read what
 * was put off, but not the texts of English, whose rules, names and patterns are in the program:
 * for texts ask tongues_words.
 */
const struct messages	*tongues_find(const struct tongues *tongues, const char *tag);
const struct messages	*tongues_at(const struct tongues *tongues, size_t number);
const struct messages	*tongues_words(const struct tongues *tongues, size_t number);

/*
 * Read the words of `language`, a BCP 47 tag: those of its file, or of its first part (de for
 * de-CH). A language without a file is English. False with a sentence, and nothing to clear, when a
 * file is not what it should be. messages_clear gives them back.
 */
bool	messages_load(struct messages *messages, const char *templates, const char *language,
		    struct mustache_error *why);
void	messages_clear(struct messages *messages);

/*
 * Put reading off until tongues_find or tongues_at asks: these files were read before. One that is
 * no longer what it should be is English then.
 */
void	messages_defer(struct messages *messages, const char *templates, const char *language);

/*
 * Read messages/NAME.json of `length` bytes of `name`; *words stays NULL when there is none. False
 * with a sentence when it is no object.
 */
bool	messages_read(const char *templates, const char *name, size_t length, struct json_t **words,
		    struct mustache_error *why);

/* The text of `key`, one that depends on nothing; NULL when there is none. Lent. */
const char	*messages_text(const struct messages *messages, const char *key);

/*
 * Put the words for every {{t.KEY}} of `text`, the content of `file`. False with file and line when
 * English has no such key.
 */
bool	messages_fill(const struct messages *messages, const char *file, struct buffer *text,
		    struct mustache_error *why);

/*
 * Compare every language of `templates` with English: `take` is told each key that is missing (the
 * line is English's) or surplus, texts whose tags are not English's, plural categories that the
 * language has not or does not say, and what is no file of messages. Nothing is told where there is
 * no folder messages/.
 */
void	messages_compare(const char *templates,
		    void (*take)(void *handle, const char *file, unsigned int line,
		    const char *found), void *handle);

/* The CLDR plural categories, zero to other; and is `name` one? */
extern const char *const message_categories[LOCALE_CATEGORIES];
bool	message_is_category(const char *name, size_t length);

/*
 * The category of a whole number, 0 or more, by the rules of CLDR 42 for the language; "other" for
 * a language without rules here.
 */
const char	*message_category(const char *language, unsigned long long number);

#endif
