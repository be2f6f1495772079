// SPDX-License-Identifier: ISC
/*
 * links.h: does every internal link of a finished site lead somewhere?
 *
 * Everything that is relative or begins with the club's address is checked: links, pictures,
 * scripts, forms, feeds, live files, and anchors in pages. Other hosts and mail addresses are not.
 * A link leads somewhere when SITE/public has a file for it (or SITE/private, for links on private
 * pages), or when turnoutd answers it by itself (core/route.h).
 */
#ifndef TURNOUT_LINKS_H
#define TURNOUT_LINKS_H

#include <stdint.h>

/* One fault. All borrowed. */
struct link_fault {
	const char	*file;		/* below the site: "public/index.html" */
	unsigned int	 line;		/* in that file, from 1 */
	const char	*link;		/* as written; or an id that is there twice; or "" */
	const char	*what;		/* the fault in words, without a full stop */
};

struct link_report {
	int64_t		files;		/* files of the site */
	int64_t		links;		/* links in them that lead into the site */
	int64_t		faults;
};

/*
 * Check the folder `site`, which the club publishes at `address` (no slash at the end). `each` is
 * told of every fault, roughly in the order of the files; a folder that cannot be read is a fault
 * too. Only one file is in memory at a time, but the names of all files and the ids of all pages
 * are.
 */
void	links_check(const char *site, const char *address,
		    void (*each)(void *handle, const struct link_fault *fault), void *handle,
	    struct link_report *report);

#endif
