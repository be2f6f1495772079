// SPDX-License-Identifier: ISC
/*
 * said.h: the sentences that turnoutd says to people, in the language of the reader.
 *
 * English is in the program. Other languages, and other words, are in the files that the generator
 * copies to SITE/private/messages/ (one per language, with keys "said_KEY"). They are read again
 * when they change, and what they lack is said in English. A name keeps its own direction of
 * writing: where that could move the text beside it, it is put between Unicode's isolates.
 */
#ifndef TURNOUT_SAID_H
#define TURNOUT_SAID_H

#include <stdbool.h>

#include "core/language.h"
#include "core/locale.h"
#include "core/status.h"
#include "endpoint/http.h"

#define SAID_LANGUAGES	32

/*
 * The key of a sentence. A status is the key of its own sentence ("said_closed"); the sentences of
 * these keys say more about the run. "…_DAY" is for a day other than today.
 */
enum said_key {
	SAID_IN = ST_END, SAID_IN_LATE, SAID_IN_PENDING,
	SAID_POSITION, SAID_NETWORK, SAID_ACCESS_POINT, SAID_AND,
	SAID_SINCE, SAID_SINCE_DAY, SAID_LEFT, SAID_LEFT_DAY, SAID_OPENS, SAID_OPENS_DAY,
	SAID_CLOSES, SAID_CLOSES_DAY, SAID_CANCELLED_WHY, SAID_STOP, SAID_EXPIRED_DAY, SAID_OTHER,
	SAID_UNDONE_NAME, SAID_ALREADY_SINCE, SAID_ALREADY_SINCE_DAY,
	SAID_GOOD, SAID_VALID,
	SAID_END
};

/* All available languages. */
struct said;

/* One of them. */
struct said_language;

/* The reader of a reply. */
struct said_reader {
	struct said		*said;
	/* its Accept-Language decides when `asked` does not */
	const struct request	*request;
	/* the language that a form or an address names, as sent; "" for none */
	char			 asked[LANGUAGE_SIZE];
};

/* The text for {{name}} in a sentence; after the last value, name is NULL. */
struct said_value {
	const char	*name, *text;
	bool		 is_own;	/* somebody's own words, written in either direction */
};

/*
 * Only English, until said_look finds more below the directory `site`, which is borrowed. ST_FAULT
 * for lack of memory. NULL may be closed.
 */
enum status	said_open(const char *site, struct said **said);
void		said_close(struct said *said);

/*
 * Read the files again if they have changed; `club` is the club's language. One thread calls this,
 * every second or so. Other threads may read meanwhile; they wait only while a pointer is replaced.
 */
void		said_look(struct said *said, const char *club);

/*
 * The language for `reader`, valid until said_end: the one asked for, else the one that the browser
 * prefers, else the club's, else English. Its tag is set in `reply`, for Content-Language. NULL for
 * `reader`: English.
 */
const struct said_language *said_begin(const struct said_reader *reader, struct reply *reply);
void		said_end(const struct said_reader *reader);

/*
 * The sentence of `key` in that language (NULL: English), in English if it is missing there. Never
 * NULL; borrowed until said_end.
 */
const char	*said_text(const struct said_language *language, enum said_key key);

/*
 * That sentence with `values` filled in, cut to `size` bytes at the end of a character.
 */
void		said_fill(const struct said_language *language, enum said_key key,
		    const struct said_value *values, char *out, size_t size);

/*
 * A valid `date` (YYYY-MM-DD) in words, as the pages of that language (NULL: English) write it,
 * "Friday 20 November 2026".
 */
void		said_date(const struct said_language *language, const char *date,
		    char text[LOCALE_TEXT_SIZE]);

/*
 * The folder of pages in the language that the reader asked for, "de/", if the site has R/CODE/ in
 * it; otherwise "", the folder of the club's language.
 */
const char	*said_folder(const struct said_reader *reader, const char *code,
		    char folder[LANGUAGE_SIZE + 1]);

/*
 * The name of a key in the files, "said_closed"; false for a status that is never a reply.
 */
bool		said_name(enum said_key key, char name[64]);

/*
 * For tests: read the file `path` as the language `tag`, to be released by said_free. NULL when it
 * cannot be read.
 */
struct said_language *said_read(const char *tag, const char *path);
void		said_free(struct said_language *language);

#endif
