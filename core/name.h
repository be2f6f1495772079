// SPDX-License-Identifier: ISC
/*
 * name.h: which names are accepted, and when two are the same.
 *
 * A name is shown as typed and compared by its folded key. No locale, no input or output;
 * Unicode 15.0 as in utf8proc 2.8.
 */
#ifndef TURNOUT_NAME_H
#define TURNOUT_NAME_H

#include <stddef.h>

#include "core/status.h"

#define NAME_MAX_CHARS	80			/* code points after tidying */
#define NAME_SIZE	(NAME_MAX_CHARS * 4 + 1)	/* bytes with the NUL, UTF-8 */
#define NAME_FOLD_SIZE	(NAME_MAX_CHARS * 18 * 4 + 1)	/* NFKC makes at most 18 of a code point */

/*
 * Tidy `length` bytes of `text` into `name` (NAME_SIZE bytes): leading and trailing white space is
 * removed, a sequence of white space inside becomes its first character, and the rest stays as
 * typed (NFC is not applied).
 *   ST_OK        `name` holds 1 to 80 printable characters, NUL-terminated
 *   ST_NAME_BAD  empty, longer, not UTF-8, or with a control character, an unassigned or
 *                private code point, a surrogate, a line separator, a bidirectional override
 *                (U+202A..202E, U+2066..2069), or nothing but marks, ignorables and blank
 *                cells (U+2800); a tab or line break is trimmed at the ends, refused inside
 * An accepted name always folds. After ST_NAME_BAD the content of `name` is undefined.
 */
enum status	name_tidy(const char *text, size_t length, char name[NAME_SIZE]);

/*
 * The key by which names are compared: toNFKC_Casefold(NFD(name)) (Unicode 15, section 3.13
 * D147: NFKC, full case folding, default ignorables out), repeated until stable, white space
 * collapsed to one blank, trimmed. `name` is UTF-8.
 *   ST_OK        `folded` holds the key, never empty
 *   ST_NAME_BAD  not UTF-8, nothing left, longer than NAME_FOLD_SIZE - 1 bytes, or not stable
 *                after five rounds
 */
enum status	name_fold(const char *name, char folded[NAME_FOLD_SIZE]);

/*
 * Initials as a public page may show them: the first grapheme of each of the first three words
 * of `name`, upper case, each with a full stop: "Ada Lovelace" gives "A. L.". `size` bytes
 * at `initials`, at least 64. ST_NAME_BAD, with `initials` undefined, when `name` is not UTF-8 or
 * has no word, or they do not fit.
 */
enum status	name_initials(const char *name, char *initials, size_t size);

/*
 * Turn any `text` into a slug for addresses and file names: lower case ASCII letters and digits,
 * separated by single hyphens, at most 48 bytes: "Café Tuesday!" gives "cafe-tuesday". Letters lose
 * their marks (NFKD), a few without a decomposition are spelled out (ø o, ł l, đ d, æ ae, þ th);
 * letters of other scripts and invalid UTF-8 are dropped, and what would be empty becomes "x".
 * `size` is at least 49.
 */
void	name_slug(const char *text, char *slug, size_t size);

/*
 * The slugs of `count` texts joined by hyphens, for a file name. NULL and "" are left out, and so
 * is everything from the first slug that does not fit `size` (at least 1) on.
 */
void	name_slugs(const char *const *texts, size_t count, char *slugs, size_t size);

#endif
