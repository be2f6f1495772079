// SPDX-License-Identifier: ISC
/*
 * entry.h: one check-in, scan, undo, check-out or suggestion on its way through the writer.
 *
 * Others read the body into it and make the reply of its verdict, so that the writer, of which
 * there is one, does nothing but judge and enter. Where the thread of a connection waits for that,
 * the entry lives on its stack, and nothing else that is large does, since what one of 256 threads
 * once had on its stack stays in memory.
 */
#ifndef TURNOUT_ENTRY_H
#define TURNOUT_ENTRY_H

#include "db/store.h"
#include "endpoint/body.h"
#include "endpoint/guard.h"
#include "endpoint/queue.h"

struct entry {
	enum body_kind	kind;
	/* what came of the reading; other than ST_OK: there is nothing to judge */
	enum status	read;
	char		why[BODY_WHY_SIZE];		/* of that; "" for none */
	struct attempt	attempt;
	struct limit_asker asker;			/* of that */
	struct verdict	verdict;			/* the writer's */
	/* SUGGEST_MAX that are suggested, the writer fills them; NULL: of no suggestion */
	char		(*names)[NAME_SIZE];
	int		n_names;
};

/*
 * Read the body of `job`, a POST of `kind` to one of our own addresses, and give the entry to the
 * job. A language that it names is the reader's. All of it is filled in.
 */
void		entry_read(struct entry *entry, struct job *job, enum body_kind kind);

/* Nobody judges `job`, whose body was read or not: `status` is the verdict. */
void		entry_refuse(struct entry *entry, struct job *job, enum status status);

/*
 * Into job->reply what came of it, as entry->verdict says. A form that was read is answered by a
 * page, everything else in JSON. Releases what the entry has.
 */
void		entry_answer(struct entry *entry, struct job *job);

#endif
