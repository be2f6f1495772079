// SPDX-License-Identifier: ISC
/*
 * redo.c: see redo.h. The file is opened, written and synced through SQLite's file system, like the
 * journal: it gets the permissions of the database, and the first sync brings its name to the disk.
 */
#include "db/redo.h"

#include <fcntl.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* the version: what is made or meant in another way has another word, such as "-- redo2 " */
#define WORD		"-- redo "
/* counter, event, received_at, length; the checksum follows */
#define HEAD		WORD "%08x %016llx %016llx %08x "
#define HEAD_LENGTH	(sizeof "-- redo 01234567 0123456789abcdef 0123456789abcdef 01234567 " - 1)
#define SUM_BYTES	16
#define SUM_LENGTH	(2 * SUM_BYTES)
#define RECORD_HEAD	(HEAD_LENGTH + SUM_LENGTH + 1)	/* and a newline */
#define READ_MAX	(64 * 1024 * 1024)	/* more than any transaction is */
#define ASIDE_MAX	99	/* so many are looked for */
#define PIECE_MAX	(64 * 1024)	/* SQLite's file system takes less than 128 KiB at a time */

struct redo {
	sqlite3_vfs	*system;
	sqlite3_file	*file;			/* pMethods NULL: not open */
	sqlite3_int64	 end;			/* offset behind the last whole record */
	sqlite3_int64	 used;			/* offset behind all that was ever written */
	struct stat	 identity;		/* of the file that was opened */
	bool		 adds;			/* this process adds: others see a lock, */
	int		 lock;			/* held by this descriptor; -1: none */
	char		*record;		/* the record being written */
	size_t		 size;
	char		 path[];		/* ends in two NULs, as SQLite wants file names */
};

struct redo *
redo_new(const char *path)
{
	static const char suffix[] = "-redo\0";
	sqlite3_vfs *system = sqlite3_vfs_find(NULL);
	size_t size = system == NULL ? 0 : (size_t)system->mxPathname + 1;
	struct redo *redo = calloc(1, sizeof *redo + size + sizeof suffix);

	if (redo == NULL)
		return NULL;
	redo->lock = -1;
	redo->system = system;
	if (system != NULL && (system->xFullPathname(system, path, (int)size,
	    redo->path) & 0xff) == SQLITE_OK)
		redo->file = calloc(1, (size_t)system->szOsFile);
	if (redo->file == NULL) {
		free(redo);
		return NULL;
	}
	memcpy(redo->path + strlen(redo->path), suffix, sizeof suffix);
	return redo;
}

static void
shut(struct redo *redo)
{
	if (redo->file->pMethods != NULL)
		redo->file->pMethods->xClose(redo->file);
	redo->file->pMethods = NULL;
	if (redo->lock >= 0)
		close(redo->lock);
	redo->lock = -1;
}

/* Shut the file and forget what is in it. */
static void
let_go(struct redo *redo)
{
	shut(redo);
	redo->end = redo->used = 0;
}

void
redo_free(struct redo *redo)
{
	if (redo == NULL)
		return;
	shut(redo);
	free(redo->file);
	free(redo->record);
	free(redo);
}

const char *
redo_path(const struct redo *redo)
{
	return redo->path;
}

static enum status
status_of(int code)
{
	return code == SQLITE_OK ? ST_OK : (code & 0xff) == SQLITE_FULL ? ST_FULL : ST_FAULT;
}

/* Read or write all of it, piece by piece. */
static enum status
transfer(struct redo *redo, char *data, sqlite3_int64 length, sqlite3_int64 offset, bool is_write)
{
	const sqlite3_io_methods *methods = redo->file->pMethods;
	sqlite3_int64 at;
	int code = SQLITE_OK, piece;

	for (at = 0; at < length && code == SQLITE_OK; at += piece) {
		piece = length - at < PIECE_MAX ? (int)(length - at) : PIECE_MAX;
		code = is_write ? methods->xWrite(redo->file, data + at, piece, offset + at)
		    : methods->xRead(redo->file, data + at, piece, offset + at);
	}
	return status_of(code);
}

/*
 * Open the file, and with `is_made` create it when it is missing; without, ST_UNKNOWN. A file that
 * was opened with `is_made` has its name synced with its first record even when it was there:
 * whoever created it may have died before that.
 */
static enum status
open_file(struct redo *redo, bool is_made)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL;
	struct flock all = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	sqlite3_int64 size;
	int is_there = 1;

	if (redo->file->pMethods != NULL)
		return ST_OK;
	if (!is_made && (redo->system->xAccess(redo->system, redo->path, SQLITE_ACCESS_EXISTS,
	    &is_there) != SQLITE_OK || !is_there))
		return is_there ? ST_FAULT : ST_UNKNOWN;
	if (redo->system->xOpen(redo->system, redo->path, redo->file,
	    is_made ? flags | SQLITE_OPEN_CREATE : flags, NULL) == SQLITE_OK &&
	    stat(redo->path, &redo->identity) == 0 &&
	    redo->file->pMethods->xFileSize(redo->file, &size) == SQLITE_OK) {
		if (redo->used < size)
			redo->used = size;
		if (redo->adds)
			redo->lock = open(redo->path, O_RDONLY | O_CLOEXEC);
		if (redo->lock >= 0)
			(void)fcntl(redo->lock, F_OFD_SETLK, &all);
		return ST_OK;
	}
	shut(redo);
	return ST_FAULT;
}

/* F_OFD_GETLK takes no lock, which would get in the way of a process that begins to add. */
bool
redo_is_held(const struct redo *redo)
{
	struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int file = open(redo->path, O_RDONLY | O_CLOEXEC);
	bool is = file >= 0 && fcntl(file, F_OFD_GETLK, &all) == 0 && all.l_type != F_UNLCK;

	if (file >= 0)
		close(file);
	return is;
}

/* The checksum of a record with `length` bytes of statements, as text, into `sum`. */
static void
sum_up(const char *record, size_t length, char sum[SUM_LENGTH + 1])
{
	unsigned char bytes[SUM_BYTES];
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof bytes);
	crypto_generichash_update(&state, (const unsigned char *)record, HEAD_LENGTH);
	crypto_generichash_update(&state, (const unsigned char *)record + RECORD_HEAD, length);
	crypto_generichash_final(&state, bytes, sizeof bytes);
	sodium_bin2hex(sum, SUM_LENGTH + 1, bytes, sizeof bytes);
}

/*
 * Read the head at the beginning of `text`, of at least RECORD_HEAD bytes, to *mark and *length of
 * the statements; false when it is none. From a copy: sscanf looks for the end of a text first, and
 * a log may be long.
 */
static bool
read_head(const char *text, struct redo_mark *mark, size_t *length)
{
	char head[HEAD_LENGTH + 1];
	unsigned long long event, received_at;
	unsigned counter, count;

	memcpy(head, text, HEAD_LENGTH);
	head[HEAD_LENGTH] = '\0';
	if (sscanf(head, HEAD, &counter, &event, &received_at, &count) != 4)
		return false;
	*mark = (struct redo_mark){ .counter = counter, .event = (int64_t)event,
	    .received_at = (int64_t)received_at };
	*length = count;
	return true;
}

/* Write the head of a record with `length` bytes of statements. */
static void
write_head(const struct redo_mark *mark, size_t length, char head[HEAD_LENGTH + 1])
{
	snprintf(head, HEAD_LENGTH + 1, HEAD, (unsigned)mark->counter,
	    (unsigned long long)mark->event, (unsigned long long)mark->received_at,
	    (unsigned)length);
}

/* The length of the whole record at the beginning of `text`; 0 when there is none. */
static size_t
record_length(const char *text, size_t length, struct redo_mark *mark)
{
	char sum[SUM_LENGTH + 1];
	struct redo_mark read;
	size_t count;

	if (length < RECORD_HEAD || !read_head(text, &read, &count) || count > length - RECORD_HEAD)
		return 0;
	sum_up(text, count, sum);
	if (memcmp(text + HEAD_LENGTH, sum, SUM_LENGTH) != 0 || text[RECORD_HEAD - 1] != '\n')
		return 0;
	*mark = read;
	return RECORD_HEAD + count;
}

/*
 * Is it another program's what the file begins with? A write of our own that was cut short leaves
 * zeros there, or a head like ours, new or old, since a disk writes whole sectors: that was never
 * acknowledged, or committed long ago. Anything else may have been acknowledged.
 */
static bool
is_foreign(const char *text, size_t length)
{
	const size_t known = sizeof WORD - 1;
	char head[HEAD_LENGTH + 1];
	struct redo_mark mark;
	size_t count;

	if (length == 0 || text[0] == '\0')
		return false;
	if (length < RECORD_HEAD)
		return memcmp(text, WORD, length < known ? length : known) != 0;
	if (!read_head(text, &mark, &count))
		return true;
	write_head(&mark, count, head);
	return memcmp(text, head, HEAD_LENGTH) != 0 || text[RECORD_HEAD - 1] != '\n';
}

/*
 * Is a whole record that follows the state `counter` in `text`, which begins with none? Each is
 * synced before the next is written, so that a power cut tears only the last. Records of another
 * state are stale: zeros over them need not have reached the disk.
 */
static bool
has_behind(const char *text, size_t length, uint32_t counter)
{
	const char *end = text + length, *at = text;
	struct redo_mark mark;

	while ((at = memmem(at, (size_t)(end - at), WORD, sizeof WORD - 1)) != NULL) {
		if (record_length(at, (size_t)(end - at), &mark) > 0 && mark.counter == counter)
			return true;
		at++;
	}
	return false;
}

/* The whole file into *text, the caller's to free; *length of it. */
static enum status
read_all(struct redo *redo, char **text, size_t *length)
{
	enum status status;

	*length = redo->used < READ_MAX ? (size_t)redo->used : READ_MAX;
	*text = malloc(*length + 1);
	if (*text == NULL)
		return ST_FAULT;
	(*text)[*length] = '\0';
	status = transfer(redo, *text, (sqlite3_int64)*length, 0, false);
	if (status != ST_OK)
		free(*text);
	return status;
}

enum status
redo_read(struct redo *redo, uint32_t counter, struct redo_mark *mark, char **script)
{
	struct redo_mark next;
	size_t at = 0, size, length;
	enum status status;
	char *text;

	*script = NULL;
	let_go(redo);		/* since then, another process may have made a new file */
	status = open_file(redo, false);
	if (status == ST_OK)
		status = read_all(redo, &text, &size);
	if (status != ST_OK)
		return status == ST_UNKNOWN ? ST_OK : status;
	while ((length = record_length(text + at, size - at, &next)) > 0 &&
	    (at == 0 || next.counter == mark->counter)) {
		*mark = next;
		at += length;
	}
	if ((at == 0 && is_foreign(text, size)) ||
	    (counter != 0 && has_behind(text + at, size - at, counter)))
		status = ST_VERSION;
	text[at] = '\0';
	if (at > 0 && status == ST_OK) {
		redo->end = (sqlite3_int64)at;
		*script = text;
	} else {
		let_go(redo);
		free(text);
	}
	return status;
}

/* Did somebody remove the open file, or put another in its place? */
static bool
has_gone(const struct redo *redo)
{
	struct stat info;

	return redo->file->pMethods != NULL && (stat(redo->path, &info) != 0 ||
	    info.st_dev != redo->identity.st_dev || info.st_ino != redo->identity.st_ino);
}

enum status
redo_add(struct redo *redo, struct redo_mark mark, const char *statements, size_t length)
{
	size_t size = RECORD_HEAD + length;
	char sum[SUM_LENGTH + 1];
	enum status status;

	if (has_gone(redo)) {
		let_go(redo);
		return ST_FAULT;
	}
	if (redo->end + (sqlite3_int64)size > READ_MAX)
		return ST_FULL;
	if (!redo->adds)
		shut(redo);	/* opened to be read */
	redo->adds = true;
	status = open_file(redo, true);
	if (status != ST_OK)
		return status;
	if (redo->size < size + 1) {
		free(redo->record);
		redo->record = malloc(size + 1);
		redo->size = redo->record == NULL ? 0 : size + 1;
	}
	if (redo->record == NULL)
		return ST_FAULT;
	write_head(&mark, length, redo->record);
	memcpy(redo->record + RECORD_HEAD, statements, length);
	sum_up(redo->record, length, sum);
	memcpy(redo->record + HEAD_LENGTH, sum, SUM_LENGTH);
	redo->record[RECORD_HEAD - 1] = '\n';
	if (redo->used < redo->end + (sqlite3_int64)size)
		redo->used = redo->end + (sqlite3_int64)size;
	status = transfer(redo, redo->record, (sqlite3_int64)size, redo->end, true);
	if (status == ST_OK)
		status = status_of(redo->file->pMethods->xSync(redo->file,
		    SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY));
	if (status == ST_OK)
		redo->end += (sqlite3_int64)size;
	return status;
}

void
redo_clear(struct redo *redo)
{
	static const char zeros[4096];
	const sqlite3_int64 piece = sizeof zeros;
	sqlite3_int64 at;

	if (redo->file->pMethods == NULL)
		return;
	for (at = 0; at < redo->used; at += piece)
		(void)redo->file->pMethods->xWrite(redo->file, zeros,
		    (int)(redo->used - at < piece ? redo->used - at : piece), at);
	redo->end = redo->used = 0;
}

void
redo_remove(struct redo *redo)
{
	shut(redo);
	(void)redo->system->xDelete(redo->system, redo->path, 0);
}

/* Number `n` of the files that were put aside. */
static bool
is_aside(const struct redo *redo, int n, char *name, size_t size)
{
	snprintf(name, size, "%s.%d", redo->path, n);
	return access(name, F_OK) == 0;
}

bool
redo_find_aside(const char *path, char *name, size_t size)
{
	struct redo *redo = redo_new(path);
	int n = 1;

	while (redo != NULL && n <= ASIDE_MAX && !is_aside(redo, n, name, size))
		n++;
	redo_free(redo);
	return redo != NULL && n <= ASIDE_MAX;
}

enum status
redo_set_aside(struct redo *redo, char *name, size_t size)
{
	int n = 1;

	while (is_aside(redo, n, name, size))
		n++;
	let_go(redo);
	return rename(redo->path, name) == 0 ? ST_OK : ST_FAULT;
}
