// SPDX-License-Identifier: ISC
/*
 * outbox.h: what the places that a site is handed over to have not got yet.
 *
 * SITE/outbox.db keeps the path of every file that may have changed, with the number of the publish
 * that noted it, and of every target the number up to which it has everything. So nothing is lost
 * when a target fails, a process is killed or another target is named for a while; a path stays
 * until all targets have taken it. It holds no facts: without it a target is handed everything.
 * Paths are relative to the site: "public/index.html".
 *
 * Notes are made while the caller holds the site (site.h), and what is owed is read while the
 * caller holds it too: so no file that was noted is still to be written then.
 */
#ifndef TURNOUT_OUTBOX_H
#define TURNOUT_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"
#include "db/manifest.h"

struct outbox;

/*
 * Open the outbox at `path`; made when `is_made` and missing, otherwise ST_UNKNOWN. A damaged one
 * counts as missing. `boot` tells which start of the machine this is: after another one notes may
 * be lost, and everything is owed. *outbox is the caller's to close, and NULL on failure.
 */
enum status	outbox_open(const char *path, bool is_made, const char *boot,
		    struct outbox **outbox);
void		outbox_close(struct outbox *outbox);
const char	*outbox_why(const struct outbox *outbox);

/* Remember `target`; a new one is owed everything. */
enum status	outbox_target(struct outbox *outbox, const char *target);

/*
 * The file at `path` is about to be written, or removed when `is_removed`. The first note since the
 * last outbox_settle begins a round, which counts as unknown until it is settled: after a kill in
 * its midst everything is owed. Removals are kept at once.
 */
enum status	outbox_note(struct outbox *outbox, const char *path, bool is_removed);

/* The round of notes has come to its end. Without one nothing is done. */
enum status	outbox_settle(struct outbox *outbox);

/* Is anything owed to `target`? */
bool		outbox_owes(struct outbox *outbox, const char *target);

/* Up to where a list of what is owed goes. */
struct outbox_mark {
	int64_t	taken;		/* what the target had when the list was made */
	int64_t	number;		/* what it has when it takes the list */
};

/*
 * Call `each` for every path that is owed to `target`, in order. Where that is everything, the
 * public paths of `manifest` are among them; NULL: nothing was ever published. What `each` returns
 * other than ST_OK stops.
 */
enum status	outbox_owed(struct outbox *outbox, const char *target, struct manifest *manifest,
		    enum status (*each)(void *handle, const char *path), void *handle,
		    struct outbox_mark *mark);

/* `target` has taken the list of `mark`. */
enum status	outbox_taken(struct outbox *outbox, const char *target,
		    const struct outbox_mark *mark);

#endif
