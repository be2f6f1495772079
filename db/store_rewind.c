// SPDX-License-Identifier: ISC
/*
 * store_rewind.c: the facts as they were at an instant, in a copy.
 *
 * All triggers of the copy are dropped, and what came later is deleted. Then the remaining runs and
 * events are inserted again, in order, through the same triggers as the first time. So everything
 * derived from them, in whatever tables, is as it was then: a table that a trigger inserts into has
 * no facts, and is emptied first.
 */
#include <stdlib.h>
#include <string.h>

#include "db/store_inside.h"

/*
 * Statements that make scripts from the schema itself: to drop the triggers, to empty the derived
 * tables, and to make the triggers again.
 */
static const char drop_triggers[] =
    "SELECT group_concat('DROP TRIGGER \"' || name || '\";', '') FROM sqlite_schema WHERE type = "
    "'trigger'";
static const char empty_derived[] =
    "SELECT group_concat('DELETE FROM \"' || t.name || '\";', '') FROM sqlite_schema AS t WHERE "
    "t.type = 'table' AND EXISTS (SELECT 1 FROM sqlite_schema AS g WHERE g.type = 'trigger' AND "
    "instr(g.sql, 'INSERT INTO ' || t.name || ' ') > 0)";
static const char make_triggers[] =
    "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE type = 'trigger' "
    "ORDER BY rowid)";

/*
 * Keep what was known at temp.moment. A run or a record that was entered after its day counts from
 * that day on, because it is unknown since when people knew of it.
 */
static const char take_back[] =
    "CREATE TEMP TABLE kept_run AS SELECT r.* FROM main.run AS r, temp.moment AS m "
    "WHERE r.created_at <= m.at OR (r.date, r.start) <= (m.date, m.time) ORDER BY r.id;"
    "CREATE TEMP TABLE kept_event AS SELECT * FROM main.event NOT INDEXED "
    "WHERE run_id IN (SELECT id FROM temp.kept_run) AND "
    "CASE proof WHEN 'import' THEN min(at, received_at) ELSE received_at END "
    "<= (SELECT at FROM temp.moment) ORDER BY id;"
    "UPDATE temp.kept_run SET cancelled_at = NULL, reason = '', sequence = max(sequence - 1, 0) "
    "FROM temp.moment AS m WHERE cancelled_at > m.at AND created_at <= m.at;"
    "UPDATE temp.kept_run SET updated_at = min(created_at, m.at) "
    "FROM temp.moment AS m WHERE updated_at > m.at;"
    "DELETE FROM main.export WHERE at > (SELECT at FROM temp.moment);"
    "DELETE FROM main.event;"
    "DELETE FROM main.run;"
    "DELETE FROM main.group_list WHERE added_at > (SELECT at FROM temp.moment);"
    "DELETE FROM main.person WHERE created_at > (SELECT at FROM temp.moment) "
    "AND id NOT IN (SELECT person_id FROM temp.kept_event);"
    "DELETE FROM main.schedule WHERE created_at > (SELECT at FROM temp.moment);"
    "UPDATE temp.kept_run SET schedule_id = NULL "
    "WHERE schedule_id NOT IN (SELECT id FROM main.schedule);"
    "DELETE FROM main.place WHERE created_at > (SELECT at FROM temp.moment) AND id NOT IN "
    "(SELECT place_id FROM temp.kept_run WHERE place_id IS NOT NULL "
    "UNION SELECT place_id FROM main.schedule WHERE place_id IS NOT NULL);"
    "DELETE FROM main.host WHERE created_at > (SELECT at FROM temp.moment) AND id NOT IN "
    "(SELECT host_id FROM temp.kept_run WHERE host_id IS NOT NULL "
    "UNION SELECT host_id FROM main.schedule WHERE host_id IS NOT NULL "
    "UNION SELECT host_id FROM temp.kept_event WHERE host_id IS NOT NULL);"
    "DELETE FROM main.\"group\" WHERE created_at > (SELECT at FROM temp.moment) AND id NOT IN "
    "(SELECT group_id FROM temp.kept_run UNION SELECT group_id FROM main.schedule "
    "UNION SELECT group_id FROM main.group_list);";

static const char put_in_again[] =
    "INSERT INTO main.run SELECT * FROM temp.kept_run ORDER BY rowid;"
    "INSERT INTO main.event SELECT * FROM temp.kept_event ORDER BY rowid;"
    "UPDATE main.club SET visibility = visibility;"		/* brings everybody's face back */
    "DROP TABLE temp.kept_run; DROP TABLE temp.kept_event; DROP TABLE temp.moment;";

/* The text that `sql` gives; *text is the caller's to free. */
static enum status
read_text(struct driver *driver, const char *sql, char **text)
{
	struct rows *rows;
	enum status status = driver_prepare(driver, sql, NULL, &rows);

	if (status != ST_OK)
		return status;
	status = rows_step(rows);
	if (status == ST_OK) {
		*text = strdup(rows_text(rows, 0, NULL));
		if (*text == NULL)
			status = driver_fail(driver, ST_FAULT, "There is no memory left.");
	}
	rows_free(rows);
	return status;
}

/* Set temp.moment: `at`, and its date and wall time in the club's zone. */
static enum status
set_moment(struct store *copy, int64_t at)
{
	char date[WALL_DATE_SIZE], time[WALL_TIME_SIZE];
	struct club club;
	struct rows *rows;
	enum status status = store_club(copy, &club);

	if (status == ST_OK)
		status = wall_local(at, club.zone, date, time);
	if (status == ST_OK)
		status = driver_run(copy->driver,
		    "CREATE TEMP TABLE moment (at INTEGER, date TEXT, time TEXT)");
	if (status == ST_OK)
		status = driver_prepare(copy->driver,
		    "INSERT INTO temp.moment VALUES (:at, :date, :time)", NULL, &rows);
	if (status != ST_OK)
		return status;
	rows_bind_int(rows, "at", at);
	rows_bind_text(rows, "date", date);
	rows_bind_text(rows, "time", time);
	status = rows_run(rows);
	rows_free(rows);
	return status;
}

/* Delete everything that was not known at temp.moment, and derive the rest anew. */
static enum status
rewind_copy(struct driver *driver)
{
	char *drop = NULL, *empty = NULL, *make = NULL;
	enum status status = read_text(driver, drop_triggers, &drop);

	if (status == ST_OK)
		status = read_text(driver, empty_derived, &empty);
	if (status == ST_OK)
		status = read_text(driver, make_triggers, &make);
	if (status == ST_OK)
		status = driver_begin(driver);
	if (status == ST_OK)
		status = driver_run(driver, "PRAGMA defer_foreign_keys = ON");
	if (status == ST_OK)
		status = driver_run(driver, drop);
	if (status == ST_OK)
		status = driver_run(driver, empty);
	if (status == ST_OK)
		status = driver_run(driver, take_back);
	if (status == ST_OK)
		status = driver_run(driver, make);
	if (status == ST_OK)
		status = driver_run(driver, put_in_again);
	if (status == ST_OK)
		status = driver_commit(driver);
	free(drop);
	free(empty);
	free(make);
	return status;
}

/* ST_REFUSED unless there was a club at `at`, or at least a run. */
static enum status
check_began(struct store *store, struct store *copy, int64_t at)
{
	int64_t created = 0, runs = 0;
	char date[WALL_DATE_SIZE], time[WALL_TIME_SIZE];
	struct club club;
	enum status status = driver_number(copy->driver, "SELECT created_at FROM club", &created);

	if (status == ST_OK)
		status = driver_number(copy->driver, "SELECT count(*) FROM run", &runs);
	if (status != ST_OK || runs > 0 || created <= at)
		return status;
	status = store_club(copy, &club);
	if (status == ST_OK)
		status = wall_local(created, club.zone, date, time);
	return status != ST_OK ? status : store_fail(store, ST_REFUSED,
	    "There was no site then: the club was made on %s, and no run of it is older.", date);
}

enum status
store_rewind(struct store *store, int64_t at, struct store **rewound)
{
	struct store *copy;
	enum status status = store_snapshot(store, &copy);

	*rewound = NULL;
	if (status != ST_OK)
		return status;
	status = set_moment(copy, at);
	if (status == ST_OK)
		status = rewind_copy(copy->driver);
	if (status != ST_OK)
		store_fail(store, status, "The facts cannot be taken back: %s.", store_why(copy));
	else
		status = check_began(store, copy, at);
	if (status == ST_OK)
		*rewound = copy;
	else
		store_close(copy);
	return status;
}
