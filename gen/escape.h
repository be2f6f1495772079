// SPDX-License-Identifier: ISC
/*
 * escape.h: making text safe for the kind of file it goes into.
 *
 * Input is bytes that should be UTF-8; whatever is not valid becomes U+FFFD, for every kind. Which
 * value is inserted where is up to mustache.h.
 */
#ifndef TURNOUT_ESCAPE_H
#define TURNOUT_ESCAPE_H

#include "gen/buffer.h"

enum escape_kind {
	ESCAPE_NONE,	/* plain text: unchanged */
	ESCAPE_HTML,	/* text, and attribute values in quotes; NUL becomes U+FFFD */
	ESCAPE_XML,	/* the same; characters that XML 1.0 forbids are dropped */
	ESCAPE_JSON,	/* inside a string, RFC 8259; also safe inside a script element */
	ESCAPE_CSV,	/* one whole field, RFC 4180: quoted where needed, formulas disarmed */
	ESCAPE_ICS,	/* a TEXT value, RFC 5545 3.3.11; the file is folded afterwards */
	ESCAPE_END
};

/* The kind of a file, by the extension of its name; ESCAPE_NONE for an unknown one. */
enum escape_kind	escape_kind_of(const char *path);

/*
 * Add `length` bytes of `text` to `out`, escaped. A CSV field that a spreadsheet would run as a
 * formula gets an apostrophe in front; plain numbers such as -3 and +1.5 do not. A field that is
 * such a formula behind apostrophes of its own gets one more, so that escape_csv_undo restores
 * every text exactly.
 */
void	escape_append(struct buffer *out, enum escape_kind kind, const char *text, size_t length);

/*
 * A CSV field that escape_append wrote and a reader unquoted: without the apostrophe that disarmed
 * it. Points into `text`.
 */
const char	*escape_csv_undo(const char *text);

/*
 * Turn the lines of `file` from byte `from` on into iCalendar: they end in CRLF and are folded at
 * 75 octets, never inside a UTF-8 sequence (RFC 5545 3.1).
 */
void	escape_ics_fold(struct buffer *file, size_t from);

#endif
