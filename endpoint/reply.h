// SPDX-License-Identifier: ISC
/*
 * reply.h: from what is to be said to the bytes that say it.
 *
 * Every reply has the same protection: no script, style or frame but our own, nothing guessed from
 * its content. What could end a header line is not sent.
 */
#ifndef TURNOUT_REPLY_H
#define TURNOUT_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/language.h"

#define REPLY_ETAG_SIZE	48
#define REPLY_HEAD_SIZE	2560	/* all headers: location 1,100, file name 300, the rest is fixed */

/* What is to be sent. All zero, then filled by whoever answers. */
struct reply {
	int		 http;		/* RFC 9110 status */
	const char	*type;		/* Content-Type, constant; NULL: no body */
	const char	*allow;		/* Allow, constant; NULL: none */
	const char	*cache;		/* Cache-Control, constant; NULL: no-store */
	int		 retry_s;	/* Retry-After, seconds; 0: none */
	bool		 is_packable;	/* another Accept-Encoding may get another body */
	bool		 is_packed;	/* the body is gzip */
	/* of the sentences in the body, chosen by Accept-Language among others; "": none */
	char		 language[LANGUAGE_SIZE];
	/* who has the address may read it: it is told to nobody, and no engine lists it */
	bool		 is_secret;
	bool		 is_challenge;	/* WWW-Authenticate: Bearer */
	bool		 is_unlogged;	/* asked for all the time, and tells nothing */
	/* of the request, in the log and as X-Request-Id; http.c fills it in */
	char		 id[24];
	char		 etag[REPLY_ETAG_SIZE];	/* with its quotes; "": none */
	char		 location[1100];	/* relative reference; "": none */
	/* to be kept under that name (Content-Disposition), ASCII; "": none */
	char		 file_name[256];
	char		*body;		/* malloc'd, whoever sends it frees it; may be NULL */
	/* instead of a body: from its beginning; whoever sends it closes it; NULL: none */
	FILE		*file;
	size_t		 length;	/* bytes */
};

/* Status line and headers, as they grow. */
struct reply_head {
	char	text[REPLY_HEAD_SIZE];
	size_t	length;
};

/*
 * Head and body of `reply` in one piece: in `head`, or malloc'd and the caller's to free where it
 * is no room; ends the program without memory for that. `is_head`: HEAD was asked for; `is_kept`:
 * the connection goes on. *length is that of all, *body_length that of the body in it: of a file
 * the head alone is there.
 */
char	*reply_compose(struct reply_head *head, const struct reply *reply, bool is_head,
		    bool is_kept, size_t *length, size_t *body_length);

#endif
