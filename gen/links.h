// SPDX-License-Identifier: ISC
/*
 * links.h: does every internal link of a finished site lead somewhere?
 *
 * Looked at is what begins with the club's address or is relative to it: links, pictures, scripts,
 * forms, feeds, live files, and anchors in pages. Other hosts and mail are not. A link leads
 * somewhere when a file of SITE/public stands behind it (for pages of SITE/private one of these
 * too), or when turnoutd answers it by itself (core/route.h).
 */
#ifndef TURNOUT_LINKS_H
#define TURNOUT_LINKS_H

#include <stdint.h>

/* One thing that is off. All borrowed. */
struct link_fault {
	const char	*file;		/* below the site: "public/index.html" */
	unsigned int	 line;		/* of it, from 1 */
	const char	*link;		/* as it is written; an id that is there twice; or "" */
	const char	*what;		/* in words, without a full stop */
};

struct link_report {
	int64_t		files;		/* looked at */
	int64_t		links;		/* of these that lead into the site */
	int64_t		faults;
};

/*
 * Check the folder `site`, which the club publishes at `address` (no slash at the end): `each` gets
 * what is off, roughly in the order of the files. One file is in memory at a time; names of files
 * and ids of pages are kept.
 */
void	links_check(const char *site, const char *address,
		    void (*each)(void *handle, const struct link_fault *fault), void *handle,
	    struct link_report *report);

#endif
