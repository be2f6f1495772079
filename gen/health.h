// SPDX-License-Identifier: ISC
/*
 * health.h: is what Turnout stands on as it should be? What turnout doctor and turnout publish
 * --check look at.
 *
 * Each thing looked at is a row {check, fine, state, found, advice}: state is "fine" or "problem",
 * and advice what to do about a problem.
 */
#ifndef TURNOUT_HEALTH_H
#define TURNOUT_HEALTH_H

#include <stdbool.h>

#include "gen/command.h"

/*
 * Add the row of one check; `advice` counts only where it is not `is_fine`. What is not UTF-8
 * becomes null.
 */
void	health_note(json_t *rows, const char *check, bool is_fine, const char *advice,
		    const char *format, ...)
	    __attribute__((format(printf, 5, 6)));

/*
 * Open the database into call->store, read call->club, and look at both: nothing is changed, and a
 * fault is a row.
 */
void	health_database(struct call *call, json_t *rows);

/* How many of the rows are problems. */
size_t	health_problems(const json_t *rows);

#endif
