// SPDX-License-Identifier: ISC
/*
 * http.c: http.h over civetweb 1.15; the only file that includes it.
 *
 * Debian's build has traps: each line of `options` and each check below closes one that we have
 * seen. It serves no files: there is no document root, and begin_request answers everything before
 * the library looks at paths, CORS, CGI or upgrades. It keeps no connection alive: one would hold a
 * thread, and without any, nothing can be smuggled in behind a request; a proxy's connections are
 * kept at the gate instead. TCP_DEFER_ACCEPT leaves silent connections to the kernel for a while,
 * and incomplete requests wait at the gate, so no thread waits for a request.
 */
#include "endpoint/http.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "endpoint/clock.h"
#include "endpoint/gate.h"
#include "endpoint/log.h"
#include "endpoint/reply.h"

#define DEFER_S		10	/* how long a silent connection costs no descriptor */
#define CHUNK_SIZE	16384	/* bytes of a file read at a time */
/*
 * The kernel buffers replies of up to twice as much (socket(7)), so that a client that reads slowly
 * or not at all holds no thread.
 */
#define SEND_BYTES	212992

struct http {
	struct mg_context	*context;
	http_answer_now		*answer_now;
	http_answer		*answer;
	http_listening		*listening;
	void			*handle;
	const char		*address;
	int			 port;
	struct crew		*crew;
	struct gate		*gate;
	bool			 is_open;	/* the gate is */
	atomic_int		 turns;		/* requests at the gate not yet answered */
	pthread_mutex_t		 lock;		/* over answering and is_stopping */
	pthread_cond_t		 idle;		/* answering has become 0 */
	int			 answering;	/* requests inside `answer`, or answered later */
	unsigned		 started;	/* seconds since 1970: first half of request ids */
	atomic_uint		 requests;	/* so far: the second half */
	atomic_int		 refused;
	bool			 is_stopping;
	bool			 is_kept;	/* connections stay open after an answer */
};

/* ---- the reply ---- */

/*
 * Send the file of `reply`, after its head; returns the bytes sent. If they are too few, the client
 * knows by the length in the head.
 */
static size_t
send_file(struct mg_connection *connection, struct reply *reply)
{
	/* not on the stack, where each thread would keep the memory for good */
	char *chunk = malloc(CHUNK_SIZE);
	size_t sent = 0, got;

	rewind(reply->file);
	while (chunk != NULL && sent < reply->length &&
	    (got = fread(chunk, 1, CHUNK_SIZE, reply->file)) > 0) {
		if (mg_write(connection, chunk, got) < (int)got)
			break;
		sent += got;
	}
	free(chunk);
	return sent;
}

/*
 * Send `reply`, in one write unless it is a file, and release what it has; returns the bytes of
 * body sent.
 */
static size_t
send_reply(struct mg_connection *connection, struct reply *reply, bool is_head)
{
	size_t length, body_length;
	struct reply_head head;
	char *message = reply_compose(&head, reply, is_head, false, &length, &body_length);

	/* otherwise the library would wait for the rest of a refused body */
	mg_disable_connection_keep_alive(connection);
	if (mg_write(connection, message, length) < (int)length)
		body_length = 0;			/* the client is gone */
	else if (reply->file != NULL)
		body_length = send_file(connection, reply);
	if (message != head.text)
		free(message);
	if (reply->file != NULL)
		(void)fclose(reply->file);	/* only read from */
	free(reply->body);
	reply->file = NULL;
	reply->body = NULL;
	return body_length;
}

/* Make `reply` the plain sentence of `status`. */
static void
refuse(struct reply *reply, enum status status)
{
	const struct status_info *info = status_info(status);

	reply->http = info->http;
	reply->type = "text/plain; charset=utf-8";
	reply->retry_s = status == ST_BUSY ? 2 : 0;
	reply->body = strdup(info->sentence);
	reply->length = reply->body == NULL ? 0 : strlen(reply->body);
}

static void
log_request(const struct request *request, const struct reply *reply, size_t bytes, int64_t started)
{
	char path[256];

	if (reply->is_unlogged)
		return;
	log_path(request->path, path, sizeof path);
	log_event("request=%s method=%s path=%s status=%d bytes=%zu ms=%lld", reply->id,
	    request->method, path, reply->http, bytes, (long long)(clock_ms() - started));
}

/* ---- the request ---- */

/* How often `request` has header `name`; *value is that of the last. */
static int
count_header(const struct request *request, const char *name, const char **value)
{
	const struct head_plain *plain = request->plain;
	const struct mg_request_info *info = plain == NULL
	    ? mg_get_request_info(request->connection) : NULL;
	int i, count = 0, all = plain == NULL ? info->num_headers : plain->n_fields;

	for (i = 0; i < all; i++)
		if (strcasecmp(plain == NULL ? info->http_headers[i].name : plain->fields[i].name,
		    name) == 0) {
			*value = plain == NULL ? info->http_headers[i].value
			    : plain->fields[i].value;
			count++;
		}
	return count;
}

const char *
http_header(const struct request *request, const char *name)
{
	const char *value = NULL;

	return count_header(request, name, &value) == 1 ? value : NULL;
}

void
http_address(const struct request *request, char address[HEAD_ADDRESS_SIZE])
{
	head_address(request->peer, http_header(request, "X-Real-IP"),
	    http_header(request, "X-Forwarded-For"), address);
}

bool
http_is_local(const struct request *request)
{
	static const char *const added[] = { "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Proto",
	    "X-Forwarded-Host", "Forwarded", "Via" };
	const char *value;
	size_t i;

	for (i = 0; i < sizeof added / sizeof added[0]; i++)
		if (count_header(request, added[i], &value) > 0)
			return false;
	return strcmp(request->peer, "127.0.0.1") == 0;
}

int
http_socket(const struct request *request)
{
	const struct mg_request_info *info = mg_get_request_info(request->connection);
	struct sockaddr_in peer, own;
	struct in_addr address;
	socklen_t size;
	int file;

	if (inet_pton(AF_INET, request->peer, &address) != 1)
		return -1;
	for (file = 0; file < HTTP_FILES; file++) {
		size = sizeof peer;
		if (getpeername(file, (struct sockaddr *)&peer, &size) != 0 ||
		    peer.sin_family != AF_INET || peer.sin_addr.s_addr != address.s_addr ||
		    ntohs(peer.sin_port) != info->remote_port)
			continue;
		size = sizeof own;
		if (getsockname(file, (struct sockaddr *)&own, &size) == 0 &&
		    ntohs(own.sin_port) == info->server_port)
			return file;
	}
	return -1;
}

/* ST_BAD_REQUEST or ST_NO_LENGTH unless framing and Host can be read in one way only. */
static enum status
check_head(const struct mg_request_info *info, const struct request *request)
{
	const char *value = NULL;
	int lengths;

	/* the library drops further headers silently */
	if (info->num_headers >= MG_MAX_HEADERS)
		return ST_BAD_REQUEST;
	if (info->local_uri_raw == NULL || count_header(request, "Host", &value) != 1 ||
	    !head_host_valid(value))
		return ST_BAD_REQUEST;
	lengths = count_header(request, "Content-Length", &value);
	if (count_header(request, "Transfer-Encoding", &value) > 0)
		return lengths > 0 ? ST_BAD_REQUEST : ST_NO_LENGTH;
	return lengths > 1 ? ST_BAD_REQUEST : ST_OK;
}

enum status
http_body(struct request *request)
{
	const char *text = http_header(request, "Content-Length");
	size_t length;
	enum status status;

	if (text == NULL)
		return ST_NO_LENGTH;
	status = head_body_length(text, &length);
	if (status != ST_OK)
		return status;
	if (http_header(request, "Content-Encoding") != NULL)
		return ST_BAD_TYPE;
	if (request->plain != NULL) {
		request->body = request->plain->body;
		request->body_length = length;
		return ST_OK;
	}
	request->body = malloc(length + 1);
	if (request->body == NULL)
		return ST_FAULT;
	while (request->body_length < length) {
		int got = mg_read(request->connection, request->body + request->body_length,
		    length - request->body_length);

		if (got <= 0)
			return ST_TIMED_OUT;
		request->body_length += (size_t)got;
	}
	request->body[length] = '\0';
	return ST_OK;
}

/* Count one more request being answered; false when the server is about to stop. */
static bool
enter(struct http *http)
{
	bool may;

	pthread_mutex_lock(&http->lock);
	may = !http->is_stopping;
	if (may)
		http->answering++;
	pthread_mutex_unlock(&http->lock);
	return may;
}

static void
leave(struct http *http)
{
	pthread_mutex_lock(&http->lock);
	if (--http->answering == 0)
		pthread_cond_broadcast(&http->idle);
	pthread_mutex_unlock(&http->lock);
}

/* Give the request its id. */
static void
count_in(struct http *http, struct reply *reply)
{
	snprintf(reply->id, sizeof reply->id, "%x-%u", http->started,
	    atomic_fetch_add(&http->requests, 1) + 1);
}

/* The library has read a head. Never returns 0, after which it would look for files. */
static int
on_request(struct mg_connection *connection)
{
	const struct mg_request_info *info = mg_get_request_info(connection);
	struct http *http = info->user_data;
	struct request request = { .connection = connection, .method = info->request_method,
	    .path = info->local_uri_raw == NULL ? "-" : info->local_uri_raw,
	    .query = info->query_string, .peer = info->remote_addr };
	struct reply reply = { 0 };
	int64_t started = clock_ms();
	enum status status = check_head(info, &request);
	bool is_in = enter(http);
	size_t bytes;

	count_in(http, &reply);
	if (!is_in)
		refuse(&reply, ST_BUSY);
	else if (status != ST_OK) {
		atomic_fetch_add(&http->refused, 1);
		refuse(&reply, status);
	} else
		http->answer(http->handle, &request, &reply);
	bytes = send_reply(connection, &reply, strcmp(request.method, "HEAD") == 0);
	free(request.body);
	log_request(&request, &reply, bytes, started);
	if (is_in)
		leave(http);
	return reply.http;
}

/* ---- at the gate ---- */

/* A request at the gate, from its arrival to its reply. */
struct turn {
	struct http		*http;
	struct request		 request;
	struct head_plain	 plain;
	struct gate_caller	 caller;
	size_t			 length;	/* bytes of the request */
	int64_t			 started;	/* monotonic, milliseconds */
	char			 peer[HEAD_ADDRESS_SIZE];
	char			 bytes[];	/* the request, and a NUL */
};

/*
 * Take the `length` bytes that came on `socket`, and send `reply` in one piece without waiting for
 * the client: a connection with nothing else in flight has room for it. Releases what the reply
 * has. False when the client is gone; otherwise *body_length bytes of body were sent.
 */
static bool
send_now(int socket, size_t length, struct reply *reply, bool is_kept, size_t *body_length)
{
	char taken[HEAD_PLAIN_MAX];
	struct reply_head head;
	size_t all;
	char *message = reply_compose(&head, reply, false, is_kept, &all, body_length);
	bool is_sent;

	/* closing a socket with unread bytes would reset the connection */
	(void)recv(socket, taken, length < sizeof taken ? length : sizeof taken, MSG_DONTWAIT);
	is_sent = send(socket, message, all, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)all;
	if (message != head.text)
		free(message);
	free(reply->body);
	return is_sent;
}

static void
send_turn(struct turn *turn, struct reply *reply)
{
	bool is_kept = turn->caller.place >= 0 && !turn->plain.is_last, is_sent;
	size_t body_length;

	count_in(turn->http, reply);
	is_sent = send_now(turn->caller.socket, turn->length, reply, is_kept, &body_length);
	log_request(&turn->request, reply, is_sent ? body_length : 0, turn->started);
	gate_end(turn->http->gate, &turn->caller, is_sent && is_kept);
}

void
http_finish(struct request *request, struct reply *reply)
{
	struct turn *turn = (struct turn *)((char *)request - offsetof(struct turn, request));
	struct http *http = turn->http;

	send_turn(turn, reply);
	free(turn);
	atomic_fetch_sub(&http->turns, 1);
	leave(http);
}

/* Read the request into `turn`; false when it is for the library. */
static bool
read_turn(struct http *http, const char *bytes, size_t length, struct turn *turn)
{
	memcpy(turn->bytes, bytes, length);
	if (!head_plain(turn->bytes, length, &turn->plain))
		return false;
	if (turn->plain.body != NULL && atomic_load(&http->turns) >= HTTP_TURNS)
		return false;
	turn->http = http;
	turn->length = length;
	turn->request = (struct request){ .method = turn->plain.method, .path = turn->plain.path,
	    .query = turn->plain.query, .plain = &turn->plain, .peer = turn->peer };
	turn->started = clock_ms();
	return true;
}

/* The gate_answer. */
static bool
on_gate(void *handle, const char *bytes, size_t length, const struct sockaddr_in *peer,
    const struct gate_caller *caller)
{
	struct http *http = handle;
	struct turn *turn = malloc(sizeof *turn + length + 1);
	enum http_now now = HTTP_PASSED;
	struct reply reply = { 0 };

	if (turn != NULL && read_turn(http, bytes, length, turn) && enter(http)) {
		inet_ntop(AF_INET, &peer->sin_addr, turn->peer, sizeof turn->peer);
		turn->caller = *caller;
		atomic_fetch_add(&http->turns, 1);
		now = http->answer_now(http->handle, &turn->request, &reply);
		if (now == HTTP_LATER)
			return true;		/* `turn` may already be freed */
		if (now == HTTP_ANSWERED)
			send_turn(turn, &reply);
		atomic_fetch_sub(&http->turns, 1);
		leave(http);
	}
	free(turn);
	return now == HTTP_ANSWERED;
}

/* The gate_refuse. */
static void
on_full(void *handle, int socket)
{
	const struct request request = { .method = "-", .path = "-" };
	struct reply reply = { 0 };
	int64_t started = clock_ms();
	size_t bytes;

	count_in(handle, &reply);
	refuse(&reply, ST_BUSY);
	if (!send_now(socket, HEAD_PLAIN_MAX, &reply, false, &bytes))
		bytes = 0;
	log_request(&request, &reply, bytes, started);
}

/*
 * The library refuses a request by itself (unreadable, head too long or too slow). Do so in our
 * words, with our headers.
 */
static int
on_error(struct mg_connection *connection, int http, const char *message)
{
	struct request request = { .connection = connection, .method = "-", .path = "-",
	    .peer = "" };
	struct http *http_of = mg_get_user_data(mg_get_context(connection));
	struct reply reply = { 0 };
	int64_t started = clock_ms();
	size_t bytes;

	(void)message;		/* it may quote the request */
	count_in(http_of, &reply);
	atomic_fetch_add(&http_of->refused, 1);
	refuse(&reply, ST_BAD_REQUEST);
	reply.http = http;
	bytes = send_reply(connection, &reply, false);
	log_request(&request, &reply, bytes, started);
	return 0;
}

/* The library has something to say. What it quotes, in brackets, may be of a request. */
static int
on_message(const struct mg_connection *connection, const char *message)
{
	(void)connection;
	log_event("event=http message=\"%.*s\"", (int)strcspn(message, "["), message);
	return 1;
}

/* A worker has taken a connection. */
static int
on_connection(const struct mg_connection *connection, void **data)
{
	struct http *http = mg_get_user_data(mg_get_context(connection));

	(void)data;
	gate_taken(http->gate);
	crew_enter(http->crew);
	return 0;
}

static void
on_close(const struct mg_connection *connection)
{
	struct http *http = mg_get_user_data(mg_get_context(connection));

	crew_leave(http->crew);
}

/* ---- start and stop ---- */

/* The library's listening socket, which it does not tell: the one on our port. -1 for none. */
static int
find_listener(int port)
{
	int file, is_listening;
	socklen_t size;
	struct sockaddr_in address;

	for (file = 0; file < HTTP_FILES; file++) {
		size = sizeof is_listening;
		if (getsockopt(file, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) != 0 ||
		    !is_listening)
			continue;
		size = sizeof address;
		if (getsockname(file, (struct sockaddr *)&address, &size) == 0 &&
		    address.sin_family == AF_INET && ntohs(address.sin_port) == port)
			return file;
	}
	return -1;
}

/*
 * Raise the limit of open files to HTTP_FILES; false when that is not allowed. With fewer, the
 * connections could leave none for the next accept, which the library's loop then repeats without a
 * pause. With HTTP_FILES its queue is full first, and further connections are refused.
 */
static bool
raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return false;
	if (limit.rlim_cur >= HTTP_FILES)
		return true;
	limit.rlim_cur = HTTP_FILES;
	return limit.rlim_max >= HTTP_FILES && setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* The library listens and has no thread yet. */
static void
on_context(const struct mg_context *context)
{
	struct http *http = mg_get_user_data(context);
	struct mg_server_port ports[2];
	int defer_s = DEFER_S, at_once = 1, bytes = SEND_BYTES, front;

	if (mg_get_server_ports(context, 2, ports) != 1)
		return;
	http->port = ports[0].port;
	front = find_listener(http->port);
	/* a failure only means more work for the gate */
	setsockopt(front, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer_s, sizeof defer_s);
	/* connections inherit it; the library would set it on each */
	setsockopt(front, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
	setsockopt(front, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	http->is_open = gate_open(front, http->is_kept, HTTP_QUEUE, on_gate, on_full, http,
	    &http->gate) == ST_OK;
	if (http->is_open)
		http->listening(http->address, http->port);
}

enum status
http_start(const char *address, int port, bool is_kept, http_listening *listening,
    http_answer_now *answer_now, http_answer *answer, void *handle, struct http **started)
{
	char listen[64], threads[16], queue[16], head[16];
	const char *options[] = {
		"listening_ports", listen, "num_threads", threads, "listen_backlog", "4096",
		"connection_queue", queue, "enable_keep_alive", "no", "request_timeout_ms", "5000",
		"max_request_size", head, "decode_url", "no", "enable_directory_listing", "no",
		"enable_auth_domain_check", "no", "cgi_pattern", "", "ssi_pattern", "",
		"access_control_allow_origin", "", "access_control_allow_methods", "",
		"access_control_allow_headers", "", NULL,
	};
	struct mg_callbacks callbacks = { .begin_request = on_request, .http_error = on_error,
	    .log_message = on_message, .init_context = on_context,
	    .init_connection = on_connection, .connection_close = on_close };
	struct http *http = calloc(1, sizeof *http);

	*started = http;
	if (http == NULL)
		return ST_FAULT;
	http->answer_now = answer_now;
	http->answer = answer;
	http->listening = listening;
	http->address = address;
	http->is_kept = is_kept;
	http->handle = handle;
	http->started = (unsigned)time(NULL);
	pthread_mutex_init(&http->lock, NULL);
	pthread_cond_init(&http->idle, NULL);
	if (!raise_file_limit())
		return ST_REFUSED;
	snprintf(queue, sizeof queue, "%d", HTTP_QUEUE);
	snprintf(listen, sizeof listen, "%s:%d", address, port);
	snprintf(threads, sizeof threads, "%d", HTTP_THREADS);
	snprintf(head, sizeof head, "%d", HEAD_BYTES_MAX);
	mg_init_library(MG_FEATURES_DEFAULT);
	http->crew = crew_begin();
	if (http->crew != NULL)
		http->context = mg_start(&callbacks, http, options);
	crew_end();
	return http->context != NULL && http->is_open ? ST_OK : ST_FAULT;
}

void
http_stop(struct http *http, int wait_ms)
{
	const struct timespec until = clock_after(INT64_C(1000) * wait_ms);

	if (http == NULL)
		return;
	if (http->context != NULL) {
		pthread_mutex_lock(&http->lock);
		http->is_stopping = true;
		while (http->answering > 0)
			if (pthread_cond_clockwait(&http->idle, &http->lock, CLOCK_MONOTONIC,
			    &until) != 0)
				break;
		pthread_mutex_unlock(&http->lock);
		/* wakes the thread that accepts, which looks for the stop every 2 s only */
		gate_shut(http->gate);
		mg_stop(http->context);
	}
	pthread_mutex_lock(&http->lock);
	while (http->answering > 0)	/* those answered later; the library's are done */
		pthread_cond_wait(&http->idle, &http->lock);
	pthread_mutex_unlock(&http->lock);
	crew_close(http->crew);
	gate_close(http->gate);
	mg_exit_library();
	pthread_cond_destroy(&http->idle);
	pthread_mutex_destroy(&http->lock);
	free(http);
}

bool
http_has_room(struct http *http)
{
	return gate_has_room(http->gate);
}

int
http_refused(struct http *http)
{
	return http == NULL ? 0 : atomic_load(&http->refused);
}

const char *
http_version(void)
{
	return mg_version();
}
