// SPDX-License-Identifier: ISC
/*
 * store_check.c: is the database whole, and is what was derived from the facts still right?
 *
 * Triggers keep attendance, counts and milestones in step with the events, whatever program writes.
 * Here all of it is computed anew: each statement below gives a row for everything that differs.
 */
#include <stdio.h>
#include <string.h>

#include "db/store_inside.h"

#define CAME	"status IN ('present', 'late')"

/*
 * The rows that are in only one of two sets without duplicates. `columns`: "1, 2, 3" for three
 * columns. Each set is computed once.
 */
#define DIFFERENCE(columns, left, right) "SELECT * FROM (" left " UNION ALL " right ") GROUP BY " columns " HAVING count(*) = 1"

/* Name the run, or the person, of the first column. */
#define OF_RUN(rows)	"SELECT coalesce(r.date || ' ' || r.slug, 'number ' || d.run_id) FROM (" rows ") AS d LEFT JOIN run AS r ON r.id = d.run_id"
#define OF_PERSON(rows)	"SELECT 'number ' || person_id FROM (" rows ")"

/* An aggregate: the id of the first (min) or last (max) run, in the order of runs. */
#define BY_ORDER(which)	"CAST(substr(" which "(r.date || r.start || printf('%010d', r.id)), 16) AS INTEGER)"

static const struct {
	const char	*what;		/* the problem, "of the run 2026-11-20 hills" follows */
	const char	*of;		/* "run" or "person" */
	const char	*sql;
} rules[] = {
	{ "the attendance does not follow from the events", "run",
	  OF_RUN("SELECT a.run_id FROM attendance AS a JOIN event AS e ON e.id = a.event_id "
	  "WHERE (a.run_id, a.person_id, a.status, a.since, a.proof, a.is_delivered_late, "
	  "a.pending) IS NOT (e.run_id, e.person_id, e.status, e.at, e.proof, "
	  "e.is_delivered_late, e.pending)") },
	{ "two people have the same place in the order of arrival", "run",
	  OF_RUN("SELECT run_id FROM attendance WHERE ordinal > 0 GROUP BY run_id, ordinal HAVING "
	  "count(*) > 1") },
	{ "the stored counts are not those of the attendance", "run",
	  OF_RUN(DIFFERENCE("1, 2, 3, 4, 5",
	  "SELECT id AS run_id, coalesce(sum(status = 'present'), 0), "
	  "coalesce(sum(status = 'late'), 0), coalesce(sum(status = 'excused'), 0), "
	  "coalesce(sum(status = 'absent'), 0) FROM run LEFT JOIN attendance ON run_id = id GROUP BY id",
	  "SELECT run_id, present, late, excused, absent FROM run_count")) },
	{ "the stored proofs are not those of the attendance", "run",
	  OF_RUN(DIFFERENCE("1, 2, 3",
	  "SELECT run_id, proof, count(*) FROM attendance WHERE " CAME " GROUP BY run_id, proof",
	  "SELECT run_id, proof, number FROM run_proof")) },
	{ "the stored arrivals are not those of the attendance", "run",
	  OF_RUN(DIFFERENCE("1, 2, 3",
	  "SELECT run_id, since / 300 * 300, count(*) FROM attendance WHERE " CAME
	  " GROUP BY run_id, since / 300",
	  "SELECT run_id, at, number FROM run_arrival")) },
	{ "the stored count, first or last run is not that of the attendance", "person",
	  OF_PERSON(DIFFERENCE("1, 2, 3, 4",
	  "SELECT a.person_id, count(*), " BY_ORDER("min") ", " BY_ORDER("max") " FROM attendance "
	  "AS a JOIN run AS r ON r.id = a.run_id WHERE a." CAME " AND r.cancelled_at IS NULL "
	  "GROUP BY a.person_id",
	  "SELECT person_id, came, first_run_id, last_run_id FROM person_count WHERE came <> 0 OR "
	  "first_run_id IS NOT NULL OR last_run_id IS NOT NULL")) },
	{ "the stored milestones are not those of the attendance", "person",
	  OF_PERSON(DIFFERENCE("1, 2, 3",
	  "SELECT person_id, number, run_id FROM person_order WHERE number IN (10, 25, 50, 100, "
	  "250)", "SELECT person_id, number, run_id FROM milestone")) },
	{ "a person is shown otherwise than the club and they chose", "person",
	  OF_PERSON(DIFFERENCE("1, 2, 3", "SELECT person_id, name, path FROM person_face",
	  "SELECT person_id, name, path FROM face")) },
};

/* Run a check pragma: ST_PROBLEMS, with its first line, unless that is "ok" or there is none. */
static enum status
run_check(struct driver *driver, const char *pragma, struct driver *report, const char *path)
{
	struct rows *rows;
	const char *text;
	enum status status = driver_prepare(driver, pragma, NULL, &rows);

	if (status != ST_OK)
		return driver_fail(report, status, "%s cannot be checked: %s.", path,
		    driver_why(driver));
	status = rows_step(rows);
	if (status == ST_OK) {
		text = rows_text(rows, 0, NULL);
		if (text == NULL || strcmp(text, "ok") != 0)
			status = driver_fail(report, ST_PROBLEMS,
			    "%s is damaged (%s: %s). Go back to a backup.", path, pragma,
			    text == NULL ? "?" : text);
	} else if (status == ST_UNKNOWN) {
		status = ST_OK;
	}
	rows_free(rows);
	return status;
}

enum status
store_check_driver(struct driver *driver, struct driver *report, const char *path)
{
	enum status status = run_check(driver, "PRAGMA integrity_check(1)", report, path);

	return status == ST_OK ? run_check(driver, "PRAGMA foreign_key_check", report, path)
	    : status;
}

/* Check rule `i`: ST_PROBLEMS, and a sentence about the first violation. */
static enum status
check_rule(struct store *store, size_t i)
{
	struct rows *rows;
	enum status status = driver_prepare(store->driver, rules[i].sql, NULL, &rows);

	if (status != ST_OK)
		return store_fail(store, status, "The database cannot be checked: %s.",
		    store_why(store));
	status = rows_step(rows);
	if (status == ST_OK)
		status = store_fail(store, ST_PROBLEMS,
		    "The database does not agree with itself: %s, of the %s %s. "
		    "Did another program write to it?", rules[i].what, rules[i].of,
		    rows_text(rows, 0, NULL));
	else if (status == ST_UNKNOWN)
		status = ST_OK;
	rows_free(rows);
	return status;
}

enum status
store_zones_unknown(struct store *store, int64_t *count, char *first, size_t size)
{
	struct rows *rows = store_query(store, Q_ZONES);
	enum status status;

	*count = 0;
	while ((status = rows_step(rows)) == ST_OK) {
		const char *zone = rows_text(rows, 0, NULL);

		if (wall_zone_valid(zone))
			continue;
		if (*count == 0)
			snprintf(first, size, "“%s” of the %s", zone, rows_text(rows, 2, NULL));
		*count += rows_int(rows, 1);
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
store_check(struct store *store)
{
	enum status status = store_check_driver(store->driver, store->driver, "The database");
	size_t i;

	for (i = 0; status == ST_OK && i < sizeof rules / sizeof rules[0]; i++)
		status = check_rule(store, i);
	return status;
}
