// SPDX-License-Identifier: ISC
/*
 * health.h: is everything that Turnout depends on in order? The checks of turnout doctor and
 * turnout publish --check.
 *
 * Each check adds a row {check, fine, state, found, advice}: state is "fine" or "problem", and
 * advice says what to do about a problem.
 */
#ifndef TURNOUT_HEALTH_H
#define TURNOUT_HEALTH_H

#include <stdbool.h>

#include "gen/command.h"

/*
 * Add the row of one check; `format` says what was found. `advice` is left out when `is_fine`. A
 * text that is not UTF-8 becomes null.
 */
void	health_note(json_t *rows, const char *check, bool is_fine, const char *advice,
		    const char *format, ...)
	    __attribute__((format(printf, 5, 6)));

/* Open call->store, read call->club, and check both, changing nothing. Failures become rows. */
void	health_database(struct call *call, json_t *rows);

/* How many of the rows are problems. */
size_t	health_problems(const json_t *rows);

#endif
