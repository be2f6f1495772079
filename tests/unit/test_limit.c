// SPDX-License-Identifier: ISC
/*
 * test_limit.c: those who guess have to wait, nobody else does; the number of guesses is bounded,
 * however many addresses they come from, and so is memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/code.h"
#include "endpoint/health.h"
#include "endpoint/limit.h"

static struct limits *limits;

static int
open_limits(void **state)
{
	(void)state;
	limits = limits_open(1000);
	return limits == NULL;
}

static int
close_limits(void **state)
{
	(void)state;
	limits_close(limits);
	return 0;
}

/* Ask, and be judged `end` when let in; the status of asking. */
static enum status
try(const struct limit_asker *asker, enum limit_end end, int64_t now_ms)
{
	enum status status = limits_ask(limits, asker, now_ms, NULL);

	if (status == ST_OK)
		limits_count(limits, asker, end, now_ms);
	return status;
}

static void
a_bucket_gives_its_burst_and_then_its_rate(void **state)
{
	struct limit_asker phone = { .phone = "p", .address = "192.0.2.1", .is_check_in = true,
	    .is_signed = true };
	int i;

	(void)state;
	for (i = 0; i < 6; i++)
		assert_int_equal(try(&phone, LIMIT_WELL, 1000), ST_OK);
	assert_int_equal(try(&phone, LIMIT_WELL, 1000), ST_RATE);
	assert_int_equal(try(&phone, LIMIT_WELL, 10999), ST_RATE);
	assert_int_equal(try(&phone, LIMIT_WELL, 11000), ST_OK);
	assert_int_equal(try(&phone, LIMIT_WELL, 11000), ST_RATE);
	/* a minute later it is empty again: six more, no more */
	assert_int_equal(try(&phone, LIMIT_WELL, 71000), ST_OK);
	for (i = 1; i < 6; i++)
		assert_int_equal(try(&phone, LIMIT_WELL, 71000), ST_OK);
	assert_int_equal(try(&phone, LIMIT_WELL, 71000), ST_RATE);
	phone.phone = "q";
	assert_int_equal(try(&phone, LIMIT_WELL, 71000), ST_OK);
}

static void
valid_codes_from_one_address_are_never_refused(void **state)
{
	char name[32];
	struct limit_asker asker = { .phone = name, .address = "192.0.2.1", .is_check_in = true };
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {	/* at one moment: signed and typed ones, and session ids */
		snprintf(name, sizeof name, "phone %d", i);
		asker.is_signed = i % 3 == 0;
		asker.is_typed = i % 3 == 1;
		assert_int_equal(try(&asker, LIMIT_WELL, 1000), ST_OK);
	}
}

static void
who_types_wrong_ten_times_waits_and_may_still_scan(void **state)
{
	struct limit_asker typing = { .phone = "p", .address = "192.0.2.1", .is_typed = true };
	struct limit_asker scanning = { .phone = "p", .address = "192.0.2.1", .is_signed = true };
	enum limit over;
	int i;

	(void)state;
	for (i = 0; i < 10; i++)
		assert_int_equal(try(&typing, LIMIT_WRONG, 1000), ST_OK);
	assert_int_equal(limits_ask(limits, &typing, 1000, &over), ST_TRIES);
	assert_int_equal(over, LIMIT_PHONE_WRONG);
	assert_int_equal(try(&scanning, LIMIT_WELL, 1000), ST_OK);
	typing.phone = "another";
	assert_int_equal(try(&typing, LIMIT_WELL, 1000), ST_OK);
	typing.phone = "p";
	assert_int_equal(try(&typing, LIMIT_WELL, 60999), ST_TRIES);
	assert_int_equal(try(&typing, LIMIT_WELL, 61000), ST_OK);
}

/* However many addresses guess, for however long: no more is judged than both purses give. */
static void
guesses_are_bounded_for_any_number_of_addresses(void **state)
{
	static const struct { int addresses; int minutes;
	    } cases[] = { { 1, 1 }, { 50, 1 }, { 1000, 3 }, { 20000, 2 } };
	char address[32];
	struct limit_asker guesser = { .phone = "", .address = address, .is_typed = true };
	size_t row;

	(void)state;
	for (row = 0; row < sizeof cases / sizeof cases[0]; row++) {
		int64_t now_ms, until_ms = (int64_t)cases[row].minutes * 60000;
		int judged = 0, asked = 0;

		limits_close(limits);
		limits = limits_open(0);
		assert_non_null(limits);
		/* 12,000 a minute */
		for (now_ms = 0; now_ms < until_ms; now_ms += 5, asked++) {
			int number = asked % cases[row].addresses;

			snprintf(address, sizeof address, "10.%d.%d.%d", number >> 16,
			    (number >> 8) & 255, number & 255);
			judged += try(&guesser, LIMIT_WRONG, now_ms) == ST_OK;
		}
		assert_in_range(judged, 200, 1000 + 1000 * cases[row].minutes);
		if (cases[row].addresses >= 1000)
			assert_in_range(judged, 900 + 950 * cases[row].minutes,
			    1000 + 1000 * cases[row].minutes);
	}
}

static void
guessers_do_not_hold_up_who_comes_from_elsewhere(void **state)
{
	char address[32];
	struct limit_asker guesser = { .phone = "", .address = address, .is_typed = true };
	struct limit_asker hall = { .phone = "", .address = "2001:db8::1", .is_typed = true };
	enum limit over;
	int i;

	(void)state;
	for (i = 0; i < 10000; i++) {
		snprintf(address, sizeof address, "192.0.2.%d", i % 50);
		try(&guesser, LIMIT_WRONG, 1000);
	}
	assert_int_equal(limits_ask(limits, &guesser, 1000, &over), ST_TRIES);
	assert_int_equal(over, LIMIT_GUESS);
	/* 300 people of one address, six of whom mistype, at that very moment */
	for (i = 0; i < 300; i++)
		assert_int_equal(try(&hall, i % 50 == 0 ? LIMIT_WRONG : LIMIT_WELL, 1000), ST_OK);
	guesser.is_typed = false;
	guesser.is_signed = true;
	/* even their neighbours are taken when they scan */
	assert_int_equal(try(&guesser, LIMIT_WELL, 1000), ST_OK);
}

/* Both purses count: one address, and many of which each guesses a little. */
static void
many_wrong_codes_raise_the_alarm(void **state)
{
	char address[32];
	struct limit_asker asker = { .phone = "", .address = address, .is_typed = true };
	int addresses, i;

	(void)state;
	for (addresses = 1; addresses <= 1000; addresses *= 1000) {
		limits_close(limits);
		limits = limits_open(0);
		assert_non_null(limits);
		for (i = 0; i < LIMIT_ALARM_GUESSES; i++) {
			assert_false(limits_alarm(limits, 1000));
			snprintf(address, sizeof address, "192.0.%d.%d", i % addresses >> 8,
			    i % addresses & 255);
			assert_int_equal(try(&asker, LIMIT_WRONG, 1000), ST_OK);
		}
		assert_true(limits_alarm(limits, 1000));
		assert_false(limits_alarm(limits, 3000));
		/* it is over 200 s after the last of however many */
		for (i = 0; i < 100000; i++)
			try(&asker, LIMIT_WRONG, 3000 + i);
		assert_true(limits_alarm(limits, 103000 + 190000));
		assert_false(limits_alarm(limits, 103000 + 202000));
	}
	/* a university: each second one types and one scans, and two in a minute mistype */
	for (i = 0; i < 3600; i++) {
		snprintf(address, sizeof address, "198.51.100.%d", i % 7);
		asker.is_typed = i % 2 == 0;
		try(&asker, i % 30 == 0 || i % 2 == 1 ? LIMIT_WRONG : LIMIT_WELL,
		    1000000 + i * 1000);
		assert_false(limits_alarm(limits, 1000000 + i * 1000));
	}
}

static void
what_brings_nothing_valid_waits_for_its_address(void **state)
{
	struct limit_asker asker = { .phone = "", .address = "192.0.2.1" };
	enum limit over;
	int i;

	(void)state;
	for (i = 0; i < 2000; i++)
		assert_int_equal(try(&asker, LIMIT_VAIN, 1000), ST_OK);
	assert_int_equal(limits_ask(limits, &asker, 1000, &over), ST_RATE);
	assert_int_equal(over, LIMIT_ADDRESS);
	assert_int_equal(limits_ask(limits, &asker, 1020, &over), ST_OK);
	asker.address = "192.0.2.2";
	assert_int_equal(limits_ask(limits, &asker, 1000, &over), ST_OK);
}

/* Is the asker of `second` held for that of `first`? */
static int
is_same(const char *first, const char *second)
{
	uint8_t a[8] = { 0 }, b[8] = { 0 };
	size_t a_length, b_length;

	limit_address(first, a, &a_length);
	limit_address(second, b, &b_length);
	return a_length == b_length && memcmp(a, b, a_length) == 0;
}

static void
addresses_are_known_by_household(void **state)
{
	(void)state;
	assert_true(is_same("2001:db8:1:2::3", "2001:db8:1:2:ffff::4"));
	assert_false(is_same("2001:db8:1:2::3", "2001:db8:1:3::3"));
	assert_false(is_same("192.0.2.1", "192.0.2.2"));
	assert_true(is_same("::ffff:192.0.2.1", "192.0.2.1"));
	assert_false(is_same("::ffff:192.0.2.1", "::ffff:192.0.2.2"));
	assert_true(is_same("", "nonsense"));
	assert_false(is_same("", "192.0.2.1"));
}

/* A flood of claims makes no more memory, and refuses nobody new. */
static void
a_full_table_forgets_to_its_owners_advantage(void **state)
{
	char name[32];
	struct limit_asker asker = { .phone = name, .address = "192.0.2.1", .is_check_in = true,
	    .is_signed = true };
	int i;

	(void)state;
	for (i = 0; i < 300000; i++) {
		snprintf(name, sizeof name, "claim %d", i);
		assert_int_equal(try(&asker, LIMIT_WELL, 1000 + i / 100), ST_OK);
	}
	for (i = 0; i < 6; i++)
		/* the last of them is still known */
		assert_int_equal(try(&asker, LIMIT_WELL, 4000), i < 5 ? ST_OK : ST_RATE);
}

static void
after_24_hours_nobody_is_known(void **state)
{
	struct limit_asker asker = { .phone = "", .address = "192.0.2.1" };
	const int64_t day_ms = 86400000;
	int i;

	(void)state;
	for (i = 0; i < 4000; i++)
		limits_count(limits, &asker, LIMIT_VAIN, 1000 + day_ms - 1);
	assert_int_equal(limits_ask(limits, &asker, 1000 + day_ms - 1, NULL), ST_RATE);
	assert_int_equal(limits_ask(limits, &asker, 1000 + day_ms, NULL), ST_OK);
}

/* health.h: a change waits from the look that found it until the site has it. */
static void
a_publisher_that_stands_still_ages(void **state)
{
	static const struct { int64_t newest, published, now_ms, age_s; } looks[] = {
		{ 0, 0, 0, 0 }, { 5, 5, 1000, 0 },
		{ 7, 5, 2000, 0 }, { 9, 6, 62000, 60 },		/* waiting for 7 */
		{ 9, 7, 63000, 0 },				/* there; now for 9 */
		{ 9, 7, 73500, 10 }, { 9, 9, 74000, 0 }, { 9, 9, 900000, 0 },
		{ 10, 9, 900000, 0 }, { 20, 9, 1900000, 1000 },
	};
	struct health_lag lag = { .age_s = -1 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof looks / sizeof looks[0]; i++)
		assert_int_equal(health_lag(&lag, looks[i].newest, looks[i].published,
		    looks[i].now_ms), looks[i].age_s);
	assert_true(health_room(".") > 0);
	assert_int_equal(health_room("/no/such/folder"), 0);
	assert_true(health_open_files() >= 3);
}

#define with_limits(test) cmocka_unit_test_setup_teardown(test, open_limits, close_limits)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_limits(a_bucket_gives_its_burst_and_then_its_rate),
		with_limits(valid_codes_from_one_address_are_never_refused),
		with_limits(who_types_wrong_ten_times_waits_and_may_still_scan),
		with_limits(guesses_are_bounded_for_any_number_of_addresses),
		with_limits(guessers_do_not_hold_up_who_comes_from_elsewhere),
		with_limits(many_wrong_codes_raise_the_alarm),
		with_limits(what_brings_nothing_valid_waits_for_its_address),
		cmocka_unit_test(addresses_are_known_by_household),
		with_limits(a_full_table_forgets_to_its_owners_advantage),
		with_limits(after_24_hours_nobody_is_known),
		cmocka_unit_test(a_publisher_that_stands_still_ages),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
