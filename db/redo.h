// SPDX-License-Identifier: ISC
/*
 * redo.h: the redo log beside a database: what was acknowledged and is not committed yet.
 *
 * A commit has four syncs, one after the other; a record of the log has one. So while a crowd is at
 * the door, what a group of check-ins wrote is put here, as the statements that wrote it, and may
 * be acknowledged; one commit then serves many groups. Whoever next begins to write and finds
 * records that no commit took enters them first, in their order (db/store_redo.c).
 *
 * The file is NAME-redo and an SQL script: each record is a comment, which says what it follows,
 * how long it is and a checksum of it all, and the statements. What is not whole was never
 * acknowledged, and ends the log. After the commit it is zeros.
 */
#ifndef TURNOUT_REDO_H
#define TURNOUT_REDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

struct redo;

/* Of which database the records speak, and how far. */
struct redo_mark {
	/* the file change counter of the database that they were made on (driver_counter) */
	uint32_t	counter;
	int64_t		event;		/* the newest event once all of them are entered, */
	int64_t		received_at;	/* and when it came, seconds since 1970; 0: there is none */
};

/*
 * The log beside the database `path`, or beside what that is a link to, as the journal; nothing is
 * opened yet. NULL without memory.
 */
struct redo	*redo_new(const char *path);
void		redo_free(struct redo *redo);

/* The file, for people. */
const char	*redo_path(const struct redo *redo);

/* Does somebody live who adds to it? */
bool		redo_is_held(const struct redo *redo);

/*
 * What is there: *script has the statements of all whole records and is the caller's to free; NULL,
 * which is no fault, when there is none. What is added goes behind them. ST_FAULT: it cannot be
 * read.
 */
enum status	redo_read(struct redo *redo, struct redo_mark *mark, char **script);

/*
 * Add a record behind the others and bring it to the disk. ST_OK: it outlives a power cut.
 * ST_FULL, ST_FAULT: it may or may not; the next goes in its place. ST_FULL, too, when the log is
 * longer than is read again; ST_FAULT when the file was removed, and the records that were in it.
 */
enum status	redo_add(struct redo *redo, struct redo_mark mark, const char *statements,
		    size_t length);

/*
 * All is committed: nothing of it is readable any more. The file stays as long as it is, so that
 * what is added later needs no new place on the disk; redo_remove takes it away.
 */
void		redo_clear(struct redo *redo);
void		redo_remove(struct redo *redo);

/*
 * Put the file out of the way, for a person to look at; *name is where it is. The second finds the
 * first that was, beside the database `path`; false: none waits for anybody.
 */
enum status	redo_set_aside(struct redo *redo, char *name, size_t size);
bool		redo_find_aside(const char *path, char *name, size_t size);

#endif
