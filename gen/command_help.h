// SPDX-License-Identifier: ISC
/* command_help.h: help, written from the table of sub-commands. */
#ifndef TURNOUT_COMMAND_HELP_H
#define TURNOUT_COMMAND_HELP_H

#include <stdbool.h>
#include <stdio.h>

#include "gen/command.h"

/* The help of one sub-command, its examples first. */
void	help_command(FILE *out, const struct command *command);

/*
 * All sub-commands, one a line; where `family` ("calendar") is not NULL, only those whose names
 * begin with that word and have a second one. False, and nothing printed, when there are none.
 */
bool	help_list(FILE *out, const char *family);

/* "turnout 0.1.0" and "SQLite 3.40.1", one a line. */
void	help_version(FILE *out);

#endif
