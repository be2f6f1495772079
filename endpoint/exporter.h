// SPDX-License-Identifier: ISC
/*
 * exporter.h: the register for the admin, over the network: /api/attendance/history and
 * /api/attendance/export.
 *
 * Each request is answered by a `turnout export`, found beside our own program file, in a process
 * of low priority: it works on a copy of the facts, so that no check-in waits, and its memory goes
 * when it ends. It writes to a nameless file, and nothing is sent before that is complete: the
 * answer is all of it or an error. At most EXPORTER_RUNNING_MAX run at a time. One whose client
 * leaves is ended, and so is one that takes longer than EXPORTER_MAX_MS. The writer, which knows
 * the secret, has already made sure that the admin asks.
 */
#ifndef TURNOUT_EXPORTER_H
#define TURNOUT_EXPORTER_H

#include "core/route.h"
#include "endpoint/http.h"
#include "endpoint/said.h"

#define EXPORTER_RUNNING_MAX	2
#define EXPORTER_MAX_MS		60000
#define EXPORTER_VALUE_SIZE	512	/* bytes of a value, and the NUL */
#define EXPORTER_WHY_SIZE	512

enum exporter_field {
	EXPORTER_FORMAT, EXPORTER_KIND, EXPORTER_FROM, EXPORTER_TO, EXPORTER_GROUP, EXPORTER_PERSON,
	EXPORTER_COLUMNS, EXPORTER_PAPER, EXPORTER_PAGE, EXPORTER_PER_PAGE, EXPORTER_FIELD_END
};

/* The parameters of a request; one that is not given is "". */
struct exporter_ask {
	char		 value[EXPORTER_FIELD_END][EXPORTER_VALUE_SIZE];
	/* the club's name, for the name of the file; set after exporter_read */
	char		 club[EXPORTER_VALUE_SIZE];
};

struct exporter;

/*
 * Get ready to export from the database `db`, borrowed until the close. ST_FAULT for lack of memory
 * or descriptors, or when our own program file is not found; exporter_close cleans up then too.
 */
enum status	exporter_open(const char *db, struct exporter **exporter);

/* End all exports, running and later ones; they are answered with ST_BUSY. NULL is accepted. */
void		exporter_stop(struct exporter *exporter);

/* Call after the last exporter_answer; NULL is accepted. */
void		exporter_close(struct exporter *exporter);

/*
 * Read the query of `request` into `ask`, with defaults for what is not given. ST_BAD_REQUEST, with
 * a sentence in `why`, for a query that cannot be read, a parameter that is unknown, repeated, too
 * long or not text, and an unknown format or kind; `turnout export` judges all other values.
 */
enum status	exporter_read(const struct request *request, enum route route,
		    struct exporter_ask *ask, char why[EXPORTER_WHY_SIZE]);

/*
 * Answer `request`, of `reader`; returns once the answer is complete or has failed: 400 with the
 * complaint of `turnout export`, 503 when too many run, the database is locked or the export was
 * ended, 500 for a fault.
 */
void		exporter_answer(struct exporter *exporter, const struct request *request,
		    const struct exporter_ask *ask, const struct said_reader *reader,
		    struct reply *reply);

#endif
