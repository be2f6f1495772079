// SPDX-License-Identifier: ISC
/*
 * message.h: the sentence that answers a check-in, as concrete as what is known of the run allows.
 *
 * "Check-in opens at 18:15." instead of "not open yet". Times are wall time in the run's zone; the date is said
 * only when it is not today's. What does not depend on a run comes from core/status.c.
 */
#ifndef TURNOUT_MESSAGE_H
#define TURNOUT_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "db/store.h"

#define MESSAGE_SIZE	1400	/* room for a name, a title and a reason */

/* The sentence for `verdict` given at `now`. */
void	message_compose(const struct verdict *verdict, int64_t now, char message[MESSAGE_SIZE]);

#endif
