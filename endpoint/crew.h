// SPDX-License-Identifier: ISC
/*
 * crew.h: starts the threads of the web server library only when there is work for them.
 *
 * The library starts all its workers, and then the thread that accepts connections, before it
 * answers anybody. With 256 workers, the first phone would wait some 13 ms for threads that nobody
 * needs yet, each of which takes 30 KiB for good. Here CREW_FIRST of them start at once, and one
 * more whenever a connection leaves fewer than CREW_SPARE idle. They run until the library stops.
 *
 * The library calls pthread_create(), and a function of that name in the program takes the place
 * of the C library's: crew_create. Only for threads started between crew_begin and crew_end, by the
 * thread that called these, does it do anything special. The library takes a worker that has not
 * started for thread 0, which it does not join; the crew joins those, at the end of the thread that
 * accepts connections.
 */
#ifndef TURNOUT_CREW_H
#define TURNOUT_CREW_H

#include <pthread.h>

#include "core/status.h"

#define CREW_MAX	256	/* workers */
#define CREW_FIRST	2	/* workers that start at once */
#define CREW_SPARE	8	/* workers kept idle, as long as there are more to start */

struct crew;

/*
 * The threads that this thread starts from here until crew_end are the crew's: first CREW_MAX
 * workers, then the one that accepts connections. NULL for lack of memory.
 */
struct crew	*crew_begin(void);
void		crew_end(void);

/* Call after the library has ended; NULL is accepted. */
void		crew_close(struct crew *crew);

/*
 * A worker is busy, until crew_leave. Starts another one if too few are idle. When a start fails,
 * the log says so, and no further one is tried.
 */
void		crew_enter(struct crew *crew);
void		crew_leave(struct crew *crew);

/* How many workers have started. */
int		crew_started(struct crew *crew);

/* pthread_create(3), for the whole program. */
int		crew_create(pthread_t *thread, const pthread_attr_t *attributes,
		    void *(*run)(void *handle), void *handle) __asm__("pthread_create");

#endif
