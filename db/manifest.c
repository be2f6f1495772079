// SPDX-License-Identifier: ISC
/* manifest.c: see manifest.h. */
#include "db/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/driver.h"

#define MANIFEST_VERSION	5

static const char schema[] =
    "BEGIN;"
    "CREATE TABLE file (path TEXT PRIMARY KEY, page TEXT NOT NULL, key TEXT NOT NULL, "
    "UNIQUE (page, key)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE gone (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
    "CREATE TABLE source (page TEXT PRIMARY KEY, hash BLOB NOT NULL, kinds INTEGER NOT NULL) "
    "STRICT, WITHOUT ROWID;"
    "CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), since INTEGER NOT NULL, "
    "event INTEGER NOT NULL, clock INTEGER NOT NULL, origin TEXT NOT NULL, "
    "stamp BLOB NOT NULL, is_packed INTEGER NOT NULL) STRICT;"
    "INSERT INTO state VALUES (1, 0, 0, 0, '', zeroblob(16), 0);"
    "CREATE TABLE text (name TEXT NOT NULL, language TEXT NOT NULL, content TEXT NOT NULL, "
    "PRIMARY KEY (name, language)) STRICT, WITHOUT ROWID;"
    "PRAGMA user_version = 5;"
    "COMMIT;";

static const char temporary[] =
    "CREATE TEMP TABLE seen (page TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (page, key)) "
    "WITHOUT ROWID;";
/* only for manifest_drop_others */
static const char temporary_known[] =
    "CREATE TEMP TABLE IF NOT EXISTS known (page TEXT PRIMARY KEY) WITHOUT ROWID;"
    "DELETE FROM temp.known;";

/*
 * Prepared at open for every manifest (to M_READ_END) or a writer's (to M_OPEN_END), by
 * manifest_prepare (to M_WARM_END), or when first used.
 */
enum {
	M_HAS, M_STATE, M_EACH, M_READ_END,
	M_IS_SOURCE = M_READ_END, M_SOURCES, M_EACH_SOURCE, M_GONE, M_GONE_PUT, M_FORGET,
	M_OPEN_END,
	M_STATE_SET = M_OPEN_END, M_SOURCE, M_PATH_OF, M_OWNER, M_TAKE, M_PUT, M_SEE, M_IS_SEEN,
	M_LOSE, M_DROP, M_LOSE_UNSEEN, M_DROP_UNSEEN, M_BACK, M_ANY, M_TEXT, M_TEXT_PUT,
	M_TEXT_FORGET, M_WARM_END,
	M_KNOW = M_WARM_END, M_LOSE_OTHERS, M_DROP_OTHERS, M_DROP_SOURCES, M_END
};

static const char *const statements[M_END] = {
	[M_HAS] = "SELECT 1 FROM file WHERE path = :path UNION ALL SELECT 1 FROM gone WHERE path "
	    "= :path",
	[M_STATE] = "SELECT since, event, clock, origin, stamp, is_packed FROM state",
	[M_STATE_SET] = "UPDATE state SET since = :since, event = :event, clock = :then, origin = "
	    ":origin, stamp = :stamp, is_packed = :packed",
	[M_IS_SOURCE] = "SELECT 1 FROM source WHERE page = :page AND hash = :hash",
	[M_SOURCE] = "INSERT INTO source (page, hash, kinds) VALUES (:page, :hash, :kinds) "
	    "ON CONFLICT (page) DO UPDATE SET hash = excluded.hash, kinds = excluded.kinds",
	[M_PATH_OF] = "SELECT path FROM file WHERE page = :page AND key = :key",
	[M_OWNER] = "SELECT page, key FROM file WHERE path = :path",
	[M_TAKE] = "DELETE FROM file WHERE path = :path",
	[M_PUT] = "INSERT INTO file (path, page, key) VALUES (:path, :page, :key)",
	[M_SEE] = "INSERT INTO temp.seen (page, key) VALUES (:page, :key)",
	[M_IS_SEEN] = "SELECT 1 FROM temp.seen WHERE page = :page AND key = :key",
	[M_LOSE] = "INSERT INTO gone (path) SELECT path FROM file WHERE page = :page AND key = "
	    ":key ON CONFLICT DO NOTHING",
	[M_DROP] = "DELETE FROM file WHERE page = :page AND key = :key",
	[M_LOSE_UNSEEN] = "INSERT INTO gone (path) SELECT path FROM file WHERE page = :page "
	    "AND key NOT IN (SELECT key FROM temp.seen WHERE page = :page) ON CONFLICT DO NOTHING",
	[M_DROP_UNSEEN] = "DELETE FROM file WHERE page = :page AND key NOT IN (SELECT key FROM "
	    "temp.seen WHERE page = :page)",
	[M_KNOW] = "INSERT INTO temp.known (page) VALUES (:page)",
	[M_LOSE_OTHERS] = "INSERT INTO gone (path) SELECT path FROM file "
	    "WHERE page NOT IN (SELECT page FROM temp.known) ON CONFLICT DO NOTHING",
	[M_DROP_OTHERS] = "DELETE FROM file WHERE page NOT IN (SELECT page FROM temp.known)",
	[M_DROP_SOURCES] = "DELETE FROM source WHERE page NOT IN (SELECT page FROM temp.known)",
	[M_GONE] = "SELECT path FROM gone",
	[M_GONE_PUT] = "INSERT INTO gone (path) VALUES (:path) ON CONFLICT DO NOTHING",
	[M_FORGET] = "DELETE FROM gone",
	[M_BACK] = "DELETE FROM gone WHERE path = :path",
	[M_ANY] = "SELECT 1 FROM file LIMIT 1",
	[M_EACH_SOURCE] = "SELECT page, hash, kinds FROM source",
	[M_SOURCES] = "SELECT count(*) FROM source",
	[M_TEXT] = "SELECT content FROM text WHERE name = :name AND language = :language",
	[M_TEXT_PUT] = "INSERT INTO text (name, language, content) VALUES (:name, :language, "
	    ":content) ON CONFLICT DO UPDATE SET content = excluded.content",
	[M_TEXT_FORGET] = "DELETE FROM text",
	[M_EACH] = "SELECT path FROM file WHERE substr(path, 1, length(:prefix)) = :prefix",
};

struct manifest {
	char		*path;
	struct driver	*driver;
	struct rows	*rows[M_END];
	bool		 is_writer;
	bool		 is_ready;	/* the temporary tables exist */
	int64_t		 version;	/* PRAGMA data_version at the last manifest_is_foreign */
	/* no file was known when this publish began: all that are known now were put in it */
	bool		 is_empty;
};

const char *
manifest_why(const struct manifest *manifest)
{
	return driver_why(manifest->driver);
}

bool
manifest_is_damaged(const struct manifest *manifest)
{
	return driver_is_unfit(manifest->driver);
}

/* A statement, ready for binding; NULL when it cannot be prepared: manifest_why says why. */
static struct rows *
get(struct manifest *manifest, int statement)
{
	struct rows **rows = &manifest->rows[statement];

	if (*rows == NULL)
		(void)driver_prepare(manifest->driver, statements[statement], NULL, rows);
	rows_reset(*rows);
	return *rows;
}

/* Is there a row? Steps once and resets. */
static bool
is_there(struct rows *rows)
{
	bool found = rows_step(rows) == ST_OK;

	rows_reset(rows);
	return found;
}

static enum status
prepare(struct manifest *manifest)
{
	int64_t version = 0;
	enum status status;
	int i;

	status = driver_number(manifest->driver, "PRAGMA user_version", &version);
	if (status == ST_OK && version == 0 && manifest->is_writer)
		status = driver_run(manifest->driver, schema);
	else if (status == ST_OK && version != MANIFEST_VERSION)
		status = ST_VERSION;
	for (i = 0; i < (manifest->is_writer ? M_OPEN_END : M_READ_END) && status == ST_OK; i++)
		status = driver_prepare(manifest->driver, statements[i], NULL, &manifest->rows[i]);
	return status;
}

static enum status
make_temporary(struct manifest *manifest)
{
	enum status status = manifest->is_ready ? ST_OK : driver_run(manifest->driver, temporary);

	manifest->is_ready = status == ST_OK;
	return status;
}

void
manifest_prepare(struct manifest *manifest)
{
	int i;

	if (make_temporary(manifest) == ST_OK)
		for (i = 0; i < M_WARM_END; i++)
			(void)get(manifest, i);
}

/*
 * The manifest contains the secret addresses below private/, so only those who may read them may
 * read it: the owner and, if the site's folder has set-group-ID, its group.
 */
static enum status
keep_private(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat folder;
	char name[4096];
	mode_t mode;
	int file, result;

	snprintf(name, sizeof name, "%.*s", slash == NULL ? 1 : (int)(slash - path),
	    slash == NULL ? "." : path);
	mode = stat(name, &folder) == 0 && (folder.st_mode & S_ISGID) != 0 ? 0640 : 0600;
	file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode);
	if (file < 0)
		return errno == ENOSPC || errno == EDQUOT ? ST_FULL : errno == EROFS ? ST_READ_ONLY
		    : ST_FAULT;
	result = fchmod(file, mode);
	return close(file) == 0 && result == 0 ? ST_OK : ST_FAULT;
}

/*
 * A writer killed in the middle of a commit left a journal, and nobody can read until it is rolled
 * back. Readers do that too, if they may write to the file.
 */
static enum status
mend(const char *path)
{
	struct driver *driver;
	int64_t version;
	enum status status = driver_open(path, DRIVER_WRITE, &driver);

	if (status == ST_OK)
		status = driver_number(driver, "PRAGMA user_version", &version);
	driver_close(driver);
	return status;
}

/* Open once; *opened is set on failure too, but for lack of memory. */
static enum status
open_once(const char *path, bool is_writer, struct manifest **opened)
{
	struct manifest *manifest = *opened = calloc(1, sizeof *manifest);
	enum status status;

	if (manifest == NULL || (manifest->path = strdup(path)) == NULL)
		return ST_FAULT;
	manifest->is_writer = is_writer;
	status = is_writer ? keep_private(path) : ST_OK;
	if (status == ST_OK)
		status = driver_open(path, is_writer ? DRIVER_CACHE : DRIVER_READ,
		    &manifest->driver);
	return status == ST_OK ? prepare(manifest) : status;
}

static enum status
close_failed(struct manifest **manifest, enum status status)
{
	if (status == ST_OK)
		return ST_OK;
	manifest_close(*manifest);
	*manifest = NULL;
	return status;
}

/*
 * The paths that can still be read from a damaged manifest, each followed by a newline; NULL for
 * none. The caller's to free.
 */
static char *
salvage(const char *path)
{
	static const char told[] =
	    "SELECT path FROM (SELECT path FROM file UNION ALL SELECT path FROM gone) "
	    "WHERE path GLOB 'public/*' OR path GLOB 'private/*'";
	struct driver *driver;
	struct rows *rows = NULL;
	char *paths = NULL;
	size_t size;
	FILE *list = open_memstream(&paths, &size);

	if (list == NULL)
		return NULL;
	if (driver_open(path, DRIVER_READ, &driver) == ST_OK &&
	    driver_prepare(driver, told, NULL, &rows) == ST_OK)
		while (rows_step(rows) == ST_OK)
			fprintf(list, "%s\n", rows_text(rows, 0, NULL));
	rows_free(rows);
	driver_close(driver);
	if (fclose(list) == 0)
		return paths;
	free(paths);
	return NULL;
}

enum status
manifest_renew(const char *path, struct manifest **opened)
{
	char *paths = salvage(path), *at = paths;
	struct rows *rows;
	size_t length;
	enum status status;

	unlink(path);
	status = open_once(path, true, opened);
	if (status == ST_OK)
		status = driver_begin((*opened)->driver);
	for (; status == ST_OK && at != NULL && *at != '\0'; at += length + 1) {
		length = strcspn(at, "\n");
		at[length] = '\0';
		rows = get(*opened, M_GONE_PUT);
		rows_bind_text(rows, "path", at);
		status = rows_run(rows);
	}
	if (status == ST_OK)
		status = driver_commit((*opened)->driver);
	free(paths);
	return close_failed(opened, status);
}

enum status
manifest_open(const char *path, bool is_writer, struct manifest **opened)
{
	struct stat info;
	enum status status = open_once(path, is_writer, opened);
	bool is_unfit;

	if (status == ST_READ_ONLY && !is_writer && mend(path) == ST_OK) {
		manifest_close(*opened);
		status = open_once(path, is_writer, opened);
	}
	if (status == ST_OK || !is_writer || *opened == NULL)
		return close_failed(opened, status);
	is_unfit = status == ST_VERSION || manifest_is_damaged(*opened) ||
	    (lstat(path, &info) == 0 && S_ISLNK(info.st_mode));
	close_failed(opened, status);
	return is_unfit ? manifest_renew(path, opened) : status;
}

void
manifest_close(struct manifest *manifest)
{
	int i;

	if (manifest == NULL)
		return;
	for (i = 0; i < M_END; i++)
		rows_free(manifest->rows[i]);
	driver_close(manifest->driver);
	free(manifest->path);
	free(manifest);
}

bool
manifest_is_foreign(struct manifest *manifest)
{
	int64_t version = 0;
	bool is_foreign = driver_number(manifest->driver, "PRAGMA data_version",
	    &version) != ST_OK || version != manifest->version;

	manifest->version = version;
	return is_foreign;
}

bool
manifest_has(struct manifest *manifest, const char *path)
{
	struct rows *rows = get(manifest, M_HAS);
	enum status status;

	rows_bind_text(rows, "path", path);
	status = rows_step(rows);
	if (status == ST_READ_ONLY && mend(manifest->path) == ST_OK) {
		rows_reset(rows);
		status = rows_step(rows);
	}
	rows_reset(rows);
	return status == ST_OK;
}

enum status
manifest_each(struct manifest *manifest, const char *prefix,
    enum status (*each)(void *handle, const char *path), void *handle)
{
	struct rows *rows = get(manifest, M_EACH);
	enum status status, result = ST_OK;

	rows_bind_text(rows, "prefix", prefix);
	while (result == ST_OK && (status = rows_step(rows)) == ST_OK)
		result = each(handle, rows_text(rows, 0, NULL));
	rows_reset(rows);
	if (result != ST_OK)
		return result;
	return status == ST_UNKNOWN ? ST_OK : status;
}

/* Read a hash; zeros if the column has none of that size. */
static void
read_hash(struct rows *rows, int column, uint8_t hash[MANIFEST_HASH_BYTES])
{
	size_t length;
	const void *blob = rows_blob(rows, column, &length);

	memset(hash, 0, MANIFEST_HASH_BYTES);
	if (length == MANIFEST_HASH_BYTES)
		memcpy(hash, blob, length);
}

enum status
manifest_state(struct manifest *manifest, struct manifest_state *state)
{
	struct rows *rows = get(manifest, M_STATE);
	enum status status = rows_step(rows);

	if (status != ST_OK)
		return status;
	state->since = rows_int(rows, 0);
	state->event = rows_int(rows, 1);
	state->then = rows_int(rows, 2);
	snprintf(state->origin, sizeof state->origin, "%s", rows_text(rows, 3, NULL));
	read_hash(rows, 4, state->stamp);
	state->is_packed = rows_int(rows, 5) != 0;
	rows_reset(rows);
	return ST_OK;
}

enum status
manifest_begin(struct manifest *manifest)
{
	enum status status = make_temporary(manifest);

	if (status == ST_OK)
		status = driver_run(manifest->driver, "DELETE FROM temp.seen");
	if (status == ST_OK)
		status = driver_begin(manifest->driver);
	manifest->is_empty = status == ST_OK && !is_there(get(manifest, M_ANY)) &&
	    !is_there(get(manifest, M_GONE));
	return status;
}

enum status
manifest_keep(struct manifest *manifest)
{
	enum status status = driver_commit(manifest->driver);

	return status == ST_OK ? driver_begin(manifest->driver) : status;
}

enum status
manifest_commit(struct manifest *manifest, const struct manifest_state *state)
{
	struct rows *rows = get(manifest, M_STATE_SET);
	enum status status;

	rows_bind_int(rows, "since", state->since);
	rows_bind_int(rows, "event", state->event);
	rows_bind_int(rows, "then", state->then);
	rows_bind_text(rows, "origin", state->origin);
	rows_bind_blob(rows, "stamp", state->stamp, sizeof state->stamp);
	rows_bind_int(rows, "packed", state->is_packed);
	status = rows_run(rows);
	if (status == ST_OK)
		status = driver_commit(manifest->driver);
	if (status != ST_OK)
		driver_rollback(manifest->driver);
	return status;
}

void
manifest_rollback(struct manifest *manifest)
{
	driver_rollback(manifest->driver);
}

bool
manifest_is_source(struct manifest *manifest, const char *name,
    const uint8_t hash[MANIFEST_HASH_BYTES])
{
	struct rows *rows = get(manifest, M_IS_SOURCE);

	rows_bind_text(rows, "page", name);
	rows_bind_blob(rows, "hash", hash, MANIFEST_HASH_BYTES);
	return is_there(rows);
}

enum status
manifest_source(struct manifest *manifest, const char *name,
    const uint8_t hash[MANIFEST_HASH_BYTES], uint32_t kinds)
{
	struct rows *rows = get(manifest, M_SOURCE);

	rows_bind_text(rows, "page", name);
	rows_bind_blob(rows, "hash", hash, MANIFEST_HASH_BYTES);
	rows_bind_int(rows, "kinds", kinds);
	return rows_run(rows);
}

enum status
manifest_each_source(struct manifest *manifest,
    void (*each)(void *handle, const char *name, const uint8_t hash[MANIFEST_HASH_BYTES],
    uint32_t kinds), void *handle)
{
	struct rows *rows = get(manifest, M_EACH_SOURCE);
	uint8_t hash[MANIFEST_HASH_BYTES];
	enum status status;

	while ((status = rows_step(rows)) == ST_OK) {
		read_hash(rows, 1, hash);
		each(handle, rows_text(rows, 0, NULL), hash, (uint32_t)rows_int(rows, 2));
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

bool
manifest_text(struct manifest *manifest, const char *name, const char *language,
    void (*take)(void *handle, const char *text, size_t length), void *handle)
{
	struct rows *rows = get(manifest, M_TEXT);
	const char *text;
	size_t length;
	bool is_there;

	rows_bind_text(rows, "name", name);
	rows_bind_text(rows, "language", language);
	is_there = rows_step(rows) == ST_OK;
	if (is_there) {
		text = rows_text(rows, 0, &length);
		take(handle, text, length);
	}
	rows_reset(rows);
	return is_there;
}

enum status
manifest_text_put(struct manifest *manifest, const char *name, const char *language,
    const char *text)
{
	struct rows *rows = get(manifest, M_TEXT_PUT);

	rows_bind_text(rows, "name", name);
	rows_bind_text(rows, "language", language);
	rows_bind_text(rows, "content", text);
	return rows_run(rows);
}

enum status
manifest_text_forget(struct manifest *manifest)
{
	return rows_run(get(manifest, M_TEXT_FORGET));
}

/* Run `statement` for one page and key. */
static enum status
run_keyed(struct manifest *manifest, int statement, const char *name, const char *key)
{
	struct rows *rows = get(manifest, statement);

	rows_bind_text(rows, "page", name);
	rows_bind_text(rows, "key", key);
	return rows_run(rows);
}

/* Was it put in this publish? */
static bool
is_seen(struct manifest *manifest, const char *name, const char *key)
{
	struct rows *rows = get(manifest, manifest->is_empty ? M_PATH_OF : M_IS_SEEN);

	rows_bind_text(rows, "page", name);
	rows_bind_text(rows, "key", key);
	return is_there(rows);
}

/* Take `path` from the page that has it, unless that was put there in this publish. */
static enum status
take_path(struct manifest *manifest, const char *path)
{
	struct rows *rows = get(manifest, M_OWNER);
	const char *name, *key;
	enum status status;

	rows_bind_text(rows, "path", path);
	status = rows_step(rows);
	if (status != ST_OK)
		return status == ST_UNKNOWN ? ST_OK : status;
	name = rows_text(rows, 0, NULL);
	key = rows_text(rows, 1, NULL);
	if (is_seen(manifest, name, key))
		status = driver_fail(manifest->driver, ST_EXISTS,
		    "%s is also made by page %s, key %s", path, name, key);
	rows_reset(rows);
	if (status != ST_OK)
		return status;
	rows = get(manifest, M_TAKE);
	rows_bind_text(rows, "path", path);
	return rows_run(rows);
}

static enum status
add_file(struct manifest *manifest, const char *name, const char *key, const char *path)
{
	struct rows *rows = get(manifest, M_PUT);

	rows_bind_text(rows, "path", path);
	rows_bind_text(rows, "page", name);
	rows_bind_text(rows, "key", key);
	return rows_run(rows);
}

/* Move page `name` with `key` from its path, if it has one, to `path`. */
static enum status
move_file(struct manifest *manifest, const char *name, const char *key, const char *path)
{
	struct rows *rows;
	enum status status = run_keyed(manifest, M_LOSE, name, key);

	if (status == ST_OK)
		status = run_keyed(manifest, M_DROP, name, key);
	if (status == ST_OK)
		status = take_path(manifest, path);
	if (status == ST_OK)
		status = add_file(manifest, name, key, path);
	if (status != ST_OK)
		return status;
	rows = get(manifest, M_BACK);
	rows_bind_text(rows, "path", path);
	return rows_run(rows);
}

/* Is the page at `path` already? */
static bool
is_at(struct manifest *manifest, const char *name, const char *key, const char *path)
{
	struct rows *rows = get(manifest, M_PATH_OF);
	bool is_same;

	rows_bind_text(rows, "page", name);
	rows_bind_text(rows, "key", key);
	is_same = rows_step(rows) == ST_OK && strcmp(rows_text(rows, 0, NULL), path) == 0;
	rows_reset(rows);
	return is_same;
}

static enum status
fail_twice(struct manifest *manifest, const char *name, const char *key)
{
	return driver_fail(manifest->driver, ST_EXISTS, "page %s gives two rows of key %s", name,
	    key);
}

/* manifest_put in a first build, where whatever is in the way was put in this publish. */
static enum status
put_first(struct manifest *manifest, const char *name, const char *key, const char *path)
{
	enum status status = add_file(manifest, name, key, path);

	if (status != ST_EXISTS)
		return status;
	return is_seen(manifest, name, key) ? fail_twice(manifest, name, key)
	    : take_path(manifest, path);
}

enum status
manifest_put(struct manifest *manifest, const char *name, const char *key, const char *path,
    bool *is_new)
{
	enum status status;

	*is_new = manifest->is_empty;
	if (manifest->is_empty)
		return put_first(manifest, name, key, path);
	status = run_keyed(manifest, M_SEE, name, key);
	if (status == ST_EXISTS)
		return fail_twice(manifest, name, key);
	if (status != ST_OK || is_at(manifest, name, key, path))
		return status;
	*is_new = true;
	return move_file(manifest, name, key, path);
}

enum status
manifest_drop(struct manifest *manifest, const char *name, const char *key)
{
	enum status status;

	if (is_seen(manifest, name, key))
		return ST_OK;
	status = run_keyed(manifest, M_LOSE, name, key);
	return status == ST_OK ? run_keyed(manifest, M_DROP, name, key) : status;
}

enum status
manifest_drop_unseen(struct manifest *manifest, const char *name)
{
	struct rows *rows = get(manifest, M_LOSE_UNSEEN);
	enum status status;

	if (manifest->is_empty)
		return ST_OK;
	rows_bind_text(rows, "page", name);
	status = rows_run(rows);
	if (status != ST_OK)
		return status;
	rows = get(manifest, M_DROP_UNSEEN);
	rows_bind_text(rows, "page", name);
	return rows_run(rows);
}

enum status
manifest_drop_others(struct manifest *manifest, const char *const *names)
{
	struct rows *rows;
	enum status status = driver_run(manifest->driver, temporary_known);

	for (; *names != NULL && status == ST_OK; names++) {
		rows = get(manifest, M_KNOW);
		rows_bind_text(rows, "page", *names);
		status = rows_run(rows);
	}
	if (status == ST_OK && !manifest->is_empty)
		status = rows_run(get(manifest, M_LOSE_OTHERS));
	if (status == ST_OK && !manifest->is_empty)
		status = rows_run(get(manifest, M_DROP_OTHERS));
	return status == ST_OK ? rows_run(get(manifest, M_DROP_SOURCES)) : status;
}

bool
manifest_has_others(struct manifest *manifest, size_t count)
{
	struct rows *rows = get(manifest, M_SOURCES);
	bool has_others = rows_step(rows) != ST_OK || rows_int(rows, 0) != (int64_t)count;

	rows_reset(rows);
	return has_others;
}

bool
manifest_has_gone(struct manifest *manifest)
{
	return is_there(get(manifest, M_GONE));
}

enum status
manifest_gone(struct manifest *manifest, enum status (*each)(void *handle, const char *path),
    void *handle)
{
	struct rows *rows = get(manifest, M_GONE);
	enum status status, one, result = ST_OK;

	while ((status = rows_step(rows)) == ST_OK) {
		one = each(handle, rows_text(rows, 0, NULL));
		if (result == ST_OK)
			result = one;
	}
	rows_reset(rows);
	if (result != ST_OK)
		return result;
	return status == ST_UNKNOWN ? rows_run(get(manifest, M_FORGET)) : status;
}
