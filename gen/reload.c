// SPDX-License-Identifier: ISC
/* reload.c: see reload.h. */
#include "gen/reload.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gen/buffer.h"
#include "gen/clock.h"
#include "gen/escape.h"

#define RELOAD_STOP_MS	12000	/* turnoutd goes on answering for up to 10 s */
#define RELOAD_WHY_SIZE	1600

struct reload {
	const struct call *call;
	char		 program[PATH_MAX];
	char		 path[PATH_MAX];	/* SITE/reload.json */
	char		 new_path[PATH_MAX];	/* where it is written at first */
	pid_t		 pid;			/* 0: not running */
	int		 ended;			/* pidfd */
	int64_t		 number;
	bool		 is_told;		/* we have written the file */
	char		 templates_why[RELOAD_WHY_SIZE];
	char		 publish_why[RELOAD_WHY_SIZE];
};

/* ---- the file ---- */

static bool
write_file(const char *path, const struct buffer *content)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	size_t at = 0;
	ssize_t put = 0;

	if (file < 0)
		return false;
	while (at < content->length &&
	    (put = write(file, content->data + at, content->length - at)) > 0)
		at += (size_t)put;
	return close(file) == 0 && at == content->length;
}

/* Tell the pages. What is wrong with templates comes first: it causes other failures. */
static void
tell_pages(struct reload *reload)
{
	const char *why = reload->templates_why[0] != '\0' ? reload->templates_why
	    : reload->publish_why;
	struct buffer content = { 0 };

	buffer_format(&content, "{\"number\": %lld, \"error\": \"", (long long)reload->number);
	escape_append(&content, ESCAPE_JSON, why, strlen(why));
	buffer_append_text(&content, "\"}\n");
	if (!write_file(reload->new_path, &content) || rename(reload->new_path, reload->path) != 0)
		call_fail(reload->call, ST_FAULT,
		    "%s cannot be written: %s. Open pages do not load themselves again.",
		    reload->path, strerror(errno));
	else
		reload->is_told = true;
	buffer_clear(&content);
}

void
reload_templates(struct reload *reload, const char *why)
{
	if (reload == NULL || strcmp(reload->templates_why, why == NULL ? "" : why) == 0)
		return;
	snprintf(reload->templates_why, sizeof reload->templates_why, "%s", why == NULL ? "" : why);
	tell_pages(reload);
}

void
reload_published(struct reload *reload, bool is_moved, const char *why)
{
	if (reload == NULL ||
	    (!is_moved && strcmp(reload->publish_why, why == NULL ? "" : why) == 0))
		return;
	snprintf(reload->publish_why, sizeof reload->publish_why, "%s", why == NULL ? "" : why);
	reload->number += is_moved;
	tell_pages(reload);
}

/* ---- the process ---- */

static _Noreturn void
become_server(const struct reload *reload, pid_t parent, int output)
{
	const char *listen = call_value(reload->call, OPTION_LISTEN);
	char *const arguments[] = { (char *)reload->program, "--no-watch", "--reload", "--db",
	    (char *)reload->call->database, "--site", (char *)reload->call->site,
	    listen == NULL ? NULL : "--listen", (char *)listen, NULL };

	/* A process group of its own: Ctrl-C reaches only us, and we end it properly. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent || setpgid(0, 0) != 0
	    || dup2(output, STDOUT_FILENO) < 0)
		_exit(1);
	execv(reload->program, arguments);
	_exit(127);
}

/* Find "turnoutd" in the folder of our own program file. */
static bool
find_program(char program[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", program, PATH_MAX - 1);
	char *slash;

	if (length < 0)
		return false;
	program[length] = '\0';
	slash = strrchr(program, '/');
	if (slash == NULL || (size_t)(slash - program) + sizeof "/turnoutd" > PATH_MAX)
		return false;
	memcpy(slash, "/turnoutd", sizeof "/turnoutd");
	return access(program, X_OK) == 0;
}

/* Read its first line; "" when it ended before that. */
static void
read_line(int file, char *line, size_t size)
{
	size_t length = 0;
	ssize_t got = 1;

	while (length + 1 < size && (length == 0 || line[length - 1] != '\n')
	    && ((got = read(file, line + length, 1)) > 0 || (got < 0 && errno == EINTR)))
		length += got > 0;
	line[got <= 0 ? 0 : length] = '\0';
}

/* Reap it: it has ended or is about to. Returns what waitpid reports. */
static int
reap(struct reload *reload)
{
	int result = 0;

	while (waitpid(reload->pid, &result, 0) < 0 && errno == EINTR)
		;
	reload->pid = 0;
	return result;
}

/* Start the process, with a pipe from its output; false with errno. */
static bool
fork_server(struct reload *reload, int ends[2])
{
	pid_t parent = getpid();

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	reload->pid = fork();
	if (reload->pid == 0)
		become_server(reload, parent, ends[1]);
	close(ends[1]);
	if (reload->pid > 0)
		reload->ended = pidfd_open(reload->pid, 0);
	return reload->pid > 0 && reload->ended >= 0;
}

/* Start turnoutd and read its first line, which it prints when it listens. A failure is said. */
static enum status
start_server(struct reload *reload, char *line, size_t size)
{
	int ends[2] = { -1, -1 }, result;
	bool is_forked = find_program(reload->program) && fork_server(reload, ends);

	if (!is_forked)
		call_fail(reload->call, ST_FAULT,
		    "%s cannot be started: %s. Nothing is served. It should be beside turnout.",
		    reload->program, strerror(errno));
	else
		read_line(ends[0], line, size);
	if (ends[0] >= 0)
		close(ends[0]);
	if (!is_forked)
		return ST_FAULT;
	if (line[0] != '\0')
		return ST_OK;
	result = reap(reload);
	return call_fail(reload->call,
	    WIFEXITED(result) && WEXITSTATUS(result) == status_info(ST_LOCKED)->exit ? ST_LOCKED
	    : ST_FAULT, "turnoutd did not start; it says above why. Nothing is served.");
}

enum status
reload_start(const struct call *call, struct reload **started)
{
	struct reload *reload = calloc(1, sizeof *reload);
	char line[128] = "";
	enum status status;

	*started = reload;
	if (reload == NULL)
		return call_fail(call, ST_FAULT, "There is no memory left. Nothing is served.");
	reload->call = call;
	reload->ended = -1;
	reload->number = clock_ms();		/* differs from that of the watch before */
	snprintf(reload->path, sizeof reload->path, "%s/reload.json", call->site);
	snprintf(reload->new_path, sizeof reload->new_path, "%s/reload.new", call->site);
	status = start_server(reload, line, sizeof line);
	if (status != ST_OK)
		return status;
	fputs(line, stdout);
	fflush(stdout);
	tell_pages(reload);
	return ST_OK;
}

int
reload_file(const struct reload *reload)
{
	return reload == NULL || reload->pid == 0 ? -1 : reload->ended;
}

void
reload_ended(struct reload *reload)
{
	int result = reap(reload);

	call_fail(reload->call, ST_FAULT,
	    "turnoutd has ended (%s %d), so nothing is served and nothing published any more. "
	    "Start turnout watch again.", WIFSIGNALED(result) ? "signal" : "exit status",
	    WIFSIGNALED(result) ? WTERMSIG(result) : WEXITSTATUS(result));
}

void
reload_stop(struct reload *reload)
{
	struct pollfd file;

	if (reload == NULL)
		return;
	file = (struct pollfd){ .fd = reload->ended, .events = POLLIN };
	if (reload->pid > 0) {
		kill(reload->pid, SIGTERM);
		if (poll(&file, 1, RELOAD_STOP_MS) == 0)
			kill(reload->pid, SIGKILL);
		reap(reload);
	}
	if (reload->ended >= 0)
		close(reload->ended);
	if (reload->is_told)
		unlink(reload->path);
	free(reload);
}
