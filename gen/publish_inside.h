// SPDX-License-Identifier: ISC
/*
 * publish_inside.h: what publish.c (planning) and publish_work.c (rendering and writing) share;
 * nobody else includes it.
 */
#ifndef TURNOUT_PUBLISH_INSIDE_H
#define TURNOUT_PUBLISH_INSIDE_H

#include <sys/types.h>

#include "db/manifest.h"
#include "db/store.h"
#include "gen/page.h"
#include "gen/publish.h"
#include "gen/site.h"

#define HAND_KEYS	256	/* keys that make another hand worth its start */

/*
 * What a publisher has open, by path: a name that came to mean another file must be opened again.
 */
enum { HELD_DATABASE, HELD_SITE, HELD_LOCK, HELD_MANIFEST, HELD_END };

struct held {
	char	*path;
	dev_t	 device;
	ino_t	 inode;
};

struct publisher {
	struct store		*store;
	struct pages		*pages;
	struct manifest		*manifest;
	struct site		*site;
	char			*templates;
	bool			 is_precompressed;
	/* the manifest has our sources, unless somebody else wrote there */
	bool			 is_settled;
	/* `store` is a copy of facts that are past, without a name: nobody else can open it */
	bool			 is_rewound;
	/* of what it publishes; "" before the first publish */
	char			 origin[sizeof ((struct manifest_state *)0)->origin];
	struct held		 held[HELD_END];
	char			 why[1600];
};

/*
 * What one publish is about, read in one short transaction. Pages are numbered as in pages_at, the
 * assets are behind them.
 */
struct plan {
	const struct publish_request *request;
	struct manifest_state	 state;		/* as the last publish left it */
	struct page_clock	 clock;
	struct page_log		 log;		/* how far it has come */
	bool			 is_full;	/* every page is looked at */
	size_t			 n_pages;
	struct page_keys	*keys;		/* by page */
	/* by page, and of the assets: all of it is looked at, what is not made is gone */
	bool			*full;
	bool			 has_full;	/* something is */
	bool			 is_resourced;	/* a source came, went or changed */
};

/* Set the sentence; returns `status`. */
enum status	publisher_fail(struct publisher *publisher, enum status status, const char *format,
		    ...) __attribute__((format(printf, 3, 4)));

/* The manifest said no, and nobody has told why yet. */
enum status	publisher_fail_manifest(struct publisher *publisher, enum status status);

/*
 * Render what the plan says and write what differs, in as many threads as pay; the manifest's
 * transaction is open. Adds to `report`.
 */
enum status	publish_work(struct publisher *publisher, const struct plan *plan,
		    struct publish_report *report);

#endif
