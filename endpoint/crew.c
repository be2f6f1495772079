// SPDX-License-Identifier: ISC
/* crew.c: see crew.h. */
#include "endpoint/crew.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "endpoint/log.h"

struct worker {
	void		*(*run)(void *handle);
	void		*handle;
	pthread_t	 thread;
};

struct crew {
	pthread_mutex_t	 lock;		/* over all but the atomic counts */
	struct worker	 workers[CREW_MAX];	/* the library joins the first CREW_FIRST */
	/* workers that the library wanted to start; fixed once it accepts connections */
	int		 count;
	size_t		 stack_bytes;	/* of each worker */
	struct worker	 taker;		/* the thread that accepts connections */
	bool		 is_over;	/* no more workers start */
	atomic_int	 started;
	atomic_int	 working;
};

static _Thread_local struct crew *beginning;	/* pthread_create() has no handle */

/*
 * pthread_create of the C library, or of a sanitizer, which exports it under a name of its own.
 */
static int
create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *handle)
{
	int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

	/* this cast is the one that dlsym(3) shows */
	*(void **)&next = dlsym(RTLD_DEFAULT, "__interceptor_pthread_create");
	if (next == NULL)
		*(void **)&next = dlsym(RTLD_NEXT, "pthread_create");
	return next(thread, attributes, run, handle);
}

/* Start the next worker, under the lock; false when the system has no thread for it. */
static bool
start_next(struct crew *crew)
{
	struct worker *worker = &crew->workers[atomic_load(&crew->started)];
	pthread_attr_t attributes;
	bool is_started;

	if (pthread_attr_init(&attributes) != 0)
		return false;
	is_started = pthread_attr_setstacksize(&attributes, crew->stack_bytes) == 0 &&
	    create(&worker->thread, &attributes, worker->run, worker->handle) == 0;
	pthread_attr_destroy(&attributes);
	if (is_started)
		atomic_fetch_add(&crew->started, 1);
	return is_started;
}

/*
 * The thread that accepts connections. The library's function joins the workers that the library
 * knows; the others are joined here.
 */
static void *
take(void *handle)
{
	struct crew *crew = handle;
	void *result = crew->taker.run(crew->taker.handle);
	int i;

	pthread_mutex_lock(&crew->lock);
	crew->is_over = true;
	pthread_mutex_unlock(&crew->lock);
	for (i = CREW_FIRST; i < atomic_load(&crew->started); i++)
		pthread_join(crew->workers[i].thread, NULL);
	return result;
}

int
crew_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *handle)
{
	struct crew *crew = beginning;
	int result;

	if (crew == NULL)
		return create(thread, attributes, run, handle);
	if (crew->count == CREW_MAX) {
		crew->taker = (struct worker){ .run = run, .handle = handle };
		return create(thread, attributes, take, crew);
	}
	crew->workers[crew->count++] = (struct worker){ .run = run, .handle = handle };
	if (crew->count <= CREW_FIRST) {
		result = create(thread, attributes, run, handle);
		if (result == 0)
			atomic_fetch_add(&crew->started, 1);
		else
			/* the library goes on with fewer: its next thread accepts connections */
			crew->count--;
		return result;
	}
	*thread = 0;
	return pthread_attr_getstacksize(attributes, &crew->stack_bytes);
}

struct crew *
crew_begin(void)
{
	struct crew *crew = calloc(1, sizeof *crew);

	if (crew != NULL)
		pthread_mutex_init(&crew->lock, NULL);
	beginning = crew;
	return crew;
}

void
crew_end(void)
{
	beginning = NULL;
}

void
crew_close(struct crew *crew)
{
	if (crew == NULL)
		return;
	pthread_mutex_destroy(&crew->lock);
	free(crew);
}

void
crew_enter(struct crew *crew)
{
	int working = atomic_fetch_add(&crew->working, 1) + 1;

	if (working + CREW_SPARE <= atomic_load(&crew->started) ||
	    atomic_load(&crew->started) == crew->count)
		return;
	pthread_mutex_lock(&crew->lock);
	if (!crew->is_over && atomic_load(&crew->started) < crew->count && !start_next(crew)) {
		crew->is_over = true;
		log_event("event=warning message=\"There is no thread left: %d answer.\"",
		    atomic_load(&crew->started));
	}
	pthread_mutex_unlock(&crew->lock);
}

void
crew_leave(struct crew *crew)
{
	atomic_fetch_sub(&crew->working, 1);
}

int
crew_started(struct crew *crew)
{
	return atomic_load(&crew->started);
}
