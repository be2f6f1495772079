// SPDX-License-Identifier: ISC
/*
 * test_deliver.c: handing over to folders and commands: what is sent, what is left alone, failures,
 * time limits, and a second process.
 */
#include "tests/unit/scratch.h"

#include <poll.h>
#include <sys/file.h>
#include <sys/pidfd.h>

#include "db/manifest.h"
#include "gen/deliver.h"
#include "gen/hook.h"

static const struct deliver_pace quick = { .rest_ms = 1, .retry_max_ms = 1, .limit_ms = 60000 };

/* A site with a manifest of these files, each with its path in it. */
static void
make_site(struct scratch *scratch)
{
	static const char *const paths[] = { "public/index.html", "public/runs/1/a/index.html",
	    "public/runs/2/index.html", "private/secret" };
	const struct manifest_state state = { .since = 1, .origin = "" };
	struct manifest *manifest;
	char path[64];
	bool is_new;
	size_t i;

	scratch_init(scratch);
	for (i = 0; i < 8; i++)
		scratch_folder(scratch,
		    (const char *const[]){ "site", "site/public", "site/private",
		    "site/public/runs", "site/public/runs/1",
		    "site/public/runs/1/a", "site/public/runs/2", "there" }[i]);
	assert_int_equal(manifest_open(scratch_path(scratch, "site/manifest.db"), true, &manifest),
	    ST_OK);
	assert_int_equal(manifest_begin(manifest), ST_OK);
	for (i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		snprintf(path, sizeof path, "site/%s", paths[i]);
		scratch_write(scratch, path, paths[i]);
		assert_int_equal(manifest_put(manifest, "page", paths[i], paths[i], &is_new),
		    ST_OK);
	}
	assert_int_equal(manifest_commit(manifest, &state), ST_OK);
	manifest_close(manifest);
	assert_int_equal(chdir(scratch->folder), 0);
}

static void
clear_site(struct scratch *scratch)
{
	assert_int_equal(chdir("/"), 0);
	scratch_clear(scratch);
}

static struct deliver *
open_deliver(const char *target, const struct deliver_pace *pace)
{
	struct deliver *deliver;

	assert_int_equal(deliver_open("site", target, pace, &deliver), ST_OK);
	return deliver;
}

/* A publish that touches `path`, "-path" to remove it; NULL: nothing. */
static void
publish_one(struct deliver *deliver, const char *path)
{
	deliver_begin(deliver);
	if (path != NULL)
		deliver_note(deliver, *path == '-' ? path + 1 : path,
		    *path == '-' ? PUBLISH_REMOVED : PUBLISH_CHANGED);
	if (deliver_end(deliver) != ST_OK)
		fail_msg("%s", deliver_why(deliver));
}

static void
flush(struct deliver *deliver, int64_t expected)
{
	int64_t count = -1;

	if (deliver_flush(deliver, &count) != ST_OK)
		fail_msg("%s", deliver_why(deliver));
	assert_int_equal(count, expected);
}

static void
flush_in_vain(struct deliver *deliver, const char *why)
{
	int64_t count = -1;

	assert_int_equal(deliver_flush(deliver, &count), ST_FAULT);
	assert_string_equal(deliver_why(deliver), why);
	assert_int_equal(count, 0);
}

static void
a_folder_gets_what_changed_and_keeps_its_strangers(void **state)
{
	struct scratch scratch;
	struct deliver *deliver = (make_site(&scratch), open_deliver("there", &quick));

	(void)state;
	scratch_write(&scratch, "site/public/unknown", "of somebody else");
	scratch_write(&scratch, "there/stranger", "mine");
	publish_one(deliver, NULL);
	flush(deliver, 3);
	scratch_assert_file(&scratch, "there/index.html", "public/index.html");
	scratch_assert_file(&scratch, "there/runs/1/a/index.html", "public/runs/1/a/index.html");
	scratch_assert_file(&scratch, "there/runs/2/index.html", "public/runs/2/index.html");
	scratch_assert_file(&scratch, "there/stranger", "mine");
	scratch_assert_file(&scratch, "there/unknown", NULL);
	assert_int_equal(access("there/secret", F_OK), -1);
	publish_one(deliver, NULL);
	flush(deliver, 0);

	/* Removed files take their folders along, but for those with something of others in it. */
	scratch_write(&scratch, "there/runs/2/stranger", "mine");
	scratch_write(&scratch, "site/public/index.html", "new");
	publish_one(deliver, "public/index.html");
	publish_one(deliver, "-public/runs/1/a/index.html");
	publish_one(deliver, "-public/runs/2/index.html");
	assert_int_equal(unlink("site/public/runs/1/a/index.html") | rmdir("site/public/runs/1/a") |
	    rmdir("site/public/runs/1"), 0);
	assert_int_equal(unlink("site/public/runs/2/index.html") | rmdir("site/public/runs/2") |
	    rmdir("site/public/runs"), 0);
	publish_one(deliver, "private/secret");
	flush(deliver, 3);
	scratch_assert_file(&scratch, "there/index.html", "new");
	assert_int_equal(access("there/runs/1", F_OK), -1);
	assert_int_equal(access("there/runs/2/index.html", F_OK), -1);
	scratch_assert_file(&scratch, "there/runs/2/stranger", "mine");
	scratch_assert_file(&scratch, "there/stranger", "mine");
	deliver_close(deliver);
	deliver_close(NULL);
	clear_site(&scratch);
}

static void
a_command_reads_exactly_what_is_owed(void **state)
{
	struct scratch scratch;
	struct deliver *deliver = (make_site(&scratch),
	    open_deliver("cat > list; echo $TURNOUT_PUBLIC > folder", &quick));
	char folder[512];

	(void)state;
	publish_one(deliver, NULL);
	flush(deliver, 3);
	scratch_assert_file(&scratch, "list",
	    "changed index.html\nchanged runs/1/a/index.html\nchanged runs/2/index.html\n");
	snprintf(folder, sizeof folder, "%s\n", scratch_path(&scratch, "site/public"));
	scratch_assert_file(&scratch, "folder", folder);
	publish_one(deliver, "-public/runs/2/index.html");
	publish_one(deliver, "public/runs/1/a/index.html");
	assert_int_equal(unlink("site/public/runs/2/index.html"), 0);
	flush(deliver, 2);
	scratch_assert_file(&scratch, "list",
	    "changed runs/1/a/index.html\nremoved runs/2/index.html\n");
	assert_int_equal(unlink("list"), 0);
	publish_one(deliver, NULL);
	flush(deliver, 0);
	scratch_assert_file(&scratch, "list", NULL);		/* nothing owed: not even started */
	deliver_close(deliver);
	clear_site(&scratch);
}

static void
a_failure_keeps_what_is_owed(void **state)
{
	struct scratch scratch;
	struct deliver *deliver = (make_site(&scratch),
	    open_deliver("cat > list; echo first; echo; echo 'it is \033full '; test -e fine",
	    &quick));

	(void)state;
	publish_one(deliver, NULL);
	flush_in_vain(deliver, "it is  full (exit 1).");
	deliver_close(deliver);
	deliver = open_deliver("cat > list; echo first; echo; echo 'it is \033full '; test -e fine",
	    &quick);
	publish_one(deliver, "public/new");
	scratch_write(&scratch, "site/public/new", "");
	flush_in_vain(deliver, "it is  full (exit 1).");
	scratch_write(&scratch, "fine", "");
	flush(deliver, 4);
	assert_non_null(strstr(deliver_why(deliver), "works again; 4 paths went."));
	scratch_assert_file(&scratch, "list",
	    "changed index.html\nchanged new\nchanged runs/1/a/index.html\nchanged "
	    "runs/2/index.html\n");
	deliver_close(deliver);
	clear_site(&scratch);
}

/* Whatever a program does, one sentence says it. */
static void
each_way_to_fail_has_its_words(void **state)
{
	static const struct { const char *target, *why; } cases[] = {
		{ "exit 7", "It ended with exit 7, without a word." },
		{ "kill -9 $$", "It ended with signal 9, without a word." },
		{ "echo 'ssh: no such host'; echo 'rsync: connection unexpectedly closed (0 "
		    "bytes)'; echo 'rsync error: unexplained (code 255)'; exit 255",
		    "ssh: no such host (exit 255)." },
		{ "echo 'rsync error: alone'; exit 1", "rsync error: alone (exit 1)." },
		{ "yes | head -c 1000000; printf end; exit 1", "end (exit 1)." },
		{ "exec >&- 2>&-; exit 24", "It ended with exit 24, without a word." },
	};
	struct scratch scratch;
	struct deliver *deliver;
	size_t i;

	(void)state;
	make_site(&scratch);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		deliver = open_deliver(cases[i].target, &quick);
		assert_null(strchr(deliver_label(deliver), '\n'));
		publish_one(deliver, NULL);
		flush_in_vain(deliver, cases[i].why);
		deliver_close(deliver);
	}
	deliver = open_deliver("while read path; do\n\tséndä sömewhëre \"$path\" || exit 1\ndone; "
	    "it is a long one; it is; it is", &quick);
	assert_string_equal(deliver_label(deliver),
	    "while read path; do  séndä sömewhëre \"$path\" || exit 1 done; it is a lon…");
	deliver_close(deliver);
	deliver = open_deliver("/no-such-folder", &quick);
	publish_one(deliver, NULL);
	assert_int_equal(deliver_flush(deliver, &(int64_t){ 0 }), ST_FAULT);
	assert_non_null(strstr(deliver_why(deliver), "write a slash behind its name"));
	deliver_close(deliver);
	clear_site(&scratch);
}

/* It and what it started are ended when their time is up, those too that do not want to. */
static void
a_hook_that_hangs_is_ended(void **state)
{
	const struct deliver_pace short_limit = { .limit_ms = 300 };
	struct scratch scratch;
	struct deliver *deliver = (make_site(&scratch),
	    open_deliver("trap '' TERM; sleep 600 & echo $! > child; wait", &short_limit));
	struct buffer child = { 0 };
	struct pollfd ended = { .events = POLLIN };

	(void)state;
	publish_one(deliver, NULL);
	flush_in_vain(deliver, "It had not ended after 0 s and was stopped.");
	assert_true(file_read(scratch_path(&scratch, "child"), &child));
	ended.fd = pidfd_open(atoi(buffer_text(&child)), 0);
	assert_true(ended.fd < 0 || poll(&ended, 1, 10000) == 1);
	if (ended.fd >= 0)
		close(ended.fd);
	buffer_clear(&child);
	deliver_close(deliver);
	clear_site(&scratch);
}

/* Closing ends a hand-over that runs; another deliverer has it again. One runs at a time. */
static void
one_at_a_time(void **state)
{
	struct scratch scratch;
	struct deliver *one = (make_site(&scratch),
	    open_deliver("trap '' TERM; cat > list; echo >> runs; while ! test -e go; do sleep "
	    ".01; done", &quick));
	struct deliver *two =
	    open_deliver("trap '' TERM; cat > list; echo >> runs; while ! test -e go; do sleep "
	    ".01; done", &quick);

	(void)state;
	publish_one(one, NULL);
	publish_one(two, NULL);
	assert_int_equal(deliver_file(one), -1);
	assert_int_equal(deliver_step(one), DELIVER_NOTHING);
	assert_true(deliver_file(one) >= 0);
	assert_int_equal(deliver_step(two), DELIVER_NOTHING);
	assert_int_equal(deliver_file(two), -1);		/* it waits for its turn */
	assert_true(deliver_wait_ms(two) > 0);
	publish_one(two, "public/index.html");			/* and publishes meanwhile */
	deliver_close(one);
	scratch_write(&scratch, "go", "");
	flush(two, 3);
	publish_one(two, NULL);
	flush(two, 0);
	deliver_close(two);
	clear_site(&scratch);
}

/* From one to the next there is a rest, which failures double. */
static void
the_pace_is_kept(void **state)
{
	const struct deliver_pace slow = { .rest_ms = 100000, .retry_max_ms = 300000,
	    .limit_ms = 60000 };
	struct scratch scratch;
	struct deliver *deliver = (make_site(&scratch), open_deliver("test -e fine", &slow));
	int64_t count;

	(void)state;
	assert_int_equal(deliver_wait_ms(deliver), -1);
	publish_one(deliver, NULL);
	assert_int_equal(deliver_wait_ms(deliver), 0);
	assert_int_equal(deliver_flush(deliver, &count), ST_FAULT);
	assert_int_equal(deliver_retry_s(deliver), 100);
	assert_in_range(deliver_wait_ms(deliver), 50000, 100000);
	assert_int_equal(deliver_step(deliver), DELIVER_NOTHING);
	assert_int_equal(deliver_file(deliver), -1);
	deliver_close(deliver);
	scratch_write(&scratch, "fine", "");
	deliver = open_deliver("test -e fine", &slow);
	publish_one(deliver, NULL);
	flush(deliver, 3);
	assert_int_equal(deliver_wait_ms(deliver), -1);
	publish_one(deliver, "public/index.html");
	assert_in_range(deliver_wait_ms(deliver), 50000, 100000);
	deliver_close(deliver);
	clear_site(&scratch);
}

/*
 * While a publish is at work elsewhere, no list is made: it would promise what is not written yet.
 */
static void
the_list_waits_for_a_publish(void **state)
{
	struct scratch scratch;
	struct deliver *deliver = (make_site(&scratch), open_deliver("cat > list", &quick));
	int lock = open("site/lock", O_RDWR | O_CREAT, 0600);

	(void)state;
	assert_int_equal(flock(lock, LOCK_EX), 0);
	publish_one(deliver, NULL);
	assert_int_equal(deliver_step(deliver), DELIVER_NOTHING);
	assert_int_equal(deliver_file(deliver), -1);
	assert_int_equal(close(lock), 0);
	flush(deliver, 3);
	deliver_close(deliver);
	clear_site(&scratch);
}

/* Who has no target notes for those who have, as long as there is an outbox. */
static void
others_note_too(void **state)
{
	struct scratch scratch;
	struct deliver *other = (make_site(&scratch), open_deliver(NULL, &quick)), *deliver;

	(void)state;
	publish_one(other, "public/index.html");
	assert_int_equal(access("site/outbox.db", F_OK), -1);
	assert_int_equal(deliver_wait_ms(other), -1);
	deliver = open_deliver("there", &quick);
	publish_one(deliver, NULL);
	flush(deliver, 3);
	scratch_write(&scratch, "site/public/index.html", "newer");
	publish_one(other, "public/index.html");
	assert_int_equal(deliver_step(other), DELIVER_NOTHING);
	publish_one(deliver, NULL);
	flush(deliver, 1);
	scratch_assert_file(&scratch, "there/index.html", "newer");
	/* A site that was deleted has another outbox. */
	assert_int_equal(unlink("site/outbox.db"), 0);
	publish_one(other, "public/index.html");
	publish_one(deliver, NULL);
	flush(deliver, 3);
	publish_one(other, "public/index.html");
	publish_one(deliver, NULL);
	flush(deliver, 1);
	deliver_close(deliver);
	deliver_close(other);
	clear_site(&scratch);
}

static void
notes_that_cannot_be_made_are_made_later(void **state)
{
	struct scratch scratch;
	struct deliver *deliver = (make_site(&scratch), open_deliver("cat > list", &quick));

	(void)state;
	publish_one(deliver, NULL);
	flush(deliver, 3);
	assert_int_equal(unlink("site/outbox.db"), 0);
	scratch_folder(&scratch, "site/outbox.db");	/* nothing can be opened there, nor made */
	deliver_begin(deliver);
	deliver_note(deliver, "public/gone", PUBLISH_REMOVED);
	assert_int_equal(deliver_end(deliver), ST_FAULT);
	assert_non_null(strstr(deliver_why(deliver), "site/outbox.db cannot be written"));
	assert_int_equal(deliver_flush(deliver, &(int64_t){ 0 }), ST_FAULT);
	assert_int_equal(rmdir("site/outbox.db"), 0);
	flush(deliver, 4);
	scratch_assert_file(&scratch, "list",
	    "removed gone\nchanged index.html\nchanged runs/1/a/index.html\nchanged "
	    "runs/2/index.html\n");
	deliver_close(deliver);
	clear_site(&scratch);
}

static void
some_targets_are_refused(void **state)
{
	static const char *const refused[] = { "", "rsync:-oProxyCommand=touch:p", "site",
	    "site/public", "site/private/", "./site/", "there/../site/public" };
	struct scratch scratch;
	struct deliver *deliver;
	size_t i;

	(void)state;
	make_site(&scratch);
	for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		assert_int_equal(deliver_open("site", refused[i], &quick, &deliver), ST_USAGE);
		assert_non_null(strstr(deliver_why(deliver), "Nothing was published."));
		deliver_close(deliver);
	}
	scratch_folder(&scratch, "site2");
	deliver_close(open_deliver("site2", &quick));
	clear_site(&scratch);
}

static void
a_missing_program_is_said(void **state)
{
	char name[] = "no-such-program", line[100];
	char *const arguments[] = { name, NULL };
	struct hook *hook;
	int signal;

	(void)state;
	assert_int_equal(hook_start(arguments, NULL, 0, 60000, &hook), ST_OK);
	while (!hook_step(hook))
		poll(&(struct pollfd){ .fd = hook_file(hook), .events = POLLIN }, 1,
		    (int)hook_wait_ms(hook));
	assert_int_equal(hook_result(hook, &signal), HOOK_MISSING);
	assert_int_equal(signal, 0);
	hook_line(hook, line, sizeof line);
	assert_string_equal(line, "no-such-program cannot be run. Is it installed?");
	hook_close(hook);
	hook_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folder_gets_what_changed_and_keeps_its_strangers),
		cmocka_unit_test(a_command_reads_exactly_what_is_owed),
		cmocka_unit_test(a_failure_keeps_what_is_owed),
		cmocka_unit_test(each_way_to_fail_has_its_words),
		cmocka_unit_test(a_hook_that_hangs_is_ended),
		cmocka_unit_test(one_at_a_time),
		cmocka_unit_test(the_pace_is_kept),
		cmocka_unit_test(the_list_waits_for_a_publish),
		cmocka_unit_test(others_note_too),
		cmocka_unit_test(notes_that_cannot_be_made_are_made_later),
		cmocka_unit_test(some_targets_are_refused),
		cmocka_unit_test(a_missing_program_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
