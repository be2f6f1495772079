// SPDX-License-Identifier: ISC
/*
 * reference.h: what a finished file of the site refers to, and what in it can be referred to.
 *
 * It reads HTML (with libxml2's parser), XML with feeds, sitemaps and pictures, iCalendar, JSON
 * with web manifests, CSS and robots.txt; other files refer to nothing. links.h finds out where an
 * address leads.
 */
#ifndef TURNOUT_REFERENCE_H
#define TURNOUT_REFERENCE_H

#include <stdbool.h>

#include "gen/buffer.h"

enum reference_kind {
	REFERENCE_LINK,		/* an address as a browser accepts it, relative or complete */
	REFERENCE_FORM,		/* the same, to which a form is sent */
	REFERENCE_WHOLE,	/* text, which is an address only if it is a complete one */
	REFERENCE_ID,		/* an id, to which a fragment can refer */
	REFERENCE_NAME,		/* the name of an anchor, to which a fragment can refer too */
	REFERENCE_FAULT,	/* the file is not well-formed XML; the text says why */
};

/* Called for each reference, in the order of the file; `text` is borrowed, `line` counts from 1. */
typedef void	reference_each(void *handle, enum reference_kind kind, const char *text,
		    unsigned int line);

/*
 * Read the file `path`, whose kind its name tells. `content` is room for the file, emptied first.
 * False with errno when it cannot be read, or is larger than INT_MAX; a file of a kind that refers
 * to nothing is not even opened.
 */
bool	reference_read(const char *path, struct buffer *content, reference_each *each,
		    void *handle);

#endif
