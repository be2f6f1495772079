// SPDX-License-Identifier: ISC
/*
 * demo.h: an invented club with a past, so that everything has something to show.
 *
 * The same `now` and zone give the same people, runs and attendance; only keys, session ids and
 * capabilities are random, as they must be.
 */
#ifndef TURNOUT_DEMO_H
#define TURNOUT_DEMO_H

#include <stdint.h>

#include "core/status.h"
#include "db/store.h"

#define DEMO_NAME	"Harbour Runners"
#define DEMO_WEEKS	60	/* of history */
#define DEMO_AHEAD	56	/* days of calendar to come */

/*
 * Fill the new database `store`: 80 people, five groups, 60 weeks of runs with attendance, eight
 * weeks to come, and a run of today that is open at `now` and for an hour more at least, with some
 * people in. One transaction; as the store says.
 */
enum status	demo_fill(struct store *store, const struct club *club, int64_t now);

#endif
