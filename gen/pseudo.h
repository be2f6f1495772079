// SPDX-License-Identifier: ISC
/*
 * pseudo.h: a language that nobody speaks, made of English: letters with accents, two fifths
 * longer, in brackets. A page in it shows what is not from the messages, what is too narrow, and
 * what is put together from pieces.
 */
#ifndef TURNOUT_PSEUDO_H
#define TURNOUT_PSEUDO_H

#define PSEUDO_LANGUAGE	"qps"	/* of the tags for private use (ISO 639-2 qaa to qtz) */

struct json_t;

/*
 * The words made of `english` (NULL: none), the caller's to give back. Tags, and what is markup,
 * stay.
 */
struct json_t	*pseudo_words(const struct json_t *english);

#endif
