// SPDX-License-Identifier: ISC
/*
 * reference.h: what a finished file of the site refers to, and what others may refer to in it.
 *
 * HTML (libxml2's parser), XML with its feeds, sitemaps and pictures, iCalendar, JSON with the web
 * manifest, CSS and robots.txt; any other file refers to nothing. Where an address leads is
 * links.h's business.
 */
#ifndef TURNOUT_REFERENCE_H
#define TURNOUT_REFERENCE_H

#include <stdbool.h>

#include "gen/buffer.h"

enum reference_kind {
	REFERENCE_LINK,		/* an address as a browser takes it, relative or whole */
	REFERENCE_FORM,		/* the same, of a form: what is typed goes there */
	REFERENCE_WHOLE,	/* text that is an address only when it is a whole one */
	REFERENCE_ID,		/* an id: a fragment may name it */
	REFERENCE_NAME,		/* the name of an anchor: a fragment may name it too */
	REFERENCE_FAULT,	/* the file is no well-formed XML; the text says why */
};

/* Called for each reference, in the order of the file; `text` is borrowed, `line` counts from 1. */
typedef void	reference_each(void *handle, enum reference_kind kind, const char *text,
		    unsigned int line);

/*
 * Read the file `path`, whose kind follows from its name; `content` is room for it, emptied first.
 * False with errno when it cannot be read; one that refers to nothing is not even opened.
 */
bool	reference_read(const char *path, struct buffer *content, reference_each *each,
		    void *handle);

#endif
