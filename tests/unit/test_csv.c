// SPDX-License-Identifier: ISC
/*
 * test_csv.c: tables of what spreadsheets write; the same read byte by byte; and what is refused,
 * and where.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/csv.h"

/* Bytes handed out a few at a time. */
struct trickle {
	const char	*text;
	size_t		 length, step, fails_at;	/* fails_at 0: never */
};

static bool
read_trickle(void *handle, char *buffer, size_t size, size_t *length)
{
	struct trickle *trickle = handle;

	if (trickle->fails_at > 0 && --trickle->fails_at == 0)
		return false;
	*length = trickle->step < trickle->length ? trickle->step : trickle->length;
	if (*length > size)
		*length = size;
	memcpy(buffer, trickle->text, *length);
	trickle->text += *length;
	trickle->length -= *length;
	return true;
}

/* All records as "LINE:field|field;…", extra fields as "+N"; the status it ended with. */
static enum status
read_all(struct csv *csv, char *out, size_t size)
{
	const struct csv_row *row;
	enum status status;
	size_t used = 0;

	out[0] = '\0';
	while ((status = csv_next(csv, &row)) == ST_OK && row != NULL) {
		used += (size_t)snprintf(out + used, size - used, "%zu:", row->line);
		for (size_t i = 0; i < row->n_field; i++)
			used += (size_t)snprintf(out + used, size - used, "%s%s", i == 0 ? "" : "|",
			    row->field[i]);
		if (row->n_extra > 0)
			used += (size_t)snprintf(out + used, size - used, "+%zu", row->n_extra);
		used += (size_t)snprintf(out + used, size - used, ";");
		assert_true(used < size);
	}
	return status;
}

static void
records_are_read(void **state)
{
	static const struct {
		const char	*text, *rows;
	} cases[] = {
		{ "", "" },
		{ "\n\r\n\r", "" },
		{ "\xEF\xBB\xBF", "" },
		{ "Name", "1:Name;" },
		{ "Name\nAda\n", "1:Name;2:Ada;" },
		{ "a,b\n1,2\n", "1:a|b;2:1|2;" },
		{ "a,b\r\n1,2\r\n", "1:a|b;2:1|2;" },
		{ "a,b\r1,2\r", "1:a|b;2:1|2;" },
		{ "a,b\n1,2", "1:a|b;2:1|2;" },
		{ "a,b\n1,", "1:a|b;2:1|;" },
		{ "\xEF\xBB\xBF" "a;b\n1;2\n", "1:a|b;2:1|2;" },
		{ "a\tb\n1\t2,3\n", "1:a|b;2:1|2,3;" },
		{ "\n\na;b\n1;2\n", "3:a|b;4:1|2;" },	/* blank lines before the header */
		/* commas in quotes do not count */
		{ "\"a,b,c\";d\n1;2\n", "1:a,b,c|d;2:1|2;" },
		{ "\"a \"\"x,y,z\"\"\";d\n", "1:a \"x,y,z\"|d;" },
		/* a header over two lines */
		{ "\"a\n;;;\",b,c\n1,2,3\n", "1:a\n;;;|b|c;3:1|2|3;" },
		{ "a, b;c\n1;2\n", "1:a, b|c;2:1|2;" },	/* even: the rarer in words */
		/* a quote inside stands for itself */
		{ "5\" pipe;x,y;z\n", "1:5\" pipe|x,y|z;" },
		{ "a,b\n\"1,\"\"x\"\"\",2\n", "1:a|b;2:1,\"x\"|2;" },
		{ "a,b\n\"1\r\n2\r3\",4\n5,6\n", "1:a|b;2:1\n2\n3|4;5:5|6;" },
		{ "a,b\n\"\",\"\"\n1,\"\"\n", "1:a|b;3:1|;" },
		{ "a,b\n\n,\n1,2\n,\n", "1:a|b;4:1|2;" },		/* empty records */
		{ "a,b,c\n1\n1,2\n", "1:a|b|c;2:1||;3:1|2|;" },	/* fewer are empty */
		/* more count when they hold something */
		{ "a,b\n1,2,,\n1,2,3,4\n", "1:a|b;2:1|2;3:1|2+2;" },
		{ "a,b\n 1 ,\t2\n", "1:a|b;2: 1 |\t2;" },
		{ "a,b\nZo\xC3\xAB,\xF0\x9F\x8F\x83\n", "1:a|b;2:Zo\xC3\xAB|\xF0\x9F\x8F\x83;" },
		{ "a,b\n1,\"2\"", "1:a|b;2:1|2;" },
	};
	char out[4096];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (size_t step = 0; step < 4; step++) {
			struct trickle trickle = { .text = cases[i].text,
			    .length = strlen(cases[i].text), .step = step };
			struct csv *csv;

			if (step == 0)
				csv_open_memory(cases[i].text, strlen(cases[i].text), 0, &csv);
			else
				csv_open(read_trickle, &trickle, 0, &csv);
			assert_int_equal(read_all(csv, out, sizeof out), ST_OK);
			assert_string_equal(out, cases[i].rows);
			csv_close(csv);
		}
}

static void
a_told_separator_is_taken(void **state)
{
	struct csv *csv;
	char out[256];

	(void)state;
	csv_open_memory("a;b,c\n", 6, ',', &csv);
	assert_int_equal(read_all(csv, out, sizeof out), ST_OK);
	assert_string_equal(out, "1:a;b|c;");
	csv_close(csv);
	csv_open_memory("Lovelace, Ada; x\n\"B, C\"\n", 24, CSV_ONE_COLUMN, &csv);
	assert_int_equal(read_all(csv, out, sizeof out), ST_OK);
	assert_string_equal(out, "1:Lovelace, Ada; x;2:B, C;");
	csv_close(csv);
}

static void
faults_are_refused_where_they_stand(void **state)
{
	static const struct {
		const char	*text;
		size_t		 length;
		const char	*rows, *why;		/* a part of it */
	} cases[] = {
#define BYTES(text)	text, sizeof(text) - 1
		{ BYTES("a,b\n1,\"2\n3\n"), "1:a|b;",
		    "Line 2, column 3: this quote is never closed" },
		{ BYTES("\"a,b\n"), "", "Line 1, column 1: this quote is never closed" },
		{ BYTES("a,b\n1,\"2\"x\n"), "1:a|b;",
		    "Line 2, column 6: text after a closing quote" },
		{ BYTES("a,b\n1,\"2\" \n"), "1:a|b;",
		    "Line 2, column 6: text after a closing quote" },
		{ BYTES("a,b\n\xC3\xA9,caf\xE9,\n"), "1:a|b;",
		    "Line 2, column 6: this is not UTF-8" },
		{ BYTES("a,b\r\n\"x\r\ny\",\xC0\xAF"), "1:a|b;",
		    "Line 3, column 4: this is not UTF-8" },
		{ BYTES("a,b\n1,\xED\xA0\x80"), "1:a|b;", "Line 2, column 3: this is not UTF-8" },
		{ BYTES("a,b\n1,\xF4\x90\x80\x80"), "1:a|b;",
		    "Line 2, column 3: this is not UTF-8" },
		{ BYTES("a,b\n1,\xE2\x82"), "1:a|b;", "not UTF-8" },	/* cut off at the end */
		{ BYTES("a,b\n1,\0\n"), "1:a|b;", "Line 2, column 3: a NUL byte" },
		{ BYTES("a,\0b\n"), "", "Line 1, column 3: a NUL byte" },
		{ BYTES("\xFF\xFE" "a\0"), "", "UTF-16" },
		{ BYTES("\xFE\xFF\0a"), "", "UTF-16" },
	};
	char out[4096];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct csv_row *row;
		struct csv *csv;

		csv_open_memory(cases[i].text, cases[i].length, 0, &csv);
		assert_int_equal(read_all(csv, out, sizeof out), ST_REFUSED);
		assert_string_equal(out, cases[i].rows);
		if (strstr(csv_why(csv), cases[i].why) == NULL)
			fail_msg("case %zu: \"%s\" lacks \"%s\"", i, csv_why(csv), cases[i].why);
		assert_int_equal(csv_next(csv, &row), ST_REFUSED);	/* and it stays so */
		assert_null(row);
		csv_close(csv);
	}
}

static void
caps_hold(void **state)
{
	size_t size = CSV_RECORD_MAX + 100;
	char *text = malloc(size);
	const struct csv_row *row;
	struct csv *csv;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', size);
	csv_open_memory(text, size, 0, &csv);
	assert_int_equal(csv_next(csv, &row), ST_REFUSED);
	assert_non_null(strstr(csv_why(csv), "Line 1: the record that starts here is longer"));
	csv_close(csv);
	csv_open_memory(text, CSV_RECORD_MAX, 0, &csv);
	assert_int_equal(csv_next(csv, &row), ST_OK);
	assert_int_equal(strlen(row->field[0]), CSV_RECORD_MAX);
	csv_close(csv);
	memset(text, ',', CSV_COLUMNS_MAX);
	csv_open_memory(text, CSV_COLUMNS_MAX, 0, &csv);
	assert_int_equal(csv_next(csv, &row), ST_REFUSED);
	assert_non_null(strstr(csv_why(csv), "more than 1000 fields"));
	csv_close(csv);
	text[0] = 'x';
	csv_open_memory(text, CSV_COLUMNS_MAX, 0, &csv);
	assert_int_equal(csv_next(csv, &row), ST_OK);
	assert_int_equal(row->n_field, CSV_COLUMNS_MAX);
	csv_close(csv);
	free(text);
	csv_close(NULL);
}

static void
a_failed_read_is_a_fault(void **state)
{
	struct trickle trickle = { .text = "a,b\n1,2\n", .length = 8, .step = 2, .fails_at = 4 };
	const struct csv_row *row;
	struct csv *csv;

	(void)state;
	csv_open(read_trickle, &trickle, 0, &csv);
	assert_int_equal(csv_next(csv, &row), ST_OK);
	assert_int_equal(csv_next(csv, &row), ST_FAULT);
	assert_non_null(strstr(csv_why(csv), "Reading failed"));
	csv_close(csv);
}

static void
columns_are_found(void **state)
{
	static const char text[] = "Name, Date ,DATE,name,Stra\xC3\x9F" "e,\"x, y\",Name\n";
	static const struct {
		const char	*name;
		enum status	 status;
		size_t		 column;
	} cases[] = {
		{ "Name", ST_EXISTS, 0 },
		{ "name", ST_OK, 3 },			/* exact before alike */
		{ "NAME", ST_EXISTS, 0 },
		{ "DATE", ST_OK, 2 },
		{ "Date", ST_EXISTS, 0 },
		{ " Date ", ST_OK, 1 },
		{ "STRASSE", ST_OK, 4 },
		{ "X, Y", ST_OK, 5 },
		{ "", ST_UNKNOWN, 0 },
		{ "Nam", ST_UNKNOWN, 0 },
	};
	const struct csv_row *row;
	struct csv *csv;

	(void)state;
	csv_open_memory(text, sizeof text - 1, 0, &csv);
	assert_int_equal(csv_next(csv, &row), ST_OK);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t column = SIZE_MAX;

		assert_int_equal(csv_column(row, cases[i].name, &column), cases[i].status);
		if (cases[i].status == ST_OK)
			assert_int_equal(column, cases[i].column);
	}
	csv_close(csv);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read),
		cmocka_unit_test(a_told_separator_is_taken),
		cmocka_unit_test(faults_are_refused_where_they_stand),
		cmocka_unit_test(caps_hold),
		cmocka_unit_test(a_failed_read_is_a_fault),
		cmocka_unit_test(columns_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
