// SPDX-License-Identifier: ISC
/*
 * test_render.c: jansson reads the same values from a rendered reply, in the same order, whatever
 * they are and however long.
 */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "endpoint/render.h"

/* The reply, as text. */
static char *
end(struct render *render)
{
	struct reply reply = { 0 };
	char *text;

	render_reply(render, &reply, 201);
	assert_int_equal(reply.http, 201);
	text = strndup(reply.body, reply.length);
	assert_int_equal(strlen(text), reply.length);
	free(reply.body);
	return text;
}

static void
all_kinds_in_order(void **state)
{
	static const char expected[] =
	    "{\"a\":\"x\",\"b\":null,\"c\":-9223372036854775808,\"d\":true,\"e\":false,\"f\":null,\"g\":7,"
	    "\"h\":{\"i\":{},\"j\":[],\"k\":[\"one\",\"two\"]},\"l\":[\"three\",4]}";
	struct render render;
	char *text;

	(void)state;
	render_begin(&render);
	render_text(&render, "a", "x");
	render_text(&render, "b", "");
	render_number(&render, "c", INT64_MIN);
	render_truth(&render, "d", true);
	render_truth(&render, "e", false);
	render_count(&render, "f", 0);
	render_count(&render, "g", 7);
	render_object(&render, "h");
	render_object(&render, "i");
	render_object_end(&render);
	render_words(&render, "j", "");
	render_words(&render, "k", "one two");
	render_object_end(&render);
	render_list(&render, "l");
	render_string(&render, NULL, "three");
	render_number(&render, NULL, 4);
	render_list_end(&render);
	text = end(&render);
	assert_string_equal(text, expected);
	free(text);
}

/*
 * Each byte that a text can have, between others, at the beginning and at the end: the bytes of
 * jansson's own writer.
 */
static void
every_byte(void **state)
{
	int byte;

	(void)state;
	for (byte = 1; byte < 0x80; byte++) {
		const char given[] = { (char)byte, 'a', (char)byte, (char)byte, 'b', (char)byte,
		    '\0' };
		json_t *json = json_pack("{s:s}", "key", given);
		char *expected = json_dumps(json, JSON_COMPACT), *text;
		struct render render;

		render_begin(&render);
		render_string(&render, "key", given);
		text = end(&render);
		assert_string_equal(text, expected);
		free(text);
		free(expected);
		json_decref(json);
	}
}

/* Texts that do not fit into what was there first, and one that is many times as long. */
static void
long_ones(void **state)
{
	static const char piece[] = "Łódź \"\\\n 北京 ";
	char given[20000] = "";
	struct render render;
	json_t *json;
	char *text;
	size_t i;

	(void)state;
	memset(given, 'x', 10000);
	while (strlen(given) + sizeof piece < sizeof given)
		strcat(given, piece);
	render_begin(&render);
	render_string(&render, "text", given);
	render_list(&render, "list");
	for (i = 0; i < 300; i++)
		render_string(&render, NULL, piece);
	render_list_end(&render);
	text = end(&render);
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	assert_string_equal(json_string_value(json_object_get(json, "text")), given);
	assert_int_equal(json_array_size(json_object_get(json, "list")), 300);
	for (i = 0; i < 300; i++)
		assert_string_equal(json_string_value(json_array_get(json_object_get(json, "list"),
		    i)), piece);
	json_decref(json);
	free(text);
}

/* Without memory: 500, without a body, and nothing is written anywhere. */
static void
no_memory(void **state)
{
	struct render render = { 0 };
	struct reply reply = { 0 };

	(void)state;
	render_object(&render, "a");
	render_string(&render, "b", "c");
	render_words(&render, "d", "e f");
	render_object_end(&render);
	render_reply(&render, &reply, 201);
	assert_int_equal(reply.http, 500);
	assert_null(reply.body);
	assert_int_equal(reply.length, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_kinds_in_order), cmocka_unit_test(every_byte),
		    cmocka_unit_test(long_ones), cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
