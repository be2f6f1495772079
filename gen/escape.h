// SPDX-License-Identifier: ISC
/*
 * escape.h: text made safe for the kind of file it goes into.
 *
 * Input is bytes that should be UTF-8; what is not becomes U+FFFD, in every kind.
 * Which value is inserted where is mustache.h's business.
 */
#ifndef TURNOUT_ESCAPE_H
#define TURNOUT_ESCAPE_H

#include "gen/buffer.h"

enum escape_kind {
	ESCAPE_NONE,	/* plain text: as it is */
	ESCAPE_HTML,	/* text, and attribute values in quotes; NUL becomes U+FFFD */
	ESCAPE_XML,	/* the same; characters that XML 1.0 forbids are dropped */
	ESCAPE_JSON,	/* inside a string, RFC 8259; also safe inside a script element */
	ESCAPE_CSV,	/* one whole field, RFC 4180: quoted where needed, formulas disarmed */
	ESCAPE_ICS,	/* a TEXT value, RFC 5545 3.3.11; the file is folded afterwards */
	ESCAPE_END
};

/* The kind of a file, by the extension of its name; ESCAPE_NONE for one that is not known. */
enum escape_kind	escape_kind_of(const char *path);

/*
 * Add `length` bytes of `text` to `out`, escaped. A CSV field that a spreadsheet would run as a
 * formula gets an apostrophe in front; plain numbers such as -3 and +1.5 stay. So does a field that
 * is one behind apostrophes of its own, so that escape_csv_undo gives back every text as it was.
 */
void	escape_append(struct buffer *out, enum escape_kind kind, const char *text, size_t length);

/* A CSV field of ours, read, without the apostrophe that disarmed it: a part of `text`. */
const char	*escape_csv_undo(const char *text);

/*
 * Make an iCalendar file of what stands in `file` from the byte `from` on: lines end in CRLF and
 * are folded at 75 octets, never inside a UTF-8 sequence (RFC 5545 3.1).
 */
void	escape_ics_fold(struct buffer *file, size_t from);

#endif
