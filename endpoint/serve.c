// SPDX-License-Identifier: ISC
/* serve.c: see serve.h. */
#include "endpoint/serve.h"

#include <string.h>
#include <time.h>

#include "endpoint/body.h"
#include "endpoint/register.h"

/* ---- the desk ---- */

/* Ready is asked here, where the manifest is at hand; what the writer and the publisher say came along. */
static void *
serve_desk(void *handle)
{
	struct desk *desk = handle;
	struct job *job;

	while ((job = queue_take(desk->queue)) != NULL) {
		if (job->target.route == ROUTE_READY)
			job->reply->http = files_are_there(desk->files) ? 200 : 503;
		else
			files_answer(desk->files, job->request, &job->target, job->reply);
		queue_done(desk->queue, job);
	}
	return NULL;
}

enum status
serve_start(struct server *server, const char *site, bool is_reload)
{
	enum status status = ST_OK;
	int i;

	queue_init(&server->desk_queue, HTTP_THREADS, SERVE_STUCK_MAX);
	for (i = 0; i < SERVE_DESKS && status == ST_OK; i++) {
		struct desk *desk = &server->desks[i];

		desk->queue = &server->desk_queue;
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

	queue_close(&server->desk_queue);
	for (i = 0; i < SERVE_DESKS; i++) {
		if (server->desks[i].has_thread)
			pthread_join(server->desks[i].thread, NULL);
		files_close(server->desks[i].files);
	}
	queue_clear(&server->desk_queue);
}

/* ---- one request, on a small stack ---- */

static void
answer_ready(struct server *server, struct job *job)
{
	enum status database = writer_probe(server->writer);
	bool is_site;

	if (database == ST_BUSY || queue_ask(&server->desk_queue, job) != ST_OK) {
		register_refuse(job->reply, ST_BUSY, NULL, true);
		return;
	}
	is_site = job->reply->http == 200;
	register_ready_reply(job->reply, database == ST_OK, is_site, publisher_is_alive(server->publisher));
}

/* Read the body, then let the writer answer. A form that must wait is told so on a page, as everything about a form. */
static void
answer_post(struct server *server, struct job *job)
{
	struct verdict verdict = { 0 };
	enum body_kind kind = BODY_JSON;
	enum status status = body_kind(http_header(job->request, "Content-Type"), &kind);

	if (status == ST_OK)
		status = http_body(job->request);
	if (status == ST_OK)
		status = writer_ask(server->writer, job);
	if (status == ST_OK)
		return;
	verdict.status = status;
	if (job->target.route == ROUTE_SCAN || job->target.route == ROUTE_SUGGEST)
		register_refuse(job->reply, status, NULL, true);
	else
		register_reply(job->reply, &verdict, "", kind == BODY_FORM && status == ST_BUSY ? job->request->path : NULL, job->now);
}

void
serve_answer(void *handle, struct request *request, struct reply *reply)
{
	struct server *server = handle;
	struct job job = { .request = request, .reply = reply, .now = time(NULL) };
	enum status status = route_find(request->method, request->path, &job.target);

	if (status == ST_OK)
		switch (job.target.route) {
		case ROUTE_LIVE:
			register_live_reply(reply);
			return;
		case ROUTE_READY:
			answer_ready(server, &job);
			return;
		case ROUTE_REGISTER:
		case ROUTE_SCAN:
		case ROUTE_UNDO:
		case ROUTE_CHECK_OUT:
		case ROUTE_SUGGEST:
			answer_post(server, &job);
			return;
		case ROUTE_STATS:
		case ROUTE_VALIDATE:
			status = writer_ask(server->writer, &job);
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
	if (status != ST_OK)
		register_refuse(reply, status, job.target.allow, job.target.is_api);
}
