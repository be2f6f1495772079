// SPDX-License-Identifier: ISC
/*
 * main.c: `turnoutd`: options, signals, and the order in which its parts start and stop.
 *
 * They start in the order database, pages, network, publisher; the publisher is last because it
 * would take processor time from the first phones. They stop so that every request taken is
 * answered. A thread makes sure that the process ends within STOP_MAX_S.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/code.h"
#include "endpoint/http.h"
#include "endpoint/log.h"
#include "endpoint/serve.h"

/* freed memory that malloc keeps: a commit frees its journal, and the next needs as much */
#define KEEP_BYTES	(16 * 1024 * 1024)
#define STOP_MAX_S	10	/* from the signal to the end of the process */
#define DRAIN_MS	5000	/* of that, for requests being answered */

struct options {
	const char	*db;
	const char	*site;
	const char	*target;	/* for `turnout watch --to`; NULL: none */
	char		 address[INET_ADDRSTRLEN];
	int		 port;
	bool		 is_watching;
	bool		 is_reload;
	bool		 is_kept;
};

static const char help[] =
    "Examples:\n"
    "  turnoutd                                   db/turnout.db and site/ on 127.0.0.1:8010\n"
    "  turnoutd --db club.db --site /srv/www --listen 127.0.0.1:0\n"
    "\n"
    "Usage: turnoutd [--db FILE] [--site DIR] [--listen ADDRESS:PORT] [--no-watch | --to TARGET]\n"
    "                [--keep-alive] [--reload]\n"
    "\n"
    "Takes check-ins, serves the generated pages and keeps `turnout watch` running.\n"
    "\n"
    "  --db FILE              database (TURNOUT_DB, or db/turnout.db)\n"
    "  --site DIR             generated site (site)\n"
    "  --listen ADDRESS:PORT  IPv4 address and port, 0 for any (127.0.0.1:8010)\n"
    "  --no-watch             start no `turnout watch`: somebody else runs it\n"
    "  --to TARGET            send what it publishes there, as by `turnout publish --to`\n"
    "  --keep-alive           keep connections after a check-in or a count: for a proxy on this machine alone\n"
    "  --reload               let open pages reload themselves: for `turnout watch --serve`\n"
    "  --help, --version      this text; the version\n";

/* "127.0.0.1:8010" into address and port, strictly. */
static bool
read_listen(const char *text, struct options *options)
{
	const char *colon = strrchr(text, ':');
	struct in_addr address;
	size_t digits;

	if (colon == NULL || (size_t)(colon - text) >= sizeof options->address)
		return false;
	memcpy(options->address, text, (size_t)(colon - text));
	options->address[colon - text] = '\0';
	digits = strspn(colon + 1, "0123456789");
	if (digits == 0 || digits > 5 || colon[1 + digits] != '\0')
		return false;
	options->port = atoi(colon + 1);
	return options->port <= 65535 && inet_pton(AF_INET, options->address, &address) == 1;
}

/* False: the process is to end, with *exit_code. */
static bool
read_options(int count, char **words, struct options *options, int *exit_code)
{
	static const struct option known[] = {
		{ "db", required_argument, NULL, 'd' }, { "site", required_argument, NULL, 's' },
		{ "listen", required_argument, NULL, 'l' }, { "no-watch", no_argument, NULL, 'n' },
		{ "to", required_argument, NULL, 't' }, { "reload", no_argument, NULL, 'r' },
		{ "keep-alive", no_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*exit_code = status_info(ST_USAGE)->exit;
	while ((option = getopt_long(count, words, "h", known, NULL)) != -1)
		switch (option) {
		case 'd':
			options->db = optarg;
			break;
		case 's':
			options->site = optarg;
			break;
		case 'n':
			options->is_watching = false;
			break;
		case 't':
			options->target = optarg;
			break;
		case 'r':
			options->is_reload = true;
			break;
		case 'k':
			options->is_kept = true;
			break;
		case 'l':
			if (read_listen(optarg, options))
				break;
			fprintf(stderr, "turnoutd: --listen %s is not an IPv4 address and port. "
			    "Nothing was started. Try --listen 127.0.0.1:8010.\n", optarg);
			return false;
		case 'h':
		case 'v':
			*exit_code = fputs(option == 'h' ? help : "turnoutd " TURNOUT_VERSION "\n",
			    stdout) < 0 || fflush(stdout) != 0;
			return false;
		default:
			fputs("turnoutd: Nothing was started. `turnoutd --help` lists the "
			    "options.\n", stderr);
			return false;
		}
	if (optind == count && (options->target == NULL || options->is_watching))
		return true;
	if (optind == count)
		fputs("turnoutd: --to is for the `turnout watch` that --no-watch leaves out. "
		    "Nothing was started. Give --to to the one that somebody else runs.\n", stderr);
	else
		fprintf(stderr, "turnoutd: \"%s\" is not an option. Nothing was started. "
		    "`turnoutd --help` lists them.\n", words[optind]);
	return false;
}

/* ---- signals ---- */

/* The signals that stop the process; they are blocked, and taken by sigwait. */
static sigset_t
stop_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	return set;
}

/*
 * Runs from the first signal on. A second signal, or STOP_MAX_S, ends the process as it is.
 */
static void *
end_in_time(void *handle)
{
	sigset_t set = stop_signals();
	struct timespec wait = { .tv_sec = STOP_MAX_S };
	int number;

	(void)handle;
	do
		number = sigtimedwait(&set, NULL, &wait);
	while (number < 0 && errno == EINTR);		/* a debugger, a leak checker */
	log_event("event=stop_forced message=\"Ended before everything was answered; what was "
	    "acknowledged is stored.\"");
	_exit(number > 0 ? 128 + number : 1);
}

static void
wait_for_stop(void)
{
	sigset_t set = stop_signals();
	pthread_t watchdog;
	int number = 0;

	while (sigwait(&set, &number) != 0)
		;
	log_event("event=stopping signal=%d", number);
	if (pthread_create(&watchdog, NULL, end_in_time, NULL) == 0)
		pthread_detach(watchdog);
}

/* ---- start and stop ---- */

static int
report(enum status status, const char *why)
{
	fprintf(stderr, "%s\n", why);
	return status_info(status)->exit;
}

/*
 * The http_listening. It is called before the library starts its threads.
 */
static void
say_address(const char *address, int port)
{
	if (printf("listening on http://%s:%d\n", address, port) > 0)
		(void)fflush(stdout);		/* begin_listening asks ferror */
}

/* Listen, and print the address. Returns 0, or the exit code after a sentence. */
static int
begin_listening(const struct options *options, struct server *server)
{
	enum status status = http_start(options->address, options->port, options->is_kept,
	    say_address, serve_answer_now, serve_answer, server, &server->http);

	if (status == ST_REFUSED) {
		fprintf(stderr, "turnoutd: It needs a limit of %d open files. Nothing was started. "
		    "Raise `ulimit -n`, or LimitNOFILE= in its unit.\n", HTTP_FILES);
		return status_info(ST_FAULT)->exit;
	}
	if (status != ST_OK) {
		fprintf(stderr, "turnoutd: %s:%d cannot be used. Nothing was started. Is "
		    "it in use? Try another --listen.\n", options->address, options->port);
		return status_info(ST_LOCKED)->exit;
	}
	if (ferror(stdout))
		return report(ST_FAULT,
		    "turnoutd: The address cannot be written to standard output. Nothing goes on.");
	return 0;
}

/* Start what answers, beside the writer that runs. Returns 0, or the exit code after a sentence. */
static int
start_parts(const struct options *options, struct server *server)
{
	enum status status = serve_start(server, options->site, options->is_reload);
	int exit_code;

	if (status == ST_OK)
		status = exporter_open(options->db, &server->exporter);
	if (status == ST_OK && options->is_watching)
		status = publisher_prepare(options->db, options->site, options->target,
		    &server->publisher);
	if (status != ST_OK)
		return report(status,
		    "turnoutd: There is no memory or no thread left. Nothing was started.");
	exit_code = begin_listening(options, server);
	if (exit_code == 0 && server->publisher != NULL &&
	    publisher_start(server->publisher) != ST_OK)
		exit_code = report(ST_FAULT,
		    "turnoutd: There is no thread left for the publisher. Nothing goes on.");
	return exit_code;
}

/* The reverse of start_parts, wherever that stopped; the writer ends too. */
static void
stop_parts(struct server *server)
{
	exporter_stop(server->exporter);
	http_stop(server->http, DRAIN_MS);
	exporter_close(server->exporter);
	writer_stop(server->writer);		/* its last visits go to the thread that replies */
	serve_stop(server);
	publisher_stop(server->publisher);
	live_clear(&server->live);
	said_close(server->said);
}

/* Serve until a signal comes. Returns the exit code. */
static int
run(const struct options *options)
{
	struct server server = { .db = options->db };
	enum status status;
	int exit_code;

	live_init(&server.live);
	if (said_open(options->site, &server.said) != ST_OK) {
		said_close(server.said);
		return report(ST_FAULT, "turnoutd: There is no memory left. Nothing was started.");
	}
	status = writer_start(options->db, &server.metrics, &server.live, server.said,
	    &server.writer);
	if (status != ST_OK) {
		fprintf(stderr, "turnoutd: %s is not served. Nothing was started. ", options->db);
		exit_code = report(status, writer_why(server.writer));
		writer_stop(server.writer);
		said_close(server.said);
		return exit_code;
	}
	exit_code = start_parts(options, &server);
	if (exit_code == 0)
		wait_for_stop();
	stop_parts(&server);
	return exit_code;
}

int
main(int count, char **words)
{
	struct options options = { .db = getenv("TURNOUT_DB"), .site = "site",
	    .address = "127.0.0.1", .port = 8010, .is_watching = true };
	sigset_t set = stop_signals();
	int exit_code;

	if (options.db == NULL || options.db[0] == '\0')
		options.db = "db/turnout.db";
	if (!read_options(count, words, &options, &exit_code))
		return exit_code;
	/* whoever ignores it and starts us would have the kernel forget how our children end */
	if (signal(SIGCHLD, SIG_DFL) == SIG_ERR || pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
		return report(ST_FAULT, "turnoutd: Signals cannot be set up. Nothing was started.");
	mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
	/* threads allocate little; more arenas would cost memory, and time at the start */
	mallopt(M_ARENA_MAX, 2);
	if (code_init() != ST_OK)
		return report(ST_FAULT, "turnoutd: libsodium cannot be used. Nothing was started.");
	log_event("event=start version=%s sqlite=%s civetweb=%s", TURNOUT_VERSION,
	    store_sqlite_version(), http_version());
	if (strncmp(options.address, "127.", 4) != 0)
		log_event("event=warning message=\"%s can be reached from outside. Put nginx or "
		    "Caddy in front.\"", options.address);
	exit_code = run(&options);
	log_event("event=end exit=%d", exit_code);
	return exit_code;
}
