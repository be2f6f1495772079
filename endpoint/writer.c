// SPDX-License-Identifier: ISC
/*
 * writer.c: see writer.h.
 *
 * What waits is a batch: one transaction and one sync. One check-in by itself is committed. Of a
 * crowd each batch is secured (store_secure) and answered, in one transaction for many of them,
 * which is committed as soon as nobody comes, and else when it is due.
 *
 * A fault while one attempt is judged takes back the whole batch; each is then entered by itself,
 * so that nobody suffers for another. A fault of BEGIN or COMMIT is the database's: all in the
 * batch hear it. Either takes back what was secured before, too: the next BEGIN enters it again.
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
 * Where the disk took so long for the last batch, it is waited until as many are here as then, and
 * looked for them so often; no longer than such a part of what the disk took, or than that. On a
 * faster one the wait costs more than it spares.
 */
#define GATHER_FROM_US	5000
#define GATHER_STEP_US	500
#define GATHER_PART	2
#define GATHER_MAX_US	10000
/*
 * How long a crowd's check-ins may be unseen by others, the publisher and exports: so many times
 * what the last commit took, which keeps all waiting, between these two.
 */
#define COMMIT_PART	16
#define COMMIT_MIN_US	100000
#define COMMIT_MAX_US	1000000
/* the next of a crowd come so soon after the last were answered, or it is over */
#define NEXT_US		1000
/* others that want to write look for the lock that often (db/driver.c): a crowd leaves a gap */
#define GAP_US		1200
/* what is owed to the database is tried so often, whatever else is asked */
#define OWED_US		1000000
/* positions that are too old go within so long, while anybody asks anything */
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
	/* when positions that are too old were last dropped, seconds */
	int64_t		 pruned_at;
	struct metrics	*metrics;
	struct live	*live;
	struct said	*said;
	int64_t		 looked_at;	/* when languages were last looked at, seconds */
	int64_t		 disk_us;	/* what it took for the last batch, 0 for one check-in, */
	int64_t		 ended_us;	/* and when that was done; monotonic */
	int		 were_here;	/* then: those in it, and those who waited */
	bool		 is_open;	/* a transaction, */
	bool		 is_crowd;	/* of more than one: it is secured so far, */
	int64_t		 due_us;	/* and to be committed then; monotonic */
	int64_t		 commit_us;	/* what the last commit took, */
	int64_t		 tried_us;	/* and when it ended, well or not; monotonic */
	bool		 was_due;	/* and that the crowd was still there */
	struct guard	 guard;
	/* what is entered together: more cannot be inside */
	struct job	*batch[WRITER_MAX];
	char		 why[WHY_SIZE];
};

/* ---- one batch ---- */

/*
 * A fault as a client hears it: a lock that did not come free in time is "slow down", what HTTP has
 * no number for is ours.
 */
static enum status
heard(enum status fault)
{
	if (fault == ST_LOCKED)
		return ST_BUSY;
	return status_info(fault)->http == 0 ? ST_FAULT : fault;
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

/* The path must still be the file we hold: what is written into a replaced one would be lost. */
static enum status
check_identity(const struct writer *writer)
{
	struct stat info;

	if (stat(writer->path, &info) == 0 && info.st_dev == writer->identity.st_dev &&
	    info.st_ino == writer->identity.st_ino)
		return ST_OK;
	log_event("event=fault message=\"%s was moved or replaced; nothing is entered. Restart "
	    "turnoutd.\"", writer->path);
	return ST_FAULT;
}

/* Have the store judge one, as its address asks. */
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
 * The same within the limits: asked again, since those before it in the batch may have reached
 * them.
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

/* Commit what is open; a fault takes it back. */
static enum status
commit(struct writer *writer)
{
	int64_t started_us = clock_us();
	enum status status = store_commit(writer->store);

	writer->is_open = false;
	writer->tried_us = clock_us();
	writer->commit_us = writer->tried_us - started_us;
	if (status != ST_OK)
		log_event("event=fault code=%s message=\"%s\"", status_info(status)->code,
		    store_why(writer->store));
	return status;
}

/* The transaction that is open, or another. */
static enum status
begin(struct writer *writer, int count)
{
	const struct timespec gap = { .tv_nsec = GAP_US * 1000 };
	int64_t patience_us = COMMIT_PART * writer->commit_us;
	enum status status;

	if (writer->is_open)
		return ST_OK;
	if (writer->was_due)
		nanosleep(&gap, NULL);
	writer->was_due = false;
	writer->is_crowd = count > 1;
	status = writer->is_crowd ? store_begin_secure(writer->store)
	    : store_begin(writer->store);
	if (status != ST_OK)
		log_event("event=fault code=%s message=\"%s\"", status_info(status)->code,
		    store_why(writer->store));
	if (patience_us < COMMIT_MIN_US)
		patience_us = COMMIT_MIN_US;
	writer->due_us = clock_us() +
	    (patience_us < COMMIT_MAX_US ? patience_us : COMMIT_MAX_US);
	writer->is_open = status == ST_OK;
	return status;
}

/* Commit what was judged, or secure it where more of a crowd is to be expected. */
static enum status
make_durable(struct writer *writer)
{
	writer->was_due = clock_us() >= writer->due_us;
	if (writer->is_crowd && !writer->was_due && store_secure(writer->store) == ST_OK)
		return ST_OK;
	return commit(writer);
}

/*
 * Enter `count` attempts together. ST_OK when every verdict stands, otherwise the fault and nothing
 * entered; *is_one says that a single attempt met it, not BEGIN or COMMIT.
 */
static enum status
enter_together(struct writer *writer, struct job *const *jobs, int count, bool *is_one)
{
	enum status status = check_identity(writer);
	int64_t started_us;
	int i;

	*is_one = false;
	if (status == ST_OK)
		status = begin(writer, count);
	if (status != ST_OK)
		return status;
	for (i = 0; i < count && status == ST_OK; i++)
		status = judge(writer, jobs[i]);
	if (status != ST_OK) {
		*is_one = true;
		log_event("event=fault code=%s message=\"%s\"", status_info(status)->code,
		    store_why(writer->store));
		store_rollback(writer->store);
		writer->is_open = false;
		return status;
	}
	started_us = clock_us();
	status = make_durable(writer);
	writer->ended_us = clock_us();
	writer->were_here = queue_inside(&writer->queue, NULL);
	writer->disk_us = count > 1 ? writer->ended_us - started_us : 0;
	if (status == ST_OK)
		metrics_batch(writer->metrics, count, writer->ended_us - started_us);
	return status;
}

/* Enter all; afterwards each verdict says how it ended. */
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

/* Is anything acknowledged that the database does not have at this moment? */
static bool
is_behind(const struct writer *writer)
{
	return store_owes(writer->store) && !writer->is_open;
}

/*
 * Is there anything to judge? What could not be read, or is over a limit, has its verdict by that
 * alone.
 */
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

/* These verdicts stand: others make the replies of them. */
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
		queue_done(&writer->queue, &job, 1);
		return;
	}
	status = store_code_check(writer->store, job->target.argument, job->now, &verdict);
	if (status == ST_OK)
		guard_count(&writer->guard, &asker, verdict.status, true);
	if (status == ST_OK)
		register_code_reply(job->reply, &job->reader, &verdict, job->target.argument,
		    job->now);
	else {
		log_event("event=fault code=%s message=\"%s\"", status_info(status)->code,
		    store_why(writer->store));
		register_refuse(job->reply, &job->reader, heard(status), NULL, true);
	}
	queue_done(&writer->queue, &job, 1);
}

/* The numbers of a run; not without those who were told that they are in. */
static void
answer_stats(struct writer *writer, struct job *job)
{
	char session[CODE_SESSION_SIZE] = "";
	char address[HTTP_ADDRESS_SIZE];
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
		register_stats_reply(job->reply, &run, &window, job->now);
	else
		register_refuse(job->reply, &job->reader,
		status == ST_UNKNOWN ? ST_RUN_UNKNOWN : heard(status), NULL, true);
	queue_done(&writer->queue, &job, 1);
}

/* Does `header` bring the secret? Compared in a time that tells nothing of it. */
static bool
is_bearer(const char *header, const char *secret)
{
	static const char scheme[] = "Bearer ";
	size_t length = strlen(secret);

	return header != NULL && length > 0 && strncasecmp(header, scheme, sizeof scheme - 1) == 0
	    && strlen(header + sizeof scheme - 1) == length &&
	    sodium_memcmp(header + sizeof scheme - 1, secret, length) == 0;
}

/* Are the group and the person there that the admin asks for? ST_UNKNOWN; the store says which. */
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

/* Is it the admin who asks? Then there is no reply yet: turnout export makes it. */
static void
answer_admin(struct writer *writer, struct job *job)
{
	char address[HTTP_ADDRESS_SIZE];
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
	queue_done(&writer->queue, &job, 1);
}

/* The run `run` as it stands into memory, if it is near; a fault leaves what is there. */
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
 * No reply for this one: its asker looks into memory. Of many who wait for the same run the first
 * asks for all. A count never goes back because the database is behind.
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
	queue_done(&writer->queue, &job, 1);
}

/* What was committed, into memory: each run of the batch once. */
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

/*
 * Drop positions that the club does not keep any longer. A fault is only told: the next time may
 * do.
 */
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

/* Once a second, while anybody asks anything: other words, another language of the club? */
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

/* No reply for this one: its asker looks at reply->http alone. */
static void
answer_probe(struct writer *writer, struct job *job)
{
	enum status status = check_identity(writer);

	if (status == ST_OK && writer->is_open)
		status = commit(writer);	/* what others see is asked about */
	if (status == ST_OK)
		status = store_newest_change(writer->store, &job->change);
	job->reply->http = status == ST_OK ? 200 : 503;
	queue_done(&writer->queue, &job, 1);
}

/*
 * Give those who were just answered time to be here again, or they and those who came meanwhile are
 * two halves of a crowd that wait for each other's sync.
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
 * Wait for work and take it; while many come and the disk is slow, a little later than it could be.
 * Who comes alone is not kept waiting.
 */
static struct job *
take(struct writer *writer)
{
	if (writer->is_open && !queue_wait_for(&writer->queue, NEXT_US))
		commit(writer);
	while (is_behind(writer) && (clock_us() - writer->tried_us >= OWED_US ||
	    !queue_wait_for(&writer->queue, OWED_US))) {
		if (begin(writer, 1) == ST_OK)
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
			if (job->target.route == ROUTE_VALIDATE)
				answer_validate(writer, job);
			else if (job->target.route == ROUTE_STATS)
				answer_stats(writer, job);
			else if (job->target.route == ROUTE_HISTORY ||
			    job->target.route == ROUTE_EXPORT)
				answer_admin(writer, job);
			else if (job->target.route == ROUTE_COUNT)
				answer_count(writer, job);
			else if (job->target.route == ROUTE_READY)
				answer_probe(writer, job);
			else if (is_readable(writer, job))
				writer->batch[count++] = job;
			else
				give_verdicts(writer, &job, 1);
		}
		writer->disk_us = 0;
		if (count > 0)
			enter_all(writer, count);
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
 * One turnoutd a database: flock on the database file itself, which SQLite's own (POSIX) locks do
 * not see. Closing any descriptor of a file drops the process's POSIX locks on it, hence this one
 * is opened first and closed after the store.
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
