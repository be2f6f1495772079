// SPDX-License-Identifier: ISC
/*
 * test_queue.c: those who wait are woken when they are answered; attempts that nobody waits for
 * come back in the order of their answers; a queue that is full, stands still or is closed accepts
 * nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "endpoint/queue.h"

#define ROOM	4

/* Answers one job after the other, until the queue is closed; its `now` becomes their number. */
static void *
answer(void *handle)
{
	struct queue *queue = handle;
	struct job *job;
	int64_t number = 0;

	while ((job = queue_take(queue)) != NULL) {
		job->now = ++number;
		queue_done(queue, &job, 1);
	}
	return NULL;
}

static void
who_asks_waits_for_the_answer(void **state)
{
	struct job jobs[3] = { 0 };
	struct queue queue;
	pthread_t thread;
	int i;

	(void)state;
	queue_init(&queue, ROOM, ROOM);
	assert_int_equal(queue_thread(&thread, answer, &queue), ST_OK);
	for (i = 0; i < 3; i++) {
		assert_int_equal(queue_ask(&queue, &jobs[i]), ST_OK);
		assert_int_equal(jobs[i].now, i + 1);
	}
	queue_close(&queue);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(queue_inside(&queue, NULL), 0);
	queue_clear(&queue);
}

static void
what_is_left_comes_back(void **state)
{
	struct queue queue, back;
	struct job jobs[ROOM] = { 0 }, *taken[ROOM], *job;
	bool is_still;
	int i;

	(void)state;
	queue_init(&queue, ROOM, ROOM);
	queue_init(&back, 0, 0);
	for (i = 0; i < ROOM; i++) {
		jobs[i].back = &back;
		assert_int_equal(queue_leave(&queue, &jobs[i]), ST_OK);
	}
	assert_int_equal(queue_inside(&queue, &is_still), ROOM);
	assert_false(is_still);
	for (i = 0, job = queue_take_all(&queue); job != NULL; job = job->next)
		taken[i++] = job;
	assert_int_equal(i, ROOM);
	queue_done(&queue, taken, ROOM - 1);
	assert_int_equal(queue_inside(&queue, NULL), 1);
	queue_return(taken[ROOM - 1]);		/* by somebody else: it is not counted here */
	assert_int_equal(queue_inside(&queue, NULL), 1);
	for (i = 0, job = queue_take_all(&back); job != NULL; job = job->next)
		assert_ptr_equal(job, &jobs[i++]);
	assert_int_equal(i, ROOM);
	queue_clear(&back);
	queue_clear(&queue);
}

static void
a_full_queue_takes_nothing(void **state)
{
	struct queue queue, back;
	struct job jobs[ROOM + 1] = { 0 }, *job;
	int i;

	(void)state;
	queue_init(&queue, ROOM, ROOM);
	queue_init(&back, 0, 0);
	for (i = 0; i <= ROOM; i++) {
		jobs[i].back = &back;
		assert_int_equal(queue_leave(&queue, &jobs[i]), i < ROOM ? ST_OK : ST_BUSY);
	}
	assert_int_equal(queue_ask(&queue, &jobs[ROOM]), ST_BUSY);
	job = queue_take(&queue);
	assert_int_equal(queue_leave(&queue, &jobs[ROOM]), ST_BUSY);	/* it is not answered yet */
	queue_done(&queue, &job, 1);
	assert_int_equal(queue_leave(&queue, &jobs[ROOM]), ST_OK);
	queue_clear(&back);
	queue_clear(&queue);
}

static void
waiting_for_work_has_an_end(void **state)
{
	struct queue queue, back;
	struct job job = { .back = &back };

	(void)state;
	queue_init(&queue, ROOM, ROOM);
	queue_init(&back, 0, 0);
	assert_false(queue_wait_for(&queue, 1000));
	assert_int_equal(queue_leave(&queue, &job), ST_OK);
	assert_true(queue_wait_for(&queue, 1000));
	assert_true(queue_wait_for(&queue, 1000));	/* nothing was taken */
	assert_ptr_equal(queue_take(&queue), &job);
	assert_false(queue_wait_for(&queue, 1000));
	queue_close(&queue);
	assert_true(queue_wait_for(&queue, INT64_MAX / 2));
	queue_clear(&back);
	queue_clear(&queue);
}

static void
a_closed_queue_gives_what_is_inside(void **state)
{
	struct queue queue, back;
	struct job jobs[2] = { 0 }, *job;

	(void)state;
	queue_init(&queue, ROOM, ROOM);
	queue_init(&back, 0, 0);
	jobs[0].back = jobs[1].back = &back;
	assert_int_equal(queue_leave(&queue, &jobs[0]), ST_OK);
	queue_close(&queue);
	assert_int_equal(queue_leave(&queue, &jobs[1]), ST_BUSY);
	job = queue_take(&queue);
	assert_ptr_equal(job, &jobs[0]);
	queue_done(&queue, &job, 1);
	assert_ptr_equal(queue_take(&back), &jobs[0]);
	assert_null(queue_take(&queue));
	queue_clear(&back);
	queue_clear(&queue);
}

static void
one_that_stands_still_takes_fewer(void **state)
{
	struct queue queue, back;
	struct job jobs[3] = { 0 }, *job;
	bool is_still;

	(void)state;
	queue_init(&queue, ROOM, 2);
	queue_init(&back, 0, 0);
	jobs[0].back = jobs[1].back = jobs[2].back = &back;
	assert_int_equal(queue_leave(&queue, &jobs[0]), ST_OK);
	queue.moved_ms -= QUEUE_STILL_MS;	/* as if so long ago */
	queue_inside(&queue, &is_still);
	assert_true(is_still);
	assert_int_equal(queue_leave(&queue, &jobs[1]), ST_OK);
	assert_int_equal(queue_leave(&queue, &jobs[2]), ST_BUSY);
	job = queue_take(&queue);
	queue_done(&queue, &job, 1);
	queue_inside(&queue, &is_still);
	assert_false(is_still);
	assert_int_equal(queue_leave(&queue, &jobs[2]), ST_OK);
	queue_clear(&back);
	queue_clear(&queue);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_asks_waits_for_the_answer),
		cmocka_unit_test(what_is_left_comes_back),
		cmocka_unit_test(a_full_queue_takes_nothing),
		cmocka_unit_test(waiting_for_work_has_an_end),
		cmocka_unit_test(a_closed_queue_gives_what_is_inside),
		cmocka_unit_test(one_that_stands_still_takes_fewer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
