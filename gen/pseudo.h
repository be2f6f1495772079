// SPDX-License-Identifier: ISC
/*
 * pseudo.h: a language that nobody speaks, made from English: letters with accents, two fifths
 * longer, in brackets. In it a page shows which words do not come from the messages, what is too
 * narrow, and what is pieced together.
 */
#ifndef TURNOUT_PSEUDO_H
#define TURNOUT_PSEUDO_H

#define PSEUDO_LANGUAGE	"qps"	/* a tag for private use (ISO 639-2 qaa to qtz) */

struct json_t;

/* The words made from `english` (or NULL), the caller's to release. Tags and markup stay. */
struct json_t	*pseudo_words(const struct json_t *english);

#endif
