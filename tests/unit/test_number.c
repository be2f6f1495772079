// SPDX-License-Identifier: ISC
/*
 * test_number.c: numbers with a check digit: every wrong digit and every swap of neighbours is
 * found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core/number.h"

static void
numbers_come_back(void **state)
{
	char number[NUMBER_SIZE];
	int64_t id;

	(void)state;
	number_make(572, number);		/* the example of Damm's thesis */
	assert_string_equal(number, "572-4");
	for (int64_t i = 1; i < 200000; i += i < 2000 ? 1 : 977) {
		number_make(i, number);
		assert_true(number_read(number, &id));
		assert_int_equal(id, i);
	}
	assert_true(number_read(" 5 7-24", &id));
	assert_int_equal(id, 572);
}

static void
slips_are_found(void **state)
{
	char number[NUMBER_SIZE], other[NUMBER_SIZE];
	int64_t id;

	(void)state;
	for (int64_t i = 1; i < 3000; i++) {
		number_make(i, number);
		for (size_t at = 0; number[at] != '\0'; at++) {
			if (number[at] == '-')
				continue;
			for (char digit = '0'; digit <= '9'; digit++) {
				strcpy(other, number);
				other[at] = digit;
				assert_int_equal(number_read(other, &id), digit == number[at]);
			}
			size_t next = number[at + 1] == '-' ? at + 2 : at + 1;

			if (number[next] == '\0' || number[next] == number[at])
				continue;
			strcpy(other, number);
			other[at] = number[next];
			other[next] = number[at];
			assert_false(number_read(other, &id));
		}
	}
	for (size_t i = 0; i < 6; i++)
		assert_false(number_read((const char *const[]){ "", "0", "00", "7", "12a4",
		    "1234567890123456789012" }[i], &id));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(numbers_come_back),
	    cmocka_unit_test(slips_are_found) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
