// SPDX-License-Identifier: ISC
/*
 * publisher.c: see publisher.h.
 *
 * The thread that starts the process outlives it (child.h).
 */
#include "endpoint/publisher.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "endpoint/child.h"
#include "endpoint/clock.h"
#include "endpoint/log.h"
#include "endpoint/queue.h"

#define BACK_OFF_MAX_S	60
#define SETTLED_S	60	/* after so long a life, the next start is immediate */
#define STOP_WAIT_S	5
#define NICE		10	/* of nice(2) */
#define SECOND_US	INT64_C(1000000)

struct publisher {
	char		 program[PATH_MAX];
	const char	*db;
	const char	*site;
	const char	*target;	/* for its --to, or NULL */
	pthread_t	 thread;
	bool		 has_thread;
	pthread_mutex_t	 lock;
	pthread_cond_t	 changed;
	pid_t		 pid;		/* 0: not running; never that of a reaped process */
	bool		 is_stopping;
};

static _Noreturn void
become_watch(const struct publisher *publisher, pid_t parent)
{
	char *const arguments[] = { (char *)publisher->program, "watch", "--db",
	    (char *)publisher->db, "--site", (char *)publisher->site,
	    publisher->target == NULL ? NULL : "--to", (char *)publisher->target, NULL };

	child_begin(parent, SIGTERM);
	dup2(STDERR_FILENO, STDOUT_FILENO);	/* our standard output is for our address only */
	setpriority(PRIO_PROCESS, 0, NICE);	/* a waiting phone comes before a page */
	execv(publisher->program, arguments);
	_exit(127);
}

/* Start the process; false when that fails, or we are stopping. */
static bool
start_watch(struct publisher *publisher)
{
	pid_t parent = getpid(), pid;

	pthread_mutex_lock(&publisher->lock);
	pid = publisher->is_stopping ? -1 : fork();
	if (pid == 0)
		become_watch(publisher, parent);
	publisher->pid = pid > 0 ? pid : 0;
	pthread_mutex_unlock(&publisher->lock);
	return pid > 0;
}

/*
 * Wait until the process ends. It is reaped under the lock, so that publisher_stop never signals a
 * pid that is no longer its.
 */
static void
reap_watch(struct publisher *publisher)
{
	siginfo_t info;
	int result = 0;

	while (waitid(P_PID, (id_t)publisher->pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR)
		;
	pthread_mutex_lock(&publisher->lock);
	while (waitpid(publisher->pid, &result, 0) < 0 && errno == EINTR)
		;
	publisher->pid = 0;
	pthread_cond_broadcast(&publisher->changed);
	if (!publisher->is_stopping)
		log_event("event=publisher_ended %s=%d", WIFSIGNALED(result) ? "signal" : "exit",
		    WIFSIGNALED(result) ? WTERMSIG(result) : WEXITSTATUS(result));
	pthread_mutex_unlock(&publisher->lock);
}

/* Wait `wait_s` seconds; true, at once, when we are stopping. */
static bool
is_over(struct publisher *publisher, int wait_s)
{
	const struct timespec until = clock_after(wait_s * SECOND_US);
	bool is_stopping;

	pthread_mutex_lock(&publisher->lock);
	while (!publisher->is_stopping)
		if (pthread_cond_clockwait(&publisher->changed, &publisher->lock, CLOCK_MONOTONIC,
		    &until) != 0)
			break;
	is_stopping = publisher->is_stopping;
	pthread_mutex_unlock(&publisher->lock);
	return is_stopping;
}

static void *
keep_watch(void *handle)
{
	struct publisher *publisher = handle;
	int64_t started_us;
	int wait_s = 0;

	while (!is_over(publisher, wait_s)) {
		started_us = clock_us();
		if (start_watch(publisher))
			reap_watch(publisher);
		if (clock_us() - started_us >= SETTLED_S * SECOND_US)
			wait_s = 0;
		else
			wait_s = wait_s == 0 ? 1 : wait_s * 2 > BACK_OFF_MAX_S ? BACK_OFF_MAX_S
			    : wait_s * 2;
	}
	return NULL;
}

enum status
publisher_prepare(const char *db, const char *site, const char *target, struct publisher **opened)
{
	struct publisher *publisher = calloc(1, sizeof *publisher);

	*opened = publisher;
	if (publisher == NULL)
		return ST_FAULT;
	publisher->db = db;
	publisher->site = site;
	publisher->target = target;
	pthread_mutex_init(&publisher->lock, NULL);
	pthread_cond_init(&publisher->changed, NULL);
	return child_program(publisher->program);
}

enum status
publisher_start(struct publisher *publisher)
{
	if (access(publisher->program, X_OK) != 0)
		log_event("event=warning message=\"There is no %s; pages will not follow until "
		    "there is.\"", publisher->program);
	publisher->has_thread = queue_thread(&publisher->thread, keep_watch, publisher) == ST_OK;
	return publisher->has_thread ? ST_OK : ST_FAULT;
}

bool
publisher_is_alive(struct publisher *publisher)
{
	bool is_alive;

	if (publisher == NULL)
		return true;
	pthread_mutex_lock(&publisher->lock);
	is_alive = publisher->pid > 0;
	pthread_mutex_unlock(&publisher->lock);
	return is_alive;
}

void
publisher_stop(struct publisher *publisher)
{
	const struct timespec until = clock_after(STOP_WAIT_S * SECOND_US);

	if (publisher == NULL)
		return;
	pthread_mutex_lock(&publisher->lock);
	publisher->is_stopping = true;
	pthread_cond_broadcast(&publisher->changed);
	if (publisher->pid > 0)
		kill(publisher->pid, SIGTERM);
	while (publisher->pid > 0)
		if (pthread_cond_clockwait(&publisher->changed, &publisher->lock, CLOCK_MONOTONIC,
		    &until) != 0)
			break;
	if (publisher->pid > 0) {
		log_event("event=publisher_killed message=\"It did not end within %d s.\"",
		    STOP_WAIT_S);
		kill(publisher->pid, SIGKILL);
	}
	pthread_mutex_unlock(&publisher->lock);
	if (publisher->has_thread)
		pthread_join(publisher->thread, NULL);
	pthread_cond_destroy(&publisher->changed);
	pthread_mutex_destroy(&publisher->lock);
	free(publisher);
}
