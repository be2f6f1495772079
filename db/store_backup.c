// SPDX-License-Identifier: ISC
/*
 * store_backup.c: backups that are checked, and other maintenance.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "db/store_inside.h"

const char *
store_journal(struct store *store)
{
	struct rows *rows = store_query(store, Q_JOURNAL);

	return rows_step(rows) == ST_OK ? rows_text(rows, 0, NULL) : "unknown";
}

enum status
store_backup(struct store *store, const char *path)
{
	struct driver *copy = NULL;
	enum status status;
	int file;

	file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0 && errno == EEXIST)
		return store_fail(store, ST_EXISTS, "%s already exists. Choose another name.",
		    path);
	if (file < 0 || close(file) != 0)
		return store_fail(store, ST_FAULT, "%s cannot be made: %s.", path, strerror(errno));
	status = driver_copy(store->driver, path);
	if (status == ST_OK && store_sync(path) != ST_OK)
		status = store_fail(store, ST_FAULT, "%s could not be brought to the disk: %s.", path,
		    strerror(errno));
	if (status == ST_OK) {
		status = driver_open(path, DRIVER_READ, &copy);
		if (status == ST_OK)
			status = store_check_driver(copy, store->driver, path);
		else
			store_fail(store, status, "%s: %s", path, driver_why(copy));
		driver_close(copy);
	}
	if (status != ST_OK)
		unlink(path);		/* we made it above */
	return status;
}

/*
 * VACUUM cannot be in a transaction, yet nobody may write between it and the transaction that
 * enters what a dead writer secured. So the lock of that transaction is kept until VACUUM is done.
 */
enum status
store_compact(struct store *store)
{
	enum status status = driver_run(store->driver, "PRAGMA locking_mode = EXCLUSIVE");

	if (status == ST_OK)
		status = store_begin(store);
	if (status == ST_OK)
		status = store_commit(store);
	if (status == ST_OK)
		status = driver_run(store->driver, "VACUUM");
	/* the next read releases the lock */
	(void)driver_run(store->driver, "PRAGMA locking_mode = NORMAL; PRAGMA schema_version");
	return status;
}
