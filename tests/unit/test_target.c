// SPDX-License-Identifier: ISC
/* test_target.c: what --to may name, and what rsync is given. */
#include "tests/unit/scratch.h"

#include <limits.h>

#include "gen/target.h"

static void
only_places_and_commands_are_targets(void **state)
{
	static const char *const valid[] = { "out", "/srv/www/", "cat", "./deploy.sh --fast", "-",
	"rsync", "rsync -a . there",
		"rsync:host:p", "rsync:me@host:/srv/www", "rsync:host::module/p", "rsync:[::1]:p",
		"rsync:me@[fe80::1]:p", "rsync://host/module", "rsync://me@host:873/module/p",
		"rsync:host:p@q", "rsync:host:-p" };
	static const char *const invalid[] = { "", " \t\n", "rsync:", "rsync:host", "rsync:host:",
	"rsync:host/path", "rsync::p", "rsync:-oProxyCommand=x:p",
		"rsync:me@-oProxyCommand=x:p", "rsync:@host:p", "rsync:me@:p", "rsync://",
		"rsync:///p", "rsync://host", "rsync://host/",
		"rsync://-host/module", "rsync://me@-host/module" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof valid / sizeof valid[0]; i++)
		if (!target_is_valid(valid[i]))
			fail_msg("“%s” should be one", valid[i]);
	for (i = 0; i < sizeof invalid / sizeof invalid[0]; i++)
		if (target_is_valid(invalid[i]))
			fail_msg("“%s” should be none", invalid[i]);
}

static void
a_folder_is_one_that_is_there_or_ends_in_a_slash(void **state)
{
	struct scratch scratch;
	char place[PATH_MAX + 8], path[PATH_MAX];

	(void)state;
	scratch_init(&scratch);
	scratch_folder(&scratch, "there");
	scratch_write(&scratch, "program", "");
	assert_int_equal(target_kind(scratch_path(&scratch, "there")), TARGET_FOLDER);
	assert_int_equal(target_kind(scratch_path(&scratch, "missing")), TARGET_COMMAND);
	assert_int_equal(target_kind(scratch_path(&scratch, "missing/")), TARGET_FOLDER);
	assert_int_equal(target_kind(scratch_path(&scratch, "program")), TARGET_COMMAND);
	assert_int_equal(target_kind("rsync:host:p/"), TARGET_REMOTE);
	assert_int_equal(chdir(scratch.folder), 0);
	target_folder("there/../there//", path);
	assert_string_equal(path, scratch_path(&scratch, "there"));
	target_folder("missing//", path);
	assert_string_equal(path, scratch_path(&scratch, "missing"));
	target_folder("there/missing/", path);
	assert_string_equal(path, scratch_path(&scratch, "there/missing"));
	target_folder("/", path);
	assert_string_equal(path, "/");
	target_folder("/no such folder", path);
	assert_string_equal(path, "/no such folder");
	target_folder("no/such/folder/", path);
	/* rsync will say so */
	assert_string_equal(path, scratch_path(&scratch, "no/such/folder"));
	target_folder("/no/such/folder", path);
	assert_string_equal(path, "/no/such/folder");
	target_place("there", place, sizeof place);
	assert_string_equal(place, scratch_path(&scratch, "there/"));
	target_place("rsync:me@host:p", place, sizeof place);
	assert_string_equal(place, "me@host:p/");
	target_place("rsync://host/module", place, sizeof place);
	assert_string_equal(place, "rsync://host/module/");
	assert_int_equal(chdir("/"), 0);
	scratch_clear(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_places_and_commands_are_targets),
		cmocka_unit_test(a_folder_is_one_that_is_there_or_ends_in_a_slash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
