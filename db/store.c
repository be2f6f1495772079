// SPDX-License-Identifier: ISC
/*
 * store.c: opening, making and upgrading a database; transactions; the prepared statements.
 */
#include "db/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/schema.h"
#include "db/store_inside.h"

#define APPLICATION_ID	0x5475726e	/* "Turn", as in schema.sql */

#define QUERY_TEXT(name, sql) [Q_##name] = sql,
static const char *const query_text[Q_END] = { QUERIES(QUERY_TEXT) };
#undef QUERY_TEXT

const char *
store_why(const struct store *store)
{
	return store == NULL ? "There is no memory left." : driver_why(store->driver);
}

const char *
store_sqlite_version(void)
{
	return driver_version();
}

struct driver *
store_driver(struct store *store)
{
	return store->driver;
}

/* Is it one of those that a check-in is made of, which change no run but in its counts? */
static bool
leaves_runs_alone(enum query query)
{
	return query == Q_EVENT_BY_NONCE || query == Q_EVENT_BY_CLAIM || query == Q_PERSON_FIND ||
	    query == Q_PERSON_ADD || query == Q_LIST_HAS || query == Q_ATTENDANCE ||
	    query == Q_EVENT_ADD || query == Q_RUN_COUNT;
}

/* Statements are prepared at their first use: a check-in takes ten of them, a publish three. */
enum status
store_query_of_any(struct store *store, enum query query, struct rows **rows)
{
	enum status status = store->queries[query] != NULL ? ST_OK
	    : driver_prepare(store->driver, query_text[query], NULL, &store->queries[query]);

	*rows = store->queries[query];
	rows_reset(*rows);
	return status;
}

struct rows *
store_query(struct store *store, enum query query)
{
	struct rows *rows;

	/* they were tested with this schema, so only memory can be missing */
	if (store_query_of_any(store, query, &rows) != ST_OK) {
		fprintf(stderr, "The database cannot be asked: %s. Is there memory left?\n",
		    driver_why(store->driver));
		abort();
	}
	if (!leaves_runs_alone(query))
		store->last_run.id = 0;
	return rows;
}

void
store_copy(struct rows *rows, int column, char *text, size_t size)
{
	size_t length;
	const char *value = rows_text(rows, column, &length);

	if (length >= size)
		length = size - 1;
	if (length > 0)
		memcpy(text, value, length);
	text[length] = '\0';
}

enum status
store_exists(struct rows *rows)
{
	enum status status = rows_step(rows);

	rows_reset(rows);
	return status;
}

enum status
store_begin(struct store *store)
{
	enum status status = driver_begin(store->driver);

	store->last_run.id = 0;
	if (status == ST_OK && store->redo != NULL && (store->owes || !store->secures)) {
		status = store_redo_enter(store);
		if (status != ST_OK)
			store_rollback(store);
	}
	return status;
}

enum status
store_commit(struct store *store)
{
	enum status status = driver_commit(store->driver);

	store->last_run.id = 0;
	driver_record(store->driver, false);
	if (status != ST_OK)
		driver_rollback(store->driver);
	else if (store->owes)
		redo_clear(store->redo);
	store->owes = store->owes && status != ST_OK;
	return status;
}

void
store_rollback(struct store *store)
{
	store->last_run.id = 0;
	driver_record(store->driver, false);
	driver_rollback(store->driver);
}

enum status
store_enter(struct store *store, bool *is_mine)
{
	*is_mine = !driver_in_transaction(store->driver);
	return *is_mine ? store_begin(store) : ST_OK;
}

enum status
store_leave(struct store *store, bool is_mine, enum status status)
{
	if (!is_mine)
		return status;
	if (status == ST_OK)
		return store_commit(store);
	store_rollback(store);
	return status;
}

enum status
store_write(struct store *store, struct rows *rows)
{
	bool is_mine;
	enum status status = store_enter(store, &is_mine);

	return status == ST_OK ? store_leave(store, is_mine, rows_run(rows)) : status;
}

/* ---- upgrades ---- */

/*
 * Run one upgrade and raise user_version in the same transaction. A table may be made anew: what
 * refers to it is checked at the end.
 */
static enum status
upgrade_step(struct driver *driver, const struct schema_upgrade *upgrade)
{
	char set_version[64];
	int64_t dangling = 0;
	enum status status;

	snprintf(set_version, sizeof set_version, "PRAGMA user_version = %d", upgrade->version);
	status = driver_run(driver, "PRAGMA foreign_keys = OFF");
	if (status == ST_OK)
		status = driver_begin(driver);
	if (status == ST_OK)
		status = driver_run(driver, upgrade->text);
	if (status == ST_OK)
		status = driver_number(driver, "SELECT count(*) FROM pragma_foreign_key_check",
		    &dangling);
	if (status == ST_OK && dangling > 0)
		status = driver_fail(driver, ST_REFUSED,
		    "%lld rows refer to others that are not there", (long long)dangling);
	if (status == ST_OK)
		status = driver_run(driver, set_version);
	if (status == ST_OK)
		status = driver_commit(driver);
	if (status != ST_OK)
		driver_rollback(driver);
	else
		status = driver_run(driver, "PRAGMA foreign_keys = ON");
	return status;
}

/* fsync of one file or folder. */
static enum status
sync_one(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC), result;

	if (file < 0)
		return ST_FAULT;
	result = fsync(file);
	return close(file) == 0 && result == 0 ? ST_OK : ST_FAULT;
}

enum status
store_sync(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[4096];
	enum status status = sync_one(path);

	snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path),
	    slash == NULL ? "." : path);
	return status == ST_OK ? sync_one(slash == path ? "/" : folder) : status;
}

enum status
store_upgrade(struct driver *driver, const char *path, int from, int to,
    const struct schema_upgrade *upgrades)
{
	char copy[4096];
	const struct schema_upgrade *upgrade;
	enum status status;
	int version = from, file;

	snprintf(copy, sizeof copy, "%s.before-%d", path, to);
	/* it has the runs' keys, as the original */
	file = open(copy, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0 && errno == EEXIST)
		return driver_fail(driver, ST_EXISTS,
		    "%s is of schema %d and must be brought to %d, but the copy to make "
		    "first, %s, is there already. Nothing was changed. Move it away and try again.",
		    path, from, to, copy);
	if (file < 0 || close(file) != 0)
		status = driver_fail(driver, ST_FAULT, "%s: %s", copy, strerror(errno));
	else if ((status = driver_copy(driver, copy)) == ST_OK && store_sync(copy) != ST_OK)
		status = driver_fail(driver, ST_FAULT, "%s: %s", copy, strerror(errno));
	if (status != ST_OK) {
		if (file >= 0)
			unlink(copy);	/* ours, made above */
		return driver_fail(driver, status,
		    "%s is of schema %d and must be brought to %d, but could not be copied first: %s. "
		    "Nothing was changed.", path, from, to, driver_why(driver));
	}
	for (upgrade = upgrades; upgrade->version != 0 && status == ST_OK; upgrade++)
		if (upgrade->version == version + 1 && version < to) {
			status = upgrade_step(driver, upgrade);
			version += status == ST_OK;
		}
	if (status != ST_OK)
		return driver_fail(driver, status,
		    "%s could not be brought to schema %d: %s. It is of schema %d now, and %s is "
		    "as it was before.", path, version + 1, driver_why(driver), version, copy);
	if (version != to)
		return driver_fail(driver, ST_VERSION,
		    "%s could be brought to schema %d only, this program speaks %d. "
		    "The copy before that is %s.", path, version, to, copy);
	return ST_OK;
}

static enum status
refuse_foreign(struct store *store, const char *path)
{
	return store_fail(store, ST_VERSION,
	    "%s is not a Turnout database. Nothing was changed. `turnout init` makes one.", path);
}

/* Is this ours, and of our version? Older ones are upgraded when `may_write`. */
static enum status
check_version(struct store *store, const char *path, bool may_write)
{
	int64_t application = 0, version = 0;
	enum status status;

	status = driver_number(store->driver, "PRAGMA application_id", &application);
	if (status == ST_OK)
		status = driver_number(store->driver, "PRAGMA user_version", &version);
	if (status != ST_OK)
		return status == ST_LOCKED ? status
		    : store_fail(store, status, "%s cannot be read: %s.", path,
		    driver_why(store->driver));
	if (application != APPLICATION_ID)
		return refuse_foreign(store, path);
	if (version > STORE_SCHEMA)
		return store_fail(store, ST_VERSION,
		    "%s is from version %d, this program uses version %d. Nothing was changed. "
		    "Run the newer turnout, or go back to a backup.", path, (int)version,
		    STORE_SCHEMA);
	if (may_write && store_redo_waits(store)) {
		status = store_begin(store);
		if (status == ST_OK)
			status = store_commit(store);
		if (status != ST_OK)
			return status;
	}
	if (version == STORE_SCHEMA)
		return ST_OK;
	if (!may_write)
		return store_fail(store, ST_VERSION,
		    "%s is from version %d, this program uses version %d. Run `turnout status` "
		    "once to bring it up to date.", path, (int)version, STORE_SCHEMA);
	return store_upgrade(store->driver, path, (int)version, STORE_SCHEMA, schema_upgrades);
}

/* Close what the store has. */
static void
shut(struct store *store)
{
	enum query query;

	for (query = 0; query < Q_END; query++)
		rows_free(store->queries[query]);
	if (store->secures && !store->owes)
		redo_remove(store->redo);
	redo_free(store->redo);
	driver_close(store->driver);
}

/*
 * A writer that died in the middle left a journal, and reading waits for its pages to be put back;
 * or it left what it had acknowledged and not committed. That is no writing of facts: it is done
 * here too, where the file allows it.
 */
static enum status
mend(const char *path)
{
	struct store store = { .redo = redo_new(path) };
	enum status status = driver_open(path, DRIVER_WRITE, &store.driver);

	if (status == ST_OK)
		status = store_begin(&store);
	if (status == ST_OK)
		status = store_commit(&store);
	shut(&store);
	return status;
}

enum status
store_open(const char *path, enum store_mode mode, struct store **opened)
{
	struct store *store;
	enum status status;

	*opened = store = calloc(1, sizeof *store);
	if (store == NULL)
		return ST_FAULT;
	status = driver_open(path, mode == STORE_READ ? DRIVER_READ : DRIVER_WRITE, &store->driver);
	if (store->driver == NULL) {
		free(store);
		*opened = NULL;
		return ST_FAULT;
	}
	if (status != ST_OK && access(path, F_OK) != 0)
		return store_fail(store, ST_UNKNOWN,
		    "There is no database %s. `turnout init --db %s` makes one.", path, path);
	store->redo = redo_new(path);
	if (store->redo == NULL)
		return store_fail(store, ST_FAULT,
		    "There is no memory left, or the path %s is too long for SQLite.", path);
	if (status == ST_VERSION)
		return refuse_foreign(store, path);
	if (status == ST_OK && mode == STORE_READ && redo_is_held(store->redo))
		store_redo_await(store);
	else if (status == ST_OK && mode == STORE_READ && store_redo_waits(store))
		(void)mend(path);
	if (status == ST_OK)
		status = check_version(store, path, mode == STORE_WRITE);
	if (status == ST_READ_ONLY && mend(path) == ST_OK)
		status = check_version(store, path, mode == STORE_WRITE);
	return status;
}

void
store_close(struct store *store)
{
	if (store != NULL)
		shut(store);
	free(store);
}

enum status
store_snapshot(struct store *store, struct store **snapshot)
{
	struct store *copy = calloc(1, sizeof *copy);
	char why[512];
	enum status status;

	*snapshot = NULL;
	if (copy == NULL)
		return store_fail(store, ST_FAULT, "There is no memory left.");
	/* SQLite's name for a file without one */
	status = driver_open("", DRIVER_CREATE, &copy->driver);
	snprintf(why, sizeof why, "%s", driver_why(copy->driver));
	if (status == ST_OK && (status = driver_copy_to(store->driver, copy->driver)) != ST_OK)
		snprintf(why, sizeof why, "%s", driver_why(store->driver));
	if (status == ST_OK) {
		*snapshot = copy;
		return ST_OK;
	}
	store_close(copy);
	return store_fail(store, status, "The facts cannot be copied: %s.", why);
}

/* The one row of club. */
static enum status
insert_club(struct driver *driver, const struct club *club, int64_t now)
{
	char capability[CODE_CAPABILITY_SIZE];
	struct rows *rows;
	enum status status;

	status = driver_prepare(driver,
	    "INSERT INTO club (id, name, zone, language, address, visibility, word, "
	    "opens_min, closes_min, created_at, capability) VALUES (1, :name, :zone, :language, "
	    ":address, :visibility, :word, :opens_min, :closes_min, :now, :capability)", NULL,
	    &rows);
	if (status != ST_OK)
		return status;
	code_capability_new(capability);
	rows_bind_text(rows, "capability", capability);
	rows_bind_text(rows, "name", club->name);
	rows_bind_text(rows, "zone", club->zone);
	rows_bind_text(rows, "language", club->language);
	rows_bind_text(rows, "address", club->address);
	rows_bind_text(rows, "visibility", club->visibility);
	rows_bind_text(rows, "word", club->word);
	rows_bind_int(rows, "opens_min", club->opens_min);
	rows_bind_int(rows, "closes_min", club->closes_min);
	rows_bind_int(rows, "now", now);
	status = rows_run(rows);
	rows_free(rows);
	return status;
}

/* Schema and club row into the empty file. */
static enum status
fill_new(struct driver *driver, const struct club *club, int64_t now)
{
	enum status status;

	if (!wall_zone_valid(club->zone))
		return driver_fail(driver, ST_REFUSED,
		    "There is no time zone “%s”. Use an IANA name such as Europe/London.",
		    club->zone);
	status = driver_begin(driver);
	if (status == ST_OK)
		status = driver_run(driver, schema_text);
	if (status == ST_OK)
		status = insert_club(driver, club, now);
	if (status == ST_OK)
		status = driver_commit(driver);
	if (status != ST_OK)
		driver_rollback(driver);
	return status;
}

enum status
store_create(const char *path, const struct club *club, int64_t now, struct store **opened)
{
	struct store *store;
	enum status status;
	bool has_log;
	int file;

	*opened = store = calloc(1, sizeof *store);
	if (store == NULL)
		return ST_FAULT;
	store->redo = redo_new(path);
	if (store->redo == NULL)
		return ST_FAULT;
	has_log = store_redo_waits(store);
	file = has_log ? -1 : open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0) {
		int reason = errno;

		/* holds the sentence */
		status = driver_open(":memory:", DRIVER_CREATE, &store->driver);
		if (status != ST_OK)
			return status;
		if (has_log)
			return store_fail(store, ST_EXISTS,
			    "%s is there, with check-ins of another database. Nothing was made. "
			    "Move it away first.", redo_path(store->redo));
		if (reason == EEXIST)
			return store_fail(store, ST_EXISTS,
			    "%s already exists. Nothing was changed.", path);
		return store_fail(store, ST_FAULT, "%s cannot be made: %s.", path,
		    strerror(reason));
	}
	if (close(file) != 0)
		return ST_FAULT;
	status = driver_open(path, DRIVER_WRITE, &store->driver);
	if (status == ST_OK)
		status = fill_new(store->driver, club, now);
	if (status == ST_OK && store_sync(path) != ST_OK)
		status = store_fail(store, ST_FAULT,
		    "%s could not be brought to the disk. Nothing was made.", path);
	if (status != ST_OK)
		unlink(path);		/* ours, made a moment ago, and empty */
	return status;
}
