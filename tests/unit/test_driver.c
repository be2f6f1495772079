// SPDX-License-Identifier: ISC
/*
 * test_driver.c: what the connection tells about other connections; the locks are those of another
 * process, as in real life.
 */
#include "tests/unit/scratch.h"

#include <sys/wait.h>
#include <unistd.h>

#include "db/driver.h"

static bool
others_write(const char *path)
{
	struct driver *driver;
	bool has_writer;

	assert_int_equal(driver_open(path, DRIVER_READ, &driver), ST_OK);
	assert_int_equal(driver_begin_read(driver), ST_OK);
	has_writer = driver_has_writer(driver);
	driver_end_read(driver);
	driver_close(driver);
	return has_writer;
}

/* Begin to write, say so, and end when `until` is closed. */
static _Noreturn void
write_until(const char *path, int begun, int until)
{
	struct driver *driver;
	char byte = 0;
	bool is_done = driver_open(path, DRIVER_WRITE, &driver) == ST_OK &&
	    driver_begin(driver) == ST_OK && write(begun, &byte, 1) == 1 &&
	    read(until, &byte, 1) == 0;

	driver_rollback(driver);
	driver_close(driver);
	_exit(is_done ? 0 : 1);
}

static void
a_writer_in_another_process_is_seen(void **state)
{
	struct scratch scratch;
	const char *path;
	int begun[2], until[2], result;
	char byte;
	pid_t child;

	(void)state;
	scratch_init(&scratch);
	store_close(scratch_store(&scratch, "club.db"));
	path = scratch_path(&scratch, "club.db");
	assert_false(others_write(path));
	assert_int_equal(pipe(begun), 0);
	assert_int_equal(pipe(until), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(until[1]);
		write_until(path, begun[1], until[0]);
	}
	close(begun[1]);
	assert_int_equal(read(begun[0], &byte, 1), 1);
	assert_true(others_write(path));
	close(until[1]);
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_int_equal(result, 0);
	assert_false(others_write(path));
	close(begun[0]);
	close(until[0]);
	scratch_clear(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_writer_in_another_process_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
