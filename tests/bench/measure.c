// SPDX-License-Identifier: ISC
/*
 * measure.c: measures for tests/bench/generator, and SQLite alone for endpoint.mjs. Figures go to
 * standard output, or to the end of FILE; on a failure it says so and exits with 1.
 *
 *   measure run FILE COMMAND …            one line to FILE: wall ms, CPU ms, peak memory in kB of
 *                                         COMMAND; exits as it does
 *   measure write SITE FOLDER             read SITE/public and SITE/private, then write the same
 *                                         into the new FOLDER: ms of the writing alone, files,
 *                                         bytes
 *   measure watch DB SQL SITE N COMMAND …  start COMMAND (turnout watch), and change DB N times
 *                                          by the statement in the file SQL: one line each, ms
 *                                          from the return of the commit to the last rename in
 *                                          SITE, and files renamed
 *   measure qr COUNT TEXT                 CPU ms for an image, bytes, CPU ms of the encoding alone
 *   measure commit DB COUNT               a check-in of SQLite alone, in the new file DB: find the
 *                                         run, insert a row under a unique name, count the rows,
 *                                         commit with TRUNCATE and FULL; median ms of COUNT
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <qrencode.h>
#include <signal.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gen/qr.h"

#define IDLE_MS		120	/* a watch that neither ran nor renamed for so long is done */
#define STEP_MS		10	/* how often we look */
#define PATIENCE_MS	60000	/* a watch that is not done by then never will be */

extern char **environ;

static pid_t	watched;	/* ends with us */

static double
clock_now_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double
now_ms(void)
{
	return clock_now_ms(CLOCK_MONOTONIC);
}

static _Noreturn void __attribute__((format(printf, 1, 2)))
die(const char *format, ...)
{
	va_list list;

	fputs("measure: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	if (watched > 0)
		kill(watched, SIGTERM);
	exit(1);
}

static pid_t
start(char **command)
{
	pid_t pid;
	int error = posix_spawnp(&pid, command[0], NULL, NULL, command, environ);

	if (error != 0)
		die("%s cannot be started: %s.", command[0], strerror(error));
	return pid;
}

/* ---- run ---- */

static double
cpu_ms(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e3
	    + (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e3;
}

static int
run(const char *path, char **command)
{
	struct rusage usage;
	double since = now_ms();
	pid_t pid = start(command);
	int result;
	FILE *file;

	if (wait4(pid, &result, 0, &usage) != pid)
		die("%s was lost: %s.", command[0], strerror(errno));
	since = now_ms() - since;
	file = fopen(path, "a");
	if (file == NULL || fprintf(file, "%.3f %.3f %ld\n", since, cpu_ms(&usage),
	    usage.ru_maxrss) < 0 || fclose(file) != 0)
		die("%s cannot be written: %s.", path, strerror(errno));
	return WIFEXITED(result) ? WEXITSTATUS(result) : 1;
}

/* ---- write ---- */

/* What a site is made of, in the order it was walked. A folder has no data. */
struct entry {
	char	*path;		/* below the site */
	char	*data;
	size_t	 length;
};

static struct entry	*entries;
static size_t		 entries_length, entries_size, site_length;

static char *
read_file(const char *path, size_t length)
{
	char *data = malloc(length + 1);
	FILE *file = fopen(path, "r");

	if (data == NULL || file == NULL || fread(data, 1, length, file) != length ||
	    fclose(file) != 0)
		die("%s cannot be read.", path);
	data[length] = '\0';
	return data;
}

static int
take_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)walk;
	if (kind != FTW_F && kind != FTW_D)
		return 0;
	if (entries_length == entries_size) {
		entries_size = entries_size * 2 + 1024;
		entries = realloc(entries, entries_size * sizeof *entries);
		if (entries == NULL)
			die("There is no memory left.");
	}
	entries[entries_length++] = (struct entry){ .path = strdup(path + site_length),
	    .length = (size_t)info->st_size,
	    .data = kind == FTW_F ? read_file(path, (size_t)info->st_size) : NULL };
	return 0;
}

static void
walk_site(const char *site, const char *part,
    int (*take)(const char *, const struct stat *, int, struct FTW *))
{
	char path[4096];

	site_length = strlen(site);
	snprintf(path, sizeof path, "%s/%s", site, part);
	if (nftw(path, take, 64, FTW_PHYS) != 0)
		die("%s cannot be walked: %s.", path, strerror(errno));
}

static void
write_entry(int folder, const struct entry *entry)
{
	const char *path = entry->path + 1;
	int file;

	if (entry->data == NULL) {
		if (mkdirat(folder, path, 0755) != 0)
			die("%s cannot be made: %s.", path, strerror(errno));
		return;
	}
	file = openat(folder, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (file < 0 || write(file, entry->data, entry->length) != (ssize_t)entry->length ||
	    close(file) != 0)
		die("%s cannot be written: %s.", path, strerror(errno));
}

static int
write_site(const char *site, const char *target)
{
	size_t i, files = 0, bytes = 0;
	double since;
	int folder;

	walk_site(site, "public", take_entry);
	walk_site(site, "private", take_entry);
	if (mkdir(target, 0755) != 0 ||
	    (folder = open(target, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0)
		die("%s cannot be made: %s.", target, strerror(errno));
	since = now_ms();
	for (i = 0; i < entries_length; i++)
		write_entry(folder, &entries[i]);
	since = now_ms() - since;
	for (i = 0; i < entries_length; i++)
		if (entries[i].data != NULL) {
			files++;
			bytes += entries[i].length;
		}
	printf("%.3f %zu %zu\n", since, files, bytes);
	return 0;
}

/* ---- watch ---- */

static int	notify;

static int
watch_folder(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)walk;
	if (kind == FTW_D && inotify_add_watch(notify, path, IN_MOVED_TO | IN_CLOSE_WRITE) < 0)
		die("%s cannot be watched: %s. Is fs.inotify.max_user_watches used up?", path,
		    strerror(errno));
	return 0;
}

/*
 * The first number in /proc/PID/task/TASK/schedstat: nanoseconds on a processor. False while the
 * task runs or wants to.
 */
static bool
look_at_task(pid_t pid, const char *task, unsigned long long *ns)
{
	char path[320], line[512], *behind_name;
	unsigned long long spent = 0;
	FILE *file;
	bool is_asleep = false;

	snprintf(path, sizeof path, "/proc/%d/task/%s/stat", (int)pid, task);
	file = fopen(path, "r");
	if (file != NULL && fgets(line, sizeof line, file) != NULL &&
	    (behind_name = strrchr(line, ')')) != NULL)
		is_asleep = behind_name[2] == 'S';
	if (file != NULL)
		fclose(file);
	snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", (int)pid, task);
	file = fopen(path, "r");
	if (file == NULL || fscanf(file, "%llu", &spent) != 1)
		is_asleep = false;
	if (file != NULL)
		fclose(file);
	*ns += spent;
	return is_asleep;
}

/* What all threads of the process have spent; 0 while one of them is awake. */
static unsigned long long
spent_asleep(pid_t pid)
{
	char path[64];
	struct dirent *entry;
	unsigned long long ns = 0;
	bool is_asleep = true;
	DIR *folder;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	folder = opendir(path);
	if (folder == NULL || waitpid(pid, NULL, WNOHANG) != 0)
		die("the watch has ended.");
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			is_asleep &= look_at_task(pid, entry->d_name, &ns);
	closedir(folder);
	return is_asleep ? ns : 0;
}

/* Files of one check-in: a name is counted once. */
struct seen {
	struct {
		int	folder;
		char	name[256];
	}	files[64];
	int	count;
	double	last;		/* when the newest was renamed */
};

static void
take_events(struct seen *seen)
{
	char block[65536] __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	ssize_t length, at;
	int i;

	while ((length = read(notify, block, sizeof block)) > 0) {
		seen->last = now_ms();
		for (at = 0; at < length; at += (ssize_t)(sizeof *event + event->len)) {
			event = (const struct inotify_event *)(const void *)(block + at);
			for (i = 0; i < seen->count; i++)
				if (seen->files[i].folder == event->wd &&
				    strcmp(seen->files[i].name, event->name) == 0)
					break;
			if (i < seen->count ||
			    i == (int)(sizeof seen->files / sizeof seen->files[0]))
				continue;
			seen->files[i].folder = event->wd;
			snprintf(seen->files[i].name, sizeof seen->files[i].name, "%s",
			    event->len > 0 ? event->name : "");
			seen->count++;
		}
	}
}

/* Take what is renamed until the watch has been asleep for a while. */
static void
wait_idle(pid_t pid, struct seen *seen)
{
	struct pollfd poll_notify = { .fd = notify, .events = POLLIN };
	double began = now_ms(), quiet = began;
	unsigned long long spent = 0, before = 0;

	while (now_ms() - quiet < IDLE_MS) {
		if (now_ms() - began > PATIENCE_MS)
			die("the watch does not come to rest.");
		if (poll(&poll_notify, 1, STEP_MS) > 0) {
			take_events(seen);
			quiet = now_ms();
		}
		spent = spent_asleep(pid);
		if (spent == 0 || spent != before)
			quiet = now_ms();
		before = spent;
	}
}

static sqlite3_stmt *
prepare_change(const char *db, const char *path)
{
	struct stat info;
	sqlite3 *connection;
	sqlite3_stmt *statement = NULL;

	if (stat(path, &info) != 0)
		die("%s is not there.", path);
	if (sqlite3_open_v2(db, &connection, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK
	    || sqlite3_busy_timeout(connection, 5000) != SQLITE_OK
	    || sqlite3_exec(connection, "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL",
	    NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(connection, read_file(path, (size_t)info.st_size), -1, &statement,
	    NULL) != SQLITE_OK)
		die("%s: %s.", db, sqlite3_errmsg(connection));
	return statement;
}

static int
watch(const char *db, const char *sql, const char *site, int count, char **command)
{
	sqlite3_stmt *change = prepare_change(db, sql);
	struct seen seen = { 0 };
	double committed;
	int i, result;

	notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	walk_site(site, "public", watch_folder);
	walk_site(site, "private", watch_folder);
	watched = start(command);
	wait_idle(watched, &seen);
	for (i = 0; i < count; i++) {
		seen.count = 0;
		result = sqlite3_step(change);
		committed = now_ms();
		if (result != SQLITE_DONE || sqlite3_changes(sqlite3_db_handle(change)) != 1)
			die("nobody could check in: %s.",
			    sqlite3_errmsg(sqlite3_db_handle(change)));
		sqlite3_reset(change);
		wait_idle(watched, &seen);
		if (seen.count == 0)
			die("the watch renamed nothing after a check-in.");
		printf("%.3f %d\n", seen.last - committed, seen.count);
	}
	kill(watched, SIGTERM);
	return waitpid(watched, &result, 0) == watched && WIFEXITED(result) ? WEXITSTATUS(result)
	    : 1;
}

/* ---- qr ---- */

static int
draw(int count, const char *text)
{
	struct buffer image = { 0 };
	double began = clock_now_ms(CLOCK_PROCESS_CPUTIME_ID), drawn, encoded;
	int i;

	for (i = 0; i < count; i++) {
		image.length = 0;
		if (!qr_png(text, &image))
			die("the image cannot be made.");
	}
	drawn = clock_now_ms(CLOCK_PROCESS_CPUTIME_ID);
	for (i = 0; i < count; i++)
		QRcode_free(QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1));
	encoded = clock_now_ms(CLOCK_PROCESS_CPUTIME_ID);
	printf("%.4f %zu %.4f\n", (drawn - began) / count, image.length, (encoded - drawn) / count);
	buffer_clear(&image);
	return 0;
}

/* ---- a check-in of SQLite alone ---- */

static int
by_size(const void *a, const void *b)
{
	const double *first = a, *second = b;

	return (*first > *second) - (*first < *second);
}

static int
commit(const char *path, int count)
{
	static const char begin[] = "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL;"
	    "CREATE TABLE run (id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE); INSERT INTO "
	    "run VALUES (1, 'token');CREATE TABLE attendance (id INTEGER PRIMARY KEY, run_id "
	    "INTEGER NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (run_id, name));";
	static const char *const steps[] = { "BEGIN IMMEDIATE",
	"SELECT id FROM run WHERE token = 'token'",
	    "INSERT INTO attendance (run_id, name, at) VALUES (1, 'Runner ' || (SELECT count(*) "
	    "FROM attendance), 1)", "SELECT count(*) FROM attendance WHERE run_id = 1", "COMMIT" };
	sqlite3_stmt *statements[sizeof steps / sizeof steps[0]];
	double *ms = calloc((size_t)count, sizeof *ms);
	sqlite3 *db;
	size_t s;
	int i;

	if (ms == NULL || sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, begin, NULL, NULL, NULL) != SQLITE_OK)
		die("%s cannot be made.", path);
	for (s = 0; s < sizeof steps / sizeof steps[0]; s++)
		if (sqlite3_prepare_v2(db, steps[s], -1, &statements[s], NULL) != SQLITE_OK)
			die("%s: %s.", steps[s], sqlite3_errmsg(db));
	for (i = 0; i < count; i++) {
		double began = now_ms();

		for (s = 0; s < sizeof steps / sizeof steps[0]; s++) {
			while (sqlite3_step(statements[s]) == SQLITE_ROW)
				;
			if (sqlite3_reset(statements[s]) != SQLITE_OK)
				die("%s: %s.", steps[s], sqlite3_errmsg(db));
		}
		ms[i] = now_ms() - began;
	}
	qsort(ms, (size_t)count, sizeof *ms, by_size);
	printf("%.4f\n", ms[count / 2]);
	for (s = 0; s < sizeof steps / sizeof steps[0]; s++)
		sqlite3_finalize(statements[s]);
	sqlite3_close(db);
	free(ms);
	return 0;
}

int
main(int count, char **words)
{
	const char *what = count > 1 ? words[1] : "";

	if (strcmp(what, "run") == 0 && count > 3)
		return run(words[2], words + 3);
	if (strcmp(what, "write") == 0 && count == 4)
		return write_site(words[2], words[3]);
	if (strcmp(what, "watch") == 0 && count > 6)
		return watch(words[2], words[3], words[4], atoi(words[5]), words + 6);
	if (strcmp(what, "qr") == 0 && count == 4)
		return draw(atoi(words[2]), words[3]);
	if (strcmp(what, "commit") == 0 && count == 4 && atoi(words[3]) > 0)
		return commit(words[2], atoi(words[3]));
	die("run, write, watch, qr or commit; the head of tests/bench/measure.c says how.");
}
