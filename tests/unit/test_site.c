// SPDX-License-Identifier: ISC
/*
 * test_site.c: careful writing of files: equal ones are left alone, times move on, links are not
 * followed, nothing outside is touched, no half page is seen.
 */
#include "tests/unit/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "gen/site.h"

struct scene {
	struct scratch	 scratch;
	struct site	*site;
};

static void
scene_open(struct scene *scene)
{
	scratch_init(&scene->scratch);
	assert_int_equal(site_open(scratch_path(&scene->scratch, "site"), 0, &scene->site), ST_OK);
}

static void
scene_close(struct scene *scene)
{
	site_close(scene->site);
	scratch_clear(&scene->scratch);
}

/* Write what is not there already. */
static enum status
site_write(struct site *site, const char *path, const char *data, size_t length,
    enum site_change *change)
{
	enum status status = site_look(site, path, data, length, change);

	return status == ST_OK && *change != SITE_SAME ? site_put(site, data, length) : status;
}

/* The same, and say whether it was changed; it must work. */
static bool
put(struct scene *scene, const char *path, const char *text)
{
	enum site_change change;

	if (site_write(scene->site, path, text, strlen(text), &change) != ST_OK)
		fail_msg("%s", site_why(scene->site));
	return change != SITE_SAME;
}

static struct stat
look(struct scene *scene, const char *path)
{
	struct stat info;

	if (lstat(scratch_path(&scene->scratch, path), &info) != 0)
		fail_msg("%s: %s", path, strerror(errno));
	return info;
}

static void
equal_files_are_left_alone(void **state)
{
	struct scene scene;
	struct stat before, after;

	(void)state;
	scene_open(&scene);
	assert_true(put(&scene, "public/runs/a/index.html", "one"));
	before = look(&scene, "site/public/runs/a/index.html");
	assert_false(put(&scene, "public/runs/a/index.html", "one"));
	after = look(&scene, "site/public/runs/a/index.html");
	assert_int_equal(before.st_ino, after.st_ino);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof before.st_mtim);
	/* Longer, shorter, the same length, empty. */
	assert_true(put(&scene, "public/runs/a/index.html", "one more"));
	assert_true(put(&scene, "public/runs/a/index.html", "one mare"));
	assert_true(put(&scene, "public/runs/a/index.html", "one"));
	assert_true(put(&scene, "public/runs/a/index.html", ""));
	assert_false(put(&scene, "public/runs/a/index.html", ""));
	scratch_assert_file(&scene.scratch, "site/public/runs/a/index.html", "");
	assert_int_equal(access(scratch_path(&scene.scratch, "site/new-0"), F_OK), -1);
	scene_close(&scene);
}

static void
times_move_on_by_a_second(void **state)
{
	const struct timespec future[2] = { { .tv_nsec = UTIME_OMIT },
	    { .tv_sec = 4000000000, .tv_nsec = 5 } };
	struct scene scene;
	struct stat before, after;
	char text[32];
	int i;

	(void)state;
	scene_open(&scene);
	put(&scene, "public/live.json", "0");
	before = look(&scene, "site/public/live.json");
	for (i = 1; i < 20; i++) {
		snprintf(text, sizeof text, "%d", i);
		assert_true(put(&scene, "public/live.json", text));
		after = look(&scene, "site/public/live.json");
		assert_true(after.st_mtim.tv_sec > before.st_mtim.tv_sec);
		before = after;
	}
	/* Even when the old one is from the future. */
	assert_int_equal(utimensat(AT_FDCWD, scratch_path(&scene.scratch, "site/public/live.json"),
	    future, 0), 0);
	assert_true(put(&scene, "public/live.json", "later"));
	assert_int_equal(look(&scene, "site/public/live.json").st_mtim.tv_sec, 4000000001);
	/* One that is old comes to the present, not a second behind what it was. */
	before = look(&scene, "site/lock");
	assert_int_equal(utimensat(AT_FDCWD, scratch_path(&scene.scratch, "site/public/live.json"),
	    (const struct timespec[2]){ { .tv_sec = 1000 }, { .tv_sec = 1000 } }, 0), 0);
	put(&scene, "public/live.json", "now");
	assert_true(look(&scene, "site/public/live.json").st_mtim.tv_sec >= before.st_mtim.tv_sec);
	scene_close(&scene);
}

/* A packed copy tells by its time what it was made from. */
static void
a_file_beside_has_the_time_of_the_other(void **state)
{
	struct scene scene;
	struct stat page, packed;
	enum site_change change;

	(void)state;
	scene_open(&scene);
	put(&scene, "public/page.html", "one");
	assert_int_equal(site_look(scene.site, "public/page.html.gz", "packed", 6, &change), ST_OK);
	assert_int_equal(site_put_beside(scene.site, "public/page.html", "packed", 6), ST_OK);
	page = look(&scene, "site/public/page.html");
	packed = look(&scene, "site/public/page.html.gz");
	assert_memory_equal(&page.st_mtim, &packed.st_mtim, sizeof page.st_mtim);
	assert_int_equal(site_look(scene.site, "public/page.html", "one", 3, &change), ST_OK);
	assert_int_equal(change, SITE_SAME);
	assert_true(site_has_beside(scene.site, "public/page.html.gz"));
	assert_false(site_has_beside(scene.site, "public/page.html.br"));
	/* A kill came before the copy was made anew. */
	put(&scene, "public/page.html", "two");
	assert_int_equal(site_look(scene.site, "public/page.html", "two", 3, &change), ST_OK);
	assert_false(site_has_beside(scene.site, "public/page.html.gz"));
	/* The same content again: its time at least. */
	assert_int_equal(site_look(scene.site, "public/page.html.gz", "packed", 6, &change), ST_OK);
	assert_int_equal(site_put_beside(scene.site, "public/page.html", "packed", 6), ST_OK);
	assert_int_equal(site_look(scene.site, "public/page.html", "two", 3, &change), ST_OK);
	assert_true(site_has_beside(scene.site, "public/page.html.gz"));
	scene_close(&scene);
}

static void
modes_say_who_may_read(void **state)
{
	static const mode_t masks[] = { 022, 077, 0 };
	struct scene scene;
	mode_t old;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof masks / sizeof masks[0]; i++) {
		old = umask(masks[i]);
		scene_open(&scene);
		put(&scene, "public/runs/a/index.html", "x");
		put(&scene, "private/host/a.json", "x");
		umask(old);
		assert_int_equal(look(&scene, "site/public/runs/a/index.html").st_mode & 07777,
		    0644);
		assert_int_equal(look(&scene, "site/public/runs/a").st_mode & 07777, 0755);
		assert_int_equal(look(&scene, "site/public").st_mode & 07777, 0755);
		assert_int_equal(look(&scene, "site/private/host/a.json").st_mode & 07777, 0600);
		assert_int_equal(look(&scene, "site/private/host").st_mode & 07777, 0700);
		assert_int_equal(look(&scene, "site/private").st_mode & 07777, 0700);
		/* A mode that somebody changed is put right. */
		assert_int_equal(chmod(scratch_path(&scene.scratch, "site/private/host/a.json"),
		    0644), 0);
		assert_true(put(&scene, "private/host/a.json", "x"));
		assert_int_equal(look(&scene, "site/private/host/a.json").st_mode & 07777, 0600);
		scene_close(&scene);
	}
}

/*
 * The group of a folder with set-group-ID reads what is private; a site that gets the bit later is
 * put right file by file.
 */
static void
a_shared_site_is_for_its_group(void **state)
{
	static const mode_t masks[] = { 022, 077, 0 };
	struct scene scene;
	mode_t old;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof masks / sizeof masks[0]; i++) {
		scratch_init(&scene.scratch);
		assert_int_equal(mkdir(scratch_path(&scene.scratch, "site"), 0755), 0);
		assert_int_equal(chmod(scratch_path(&scene.scratch, "site"), 02755), 0);
		old = umask(masks[i]);
		assert_int_equal(site_open(scratch_path(&scene.scratch, "site"), 0, &scene.site),
		    ST_OK);
		put(&scene, "public/index.html", "x");
		put(&scene, "private/host/a.json", "x");
		umask(old);
		assert_int_equal(look(&scene, "site/public/index.html").st_mode & 07777, 0644);
		assert_int_equal(look(&scene, "site/private/host/a.json").st_mode & 07777, 0640);
		assert_int_equal(look(&scene, "site/private/host").st_mode & 0777, 0750);
		assert_int_equal(look(&scene, "site/private").st_mode & 0777, 0750);
		assert_int_equal(chmod(scratch_path(&scene.scratch, "site/private/host/a.json"),
		    0600), 0);
		assert_true(put(&scene, "private/host/a.json", "x"));
		assert_int_equal(look(&scene, "site/private/host/a.json").st_mode & 07777, 0640);
		scene_close(&scene);
	}
}

/* What a kill left behind may be open somewhere: a secret is never written into it. */
static void
a_left_file_gets_no_secret(void **state)
{
	struct scene scene;
	char seen[8];
	int file;

	(void)state;
	scene_open(&scene);
	scratch_write(&scene.scratch, "site/new-0", "half");
	file = open(scratch_path(&scene.scratch, "site/new-0"), O_RDONLY | O_CLOEXEC);
	assert_true(file >= 0);
	assert_true(put(&scene, "private/host/a.json", "secret"));
	assert_int_equal(read(file, seen, sizeof seen), 4);
	assert_memory_equal(seen, "half", 4);
	assert_int_equal(close(file), 0);
	scene_close(&scene);
}

static void
links_are_not_followed(void **state)
{
	struct scene scene;
	enum site_change change;

	(void)state;
	scene_open(&scene);
	put(&scene, "public/index.html", "x");
	scratch_write(&scene.scratch, "secret", "secret");
	scratch_folder(&scene.scratch, "outside");
	scratch_write(&scene.scratch, "outside/page.html", "outside");
	scratch_folder(&scene.scratch, "outside/empty");

	/*
	 * A link as the target is replaced, not written through, even when what it points to is
	 * equal.
	 */
	assert_int_equal(symlink("../../secret",
	    scratch_path(&scene.scratch, "site/public/link.html")), 0);
	assert_true(put(&scene, "public/link.html", "secret"));
	assert_true(S_ISREG(look(&scene, "site/public/link.html").st_mode));
	put(&scene, "public/link.html", "other");
	scratch_assert_file(&scene.scratch, "secret", "secret");

	/* A link as a folder is refused, for what is there, what is not, and for removing. */
	assert_int_equal(symlink("../../outside",
	    scratch_path(&scene.scratch, "site/public/folder")), 0);
	assert_int_equal(site_write(scene.site, "public/folder/page.html", "x", 1, &change),
	    ST_FAULT);
	assert_int_equal(site_write(scene.site, "public/folder/new.html", "x", 1, &change),
	    ST_FAULT);
	assert_int_equal(site_write(scene.site, "public/folder/sub/new.html", "x", 1, &change),
	    ST_FAULT);
	assert_int_equal(site_remove(scene.site, "public/folder/page.html"), ST_FAULT);
	assert_int_equal(site_remove(scene.site, "public/folder/empty/page.html"), ST_FAULT);
	assert_non_null(strstr(site_why(scene.site),
	    "A symbolic link stands there, and none is followed: move it away, then publish "
	    "again."));
	scratch_assert_file(&scene.scratch, "outside/page.html", "outside");
	assert_int_equal(access(scratch_path(&scene.scratch, "outside/new.html"), F_OK), -1);
	assert_int_equal(access(scratch_path(&scene.scratch, "outside/sub"), F_OK), -1);
	assert_int_equal(access(scratch_path(&scene.scratch, "outside/empty"), F_OK), 0);
	/* A dangling one too. */
	assert_int_equal(symlink("../../nowhere",
	    scratch_path(&scene.scratch, "site/public/dangling")), 0);
	assert_int_equal(site_write(scene.site, "public/dangling/new.html", "x", 1, &change),
	    ST_FAULT);
	assert_int_equal(access(scratch_path(&scene.scratch, "nowhere"), F_OK), -1);
	scene_close(&scene);
}

/* Look at what nobody made so far, and write it where it is no other. */
static enum status
add(struct scene *scene, const char *path, const char *text, enum site_change *change)
{
	enum status status = site_look_new(scene->site, path, text, strlen(text), change);

	return status == ST_OK && *change != SITE_SAME ? site_put(scene->site, text, strlen(text))
	    : status;
}

static void
what_is_new_is_looked_at_where_folders_are(void **state)
{
	struct scene scene;
	enum site_change change;

	(void)state;
	scene_open(&scene);
	assert_int_equal(add(&scene, "public/a/b/index.html", "one", &change), ST_OK);
	assert_int_equal(change, SITE_ADDED);
	scratch_assert_file(&scene.scratch, "site/public/a/b/index.html", "one");
	/* What stands there although nobody knew. */
	assert_int_equal(add(&scene, "public/a/b/index.html", "one", &change), ST_OK);
	assert_int_equal(change, SITE_SAME);
	assert_int_equal(add(&scene, "public/a/b/index.html", "two", &change), ST_OK);
	assert_int_equal(change, SITE_CHANGED);
	scratch_assert_file(&scene.scratch, "site/public/a/b/index.html", "two");
	assert_int_equal(add(&scene, "public/a/b/other.html", "x", &change), ST_OK);
	assert_int_equal(change, SITE_ADDED);
	assert_int_equal(add(&scene, "public/a/../c.html", "x", &change), ST_REFUSED);
	/* Folders that were taken away meanwhile, all of them. */
	assert_int_equal(rename(scratch_path(&scene.scratch, "site/public"),
	    scratch_path(&scene.scratch, "away")), 0);
	assert_int_equal(add(&scene, "public/a/b/c/index.html", "x", &change), ST_OK);
	scratch_assert_file(&scene.scratch, "site/public/a/b/c/index.html", "x");
	/* Nothing is made behind a link, nor behind one that came since the site was taken. */
	scratch_folder(&scene.scratch, "outside");
	assert_int_equal(symlink("../../outside", scratch_path(&scene.scratch,
	    "site/public/link")), 0);
	assert_int_equal(add(&scene, "public/link/d/index.html", "x", &change), ST_FAULT);
	assert_int_equal(add(&scene, "public/link/index.html", "x", &change), ST_FAULT);
	assert_int_equal(add(&scene, "public/link/d/index.html", "x", &change), ST_FAULT);
	assert_int_equal(rename(scratch_path(&scene.scratch, "site/public/a"),
	    scratch_path(&scene.scratch, "away/again")), 0);
	assert_int_equal(symlink("../../outside", scratch_path(&scene.scratch, "site/public/a")),
	    0);
	site_unlock(scene.site);
	assert_int_equal(site_lock(scene.site, 0), ST_OK);
	assert_int_equal(add(&scene, "public/a/d/index.html", "x", &change), ST_FAULT);
	assert_int_equal(access(scratch_path(&scene.scratch, "outside/d"), F_OK), -1);
	assert_int_equal(access(scratch_path(&scene.scratch, "outside/index.html"), F_OK), -1);
	scene_close(&scene);
}

static void
paths_are_plain_names(void **state)
{
	static const char *const good[] = { "index.html", "public/index.html",
	    "public/runs/2026-11-20/a-1830/index.html", "public/R/index.html", "public/Ä.html",
	    "a..b" };
	static const char *const bad[] = { "", "/", "/etc/passwd", "public/", "public//a",
	"public/../a", "..", "../a", "public/.htaccess", ".", "public/./a",
		"public/a b", "public/a\nb", "public/a\\b", "public/a\x7f" };
	char text[1200];
	struct scene scene;
	enum site_change change;
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(site_path_valid(good[i]));
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(site_path_valid(bad[i]));
		assert_int_equal(site_write(scene.site, bad[i], "x", 1, &change), ST_REFUSED);
		assert_int_equal(site_remove(scene.site, bad[i]), ST_REFUSED);
	}
	memset(text, 'a', sizeof text);
	text[201] = '\0';
	assert_false(site_path_valid(text));
	text[200] = '\0';
	assert_true(site_path_valid(text));
	for (i = 0; i < sizeof text - 1; i++)
		text[i] = i % 100 == 99 ? '/' : 'a';
	text[1024] = '\0';
	assert_false(site_path_valid(text));
	text[1023] = '\0';
	assert_true(site_path_valid(text));
	scene_close(&scene);
}

static void
removing_takes_empty_folders_along(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	put(&scene, "public/runs/a/b/index.html", "x");
	put(&scene, "public/runs/a/other.html", "x");
	assert_int_equal(site_remove(scene.site, "public/runs/a/b/index.html"), ST_OK);
	assert_int_equal(access(scratch_path(&scene.scratch, "site/public/runs/a/b"), F_OK), -1);
	scratch_assert_file(&scene.scratch, "site/public/runs/a/other.html", "x");
	assert_int_equal(site_remove(scene.site, "public/runs/a/other.html"), ST_OK);
	assert_int_equal(access(scratch_path(&scene.scratch, "site/public"), F_OK), -1);
	assert_int_equal(access(scratch_path(&scene.scratch, "site/lock"), F_OK), 0);
	/* A kill came between making folders and the file in them. */
	scratch_folder(&scene.scratch, "site/public");
	scratch_folder(&scene.scratch, "site/public/runs");
	scratch_folder(&scene.scratch, "site/public/runs/b");
	assert_int_equal(site_remove(scene.site, "public/runs/b/c/index.html"), ST_OK);
	assert_int_equal(access(scratch_path(&scene.scratch, "site/public"), F_OK), -1);
	/* Again, and what never was. */
	assert_int_equal(site_remove(scene.site, "public/runs/a/other.html"), ST_OK);
	assert_int_equal(site_remove(scene.site, "public/never.html"), ST_OK);
	assert_int_equal(site_remove(scene.site, "never.html"), ST_OK);
	scene_close(&scene);
}

/* A file where a folder must be, a folder where a file must be: said, and nothing half done. */
static void
obstacles_are_told(void **state)
{
	struct scene scene;
	enum site_change change;

	(void)state;
	scene_open(&scene);
	put(&scene, "public/a", "file");
	assert_int_equal(site_write(scene.site, "public/a/index.html", "x", 1, &change), ST_FAULT);
	assert_non_null(strstr(site_why(scene.site), "public/a/index.html"));
	put(&scene, "public/b/index.html", "x");
	assert_int_equal(site_write(scene.site, "public/b", "x", 1, &change), ST_FAULT);
	assert_int_equal(site_remove(scene.site, "public/b"), ST_FAULT);
	scratch_assert_file(&scene.scratch, "site/public/a", "file");
	scratch_assert_file(&scene.scratch, "site/public/b/index.html", "x");
	scene_close(&scene);
}

/*
 * The write stops in the middle, as on a full disk: the old file stays whole, and no half one
 * beside it.
 */
static void
no_room_keeps_the_old(void **state)
{
	struct scene scene;
	struct rlimit old, low;
	static char large[200000];
	enum status status;
	enum site_change change;

	(void)state;
	scene_open(&scene);
	memset(large, 'x', sizeof large);
	put(&scene, "public/index.html", "old");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	low = (struct rlimit){ .rlim_cur = 100000, .rlim_max = old.rlim_max };
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	status = site_write(scene.site, "public/index.html", large, sizeof large, &change);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(status, ST_FAULT);
	assert_non_null(strstr(site_why(scene.site), "public/index.html could not be written"));
	scratch_assert_file(&scene.scratch, "site/public/index.html", "old");
	assert_int_equal(access(scratch_path(&scene.scratch, "site/new-0"), F_OK), -1);
	assert_int_equal(site_write(scene.site, "public/index.html", large, sizeof large, &change),
	    ST_OK);
	assert_int_equal(look(&scene, "site/public/index.html").st_size, sizeof large);
	scene_close(&scene);
}

/* One process at a time; the end of a process lets go. */
static void
a_site_has_one_publisher(void **state)
{
	struct scene scene;
	struct site *other;
	int ends[2], result;
	char told;
	pid_t child;

	(void)state;
	scene_open(&scene);
	assert_int_equal(site_open(scratch_path(&scene.scratch, "site"), 30, &other), ST_LOCKED);
	assert_non_null(strstr(site_why(other),
	    "is being published by another process. Nothing was written."));
	site_unlock(scene.site);
	assert_int_equal(site_lock(other, 0), ST_OK);
	assert_int_equal(site_lock(scene.site, 0), ST_LOCKED);
	site_close(other);
	assert_int_equal(site_lock(scene.site, 0), ST_OK);
	site_close(scene.site);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		if (site_open(scratch_path(&scene.scratch, "site"), 0, &other) != ST_OK ||
		    write(ends[1], "x", 1) != 1)
			_exit(1);
		pause();
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &told, 1), 1);
	close(ends[0]);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(site_open(scratch_path(&scene.scratch, "site"), 5000, &scene.site), ST_OK);
	assert_int_equal(waitpid(child, &result, 0), child);
	scene_close(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_files_are_left_alone),
		cmocka_unit_test(times_move_on_by_a_second),
		cmocka_unit_test(a_file_beside_has_the_time_of_the_other),
		cmocka_unit_test(modes_say_who_may_read),
		cmocka_unit_test(a_shared_site_is_for_its_group),
		cmocka_unit_test(a_left_file_gets_no_secret),
		cmocka_unit_test(links_are_not_followed),
		cmocka_unit_test(what_is_new_is_looked_at_where_folders_are),
		cmocka_unit_test(paths_are_plain_names),
		cmocka_unit_test(removing_takes_empty_folders_along),
		cmocka_unit_test(obstacles_are_told),
		cmocka_unit_test(no_room_keeps_the_old),
		cmocka_unit_test(a_site_has_one_publisher),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
