// SPDX-License-Identifier: ISC
/*
 * message.h: the sentence that answers a check-in, as concrete as the verdict allows.
 *
 * "Check-in opens at 18:15." instead of "not open yet". Times are wall time in the run's zone; a
 * date is added only when it is not today. said.h has the words.
 */
#ifndef TURNOUT_MESSAGE_H
#define TURNOUT_MESSAGE_H

#include <stdint.h>

#include "db/store.h"
#include "endpoint/said.h"

#define MESSAGE_SIZE	2000	/* room for a name, a title and a reason */

/* The sentence for `verdict` given at `now`, in `language` (NULL: English). */
void	message_compose(const struct said_language *language, const struct verdict *verdict,
		    int64_t now, char message[MESSAGE_SIZE]);

/* The sentence of `key` with the title of `run` in it. */
void	message_of_run(const struct said_language *language, enum said_key key,
		    const struct run *run, char message[MESSAGE_SIZE]);

#endif
