// SPDX-License-Identifier: ISC
/* test_command.c: the table of sub-commands, the parsing of options, the nearest word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/wall.h"
#include "gen/command.h"

#define N(array)	(sizeof(array) / sizeof((array)[0]))
#define WORDS_MAX	24

/* ---- the nearest word ---- */

static void
test_nearest(void **state)
{
	static const char *const words[] = { "calendar", "code", "export", "status", "set",
	    "publish", NULL };
	static const struct {
		const char	*word, *nearest;	/* NULL: none is near */
	} cases[] = {
		{ "calendar", "calendar" },		/* the word itself */
		{ "calender", "calendar" },		/* a letter replaced */
		{ "calendr", "calendar" },		/* left out */
		{ "calenddar", "calendar" },		/* doubled */
		{ "claendar", "calendar" },		/* two swapped */
		{ "cdoe", "code" },
		{ "ste", "set" },			/* a swap counts once */
		{ "stat", "status" },			/* as far from set: the first of equals */
		{ "exprot", "export" },
		{ "x", NULL },
		{ "", NULL },
		{ "xyzzy", NULL },
		{ "calendarcalendarcalendarcalendarcalendar", NULL },
	};
	const char *nearest;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		nearest = command_nearest(cases[i].word, words);
		if (cases[i].nearest == NULL)
			assert_null(nearest);
		else
			assert_string_equal(nearest, cases[i].nearest);
	}
	assert_null(command_nearest("code", words + N(words) - 1));
}

/* ---- the table ---- */

static void
test_table(void **state)
{
	const struct command *command, *other;
	const struct option_use *use, *again;

	(void)state;
	for (command = command_table; command->name != NULL; command++) {
		assert_ptr_equal(command_find(command->name), command);
		assert_non_null(command->function);
		assert_true(strlen(command->name) < 19);	/* the column of `turnout help` */
		assert_true(command->summary[0] >= 'a' && command->summary[0] <= 'z');
		assert_true(command->summary[strlen(command->summary) - 1] != '.');
		assert_int_equal(strncmp(command->examples, "turnout ", 8), 0);
		assert_true(command->most < 0 || command->least <= command->most);
		assert_true((command->most == 0) == (command->arguments[0] == '\0'));
		for (other = command + 1; other->name != NULL; other++)
			assert_string_not_equal(command->name, other->name);
		for (use = command->options; use->id != OPTION_END; use++) {
			assert_true(option_names[use->id].takes_argument ==
			    (use->argument != NULL));
			assert_true(use->help[strlen(use->help) - 1] != '.');
			for (again = use + 1; again->id != OPTION_END; again++)
				assert_true(use->id != again->id);
			for (again = command_common; again->id != OPTION_END; again++)
				assert_true(use->id != again->id);
		}
	}
	assert_null(command_find("calendar"));
	assert_null(command_find(""));
}

/* Every option has a name of its own, and some sub-command takes it. */
static void
test_options(void **state)
{
	const struct command *command;
	const struct option_use *use;
	bool is_used[OPTION_END] = { false };
	size_t i, j;

	(void)state;
	for (use = command_common; use->id != OPTION_END; use++)
		is_used[use->id] = true;
	for (command = command_table; command->name != NULL; command++)
		for (use = command->options; use->id != OPTION_END; use++)
			is_used[use->id] = true;
	for (i = 0; i < OPTION_END; i++) {
		assert_non_null(option_names[i].name);
		assert_true(is_used[i]);
		for (j = i + 1; j < OPTION_END; j++) {
			assert_string_not_equal(option_names[i].name, option_names[j].name);
			assert_true(option_names[i].letter == 0 ||
			    option_names[i].letter != option_names[j].letter);
		}
	}
}

/* ---- parsing ---- */

/* Split `line` at blanks into words of `argv`; returns how many. `line` is written to. */
static int
split(char *line, char *argv[WORDS_MAX])
{
	char *word, *rest = NULL;
	int argc = 0;

	for (word = strtok_r(line, " ", &rest); word != NULL && argc < WORDS_MAX - 1;
	    word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	argv[argc] = NULL;
	return argc;
}

static void
test_parse(void **state)
{
	static const struct {
		const char	*line;
		enum status	 status;
		const char	*name;		/* of the sub-command, NULL for none */
		int		 n_words;
		size_t		 n_given;
	} cases[] = {
		{ "turnout", ST_OK, NULL, 0, 0 },
		{ "turnout --help", ST_OK, NULL, 0, 1 },
		{ "turnout --version", ST_OK, NULL, 0, 1 },
		{ "turnout calendar --help", ST_OK, NULL, 1, 1 },
		{ "turnout status", ST_OK, "status", 0, 0 },
		{ "turnout status --json", ST_OK, "status", 0, 1 },
		{ "turnout --json status", ST_OK, "status", 0, 1 },
		{ "turnout -q --db x calendar --group y list --json", ST_OK, "calendar list", 0,
		    4 },
		{ "turnout calendar cancel today --reason=Ice", ST_OK, "calendar cancel", 1, 1 },
		{ "turnout import attendance f.csv -n", ST_OK, "import attendance", 1, 1 },
		{ "turnout set -- name --json", ST_OK, "set", 2, 0 },
		{ "turnout group add a b c", ST_OK, "group add", 3, 0 },
		{ "turnout status -qqqqqqqq", ST_OK, "status", 0, 8 },
		{ "turnout place add x --latitude -1.5 --longitude -0", ST_OK, "place add", 1, 2 },
		{ "turnout --json", ST_USAGE, NULL, 0, 0 },
		{ "turnout calendar", ST_USAGE, NULL, 0, 0 },
		{ "turnout calendar lst", ST_USAGE, NULL, 0, 0 },
		{ "turnout stat", ST_USAGE, NULL, 0, 0 },
		{ "turnout calendars list", ST_USAGE, NULL, 0, 0 },
		{ "turnout cal list", ST_USAGE, NULL, 0, 0 },
		{ "turnout status --rule x", ST_USAGE, NULL, 0, 0 },
		{ "turnout status --nonsense", ST_USAGE, NULL, 0, 0 },
		{ "turnout status -x", ST_USAGE, NULL, 0, 0 },
		{ "turnout status --db", ST_USAGE, NULL, 0, 0 },
		{ "turnout status --json=yes", ST_USAGE, NULL, 0, 0 },
	};
	char line[200], *argv[WORDS_MAX];
	struct call call;
	size_t i;
	int argc;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		snprintf(line, sizeof(line), "%s", cases[i].line);
		argc = split(line, argv);
		memset(&call, 0, sizeof(call));
		print_message("%s\n", cases[i].line);
		assert_int_equal(command_parse(argc, argv, &call), cases[i].status);
		if (cases[i].status == ST_OK) {
			if (cases[i].name == NULL)
				assert_null(call.command);
			else
				assert_string_equal(call.command->name, cases[i].name);
			assert_int_equal(call.n_words, cases[i].n_words);
			assert_int_equal(call.n_given, cases[i].n_given);
		}
		free(call.given);
	}
}

static void
test_values(void **state)
{
	char line[] = "turnout calendar add --skip 2026-01-01 --group a --skip 2026-01-08 --group "
	    "b --json", *argv[WORDS_MAX];
	struct call call = { 0 };
	int argc = split(line, argv);

	(void)state;
	assert_int_equal(command_parse(argc, argv, &call), ST_OK);
	assert_string_equal(call_value(&call, OPTION_GROUP), "b");	/* the last */
	assert_string_equal(call_value_at(&call, OPTION_SKIP, 0), "2026-01-01");
	assert_string_equal(call_value_at(&call, OPTION_SKIP, 1), "2026-01-08");
	assert_null(call_value_at(&call, OPTION_SKIP, 2));
	assert_string_equal(call_value(&call, OPTION_JSON), "");
	assert_true(call_has(&call, OPTION_JSON));
	assert_false(call_has(&call, OPTION_PLACE));
	assert_null(call_value(&call, OPTION_PLACE));
	free(call.given);
}

static void
test_clock(void **state)
{
	char line[] = "turnout status --now 2026-07-01T18:30", *argv[WORDS_MAX];
	char odd[] = "turnout status --now soon", plain[] = "turnout status";
	struct call call = { 0 };
	int argc = split(line, argv);

	(void)state;
	assert_int_equal(command_parse(argc, argv, &call), ST_OK);
	assert_int_equal(call_set_now(&call, "Europe/London"), ST_OK);
	assert_int_equal(call.now, 1782927000);		/* 17:30 UTC: summer time */
	assert_int_equal(call_clock(&call), 1782927000);	/* it stands */
	assert_int_equal(call_set_now(&call, "UTC"), ST_OK);
	assert_int_equal(call.now, 1782930600);
	free(call.given);
	memset(&call, 0, sizeof(call));
	argc = split(odd, argv);
	assert_int_equal(command_parse(argc, argv, &call), ST_OK);
	assert_int_equal(call_set_now(&call, "UTC"), ST_USAGE);
	free(call.given);
	memset(&call, 0, sizeof(call));
	argc = split(plain, argv);
	assert_int_equal(command_parse(argc, argv, &call), ST_OK);
	assert_int_equal(call_set_now(&call, "UTC"), ST_OK);
	assert_false(call.is_fixed);
	/* after September 2020 */
	assert_true(call_clock(&call) >= call.now && call.now > 1600000000);
	free(call.given);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
