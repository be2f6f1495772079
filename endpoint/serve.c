// SPDX-License-Identifier: ISC
/* serve.c: see serve.h. */
#include "endpoint/serve.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "endpoint/body.h"
#include "endpoint/clock.h"
#include "endpoint/entry.h"
#include "endpoint/form.h"
#include "endpoint/register.h"

/* ---- the desk ---- */

/*
 * A thread of the desk. It answers from the site, and tells probe_site how far that is published.
 */
static void *
serve_desk(void *handle)
{
	struct desk *desk = handle;
	const struct said_reader anybody = { .said = desk->said };
	struct reply none = { 0 };
	struct job *job;

	/* read the words of the club's language now, so that the first phone need not wait */
	said_begin(&anybody, &none);
	said_end(&anybody);
	while ((job = queue_take(desk->queue)) != NULL) {
		if (job->target.route == ROUTE_READY)
			job->reply->http = files_published(desk->files, &job->change) ? 200 : 503;
		else
			files_answer(desk->files, &job->reader, &job->target, job->reply);
		queue_done(desk->queue, &job, 1);
	}
	return NULL;
}

/*
 * ---- one request, on a small stack ----
 *
 * A function with large locals that few requests need is APART: inlined, it would enlarge the stack
 * of all.
 */
#define APART	__attribute__((noinline))

/* The newest change in the site; false when it is not published, or the desk is busy. */
static bool
probe_site(struct server *server, int64_t *published)
{
	struct reply reply = { 0 };
	struct job job = { .reply = &reply, .target = { .route = ROUTE_READY } };
	bool is_still;

	queue_inside(&server->desk_queue, &is_still);
	if (is_still || queue_ask(&server->desk_queue, &job) != ST_OK)
		return false;
	*published = job.change;
	return reply.http == 200;
}

/*
 * The age of the oldest unpublished change; that of the last check when the database or the site
 * could not be asked.
 */
static int64_t
lag_age(struct server *server, bool is_known, int64_t newest, int64_t published)
{
	int64_t age_s;

	pthread_mutex_lock(&server->lag_lock);
	age_s = is_known ? health_lag(&server->lag, newest, published, clock_ms())
	    : server->lag.age_s;
	pthread_mutex_unlock(&server->lag_lock);
	return age_s;
}

/* Ask every part how it is; waits for the writer and the desk. */
static struct gauges
take_gauges(struct server *server)
{
	struct gauges gauges = { .requests_refused = http_refused(server->http),
	    .open_files = health_open_files(), .started = server->started,
	    .writer_inside = writer_inside(server->writer, NULL),
	    .desk_inside = queue_inside(&server->desk_queue, NULL),
	    .disk_free_bytes = health_room(server->db) };
	int64_t newest = 0, published = 0;

	gauges.database = writer_probe(server->writer, &newest) == ST_OK;
	gauges.site = probe_site(server, &published);
	gauges.disk = gauges.disk_free_bytes >= HEALTH_ROOM_BYTES;
	gauges.publisher_age_s = lag_age(server, gauges.database && gauges.site, newest,
	    published);
	gauges.publisher = publisher_is_alive(server->publisher) &&
	    gauges.publisher_age_s <= HEALTH_AGE_S;
	return gauges;
}

static void
answer_ready(struct server *server, struct reply *reply)
{
	struct gauges gauges = take_gauges(server);

	register_ready_reply(reply, &gauges);
}

/* For programs on this machine only; through a proxy it is not found. */
static enum status
answer_metrics(struct server *server, const struct request *request, struct reply *reply)
{
	struct gauges gauges;

	if (!http_is_local(request))
		return ST_NOT_FOUND;
	gauges = take_gauges(server);
	metrics_reply(&server->metrics, &gauges, store_sqlite_version(), reply);
	reply->is_unlogged = true;
	return ST_OK;
}

/* Read the body of a POST; a status other than ST_OK is the verdict, for entry_refuse. */
static enum status
read_post(struct job *job, struct entry *entry)
{
	enum body_kind kind;
	enum status status = body_kind(http_header(job->request, "Content-Type"), &kind);

	if (status == ST_OK)
		status = http_body(job->request);
	if (status == ST_OK)
		entry_read(entry, job, kind);
	return status;
}

static void
refuse_post(struct server *server, struct job *job, struct entry *entry, enum status status)
{
	if (status == ST_BUSY)
		atomic_fetch_add(&server->metrics.busy, 1);
	entry_refuse(entry, job, status);
}

/*
 * Ask the writer and wait; that many threads may at a time, and the others are for pages, even
 * before it is known that it stands still.
 */
static enum status
ask_writer(struct server *server, struct job *job)
{
	enum status status = ST_BUSY;

	if (atomic_fetch_add(&server->asking, 1) < WRITER_STUCK_MAX)
		status = writer_ask(server->writer, job);
	atomic_fetch_sub(&server->asking, 1);
	return status;
}

/* Read the body, then let the writer judge it. */
static void
answer_post(struct server *server, struct job *job)
{
	struct entry entry;
	enum status status = read_post(job, &entry);

	if (status == ST_OK)
		status = ask_writer(server, job);
	if (status != ST_OK)
		refuse_post(server, job, &entry, status);
	entry_answer(&entry, job);
}

/* The session of "SESSION.json"; false when the argument is not of that form. */
static bool
session_of(const struct target *target, char session[CODE_SESSION_SIZE])
{
	static const char end[] = ".json";
	size_t length = target->length < sizeof end ? 0 : target->length - (sizeof end - 1);

	if (length == 0 || length >= CODE_SESSION_SIZE ||
	    strcmp(target->argument + length, end) != 0)
		return false;
	memcpy(session, target->argument, length);
	session[length] = '\0';
	return true;
}

/*
 * The live file, from memory. If the entry is old, the writer is asked; if that is busy, the last
 * count is good enough. A run that is not near has a file, or nothing.
 */
static enum status
answer_count(struct server *server, struct job *job)
{
	const char *known = http_header(job->request, "If-None-Match");
	char session[CODE_SESSION_SIZE];

	if (!session_of(&job->target, session))
		return queue_ask(&server->desk_queue, job);
	if (live_reply(&server->live, session, known, clock_ms(), LIVE_FRESH_MS, job->reply))
		return ST_OK;
	if (ask_writer(server, job) == ST_OK && !job->is_near)
		return queue_ask(&server->desk_queue, job);
	return live_reply(&server->live, session, known, clock_ms(), INT64_MAX, job->reply) ? ST_OK
	    : queue_ask(&server->desk_queue, job);
}

/* The register for the admin. The writer, which checks the secret, comes before any complaint. */
static enum status APART
answer_admin(struct server *server, struct job *job)
{
	char why[EXPORTER_WHY_SIZE];
	struct exporter_ask ask;
	enum status read = exporter_read(job->request, job->target.route, &ask, why), status;

	job->ask = read == ST_OK ? &ask : NULL;
	status = ask_writer(server, job);
	if (status != ST_OK || job->reply->http != 0)
		return status;
	if (read == ST_OK)
		exporter_answer(server->exporter, job->request, &ask, &job->reader, job->reply);
	else
		register_refuse_why(job->reply, read, why);
	return ST_OK;
}

/* Make `job` of `request` for `target`. */
static void
begin_job(struct server *server, struct request *request, struct reply *reply,
    const struct target *target, struct job *job)
{
	*job = (struct job){ .request = request, .reply = reply, .target = *target,
	    .reader = { .said = server->said, .request = request }, .now = time(NULL) };
	if (request->query != NULL)
		form_find(request->query, "lang", job->reader.asked, sizeof job->reader.asked);
}

/* Answer `request`; returns its route, for the metrics. */
static enum route
answer_routed(struct server *server, struct request *request, struct reply *reply)
{
	struct target target;
	enum status status = route_find(request->method, request->path, &target);
	struct job job;

	begin_job(server, request, reply, &target, &job);
	if (status == ST_OK)
		switch (job.target.route) {
		case ROUTE_LIVE:
			register_live_reply(reply);
			break;
		case ROUTE_READY:
			answer_ready(server, reply);
			break;
		case ROUTE_METRICS:
			status = answer_metrics(server, request, reply);
			break;
		case ROUTE_COUNT:
			status = answer_count(server, &job);
			break;
		case ROUTE_REGISTER:
		case ROUTE_SCAN:
		case ROUTE_UNDO:
		case ROUTE_CHECK_OUT:
		case ROUTE_SUGGEST:
			answer_post(server, &job);
			break;
		case ROUTE_STATS:
		case ROUTE_VALIDATE:
			status = ask_writer(server, &job);
			break;
		case ROUTE_HISTORY:
		case ROUTE_EXPORT:
			status = answer_admin(server, &job);
			break;
		case ROUTE_CALENDAR:
		case ROUTE_CALENDAR_TODAY:
		case ROUTE_ATTENDANCE_TODAY:
		case ROUTE_QR:
		case ROUTE_FILE:
		case ROUTE_END:
			status = queue_ask(&server->desk_queue, &job);
			break;
		}
	if (status == ST_BUSY)
		atomic_fetch_add(&server->metrics.busy, 1);
	if (status != ST_OK)
		register_refuse(reply, &job.reader, status, job.target.allow, job.target.is_api);
	return job.target.route;
}

/* ---- visits ---- */

/* A POST that no thread waits for. */
struct visit {
	struct job	job;
	struct entry	entry;
	struct reply	reply;
};

/*
 * Read `request`, a POST, and leave it to the writer, or refuse it: either way it comes back
 * through server->judged.
 */
static void
start_visit(struct server *server, struct visit *visit, struct request *request)
{
	struct target target;
	enum status status;

	(void)route_find(request->method, request->path, &target);	/* it succeeded before */
	visit->reply = (struct reply){ 0 };
	begin_job(server, request, &visit->reply, &target, &visit->job);
	visit->job.back = &server->judged;
	status = read_post(&visit->job, &visit->entry);
	if (status == ST_OK)
		status = writer_leave(server->writer, &visit->job);
	if (status == ST_OK)
		return;
	refuse_post(server, &visit->job, &visit->entry, status);
	queue_return(&visit->job);
}

/* A visit has ended: the request that waits longest takes its turn. NULL: none waits. */
static struct request *
take_waiting(struct server *server)
{
	struct request *request;

	pthread_mutex_lock(&server->visits_lock);
	request = server->first;
	if (request == NULL)
		server->visits--;
	else if ((server->first = request->next) == NULL)
		server->last = &server->first;
	pthread_mutex_unlock(&server->visits_lock);
	return request;
}

/* `visit` is over: it goes to the request that waits longest, or is freed. */
static void
pass_visit_on(struct server *server, struct visit *visit)
{
	struct request *request = take_waiting(server);

	if (request != NULL)
		start_visit(server, visit, request);
	else
		free(visit);
}

/*
 * No visit has ended for a while. If the writer stands still, start one more visit than allowed:
 * the writer refuses it, and through it, one after the other, all requests that wait.
 */
static void
look_after_waiting(struct server *server)
{
	struct visit *visit;
	bool is_waiting, is_still = false;

	pthread_mutex_lock(&server->visits_lock);
	is_waiting = server->first != NULL;
	pthread_mutex_unlock(&server->visits_lock);
	if (is_waiting)			/* otherwise the writer may have ended */
		writer_inside(server->writer, &is_still);
	if (!is_still || (visit = malloc(sizeof *visit)) == NULL)
		return;
	pthread_mutex_lock(&server->visits_lock);
	server->visits++;
	pthread_mutex_unlock(&server->visits_lock);
	pass_visit_on(server, visit);
}

/* Wait for judged visits and take all of them; NULL at the end. */
static struct job *
take_judged(struct server *server)
{
	while (!queue_wait_for(&server->judged, INT64_C(1000) * QUEUE_STILL_MS))
		look_after_waiting(server);
	return queue_take_all(&server->judged);
}

/* The thread that replies: answer judged visits, and start waiting ones. */
static void *
serve_judged(void *handle)
{
	struct server *server = handle;
	struct job *job, *next;

	while ((job = take_judged(server)) != NULL)
		for (; job != NULL; job = next) {
			struct visit *visit = (struct visit *)((char *)job - offsetof(struct visit,
			    job));

			next = job->next;
			entry_answer(&visit->entry, job);
			metrics_request(&server->metrics, job->target.route, visit->reply.http);
			http_finish(job->request, &visit->reply);
			pass_visit_on(server, visit);
		}
	return NULL;
}

/* Make `request`, a POST, a visit: now, or when another one has ended. */
static enum http_now
admit_visit(struct server *server, struct request *request)
{
	struct visit *visit = NULL;
	bool is_still, is_waiting;

	writer_inside(server->writer, &is_still);
	pthread_mutex_lock(&server->visits_lock);
	is_waiting = server->visits >= SERVE_VISITS && !is_still;
	if (is_waiting) {
		request->next = NULL;
		*server->last = request;
		server->last = &request->next;
	} else if (server->visits < SERVE_VISITS && (visit = malloc(sizeof *visit)) != NULL)
		server->visits++;
	pthread_mutex_unlock(&server->visits_lock);
	if (visit != NULL)
		start_visit(server, visit, request);
	return is_waiting || visit != NULL ? HTTP_LATER : HTTP_PASSED;
}

/* ---- start and stop ---- */

enum status
serve_start(struct server *server, const char *site, bool is_reload)
{
	enum status status;
	int i;

	server->started = time(NULL);
	server->lag.age_s = -1;
	pthread_mutex_init(&server->lag_lock, NULL);
	queue_init(&server->judged, 0, 0);		/* only queue_return puts into it */
	pthread_mutex_init(&server->visits_lock, NULL);
	server->last = &server->first;
	queue_init(&server->desk_queue, HTTP_THREADS, SERVE_STUCK_MAX);
	status = queue_thread(&server->replier, serve_judged, server);
	server->has_replier = status == ST_OK;
	for (i = 0; i < SERVE_DESKS && status == ST_OK; i++) {
		struct desk *desk = &server->desks[i];

		desk->queue = &server->desk_queue;
		desk->said = server->said;
		status = files_open(site, is_reload, &desk->files);
		if (status == ST_OK)
			status = queue_thread(&desk->thread, serve_desk, desk);
		desk->has_thread = status == ST_OK;
	}
	return status;
}

void
serve_stop(struct server *server)
{
	int i;

	queue_close(&server->judged);
	queue_close(&server->desk_queue);
	if (server->has_replier)
		pthread_join(server->replier, NULL);
	for (i = 0; i < SERVE_DESKS; i++) {
		if (server->desks[i].has_thread)
			pthread_join(server->desks[i].thread, NULL);
		files_close(server->desks[i].files);
	}
	queue_clear(&server->judged);
	pthread_mutex_destroy(&server->visits_lock);
	queue_clear(&server->desk_queue);
	pthread_mutex_destroy(&server->lag_lock);
}

/* ---- for the web server ---- */

/*
 * The live file, if it is in memory. When the entry is old, one request in LIVE_FRESH_MS is passed
 * on to a thread, which has the database asked, unless the writer stands still or no thread is
 * free. The others get the entry as it is.
 */
static enum http_now
count_now(struct server *server, const struct request *request, struct reply *reply,
    const struct target *target)
{
	char session[CODE_SESSION_SIZE];
	const char *known = http_header(request, "If-None-Match");
	int64_t now_ms = clock_ms();
	bool is_still;

	if (!session_of(target, session))
		return HTTP_PASSED;
	writer_inside(server->writer, &is_still);
	if (!live_reply(&server->live, session, known, now_ms, LIVE_FRESH_MS, reply) &&
	    ((!is_still && http_has_room(server->http) &&
	    live_ask(&server->live, session, now_ms)) ||
	    !live_reply(&server->live, session, known, now_ms, INT64_MAX, reply)))
		return HTTP_PASSED;
	metrics_request(&server->metrics, target->route, reply->http);
	return HTTP_ANSWERED;
}

enum http_now
serve_answer_now(void *handle, struct request *request, struct reply *reply)
{
	struct server *server = handle;
	struct target target;

	if (route_find(request->method, request->path, &target) != ST_OK)
		return HTTP_PASSED;
	if (target.route == ROUTE_COUNT)
		return count_now(server, request, reply, &target);
	if (target.route == ROUTE_REGISTER || target.route == ROUTE_SCAN ||
	    target.route == ROUTE_UNDO || target.route == ROUTE_CHECK_OUT ||
	    target.route == ROUTE_SUGGEST)
		return admit_visit(server, request);
	return HTTP_PASSED;
}

void
serve_answer(void *handle, struct request *request, struct reply *reply)
{
	struct server *server = handle;
	enum route route = answer_routed(server, request, reply);

	metrics_request(&server->metrics, route, reply->http);
}
