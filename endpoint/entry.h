// SPDX-License-Identifier: ISC
/*
 * entry.h: one check-in, scan, undo, check-out or suggestion on its way through the writer.
 *
 * Other threads read the body into the entry and turn its verdict into a reply, so that the one
 * writer only judges and commits. Where the thread of a connection waits for the verdict, the entry
 * is on its stack, and nothing else that is large is: a page that a stack has once touched stays in
 * memory, in each of 256 threads.
 */
#ifndef TURNOUT_ENTRY_H
#define TURNOUT_ENTRY_H

#include "db/store.h"
#include "endpoint/body.h"
#include "endpoint/guard.h"
#include "endpoint/queue.h"

struct entry {
	enum body_kind	kind;
	enum status	read;		/* of the body; not ST_OK: there is nothing to judge */
	char		why[BODY_WHY_SIZE];		/* why not; "" for none */
	struct attempt	attempt;
	struct limit_asker asker;			/* the sender; borrows from `attempt` */
	struct verdict	verdict;			/* set by the writer */
	/* room for SUGGEST_MAX names, filled by the writer; NULL: not a suggestion */
	char		(*names)[NAME_SIZE];
	int		n_names;
};

/*
 * Read the body of `job`, a POST of `kind`, into `entry`, and set job->entry to it. The reader's
 * language becomes the one that the body names, if it does. Sets everything but the verdict;
 * entry->read says how it went. entry_answer releases what is allocated here.
 */
void		entry_read(struct entry *entry, struct job *job, enum body_kind kind);

/* `job` is not judged, whether its body was read or not: `status` is the verdict. */
void		entry_refuse(struct entry *entry, struct job *job, enum status status);

/*
 * Compose job->reply from entry->verdict: a page for a check-in, undo or check-out sent as a form,
 * JSON for all else. Releases what the entry has.
 */
void		entry_answer(struct entry *entry, struct job *job);

#endif
