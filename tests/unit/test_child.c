// SPDX-License-Identifier: ISC
/* test_child.c: a child process that ends by itself, or is ended for a reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "endpoint/child.h"

#define LONG_MS	60000

/* A process that ends with `code` at once, or for -1 never. */
static pid_t
start(int code)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0) {
		child_begin(parent, SIGKILL);
		while (code < 0)
			pause();
		_exit(code);
	}
	assert_true(pid > 0);
	return pid;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
assert_gone(pid_t pid)
{
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

struct ends {
	int	client[2];	/* ours, theirs */
	int	stop;
};

static int
set_up(void **state)
{
	static struct ends ends;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.client), 0);
	ends.stop = eventfd(0, EFD_CLOEXEC);
	assert_true(ends.stop >= 0);
	*state = &ends;
	return 0;
}

static int
tear_down(void **state)
{
	struct ends *ends = *state;

	close(ends->client[0]);
	if (ends->client[1] >= 0)
		close(ends->client[1]);
	close(ends->stop);
	return 0;
}

static void
test_ended(void **state)
{
	struct ends *ends = *state;
	pid_t pid;
	int code = -1;

	assert_int_equal(child_wait(pid = start(0), ends->client[0], ends->stop, LONG_MS, &code),
	    CHILD_ENDED);
	assert_int_equal(code, 0);
	assert_gone(pid);
	assert_int_equal(child_wait(start(7), -1, ends->stop, LONG_MS, &code), CHILD_ENDED);
	assert_int_equal(code, 7);
	pid = start(-1);
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(child_wait(pid, ends->client[0], ends->stop, LONG_MS, &code), CHILD_ENDED);
	assert_int_equal(code, 128 + SIGTERM);
}

static void
test_late(void **state)
{
	struct ends *ends = *state;
	int64_t began = now_ms();
	pid_t pid = start(-1);
	int code = -1;

	assert_int_equal(child_wait(pid, ends->client[0], ends->stop, 100, &code), CHILD_LATE);
	assert_true(now_ms() - began >= 100);
	assert_int_equal(code, 128 + SIGKILL);
	assert_gone(pid);
}

static void
test_left(void **state)
{
	struct ends *ends = *state;
	pid_t pid;
	int code = -1;

	close(ends->client[1]);
	ends->client[1] = -1;
	pid = start(-1);		/* which does not hold the other end */
	assert_int_equal(child_wait(pid, ends->client[0], ends->stop, LONG_MS, &code), CHILD_LEFT);
	assert_int_equal(code, 128 + SIGKILL);
	assert_gone(pid);
}

static void
test_stopped(void **state)
{
	struct ends *ends = *state;
	pid_t pid = start(-1);
	int code = -1;

	assert_int_equal(eventfd_write(ends->stop, 1), 0);
	assert_int_equal(child_wait(pid, ends->client[0], ends->stop, LONG_MS, &code),
	    CHILD_STOPPED);
	assert_int_equal(code, 128 + SIGKILL);
	assert_gone(pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ended, set_up, tear_down),
		    cmocka_unit_test_setup_teardown(test_late, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_left, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_stopped, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
