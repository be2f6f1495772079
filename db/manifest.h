// SPDX-License-Identifier: ISC
/*
 * manifest.h: which files the generator made, and how far it has come.
 *
 * SITE/manifest.db belongs to the generator alone; turnoutd reads it, to serve nothing else. It
 * holds no facts: without it the next publish builds everything. Paths are relative to the site:
 * "public/index.html". A page is known by its name and key ("run", "12"). One manifest belongs to
 * one thread at a time.
 */
#ifndef TURNOUT_MANIFEST_H
#define TURNOUT_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

#define MANIFEST_HASH_BYTES	16	/* BLAKE2b of a page's sources */

struct manifest;

/*
 * Open SITE/manifest.db. A writer makes it where it is missing, and anew where it is damaged, of
 * another version or no file of ours. For a reader that is ST_UNKNOWN, ST_VERSION or ST_FAULT; but
 * what a killed writer left half written is put back by both. ST_FULL, ST_READ_ONLY, ST_LOCKED,
 * ST_FAULT: it stays as it is. *manifest is the caller's to close, and NULL on failure.
 */
enum status	manifest_open(const char *path, bool is_writer, struct manifest **manifest);

/*
 * Make the one at `path` anew, because it was damaged (manifest_is_damaged) although it could be
 * opened. The files that can still be read from the old one count as gone, so that those which
 * nobody makes again are removed. Outcomes as above.
 */
enum status	manifest_renew(const char *path, struct manifest **manifest);
bool		manifest_is_damaged(const struct manifest *manifest);
void		manifest_close(struct manifest *manifest);
const char	*manifest_why(const struct manifest *manifest);

/* Has another process written to it since this one last asked? */
bool		manifest_is_foreign(struct manifest *manifest);

/*
 * Did the generator make this file? One that is gone counts until the publish that removes it has
 * come to its end.
 */
bool		manifest_has(struct manifest *manifest, const char *path);

/*
 * Call `each` for every file that the generator made and whose path begins with `prefix`. What it
 * returns other than ST_OK stops.
 */
enum status	manifest_each(struct manifest *manifest, const char *prefix,
		    enum status (*each)(void *handle, const char *path), void *handle);

/* How far publishing has come. */
struct manifest_state {
	int64_t		since;		/* last change of the log that is in the site, 0 for none */
	int64_t		event;		/* and the last event */
	int64_t		then;		/* the clock of that publish, seconds since 1970 */
	/*
	 * tells the machine's boot and the database then: after another one nothing here is certain
	 */
	char		origin[40];
	/* what tells that nobody touched the sources since; zeros: nothing does */
	uint8_t		stamp[MANIFEST_HASH_BYTES];
	bool		is_packed;	/* text files had packed copies beside them */
};
enum status	manifest_state(struct manifest *manifest, struct manifest_state *state);

/*
 * One publish: begin, then put and drop, then commit. What was put so far is made to last by
 * manifest_keep: called before a file is written where none was, and before one is removed, so that
 * a kill at any time leaves no file nobody knows of.
 */
enum status	manifest_begin(struct manifest *manifest);
enum status	manifest_keep(struct manifest *manifest);
enum status	manifest_commit(struct manifest *manifest, const struct manifest_state *state);
void		manifest_rollback(struct manifest *manifest);

/* Have the statements of a publish at hand, while nobody waits for them. */
void		manifest_prepare(struct manifest *manifest);

/* Are the sources of page `name` the same as at the last publish? */
bool		manifest_is_source(struct manifest *manifest, const char *name,
		    const uint8_t hash[MANIFEST_HASH_BYTES]);
enum status	manifest_source(struct manifest *manifest, const char *name,
		    const uint8_t hash[MANIFEST_HASH_BYTES], uint32_t kinds);

/*
 * Call `each` for the sources of every page, with what manifest_source noted; `kinds` is the
 * caller's own.
 */
enum status	manifest_each_source(struct manifest *manifest,
		    void (*each)(void *handle, const char *name,
		    const uint8_t hash[MANIFEST_HASH_BYTES], uint32_t kinds), void *handle);

/*
 * Text that the publisher made of its sources, to be spared making it again: it stays until it is
 * forgotten, which is when the stamp is another one. `name` and `language` are the publisher's own.
 */
bool		manifest_text(struct manifest *manifest, const char *name, const char *language,
		    void (*take)(void *handle, const char *text, size_t length), void *handle);
enum status	manifest_text_put(struct manifest *manifest, const char *name, const char *language,
		    const char *text);
enum status	manifest_text_forget(struct manifest *manifest);

/* Are other pages known than these `count`? */
bool		manifest_has_others(struct manifest *manifest, size_t count);

/*
 * Page `name` with `key` is at `path` in this publish; *is_new when it was not there before.
 * ST_EXISTS when another page of this publish is there too. The path it had before, if another, is
 * gone.
 */
enum status	manifest_put(struct manifest *manifest, const char *name, const char *key,
		    const char *path, bool *is_new);

/* Page `name` with `key` is gone, unless it was put in this publish. */
enum status	manifest_drop(struct manifest *manifest, const char *name, const char *key);

/* All of page `name` that were not put in this publish are gone. */
enum status	manifest_drop_unseen(struct manifest *manifest, const char *name);

/* Pages whose name is not in `names` (NULL-terminated) are gone: their sources were taken away. */
enum status	manifest_drop_others(struct manifest *manifest, const char *const *names);

/* Is anything gone, of this publish or of one that did not come to its end? */
bool		manifest_has_gone(struct manifest *manifest);

/*
 * Call `each` for every path that is gone and that nobody else has taken, then forget them; none
 * after a failure, the first of which is returned.
 */
enum status	manifest_gone(struct manifest *manifest,
		    enum status (*each)(void *handle, const char *path), void *handle);

#endif
