// SPDX-License-Identifier: ISC
/*
 * test_redo.c: what was secured but not committed is entered by whoever writes or reads next: once,
 * in order and completely; and where that is impossible, a person is told.
 *
 * A writer that dies is a child process that ends without closing anything.
 */
#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/unit/scratch.h"

#include "db/redo.h"

/* What rename does in this program: in other moments than these, its work. */
static struct {
	bool		 is_broken;
	const char	*database;	/* to be looked at: does anybody hold its lock then? */
	bool		 was_locked;
} renaming;

/* Has this process begun to write? Asked by a child, as to close the file would end the lock. */
static bool
is_reserved(const char *path)
{
	/* the byte that SQLite locks for that (its file format, "Reserved_Byte") */
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000001,
	    .l_len = 1 };
	pid_t child = fork();
	int how, file;

	if (child == 0) {
		file = open(path, O_RDWR | O_CLOEXEC);
		_exit(file < 0 || fcntl(file, F_GETLK, &lock) != 0 ? 2
		    : lock.l_type == F_UNLCK ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFEXITED(how) && WEXITSTATUS(how) < 2);
	return WEXITSTATUS(how) == 1;
}

int
rename(const char *from, const char *to)
{
	if (renaming.database != NULL)
		renaming.was_locked = is_reserved(renaming.database);
	if (!renaming.is_broken)
		return renameat(AT_FDCWD, from, AT_FDCWD, to);
	errno = EACCES;
	return -1;
}

/* How many times as long as it is told to does this process sleep, as on a busy machine? */
static int sleeps = 1;

int
nanosleep(const struct timespec *wanted, struct timespec *left)
{
	const int64_t all_ns = sleeps * (wanted->tv_sec * INT64_C(1000000000) + wanted->tv_nsec);
	const struct timespec longer = { .tv_sec = all_ns / 1000000000,
	    .tv_nsec = all_ns % 1000000000 };

	return clock_nanosleep(CLOCK_MONOTONIC, 0, &longer, left);
}

/* The file system of SQLite, but for journals that cannot be opened while is_broken. */
static struct {
	sqlite3_vfs	 base, *system;
	bool		 is_broken;
} journals;

static int
open_unless_broken(sqlite3_vfs *base, const char *name, sqlite3_file *file, int flags, int *given)
{
	(void)base;
	file->pMethods = NULL;
	return journals.is_broken && (flags & SQLITE_OPEN_MAIN_JOURNAL) ? SQLITE_CANTOPEN
	    : journals.system->xOpen(journals.system, name, file, flags, given);
}

static int
journals_init(void **state)
{
	(void)state;
	journals.system = sqlite3_vfs_find(NULL);
	journals.base = *journals.system;
	journals.base.zName = "test";
	journals.base.xOpen = open_unless_broken;
	return sqlite3_vfs_register(&journals.base, 1);
}

struct scene {
	struct scratch	 scratch;
	char		 session[CODE_SESSION_SIZE];
};

static void
scene_open(struct scene *scene)
{
	struct store *store;
	struct run run;

	scratch_init(&scene->scratch);
	store = scratch_store(&scene->scratch, "club.db");
	assert_int_equal(store_run(store, scratch_run(store, scratch_group(store, "Tuesday"),
	    "2026-11-20", "18:30", ""), &run), ST_OK);
	memcpy(scene->session, run.session, sizeof scene->session);
	store_close(store);
}

/* Paths live for a while only. */
static const char *
database(struct scene *scene)
{
	return scratch_path(&scene->scratch, "club.db");
}

static const char *
redo_file(struct scene *scene)
{
	return scratch_path(&scene->scratch, "club.db-redo");
}

static struct store *
open_store(struct scene *scene, enum store_mode mode)
{
	struct store *store;
	enum status status = store_open(database(scene), mode, &store);

	if (status != ST_OK)
		fail_msg("%s", store_why(store));
	return store;
}

static enum status
attend(struct scene *scene, struct store *store, const char *name)
{
	struct attempt attempt = { .now = SCRATCH_NOW };
	struct verdict verdict;
	enum status status;

	snprintf(attempt.session, sizeof attempt.session, "%s", scene->session);
	snprintf(attempt.name, sizeof attempt.name, "%s", name);
	status = store_attend(store, &attempt, &verdict);
	return status == ST_OK ? verdict.status : status;
}

/* A writer secures these, one by one in one transaction, and dies. */
static void
die_after(struct scene *scene, const char *const *names, int count)
{
	pid_t child = fork();
	int i, how;

	if (child == 0) {
		struct store *store = open_store(scene, STORE_WRITE);

		if (store_begin_secure(store) != ST_OK)
			_exit(1);
		for (i = 0; i < count; i++)
			if (attend(scene, store, names[i]) != ST_OK ||
			    store_secure(store) != ST_OK)
				_exit(2);
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_int_equal(how, 0);
}

static int64_t
number(struct store *store, const char *sql)
{
	int64_t found = -1;

	assert_int_equal(driver_number(store_driver(store), sql, &found), ST_OK);
	return found;
}

/* How many came, by a reader; and the database is whole. */
static int64_t
count(struct scene *scene)
{
	struct store *store = open_store(scene, STORE_READ);
	int64_t found = number(store, "SELECT count(*) FROM event");

	assert_int_equal(number(store, "SELECT count(*) FROM attendance"), found);
	assert_int_equal(store_check(store), ST_OK);
	store_close(store);
	return found;
}

static void
write_log(struct scene *scene, struct buffer *log, size_t length)
{
	int file = open(redo_file(scene), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(file >= 0);
	assert_int_equal(write(file, buffer_text(log), length), length);
	assert_int_equal(close(file), 0);
}

/* Is there a byte in the log that is not zero? */
static bool
has_log(struct scene *scene)
{
	struct buffer content = { 0 };
	bool has = false;
	size_t i;

	if (!file_read(redo_file(scene), &content))
		return false;
	for (i = 0; i < content.length; i++)
		has = has || buffer_text(&content)[i] != '\0';
	buffer_clear(&content);
	return has;
}

/* More than SQLite's file system writes or reads in one go, in one record and in several. */
static void
a_crowd_is_entered_as_well(void **state)
{
	enum { CROWD = 500, RECORDS = 3 };
	struct scene scene;
	struct stat info;
	pid_t child;
	int how, i;

	(void)state;
	scene_open(&scene);
	child = fork();
	if (child == 0) {
		struct store *store = open_store(&scene, STORE_WRITE);
		char name[32];

		if (store_begin_secure(store) != ST_OK)
			_exit(1);
		for (i = 1; i <= CROWD * RECORDS; i++) {
			snprintf(name, sizeof name, "Runner %d", i);
			if (attend(&scene, store, name) != ST_OK ||
			    (i % CROWD == 0 && store_secure(store) != ST_OK))
				_exit(2);
		}
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_int_equal(how, 0);
	assert_int_equal(stat(redo_file(&scene), &info), 0);
	assert_true(info.st_size > RECORDS * 128 * 1024);
	assert_int_equal(count(&scene), CROWD * RECORDS);
	scratch_clear(&scene.scratch);
}

static const char *const people[] = { "Ada Lovelace", "Grace O'Hopper", "Łukasz — \"№ 3\"",
	"Alan Kay" };

static void
a_reader_enters_what_a_dead_writer_secured(void **state)
{
	struct scene scene;
	struct store *store;

	(void)state;
	scene_open(&scene);
	die_after(&scene, people, 3);
	assert_true(has_log(&scene));
	assert_int_equal(count(&scene), 3);
	assert_false(has_log(&scene));
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(attend(&scene, store, people[2]), ST_ALREADY);
	assert_int_equal(number(store,
	    "SELECT count(*) FROM person WHERE name = 'Łukasz — \"№ 3\"'"), 1);
	assert_int_equal(attend(&scene, store, "Alan Turing"), ST_OK);
	store_close(store);
	assert_int_equal(count(&scene), 4);
	scratch_clear(&scene.scratch);
}

/* The commit took them, and the zeros did not reach the disk: they are not entered again. */
static void
what_was_committed_is_not_entered_again(void **state)
{
	struct buffer log = { 0 };
	struct scene scene;
	struct store *store;

	(void)state;
	scene_open(&scene);
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_begin_secure(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[0]), ST_OK);
	assert_int_equal(store_secure(store), ST_OK);
	assert_true(file_read(redo_file(&scene), &log));
	assert_int_equal(attend(&scene, store, people[1]), ST_OK);
	assert_int_equal(store_commit(store), ST_OK);
	assert_false(has_log(&scene));		/* a name that is forgotten is not kept here */
	store_close(store);
	assert_int_not_equal(access(redo_file(&scene), F_OK), 0);

	write_log(&scene, &log, log.length);
	assert_true(has_log(&scene));
	assert_int_equal(count(&scene), 2);
	assert_false(has_log(&scene));
	buffer_clear(&log);
	scratch_clear(&scene.scratch);
}

/* It was committed, but perhaps not to the disk: until it is there, the log stays. */
static void
what_was_committed_is_on_the_disk_first(void **state)
{
	struct buffer log = { 0 }, after = { 0 };
	struct scene scene;
	struct store *store, *next;
	int64_t id;

	(void)state;
	scene_open(&scene);
	next = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_group_add(next, "Track", false, SCRATCH_NOW, &id), ST_OK);
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_begin_secure(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[0]), ST_OK);
	assert_int_equal(store_secure(store), ST_OK);
	assert_true(file_read(redo_file(&scene), &log));
	assert_int_equal(store_commit(store), ST_OK);
	store_close(store);
	write_log(&scene, &log, log.length);
	journals.is_broken = true;
	assert_int_not_equal(store_begin(next), ST_OK);
	journals.is_broken = false;
	assert_true(file_read(redo_file(&scene), &after));
	assert_int_equal(after.length, log.length);
	assert_memory_equal(buffer_text(&after), buffer_text(&log), log.length);
	assert_int_equal(store_begin(next), ST_OK);
	assert_false(has_log(&scene));
	assert_int_equal(store_commit(next), ST_OK);
	store_close(next);
	assert_int_equal(count(&scene), 1);
	buffer_clear(&log);
	buffer_clear(&after);
	scratch_clear(&scene.scratch);
}

/* Nor does one statement by itself, of whoever was open before, get in front of them. */
static void
nobody_writes_before_they_are_in(void **state)
{
	struct scene scene;
	struct store *store;
	int64_t id;

	(void)state;
	scene_open(&scene);
	store = open_store(&scene, STORE_WRITE);
	die_after(&scene, people, 3);
	assert_int_equal(store_group_add(store, "Track", false, SCRATCH_NOW, &id), ST_OK);
	assert_int_equal(number(store, "SELECT count(*) FROM event"), 3);
	assert_false(has_log(&scene));
	die_after(&scene, &people[3], 1);
	assert_int_equal(store_positions_prune(store, SCRATCH_NOW), ST_OK);
	store_close(store);
	assert_int_equal(count(&scene), 4);
	scratch_clear(&scene.scratch);
}

/* A commit that fails, or a fault of another in the batch: what was secured comes back. */
static void
what_is_taken_back_is_entered_again(void **state)
{
	struct scene scene;
	struct store *store;

	(void)state;
	scene_open(&scene);
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_begin_secure(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[0]), ST_OK);
	assert_int_equal(store_secure(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[1]), ST_OK);
	store_rollback(store);
	assert_true(store_owes(store));
	assert_int_equal(store_begin(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[0]), ST_ALREADY);
	assert_int_equal(attend(&scene, store, people[2]), ST_OK);
	assert_int_equal(store_commit(store), ST_OK);
	assert_false(store_owes(store));
	store_close(store);
	assert_int_equal(count(&scene), 2);
	scratch_clear(&scene.scratch);
}

/* The log cannot be read just then: nobody writes, and what is owed is not forgotten. */
static void
what_cannot_be_read_is_still_owed(void **state)
{
	struct scene scene;
	struct store *store;

	(void)state;
	scene_open(&scene);
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_begin_secure(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[0]), ST_OK);
	assert_int_equal(store_secure(store), ST_OK);
	store_rollback(store);
	assert_int_equal(rename(redo_file(&scene), scratch_path(&scene.scratch, "kept")), 0);
	assert_int_equal(mkdir(redo_file(&scene), 0700), 0);
	assert_int_not_equal(store_begin_secure(store), ST_OK);
	assert_true(store_owes(store));
	assert_int_equal(rmdir(redo_file(&scene)), 0);
	assert_int_equal(rename(scratch_path(&scene.scratch, "kept"), redo_file(&scene)), 0);
	assert_int_equal(store_begin_secure(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[1]), ST_OK);
	assert_int_equal(store_secure(store), ST_OK);
	assert_int_equal(store_commit(store), ST_OK);
	assert_false(store_owes(store));
	store_close(store);
	assert_int_equal(count(&scene), 2);
	scratch_clear(&scene.scratch);
}

/*
 * Cut anywhere, or with any byte changed, the log holds the whole records in front, no more. But
 * where a whole record of the same state is behind, more was acknowledged than that: none is held.
 */
static void
what_is_not_whole_ends_the_log(void **state)
{
	struct buffer log = { 0 };
	struct redo_mark mark;
	struct redo *redo;
	struct scene scene;
	size_t ends[3] = { 0 }, i, length = 0;
	enum status status;
	uint32_t counter;
	char *script;

	(void)state;
	scene_open(&scene);
	die_after(&scene, people, 3);
	assert_true(file_read(redo_file(&scene), &log));
	for (i = 1; i <= log.length; i++)
		if (i == log.length || strncmp(buffer_text(&log) + i, "-- redo ", 8) == 0)
			ends[length++] = i;
	assert_int_equal(length, 3);
	assert_int_equal(sscanf(buffer_text(&log), "-- redo %x", &counter), 1);
	for (i = 0; i < log.length; i++) {
		const bool is_cut = i % 2 == 0;
		char was = buffer_text(&log)[i];
		size_t whole = i < ends[0] ? 0 : i < ends[1] ? ends[0] : ends[1];

		log.data[i] = (char)(was ^ 0x10);
		write_log(&scene, &log, is_cut ? i : log.length);
		log.data[i] = was;
		redo = redo_new(database(&scene));
		status = redo_read(redo, counter, &mark, &script);
		if (!is_cut && i < ends[1]) {
			assert_int_equal(status, ST_VERSION);
			assert_null(script);
			status = redo_read(redo, counter + 1, &mark, &script);
		}
		if (status == ST_VERSION) {	/* no cut makes another head of it */
			assert_false(is_cut);
			assert_true(i <= strcspn(buffer_text(&log), "\n"));
		} else
			assert_int_equal(status, ST_OK);
		assert_int_equal(script == NULL ? 0 : strlen(script), whole);
		if (script != NULL)
			assert_memory_equal(script, buffer_text(&log), whole);
		free(script);
		redo_free(redo);
	}
	write_log(&scene, &log, ends[1] + 40);
	assert_int_equal(count(&scene), 2);
	buffer_clear(&log);
	scratch_clear(&scene.scratch);
}

/* Somebody wrote by hand after the writer died: nothing is guessed, nothing thrown away. */
static void
another_program_was_faster(void **state)
{
	struct buffer aside = { 0 };
	struct driver *driver;
	struct scene scene;

	(void)state;
	scene_open(&scene);
	die_after(&scene, people, 2);
	assert_int_equal(driver_open(database(&scene), DRIVER_WRITE, &driver), ST_OK);
	assert_int_equal(driver_run(driver, "UPDATE club SET name = 'By Hand'"), ST_OK);
	driver_close(driver);
	assert_int_equal(count(&scene), 0);
	assert_int_not_equal(access(redo_file(&scene), F_OK), 0);
	assert_true(file_read(scratch_path(&scene.scratch, "club.db-redo.1"), &aside));
	assert_non_null(strstr(buffer_text(&aside), "Grace O''Hopper"));
	buffer_clear(&aside);
	die_after(&scene, people, 1);
	assert_int_equal(count(&scene), 1);
	scratch_clear(&scene.scratch);
}

/* What a person needs who has to enter it: it ends its line, whatever the group is called. */
static void
each_check_in_is_there_in_words(void **state)
{
	struct buffer log = { 0 };
	struct driver *driver;
	struct scene scene;
	char line[512];
	int i;

	(void)state;
	scene_open(&scene);
	assert_int_equal(driver_open(database(&scene), DRIVER_WRITE, &driver), ST_OK);
	assert_int_equal(driver_run(driver,
	    "UPDATE \"group\" SET name = 'Tuesday' || char(10) || 'DELETE FROM run;'"), ST_OK);
	driver_close(driver);
	die_after(&scene, people, 3);
	assert_true(file_read(redo_file(&scene), &log));
	for (i = 0; i < 3; i++) {
		snprintf(line, sizeof line, "\n-- check-in 2026-11-20T18:20:00+00:00 %s, run %s of "
		    "2026-11-20 18:30, Tuesday DELETE FROM run;\n", people[i], scene.session);
		assert_non_null(strstr(buffer_text(&log), line));
	}
	buffer_clear(&log);
	assert_int_equal(count(&scene), 3);
	scratch_clear(&scene.scratch);
}

/* As many events of others are no proof that these are among them. */
static void
others_entered_as_many(void **state)
{
	struct driver *driver;
	struct scene scene;

	(void)state;
	scene_open(&scene);
	die_after(&scene, people, 2);
	assert_int_equal(driver_open(database(&scene), DRIVER_WRITE, &driver), ST_OK);
	assert_int_equal(driver_run(driver,
	    "INSERT INTO person (name, folded, initials, created_at) VALUES ('A', 'a', 'A', 1), "
	    "('B', 'b', 'B', 1), ('C', 'c', 'C', 1); INSERT INTO event (run_id, person_id, kind, status, at, received_at, "
	    "proof) SELECT 1, id, 'mark', 'present', 1, 1, 'host' FROM person"), ST_OK);
	driver_close(driver);
	assert_int_equal(count(&scene), 3);
	assert_int_equal(access(scratch_path(&scene.scratch, "club.db-redo.1"), F_OK), 0);
	scratch_clear(&scene.scratch);
}

static void
copy_file(const char *from, const char *to)
{
	struct buffer content = { 0 };
	int file = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(file >= 0);
	assert_true(file_read(from, &content));
	assert_int_equal(write(file, buffer_text(&content), content.length), content.length);
	assert_int_equal(close(file), 0);
	buffer_clear(&content);
}

/*
 * The log of another database that has as many changes: people of its own have its numbers, or
 * some have come who did not come here. Nothing of it is entered, and nobody is kept from writing.
 */
static void
the_log_of_another_of_the_same_age(void **state)
{
	struct scene scene;
	struct store *store;
	int has_come;
	int64_t id;

	(void)state;
	for (has_come = 0; has_come <= 1; has_come++) {
		scene_open(&scene);
		store = open_store(&scene, STORE_WRITE);
		assert_int_equal(store_person(store, people[has_come], true, SCRATCH_NOW, &id,
		    NULL), ST_OK);
		store_close(store);
		copy_file(database(&scene), scratch_path(&scene.scratch, "yesterday.db"));
		store = open_store(&scene, STORE_WRITE);
		if (has_come)
			assert_int_equal(attend(&scene, store, people[0]), ST_OK);
		else
			assert_int_equal(store_person(store, people[2], true, SCRATCH_NOW, &id,
			    NULL), ST_OK);
		store_close(store);
		die_after(&scene, &people[1], 1);
		copy_file(scratch_path(&scene.scratch, "yesterday.db"), database(&scene));
		assert_int_equal(rename(redo_file(&scene),
		    scratch_path(&scene.scratch, "kept")), 0);
		store = open_store(&scene, STORE_WRITE);
		assert_int_equal(store_group_add(store, "Track", false, SCRATCH_NOW, &id), ST_OK);
		store_close(store);
		assert_int_equal(rename(scratch_path(&scene.scratch, "kept"),
		    redo_file(&scene)), 0);
		assert_int_equal(count(&scene), 0);
		assert_int_equal(access(scratch_path(&scene.scratch, "club.db-redo.1"), F_OK), 0);
		store = open_store(&scene, STORE_WRITE);
		assert_int_equal(attend(&scene, store, people[3]), ST_OK);
		store_close(store);
		scratch_clear(&scene.scratch);
	}
}

/* A database that is known by two names has one log. */
static void
a_link_is_the_same_database(void **state)
{
	struct scene scene;
	struct store *store;
	pid_t child;
	int how;

	(void)state;
	scene_open(&scene);
	assert_int_equal(symlink("club.db", scratch_path(&scene.scratch, "link.db")), 0);
	child = fork();
	if (child == 0)
		_exit(store_open(scratch_path(&scene.scratch, "link.db"), STORE_WRITE,
		    &store) != ST_OK || store_begin_secure(store) != ST_OK ||
		    attend(&scene, store, people[0]) != ST_OK || store_secure(store) != ST_OK);
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_int_equal(how, 0);
	assert_int_equal(count(&scene), 1);
	scratch_clear(&scene.scratch);
}

/* Whoever took over from a dead one is known to live as well, even if somebody just looked. */
static void
an_heir_is_known_to_live(void **state)
{
	struct redo *redo;
	struct scene scene;
	struct store *store;
	int file;

	(void)state;
	scene_open(&scene);
	redo = redo_new(database(&scene));
	die_after(&scene, people, 1);
	assert_false(redo_is_held(redo));
	file = open(redo_file(&scene), O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(file, LOCK_SH), 0);
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_begin_secure(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[1]), ST_OK);
	assert_int_equal(store_secure(store), ST_OK);
	close(file);
	assert_true(redo_is_held(redo));
	assert_int_equal(store_commit(store), ST_OK);
	store_close(store);
	assert_false(redo_is_held(redo));
	redo_free(redo);
	assert_int_equal(count(&scene), 2);
	scratch_clear(&scene.scratch);
}

/*
 * A living writer secures one check-in, and says so in `told`; commits some time later, if it does,
 * and lives until `told` is closed.
 */
static pid_t
live_after(struct scene *scene, int told[2], bool commits)
{
	const struct timespec later = { .tv_nsec = 100000000 };
	struct store *store;
	char byte;
	pid_t child;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, told), 0);
	child = fork();
	if (child > 0) {
		close(told[1]);
		assert_int_equal(read(told[0], &byte, 1), 1);
		return child;
	}
	close(told[0]);
	if (store_open(database(scene), STORE_WRITE, &store) != ST_OK ||
	    store_begin_secure(store) != ST_OK || attend(scene, store, people[0]) != ST_OK ||
	    store_secure(store) != ST_OK || write(told[1], "", 1) != 1)
		_exit(1);
	nanosleep(&later, NULL);
	if (commits && store_commit(store) != ST_OK)
		_exit(2);
	_exit(read(told[1], &byte, 1) == 0 ? 0 : 3);
}

/* Who is told to be in is there for whoever looks then; and no reader waits for what is stuck. */
static void
a_reader_waits_for_what_was_acknowledged(void **state)
{
	struct scene scene;
	int told[2], how, commits;
	pid_t child;

	(void)state;
	for (commits = 0; commits <= 1; commits++) {
		scene_open(&scene);
		child = live_after(&scene, told, commits == 1);
		assert_int_equal(count(&scene), commits);
		assert_int_equal(waitpid(child, &how, WNOHANG), 0);
		close(told[0]);
		assert_int_equal(waitpid(child, &how, 0), child);
		assert_int_equal(how, 0);
		assert_int_equal(count(&scene), 1);
		scratch_clear(&scene.scratch);
	}
}

/* Writing the file anew is a change, too: not in front of what a dead writer secured. */
static void
compacting_waits_its_turn(void **state)
{
	struct scene scene;
	struct store *store;

	(void)state;
	scene_open(&scene);
	store = open_store(&scene, STORE_WRITE);
	die_after(&scene, people, 2);
	assert_int_equal(store_compact(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[2]), ST_OK);
	store_close(store);
	assert_int_equal(count(&scene), 3);
	scratch_clear(&scene.scratch);
}

/*
 * A disk that stays full makes a long log: all of it is read, and up to a damaged record where
 * nobody asks what is behind.
 */
static void
a_long_log_is_read_whole(void **state)
{
	enum { RECORDS = 16000 };
	struct redo_mark mark = { .counter = 0, .event = 7 };
	struct buffer one = { 0 }, log = { 0 };
	struct redo *redo;
	struct scene scene;
	char text[1200], *script;
	int i;

	(void)state;
	scene_open(&scene);
	redo = redo_new(database(&scene));
	memset(text, ' ', sizeof text);
	assert_int_equal(redo_add(redo, mark, text, sizeof text), ST_OK);
	assert_true(file_read(redo_file(&scene), &one));
	for (i = 0; i < RECORDS; i++)
		buffer_append(&log, buffer_text(&one), one.length);
	write_log(&scene, &log, log.length);
	assert_int_equal(redo_read(redo, 1, &mark, &script), ST_OK);
	assert_int_equal(strlen(script), log.length);
	assert_int_equal(mark.event, 7);
	free(script);
	log.data[one.length + 10] ^= 1;
	write_log(&scene, &log, log.length);
	assert_int_equal(redo_read(redo, 0, &mark, &script), ST_OK);
	assert_int_equal(strlen(script), one.length);
	free(script);
	redo_free(redo);
	buffer_clear(&one);
	buffer_clear(&log);
	scratch_clear(&scene.scratch);
}

/* Zeros that a full disk cut short, and behind them names: nothing that was acknowledged. */
static void
the_rest_of_a_log_goes_with_its_writer(void **state)
{
	struct buffer rest = { 0 };
	struct scene scene;
	struct store *store;
	char zeros[4096] = { 0 };

	(void)state;
	scene_open(&scene);
	buffer_append(&rest, zeros, sizeof zeros);
	buffer_append(&rest, "'Ada')", 6);
	write_log(&scene, &rest, rest.length);
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_begin_secure(store), ST_OK);
	assert_int_equal(store_commit(store), ST_OK);
	store_close(store);
	assert_int_not_equal(access(redo_file(&scene), F_OK), 0);
	buffer_clear(&rest);
	scratch_clear(&scene.scratch);
}

/* More than is read again is not taken. */
static void
a_log_has_an_end(void **state)
{
	enum { BIG = 40 * 1024 * 1024 };
	struct redo_mark mark = { .counter = 1 };
	char *text = calloc(1, BIG), *script;
	struct redo *redo;
	struct scene scene;

	(void)state;
	scene_open(&scene);
	redo = redo_new(database(&scene));
	assert_non_null(memset(text, ' ', BIG - 1));
	assert_int_equal(redo_add(redo, mark, text, BIG - 1), ST_OK);
	assert_int_equal(redo_add(redo, mark, text, BIG - 1), ST_FULL);
	assert_int_equal(redo_add(redo, mark, "SELECT 1;", 9), ST_OK);
	assert_int_equal(redo_read(redo, 1, &mark, &script), ST_OK);
	assert_true(strlen(script) > BIG);
	assert_non_null(strstr(script + BIG, "SELECT 1;"));
	free(script);
	free(text);
	redo_free(redo);
	scratch_clear(&scene.scratch);
}

/* What was never acknowledged has names, too: it goes with what is. */
static void
what_is_not_whole_goes_as_well(void **state)
{
	struct buffer log = { 0 };
	struct scene scene;
	struct store *store;

	(void)state;
	scene_open(&scene);
	die_after(&scene, people, 1);
	assert_true(file_read(redo_file(&scene), &log));
	log.data[strcspn(buffer_text(&log), "\n") + 1] = '+';	/* of the first statement */
	write_log(&scene, &log, log.length);
	buffer_clear(&log);
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_begin_secure(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[3]), ST_OK);
	assert_int_equal(store_secure(store), ST_OK);
	assert_int_equal(store_commit(store), ST_OK);
	assert_int_equal(access(redo_file(&scene), F_OK), 0);
	assert_false(has_log(&scene));
	store_close(store);
	assert_int_equal(count(&scene), 1);
	scratch_clear(&scene.scratch);
}

/*
 * The disk changed a byte of a record that is not the last: what is behind was acknowledged, too.
 * Nothing is guessed, and the whole log is kept. Stale records of before a commit, behind the torn
 * first one of after it, are none of that.
 */
static void
what_is_behind_a_damaged_one_is_kept(void **state)
{
	struct buffer log = { 0 }, aside = { 0 }, torn = { 0 };
	struct scene scene;
	struct store *store;

	(void)state;
	scene_open(&scene);
	die_after(&scene, people, 3);
	assert_true(file_read(redo_file(&scene), &log));
	memcpy(strstr(buffer_text(&log), "Grace"), "Grame", 5);
	write_log(&scene, &log, log.length);
	assert_int_equal(count(&scene), 0);
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_begin(store), ST_OK);
	assert_int_equal(store_commit(store), ST_OK);
	store_close(store);
	assert_true(file_read(scratch_path(&scene.scratch, "club.db-redo.1"), &aside));
	assert_int_equal(aside.length, log.length);
	assert_memory_equal(buffer_text(&aside), buffer_text(&log), log.length);

	die_after(&scene, people, 3);
	log.length = 0;
	assert_true(file_read(redo_file(&scene), &log));
	assert_int_equal(count(&scene), 3);
	die_after(&scene, &people[3], 1);
	assert_true(file_read(redo_file(&scene), &torn));
	memcpy(log.data, torn.data, 300);	/* less than it has, and than the first has */
	write_log(&scene, &log, log.length);
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_begin(store), ST_OK);
	assert_int_equal(store_commit(store), ST_OK);
	store_close(store);
	assert_int_equal(count(&scene), 3);
	assert_int_not_equal(access(scratch_path(&scene.scratch, "club.db-redo.2"), F_OK), 0);
	buffer_clear(&log);
	buffer_clear(&aside);
	buffer_clear(&torn);
	scratch_clear(&scene.scratch);
}

/*
 * A version of the program with another head wrote it, later or earlier, or the file is damaged:
 * what was acknowledged is kept, nobody writes over it, and the crowd that comes next is entered.
 */
static void
what_cannot_be_read_is_kept(void **state)
{
	static const char *const heads[] = { "-- redo2 0000001f", "-- sealed", "\x89PNG",
		/* the first there was, without a time */
		"-- redo 00000009 000000000000002a 000000d8 0123456789abcdef0123456789abcdef\n" };
	struct buffer log = { 0 }, aside = { 0 };
	struct scene scene;
	struct store *store;
	size_t which;

	(void)state;
	for (which = 0; which < sizeof heads / sizeof *heads; which++) {
		scene_open(&scene);
		die_after(&scene, people, 2);
		log.length = aside.length = 0;
		assert_true(file_read(redo_file(&scene), &log));
		memcpy(log.data, heads[which], strlen(heads[which]));
		write_log(&scene, &log, log.length);
		store = open_store(&scene, STORE_WRITE);
		assert_int_equal(number(store, "SELECT count(*) FROM event"), 0);
		assert_int_equal(store_begin_secure(store), ST_OK);
		assert_int_equal(attend(&scene, store, people[3]), ST_OK);
		assert_int_equal(store_secure(store), ST_OK);
		assert_int_equal(store_commit(store), ST_OK);
		store_close(store);
		assert_int_equal(count(&scene), 1);
		assert_true(file_read(scratch_path(&scene.scratch, "club.db-redo.1"), &aside));
		assert_int_equal(aside.length, log.length);
		assert_memory_equal(buffer_text(&aside), buffer_text(&log), log.length);
		scratch_clear(&scene.scratch);
	}
	buffer_clear(&log);
	buffer_clear(&aside);
}

/*
 * The log can be neither entered nor moved, be it of another version or of another state: nothing
 * is changed, and a person is told. Once it can be moved, all goes on.
 */
static void
what_cannot_be_moved_stays(void **state)
{
	struct buffer before = { 0 }, after = { 0 };
	struct driver *driver;
	struct scene scene;
	struct store *store;
	int is_foreign;

	(void)state;
	for (is_foreign = 0; is_foreign <= 1; is_foreign++) {
		scene_open(&scene);
		store = open_store(&scene, STORE_WRITE);
		die_after(&scene, people, 2);
		before.length = after.length = 0;
		assert_true(file_read(redo_file(&scene), &before));
		if (is_foreign)
			memcpy(before.data, "-- redo2", 8);
		write_log(&scene, &before, before.length);
		assert_int_equal(driver_open(database(&scene), DRIVER_WRITE, &driver), ST_OK);
		assert_int_equal(driver_run(driver, "UPDATE club SET name = 'By Hand'"), ST_OK);
		renaming.is_broken = true;
		assert_int_equal(store_begin(store), ST_FAULT);
		assert_non_null(strstr(store_why(store), "club.db-redo may have acknowledged "
		    "check-ins that cannot be entered, and cannot be moved. Nothing was changed."));
		assert_true(file_read(redo_file(&scene), &after));
		assert_int_equal(after.length, before.length);
		assert_memory_equal(buffer_text(&after), buffer_text(&before), before.length);
		assert_int_equal(driver_begin(driver), ST_OK);	/* nobody is locked out */
		driver_close(driver);
		renaming.is_broken = false;
		assert_int_equal(store_begin(store), ST_OK);
		assert_int_equal(access(scratch_path(&scene.scratch, "club.db-redo.1"), F_OK), 0);
		assert_int_equal(store_commit(store), ST_OK);
		store_close(store);
		assert_int_equal(count(&scene), 0);
		scratch_clear(&scene.scratch);
	}
	buffer_clear(&before);
	buffer_clear(&after);
}

/* A log that does not fit is moved before anybody else can begin, and add to it. */
static void
what_does_not_fit_is_moved_under_the_lock(void **state)
{
	struct redo_mark mark;
	struct redo *redo;
	struct scene scene;
	struct store *store;
	char *script;

	(void)state;
	scene_open(&scene);
	store = open_store(&scene, STORE_WRITE);
	die_after(&scene, people, 1);
	redo = redo_new(database(&scene));
	assert_int_equal(redo_read(redo, 1, &mark, &script), ST_OK);
	free(script);
	mark.event++;		/* it does not lead where it says */
	assert_int_equal(redo_add(redo, mark, "SELECT 1;", 9), ST_OK);
	redo_free(redo);
	renaming.database = database(&scene);
	renaming.was_locked = false;
	assert_int_equal(store_begin(store), ST_OK);
	renaming.database = NULL;
	assert_true(renaming.was_locked);
	assert_int_equal(access(scratch_path(&scene.scratch, "club.db-redo.1"), F_OK), 0);
	assert_int_equal(store_commit(store), ST_OK);
	store_close(store);
	assert_int_equal(count(&scene), 0);
	scratch_clear(&scene.scratch);
}

/*
 * turnoutd died, and a newer program opens the database: what was secured is entered under the
 * schema that it was written for, so that even the copy from before the upgrade has it.
 */
static void
a_log_is_entered_before_the_upgrade(void **state)
{
	static const char event[] = "INSERT INTO event (run_id, person_id, kind, status, at, "
	    "received_at, proof) VALUES (1, 1, 'check-in', 'present', 5, 7, 'digits');\n";
	const char *tests = getenv("TESTS");
	struct redo_mark mark = { .event = 1, .received_at = 7 };
	struct buffer text = { 0 };
	struct scratch scratch;
	struct driver *driver;
	struct store *store;
	struct redo *redo;
	char name[600];
	const char *path;
	int64_t kept = 0;
	int version;

	(void)state;
	for (version = 1; version < STORE_SCHEMA; version++) {
		scratch_init(&scratch);
		path = scratch_path(&scratch, "old.db");
		snprintf(name, sizeof name, "%s/data/schema-%d.sql",
		    tests == NULL ? "tests" : tests, version);
		text.length = 0;
		assert_true(file_read(name, &text));
		assert_int_equal(driver_open(path, DRIVER_CREATE, &driver), ST_OK);
		assert_int_equal(driver_run(driver, buffer_text(&text)), ST_OK);
		assert_int_equal(driver_run(driver,
		    "INSERT INTO club (id, name, zone, address, created_at) VALUES (1, 'Old', "
		    "'UTC', 'http://x', 1); INSERT INTO \"group\" (id, slug, name, folded, "
		    "created_at) VALUES (1, 'a', 'A', 'a', 1); INSERT INTO person (id, name, "
		    "folded, initials, created_at) VALUES (1, 'Ada', 'ada', 'A.', 1); INSERT INTO "
		    "run (id, session, group_id, date, start, zone, slug, opens_min, closes_min, "
		    "key, capability, created_at, updated_at) VALUES (1, 'S', 1, '2026-11-01', "
		    "'10:00', 'UTC', 's', 30, 30, zeroblob(32), 'C', 1, 1)"), ST_OK);
		assert_int_equal(driver_begin(driver), ST_OK);
		assert_int_equal(driver_counter(driver, &mark.counter), ST_OK);
		driver_rollback(driver);
		driver_close(driver);
		redo = redo_new(path);
		assert_int_equal(redo_add(redo, mark, event, sizeof event - 1), ST_OK);
		redo_free(redo);
		if (store_open(path, STORE_WRITE, &store) != ST_OK)
			fail_msg("%d: %s", version, store_why(store));
		assert_int_equal(number(store, "SELECT count(*) FROM attendance"), 1);
		assert_int_equal(number(store, "PRAGMA user_version"), STORE_SCHEMA);
		store_close(store);
		snprintf(name, sizeof name, "old.db.before-%d", STORE_SCHEMA);
		assert_int_equal(driver_open(scratch_path(&scratch, name), DRIVER_READ, &driver),
		    ST_OK);
		assert_int_equal(driver_number(driver, "SELECT count(*) FROM event", &kept), ST_OK);
		assert_int_equal(kept, 1);
		driver_close(driver);
		scratch_clear(&scratch);
	}
	buffer_clear(&text);
}

/* While whoever secures lives, a reader neither waits for the commit nor takes its part. */
static void
a_reader_does_not_wait_for_a_living_writer(void **state)
{
	struct timespec began, ended;
	struct scene scene;
	struct store *store;
	pid_t child;
	int how;

	(void)state;
	scene_open(&scene);
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_begin_secure(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[0]), ST_OK);
	assert_int_equal(store_secure(store), ST_OK);
	clock_gettime(CLOCK_MONOTONIC, &began);
	child = fork();
	if (child == 0) {
		sleeps = 10;
		_exit((int)count(&scene));
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &how, 0), child);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	assert_int_equal(how, 0);
	assert_true((ended.tv_sec - began.tv_sec) * 1000 < DRIVER_BUSY_MS / 2);
	assert_int_equal(store_commit(store), ST_OK);
	store_close(store);
	assert_int_equal(count(&scene), 1);
	scratch_clear(&scene.scratch);
}

/* A new database does not take what was meant for an old one of its name. */
static void
a_new_database_refuses_an_old_log(void **state)
{
	struct club club = scratch_club();
	struct scene scene;
	struct store *store;

	(void)state;
	scene_open(&scene);
	die_after(&scene, people, 1);
	assert_int_equal(unlink(database(&scene)), 0);
	assert_int_equal(store_create(database(&scene), &club, SCRATCH_NOW, &store), ST_EXISTS);
	assert_non_null(strstr(store_why(store), "club.db-redo is there"));
	assert_int_not_equal(access(database(&scene), F_OK), 0);
	store_close(store);
	scratch_clear(&scene.scratch);
}

/* The disk takes no more, or the file goes: not secured, still committed. */
static void
a_log_that_cannot_grow(void **state)
{
	struct rlimit before, none;
	struct scene scene;
	struct store *store;

	(void)state;
	scene_open(&scene);
	store = open_store(&scene, STORE_WRITE);
	assert_int_equal(store_begin_secure(store), ST_OK);
	assert_int_equal(attend(&scene, store, people[0]), ST_OK);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	none = (struct rlimit){ .rlim_max = before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_not_equal(store_secure(store), ST_OK);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(store_secure(store), ST_OK);	/* there is room again */
	assert_int_equal(attend(&scene, store, people[1]), ST_OK);
	assert_int_equal(unlink(redo_file(&scene)), 0);
	assert_int_equal(store_secure(store), ST_FAULT);
	assert_int_equal(store_commit(store), ST_OK);
	store_close(store);
	assert_int_equal(count(&scene), 2);
	scratch_clear(&scene.scratch);
}

/*
 * A journal that is there and cannot be opened, for lack of a descriptor, is not taken for none: a
 * commit that is not on the disk yet would be taken for safe.
 */
static void
settling_needs_the_journal(void **state)
{
	struct rlimit before, none;
	struct driver *driver;
	struct scene scene;

	(void)state;
	scene_open(&scene);
	assert_int_equal(driver_open(database(&scene), DRIVER_WRITE, &driver), ST_OK);
	assert_int_equal(driver_run(driver, "UPDATE club SET name = 'By Hand'"), ST_OK);
	assert_int_equal(access(scratch_path(&scene.scratch, "club.db-journal"), F_OK), 0);
	assert_int_equal(driver_settle(driver), ST_OK);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){ .rlim_max = before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(driver_settle(driver), ST_FAULT);
	assert_int_equal(unlink(scratch_path(&scene.scratch, "club.db-journal")), 0);
	assert_int_equal(driver_settle(driver), ST_OK);		/* there is none */
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	driver_close(driver);
	scratch_clear(&scene.scratch);
}

/* It has names: who may not read the database may not read it either. */
static void
the_log_is_as_private_as_the_database(void **state)
{
	struct stat log, facts;
	struct scene scene;

	(void)state;
	scene_open(&scene);
	assert_int_equal(chmod(database(&scene), 0640), 0);
	die_after(&scene, people, 1);
	assert_int_equal(stat(redo_file(&scene), &log), 0);
	assert_int_equal(stat(database(&scene), &facts), 0);
	assert_int_equal(log.st_mode & 0777, 0640);
	assert_int_equal(log.st_uid, facts.st_uid);
	scratch_clear(&scene.scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reader_enters_what_a_dead_writer_secured),
		cmocka_unit_test(a_crowd_is_entered_as_well),
		cmocka_unit_test(what_was_committed_is_not_entered_again),
		cmocka_unit_test(what_was_committed_is_on_the_disk_first),
		cmocka_unit_test(nobody_writes_before_they_are_in),
		cmocka_unit_test(what_is_taken_back_is_entered_again),
		cmocka_unit_test(what_cannot_be_read_is_still_owed),
		cmocka_unit_test(what_is_not_whole_ends_the_log),
		cmocka_unit_test(another_program_was_faster),
		cmocka_unit_test(each_check_in_is_there_in_words),
		cmocka_unit_test(others_entered_as_many),
		cmocka_unit_test(the_log_of_another_of_the_same_age),
		cmocka_unit_test(a_link_is_the_same_database),
		cmocka_unit_test(an_heir_is_known_to_live),
		cmocka_unit_test(a_reader_waits_for_what_was_acknowledged),
		cmocka_unit_test(what_is_not_whole_goes_as_well),
		cmocka_unit_test(what_is_behind_a_damaged_one_is_kept),
		cmocka_unit_test(what_cannot_be_read_is_kept),
		cmocka_unit_test(what_cannot_be_moved_stays),
		cmocka_unit_test(what_does_not_fit_is_moved_under_the_lock),
		cmocka_unit_test(a_log_is_entered_before_the_upgrade),
		cmocka_unit_test(compacting_waits_its_turn),
		cmocka_unit_test(a_long_log_is_read_whole),
		cmocka_unit_test(the_rest_of_a_log_goes_with_its_writer),
		cmocka_unit_test(a_log_has_an_end),
		cmocka_unit_test(a_reader_does_not_wait_for_a_living_writer),
		cmocka_unit_test(a_new_database_refuses_an_old_log),
		cmocka_unit_test(a_log_that_cannot_grow),
		cmocka_unit_test(settling_needs_the_journal),
		cmocka_unit_test(the_log_is_as_private_as_the_database),
	};

	return cmocka_run_group_tests(tests, journals_init, NULL);
}
