// SPDX-License-Identifier: ISC
/*
 * language.h: which of the languages at hand answers what somebody asks for.
 *
 * Languages are BCP 47 tags: "de", "pt-BR". Case does not count.
 */
#ifndef TURNOUT_LANGUAGE_H
#define TURNOUT_LANGUAGE_H

#include <stddef.h>

#define LANGUAGE_SIZE	16	/* of a tag, NUL included */

/*
 * The number of the tag that answers `range` of `length` bytes: the same, or the longest beginning
 * of it (RFC 4647 3.4: "de" answers "de-CH", and "de-CH" does not answer "de"). -1 for none.
 */
int	language_find(const char *range, size_t length, const char *const *tags, int count);

/*
 * The number of the tag that answers best what the Accept-Language `header` (RFC 9110 12.5.4; NULL:
 * none) prefers; of ranges that weigh the same the first. What weighs 0 or cannot be read counts
 * for nothing, and "*" asks for nothing. -1 for none.
 */
int	language_accepted(const char *header, const char *const *tags, int count);

#endif
