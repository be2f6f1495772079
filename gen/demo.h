// SPDX-License-Identifier: ISC
/*
 * demo.h: an invented club with a history, so that every page has something to show.
 *
 * The same `now` and zone give the same people, runs and attendance. Only keys, session ids and
 * capabilities are random, as they must be.
 */
#ifndef TURNOUT_DEMO_H
#define TURNOUT_DEMO_H

#include <stdint.h>

#include "core/status.h"
#include "db/store.h"

#define DEMO_NAME	"Harbour Runners"
#define DEMO_WEEKS	60	/* of history */
#define DEMO_AHEAD	56	/* days ahead in the calendar */

/*
 * Fill the new database `store`: 80 people, five groups, 60 weeks of past runs with attendance,
 * eight weeks of runs ahead, and one run today that has begun, is open for at least another hour
 * after `now`, and has a few people in. One transaction; fails as the store does.
 */
enum status	demo_fill(struct store *store, const struct club *club, int64_t now);

#endif
