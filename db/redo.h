// SPDX-License-Identifier: ISC
/*
 * redo.h: the redo log beside a database: what was acknowledged but is not yet committed.
 *
 * A commit takes four syncs, one after the other; a record of the log takes one. So the statements
 * that a batch of check-ins ran are written here, and the batch may be acknowledged; one commit
 * then serves as many batches as come. Whoever begins to write next and finds records that were
 * never committed enters them first, in order; whoever begins to read while their writer lives
 * waits for it (db/store_redo.c).
 *
 * The file is NAME-redo, an SQL script. Each record is a comment, with what the record follows, its
 * length and a checksum, and then the statements. A record that is not whole was never
 * acknowledged, and ends the log; but with a whole one behind it, the disk lost something, and the
 * log must be set aside before another is begun. After the commit the file is all zeros. The first
 * word is the version: a log that begins with another head is not read, and must be set aside, too.
 * No version adds to the log of another.
 */
#ifndef TURNOUT_REDO_H
#define TURNOUT_REDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

struct redo;

/* Which state of the database the records follow, and which they lead to. */
struct redo_mark {
	uint32_t	counter;	/* its file change counter before them (driver_counter) */
	/* the newest event after them, 0: none; and when it was received, seconds since 1970 */
	int64_t		event;
	int64_t		received_at;
};

/*
 * The log of the database `path`: beside the file itself, like the journal, when `path` is a
 * symbolic link. Nothing is opened yet. NULL without memory, or when the path is too long.
 */
struct redo	*redo_new(const char *path);
void		redo_free(struct redo *redo);

/* The name of the file, for messages. Borrowed. */
const char	*redo_path(const struct redo *redo);

/* Is a living process adding to the log? */
bool		redo_is_held(const struct redo *redo);

/*
 * Read all whole records: *script holds their statements and is the caller's to free, or is NULL
 * when there are none, which is ST_OK, too; *mark is the last one's. redo_add then appends to them.
 * ST_VERSION when another program wrote it, or when a record is damaged and a whole one is behind
 * it that follows the state `counter` of the database (0: do not look), so that it may have been
 * acknowledged: *script is NULL, and redo_add must not be called before redo_set_aside. ST_FAULT
 * when the file cannot be read.
 */
enum status	redo_read(struct redo *redo, uint32_t counter, struct redo_mark *mark,
		    char **script);

/*
 * Append a record and sync it. ST_OK: it survives a power cut. ST_FULL, ST_FAULT: it may or may
 * not, and the next record overwrites it. ST_FULL also when the log would be longer than redo_read
 * reads; ST_FAULT also when somebody removed the file, and with it the records that it held.
 */
enum status	redo_add(struct redo *redo, struct redo_mark mark, const char *statements,
		    size_t length);

/*
 * All is committed: overwrite everything with zeros. The file keeps its length, so that later
 * records need no new space on the disk. redo_remove deletes it, also what a disk that took no more
 * left of it.
 */
void		redo_clear(struct redo *redo);
void		redo_remove(struct redo *redo);

/*
 * redo_set_aside renames the file, for a person to look at; its new name goes into `name` (`size`
 * bytes). ST_FAULT, and it stays where it is. redo_find_aside finds the first that was set aside
 * beside the database `path`; false: there is none.
 */
enum status	redo_set_aside(struct redo *redo, char *name, size_t size);
bool		redo_find_aside(const char *path, char *name, size_t size);

#endif
