// SPDX-License-Identifier: ISC
/*
 * head.h: what the bytes of a request say: whether more has to come, and whether they can be read
 * in one way only.
 *
 * Pure rules, for the gate (gate.h) and for http.c. They are strict where the library is not: what
 * two readers could understand differently is no plain request, host or length.
 */
#ifndef TURNOUT_HEAD_H
#define TURNOUT_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

#define HEAD_BYTES_MAX		16384	/* bytes of a head; the library refuses a longer one */
#define HEAD_BODY_MAX		16384	/* bytes; a check-in has 300 */
/*
 * bytes of a request that the gate may answer: a phone's check-in has 1,200, and any cookies of the
 * domain
 */
#define HEAD_PLAIN_MAX		8192
#define HEAD_FIELDS_MAX		32	/* headers of such a request */
#define HEAD_ADDRESS_SIZE	46	/* IPv4 or IPv6 as text, and the NUL */

/* Is `host` a name or address with an optional port, as a Host header may carry? */
bool		head_host_valid(const char *host);

/*
 * The address of the client by http_address's rule, for a connection from `peer` with an X-Real-IP
 * of `real` and an X-Forwarded-For of `forwarded` (NULL: missing); "" when it is none.
 */
void		head_address(const char *peer, const char *real, const char *forwarded,
		    char address[HEAD_ADDRESS_SIZE]);

/*
 * Read a Content-Length into *length, bytes. ST_BAD_REQUEST: not all digits. ST_TOO_LARGE: over
 * HEAD_BODY_MAX.
 */
enum status	head_body_length(const char *text, size_t *length);

/* What the bytes of a request so far say about the rest. */
enum head_view {
	HEAD_PART,	/* more has to come */
	HEAD_EXPECT,	/* more has to come, and the client waits for 100 Continue */
	HEAD_WHOLE,	/* nothing to wait for: the request is complete, or will be refused */
};

/* Given these `length` bytes, would the library, or http_body after it, wait for more? */
enum head_view	head_view(const char *bytes, size_t length);

/*
 * A GET or POST that can be read in one way only. Its strings lie in the bytes that it was read
 * from.
 */
struct head_plain {
	const char	*method;
	const char	*path;		/* without the query */
	const char	*query;		/* after the "?"; NULL: none */
	struct head_field {
		const char *name, *value;
	}		 fields[HEAD_FIELDS_MAX];
	int		 n_fields;
	char		*body;		/* of a POST, ends with a NUL; NULL: none */
	size_t		 body_length;	/* bytes */
	bool		 is_last;	/* the client wants the connection closed afterwards */
};

/*
 * Are these `length` bytes, with room for a NUL after them, a GET or POST of HTTP/1.1 or 1.0 that
 * can be read in one way only: with one valid Host and, of a POST, a body of just the length that
 * it states? Then it is in `plain`. The bytes are cut into strings in any case.
 */
bool		head_plain(char *bytes, size_t length, struct head_plain *plain);

#endif
