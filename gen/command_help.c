// SPDX-License-Identifier: ISC
/* command_help.c: see command_help.h. */
#include "gen/command_help.h"

#include <string.h>

#define OPTION_WIDTH	25	/* characters of the column of options */

/* Print `text`, every line of it indented by two blanks. */
static void
print_indented(FILE *out, const char *text)
{
	const char *end;

	for (; *text != '\0'; text = *end == '\n' ? end + 1 : end) {
		end = strchrnul(text, '\n');
		fprintf(out, "  %.*s\n", (int)(end - text), text);
	}
}

static void
print_options(FILE *out, const struct option_use *use)
{
	const struct option_name *name;
	char letter[8], left[80];
	int n;

	for (; use->id != OPTION_END; use++) {
		name = &option_names[use->id];
		letter[0] = '\0';
		if (name->letter != 0)
			snprintf(letter, sizeof(letter), "-%c, ", name->letter);
		n = snprintf(left, sizeof(left), "  %s--%s%s%s", letter, name->name,
		    name->takes_argument ? " " : "", name->takes_argument ? use->argument : "");
		fprintf(out, "%-*s%s%s%s\n", OPTION_WIDTH, left, n >= OPTION_WIDTH ? "  " : "",
		    use->help, use->is_repeatable ? " (may be repeated)" : "");
	}
}

void
help_command(FILE *out, const struct command *command)
{
	fprintf(out, "turnout %s: %s\n\n", command->name, command->summary);
	print_indented(out, command->examples);
	fprintf(out, "\nUsage: turnout %s%s%s [options]\n", command->name,
	    *command->arguments != '\0' ? " " : "", command->arguments);
	if (command->more != NULL)
		fprintf(out, "\n%s\n", command->more);
	if (command->options[0].id != OPTION_END) {
		fprintf(out, "\nOptions\n");
		print_options(out, command->options);
	}
	fprintf(out, "\nEverywhere\n");
	print_options(out, command_common);
}

/* Is `family` NULL, or the first of two words in the name of `command`? */
static bool
is_of_family(const struct command *command, const char *family)
{
	size_t length;

	if (family == NULL)
		return true;
	length = strlen(family);
	return strncmp(command->name, family, length) == 0 && command->name[length] == ' ';
}

bool
help_list(FILE *out, const char *family)
{
	const struct command *command;
	bool is_any = false;

	for (command = command_table; command->name != NULL && !is_any; command++)
		is_any = is_of_family(command, family);
	if (!is_any)
		return false;
	if (family == NULL) {
		fprintf(out, "turnout: who came. Keeps a club's calendar and attendance, and "
		    "compiles its site.\n\n  turnout init --demo               a club to look at\n"
		    "  turnout publish                   its site, in site/public\n"
		    "  turnout code today                today's code\n\n");
	}
	fprintf(out, "Usage: turnout %s%sCOMMAND [options]\n\n", family != NULL ? family : "",
	    family != NULL ? " " : "");
	for (command = command_table; command->name != NULL; command++)
		if (is_of_family(command, family))
			fprintf(out, "  %-19s%s\n", command->name, command->summary);
	fprintf(out, "\nturnout help COMMAND says more; so does turnout(1).\n");
	return true;
}

void
help_version(FILE *out)
{
	fprintf(out, "turnout %s\nSQLite %s\n", TURNOUT_VERSION, store_sqlite_version());
}
