// SPDX-License-Identifier: ISC
/*
 * store_backup.c: copies that can be trusted, and the check that says so.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db/store_inside.h"

const char *
store_journal(struct store *store)
{
	struct rows *rows = store_query(store, Q_JOURNAL);

	return rows_step(rows) == ST_OK ? rows_text(rows, 0, NULL) : "unknown";
}

/* The first line of a check pragma that is not "ok" or empty. */
static enum status
run_check(struct driver *driver, const char *pragma, struct driver *report, const char *path)
{
	struct rows *rows;
	const char *text;
	enum status status = driver_prepare(driver, pragma, NULL, &rows);

	if (status != ST_OK)
		return driver_fail(report, status, "%s cannot be checked: %s.", path, driver_why(driver));
	status = rows_step(rows);
	if (status == ST_OK) {
		text = rows_text(rows, 0, NULL);
		if (text == NULL || strcmp(text, "ok") != 0)
			status = driver_fail(report, ST_PROBLEMS, "%s is damaged (%s: %s). Go back to a backup.", path, pragma,
			    text == NULL ? "?" : text);
	} else if (status == ST_UNKNOWN) {
		status = ST_OK;
	}
	rows_free(rows);
	return status;
}

static enum status
check_driver(struct driver *driver, struct driver *report, const char *path)
{
	enum status status = run_check(driver, "PRAGMA integrity_check(1)", report, path);

	return status == ST_OK ? run_check(driver, "PRAGMA foreign_key_check", report, path) : status;
}

enum status
store_check(struct store *store)
{
	return check_driver(store->driver, store->driver, "The database");
}

enum status
store_backup(struct store *store, const char *path)
{
	struct driver *copy = NULL;
	enum status status;
	int file;

	file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0 || close(file) != 0)
		return access(path, F_OK) == 0
		    ? store_fail(store, ST_EXISTS, "%s is there already. Choose another name.", path)
		    : store_fail(store, ST_FAULT, "%s cannot be made. Does the folder exist?", path);
	status = driver_copy(store->driver, path);
	if (status == ST_OK && store_sync(path) != ST_OK)
		status = store_fail(store, ST_FAULT, "%s could not be brought to the disk.", path);
	if (status == ST_OK) {
		status = driver_open(path, DRIVER_READ, &copy);
		if (status == ST_OK)
			status = check_driver(copy, store->driver, path);
		driver_close(copy);
	}
	if (status != ST_OK)
		unlink(path);		/* ours, made above */
	return status;
}
