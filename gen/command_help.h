// SPDX-License-Identifier: ISC
/*
 * command_help.h: what the table of sub-commands says to people.
 */
#ifndef TURNOUT_COMMAND_HELP_H
#define TURNOUT_COMMAND_HELP_H

#include <stdbool.h>
#include <stdio.h>

#include "gen/command.h"

/* The help of one sub-command, examples first. */
void	help_command(FILE *out, const struct command *command);

/*
 * All sub-commands, a line each; with `family` ("calendar") those of that first word alone. False
 * when there are none.
 */
bool	help_list(FILE *out, const char *family);

/* "turnout 0.1.0" and "SQLite 3.40.1", a line each. */
void	help_version(FILE *out);

#endif
