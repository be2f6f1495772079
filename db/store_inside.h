// SPDX-License-Identifier: ISC
/*
 * store_inside.h: shared by the store_*.c files, and included by no others.
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
	/* the run that store_run read last in this transaction; id 0: none, or it is stale */
	struct run	 last_run;
	/* the log of store_secure; NULL: the database has no file of its own */
	struct redo	*redo;
	bool		 secures;		/* adds to the log; no other store does then */
	bool		 owes;			/* the log may have what was not committed */
	uint32_t	 counter;		/* of the database, when the transaction began */
};

/*
 * The statement of `query`, reset and ready for binding. Never NULL: lack of memory for it ends the
 * program.
 */
struct rows	*store_query(struct store *store, enum query query);

/*
 * The same, of a database that may be of an older schema, or not ours at all: ST_FAULT, and *rows
 * is NULL, when the statement does not fit it. Only for statements that change nothing.
 */
enum status	store_query_of_any(struct store *store, enum query query, struct rows **rows);

/* Copy the text in `column` to `text` ("" for NULL), cut to `size`. */
void		store_copy(struct rows *rows, int column, char *text, size_t size);

/* Step once and reset: ST_OK when there was a row, ST_UNKNOWN when not. */
enum status	store_exists(struct rows *rows);

/* Set the sentence for store_why; returns `status`. */
#define store_fail(store, status, ...) driver_fail((store)->driver, (status), __VA_ARGS__)

/*
 * A writing call is a transaction of its own unless one is open. store_enter begins one if needed,
 * and *is_mine says so. store_leave ends it if so, with a commit when `status` is ST_OK and a
 * rollback otherwise, and returns the outcome.
 */
enum status	store_enter(struct store *store, bool *is_mine);
enum status	store_leave(struct store *store, bool is_mine, enum status status);

/* rows_run, for a statement that writes: what a dead writer had secured is entered first. */
enum status	store_write(struct store *store, struct rows *rows);

/*
 * Are all pages, indexes and references of `driver` whole? If not, ST_PROBLEMS and a sentence in
 * driver_why(`report`), in which the database is called `path`.
 */
enum status	store_check_driver(struct driver *driver, struct driver *report, const char *path);

/*
 * The rules of a run: read from the columns at `column`, in the order of RULE_COLUMNS; and bound to
 * the parameters of their names. (store_rules.c)
 */
void		store_rules_fill(struct rows *rows, int column, struct run_rules *rules);
void		store_rules_bind(struct rows *rows, const struct run_rules *rules);

/*
 * Enter what the log has and was not committed; inside a transaction that has not written yet.
 * (store_redo.c)
 */
enum status	store_redo_enter(struct store *store);

/*
 * Say in the log, for a person, what the next statements enter: the `kind` of event of the person
 * and the run of `verdict`, at the instant `at`. Nothing if there is no log. (store_redo.c)
 */
void		store_remark(struct store *store, const struct verdict *verdict, const char *kind,
		    int64_t at);

/* Is there anything to enter, as far as can be known outside a transaction? (store_redo.c) */
bool		store_redo_waits(struct store *store);

/*
 * Wait until a living turnoutd has committed what it had acknowledged by now, or for somewhat over
 * a second: who was told to be in is there for those who look then. (store_redo.c)
 */
void		store_redo_await(struct store *store);

/* Sync a file, and the folder with its name. */
enum status	store_sync(const char *path);

#endif
