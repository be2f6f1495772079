// SPDX-License-Identifier: ISC
/*
 * writer.c: see writer.h.
 *
 * The requests that are waiting form a batch, which is judged together and needs one sync: it is
 * secured (store_secure) and answered. One transaction serves as many batches as come without a
 * pause, and is committed then, or when it is due.
 *
 * A fault while judging one attempt rolls the whole batch back; then each attempt is entered in a
 * transaction of its own, so that nobody suffers for somebody else's. A fault of BEGIN or COMMIT is
 * the database's, and the answer to everybody in the batch. Either fault also rolls back batches
 * that were secured before: the next BEGIN enters those again.
 */
#include "endpoint/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "endpoint/clock.h"
#include "endpoint/entry.h"
#include "endpoint/guard.h"
#include "endpoint/log.h"
#include "endpoint/register.h"

#define WHY_SIZE	512
/*
 * On a slow disk, one that took GATHER_FROM_US or more for the last batch, wait until as many are
 * here as were then, looking every GATHER_STEP_US: for 1/GATHER_PART of what that batch took, and
 * GATHER_MAX_US at most. On a faster disk the wait would cost more than it saves.
 */
#define GATHER_FROM_US	5000
#define GATHER_STEP_US	500
#define GATHER_PART	2
#define GATHER_MAX_US	10000
/*
 * When a crowd's transaction is due: COMMIT_PART times as long after its beginning as the last
 * commit took, within these bounds. Until then others, such as the publisher, do not see what it
 * entered; the commit itself keeps everybody waiting.
 */
#define COMMIT_PART	16
#define COMMIT_MIN_US	100000
#define COMMIT_MAX_US	1000000
/* those who came are committed when nobody has come for so long after the last reply */
#define NEXT_US		1000
/*
 * how long a crowd leaves the lock to others between two transactions: they try more often than
 * that (db/driver.c)
 */
#define GAP_US		1200
/* how often to try again to commit what was secured, when a commit has failed */
#define OWED_US		1000000
/* how often to drop positions that are too old, as long as requests come */
#define PRUNE_S		600

struct writer {
	struct queue	 queue;
	struct store	*store;
	const char	*path;
	struct stat	 identity;	/* which file `path` was when it was opened */
	/* the database file, open for flock alone; closed last, see lock_database */
	int		 lock;
	pthread_t	 thread;
	bool		 has_thread;
	/* when positions that were too old were last dropped, seconds since 1970 */
	int64_t		 pruned_at;
	struct metrics	*metrics;
	struct live	*live;
	struct said	*said;
	int64_t		 looked_at;	/* when languages were last looked at, seconds since 1970 */
	/*
	 * the last batch: how long the disk took to secure it, 0 for a single check-in, and the
	 * time before where it was committed, which takes several syncs; its end, monotonic; and
	 * how many requests were inside then, its own among them
	 */
	int64_t		 disk_us;
	int64_t		 ended_us;
	int		 were_here;
	/* the transaction: is one open, and when it is due, monotonic */
	bool		 is_open;
	int64_t		 due_us;
	/* the last commit: how long it took, and when it ended, well or not, monotonic */
	int64_t		 commit_us;
	int64_t		 tried_us;
	bool		 was_due;	/* it was due: the crowd had not paused */
	struct guard	 guard;
	/* what is being judged together; the queue holds no more than that */
	struct job	*batch[WRITER_MAX];
	char		 why[WHY_SIZE];
};

/* ---- one batch ---- */

/*
 * A fault as the client is told it: a lock that was not freed in time is "slow down"; one that has
 * no HTTP status is our fault.
 */
static enum status
heard(enum status fault)
{
	if (fault == ST_LOCKED)
		return ST_BUSY;
	return status_info(fault)->http == 0 ? ST_FAULT : fault;
}

static void
log_fault(const struct writer *writer, enum status fault)
{
	log_event("event=fault code=%s message=\"%s\"", status_info(fault)->code,
	    store_why(writer->store));
}

static void
fail_jobs(struct job **jobs, int count, enum status fault)
{
	int i;

	for (i = 0; i < count; i++) {
		memset(&jobs[i]->entry->verdict, 0, sizeof jobs[i]->entry->verdict);
		jobs[i]->entry->verdict.status = heard(fault);
	}
}

/* The path must still be the file that is open: what went into a replaced one would be lost. */
static enum status
check_identity(const struct writer *writer)
{
	struct stat info;

	if (stat(writer->path, &info) == 0 && info.st_dev == writer->identity.st_dev &&
	    info.st_ino == writer->identity.st_ino)
		return ST_OK;
	log_event("event=fault message=\"%s was moved or replaced; no check-ins are taken. Restart "
	    "turnoutd.\"", writer->path);
	return ST_FAULT;
}

/* Have the store judge `entry`, a POST to `route`. */
static enum status
judge_route(struct store *store, enum route route, struct entry *entry)
{
	switch (route) {
	case ROUTE_SCAN:
		return store_scan(store, &entry->attempt, &entry->verdict);
	case ROUTE_UNDO:
		return store_undo(store, &entry->attempt, &entry->verdict);
	case ROUTE_CHECK_OUT:
		return store_check_out(store, &entry->attempt, &entry->verdict);
	case ROUTE_SUGGEST:
		return store_suggest(store, &entry->attempt, entry->names, &entry->n_names,
		    &entry->verdict);
	case ROUTE_REGISTER:
	case ROUTE_STATS:
	case ROUTE_CALENDAR:
	case ROUTE_CALENDAR_TODAY:
	case ROUTE_ATTENDANCE_TODAY:
	case ROUTE_QR:
	case ROUTE_HISTORY:
	case ROUTE_EXPORT:
	case ROUTE_VALIDATE:
	case ROUTE_LIVE:
	case ROUTE_READY:
	case ROUTE_METRICS:
	case ROUTE_COUNT:
	case ROUTE_FILE:
	case ROUTE_END:
		break;
	}
	return store_attend(store, &entry->attempt, &entry->verdict);
}

/*
 * Judge a job within the limits. They are asked again here: others in the same batch may have
 * reached them meanwhile.
 */
static enum status
judge(struct writer *writer, const struct job *job)
{
	struct entry *entry = job->entry;
	enum status status = guard_ask(&writer->guard, &entry->asker);

	if (status != ST_OK) {
		entry->verdict = (struct verdict){ .status = status };
		return ST_OK;
	}
	status = judge_route(writer->store, job->target.route, entry);
	if (status == ST_OK)
		guard_count(&writer->guard, &entry->asker, entry->verdict.status,
		    job->target.route != ROUTE_SUGGEST || entry->n_names > 0);
	return status;
}

/* Commit the open transaction; a fault rolls it back. */
static enum status
commit(struct writer *writer)
{
	int64_t started_us = clock_us();
	enum status status = store_commit(writer->store);

	writer->is_open = false;
	writer->tried_us = clock_us();
	writer->commit_us = writer->tried_us - started_us;
	if (status != ST_OK)
		log_fault(writer, status);
	return status;
}

/* Begin a transaction, unless one is open. */
static enum status
begin(struct writer *writer)
{
	const struct timespec gap = { .tv_nsec = GAP_US * 1000 };
	int64_t patience_us = COMMIT_PART * writer->commit_us;
	enum status status;

	if (writer->is_open)
		return ST_OK;
	if (writer->was_due)
		nanosleep(&gap, NULL);
	writer->was_due = false;
	status = store_begin_secure(writer->store);
	if (status != ST_OK)
		log_fault(writer, status);
	if (patience_us < COMMIT_MIN_US)
		patience_us = COMMIT_MIN_US;
	writer->due_us = clock_us() +
	    (patience_us < COMMIT_MAX_US ? patience_us : COMMIT_MAX_US);
	writer->is_open = status == ST_OK;
	return status;
}

/* Bring what was judged to the disk: secure it, or commit when that is due. */
static enum status
make_durable(struct writer *writer)
{
	writer->was_due = clock_us() >= writer->due_us;
	if (!writer->was_due && store_secure(writer->store) == ST_OK)
		return ST_OK;
	return commit(writer);
}

/*
 * Enter `count` attempts together. ST_OK: every verdict stands. Otherwise the fault, with nothing
 * entered; *is_one says whether one attempt met it, rather than BEGIN or COMMIT.
 */
static enum status
enter_together(struct writer *writer, struct job *const *jobs, int count, bool *is_one)
{
	enum status status = check_identity(writer);
	int64_t started_us;
	int i;

	*is_one = false;
	if (status == ST_OK)
		status = begin(writer);
	if (status != ST_OK)
		return status;
	for (i = 0; i < count && status == ST_OK; i++)
		status = judge(writer, jobs[i]);
	if (status != ST_OK) {
		*is_one = true;
		log_fault(writer, status);
		store_rollback(writer->store);
		writer->is_open = false;
		return status;
	}
	started_us = clock_us();
	status = make_durable(writer);
	writer->ended_us = clock_us();
	writer->were_here = queue_inside(&writer->queue, NULL);
	if (count == 1)
		writer->disk_us = 0;
	else if (writer->is_open)
		writer->disk_us = writer->ended_us - started_us;
	if (status == ST_OK)
		metrics_batch(writer->metrics, count, writer->ended_us - started_us);
	return status;
}

/* Enter the batch; afterwards each verdict says what became of it. */
static void
enter_all(struct writer *writer, int count)
{
	struct job **jobs = writer->batch;
	bool is_one;
	enum status status = enter_together(writer, jobs, count, &is_one);
	int i;

	if (status == ST_OK)
		return;
	if (!is_one || count == 1) {
		fail_jobs(jobs, count, status);
		return;
	}
	for (i = 0; i < count; i++) {
		status = enter_together(writer, &jobs[i], 1, &is_one);
		if (status == ST_OK)
			continue;
		fail_jobs(&jobs[i], is_one ? 1 : count - i, status);
		if (!is_one)
			return;
	}
}

/* ---- the jobs ---- */

/* Does the database lack anything, at this moment, that was acknowledged? */
static bool
is_behind(const struct writer *writer)
{
	return store_owes(writer->store) && !writer->is_open;
}

/* Is there anything to judge? An unreadable request, or one over a limit, gets its verdict here. */
static bool
is_readable(struct writer *writer, struct job *job)
{
	struct entry *entry = job->entry;
	enum status status = entry->read == ST_OK ? guard_ask(&writer->guard, &entry->asker)
	    : guard_unread(&writer->guard, entry->attempt.address, entry->read);

	if (status == ST_OK)
		return true;
	memset(&entry->verdict, 0, sizeof entry->verdict);
	entry->verdict.status = status;
	return false;
}

/* These verdicts are final: hand the jobs to those who write the replies. */
static void
give_verdicts(struct writer *writer, struct job *const *jobs, int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (jobs[i]->target.route == ROUTE_REGISTER)
			atomic_fetch_add(&writer->metrics->verdicts[jobs[i]->entry->verdict.status],
			    1);
	queue_done(&writer->queue, jobs, count);
}

static void
answer_validate(struct writer *writer, struct job *job)
{
	struct attempt asked = { 0 };		/* what is asked about, for the limits */
	struct limit_asker asker;
	struct verdict verdict = { 0 };
	enum status status;

	http_address(job->request, asked.address);
	snprintf(asked.code, sizeof asked.code, "%s", job->target.argument);
	asker = guard_asker(ROUTE_VALIDATE, &asked);
	status = guard_ask(&writer->guard, &asker);
	if (status != ST_OK) {
		register_refuse(job->reply, &job->reader, status, NULL, true);
		return;
	}
	status = store_code_check(writer->store, job->target.argument, job->now, &verdict);
	if (status != ST_OK) {
		log_fault(writer, status);
		register_refuse(job->reply, &job->reader, heard(status), NULL, true);
		return;
	}
	guard_count(&writer->guard, &asker, verdict.status, true);
	register_code_reply(job->reply, &job->reader, &verdict, job->target.argument, job->now);
}

/* Reply with the numbers of a run; not while some who were acknowledged are missing from them. */
static void
answer_stats(struct writer *writer, struct job *job)
{
	char session[CODE_SESSION_SIZE] = "";
	char address[HEAD_ADDRESS_SIZE];
	struct limit_asker asker = { .phone = "", .address = address };
	struct run_window window;
	struct run_time time;
	struct run run;
	enum status status;

	http_address(job->request, address);
	status = guard_ask(&writer->guard, &asker);
	if (status == ST_OK && is_behind(writer))
		status = ST_BUSY;
	if (status == ST_OK && job->target.length >= sizeof session)
		status = ST_UNKNOWN;
	else if (status == ST_OK) {
		memcpy(session, job->target.argument, job->target.length);
		status = store_run_by_session(writer->store, session, &run);
	}
	if (status == ST_UNKNOWN)
		guard_count(&writer->guard, &asker, ST_RUN_UNKNOWN, true);
	if (status == ST_OK) {
		time = run_time_of(&run);
		status = run_window(&time, &window);
	}
	if (status == ST_OK)
		register_stats_reply(job->reply, &run, &window, job->now,
		    guard_alarm(&writer->guard));
	else
		register_refuse(job->reply, &job->reader,
		    status == ST_UNKNOWN ? ST_RUN_UNKNOWN : heard(status), NULL, true);
}

/* Is `header` "Bearer " and the secret? Takes the same time whatever differs. */
static bool
is_bearer(const char *header, const char *secret)
{
	static const char scheme[] = "Bearer ";
	size_t length = strlen(secret);

	return header != NULL && length > 0 && strncasecmp(header, scheme, sizeof scheme - 1) == 0
	    && strlen(header + sizeof scheme - 1) == length &&
	    sodium_memcmp(header + sizeof scheme - 1, secret, length) == 0;
}

/*
 * Do the group and the person that the admin asks for exist? ST_UNKNOWN, and store_why says which
 * does not.
 */
static enum status
find_asked(struct writer *writer, const struct job *job)
{
	const char *group_name = job->ask->value[EXPORTER_GROUP],
	    *person = job->ask->value[EXPORTER_PERSON];
	struct group group;
	int64_t id;
	enum status status = group_name[0] == '\0' ? ST_OK
	    : store_group_find(writer->store, group_name, &group);

	return status == ST_OK && person[0] != '\0'
	    ? store_person(writer->store, person, false, job->now, &id, NULL) : status;
}

/* Refuse who is not the admin. The admin gets no reply here: `turnout export` makes it. */
static void
answer_admin(struct writer *writer, struct job *job)
{
	char address[HEAD_ADDRESS_SIZE];
	struct limit_asker asker = { .phone = "", .address = address };
	struct club club = { 0 };
	enum status status;

	http_address(job->request, address);
	status = guard_ask(&writer->guard, &asker);
	if (status == ST_OK)
		status = store_club(writer->store, &club);
	if (status == ST_OK &&
	    !is_bearer(http_header(job->request, "Authorization"), club.capability)) {
		status = ST_UNAUTHORIZED;
		guard_count(&writer->guard, &asker, status, true);
	}
	if (status == ST_OK && job->ask != NULL) {
		snprintf(job->ask->club, sizeof job->ask->club, "%s", club.name);
		status = find_asked(writer, job);
	}
	if (status == ST_OK && is_behind(writer))
		status = ST_BUSY;
	else if (status == ST_OK && writer->is_open)
		status = commit(writer);	/* another process makes the reply */
	if (status == ST_UNKNOWN || status == ST_NAME_BAD)
		register_refuse_why(job->reply, ST_NOT_FOUND, store_why(writer->store));
	else if (status != ST_OK)
		register_refuse(job->reply, &job->reader, heard(status), NULL, true);
}

/* Put the count of `run` into `live` if the run is near; a fault leaves what is there. */
static bool
put_live(struct writer *writer, const struct run *run, int64_t now)
{
	struct run_time time = run_time_of(run);
	struct run_window window;

	if (run_window(&time, &window) != ST_OK || !live_is_near(&window, now))
		return false;
	live_put(writer->live, run, &window, now, clock_ms());
	return true;
}

/*
 * No reply here: whoever asked reads `live` afterwards. Of many who ask for the same run, only the
 * first costs a look at the database. While that is behind, the last count stays.
 */
static void
answer_count(struct writer *writer, struct job *job)
{
	char session[CODE_SESSION_SIZE] = "";
	struct run run;

	memcpy(session, job->target.argument, job->target.length - strlen(".json"));
	job->is_near = live_has(writer->live, session, clock_ms(),
	    is_behind(writer) ? INT64_MAX : LIVE_FRESH_MS)
	    || (store_run_by_session(writer->store, session, &run) == ST_OK &&
	        put_live(writer, &run, job->now));
}

/* Put the counts of the batch's runs into `live`, each once, now that they are on the disk. */
static void
put_batch(struct writer *writer, int count)
{
	int64_t last = 0;
	struct run run;
	int i;

	for (i = 0; i < count; i++) {
		int64_t id = writer->batch[i]->entry->verdict.run.id;

		if (id == 0 || id == last)
			continue;
		last = id;
		if (store_run(writer->store, id, &run) == ST_OK)
			put_live(writer, &run, writer->batch[i]->now);
	}
}

/* Drop positions older than the club keeps them. A fault is only logged: there is a next time. */
static void
prune(struct writer *writer, int64_t now)
{
	if (now == 0 || (now < writer->pruned_at + PRUNE_S && now >= writer->pruned_at))
		return;
	writer->pruned_at = now;
	if (store_positions_prune(writer->store, now) != ST_OK)
		log_event("event=fault message=\"Positions could not be dropped: %s\"",
		    store_why(writer->store));
}

/* At most once a second, as requests come: have the words or the club's language changed? */
static void
look_at_languages(struct writer *writer, int64_t now)
{
	struct club club;

	if (now == writer->looked_at)
		return;
	writer->looked_at = now;
	if (store_club(writer->store, &club) == ST_OK)
		said_look(writer->said, club.language);
}

/* No body: whoever asked looks at reply->http alone. */
static void
answer_probe(struct writer *writer, struct job *job)
{
	enum status status = check_identity(writer);

	if (status == ST_OK && writer->is_open)
		status = commit(writer);	/* the question is what others can see */
	if (status == ST_OK)
		status = store_newest_change(writer->store, &job->change);
	job->reply->http = status == ST_OK ? 200 : 503;
}

/* Answer `job` if it is a question; false: it is a POST, to be judged. */
static bool
answer(struct writer *writer, struct job *job)
{
	enum route route = job->target.route;

	if (route == ROUTE_VALIDATE)
		answer_validate(writer, job);
	else if (route == ROUTE_STATS)
		answer_stats(writer, job);
	else if (route == ROUTE_HISTORY || route == ROUTE_EXPORT)
		answer_admin(writer, job);
	else if (route == ROUTE_COUNT)
		answer_count(writer, job);
	else if (route == ROUTE_READY)
		answer_probe(writer, job);
	else
		return false;
	queue_done(&writer->queue, &job, 1);
	return true;
}

/*
 * Give those who were just answered time to come back. Otherwise they and those who came meanwhile
 * would be two halves of a crowd, each waiting for the other's sync.
 */
static void
gather(struct writer *writer)
{
	const struct timespec step = { .tv_nsec = GATHER_STEP_US * 1000 };
	int64_t most_us = writer->disk_us / GATHER_PART, until_us;

	until_us = clock_us() + (most_us < GATHER_MAX_US ? most_us : GATHER_MAX_US);
	while (queue_inside(&writer->queue, NULL) < writer->were_here && clock_us() < until_us)
		nanosleep(&step, NULL);
}

/*
 * Wait for work and take all of it, on a slow disk after gathering a crowd. NULL at the end. A
 * single request never waits for others.
 */
static struct job *
take(struct writer *writer)
{
	/* who only asks, without a pause, does not put the commit off for ever */
	if (writer->is_open && (clock_us() >= writer->due_us + COMMIT_MIN_US ||
	    !queue_wait_for(&writer->queue, NEXT_US)))
		commit(writer);
	while (is_behind(writer) && (clock_us() - writer->tried_us >= OWED_US ||
	    !queue_wait_for(&writer->queue, OWED_US))) {
		if (begin(writer) == ST_OK)
			commit(writer);
		else
			writer->tried_us = clock_us();
	}
	queue_wait(&writer->queue);
	if (writer->disk_us >= GATHER_FROM_US && clock_us() - writer->ended_us < writer->disk_us)
		gather(writer);
	return queue_take_all(&writer->queue);
}

static void *
write_on(void *handle)
{
	struct writer *writer = handle;
	struct job *job, *next;
	int64_t now = 0;
	int count;

	store_attend_prepare(writer->store);
	while ((job = take(writer)) != NULL) {
		look_at_languages(writer, job->now);
		for (count = 0; job != NULL; job = next) {
			next = job->next;
			now = job->now;
			if (answer(writer, job))
				continue;
			if (is_readable(writer, job))
				writer->batch[count++] = job;
			else
				give_verdicts(writer, &job, 1);
		}
		if (count > 0)
			enter_all(writer, count);
		else
			writer->disk_us = 0;
		put_batch(writer, count);
		give_verdicts(writer, writer->batch, count);
		prune(writer, now);
	}
	if (writer->is_open)
		commit(writer);
	return NULL;
}

enum status
writer_ask(struct writer *writer, struct job *job)
{
	return queue_ask(&writer->queue, job);
}

enum status
writer_probe(struct writer *writer, int64_t *newest)
{
	struct reply reply = { 0 };
	struct job job = { .reply = &reply, .target = { .route = ROUTE_READY } };
	enum status status;
	bool is_still;

	queue_inside(&writer->queue, &is_still);
	if (is_still)
		return ST_BUSY;
	status = queue_ask(&writer->queue, &job);
	*newest = job.change;
	return status == ST_OK && reply.http != 200 ? ST_FAULT : status;
}

enum status
writer_leave(struct writer *writer, struct job *job)
{
	return queue_leave(&writer->queue, job);
}

int
writer_inside(struct writer *writer, bool *is_still)
{
	return queue_inside(&writer->queue, is_still);
}

/* ---- start and stop ---- */

/*
 * One turnoutd per database: flock on the database file itself, which does not meet SQLite's own
 * (POSIX) locks. Closing any descriptor of a file drops the process's POSIX locks on it, hence this
 * descriptor is opened before the store and closed after it.
 */
static enum status
lock_database(struct writer *writer)
{
	writer->lock = open(writer->path, O_RDONLY | O_CLOEXEC);
	if (writer->lock < 0)
		return ST_OK;		/* the store says better why not */
	if (fstat(writer->lock, &writer->identity) != 0)
		return ST_FAULT;
	if (flock(writer->lock, LOCK_EX | LOCK_NB) == 0)
		return ST_OK;
	snprintf(writer->why, sizeof writer->why, errno == EWOULDBLOCK ?
	    "Another turnoutd has it (%s); stop that one first." :
	    "%s cannot be locked. Is it on a local disk?", writer->path);
	return errno == EWOULDBLOCK ? ST_LOCKED : ST_FAULT;
}

enum status
writer_start(const char *path, struct metrics *metrics, struct live *live, struct said *said,
    struct writer **started)
{
	struct writer *writer = calloc(1, sizeof *writer);
	enum status status;

	*started = writer;
	if (writer == NULL)
		return ST_FAULT;
	writer->path = path;
	writer->metrics = metrics;
	writer->live = live;
	writer->said = said;
	queue_init(&writer->queue, WRITER_MAX, WRITER_STUCK_MAX);
	if (guard_init(&writer->guard, metrics) != ST_OK)
		return ST_FAULT;
	status = lock_database(writer);
	if (status == ST_OK) {
		status = store_open(path, STORE_WRITE, &writer->store);
		if (status != ST_OK)
			snprintf(writer->why, sizeof writer->why, "%s", store_why(writer->store));
	}
	if (status == ST_OK)
		look_at_languages(writer, time(NULL));
	if (status == ST_OK)
		status = queue_thread(&writer->thread, write_on, writer);
	writer->has_thread = status == ST_OK;
	return status;
}

const char *
writer_why(const struct writer *writer)
{
	return writer == NULL || writer->why[0] == '\0' ? "There is no memory or no thread left."
	    : writer->why;
}

void
writer_stop(struct writer *writer)
{
	if (writer == NULL)
		return;
	queue_close(&writer->queue);
	if (writer->has_thread)
		pthread_join(writer->thread, NULL);
	store_close(writer->store);
	if (writer->lock > 0)
		close(writer->lock);
	queue_clear(&writer->queue);
	guard_clear(&writer->guard);
	free(writer);
}
