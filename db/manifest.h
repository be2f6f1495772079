// SPDX-License-Identifier: ISC
/*
 * manifest.h: which files the generator made, and how far it has published.
 *
 * Only the generator writes SITE/manifest.db; turnoutd reads it, so as to serve nothing else. It
 * has no facts: without it, the next publish builds everything. Paths are relative to the site:
 * "public/index.html". A page is identified by its name and key ("run", "12"). One manifest belongs
 * to one thread at a time.
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
 * Open SITE/manifest.db. A writer makes it if it is missing, and replaces it (manifest_renew) if it
 * is damaged, of another version or no manifest; for a reader these are ST_UNKNOWN, ST_VERSION or
 * ST_FAULT. What a killed writer left half written is rolled back for either. ST_FULL,
 * ST_READ_ONLY, ST_LOCKED and ST_FAULT leave it as it is. *manifest is the caller's to close, NULL
 * on failure.
 */
enum status	manifest_open(const char *path, bool is_writer, struct manifest **manifest);

/*
 * Replace the manifest at `path`, which is damaged (manifest_is_damaged) even if it could be
 * opened. The files that can still be read from the old one count as gone, so that those not made
 * again are removed. Outcomes as above.
 */
enum status	manifest_renew(const char *path, struct manifest **manifest);
bool		manifest_is_damaged(const struct manifest *manifest);
void		manifest_close(struct manifest *manifest);
const char	*manifest_why(const struct manifest *manifest);

/* Has another process written to it since the last call? True if unknown. */
bool		manifest_is_foreign(struct manifest *manifest);

/*
 * Did the generator make this file? One that is gone still counts until the publish that removes it
 * is complete.
 */
bool		manifest_has(struct manifest *manifest, const char *path);

/*
 * Call `each` for every file that the generator made and whose path begins with `prefix`. A status
 * other than ST_OK from `each` ends it and is returned.
 */
enum status	manifest_each(struct manifest *manifest, const char *prefix,
		    enum status (*each)(void *handle, const char *path), void *handle);

/* How far the site is published. */
struct manifest_state {
	int64_t		since;		/* the last change of the log in the site, 0 for none */
	int64_t		event;		/* the last event in the site */
	int64_t		then;		/* the clock of that publish, seconds since 1970 */
	/* the machine's boot and the database of that time; if another, nothing here is certain */
	char		origin[40];
	/* proves that the sources have not changed since; zeros: there is no proof */
	uint8_t		stamp[MANIFEST_HASH_BYTES];
	bool		is_packed;	/* text files had packed copies beside them */
};
enum status	manifest_state(struct manifest *manifest, struct manifest_state *state);

/*
 * One publish: begin, then put and drop, then commit. manifest_keep commits what was put so far. It
 * is called before a file is written where there was none, and before one is removed, so that a
 * kill at any time leaves no file that the manifest does not know.
 */
enum status	manifest_begin(struct manifest *manifest);
enum status	manifest_keep(struct manifest *manifest);
enum status	manifest_commit(struct manifest *manifest, const struct manifest_state *state);
void		manifest_rollback(struct manifest *manifest);

/* Prepare the statements of a publish, while nobody waits for it. */
void		manifest_prepare(struct manifest *manifest);

/* Is `hash` that of the sources of page `name` at the last publish? */
bool		manifest_is_source(struct manifest *manifest, const char *name,
		    const uint8_t hash[MANIFEST_HASH_BYTES]);
/* Note the hash of the sources of page `name`, and `kinds`, whose meaning is the caller's. */
enum status	manifest_source(struct manifest *manifest, const char *name,
		    const uint8_t hash[MANIFEST_HASH_BYTES], uint32_t kinds);

/* Call `each` for every page with what manifest_source noted. */
enum status	manifest_each_source(struct manifest *manifest,
		    void (*each)(void *handle, const char *name,
		    const uint8_t hash[MANIFEST_HASH_BYTES], uint32_t kinds), void *handle);

/*
 * Texts that the publisher made from its sources, kept so that it need not make them again: until
 * manifest_text_forget, which it calls when the stamp changes. The meaning of `name` and `language`
 * is the publisher's. manifest_text calls `take` and returns true if there is such a text.
 */
bool		manifest_text(struct manifest *manifest, const char *name, const char *language,
		    void (*take)(void *handle, const char *text, size_t length), void *handle);
enum status	manifest_text_put(struct manifest *manifest, const char *name, const char *language,
		    const char *text);
enum status	manifest_text_forget(struct manifest *manifest);

/* Is the number of pages with noted sources other than `count`, or unknown? */
bool		manifest_has_others(struct manifest *manifest, size_t count);

/*
 * Page `name` with `key` is at `path` in this publish; *is_new: it was not there before. If it was
 * at another path, that is gone. ST_EXISTS when another page of this publish is at `path`, or the
 * same one was put before.
 */
enum status	manifest_put(struct manifest *manifest, const char *name, const char *key,
		    const char *path, bool *is_new);

/* The file of page `name` with `key` is gone, unless it was put in this publish. */
enum status	manifest_drop(struct manifest *manifest, const char *name, const char *key);

/* All files of page `name` that were not put in this publish are gone. */
enum status	manifest_drop_unseen(struct manifest *manifest, const char *name);

/* All files of pages not in `names` (NULL-terminated) are gone: these pages have no sources now. */
enum status	manifest_drop_others(struct manifest *manifest, const char *const *names);

/* Is anything gone, since this publish or an earlier one that was not completed? */
bool		manifest_has_gone(struct manifest *manifest);

/*
 * Call `each` for every path that is gone and that no other page has taken, then forget them all.
 * After any failure none is forgotten, and the first failure is returned.
 */
enum status	manifest_gone(struct manifest *manifest,
		    enum status (*each)(void *handle, const char *path), void *handle);

#endif
