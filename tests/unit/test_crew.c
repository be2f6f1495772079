// SPDX-License-Identifier: ISC
/*
 * test_crew.c: threads that start when there is work, for a library that starts all of its own at
 * once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "endpoint/crew.h"

#define STACK_BYTES	(128 * 1024)

/*
 * A library: its workers wait until it is over, and the one that takes connections waits for those
 * it knows.
 */
struct library {
	struct crew	*crew;
	pthread_t	 workers[CREW_MAX], taker;
	pthread_mutex_t	 lock;
	pthread_cond_t	 changed;
	bool		 is_over;
	atomic_int	 ran, ended;
};

static void *
work(void *handle)
{
	struct library *library = handle;

	atomic_fetch_add(&library->ran, 1);
	pthread_mutex_lock(&library->lock);
	pthread_cond_broadcast(&library->changed);
	while (!library->is_over)
		pthread_cond_wait(&library->changed, &library->lock);
	pthread_mutex_unlock(&library->lock);
	atomic_fetch_add(&library->ended, 1);
	return NULL;
}

static void *
take(void *handle)
{
	struct library *library = handle;

	pthread_mutex_lock(&library->lock);
	while (!library->is_over)
		pthread_cond_wait(&library->changed, &library->lock);
	pthread_mutex_unlock(&library->lock);
	for (int i = 0; i < CREW_MAX; i++)
		if (library->workers[i] != 0)
			pthread_join(library->workers[i], NULL);
	return NULL;
}

static void
start(struct library *library)
{
	pthread_attr_t attributes;

	*library = (struct library){ .lock = PTHREAD_MUTEX_INITIALIZER,
	    .changed = PTHREAD_COND_INITIALIZER };
	assert_int_equal(pthread_attr_init(&attributes), 0);
	assert_int_equal(pthread_attr_setstacksize(&attributes, STACK_BYTES), 0);
	library->crew = crew_begin();
	assert_non_null(library->crew);
	for (int i = 0; i < CREW_MAX; i++)
		assert_int_equal(pthread_create(&library->workers[i], &attributes, work, library),
		    0);
	assert_int_equal(pthread_create(&library->taker, &attributes, take, library), 0);
	crew_end();
	pthread_attr_destroy(&attributes);
}

/* All workers that started must have ended when the last thread has. */
static void
stop(struct library *library, int started)
{
	assert_int_equal(crew_started(library->crew), started);
	pthread_mutex_lock(&library->lock);
	while (atomic_load(&library->ran) < started)
		pthread_cond_wait(&library->changed, &library->lock);
	library->is_over = true;
	pthread_cond_broadcast(&library->changed);
	pthread_mutex_unlock(&library->lock);
	pthread_join(library->taker, NULL);
	assert_int_equal(atomic_load(&library->ran), started);
	assert_int_equal(atomic_load(&library->ended), started);
	crew_enter(library->crew);		/* too late: nobody starts any more */
	crew_enter(library->crew);
	assert_int_equal(crew_started(library->crew), started);
	crew_close(library->crew);
}

static void
test_few(void **state)
{
	struct library library;
	int i;

	(void)state;
	start(&library);
	assert_int_equal(crew_started(library.crew), CREW_FIRST);
	for (i = 0; i < 1000; i++) {		/* one by one: soon there are enough */
		crew_enter(library.crew);
		crew_leave(library.crew);
	}
	crew_enter(library.crew);
	stop(&library, 1 + CREW_SPARE);
}

static void
test_grow(void **state)
{
	struct library library;
	int i;

	(void)state;
	start(&library);
	for (i = 0; i < 100; i++) {
		crew_enter(library.crew);
		assert_int_equal(crew_started(library.crew), i + 1 + CREW_FIRST);
	}
	for (i = 0; i < 100; i++)
		crew_leave(library.crew);
	stop(&library, 100 + CREW_FIRST);		/* they stay */
}

static void
test_all(void **state)
{
	struct library library;
	int i;

	(void)state;
	start(&library);
	for (i = 0; i < CREW_MAX; i++)
		crew_enter(library.crew);
	stop(&library, CREW_MAX);
}

/* Whoever is not of the crew starts as ever. */
static void
test_others(void **state)
{
	struct library library = { .lock = PTHREAD_MUTEX_INITIALIZER,
	    .changed = PTHREAD_COND_INITIALIZER, .is_over = true };
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, work, &library), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(atomic_load(&library.ended), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few), cmocka_unit_test(test_grow), cmocka_unit_test(test_all),
		    cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
