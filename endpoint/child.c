// SPDX-License-Identifier: ISC
/* child.c: see child.h. */
#include "endpoint/child.h"

#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum status
child_program(char program[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", program, PATH_MAX - 1);
	char *slash;

	if (length < 0)
		return ST_FAULT;
	program[length] = '\0';
	slash = strrchr(program, '/');
	if (slash == NULL || (size_t)(slash - program) + sizeof "/turnout" > PATH_MAX)
		return ST_FAULT;
	memcpy(slash, "/turnout", sizeof "/turnout");
	return ST_OK;
}

void
child_begin(pid_t parent, int number)
{
	sigset_t none;

	if (prctl(PR_SET_PDEATHSIG, number) != 0 || getppid() != parent ||
	    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
		_exit(1);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
}

enum child_end
child_wait(pid_t pid, int client, int stop, int most_ms, int *code)
{
	int process = pidfd_open(pid, 0);	/* if that fails, its end is noticed only late */
	struct pollfd watched[] = { { .fd = process, .events = POLLIN },
	    { .fd = client, .events = POLLRDHUP }, { .fd = stop, .events = POLLIN } };
	siginfo_t info = { 0 };
	enum child_end end = CHILD_LATE;

	while (poll(watched, 3, most_ms) < 0)
		;			/* a debugger */
	if (watched[0].revents != 0)
		end = CHILD_ENDED;
	else if (watched[1].revents != 0)
		end = CHILD_LEFT;
	else if (watched[2].revents != 0)
		end = CHILD_STOPPED;
	if (end != CHILD_ENDED)
		(void)kill(pid, SIGKILL);		/* ours: not yet waited for */
	while (waitid(P_PID, (id_t)pid, &info, WEXITED) != 0)
		;
	*code = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
	if (process >= 0)
		(void)close(process);
	return end;
}
