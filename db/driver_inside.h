// SPDX-License-Identifier: ISC
/* driver_inside.h: shared by driver.c and sql.c, and included by no others. */
#ifndef TURNOUT_DRIVER_INSIDE_H
#define TURNOUT_DRIVER_INSIDE_H

#include "db/driver.h"

struct sqlite3;

/* The connection. Borrowed. */
struct sqlite3	*driver_sqlite(struct driver *driver);

/* The status for a result code of SQLite; its message becomes driver_why's. */
enum status	driver_status(struct driver *driver, int code);

#endif
