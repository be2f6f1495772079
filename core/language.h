// SPDX-License-Identifier: ISC
/*
 * language.h: which of the languages on offer best fits a request.
 *
 * Languages are BCP 47 tags: "de", "pt-BR". Case is ignored.
 */
#ifndef TURNOUT_LANGUAGE_H
#define TURNOUT_LANGUAGE_H

#include <stddef.h>

#define LANGUAGE_SIZE	16	/* of a tag, NUL included */

/*
 * The index in `tags` of the tag that equals `range` (`length` bytes) or, failing that, its longest
 * prefix of whole subtags (RFC 4647 3.4 lookup: "de" serves "de-CH", "de-CH" does not serve "de").
 * -1 when there is none.
 */
int	language_find(const char *range, size_t length, const char *const *tags, int count);

/*
 * The index in `tags` of the tag that serves a range of `header`, an Accept-Language (RFC 9110
 * 12.5.4; NULL: none): of the ranges that a tag serves, that with the highest weight, or the first
 * of these. Ranges of weight 0, unreadable ones and "*" are ignored. -1 when no tag serves any.
 */
int	language_accepted(const char *header, const char *const *tags, int count);

#endif
