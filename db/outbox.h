// SPDX-License-Identifier: ISC
/*
 * outbox.h: what has not yet been delivered to the targets of a site.
 *
 * SITE/outbox.db has the path of every file that may have changed, with the number of the round of
 * notes (the publish) that noted it, and for every target the number up to which it has everything.
 * So nothing is lost when a target fails, a process is killed or another target is named for a
 * while: a path stays until all targets have taken it. It has no facts: without it, a target is
 * owed everything. Paths are relative to the site: "public/index.html".
 *
 * The caller holds the site (gen/site.h) while it notes, and while it reads what is owed; so no
 * file on that list is still being written.
 */
#ifndef TURNOUT_OUTBOX_H
#define TURNOUT_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"
#include "db/manifest.h"

struct outbox;

/*
 * Open the outbox at `path`. One that is of another version, or damaged or otherwise unusable
 * (ST_FAULT), is removed; ST_LOCKED, ST_FULL and ST_READ_ONLY leave it as it is. If there is none,
 * it is made with `is_made`, and otherwise ST_UNKNOWN. `boot` identifies this boot of the machine:
 * after another one notes may be lost, so everything is owed. *outbox is the caller's to close,
 * NULL on failure.
 */
enum status	outbox_open(const char *path, bool is_made, const char *boot,
		    struct outbox **outbox);
void		outbox_close(struct outbox *outbox);
const char	*outbox_why(const struct outbox *outbox);

/* Remember `target`; a new one is owed everything. */
enum status	outbox_target(struct outbox *outbox, const char *target);

/*
 * Note that the file at `path` is about to be written, or removed when `is_removed`. The first note
 * since the last outbox_settle begins a round; if the process is killed before that is settled,
 * everything is owed. Removals are committed at once.
 */
enum status	outbox_note(struct outbox *outbox, const char *path, bool is_removed);

/* End the round of notes, if there is one. */
enum status	outbox_settle(struct outbox *outbox);

/* Is anything owed to `target`? */
bool		outbox_owes(struct outbox *outbox, const char *target);

/* The extent of a list of what is owed; numbers of rounds. */
struct outbox_mark {
	int64_t	taken;		/* up to which the target had everything before the list */
	int64_t	number;		/* up to which it has everything once it has taken the list */
};

/*
 * Call `each` for every path that is owed to `target`, in order, and set *mark. If everything is
 * owed, that includes the public paths of `manifest` (NULL: nothing was ever published). A status
 * other than ST_OK from `each` ends it and is returned. ST_UNKNOWN: outbox_target never named it.
 */
enum status	outbox_owed(struct outbox *outbox, const char *target, struct manifest *manifest,
		    enum status (*each)(void *handle, const char *path), void *handle,
		    struct outbox_mark *mark);

/* `target` has taken the whole list of `mark`. */
enum status	outbox_taken(struct outbox *outbox, const char *target,
		    const struct outbox_mark *mark);

#endif
