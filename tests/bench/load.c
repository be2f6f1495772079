// SPDX-License-Identifier: ISC
/*
 * load.c: a crowd of phones in one thread that waits for every reply: nothing is sent twice, and
 * nothing is left out of the figures.
 *
 *   load [options] ADDRESS:PORT            IPv4; check-ins with -t, otherwise GET
 *     -n N        requests in all (1000)
 *     -c N        phones, each with one request at a time (100); -n 1000 -c 1000 is everybody at
 *                 once
 *     -k          keep connections; otherwise a new one for each request. Those that the server
 *                 closes are opened again, and counted
 *     -d S        begin no more requests after S seconds
 *     -t TOKEN    check in with this code: each POST has a name, a nonce and a claim of its own
 *     -m MARK     distinguishes the names of this run from those of others (the process id)
 *     -p PATH     (/api/register)
 *     -H HEADER   one more line of the head
 *     -e MS       each phone asks every MS milliseconds, evenly spread; one that is still waiting
 *                 then is counted as `behind`, and asks at its next turn
 *     -w S        how long a reply may take; later it counts as lost (60)
 *     -s N        first open N sockets that say nothing, and hold them until the end
 *     -S HOW      what these do: quiet; byte: send one byte and no more; renew: open again at once
 *                 what the server closes
 *     -a S        how long they wait before the phones come: if longer than TCP_DEFER_ACCEPT, the
 *                 kernel has let them in (0)
 *   load first TOKEN COMMAND …             start COMMAND, which prints "listening on
 *                                          http://ADDRESS:PORT", check in once, end it: ms from
 *                                          fork() to the reply, which must be a 201
 *
 * The time of a request runs from connect(), or on a kept connection from its first byte, to the
 * last byte of the reply. Prints one line of JSON: sent, ok (2xx), by_status, lost (no complete
 * reply: refused, reset, cut off, too late), behind, rate (replies a second), p50_ms, p99_ms,
 * max_ms (of the replies), last_ms (from the first connect() to the last reply), reopened (kept
 * connections), syn_retries and retransmits (the kernel's count for our own connections), silent
 * (silent sockets that were open at the end) and silent_reopened. Exits with 0 when every request
 * had a reply, whatever its status; otherwise with 1, and with 2 when it cannot measure at all.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REPLY_MAX	65536	/* bytes of a reply; ours have about one thousand */
#define HEAD_MAX	4096
#define STATUS_MAX	600
#define EVENTS		1024

enum silent_how { SILENT_QUIET, SILENT_BYTE, SILENT_RENEW };
enum phone_state { PHONE_IDLE, PHONE_CONNECTING, PHONE_SENDING, PHONE_READING };

struct options {
	struct sockaddr_in	 address;
	const char		*host;		/* as in the command, for the Host line */
	const char		*token, *path, *header;
	char			 mark[40];
	long			 requests, phones, silent;
	double			 most_s, every_ms, patience_s, silent_s;
	enum silent_how		 how;
	bool			 is_kept;
};

struct phone {
	int			 fd;		/* -1 for none; a kept one may be open while idle */
	enum phone_state	 state;
	double			 began_ms;
	size_t			 out_length, out_done, in_length;
	char			 out[1024];
	char			 in[HEAD_MAX];	/* the head; of the body only the length counts */
	size_t			 head_length;	/* 0 until it is there */
	long			 body_length;	/* -1: until the server closes */
	int			 status;
	bool			 will_close;
};

struct load {
	struct options		 is;
	int			 epoll;
	struct phone		*phones;
	int			*silent;
	double			*took_ms;	/* of each reply */
	long			 sent, replies, ok, lost, behind, open;
	long			 by_status[STATUS_MAX];
	long			 reopened, syn_retries, retransmits, silent_reopened;
	double			 first_ms, last_ms;
};

static _Noreturn void __attribute__((format(printf, 1, 2)))
die(const char *format, ...)
{
	va_list arguments;

	fputs("load: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(2);
}

static double
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void *
need(size_t count, size_t size)
{
	void *memory = calloc(count > 0 ? count : 1, size);

	if (memory == NULL)
		die("no memory");
	return memory;
}

/* ---- sockets ---- */

static void
watch(struct load *load, int fd, int operation, uint32_t events, int64_t who)
{
	struct epoll_event event = { .events = events, .data.u64 = (uint64_t)who };

	if (epoll_ctl(load->epoll, operation, fd, &event) != 0)
		die("epoll_ctl: %s", strerror(errno));
}

/* Begin to connect: a socket that does not block, -1 when it was refused at once. */
static int
begin_connect(const struct options *is)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0)
		die("socket: %s", strerror(errno));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(fd, (const struct sockaddr *)&is->address, sizeof is->address) == 0 ||
	    errno == EINPROGRESS)
		return fd;
	if (errno == EADDRNOTAVAIL)
		die("no local port is free: fewer requests, or wait a minute");
	close(fd);
	return -1;
}

/* What the kernel had to send again on this connection so far. */
static long
sent_again(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t size = sizeof info;

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0
	    ? (long)info.tcpi_total_retrans : 0;
}

static void
hang_up(struct load *load, struct phone *phone)
{
	if (phone->fd < 0)
		return;
	load->retransmits += sent_again(phone->fd);
	if (phone->state == PHONE_CONNECTING)
		load->syn_retries += sent_again(phone->fd);
	close(phone->fd);
	phone->fd = -1;
}

/* ---- a request ---- */

static void
write_request(struct load *load, struct phone *phone)
{
	const struct options *is = &load->is;
	const char *connection = is->is_kept ? "keep-alive" : "close";
	char body[400];
	int length = 0, total;

	if (is->token != NULL)
		length = snprintf(body, sizeof body,
		    "{\"token\":\"%s\",\"runner_name\":\"Runner "
		    "%s-%ld\",\"nonce\":\"%s-%ld\",\"claim\":\"phone-%s-%ld\"}",
		    is->token, is->mark, load->sent, is->mark, load->sent, is->mark, load->sent);
	else
		body[0] = '\0';
	if (is->token != NULL)
		total = snprintf(phone->out, sizeof phone->out,
		    "POST %s HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\nContent-Type: "
		    "application/json\r\n%s%sContent-Length: %d\r\n\r\n%s", is->path, is->host,
		    connection, is->header, is->header[0] != '\0' ? "\r\n" : "", length, body);
	else
		total = snprintf(phone->out, sizeof phone->out,
		"GET %s HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\n%s%s\r\n", is->path, is->host,
		    connection, is->header, is->header[0] != '\0' ? "\r\n" : "");
	if (length >= (int)sizeof body || total >= (int)sizeof phone->out)
		die("the request is too long");
	phone->out_length = (size_t)total;
	phone->out_done = phone->in_length = phone->head_length = 0;
	phone->body_length = -1;
	phone->status = 0;
	phone->will_close = false;
}

static void
lose(struct load *load, struct phone *phone)
{
	hang_up(load, phone);
	phone->state = PHONE_IDLE;
	load->lost++;
	load->open--;
}

static void
begin(struct load *load, struct phone *phone)
{
	phone->began_ms = now_ms();
	if (load->sent == 0)
		load->first_ms = phone->began_ms;
	write_request(load, phone);
	load->sent++;
	load->open++;
	phone->state = phone->fd < 0 ? PHONE_CONNECTING : PHONE_SENDING;
	if (phone->fd < 0) {
		phone->fd = begin_connect(&load->is);
		if (phone->fd < 0) {
			lose(load, phone);
			return;
		}
		watch(load, phone->fd, EPOLL_CTL_ADD, EPOLLOUT, phone - load->phones);
	} else
		watch(load, phone->fd, EPOLL_CTL_MOD, EPOLLOUT, phone - load->phones);
}

static void
finish(struct load *load, struct phone *phone)
{
	load->last_ms = now_ms();
	load->took_ms[load->replies++] = load->last_ms - phone->began_ms;
	load->by_status[phone->status]++;
	if (phone->status / 100 == 2)
		load->ok++;
	load->open--;
	phone->state = PHONE_IDLE;
	if (!load->is.is_kept)
		hang_up(load, phone);
	else if (phone->will_close) {
		load->reopened++;
		hang_up(load, phone);
	}
}

/* The value of a line of the head, NULL when it is not there. The head is a string. */
static const char *
head_line(const char *head, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, length) == 0 && line[length] == ':')
			return line + length + 1 + strspn(line + length + 1, " \t");
	}
	return NULL;
}

/* Understand the head once it is whole; false for what is no reply. */
static bool
read_head(struct phone *phone)
{
	char *end = memmem(phone->in, phone->in_length, "\r\n\r\n", 4);
	const char *value;

	if (end == NULL)
		return phone->in_length < sizeof phone->in;
	end[2] = '\0';
	phone->head_length = (size_t)(end - phone->in) + 4;
	if (strncmp(phone->in, "HTTP/1.", 7) != 0)
		return false;
	phone->status = atoi(phone->in + 9);
	if (phone->status < 200 || phone->status >= STATUS_MAX)
		return false;
	if (head_line(phone->in, "Transfer-Encoding") != NULL)
		die("a chunked reply: load does not read those");
	value = head_line(phone->in, "Content-Length");
	phone->body_length = phone->status == 304 || phone->status == 204 ? 0 : value != NULL
	    ? atol(value) : -1;
	value = head_line(phone->in, "Connection");
	phone->will_close = phone->body_length < 0 ||
	    (value != NULL ? strncasecmp(value, "close", 5) == 0 : phone->in[7] == '0');
	return true;
}

/* Read what there is. The body is counted, not kept. */
static void
receive(struct load *load, struct phone *phone)
{
	static char body[REPLY_MAX];
	ssize_t got;

	do {
		if (phone->head_length == 0)
			got = recv(phone->fd, phone->in + phone->in_length,
			    sizeof phone->in - phone->in_length, 0);
		else
			got = recv(phone->fd, body, sizeof body, 0);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (got < 0 || (got == 0 && (phone->head_length == 0 || phone->body_length >= 0))) {
			lose(load, phone);
			return;
		}
		phone->in_length += (size_t)got;
		if (phone->head_length == 0 && !read_head(phone)) {
			lose(load, phone);
			return;
		}
		if (phone->head_length > 0 && (phone->body_length < 0 ? got == 0 :
		    phone->in_length >= phone->head_length + (size_t)phone->body_length)) {
			finish(load, phone);
			return;
		}
	} while (true);
}

static void
send_request(struct load *load, struct phone *phone)
{
	ssize_t sent = send(phone->fd, phone->out + phone->out_done,
	    phone->out_length - phone->out_done, MSG_NOSIGNAL);

	if (sent < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (sent < 0) {
		lose(load, phone);
		return;
	}
	phone->out_done += (size_t)sent;
	if (phone->out_done < phone->out_length)
		return;
	phone->state = PHONE_READING;
	watch(load, phone->fd, EPOLL_CTL_MOD, EPOLLIN, phone - load->phones);
}

static void
proceed(struct load *load, struct phone *phone)
{
	int error = 0;
	socklen_t size = sizeof error;

	switch (phone->state) {
	case PHONE_IDLE:	/* a kept connection that the server ends between two requests */
		load->reopened++;
		hang_up(load, phone);
		break;
	case PHONE_CONNECTING:
		if (getsockopt(phone->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) {
			lose(load, phone);
			break;
		}
		load->syn_retries += sent_again(phone->fd);
		phone->state = PHONE_SENDING;
		send_request(load, phone);
		break;
	case PHONE_SENDING:
		send_request(load, phone);
		break;
	case PHONE_READING:
		receive(load, phone);
		break;
	}
}

/* ---- silent sockets: who = -1 - their number ---- */

static void
open_silent(struct load *load, long i)
{
	load->silent[i] = begin_connect(&load->is);
	if (load->silent[i] >= 0)
		watch(load, load->silent[i], EPOLL_CTL_ADD,
		    EPOLLIN | (load->is.how == SILENT_BYTE ? EPOLLOUT : 0U), -1 - i);
}

static void
silent_event(struct load *load, long i, uint32_t events)
{
	char bytes[REPLY_MAX];
	ssize_t got;

	if ((events & EPOLLOUT) != 0 && (events & (EPOLLERR | EPOLLHUP)) == 0) {
		if (send(load->silent[i], "P", 1, MSG_NOSIGNAL) == 1)
			watch(load, load->silent[i], EPOLL_CTL_MOD, EPOLLIN, -1 - i);
		return;
	}
	got = recv(load->silent[i], bytes, sizeof bytes, 0);
	if (got > 0 || (got < 0 && errno == EAGAIN))
		return;
	close(load->silent[i]);
	load->silent[i] = -1;
	if (load->is.how != SILENT_RENEW)
		return;
	load->silent_reopened++;
	open_silent(load, i);
}

/* ---- the crowd ---- */

static void
turn(struct load *load, int wait_ms)
{
	static struct epoll_event events[EVENTS];
	int count = epoll_wait(load->epoll, events, EVENTS, wait_ms);

	if (count < 0 && errno != EINTR)
		die("epoll_wait: %s", strerror(errno));
	for (int i = 0; i < count; i++) {
		int64_t who = (int64_t)events[i].data.u64;

		if (who < 0)
			silent_event(load, -1 - who, events[i].events);
		else
			proceed(load, &load->phones[who]);
	}
}

static void
stand_silent(struct load *load)
{
	double end_ms;

	load->silent = need((size_t)load->is.silent, sizeof *load->silent);
	for (long i = 0; i < load->is.silent; i++)
		open_silent(load, i);
	end_ms = now_ms() + load->is.silent_s * 1e3;
	do
		turn(load, load->is.silent_s > 0 ? 20 : 0);
	while (now_ms() < end_ms);
}

/* Who waited longer than anybody should, seen once in a while. */
static void
lose_late(struct load *load)
{
	static double seen_ms;
	double now = now_ms();

	if (now - seen_ms < 200)
		return;
	seen_ms = now;
	for (long i = 0; i < load->is.phones; i++)
		if (load->phones[i].state != PHONE_IDLE &&
		    now - load->phones[i].began_ms > load->is.patience_s * 1e3)
			lose(load, &load->phones[i]);
}

static void
run_closed(struct load *load)
{
	const struct options *is = &load->is;
	double end_ms = is->most_s > 0 ? now_ms() + is->most_s * 1e3 : 0;
	bool is_going = true;

	while (is_going || load->open > 0) {
		for (long i = 0; i < is->phones && is_going; i++) {
			is_going = load->sent < is->requests && (end_ms <= 0 || now_ms() < end_ms);
			if (is_going && load->phones[i].state == PHONE_IDLE)
				begin(load, &load->phones[i]);
		}
		turn(load, 100);
		lose_late(load);
	}
}

/*
 * Request `k` is due k-th of the spread: all phones have the same period, so that they take turns
 * for ever.
 */
static void
run_paced(struct load *load)
{
	const struct options *is = &load->is;
	double start_ms = now_ms(), step_ms = is->every_ms / (double)is->phones;
	long due = 0;
	bool is_going = true;

	while (is_going || load->open > 0) {
		double due_ms = start_ms + (double)due * step_ms, wait_ms;

		is_going = load->sent + load->behind < is->requests &&
		    (is->most_s <= 0 || due_ms < start_ms + is->most_s * 1e3);
		wait_ms = is_going ? due_ms - now_ms() : 100;
		if (is_going && wait_ms <= 0) {
			struct phone *phone = &load->phones[due++ % is->phones];

			if (phone->state == PHONE_IDLE)
				begin(load, phone);
			else
				load->behind++;
			turn(load, 0);
		} else
			turn(load, (int)wait_ms + 1);
		lose_late(load);
	}
}

/* ---- figures ---- */

static int
compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

/* The smallest time that at least `part` of the replies did not exceed. */
static double
quantile(const struct load *load, double part)
{
	long at = (long)(part * (double)load->replies + 0.999999);

	return load->replies == 0 ? 0
	    : load->took_ms[at < 1 ? 0 : at > load->replies ? load->replies - 1 : at - 1];
}

static void
print(struct load *load)
{
	double span_ms = load->last_ms - load->first_ms;
	const char *comma = "";
	long standing = 0;

	qsort(load->took_ms, (size_t)load->replies, sizeof *load->took_ms, compare);
	for (long i = 0; i < load->is.silent; i++)
		standing += load->silent[i] >= 0;
	printf("{\"sent\":%ld,\"ok\":%ld,\"by_status\":{", load->sent, load->ok);
	for (int i = 0; i < STATUS_MAX; i++)
		if (load->by_status[i] > 0) {
			printf("%s\"%d\":%ld", comma, i, load->by_status[i]);
			comma = ",";
		}
	printf("},\"lost\":%ld,\"behind\":%ld,\"rate\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"last_ms\":%.3f,"
	    "\"reopened\":%ld,\"syn_retries\":%ld,\"retransmits\":%ld,\"silent\":%ld,\"silent_reopened\":%ld}\n",
	    load->lost, load->behind, load->replies > 0 ? (double)load->replies * 1e3 / span_ms : 0,
	    quantile(load, 0.5), quantile(load, 0.99), quantile(load, 1),
	    load->replies > 0 ? span_ms : 0, load->reopened, load->syn_retries,
	    load->retransmits, standing, load->silent_reopened);
}

/* ---- the command ---- */

static void
read_address(const char *text, struct options *is)
{
	char host[INET_ADDRSTRLEN];
	const char *colon = strrchr(text, ':');
	long port = colon != NULL ? strtol(colon + 1, NULL, 10) : 0;

	if (colon == NULL || (size_t)(colon - text) >= sizeof host || port <= 0 || port > 65535)
		die("%s is no ADDRESS:PORT", text);
	memcpy(host, text, (size_t)(colon - text));
	host[colon - text] = '\0';
	is->host = text;
	is->address = (struct sockaddr_in){ .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port) };
	if (inet_pton(AF_INET, host, &is->address.sin_addr) != 1)
		die("%s is no IPv4 address", host);
}

/* A number of at least `least`. */
static double
number(const char *text, double least)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end != '\0' || !(value >= least && value <= 1e8))
		die("%s is no number that fits here", text);
	return value;
}

static enum silent_how
read_how(const char *text)
{
	static const char *const names[] = { [SILENT_QUIET] = "quiet",
	    [SILENT_BYTE] = "byte", [SILENT_RENEW] = "renew" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(text, names[i]) == 0)
			return (enum silent_how)i;
	die("-S %s: quiet, byte and renew are known", text);
}

static void
read_options(int count, char **words, struct options *is)
{
	int option;

	*is = (struct options){ .path = "/api/register", .header = "", .requests = 1000,
	    .phones = 100, .patience_s = 60 };
	snprintf(is->mark, sizeof is->mark, "%ld", (long)getpid());
	while ((option = getopt(count, words, "n:c:kd:t:m:p:H:e:w:s:S:a:")) != -1)
		switch (option) {
		case 'n': is->requests = (long)number(optarg, 1); break;
		case 'c': is->phones = (long)number(optarg, 1); break;
		case 'k': is->is_kept = true; break;
		case 'd': is->most_s = number(optarg, 0.001); break;
		case 't': is->token = optarg; break;
		case 'm': snprintf(is->mark, sizeof is->mark, "%s", optarg); break;
		case 'p': is->path = optarg; break;
		case 'H': is->header = optarg; break;
		case 'e': is->every_ms = number(optarg, 1); break;
		case 'w': is->patience_s = number(optarg, 0.1); break;
		case 's': is->silent = (long)number(optarg, 0); break;
		case 'S': is->how = read_how(optarg); break;
		case 'a': is->silent_s = number(optarg, 0); break;
		default: die("usage: load [options] ADDRESS:PORT; the head of load.c says more");
		}
	if (optind + 1 != count)
		die("usage: load [options] ADDRESS:PORT; the head of load.c says more");
	read_address(words[optind], is);
}

/* As many files as the phones and the silent sockets want. */
static void
raise_files(const struct options *is)
{
	struct rlimit limit;
	rlim_t wanted = (rlim_t)(is->phones + is->silent + 64);

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted;
	if (limit.rlim_max < wanted)
		limit.rlim_max = wanted;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		die("%ld sockets are not allowed here: raise `ulimit -n`", is->phones + is->silent);
}

static void
run_load(struct load *load)
{
	raise_files(&load->is);
	load->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (load->epoll < 0)
		die("epoll_create1: %s", strerror(errno));
	load->phones = need((size_t)load->is.phones, sizeof *load->phones);
	load->took_ms = need((size_t)load->is.requests, sizeof *load->took_ms);
	for (long i = 0; i < load->is.phones; i++)
		load->phones[i].fd = -1;
	if (load->is.silent > 0)
		stand_silent(load);
	if (load->is.every_ms > 0)
		run_paced(load);
	else
		run_closed(load);
	for (long i = 0; i < load->is.phones; i++)
		hang_up(load, &load->phones[i]);
}

/* ---- the first answer of a server ---- */

static pid_t
spawn_server(char **command, FILE **said)
{
	int pipes[2];
	pid_t child;

	if (pipe2(pipes, O_CLOEXEC) != 0 || (child = fork()) < 0)
		die("cannot start %s: %s", command[0], strerror(errno));
	if (child == 0) {
		dup2(pipes[1], STDOUT_FILENO);
		execvp(command[0], command);
		_exit(127);
	}
	close(pipes[1]);
	*said = fdopen(pipes[0], "r");
	if (*said == NULL)
		die("no memory");
	return child;
}

static int
run_first(const char *token, char **command)
{
	static const char greeting[] = "listening on http://";
	struct load load = { .is = { .path = "/api/register", .header = "", .requests = 1,
	    .phones = 1, .patience_s = 60, .token = token } };
	double began_ms = now_ms();
	FILE *said;
	pid_t child = spawn_server(command, &said);
	char line[200];

	if (fgets(line, sizeof line, said) == NULL ||
	    strncmp(line, greeting, strlen(greeting)) != 0) {
		kill(child, SIGTERM);
		die("%s did not say where it listens", command[0]);
	}
	line[strcspn(line, "\n")] = '\0';
	read_address(line + strlen(greeting), &load.is);
	snprintf(load.is.mark, sizeof load.is.mark, "first%ld", (long)getpid());
	run_load(&load);
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	fclose(said);
	if (load.by_status[201] != 1)
		die("the first check-in was not answered with 201");
	printf("%.3f\n", load.last_ms - began_ms);
	return 0;
}

int
main(int count, char **words)
{
	struct load load = { 0 };

	if (count > 3 && strcmp(words[1], "first") == 0)
		return run_first(words[2], words + 3);
	read_options(count, words, &load.is);
	run_load(&load);
	print(&load);
	if (fflush(stdout) != 0)
		die("standard output: %s", strerror(errno));
	return load.lost > 0;
}
