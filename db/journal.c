// SPDX-License-Identifier: ISC
/*
 * journal.c: see journal.h. A VFS (sqlite3_vfs) over SQLite's own: it handles the journals of
 * databases and passes on everything else.
 */
#include "db/journal.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GATHER_BYTES	(64 * 1024)

/* An open journal, as SQLite holds it; the underlying VFS's file follows in memory. */
struct journal {
	sqlite3_file	 base;
	sqlite3_file	*file;
	const char	*name;		/* SQLite's, valid while the journal is open */
	bool		 is_made;	/* its first sync syncs the folder too */
	/* GATHER_BYTES, `length` of them to be written at `offset` */
	unsigned char	*gathered;
	sqlite3_int64	 offset;
	int		 length;
};

static sqlite3_vfs *under;		/* SQLite's own VFS */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The last journal whose name is known to be on the disk. */
static struct {
	int		 pin;	/* open, so that no other file gets its inode number; -1: none */
	dev_t		 device;
	ino_t		 inode;
} known = { .pin = -1 };		/* under the lock */

static struct journal *
journal_of(sqlite3_file *base)
{
	return (struct journal *)(void *)base;
}

/* ---- is the name of the journal on the disk? ---- */

/* Is the journal still the known one? Another program may have replaced it. */
static bool
is_known(const char *name)
{
	struct stat info;
	bool is;

	pthread_mutex_lock(&lock);
	is = known.pin >= 0 && stat(name, &info) == 0 && info.st_dev == known.device &&
	    info.st_ino == known.inode;
	pthread_mutex_unlock(&lock);
	return is;
}

static void
let_go(void)
{
	if (known.pin >= 0)
		close(known.pin);
	known.pin = -1;
}

void
journal_let_go(void)
{
	pthread_mutex_lock(&lock);
	let_go();
	pthread_mutex_unlock(&lock);
}

static void
know(const char *name)
{
	struct stat info;

	pthread_mutex_lock(&lock);
	let_go();
	known.pin = open(name, O_PATH | O_CLOEXEC);
	if (known.pin >= 0 && fstat(known.pin, &info) == 0) {
		known.device = info.st_dev;
		known.inode = info.st_ino;
	} else {
		let_go();
	}
	pthread_mutex_unlock(&lock);
}

/* ---- the methods of a journal ---- */

/* Write what is gathered. If that fails, it is kept, so that it can be read back. */
static int
put(struct journal *journal)
{
	int code = SQLITE_OK;

	if (journal->length > 0)
		code = journal->file->pMethods->xWrite(journal->file, journal->gathered,
		    journal->length, journal->offset);
	if (code == SQLITE_OK)
		journal->length = 0;
	return code;
}

static int
journal_write(sqlite3_file *base, const void *data, int length, sqlite3_int64 offset)
{
	struct journal *journal = journal_of(base);

	if (journal->length > 0 &&
	    (offset != journal->offset + journal->length ||
	    length > GATHER_BYTES - journal->length)) {
		int code = put(journal);

		if (code != SQLITE_OK)
			return code;
	}
	if (length > GATHER_BYTES)
		return journal->file->pMethods->xWrite(journal->file, data, length, offset);
	if (journal->length == 0)
		journal->offset = offset;
	memcpy(journal->gathered + journal->length, data, (size_t)length);
	journal->length += length;
	return SQLITE_OK;
}

static int
journal_read(sqlite3_file *base, void *data, int length, sqlite3_int64 offset)
{
	struct journal *journal = journal_of(base);
	int code;

	if (offset >= journal->offset && offset + length <= journal->offset + journal->length) {
		memcpy(data, journal->gathered + (offset - journal->offset), (size_t)length);
		return SQLITE_OK;
	}
	code = put(journal);
	return code == SQLITE_OK
	    ? journal->file->pMethods->xRead(journal->file, data, length, offset) : code;
}

static int
journal_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct journal *journal = journal_of(base);
	int code = SQLITE_OK;

	if (size <= journal->offset)
		journal->length = 0;
	else
		code = put(journal);
	return code == SQLITE_OK ? journal->file->pMethods->xTruncate(journal->file, size) : code;
}

static int
journal_sync(sqlite3_file *base, int flags)
{
	struct journal *journal = journal_of(base);
	int code = put(journal);

	if (code == SQLITE_OK)
		code = journal->file->pMethods->xSync(journal->file, flags);
	if (code == SQLITE_OK && journal->is_made) {
		journal->is_made = false;
		know(journal->name);
	}
	return code;
}

static int
journal_size(sqlite3_file *base, sqlite3_int64 *size)
{
	struct journal *journal = journal_of(base);
	int code = journal->file->pMethods->xFileSize(journal->file, size);

	if (code == SQLITE_OK && journal->length > 0 && *size < journal->offset + journal->length)
		*size = journal->offset + journal->length;
	return code;
}

static int
journal_close(sqlite3_file *base)
{
	struct journal *journal = journal_of(base);

	(void)put(journal);		/* a failure does no harm: no sync was asked for */
	free(journal->gathered);
	return journal->file->pMethods->xClose(journal->file);
}

static int
journal_control(sqlite3_file *base, int what, void *argument)
{
	struct journal *journal = journal_of(base);

	return journal->file->pMethods->xFileControl(journal->file, what, argument);
}

static int
journal_sector(sqlite3_file *base)
{
	struct journal *journal = journal_of(base);

	return journal->file->pMethods->xSectorSize(journal->file);
}

static int
journal_traits(sqlite3_file *base)
{
	struct journal *journal = journal_of(base);

	return journal->file->pMethods->xDeviceCharacteristics(journal->file);
}

/*
 * Open a file. A journal that is to be made if missing will be written, and is ours; one that
 * another program left is only read, and passed on.
 */
static int
journal_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *flags_out)
{
	static const sqlite3_io_methods methods = { .iVersion = 1, .xClose = journal_close,
	    .xRead = journal_read, .xWrite = journal_write, .xTruncate = journal_truncate,
	    .xSync = journal_sync, .xFileSize = journal_size, .xFileControl = journal_control,
	    .xSectorSize = journal_sector, .xDeviceCharacteristics = journal_traits };
	struct journal *journal = journal_of(base);
	int code;

	(void)vfs;
	if (name == NULL || (flags & SQLITE_OPEN_MAIN_JOURNAL) == 0 ||
	    (flags & SQLITE_OPEN_CREATE) == 0)
		return under->xOpen(under, name, base, flags, flags_out);
	*journal = (struct journal){ .file = (sqlite3_file *)(void *)(journal + 1), .name = name,
	    .gathered = malloc(GATHER_BYTES) };
	if (journal->gathered == NULL)
		return SQLITE_NOMEM;
	journal->is_made = !is_known(name);
	code = under->xOpen(under, name, journal->file,
	    journal->is_made ? flags : flags & ~SQLITE_OPEN_CREATE, flags_out);
	if (code != SQLITE_OK && !journal->is_made) {	/* perhaps it was removed just now */
		journal->is_made = true;
		code = under->xOpen(under, name, journal->file, flags, flags_out);
	}
	if (code == SQLITE_OK)
		base->pMethods = &methods;
	else
		free(journal->gathered);
	return code;
}

/* ---- the file system ---- */

static sqlite3_vfs ours;

static void
set_up(void)
{
	under = sqlite3_vfs_find(NULL);
	if (under == NULL)
		return;
	ours = *under;
	ours.pNext = NULL;
	ours.zName = "turnout";
	ours.szOsFile += (int)sizeof(struct journal);
	ours.xOpen = journal_open;
	if (sqlite3_vfs_register(&ours, 0) != SQLITE_OK)
		under = NULL;
}

const char *
journal_file_system(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, set_up);
	return under == NULL ? NULL : ours.zName;
}

/* May `name` be there? Not when it is neither a file with content nor one that we may write. */
static bool
is_there(sqlite3_vfs *system, const char *name)
{
	int has_content = 1, is_ours = 1;

	return system->xAccess(system, name, SQLITE_ACCESS_EXISTS, &has_content) != SQLITE_OK ||
	    system->xAccess(system, name, SQLITE_ACCESS_READWRITE, &is_ours) != SQLITE_OK ||
	    has_content || is_ours;
}

int
journal_settle(const char *name)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_JOURNAL;
	sqlite3_vfs *system = sqlite3_vfs_find(NULL);
	sqlite3_file *file = calloc(1, (size_t)system->szOsFile);
	int code;

	if (file == NULL)
		return SQLITE_NOMEM;
	code = system->xOpen(system, name, file, flags, NULL);
	if (code != SQLITE_OK && !is_there(system, name)) {
		free(file);
		return SQLITE_OK;
	}
	if (code != SQLITE_OK)		/* perhaps it was made just now */
		code = system->xOpen(system, name, file, flags, NULL);
	if (code == SQLITE_OK)
		code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
	if (file->pMethods != NULL)
		file->pMethods->xClose(file);
	free(file);
	return code;
}
