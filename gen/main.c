// SPDX-License-Identifier: ISC
/* main.c: `turnout`, the admin's program. command_table.c lists what it can do. */
#include <signal.h>
#include <stdio.h>

#include "core/code.h"
#include "gen/command.h"

int
main(int argc, char **argv)
{
	signal(SIGXFSZ, SIG_IGN);	/* a file size limit is reported like a full disk */
	if (code_init() != ST_OK) {
		fprintf(stderr, "turnout: libsodium cannot be used here. Nothing was done. Is "
		    "there a /dev/urandom?\n");
		return status_info(ST_FAULT)->exit;
	}
	return command_main(argc, argv);
}
