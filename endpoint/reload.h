// SPDX-License-Identifier: ISC
/*
 * reload.h: pages that load themselves again while somebody works on the templates (turnoutd
 * --reload).
 *
 * Pages get a script as they are sent; the files of the site never have it. The script polls
 * SITE/reload.json, which `turnout watch --serve` writes: {"number": …, "error": "…"}. The page is
 * given the number that was read before its file, so that no later publish is missed.
 */
#ifndef TURNOUT_RELOAD_H
#define TURNOUT_RELOAD_H

#include <stddef.h>

#include "endpoint/http.h"

#define RELOAD_SCRIPT	"reload.js"	/* paths without their first slash */
#define RELOAD_NEWS	"reload.json"	/* also the file's name in the site's folder */

extern const char	reload_script[];	/* endpoint/reload.js */

/* The number in `news`, the content of SITE/reload.json; 0 when it has none. */
long long	reload_number(const char *news, size_t length);

/*
 * Insert the script into the page reply->body, before the end of its head, or at the end when it
 * has no head. For lack of memory, the page stays as it is.
 */
void		reload_insert(struct reply *reply, long long number);

#endif
