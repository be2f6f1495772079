// SPDX-License-Identifier: ISC
/*
 * scratch.h: a temporary folder for each test, and a small club in it.
 *
 * Header only, because each unit test is a program of its own. A test takes a scratch at its start
 * and removes it, with everything below it, at its end. Times are seconds since 1970; SCRATCH_NOW
 * is Friday 20 November 2026 18:20 in London.
 */
#ifndef TURNOUT_SCRATCH_H
#define TURNOUT_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/driver.h"
#include "db/store.h"
#include "gen/buffer.h"
#include "gen/file.h"

#define SCRATCH_NOW	INT64_C(1795198800)	/* 2026-11-20T18:20:00Z */
#define SCRATCH_PATHS	16			/* paths that live at the same time */

struct scratch {
	char		folder[256];
	unsigned int	next;
};

static inline void
scratch_init(struct scratch *scratch)
{
	const char *base = getenv("TMPDIR");

	scratch->next = 0;
	snprintf(scratch->folder, sizeof scratch->folder, "%s/turnout-test-XXXXXX",
	    base == NULL ? "/tmp" : base);
	assert_non_null(mkdtemp(scratch->folder));
}

static inline int
scratch_remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)kind;
	(void)walk;
	return remove(path);
}

static inline void
scratch_clear(struct scratch *scratch)
{
	assert_int_equal(nftw(scratch->folder, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* The path of `name` in the scratch; good until SCRATCH_PATHS more were asked for. */
static inline const char *
scratch_path(struct scratch *scratch, const char *name)
{
	static char paths[SCRATCH_PATHS][512];
	char *path = paths[scratch->next++ % SCRATCH_PATHS];
	int length = snprintf(path, sizeof paths[0], "%s/%s", scratch->folder, name);

	assert_true(length > 0 && (size_t)length < sizeof paths[0]);
	return path;
}

static inline void
scratch_folder(struct scratch *scratch, const char *name)
{
	assert_int_equal(mkdir(scratch_path(scratch, name), 0755), 0);
}

/* Make the file `name` hold `text`. */
static inline void
scratch_write(struct scratch *scratch, const char *name, const char *text)
{
	int file = open(scratch_path(scratch, name), O_WRONLY | O_CREAT | O_TRUNC, 0644);
	size_t length = strlen(text);

	assert_true(file >= 0);
	assert_int_equal(write(file, text, length), (ssize_t)length);
	assert_int_equal(close(file), 0);
}

/* Does the file `name` hold exactly `text`? NULL: there is no such file. */
static inline void
scratch_assert_file(struct scratch *scratch, const char *name, const char *text)
{
	struct buffer content = { 0 };
	bool is_there = file_read(scratch_path(scratch, name), &content);

	assert_int_equal(is_there, text != NULL);
	if (text != NULL)
		assert_string_equal(buffer_text(&content), text);
	buffer_clear(&content);
}

static inline struct club
scratch_club(void)
{
	return (struct club){ .name = "Harriers", .zone = "Europe/London",
	    .language = "en", .address = "https://turnout.example",
		.visibility = "name", .word = "run", .opens_min = 30, .closes_min = 30 };
}

/* A new database `name` with the club above and nothing else. */
static inline struct store *
scratch_store(struct scratch *scratch, const char *name)
{
	const struct club club = scratch_club();
	struct store *store;

	assert_int_equal(store_create(scratch_path(scratch, name), &club, SCRATCH_NOW, &store),
	    ST_OK);
	return store;
}

static inline int64_t
scratch_group(struct store *store, const char *name)
{
	int64_t id;

	assert_int_equal(store_group_add(store, name, false, SCRATCH_NOW, &id), ST_OK);
	return id;
}

/* A run of an hour and a half; its id. */
static inline int64_t
scratch_run(struct store *store, int64_t group_id, const char *date, const char *start,
    const char *title)
{
	struct run run = { .group_id = group_id, .opens_min = -1, .closes_min = -1 };

	snprintf(run.date, sizeof run.date, "%s", date);
	snprintf(run.start, sizeof run.start, "%s", start);
	snprintf(run.end, sizeof run.end, "%02u:%.2s", ((unsigned)atoi(start) + 1) % 24, start + 3);
	snprintf(run.title, sizeof run.title, "%s", title);
	assert_int_equal(store_run_add(store, &run, SCRATCH_NOW), ST_OK);
	return run.id;
}

static inline int64_t
scratch_person(struct store *store, const char *name)
{
	int64_t id;

	assert_int_equal(store_person(store, name, true, SCRATCH_NOW, &id, NULL), ST_OK);
	return id;
}

/* Run SQL that gives nothing back; it must work. */
static inline void
scratch_sql(struct store *store, const char *sql)
{
	if (driver_run(store_driver(store), sql) != ST_OK)
		fail_msg("%s: %s", sql, store_why(store));
}

/* The number that `sql` gives, which must be one row. */
static inline int64_t
scratch_number(struct store *store, const char *sql)
{
	int64_t number = -1;

	if (driver_number(store_driver(store), sql, &number) != ST_OK)
		fail_msg("%s: %s", sql, store_why(store));
	return number;
}

#endif
