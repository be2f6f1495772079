// SPDX-License-Identifier: ISC
/*
 * store_inside.h: what the store_*.c files share; nobody else includes it.
 */
#ifndef TURNOUT_STORE_INSIDE_H
#define TURNOUT_STORE_INSIDE_H

#include "db/driver.h"
#include "db/query.h"
#include "db/redo.h"
#include "db/store.h"

struct store {
	struct driver	*driver;
	struct rows	*queries[Q_END];
	/*
	 * the run of the last check-in of this transaction; id 0: none, or something else was asked
	 * since
	 */
	struct run	 hall;
	/* of what store_secure was told; NULL: of a database without a file of its own */
	struct redo	*redo;
	bool		 secures;		/* adds to it, which nobody else does then */
	bool		 owes;			/* the log may have what no commit took */
	uint32_t	 counter;		/* the database's, as the transaction began */
};

/* The statement of `query`, reset and ready to bind. */
struct rows	*store_query(struct store *store, enum query query);

/* Copy text column `column` into `text` ("" for NULL), cut at `size`. */
void		store_copy(struct rows *rows, int column, char *text, size_t size);

/* Step once and reset: ST_OK when there was a row, ST_UNKNOWN when not. */
enum status	store_exists(struct rows *rows);

/* Note the sentence for store_why and give the status back. */
#define store_fail(store, status, ...) driver_fail((store)->driver, (status), __VA_ARGS__)

/*
 * A writing call is a transaction of its own unless one is open: store_enter says which,
 * store_leave ends it (commit when `status` is ST_OK, else rollback) and returns what came of it.
 */
enum status	store_enter(struct store *store, bool *is_mine);
enum status	store_leave(struct store *store, bool is_mine, enum status status);

/* rows_run of a statement that writes, so: what a dead writer secured is entered before it. */
enum status	store_write(struct store *store, struct rows *rows);

/*
 * Are all pages, indexes and references of `driver` whole? ST_PROBLEMS and a sentence in
 * driver_why(`report`) when not; it calls the database `path`.
 */
enum status	store_check_driver(struct driver *driver, struct driver *report, const char *path);

/*
 * The rules of a run in the columns from `column`, in the order of RULE_COLUMNS, and as parameters
 * of their names. (store_rules.c)
 */
void		store_rules_fill(struct rows *rows, int column, struct run_rules *rules);
void		store_rules_bind(struct rows *rows, const struct run_rules *rules);

/*
 * Enter what the log has and no commit took; inside a transaction that has written nothing.
 * (store_redo.c)
 */
enum status	store_redo_enter(struct store *store);

/* Is there anything to enter, as far as that can be told outside of one? (store_redo.c) */
bool		store_redo_waits(struct store *store);

/* Bring a file to the disk, its name in the folder too. */
enum status	store_sync(const char *path);

#endif
