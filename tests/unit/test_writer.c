// SPDX-License-Identifier: ISC
/*
 * test_writer.c: who only asks, without a pause, does not put the commit off for ever.
 *
 * Here nobody ever pauses: the time after which the writer would call it a pause does not come.
 */
#include "tests/unit/checkin.h"

#include <pthread.h>

#include "core/route.h"
#include "endpoint/clock.h"
#include "endpoint/entry.h"
#include "endpoint/writer.h"

#define LONG_US	INT64_C(30000000)	/* on a busy machine; it takes a fifth of a second */

/* Instead of the library's: `until` never comes. */
int
pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *lock, clockid_t clock,
    const struct timespec *until)
{
	(void)clock;
	(void)until;
	return pthread_cond_wait(condition, lock);
}

static int
count_present(struct scene *scene)
{
	struct figures figures;

	assert_int_equal(store_figures(scene->store, &figures), ST_OK);
	return (int)figures.present;
}

/* Somebody is let in. */
static void
let_in(struct writer *writer, const struct run *run)
{
	struct entry entry = { .read = ST_OK, .attempt = attempt_of("Ada Lovelace", "a-phone") };
	struct reply reply = { 0 };
	struct job job = { .reply = &reply, .target = { .route = ROUTE_REGISTER },
	    .now = SCRATCH_NOW, .entry = &entry };

	give_slot(&entry.attempt, run, 0, false, 0);
	entry.asker = guard_asker(ROUTE_REGISTER, &entry.attempt);
	assert_int_equal(writer_ask(writer, &job), ST_OK);
	assert_int_equal(entry.verdict.status, ST_OK);
}

/* A screen asks for the count. */
static void
ask_count(struct writer *writer, const struct run *run)
{
	char name[CODE_SESSION_SIZE + 5];
	struct reply reply = { 0 };
	struct job job = { .reply = &reply, .now = SCRATCH_NOW, .target = { .route = ROUTE_COUNT,
	    .argument = name } };

	snprintf(name, sizeof name, "%s.json", run->session);
	job.target.length = strlen(name);
	assert_int_equal(writer_ask(writer, &job), ST_OK);
	assert_true(job.is_near);
}

static void
questions_do_not_put_the_commit_off(void **state)
{
	struct scene scene;
	struct metrics metrics = { 0 };
	struct live live;
	struct said *said;
	struct writer *writer;
	int64_t began_us;

	(void)state;
	scene_open(&scene);
	live_init(&live);
	assert_int_equal(said_open(scratch_path(&scene.scratch, "site"), &said), ST_OK);
	assert_int_equal(writer_start(scratch_path(&scene.scratch, "club.db"), &metrics, &live,
	    said, &writer), ST_OK);
	let_in(writer, &scene.runs[OPEN]);
	assert_int_equal(count_present(&scene), 0);	/* it is secured, and nobody has paused */
	began_us = clock_us();
	while (count_present(&scene) == 0 && clock_us() < began_us + LONG_US)
		ask_count(writer, &scene.runs[OPEN]);
	assert_int_equal(count_present(&scene), 1);
	writer_stop(writer);
	said_close(said);
	live_clear(&live);
	scene_close(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_do_not_put_the_commit_off),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
