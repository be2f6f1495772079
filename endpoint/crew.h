// SPDX-License-Identifier: ISC
/*
 * crew.h: lets the web server library's threads start when there is work for them.
 *
 * The library starts all it may have, and behind them the one that takes connections, before
 * anybody is answered: of 256 the first phone would wait some 13 ms for threads that nobody needs
 * yet, and each keeps 30 KiB for good. Here CREW_FIRST of them start, and one more with each
 * connection that leaves fewer than CREW_SPARE for the next ones. They stay.
 *
 * The library starts a thread with pthread_create(), and a program's own function of that name
 * comes before the C library's: crew_create is it. It is nothing more than that for all threads but
 * those that are started between crew_begin and crew_end, by the thread that called these. A worker
 * that has not started is 0 for the library, which waits for the end of no such thread: the crew
 * does, before the end of the one that takes connections.
 */
#ifndef TURNOUT_CREW_H
#define TURNOUT_CREW_H

#include <pthread.h>

#include "core/status.h"

#define CREW_MAX	256	/* workers */
#define CREW_FIRST	2	/* of them that start at once */
#define CREW_SPARE	8	/* that have nothing to do, as long as there are others to start */

struct crew;

/*
 * What is started from here until crew_end is `crew`: CREW_MAX workers first, then the one that
 * takes connections. NULL without memory.
 */
struct crew	*crew_begin(void);
void		crew_end(void);

/* After the library has ended; NULL is accepted. */
void		crew_close(struct crew *crew);

/*
 * A worker has work, until crew_leave. Starts another worker where that leaves too few; where none
 * can be had, those go on that are there.
 */
void		crew_enter(struct crew *crew);
void		crew_leave(struct crew *crew);

/* How many workers have started. */
int		crew_started(struct crew *crew);

/* pthread_create(3), for the whole program. */
int		crew_create(pthread_t *thread, const pthread_attr_t *attributes,
		    void *(*run)(void *handle), void *handle) __asm__("pthread_create");

#endif
