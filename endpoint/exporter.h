// SPDX-License-Identifier: ISC
/*
 * exporter.h: the register for the admin, over the network: /api/attendance/history and
 * /api/attendance/export.
 *
 * Each is a `turnout export` of its own beside us, found beside our program file, at a low
 * priority: it works on a copy of the facts, so that no check-in waits, and what it takes of memory
 * goes with it. It writes into a nameless file, and only when that is whole the first byte is sent:
 * an answer is all or an error. Two run at a time; one whose client leaves is ended, and so is one
 * that takes longer than EXPORTER_MAX_MS. Whether the asker is the admin is the writer's business,
 * which knows the secret.
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

/* What is asked for; a value that is not given is "". */
struct exporter_ask {
	char		 value[EXPORTER_FIELD_END][EXPORTER_VALUE_SIZE];
	/* its name, for that of the file; whoever knows it fills it in */
	char		 club[EXPORTER_VALUE_SIZE];
};

struct exporter;

/*
 * Ready to run for database `db`, borrowed until the close. ST_FAULT without memory; exporter_close
 * cleans up.
 */
enum status	exporter_open(const char *db, struct exporter **exporter);

/* End what runs, and let nothing run any more: who waits hears ST_BUSY. NULL is accepted. */
void		exporter_stop(struct exporter *exporter);

/* After the last exporter_answer; NULL is accepted. */
void		exporter_close(struct exporter *exporter);

/*
 * Read the query of `request`. ST_BAD_REQUEST: `why` is a sentence. What the values mean is judged
 * by `turnout export`.
 */
enum status	exporter_read(const struct request *request, enum route route,
		    struct exporter_ask *ask, char why[EXPORTER_WHY_SIZE]);

/* Answer `request`, to `reader`; returns when the answer is whole, or there is none to be had. */
void		exporter_answer(struct exporter *exporter, const struct request *request,
		    const struct exporter_ask *ask, const struct said_reader *reader,
    struct reply *reply);

#endif
