// SPDX-License-Identifier: ISC
/*
 * test_outbox.c: what is owed to which target: new targets, notes, interrupted rounds, a restart of
 * the machine, a damaged file.
 */
#include "tests/unit/scratch.h"

#include "db/outbox.h"

static struct outbox *
open_outbox(struct scratch *scratch, const char *boot)
{
	struct outbox *outbox;

	assert_int_equal(outbox_open(scratch_path(scratch, "outbox.db"), true, boot, &outbox),
	    ST_OK);
	assert_non_null(outbox);
	return outbox;
}

/* A manifest of a, b and c, and of a file that is not public. */
static struct manifest *
make_manifest(struct scratch *scratch)
{
	static const char *const paths[] = { "public/c", "public/a", "private/s", "public/b" };
	const struct manifest_state state = { .since = 1, .origin = "" };
	struct manifest *manifest;
	bool is_new;
	size_t i;

	assert_int_equal(manifest_open(scratch_path(scratch, "manifest.db"), true, &manifest),
	    ST_OK);
	assert_int_equal(manifest_begin(manifest), ST_OK);
	for (i = 0; i < sizeof paths / sizeof paths[0]; i++)
		assert_int_equal(manifest_put(manifest, "page", paths[i], paths[i], &is_new),
		    ST_OK);
	assert_int_equal(manifest_commit(manifest, &state), ST_OK);
	return manifest;
}

static enum status
collect(void *handle, const char *path)
{
	buffer_format(handle, "%s ", path);
	return ST_OK;
}

static struct outbox_mark
assert_owed(struct outbox *outbox, const char *target, struct manifest *manifest,
    const char *expected)
{
	struct buffer list = { 0 };
	struct outbox_mark mark;

	assert_int_equal(outbox_owes(outbox, target), expected[0] != '\0');
	assert_int_equal(outbox_owed(outbox, target, manifest, collect, &list, &mark), ST_OK);
	assert_string_equal(buffer_text(&list), expected);
	buffer_clear(&list);
	return mark;
}

static void
assert_taken(struct outbox *outbox, const char *target, const struct outbox_mark mark)
{
	assert_int_equal(outbox_taken(outbox, target, &mark), ST_OK);
}

/* One round of notes; a path behind a hyphen is removed. */
static void
note(struct outbox *outbox, const char *const *paths)
{
	for (; *paths != NULL; paths++)
		assert_int_equal(outbox_note(outbox, **paths == '-' ? *paths + 1 : *paths,
		    **paths == '-'), ST_OK);
}

#define NOTE(outbox, ...)	note(outbox, (const char *const[]){ __VA_ARGS__, NULL })

static void
a_new_target_is_owed_everything_and_then_what_is_noted(void **state)
{
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), make_manifest(&scratch));
	struct outbox *outbox;
	struct stat info;
	struct outbox_mark mark;

	(void)state;
	assert_int_equal(outbox_open(scratch_path(&scratch, "outbox.db"), false, "boot", &outbox),
	    ST_UNKNOWN);
	assert_null(outbox);
	outbox = open_outbox(&scratch, "boot");
	assert_int_equal(stat(scratch_path(&scratch, "outbox.db"), &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_false(outbox_owes(outbox, "there"));
	assert_int_equal(outbox_target(outbox, "there"), ST_OK);
	assert_owed(outbox, "there", manifest, "public/a public/b public/c ");
	NOTE(outbox, "public/b", "public/d");
	assert_int_equal(outbox_settle(outbox), ST_OK);
	mark = assert_owed(outbox, "there", manifest, "public/a public/b public/c public/d ");
	NOTE(outbox, "public/c");				/* while the hand-over runs */
	assert_int_equal(outbox_settle(outbox), ST_OK);
	assert_taken(outbox, "there", mark);
	mark = assert_owed(outbox, "there", manifest, "public/c ");
	outbox_close(outbox);					/* a failure, and another process */
	outbox = open_outbox(&scratch, "boot");
	assert_int_equal(outbox_target(outbox, "there"), ST_OK);
	NOTE(outbox, "-public/d", "public/a", "public/c");
	assert_int_equal(outbox_settle(outbox), ST_OK);
	mark = assert_owed(outbox, "there", manifest, "public/a public/c public/d ");
	assert_taken(outbox, "there", mark);
	assert_owed(outbox, "there", manifest, "");
	assert_int_equal(outbox_settle(outbox), ST_OK);		/* without a round */
	outbox_close(outbox);
	outbox_close(NULL);
	manifest_close(manifest);
	scratch_clear(&scratch);
}

/* Where nothing was ever published there is no manifest, and nothing to hand over. */
static void
nothing_published_is_nothing_owed(void **state)
{
	struct scratch scratch;
	struct outbox *outbox = (scratch_init(&scratch), open_outbox(&scratch, "boot"));
	struct outbox_mark mark;
	struct buffer list = { 0 };

	(void)state;
	assert_int_equal(outbox_target(outbox, "there"), ST_OK);
	assert_true(outbox_owes(outbox, "there"));
	assert_int_equal(outbox_owed(outbox, "there", NULL, collect, &list, &mark), ST_OK);
	assert_int_equal(list.length, 0);
	assert_taken(outbox, "there", mark);
	assert_false(outbox_owes(outbox, "there"));
	outbox_close(outbox);
	scratch_clear(&scratch);
}

static void
targets_take_turns_and_miss_nothing(void **state)
{
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), make_manifest(&scratch));
	struct outbox *outbox = open_outbox(&scratch, "boot");
	struct driver *driver;
	int64_t count = -1;

	(void)state;
	assert_int_equal(outbox_target(outbox, "one"), ST_OK);
	assert_taken(outbox,
	    "one", assert_owed(outbox, "one", manifest, "public/a public/b public/c "));
	NOTE(outbox, "-public/gone");
	assert_int_equal(outbox_settle(outbox), ST_OK);
	assert_int_equal(outbox_target(outbox, "two"), ST_OK);
	assert_taken(outbox,
	    "two", assert_owed(outbox, "two", manifest, "public/a public/b public/c public/gone "));
	NOTE(outbox, "public/a");
	assert_int_equal(outbox_settle(outbox), ST_OK);
	assert_taken(outbox, "two", assert_owed(outbox, "two", manifest, "public/a "));
	assert_taken(outbox, "one", assert_owed(outbox, "one", manifest, "public/a public/gone "));
	assert_owed(outbox, "two", manifest, "");
	outbox_close(outbox);
	assert_int_equal(driver_open(scratch_path(&scratch, "outbox.db"), DRIVER_READ, &driver),
	    ST_OK);
	assert_int_equal(driver_number(driver, "SELECT count(*) FROM owed", &count), ST_OK);
	assert_int_equal(count, 0);	/* what all have is kept no longer */
	driver_close(driver);
	manifest_close(manifest);
	scratch_clear(&scratch);
}

/*
 * A process that dies between its notes: removals are known, of the rest everything is owed; also
 * when others noted since.
 */
static void
a_round_that_is_cut_short_owes_everything(void **state)
{
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), make_manifest(&scratch));
	struct outbox *outbox = open_outbox(&scratch, "boot");
	struct outbox_mark mark;
	int i;

	(void)state;
	assert_int_equal(outbox_target(outbox, "there"), ST_OK);
	for (i = 0; i < 2; i++) {
		assert_taken(outbox,
		    "there", assert_owed(outbox, "there", manifest,
		    i == 0 ? "public/a public/b public/c "
		    : "public/a public/b public/c public/gone "));
		assert_owed(outbox, "there", manifest, "");
		NOTE(outbox, "public/b", "-public/gone", "public/new");
		outbox_close(outbox);
		outbox = open_outbox(&scratch, "boot");
		if (i == 0)
			continue;
		/* the next publish comes before the next hand-over */
		NOTE(outbox, "public/c");
		assert_int_equal(outbox_settle(outbox), ST_OK);
	}
	mark = assert_owed(outbox, "there", manifest, "public/a public/b public/c public/gone ");
	NOTE(outbox, "public/b");	/* cut short while that is handed over */
	outbox_close(outbox);
	outbox = open_outbox(&scratch, "boot");
	assert_taken(outbox, "there", mark);
	assert_owed(outbox, "there", manifest, "public/a public/b public/c ");
	outbox_close(outbox);
	manifest_close(manifest);
	scratch_clear(&scratch);
}

static void
another_start_of_the_machine_owes_everything(void **state)
{
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), make_manifest(&scratch));
	struct outbox *outbox = open_outbox(&scratch, "boot");

	(void)state;
	assert_int_equal(outbox_target(outbox, "there"), ST_OK);
	assert_taken(outbox,
	    "there", assert_owed(outbox, "there", manifest, "public/a public/b public/c "));
	NOTE(outbox, "-public/gone");
	assert_int_equal(outbox_settle(outbox), ST_OK);
	outbox_close(outbox);
	outbox = open_outbox(&scratch, "another boot");
	assert_taken(outbox,
	    "there", assert_owed(outbox, "there", manifest,
	    "public/a public/b public/c public/gone "));
	outbox_close(outbox);
	outbox = open_outbox(&scratch, "another boot");
	assert_owed(outbox, "there", manifest, "");
	outbox_close(outbox);
	manifest_close(manifest);
	scratch_clear(&scratch);
}

static void
a_damaged_one_is_made_anew(void **state)
{
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), make_manifest(&scratch));
	struct outbox *outbox;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		scratch_write(&scratch, "outbox.db",
		    "not a database, but long enough to have the header of one: 0123456789 "
		    "0123456789 0123456789 0123456789");
		if (i == 0) {		/* who has no target makes none */
			assert_int_equal(outbox_open(scratch_path(&scratch, "outbox.db"), false,
			    "boot", &outbox), ST_UNKNOWN);
			assert_int_equal(access(scratch_path(&scratch, "outbox.db"), F_OK), -1);
			continue;
		}
		outbox = open_outbox(&scratch, "boot");
		assert_int_equal(outbox_target(outbox, "there"), ST_OK);
		assert_owed(outbox, "there", manifest, "public/a public/b public/c ");
		outbox_close(outbox);
	}
	manifest_close(manifest);
	scratch_clear(&scratch);
}

static enum status
refuse(void *handle, const char *path)
{
	(void)path;
	++*(int *)handle;
	return ST_FULL;
}

static void
a_list_that_is_not_taken_stays(void **state)
{
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), make_manifest(&scratch));
	struct outbox *outbox = open_outbox(&scratch, "boot");
	struct outbox_mark mark;
	int calls = 0;

	(void)state;
	assert_int_equal(outbox_target(outbox, "there"), ST_OK);
	assert_int_equal(outbox_owed(outbox, "there", manifest, refuse, &calls, &mark), ST_FULL);
	assert_int_equal(calls, 1);
	assert_owed(outbox, "there", manifest, "public/a public/b public/c ");
	outbox_close(outbox);
	manifest_close(manifest);
	scratch_clear(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_target_is_owed_everything_and_then_what_is_noted),
		cmocka_unit_test(nothing_published_is_nothing_owed),
		cmocka_unit_test(targets_take_turns_and_miss_nothing),
		cmocka_unit_test(a_round_that_is_cut_short_owes_everything),
		cmocka_unit_test(another_start_of_the_machine_owes_everything),
		cmocka_unit_test(a_damaged_one_is_made_anew),
		cmocka_unit_test(a_list_that_is_not_taken_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
