// SPDX-License-Identifier: ISC
/*
 * journal.h: a file system (VFS) for SQLite that makes the rollback journal cheaper, for databases
 * opened for writing.
 *
 * Everything is as in SQLite's own VFS, and so are the files, but for two things that made the
 * commit of a check-in expensive. SQLite writes three pieces for each page of a journal: here they
 * are gathered and written together, before anything that depends on them. And for each transaction
 * SQLite opens the journal with the flag to make it if missing, and so syncs the folder: here that
 * is done only while the journal is not known to be in its folder on the disk. SQLite still decides
 * what is synced in which order (journal_mode TRUNCATE, synchronous FULL); tests/unit/test_power.c
 * checks that.
 */
#ifndef TURNOUT_JOURNAL_H
#define TURNOUT_JOURNAL_H

/*
 * The name of the VFS for sqlite3_open_v2; NULL, which means SQLite's own, when it cannot be
 * registered. Any thread.
 */
const char	*journal_file_system(void);

/* Forget which journal is known to be on the disk, and close the descriptor kept for it. */
void		 journal_let_go(void);

/*
 * Sync the journal `name` as it is, if there is one. A killed writer may have truncated it, which
 * commits, but not synced that: others see the commit, and a power cut would still undo it. Returns
 * a result code of SQLite; one that is there and cannot be opened is a fault.
 */
int		journal_settle(const char *name);

#endif
