// SPDX-License-Identifier: ISC
/*
 * entry.h: one check-in, scan, undo, check-out or suggestion on its way through the writer.
 *
 * The thread of its connection reads the body into it and makes the reply of its verdict, so that the writer, of which there is one,
 * does nothing but judge and enter. An entry lives on the stack of that thread, beside its job.
 */
#ifndef TURNOUT_ENTRY_H
#define TURNOUT_ENTRY_H

#include "db/store.h"
#include "endpoint/body.h"
#include "endpoint/guard.h"
#include "endpoint/queue.h"

struct entry {
	enum body_kind	kind;
	enum status	read;				/* what came of the reading; other than ST_OK: there is nothing to judge */
	char		why[BODY_WHY_SIZE];		/* of that; "" for none */
	struct attempt	attempt;
	struct limit_asker asker;			/* of that */
	struct verdict	verdict;			/* the writer's */
	char		names[SUGGEST_MAX][NAME_SIZE];	/* suggested; the writer's */
	int		n_names;
};

/* Read the body of `job`, a POST of `kind` to one of our own addresses, and give the entry to the job. A language that it names is the reader's. */
void		entry_read(struct entry *entry, struct job *job, enum body_kind kind);

/* Into job->reply what came of it, as entry->verdict says. */
void		entry_answer(const struct entry *entry, struct job *job);

#endif
