// SPDX-License-Identifier: ISC
/*
 * reply.h: a reply, and the bytes that it is sent as.
 *
 * Every reply is protected by the same headers: only our own scripts and styles, no frames, no type
 * guessed from the content. A header whose value could end the line is left out.
 */
#ifndef TURNOUT_REPLY_H
#define TURNOUT_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/language.h"

#define REPLY_ETAG_SIZE	48
#define REPLY_HEAD_SIZE	2560	/* all headers: location 1,100, file name 300, the rest fixed */

/* What is to be sent: all zero, then filled in by whoever answers. */
struct reply {
	int		 http;		/* RFC 9110 status */
	const char	*type;		/* Content-Type, constant; NULL: no body */
	const char	*allow;		/* Allow, constant; NULL: none */
	const char	*cache;		/* Cache-Control, constant; NULL: no-store */
	int		 retry_s;	/* Retry-After, seconds; 0: none */
	bool		 is_packable;	/* another Accept-Encoding may get another body */
	bool		 is_packed;	/* the body is gzip */
	/* Content-Language, which depends on Accept-Language; "": none */
	char		 language[LANGUAGE_SIZE];
	/* its address is a secret: sent in no Referer, listed by no search engine */
	bool		 is_secret;
	bool		 is_challenge;	/* WWW-Authenticate: Bearer */
	bool		 is_unlogged;	/* polled, or refused for flooding: not logged */
	/* of the request, for the log and X-Request-Id; set by http.c */
	char		 id[24];
	char		 etag[REPLY_ETAG_SIZE];	/* with its quotes; "": none */
	char		 location[1100];	/* relative reference; "": none */
	/* the name to save it under (Content-Disposition), ASCII; "": none */
	char		 file_name[256];
	char		*body;		/* malloc'd, freed by whoever sends it; may be NULL */
	/* sent from its beginning instead of a body, closed by whoever sends it; NULL: none */
	FILE		*file;
	size_t		 length;	/* bytes of the body or the file */
};

/* Status line and headers, as they grow. */
struct reply_head {
	char	text[REPLY_HEAD_SIZE];
	size_t	length;
};

/*
 * Head and body of `reply` in one piece, *length bytes: in head->text or, when that is too small,
 * malloc'd and the caller's to free. Lack of memory ends the program. `is_head`: the request was a
 * HEAD. `is_kept`: the connection stays open. *body_length of the bytes are the body; a file is not
 * included.
 */
char	*reply_compose(struct reply_head *head, const struct reply *reply, bool is_head,
		    bool is_kept, size_t *length, size_t *body_length);

#endif
