// SPDX-License-Identifier: ISC
/*
 * journal.h: the rollback journal on its way to the disk, as the file system that SQLite is given
 * for a database that is written.
 *
 * All is SQLite's own way, and so are the files, but for two things of which a commit of check-ins
 * was made dear. SQLite writes a journal in three pieces a page: here they are gathered and written
 * together, before anything that waits for them. And it opens the journal anew for each
 * transaction, to be made if it is missing, and then syncs the folder: here only a journal that is
 * not yet known to be in its folder on the disk is opened so. What is synced, and before what,
 * stays SQLite's (journal_mode TRUNCATE, synchronous FULL); tests/unit/test_power.c judges it.
 */
#ifndef TURNOUT_JOURNAL_H
#define TURNOUT_JOURNAL_H

/*
 * The name to give to sqlite3_open_v2; NULL, which is SQLite's own file system, without memory. Any
 * thread.
 */
const char	*journal_file_system(void);

/* Forget which journal is known to be on the disk: nothing is kept open for it any more. */
void		 journal_let_go(void);

/*
 * Bring the journal `name` to the disk as it stands, if there is one. A writer that was killed may
 * have emptied it, which is what commits, and not synced that: others see the commit, and a power
 * cut still takes it back. A result code of SQLite.
 */
int		journal_settle(const char *name);

#endif
