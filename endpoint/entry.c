// SPDX-License-Identifier: ISC
/* entry.c: see entry.h. */
#include "endpoint/entry.h"

#include <stdlib.h>
#include <string.h>

#include "endpoint/register.h"

/* The use of a body that is sent to `route`. */
static enum body_use
use_of(enum route route)
{
	if (route == ROUTE_SCAN)
		return BODY_SCAN;
	if (route == ROUTE_SUGGEST)
		return BODY_SUGGEST;
	return route == ROUTE_UNDO || route == ROUTE_CHECK_OUT ? BODY_PHONE : BODY_CHECK_IN;
}

void
entry_read(struct entry *entry, struct job *job, enum body_kind kind)
{
	entry->kind = kind;
	entry->names = job->target.route == ROUTE_SUGGEST
	    ? calloc(SUGGEST_MAX, sizeof *entry->names) : NULL;
	entry->n_names = 0;
	entry->attempt.now = job->now;
	entry->attempt.lang[0] = '\0';
	http_address(job->request, entry->attempt.address);
	entry->read = body_read(kind, use_of(job->target.route), job->request->body,
	    job->request->body_length, &entry->attempt, entry->why);
	if (job->target.route == ROUTE_SUGGEST && entry->names == NULL)
		entry->read = ST_FAULT;
	entry->asker = guard_asker(job->target.route, &entry->attempt);
	if (entry->attempt.lang[0] != '\0')
		memcpy(job->reader.asked, entry->attempt.lang, sizeof job->reader.asked);
	job->entry = entry;
}

void
entry_refuse(struct entry *entry, struct job *job, enum status status)
{
	if (job->entry == NULL) {
		entry->kind = BODY_JSON;
		entry->names = NULL;
	}
	entry->why[0] = '\0';
	entry->n_names = 0;
	entry->verdict = (struct verdict){ .status = status };
}

void
entry_answer(struct entry *entry, struct job *job)
{
	const struct verdict *verdict = &entry->verdict;
	bool is_over_limit = verdict->status == ST_TRIES || verdict->status == ST_RATE;
	const char *why = is_over_limit ? "" : entry->why;

	if (job->target.route == ROUTE_SCAN)
		register_scan_reply(job->reply, &job->reader, verdict, why, job->now);
	else if (job->target.route == ROUTE_SUGGEST)
		register_suggest_reply(job->reply, &job->reader, verdict, why, entry->names,
		    entry->n_names);
	else
		register_reply(job->reply, &job->reader, verdict, why,
		    entry->kind == BODY_FORM ? job->request->path : NULL, job->now);
	free(entry->names);
	entry->names = NULL;
}
