// SPDX-License-Identifier: ISC
/*
 * schema.h: db/schema.sql and db/upgrade/ as text in the programs (made by scripts/schema-text).
 */
#ifndef TURNOUT_SCHEMA_H
#define TURNOUT_SCHEMA_H

#include <stddef.h>

struct schema_upgrade {
	int		 version;	/* upgrades version - 1 to this; 0 ends the table */
	const char	*text;		/* SQL, without BEGIN and COMMIT */
};

extern const char *const		schema_text;
extern const struct schema_upgrade	schema_upgrades[];

#endif
