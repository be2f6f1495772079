// SPDX-License-Identifier: ISC
/*
 * test_place.c: distances measured by others, networks of both kinds, access points in the
 * spellings of various systems; what proofs are worth.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <math.h>

#include "core/place.h"
#include "core/proof.h"

static void
distances_are_those_of_others(void **state)
{
	static const struct { struct place_point a, b; double metres; } cases[] = {
		{ { 51.5, -0.1 }, { 51.5, -0.1 }, 0 },
		{ { 0, 0 }, { 0, 1 }, 111195.08 },	/* a degree of the equator of that sphere */
		{ { 0, 0 }, { 1, 0 }, 111195.08 },
		{ { 0, 179.5 }, { 0, -179.5 }, 111195.08 },	/* across the date line */
		{ { 90, 0 }, { -90, 0 }, 20015114.35 },
		/* Nashville to Los Angeles, the example everybody has */
		{ { 36.12, -86.67 }, { 33.94, -118.40 }, 2886448.43 },
		/* Westminster to the palace */
		{ { 51.5007, -0.1246 }, { 51.5014, -0.1419 }, 1199.98 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		double there = place_distance_m(&cases[i].a, &cases[i].b),
		    back = place_distance_m(&cases[i].b, &cases[i].a);

		if (fabs(there - cases[i].metres) > 1 + cases[i].metres * 1e-6)
			fail_msg("case %d: %.2f m, not %.2f m", (int)i, there, cases[i].metres);
		assert_true(fabs(there - back) < 1e-6);
	}
}

static void
a_position_is_judged_with_its_accuracy(void **state)
{
	static const struct place_point centre = { 51.5, 0 };
	static const struct { struct place_point point; int radius_m; double accuracy_m;
	    enum place_finding finding; } cases[] = {
		{ { 51.5, 0 }, 50, 0, FINDING_HERE },
		/* 100.08 m: out of 100, in with a metre of doubt */
		{ { 51.5009, 0 }, 0, 0, FINDING_OTHER },
		{ { 51.5009, 0 }, 0, 1, FINDING_HERE },
		{ { 51.5009, 0 }, 99, 0, FINDING_OTHER },
		{ { 51.5009, 0 }, 50, 40, FINDING_OTHER },
		{ { 51.5009, 0 }, 50, 51, FINDING_HERE },
		{ { 51.6, 0 }, 100, 500, FINDING_OTHER },
		{ { 51.5, 0 }, 100, 500.5, FINDING_VAGUE },
		{ { 51.5, 0 }, 100, -1, FINDING_VAGUE },
		{ { 51.5, 0 }, 100, NAN, FINDING_VAGUE },
		{ { 51.5, 0 }, 100, INFINITY, FINDING_VAGUE },
		{ { NAN, 0 }, 100, 5, FINDING_VAGUE },
		{ { 90.1, 0 }, 100, 5, FINDING_VAGUE },
		{ { 0, -180.1 }, 100, 5, FINDING_VAGUE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum place_finding finding = place_position(&centre, cases[i].radius_m,
		    &cases[i].point, cases[i].accuracy_m);

		if (finding != cases[i].finding)
			fail_msg("case %d: %d, not %d", (int)i, (int)finding,
			    (int)cases[i].finding);
	}
}

static void
networks_are_tidied(void **state)
{
	static const struct { const char *text, *network; } cases[] = {
		{ "192.0.2.7/24", "192.0.2.0/24" }, { "192.0.2.7", "192.0.2.7/32" },
		{ "192.0.2.7/32", "192.0.2.7/32" },
		{ "0.0.0.0/0", "0.0.0.0/0" }, { "10.255.255.255/9", "10.128.0.0/9" },
		{ "2001:DB8::1/32", "2001:db8::/32" }, { "2001:db8::1", "2001:db8::1/128" },
		{ "::/0", "::/0" }, { "::1/128", "::1/128" },
		{ "2001:db8:ffff::/33", "2001:db8:8000::/33" },
		{ "::ffff:192.0.2.7/120", "192.0.2.0/24" }, { "::ffff:192.0.2.7", "192.0.2.7/32" },
		{ "fe80::/10", "fe80::/10" },
		{ "", NULL }, { "/24", NULL }, { "192.0.2.0/", NULL }, { "192.0.2.0/33", NULL },
		{ "192.0.2.0/-1", NULL }, { "192.0.2.0/+8", NULL },
		{ "192.0.2.0/24 ", NULL }, { "192.0.2/24", NULL }, { "192.0.2.256/24", NULL },
		{ "2001:db8::/129", NULL }, { "2001:db8::/0128", NULL },
		{ "example.org", NULL }, { "fe80::1%eth0", NULL },
		{ "1111:2222:3333:4444:5555:6666:7777:8888:9999/64", NULL },
		{ "192.0.2.0/24/24", NULL },
		{ "1111111111111111111111111111111111111111111111/8", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char network[PLACE_NETWORK_SIZE] = "";
		enum status status = place_network_tidy(cases[i].text, network);

		if (status != (cases[i].network == NULL ? ST_REFUSED : ST_OK))
			fail_msg("“%s”: %d", cases[i].text, (int)status);
		if (cases[i].network != NULL)
			assert_string_equal(network, cases[i].network);
	}
}

static void
addresses_are_in_their_networks(void **state)
{
	static const struct { const char *network, *address; bool is_in; } cases[] = {
		{ "192.0.2.0/24", "192.0.2.255", true }, { "192.0.2.0/24", "192.0.3.0", false },
		{ "192.0.2.0/24", "::ffff:192.0.2.9", true },
		{ "192.0.2.0/24", "::192.0.2.9", false }, { "192.0.2.0/24", "2001:db8::1", false },
		{ "192.0.2.128/25", "192.0.2.127", false },
		{ "192.0.2.128/25", "192.0.2.128", true }, { "0.0.0.0/0", "203.0.113.1", true },
		{ "0.0.0.0/0", "2001:db8::1", false },	/* IPv4 alone */
		{ "2001:db8::/32", "2001:DB8:FFFF::1", true },
		{ "2001:db8::/32", "2001:db9::1", false },
		{ "2001:db8::1/128", "2001:db8::1", true },
		{ "2001:db8::1/128", "2001:db8::2", false }, { "::/0", "2001:db8::2", true },
		{ "192.0.2.0/24", "", false }, { "192.0.2.0/24", "192.0.2.9 ", false },
		{ "192.0.2.0/24", "192.0.2.9/24", false }, { "junk", "192.0.2.9", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (place_network_has(cases[i].network, cases[i].address) != cases[i].is_in)
			fail_msg("%s in %s", cases[i].address, cases[i].network);
}

static void
access_points_are_tidied(void **state)
{
	static const struct { const char *text, *bssid; } cases[] = {
		{ "00:00:5e:00:53:01", "00:00:5e:00:53:01" },
		{ "00-00-5E-00-53-01", "00:00:5e:00:53:01" },
		{ "00005E005301", "00:00:5e:00:53:01" },
		{ "00:00-5e:00:53:01", NULL }, { "00:00:5e:00:53", NULL },
		{ "00:00:5e:00:53:01:02", NULL }, { "0:0:5e:0:53:1", NULL },
		{ "00:00:5g:00:53:01", NULL }, { "", NULL }, { "00", NULL }, { "00:", NULL },
		{ "00005E00530", NULL }, { "00005E0053011", NULL },
		{ "00:00:00:00:00:00", NULL }, { "02:00:00:00:00:00", NULL },
		{ "ff:ff:ff:ff:ff:ff", NULL }, { "01:00:5e:00:00:fb", NULL },
		{ "06:00:00:00:00:01", "06:00:00:00:00:01" }, { " 00:00:5e:00:53:01", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char bssid[PLACE_BSSID_SIZE];
		enum status status = place_bssid_tidy(cases[i].text, bssid);

		if (status != (cases[i].bssid == NULL ? ST_REFUSED : ST_OK))
			fail_msg("“%s”: %d", cases[i].text, (int)status);
		if (cases[i].bssid != NULL)
			assert_string_equal(bssid, cases[i].bssid);
	}
}

static void
proofs_make_levels(void **state)
{
	static const struct { enum code_kind kind; enum place_finding finding; enum proof proof;
	    enum level level; } cases[] = {
		{ CODE_SESSION, FINDING_NONE, PROOF_SESSION, LEVEL_NONE },
		{ CODE_SESSION, FINDING_HERE, PROOF_SESSION, LEVEL_NONE },
		{ CODE_PRINTED, FINDING_NONE, PROOF_PRINTED, LEVEL_PRINTED },
		{ CODE_PRINTED, FINDING_HERE, PROOF_PLACE, LEVEL_PLACE },
		{ CODE_SCREEN, FINDING_OTHER, PROOF_SCREEN, LEVEL_SCREEN },
		{ CODE_SCREEN, FINDING_VAGUE, PROOF_SCREEN, LEVEL_SCREEN },
		{ CODE_SCREEN, FINDING_HERE, PROOF_PLACE, LEVEL_PLACE },
		{ CODE_SINGLE, FINDING_NONE, PROOF_SCREEN, LEVEL_SCREEN },
		{ CODE_TYPED, FINDING_NONE, PROOF_DIGITS, LEVEL_SCREEN },
		{ CODE_TYPED, FINDING_HERE, PROOF_PLACE, LEVEL_PLACE },
	};
	enum demand demand, read;
	enum proof proof, same;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(proof_made(cases[i].kind, cases[i].finding), cases[i].proof);
		assert_int_equal(proof_level(cases[i].proof), cases[i].level);
	}
	assert_int_equal(proof_level(PROOF_HOST), LEVEL_HOST);
	assert_int_equal(proof_level(PROOF_IMPORT), LEVEL_HOST);
	assert_string_equal(proof_name(PROOF_PLACE), "place");
	assert_string_equal(level_name(LEVEL_SCREEN), "screen");
	for (demand = DEMAND_IGNORED; demand < DEMAND_END; demand++) {
		assert_int_equal(demand_read(demand_name(demand), &read), ST_OK);
		assert_int_equal(read, demand);
	}
	assert_int_equal(demand_read("wanted", &read), ST_UNKNOWN);
	for (proof = PROOF_SESSION; proof < PROOF_END; proof++) {
		assert_int_equal(proof_read(proof_name(proof), &same), ST_OK);
		assert_int_equal(same, proof);
	}
	assert_int_equal(proof_read("hearsay", &same), ST_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances_are_those_of_others),
		cmocka_unit_test(a_position_is_judged_with_its_accuracy),
		cmocka_unit_test(networks_are_tidied),
		cmocka_unit_test(addresses_are_in_their_networks),
		cmocka_unit_test(access_points_are_tidied),
		cmocka_unit_test(proofs_make_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
