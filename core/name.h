// SPDX-License-Identifier: ISC
/*
 * name.h: which names we take, and when two are the same.
 *
 * A name is shown as it was typed and compared by its folded key. No locale, no input or
 * output; Unicode 15.0 as utf8proc 2.8 knows it.
 */
#ifndef TURNOUT_NAME_H
#define TURNOUT_NAME_H

#include <stddef.h>

#include "core/status.h"

#define NAME_MAX_CHARS	80			/* code points after tidying */
#define NAME_SIZE	(NAME_MAX_CHARS * 4 + 1)	/* bytes with the NUL, UTF-8 */
#define NAME_FOLD_SIZE	(NAME_MAX_CHARS * 18 * 4 + 1)	/* NFKC grows a code point to 18 at most */

/*
 * Tidy `length` bytes of `text` into `name` (NAME_SIZE bytes): leading, trailing and repeated
 * white space goes (of several the first stays), the rest stays as typed (NFC is not applied).
 *   ST_OK        `name` holds 1 to 80 printable characters, NUL-terminated
 *   ST_NAME_BAD  empty, longer, not UTF-8, or with a control character, an unassigned or
 *                private code point, a surrogate, a line separator, a bidirectional override
 *                (U+202A..202E, U+2066..2069), or nothing but marks, ignorables and blank
 *                cells (U+2800); a tab or line break is trimmed at the ends, refused inside
 * A name that is taken always folds. On refusal `name` may hold a part of it.
 */
enum status	name_tidy(const char *text, size_t length, char name[NAME_SIZE]);

/*
 * The key by which names are compared: toNFKC_Casefold(NFD(name)) (Unicode 15, section 3.13
 * D147: NFKC, full case folding, default ignorables out), repeated until stable, white space
 * collapsed to one blank, trimmed. `name` is UTF-8.
 *   ST_OK        `folded` holds the key, never empty
 *   ST_NAME_BAD  not UTF-8, nothing left, or longer than NAME_FOLD_SIZE - 1 bytes
 */
enum status	name_fold(const char *name, char folded[NAME_FOLD_SIZE]);

/*
 * Initials as a public page may show them: the first grapheme of each of the first three words
 * of `name`, upper case, each with a full stop: "Ada Lovelace" gives "A. L.". `size` bytes
 * at `initials`, at least 64. ST_NAME_BAD when `name` is not UTF-8 or they do not fit.
 */
enum status	name_initials(const char *name, char *initials, size_t size);

/*
 * A slug for addresses and file names out of any `text`: lower case ASCII letters and digits,
 * single hyphens between, at most 48 bytes: "Café Tuesday!" gives "cafe-tuesday". Letters with
 * marks lose them (NFKD), a few without a decomposition are spelled out (ø o, ł l, đ d, æ ae, þ
 * th); other scripts are dropped, and what is then empty becomes "x". `size` is at least 49. Always
 * succeeds; invalid UTF-8 is skipped.
 */
void	name_slug(const char *text, char *slug, size_t size);

/*
 * The slugs of `count` texts with hyphens between, for a file name; NULL and "" are left out, and
 * what does not fit `size`.
 */
void	name_slugs(const char *const *texts, size_t count, char *slugs, size_t size);

#endif
