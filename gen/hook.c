// SPDX-License-Identifier: ISC
/* hook.c: see hook.h. */
#include "gen/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gen/clock.h"
#include "gen/plain.h"

#define HOOK_GRACE_MS	5000	/* from SIGTERM to SIGKILL, when its time is up */
#define HOOK_CLOSE_MS	2000	/* the same, when hook_close ends it */
#define OUTPUT_SIZE	4096
/* reads in one step before others have their turn; more than a pipe holds */
#define OUTPUT_ROUNDS	64

struct hook {
	pid_t	 pid;			/* 0: reaped */
	int	 ended;			/* pidfd */
	int	 output;		/* its output; -1 once nobody can write to it any more */
	int	 events;		/* epoll of both */
	int64_t	 deadline;		/* by clock_ms: when SIGTERM, later SIGKILL, is due */
	bool	 is_late;		/* its time was up: SIGTERM was sent */
	int	 result;		/* as waitpid reports it */
	char	 text[OUTPUT_SIZE];
	size_t	 length;
};

/* ---- start ---- */

/* Between fork and exec: only calls that are safe there. */
static _Noreturn void
become_program(char *const arguments[], pid_t parent, int input, int output)
{
	static const char missing[] = " cannot be run. Is it installed?\n";
	sigset_t none;

	sigemptyset(&none);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent || setsid() < 0
	    || sigprocmask(SIG_SETMASK, &none, NULL) != 0 || dup2(input, STDIN_FILENO) < 0
	    || dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
		_exit(1);
	execvp(arguments[0], arguments);
	if (write(STDERR_FILENO, arguments[0], strlen(arguments[0])) > 0 &&
	    write(STDERR_FILENO, missing, sizeof missing - 1) > 0)
		_exit(HOOK_MISSING);
	_exit(HOOK_MISSING);
}

/* A file in memory that holds the input, positioned at its start; -1 with errno. */
static int
open_input(const char *input, size_t length)
{
	int file = memfd_create("turnout-list", MFD_CLOEXEC);
	size_t at = 0;
	ssize_t put = 0;

	while (file >= 0 && at < length &&
	    ((put = write(file, input + at, length - at)) > 0 || (put < 0 && errno == EINTR)))
		at += put > 0 ? (size_t)put : 0;
	if (file >= 0 && (at < length || lseek(file, 0, SEEK_SET) != 0)) {
		close(file);
		return -1;
	}
	return file;
}

/* Make hook->events, one file for poll that covers the end of the process and its output. */
static bool
watch_both(struct hook *hook)
{
	struct epoll_event event = { .events = EPOLLIN };

	hook->ended = pidfd_open(hook->pid, 0);
	hook->events = epoll_create1(EPOLL_CLOEXEC);
	return hook->ended >= 0 && hook->events >= 0 &&
	    epoll_ctl(hook->events, EPOLL_CTL_ADD, hook->ended, &event) == 0
	    && epoll_ctl(hook->events, EPOLL_CTL_ADD, hook->output, &event) == 0
	    && fcntl(hook->output, F_SETFL, O_NONBLOCK) == 0;
}

static bool
start(struct hook *hook, char *const arguments[], const char *input, size_t length)
{
	pid_t parent = getpid();
	int list = open_input(input, length), ends[2];
	bool is_started = false;

	if (list < 0)
		return false;
	if (pipe2(ends, O_CLOEXEC) == 0) {
		hook->output = ends[0];
		hook->pid = fork();
		if (hook->pid == 0)
			become_program(arguments, parent, list, ends[1]);
		close(ends[1]);
		is_started = hook->pid > 0 && watch_both(hook);
	}
	close(list);
	return is_started;
}

enum status
hook_start(char *const arguments[], const char *input, size_t length, int64_t limit_ms,
    struct hook **started)
{
	struct hook *hook = calloc(1, sizeof *hook);
	int reason;

	*started = NULL;
	if (hook == NULL)
		return ST_FAULT;
	hook->ended = hook->output = hook->events = -1;
	hook->deadline = clock_ms() + limit_ms;
	if (!start(hook, arguments, input, length)) {
		reason = errno;
		if (hook->pid < 0)
			hook->pid = 0;
		hook_close(hook);
		errno = reason;
		return ST_FAULT;
	}
	*started = hook;
	return ST_OK;
}

/* ---- while it runs ---- */

int
hook_file(const struct hook *hook)
{
	return hook->events;
}

int64_t
hook_wait_ms(const struct hook *hook)
{
	int64_t wait = hook->deadline - clock_ms();

	return wait < 0 ? 0 : wait;
}

/* Make room after the text: drop the older half. */
static void
drop_half(struct hook *hook)
{
	const size_t kept = sizeof hook->text / 2;

	if (hook->length <= kept)
		return;
	memmove(hook->text, hook->text + hook->length - kept, kept);
	hook->length = kept;
}

/* Read its output and keep the end of it, for a bounded time: the rest waits for the next step. */
static void
read_output(struct hook *hook)
{
	ssize_t got = 1;
	int rounds;

	for (rounds = 0; hook->output >= 0 && got > 0 && rounds < OUTPUT_ROUNDS; rounds++) {
		drop_half(hook);
		got = read(hook->output, hook->text + hook->length,
		    sizeof hook->text - 1 - hook->length);
		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
			close(hook->output);		/* this also removes it from hook->events */
			hook->output = -1;
		}
		hook->length += got > 0 ? (size_t)got : 0;
		hook->text[hook->length] = '\0';
	}
}

/*
 * Send SIGTERM at first, SIGKILL the next time. The process was not reaped yet, so that its process
 * group cannot be another's.
 */
static void
end_late(struct hook *hook)
{
	kill(-hook->pid, hook->is_late ? SIGKILL : SIGTERM);
	hook->deadline = clock_ms() + HOOK_GRACE_MS;
	hook->is_late = true;
}

bool
hook_step(struct hook *hook)
{
	siginfo_t info = { 0 };

	read_output(hook);
	if (hook->pid == 0)
		return true;
	if (waitid(P_PID, (id_t)hook->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid != 0) {
		if (hook->is_late)
			kill(-hook->pid, SIGKILL);	/* what it started and left behind */
		while (waitpid(hook->pid, &hook->result, 0) < 0 && errno == EINTR)
			;
		hook->pid = 0;
		read_output(hook);
		return true;
	}
	if (clock_ms() >= hook->deadline)
		end_late(hook);
	return false;
}

int
hook_result(const struct hook *hook, int *signal)
{
	*signal = !hook->is_late && WIFSIGNALED(hook->result) ? WTERMSIG(hook->result) : 0;
	return hook->is_late || WIFSIGNALED(hook->result) ? -1 : WEXITSTATUS(hook->result);
}

/* Is it one of the lines that rsync prints at the end, whatever went wrong? */
static bool
is_verdict(const char *line)
{
	static const char *const verdicts[] = { "rsync error:", "rsync warning:",
	"rsync: connection unexpectedly closed",
	    "rsync: [sender] safe_write failed" };
	size_t i;

	for (i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
		if (strncmp(line, verdicts[i], strlen(verdicts[i])) == 0)
			return true;
	return false;
}

void
hook_line(const struct hook *hook, char *line, size_t size)
{
	const char *at, *end;
	bool is_found = false;

	line[0] = '\0';
	for (at = hook->text; *at != '\0'; at = *end == '\0' ? end : end + 1) {
		end = strchrnul(at, '\n');
		if (strspn(at, " \t\r") >= (size_t)(end - at) || (is_found && is_verdict(at)))
			continue;
		is_found |= !is_verdict(at);
		plain_copy(at, (size_t)(end - at), line, size);
	}
}

void
hook_close(struct hook *hook)
{
	struct pollfd file;

	if (hook == NULL)
		return;
	if (hook->pid > 0) {
		file = (struct pollfd){ .fd = hook->ended, .events = POLLIN };
		kill(-hook->pid, SIGTERM);
		poll(&file, 1, HOOK_CLOSE_MS);
		kill(-hook->pid, SIGKILL);
		while (waitpid(hook->pid, &hook->result, 0) < 0 && errno == EINTR)
			;
	}
	if (hook->ended >= 0)
		close(hook->ended);
	if (hook->output >= 0)
		close(hook->output);
	if (hook->events >= 0)
		close(hook->events);
	free(hook);
}
