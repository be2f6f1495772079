// SPDX-License-Identifier: ISC
/* child.c: see child.h. */
#include "endpoint/child.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
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

	if (prctl(PR_SET_PDEATHSIG, number) != 0 || getppid() != parent)
		_exit(1);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
}
