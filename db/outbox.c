// SPDX-License-Identifier: ISC
/* outbox.c: the small database behind outbox.h. */
#include "db/outbox.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/driver.h"

#define OUTBOX_VERSION	1

/*
 * Rounds of notes are numbered from 2; a path that was not noted but listed for a new target has
 * number 1. `taken` is 0 when everything is owed.
 */
static const char schema[] =
    "CREATE TABLE owed (path TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX owed_number ON owed (number);"
    "CREATE TABLE target (name TEXT PRIMARY KEY, taken INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL, "
    "is_noting INTEGER NOT NULL, boot TEXT NOT NULL) STRICT;"
    "INSERT INTO state VALUES (1, 1, 0, '');"
    "PRAGMA user_version = 1;";

/* What a round did that was begun but not settled is unknown, so everything is owed. */
#define FORGET_CUT_SHORT	"UPDATE target SET taken = 0 WHERE (SELECT is_noting FROM state);"

enum { O_BOOT, O_BOOT_SET, O_TARGET, O_NOTE, O_OWES, O_MARK, O_LIST, O_OWED, O_TAKEN, O_PRUNE,
    O_END };

static const char *const statements[O_END] = {
	[O_BOOT] = "SELECT 1 FROM state WHERE boot = :boot",
	[O_BOOT_SET] = "UPDATE state SET boot = :boot",
	[O_TARGET] = "INSERT INTO target (name, taken) VALUES (:name, 0) ON CONFLICT DO NOTHING",
	[O_NOTE] = "INSERT INTO owed (path, number) VALUES (:path, :number) ON CONFLICT (path) DO "
	    "UPDATE SET number = excluded.number",
	[O_OWES] = "SELECT 1 FROM target, state WHERE name = :name AND (taken = 0 OR is_noting "
	    "OR EXISTS (SELECT 1 FROM owed WHERE owed.number > taken))",
	[O_MARK] = "SELECT taken, number FROM target, state WHERE name = :name",
	[O_LIST] = "INSERT INTO owed (path, number) VALUES (:path, 1) ON CONFLICT DO NOTHING",
	[O_OWED] = "SELECT path FROM owed WHERE number > :taken ORDER BY path",
	[O_TAKEN] = "UPDATE target SET taken = :number WHERE name = :name AND taken = :taken",
	[O_PRUNE] = "DELETE FROM owed WHERE number <= (SELECT min(taken) FROM target)",
};

struct outbox {
	struct driver	*driver;
	struct rows	*rows[O_END];
	int64_t		 number;	/* of the current round */
};

const char *
outbox_why(const struct outbox *outbox)
{
	return outbox == NULL ? "it cannot be opened" : driver_why(outbox->driver);
}

static struct rows *
get(struct outbox *outbox, int statement)
{
	rows_reset(outbox->rows[statement]);
	return outbox->rows[statement];
}

/* Run `statement` with one text. */
static enum status
run_text(struct outbox *outbox, int statement, const char *name, const char *text)
{
	struct rows *rows = get(outbox, statement);

	rows_bind_text(rows, name, text);
	return rows_run(rows);
}

/* ---- open and close ---- */

/*
 * After another boot, check the file and let everything be owed: the outbox is written without
 * syncs.
 */
static enum status
check_boot(struct outbox *outbox, const char *boot)
{
	struct rows *rows = get(outbox, O_BOOT);
	int64_t faults = 0;
	enum status status;

	rows_bind_text(rows, "boot", boot);
	status = rows_step(rows);
	rows_reset(rows);
	if (status != ST_UNKNOWN)
		return status;
	status = driver_number(outbox->driver,
	    "SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'", &faults);
	if (status == ST_OK && faults > 0)
		return driver_fail(outbox->driver, ST_VERSION, "it is damaged");
	if (status == ST_OK)
		status = driver_run(outbox->driver, "UPDATE target SET taken = 0");
	return status == ST_OK ? run_text(outbox, O_BOOT_SET, "boot", boot) : status;
}

static enum status
prepare(struct outbox *outbox, const char *boot)
{
	int64_t version = 0;
	enum status status = driver_number(outbox->driver, "PRAGMA user_version", &version);
	int i;

	if (status == ST_OK && version == 0)
		status = driver_run(outbox->driver, schema);
	else if (status == ST_OK && version != OUTBOX_VERSION)
		status = ST_VERSION;
	for (i = 0; i < O_END && status == ST_OK; i++)
		status = driver_prepare(outbox->driver, statements[i], NULL, &outbox->rows[i]);
	return status == ST_OK ? check_boot(outbox, boot) : status;
}

/* Only its owner may read it: it names files that are gone, among them people's pages. */
static enum status
make_file(const char *path, bool is_made)
{
	int file = open(path, O_RDWR | (is_made ? O_CREAT : 0) | O_NOFOLLOW | O_CLOEXEC, 0600),
	    result;

	if (file < 0)
		return is_made || access(path, F_OK) == 0 ? ST_FAULT : ST_UNKNOWN;
	result = fchmod(file, 0600);
	return close(file) == 0 && result == 0 ? ST_OK : ST_FAULT;
}

static enum status
open_once(const char *path, bool is_made, const char *boot, struct outbox **opened)
{
	enum status status = make_file(path, is_made);
	struct outbox *outbox;

	*opened = NULL;
	if (status != ST_OK)
		return status;
	outbox = calloc(1, sizeof *outbox);
	if (outbox == NULL)
		return ST_FAULT;
	status = driver_open(path, DRIVER_CACHE, &outbox->driver);
	if (status == ST_OK)
		status = prepare(outbox, boot);
	if (status != ST_OK) {
		outbox_close(outbox);
		return status;
	}
	*opened = outbox;
	return ST_OK;
}

enum status
outbox_open(const char *path, bool is_made, const char *boot, struct outbox **outbox)
{
	enum status status = open_once(path, is_made, boot, outbox);

	if (status != ST_FAULT && status != ST_VERSION)
		return status;
	if (unlink(path) != 0)
		return status;
	return is_made ? open_once(path, true, boot, outbox) : ST_UNKNOWN;
}

void
outbox_close(struct outbox *outbox)
{
	int i;

	if (outbox == NULL)
		return;
	for (i = 0; i < O_END; i++)
		rows_free(outbox->rows[i]);
	driver_close(outbox->driver);
	free(outbox);
}

enum status
outbox_target(struct outbox *outbox, const char *target)
{
	return run_text(outbox, O_TARGET, "name", target);
}

/* ---- notes ---- */

/* Begin a round: commit that it has begun, then open a transaction until it is settled. */
static enum status
begin_round(struct outbox *outbox)
{
	enum status status = driver_run(outbox->driver, "BEGIN IMMEDIATE;" FORGET_CUT_SHORT
	    "UPDATE state SET is_noting = 1, number = number + 1; COMMIT;");

	if (status == ST_OK)
		status = driver_begin(outbox->driver);
	if (status == ST_OK)
		status = driver_number(outbox->driver, "SELECT number FROM state", &outbox->number);
	if (status != ST_OK)
		driver_rollback(outbox->driver);
	return status;
}

enum status
outbox_note(struct outbox *outbox, const char *path, bool is_removed)
{
	enum status status = driver_in_transaction(outbox->driver) ? ST_OK : begin_round(outbox);
	struct rows *rows = get(outbox, O_NOTE);

	if (status != ST_OK)
		return status;
	rows_bind_text(rows, "path", path);
	rows_bind_int(rows, "number", outbox->number);
	status = rows_run(rows);
	if (status == ST_OK && is_removed) {		/* the manifest no longer has the path */
		status = driver_commit(outbox->driver);
		if (status == ST_OK)
			status = driver_begin(outbox->driver);
	}
	return status;
}

enum status
outbox_settle(struct outbox *outbox)
{
	enum status status;

	if (!driver_in_transaction(outbox->driver))
		return ST_OK;
	status = driver_run(outbox->driver, "UPDATE state SET is_noting = 0; COMMIT;");
	if (status != ST_OK)
		driver_rollback(outbox->driver);	/* the round stays unsettled */
	return status;
}

/* ---- what is owed ---- */

bool
outbox_owes(struct outbox *outbox, const char *target)
{
	struct rows *rows = get(outbox, O_OWES);
	bool is_owing;

	rows_bind_text(rows, "name", target);
	is_owing = rows_step(rows) == ST_OK;
	rows_reset(rows);
	return is_owing;
}

static enum status
list_path(void *handle, const char *path)
{
	return run_text(handle, O_LIST, "path", path);
}

/* In a transaction: set `mark` for `target`, and list everything if everything is owed. */
static enum status
take_stock(struct outbox *outbox, const char *target, struct manifest *manifest,
    struct outbox_mark *mark)
{
	struct rows *rows;
	enum status status = driver_run(outbox->driver,
	    FORGET_CUT_SHORT "UPDATE state SET is_noting = 0 WHERE is_noting;");

	if (status != ST_OK)
		return status;
	rows = get(outbox, O_MARK);
	rows_bind_text(rows, "name", target);
	status = rows_step(rows);
	if (status == ST_OK)
		*mark = (struct outbox_mark){ .taken = rows_int(rows, 0),
		    .number = rows_int(rows, 1) };
	rows_reset(rows);
	if (status == ST_OK && mark->taken == 0 && manifest != NULL)
		status = manifest_each(manifest, "public/", list_path, outbox);
	return status;
}

/* Call `each` for every path noted after round `taken`. */
static enum status
list_owed(struct outbox *outbox, int64_t taken, enum status (*each)(void *handle, const char *path),
    void *handle)
{
	struct rows *rows = get(outbox, O_OWED);
	enum status status = ST_OK, result = ST_OK;

	rows_bind_int(rows, "taken", taken);
	while (result == ST_OK && (status = rows_step(rows)) == ST_OK)
		result = each(handle, rows_text(rows, 0, NULL));
	rows_reset(rows);
	if (result != ST_OK)
		return result;
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
outbox_owed(struct outbox *outbox, const char *target, struct manifest *manifest,
    enum status (*each)(void *handle, const char *path), void *handle, struct outbox_mark *mark)
{
	enum status status = driver_begin(outbox->driver);

	if (status == ST_OK)
		status = take_stock(outbox, target, manifest, mark);
	if (status == ST_OK)
		status = list_owed(outbox, mark->taken, each, handle);
	if (status == ST_OK)
		status = driver_commit(outbox->driver);
	if (status != ST_OK)
		driver_rollback(outbox->driver);
	return status;
}

enum status
outbox_taken(struct outbox *outbox, const char *target, const struct outbox_mark *mark)
{
	enum status status = driver_begin(outbox->driver);
	struct rows *rows = get(outbox, O_TAKEN);

	if (status != ST_OK)
		return status;
	rows_bind_text(rows, "name", target);
	rows_bind_int(rows, "taken", mark->taken);
	rows_bind_int(rows, "number", mark->number);
	status = rows_run(rows);
	if (status == ST_OK)
		status = rows_run(get(outbox, O_PRUNE));
	if (status == ST_OK)
		status = driver_commit(outbox->driver);
	if (status != ST_OK)
		driver_rollback(outbox->driver);
	return status;
}
