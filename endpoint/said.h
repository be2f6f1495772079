// SPDX-License-Identifier: ISC
/*
 * said.h: what turnoutd says to people, in the language of who reads it.
 *
 * English is in the program. Other languages, and other words, are the files that the generator
 * copies to SITE/private/messages/ (one a language, "said_KEY"); they are taken again when they
 * change, and what they lack is English. Names keep their own direction: where it could move what
 * stands beside them, they are between Unicode's isolates.
 */
#ifndef TURNOUT_SAID_H
#define TURNOUT_SAID_H

#include <stdbool.h>
#include <stdint.h>

#include "core/language.h"
#include "core/status.h"
#include "endpoint/http.h"

#define SAID_LANGUAGES	32

/*
 * A sentence: that of a status is its number ("said_closed"), and these know more of the run.
 * "…_DAY" is for another day than today.
 */
enum said_key {
	SAID_IN = ST_END, SAID_IN_LATE, SAID_IN_PENDING,
	SAID_POSITION, SAID_NETWORK, SAID_ACCESS_POINT, SAID_AND,
	SAID_SINCE, SAID_SINCE_DAY, SAID_LEFT, SAID_LEFT_DAY, SAID_OPENS, SAID_OPENS_DAY,
	SAID_CLOSES, SAID_CLOSES_DAY, SAID_CANCELLED_WHY, SAID_STOP, SAID_EXPIRED_DAY, SAID_OTHER,
	SAID_UNDONE_NAME, SAID_ALREADY_SINCE, SAID_ALREADY_SINCE_DAY,
	SAID_GOOD, SAID_VALID, SAID_DATE,
	SAID_END
};

/* All languages at hand. */
struct said;

/* One of them. */
struct said_language;

/* Who is to read a reply. */
struct said_reader {
	struct said		*said;
	/* whose Accept-Language is looked at when nothing is asked for */
	const struct request	*request;
	/* the language a form or an address names, as sent; "" for none */
	char			 asked[LANGUAGE_SIZE];
};

/* What stands for {{name}} in a text; behind the last one name is NULL. */
struct said_value {
	const char	*name, *text;
	bool		 is_own;	/* somebody's own words, of whatever direction */
};

/*
 * English, until said_look finds more below the directory `site`, which is borrowed. ST_FAULT
 * without memory. NULL may be closed.
 */
enum status	said_open(const char *site, struct said **said);
void		said_close(struct said *said);

/*
 * Take the files again when they have changed since; `club` is the club's language. One thread
 * calls it, every second or so, while others read: they wait for the exchange of a pointer.
 */
void		said_look(struct said *said, const char *club);

/*
 * The language for `reader`, until said_end: what is asked for, else what the browser accepts, else
 * the club's, else English. It is written into `reply`, for Content-Language. `reader` NULL:
 * English.
 */
const struct said_language *said_begin(const struct said_reader *reader, struct reply *reply);
void		said_end(const struct said_reader *reader);

/*
 * The text of `key` in that language (NULL: English), or of English where it is lacking. Never
 * NULL; lent until said_end.
 */
const char	*said_text(const struct said_language *language, enum said_key key);

/*
 * The text with `values` in it; what does not fit into `size` bytes is left out, whole characters.
 */
void		said_fill(const struct said_language *language, enum said_key key,
		    const struct said_value *values, char *out, size_t size);

/*
 * The folder of the pages in the language that the reader asked for, "de/", when the site has
 * R/CODE/ there; "" otherwise, which is the club's language.
 */
const char	*said_folder(const struct said_reader *reader, const char *code,
		    char folder[LANGUAGE_SIZE + 1]);

/*
 * The name of a key as files have it, "said_closed", into `name`; false for a status that nobody
 * hears over the network.
 */
bool		said_name(enum said_key key, char name[64]);

/*
 * For tests: the file `path` as the language `tag`, to be given to said_free; NULL when it is none.
 */
struct said_language *said_read(const char *tag, const char *path);
void		said_free(struct said_language *language);

#endif
