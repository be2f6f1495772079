// SPDX-License-Identifier: ISC
/*
 * test_manifest.c: which page made which file: paths that move, swap, collide and go; a damaged and
 * an older manifest.
 */
#include "tests/unit/scratch.h"

#include "db/manifest.h"

static struct manifest *
open_writer(struct scratch *scratch)
{
	struct manifest *manifest;

	assert_int_equal(manifest_open(scratch_path(scratch, "manifest.db"), true, &manifest),
	    ST_OK);
	assert_non_null(manifest);
	return manifest;
}

/* Commit what was put, and say what is gone: "a b ". */
static enum status
collect_path(void *handle, const char *path)
{
	buffer_format(handle, "%s ", path);
	return ST_OK;
}

static void
assert_gone(struct manifest *manifest, const char *expected)
{
	struct buffer list = { 0 };

	assert_int_equal(manifest_gone(manifest, collect_path, &list), ST_OK);
	assert_string_equal(buffer_text(&list), expected);
	buffer_clear(&list);
}

static void
commit(struct manifest *manifest)
{
	const struct manifest_state state = { .since = 7, .then = 8, .origin = "here" };

	assert_int_equal(manifest_commit(manifest, &state), ST_OK);
}

static void
put(struct manifest *manifest, const char *name, const char *key, const char *path)
{
	if (manifest_put(manifest, name, key, path, &(bool){ false }) != ST_OK)
		fail_msg("%s", manifest_why(manifest));
}

static void
append(void *handle, const char *text, size_t length)
{
	buffer_append(handle, text, length);
}

static void
texts_stay_until_they_are_forgotten(void **state)
{
	struct scratch scratch;
	struct manifest *manifest;
	struct buffer text = { 0 };

	(void)state;
	scratch_init(&scratch);
	manifest = open_writer(&scratch);
	assert_false(manifest_text(manifest, "a.html", "en", append, &text));
	assert_int_equal(manifest_begin(manifest), ST_OK);
	assert_int_equal(manifest_text_put(manifest, "a.html", "en", "old"), ST_OK);
	assert_int_equal(manifest_text_put(manifest, "a.html", "en", "one"), ST_OK);
	assert_int_equal(manifest_text_put(manifest, "a.html", "de", "eins"), ST_OK);
	commit(manifest);
	manifest_close(manifest);
	manifest = open_writer(&scratch);
	assert_true(manifest_text(manifest, "a.html", "en", append, &text));
	assert_true(manifest_text(manifest, "a.html", "de", append, &text));
	assert_false(manifest_text(manifest, "b.html", "en", append, &text));
	assert_string_equal(buffer_text(&text), "oneeins");
	assert_int_equal(manifest_text_forget(manifest), ST_OK);
	assert_false(manifest_text(manifest, "a.html", "de", append, &text));
	buffer_clear(&text);
	manifest_close(manifest);
	scratch_clear(&scratch);
}

/* It names the secret addresses of screens. */
static void
it_is_for_its_owner_alone(void **state)
{
	struct scratch scratch;
	struct stat info;
	int file;

	(void)state;
	scratch_init(&scratch);
	file = open(scratch_path(&scratch, "manifest.db"), O_WRONLY | O_CREAT, 0644);
	assert_true(file >= 0);
	assert_int_equal(close(file), 0);
	manifest_close(open_writer(&scratch));
	assert_int_equal(stat(scratch_path(&scratch, "manifest.db"), &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	/* And for the group of a site that was shared with it. */
	assert_int_equal(chmod(scratch.folder, 02755), 0);
	manifest_close(open_writer(&scratch));
	assert_int_equal(stat(scratch_path(&scratch, "manifest.db"), &info), 0);
	assert_int_equal(info.st_mode & 0777, 0640);
	scratch_clear(&scratch);
}

static void
what_is_put_stays_until_it_goes(void **state)
{
	struct scratch scratch;
	struct manifest *manifest, *reader;

	(void)state;
	scratch_init(&scratch);
	assert_int_equal(manifest_open(scratch_path(&scratch, "manifest.db"), false, &reader),
	    ST_UNKNOWN);
	assert_null(reader);
	manifest = open_writer(&scratch);
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "1", "public/a.html");
	put(manifest, "run", "2", "public/b.html");
	put(manifest, "home", "1", "public/index.html");	/* the same key on another page */
	assert_gone(manifest, "");
	commit(manifest);
	assert_int_equal(manifest_open(scratch_path(&scratch, "manifest.db"), false, &reader),
	    ST_OK);
	assert_true(manifest_has(reader, "public/a.html"));
	assert_false(manifest_has(reader, "public/c.html"));

	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "1", "public/c.html");		/* moves */
	/* put in this publish: it stays */
	assert_int_equal(manifest_drop(manifest, "run", "1"), ST_OK);
	assert_int_equal(manifest_drop(manifest, "run", "2"), ST_OK);
	assert_int_equal(manifest_drop(manifest, "run", "3"), ST_OK);	/* never was */
	assert_int_equal(manifest_keep(manifest), ST_OK);
	assert_true(manifest_has(reader, "public/a.html"));	/* as long as it may be there */
	assert_gone(manifest, "public/a.html public/b.html ");
	assert_true(manifest_has(reader, "public/a.html"));	/* until the commit */
	commit(manifest);
	assert_false(manifest_has(reader, "public/a.html"));
	assert_false(manifest_has(reader, "public/b.html"));
	assert_true(manifest_has(reader, "public/c.html"));
	assert_true(manifest_has(reader, "public/index.html"));
	manifest_close(reader);
	manifest_close(manifest);
	manifest_close(NULL);
	scratch_clear(&scratch);
}

static void
pages_may_swap_paths(void **state)
{
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), open_writer(&scratch));

	(void)state;
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "1", "public/a.html");
	put(manifest, "run", "2", "public/b.html");
	put(manifest, "run", "3", "public/c.html");
	commit(manifest);
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "1", "public/b.html");
	put(manifest, "run", "2", "public/a.html");
	assert_gone(manifest, "");
	commit(manifest);
	/* In a ring, and the last one out. */
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "1", "public/a.html");
	put(manifest, "run", "2", "public/c.html");
	put(manifest, "run", "3", "public/d.html");
	assert_gone(manifest, "public/b.html ");
	commit(manifest);
	/* A page that goes leaves its path to another. */
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "4", "public/a.html");
	assert_int_equal(manifest_drop(manifest, "run", "1"), ST_OK);
	assert_gone(manifest, "");
	commit(manifest);
	assert_true(manifest_has(manifest, "public/a.html"));
	manifest_close(manifest);
	scratch_clear(&scratch);
}

static void
two_pages_on_one_path_are_refused(void **state)
{
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), open_writer(&scratch));
	char key[400];

	(void)state;
	memset(key, 'k', sizeof key - 1);
	key[sizeof key - 1] = '\0';
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "1", "public/a.html");
	assert_int_equal(manifest_put(manifest, "home", "x", "public/a.html", &(bool){ false }),
	    ST_EXISTS);
	assert_string_equal(manifest_why(manifest),
	    "public/a.html is also made by page run, key 1");
	/* However long the key of the first is. */
	put(manifest, "run", key, "public/long.html");
	assert_int_equal(manifest_put(manifest, "home", "y", "public/long.html", &(bool){ false }),
	    ST_EXISTS);
	assert_int_equal(manifest_put(manifest, "run", "1", "public/b.html", &(bool){ false }),
	    ST_EXISTS);
	assert_string_equal(manifest_why(manifest), "page run gives two rows of key 1");
	manifest_rollback(manifest);
	assert_false(manifest_has(manifest, "public/a.html"));
	/* Also when the path was the other's before, and the other comes later in this publish. */
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "1", "public/a.html");
	commit(manifest);
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "2", "public/a.html");
	assert_int_equal(manifest_put(manifest, "run", "1", "public/a.html", &(bool){ false }),
	    ST_EXISTS);
	manifest_rollback(manifest);
	manifest_close(manifest);
	scratch_clear(&scratch);
}

static void
take_source(void *handle, const char *name, const uint8_t hash[MANIFEST_HASH_BYTES], uint32_t kinds)
{
	assert_string_equal(name, "run");
	assert_int_equal(hash[0], 2);
	*(uint32_t *)handle += kinds;
}

static void
unseen_pages_and_unknown_names_go(void **state)
{
	static const char *const names[] = { "run", "home", NULL };
	const uint8_t one[MANIFEST_HASH_BYTES] = { 1 }, two[MANIFEST_HASH_BYTES] = { 2 };
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), open_writer(&scratch));
	uint32_t seen = 0;

	(void)state;
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "1", "public/a.html");
	put(manifest, "run", "2", "public/b.html");
	put(manifest, "home", "1", "public/index.html");
	put(manifest, "old", "1", "public/old.html");
	assert_false(manifest_is_source(manifest, "old", one));
	assert_int_equal(manifest_source(manifest, "old", one, 5), ST_OK);
	assert_int_equal(manifest_source(manifest, "run", one, 5), ST_OK);
	commit(manifest);
	assert_true(manifest_is_source(manifest, "run", one));
	assert_false(manifest_is_source(manifest, "run", two));
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "2", "public/b.html");
	assert_int_equal(manifest_drop_unseen(manifest, "run"), ST_OK);
	assert_int_equal(manifest_drop_others(manifest, names), ST_OK);
	assert_int_equal(manifest_source(manifest, "run", two, 9), ST_OK);
	assert_gone(manifest, "public/a.html public/old.html ");
	commit(manifest);
	assert_true(manifest_has(manifest, "public/b.html"));
	assert_true(manifest_has(manifest, "public/index.html"));
	assert_false(manifest_has(manifest, "public/old.html"));
	assert_false(manifest_is_source(manifest, "old", one));
	assert_true(manifest_is_source(manifest, "run", two));
	assert_int_equal(manifest_each_source(manifest, take_source, &seen), ST_OK);
	assert_int_equal(seen, 9);	/* of “run” alone, as it was noted last */
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
state_is_kept_with_the_commit_alone(void **state)
{
	const struct manifest_state kept = { .since = INT64_MAX, .then = 1795198800,
	.origin = "0123456789abcdef0123456789abcdef",
		.stamp = { 1, 0, 255 }, .is_packed = true };
	struct manifest_state found;
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), open_writer(&scratch));
	int calls = 0;

	(void)state;
	assert_int_equal(manifest_state(manifest, &found), ST_OK);
	assert_int_equal(found.since, 0);
	assert_string_equal(found.origin, "");
	assert_memory_equal(found.stamp, ((const uint8_t[MANIFEST_HASH_BYTES]){ 0 }),
	    sizeof found.stamp);
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "1", "public/a.html");
	assert_int_equal(manifest_commit(manifest, &kept), ST_OK);
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "1", "public/b.html");
	assert_int_equal(manifest_gone(manifest, refuse, &calls), ST_FULL);
	assert_int_equal(calls, 1);
	manifest_rollback(manifest);
	manifest_close(manifest);
	manifest = open_writer(&scratch);
	assert_int_equal(manifest_state(manifest, &found), ST_OK);
	assert_int_equal(found.since, kept.since);
	assert_int_equal(found.then, kept.then);
	assert_string_equal(found.origin, kept.origin);
	assert_memory_equal(found.stamp, kept.stamp, sizeof found.stamp);
	assert_true(found.is_packed);
	assert_true(manifest_has(manifest, "public/a.html"));
	manifest_close(manifest);
	scratch_clear(&scratch);
}

static void
a_damaged_one_is_made_anew(void **state)
{
	static const char *const damage[] = { "",
	    "not a database, but long enough to have the header of one: 0123456789 0123456789 "
	    "0123456789 0123456789" };
	struct manifest_state found;
	struct scratch scratch;
	struct manifest *manifest;
	struct driver *driver;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		scratch_init(&scratch);
		manifest = open_writer(&scratch);
		assert_int_equal(manifest_begin(manifest), ST_OK);
		put(manifest, "run", "1", "public/a.html");
		commit(manifest);
		manifest_close(manifest);
		if (i < 2) {
			scratch_write(&scratch, "manifest.db", damage[i]);
		} else {		/* of another version */
			assert_int_equal(driver_open(scratch_path(&scratch, "manifest.db"),
			    DRIVER_WRITE, &driver), ST_OK);
			assert_int_equal(driver_run(driver, "PRAGMA user_version = 99"), ST_OK);
			driver_close(driver);
		}
		/* A reader mends nothing. */
		assert_int_not_equal(manifest_open(scratch_path(&scratch, "manifest.db"), false,
		    &manifest), ST_OK);
		assert_null(manifest);
		manifest = open_writer(&scratch);
		assert_int_equal(manifest_state(manifest, &found), ST_OK);
		assert_int_equal(found.since, 0);
		assert_int_equal(manifest_has(manifest, "public/a.html"), i == 2);
		/* what can still be read is not forgotten */
		assert_gone(manifest, i == 2 ? "public/a.html " : "");
		manifest_close(manifest);
		scratch_clear(&scratch);
	}
}

/*
 * Opened well, it turns out to be damaged: that is told apart from other failures, and what can
 * still be read is kept as gone.
 */
static void
damage_that_shows_late_is_known(void **state)
{
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), open_writer(&scratch));
	char key[16], path[400];
	int file, i;
	enum status status = ST_OK;

	(void)state;
	assert_int_equal(manifest_begin(manifest), ST_OK);
	for (i = 0; i < 200; i++) {
		snprintf(key, sizeof key, "%d", i);
		snprintf(path, sizeof path, "public/runs/%0300d.html", i);
		put(manifest, "run", key, path);
	}
	commit(manifest);
	manifest_close(manifest);
	file = open(scratch_path(&scratch, "manifest.db"), O_WRONLY);
	assert_true(file >= 0);
	for (i = 2; i < 40; i++)	/* the last pages of the tables */
		assert_int_equal(pwrite(file, "\xff\xff\xff\xff\xff\xff\xff\xff\xff", 9,
		    (off_t)i * 4096), 9);
	assert_int_equal(close(file), 0);
	manifest = open_writer(&scratch);
	assert_false(manifest_is_damaged(manifest));
	assert_int_equal(manifest_begin(manifest), ST_OK);
	for (i = 0; i < 200 && status == ST_OK; i++) {
		snprintf(key, sizeof key, "%d", i);
		status = manifest_put(manifest, "run", key, "public/a.html", &(bool){ false });
	}
	assert_int_equal(status, ST_FAULT);
	assert_true(manifest_is_damaged(manifest));
	manifest_close(manifest);
	assert_int_equal(manifest_renew(scratch_path(&scratch, "manifest.db"), &manifest), ST_OK);
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "run", "1", "public/a.html");
	commit(manifest);
	assert_true(manifest_has(manifest, "public/a.html"));
	manifest_close(manifest);
	scratch_clear(&scratch);
}

/*
 * Thousands of changed pages do not fit the cache; written early, they would shut readers out until
 * the commit.
 */
static void
a_large_publish_shuts_no_reader_out(void **state)
{
	struct scratch scratch;
	struct manifest *manifest = (scratch_init(&scratch), open_writer(&scratch)), *reader;
	char key[16], path[400];
	int i;

	(void)state;
	assert_int_equal(manifest_begin(manifest), ST_OK);
	put(manifest, "home", "1", "public/index.html");
	commit(manifest);
	assert_int_equal(manifest_open(scratch_path(&scratch, "manifest.db"), false, &reader),
	    ST_OK);
	assert_int_equal(manifest_begin(manifest), ST_OK);
	for (i = 0; i < 16000; i++) {
		snprintf(key, sizeof key, "%d", i);
		snprintf(path, sizeof path, "public/runs/%0300d.html", i);
		put(manifest, "run", key, path);
	}
	assert_true(manifest_has(reader, "public/index.html"));
	commit(manifest);
	assert_true(manifest_has(reader, "public/index.html"));
	manifest_close(reader);
	manifest_close(manifest);
	scratch_clear(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_stay_until_they_are_forgotten),
		cmocka_unit_test(it_is_for_its_owner_alone),
		cmocka_unit_test(what_is_put_stays_until_it_goes),
		cmocka_unit_test(pages_may_swap_paths),
		cmocka_unit_test(two_pages_on_one_path_are_refused),
		cmocka_unit_test(unseen_pages_and_unknown_names_go),
		cmocka_unit_test(state_is_kept_with_the_commit_alone),
		cmocka_unit_test(a_damaged_one_is_made_anew),
		cmocka_unit_test(damage_that_shows_late_is_known),
		cmocka_unit_test(a_large_publish_shuts_no_reader_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
