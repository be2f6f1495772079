// SPDX-License-Identifier: ISC
/*
 * test_mustache.c: the template engine against its specification, and against what we ask beyond
 * it.
 *
 * The cases of the specification are read from vendor/mustache-spec/ in the folder that TESTS names
 * ("tests" if it is not set). Our own cases have the same parts: data, template, partials, result.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <jansson.h>

#include "../../gen/mustache.h"

enum {
	CORE_CASES = 112	/* in the files of version 1.1.3 */
};

/* Data from JSON. The stack has the item of every open section; the root is at the bottom. */
struct json_source {
	struct {
		json_t	*list;		/* NULL: one item only */
		json_t	*item;		/* NULL before the first and after the last */
		json_t	*only;
		size_t	 next;
	}	 stack[MUSTACHE_DEPTH_MAX + 1];
	size_t	 depth, begun, ended;
	char	 number[32];
	bool	 is_broken;		/* next fails */
};

static void
value_set(struct json_source *source, json_t *json, struct mustache_value *value)
{
	*value = (struct mustache_value){ .kind = MUSTACHE_TEXT, .item = json,
		.text = source->number };
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		value->kind = MUSTACHE_OBJECT;
		break;
	case JSON_ARRAY:
		value->kind = MUSTACHE_LIST;
		break;
	case JSON_STRING:
		value->text = json_string_value(json);
		value->length = json_string_length(json);
		break;
	case JSON_INTEGER:
		value->length = (size_t)snprintf(source->number, sizeof(source->number),
		    "%" JSON_INTEGER_FORMAT, json_integer_value(json));
		break;
	case JSON_REAL:
		value->length = (size_t)snprintf(source->number, sizeof(source->number), "%g",
		    json_real_value(json));
		break;
	case JSON_TRUE:
		value->length = (size_t)snprintf(source->number, sizeof(source->number), "true");
		break;
	case JSON_FALSE:
	case JSON_NULL:
		value->kind = MUSTACHE_FALSE;
		break;
	}
}

static bool
source_find(void *handle, const char *name, size_t length, struct mustache_value *value,
    struct mustache_error *error)
{
	struct json_source	*source = handle;
	json_t			*found = NULL;

	(void)error;
	for (size_t i = source->depth; i > 0 && found == NULL; i--) {
		if (length == 1 && name[0] == '.')
			found = source->stack[i - 1].item;
		else
			found = json_object_getn(source->stack[i - 1].item, name, length);
	}
	if (found != NULL)
		value_set(source, found, value);
	return true;
}

static bool
source_member(void *handle, const struct mustache_value *of, const char *name, size_t length,
    struct mustache_value *value, struct mustache_error *error)
{
	json_t	*found = json_object_getn((const json_t *)of->item, name, length);

	(void)error;
	if (found != NULL)
		value_set(handle, found, value);
	return true;
}

static bool
source_begin(void *handle, const struct mustache_value *value, struct mustache_error *error)
{
	struct json_source	*source = handle;
	json_t			*json = (json_t *)(uintptr_t)value->item;

	(void)error;
	memset(&source->stack[source->depth], 0, sizeof(source->stack[0]));
	if (value->kind == MUSTACHE_LIST)
		source->stack[source->depth].list = json;
	else
		source->stack[source->depth].only = json;
	source->depth++;
	source->begun++;
	return true;
}

static bool
source_next(void *handle, bool *has_item, struct mustache_error *error)
{
	struct json_source	*source = handle;
	size_t			 top = source->depth - 1, next = source->stack[top].next++;

	if (source->is_broken) {
		(void)snprintf(error->text, sizeof(error->text), "the disk has gone");
		return false;
	}
	if (source->stack[top].list != NULL)
		source->stack[top].item = json_array_get(source->stack[top].list, next);
	else
		source->stack[top].item = next == 0 ? source->stack[top].only : NULL;
	*has_item = source->stack[top].item != NULL;
	return true;
}

static void
source_end(void *handle)
{
	struct json_source	*source = handle;

	source->depth--;
	source->ended++;
}

/* Partials are members of a JSON object; the name of a partial is its file's. */
static bool
load_partial(void *partials, const char *name, size_t length, struct buffer *file,
    struct buffer *text, bool *is_there, struct mustache_error *error)
{
	json_t	*found = json_object_getn(partials, name, length);

	(void)error;
	*is_there = found != NULL;
	buffer_append(file, name, length);
	if (found != NULL)
		buffer_append(text, json_string_value(found), json_string_length(found));
	return true;
}

/* Everything from parsing to the page; false with a sentence. */
static bool
make_page(const char *template_text, size_t length, json_t *partials, struct json_source *json,
    const struct mustache_options *options, struct buffer *out, struct mustache_error *error)
{
	struct mustache_loader		 loader = { partials, load_partial };
	struct mustache_source		 source = { json, source_find, source_member, source_begin,
		source_next, source_end, NULL, NULL };
	struct mustache_template	 template;
	struct mustache_set		 set;
	bool				 is_made;

	if (!mustache_parse(&template, "page", template_text, length, options, error))
		return false;
	mustache_set_init(&set, options, &loader);
	is_made = mustache_render(&template, &set, &source, out, error);
	mustache_set_clear(&set);
	mustache_clear(&template);
	return is_made;
}

static bool
passes(const char *module, const char *name, json_t *data, const char *template, size_t length,
    json_t *partials, const char *expected)
{
	static const struct mustache_options	 options = { ESCAPE_HTML, false };
	struct json_source			 source = { .depth = 1 };
	struct buffer				 out = { 0 };
	struct mustache_error			 error = { "" };
	bool					 is_right;

	source.stack[0].item = data;
	is_right = make_page(template, length, partials, &source, &options, &out, &error) &&
	    strcmp(buffer_text(&out), expected) == 0 && source.begun == source.ended;
	if (!is_right)
		print_error("%s: %s: %s\n--- expected\n%s\n--- got\n%s\n---\n", module, name,
		    error.text, expected, buffer_text(&out));
	buffer_clear(&out);
	return is_right;
}

/* Run the cases of one file; the number that failed. */
static size_t
run_file(const char *path, size_t *total)
{
	json_error_t	 problem;
	json_t		*file = json_load_file(path, 0, &problem), *test;
	size_t		 i, failed = 0;

	if (file == NULL)
		fail_msg("%s:%d: %s", path, problem.line, problem.text);
	json_array_foreach(json_object_get(file, "tests"), i, test) {
		json_t	*template = json_object_get(test, "template");

		failed += !passes(path, json_string_value(json_object_get(test, "name")),
		    json_object_get(test, "data"), json_string_value(template),
		    json_string_length(template), json_object_get(test, "partials"),
		    json_string_value(json_object_get(test, "expected")));
		++*total;
	}
	json_decref(file);
	return failed;
}

static void
test_specification(void **state)
{
	const char	*tests = getenv("TESTS");
	char		 folder[512], path[1024];
	size_t		 total = 0, failed = 0;
	struct dirent	*entry;
	DIR		*directory;

	(void)state;
	(void)snprintf(folder, sizeof(folder), "%s/vendor/mustache-spec", tests ? tests : "tests");
	directory = opendir(folder);
	if (directory == NULL)
		fail_msg("%s cannot be read; set TESTS to the folder tests/", folder);
	while ((entry = readdir(directory)) != NULL) {
		size_t	length = strlen(entry->d_name);

		if (length < 5 || strcmp(entry->d_name + length - 5, ".json") != 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		failed += run_file(path, &total);
	}
	(void)closedir(directory);
	print_message("%zu cases of the specification, %zu failed\n", total, failed);
	assert_int_equal(failed, 0);
	assert_true(total >= CORE_CASES);
}

/* Rules that the kept version of the suite does not try, and lines that need care. */
static const struct {
	const char	*name, *data, *template, *partials, *expected;
} cases[] = {
	/* 1.2 to 1.4 */
	{ "null in text", "{\"x\":null}", "<{{x}}{{{x}}}{{&x}}>", "{}", "<>" },
	{ "null opens no section", "{\"x\":null}", "{{#x}}a{{/x}}{{^x}}b{{/x}}", "{}", "b" },
	{ "the item itself is a text", "\"tea & milk\"", "{{.}} {{{.}}} {{&.}}", "{}",
	    "tea &amp; milk tea & milk tea & milk" },
	{ "the root is a list", "[{\"v\":\"a\"},{\"v\":\"b\"}]", "{{#.}}({{v}}){{/.}}", "{}",
	    "(a)(b)" },
	{ "items that are lists", "{\"l\":[[1,2],[\"x\"]]}", "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}",
	    "{}", "(12)(x)" },
	{ "items that are objects", "{\"l\":[{\"v\":1},{\"v\":2}]}",
	    "{{#l}}{{#.}}{{v}},{{/.}}{{/l}}", "{}", "1,2," },
	{ "raw items", "{\"l\":[\"<\",\"&\"]}", "{{#l}}{{{.}}}{{&.}}{{.}} {{/l}}", "{}",
	    "<<&lt; &&&amp; " },
	{ "a truthy scalar is the context", "{\"n\":\"Ada\"}", "{{#n}}{{.}}={{n}}{{/n}}", "{}",
	    "Ada=Ada" },
	{ "names through three contexts",
	    "{\"a\":1,\"o\":{\"b\":2,\"p\":{\"a\":3}},\"q\":{\"r\":4}}",
	    "{{#o}}{{a}}{{b}}{{#p}}{{a}}{{b}}{{q.r}}{{/p}}{{/o}}", "{}", "12324" },
	{ "a dotted name is never one key", "{\"a.b\":1}", "[{{a.b}}]", "{}", "[]" },
	{ "nor does the key hide the path", "{\"a.b\":1,\"a\":{\"b\":2}}", "{{a.b}}", "{}", "2" },
	{ "a value is not a template", "{\"t\":\"{{u}}\",\"u\":\"no\"}",
	    "{{t}} {{{t}}}{{#t}} {{t}}{{/t}}", "{}", "{{u}} {{u}} {{u}}" },
	{ "a comment is no name", "{\"!\":1,\"! a\":2,\"a\":3}", "<{{! a }}{{!a}}>", "{}", "<>" },
	{ "a partial in a partial", "{\"v\":\"x\"}", "{{>one}}",
	    "{\"one\":\"1{{v}}{{>two}}\",\"two\":\"2{{v}}\"}", "1x2x" },
	{ "delimiters stay in their file", "{\"v\":\"x\"}", "{{=<% %>=}}<%>one%>{{v}}<%v%>",
	    "{\"one\":\"{{v}}<%v%>\"}", "x<%v%>{{v}}x" },
	/* Indentation of partials */
	{ "indentation of a partial in a partial", "{}", "  {{>one}}\n",
	    "{\"one\":\"a\\n {{>two}}\\nd\\n\",\"two\":\"b\\nc\\n\"}", "  a\n   b\n   c\n  d\n" },
	{ "indentation is of lines of the partial only", "{\"v\":\"1\\n2\",\"l\":[1,2]}",
	    "  {{>one}}\n",
	    "{\"one\":\"{{v}}\\n{{#l}}\\n{{.}}\\n{{/l}}\\n{{!c}}x\\n{{^l}}{{/l}}y\"}",
	    "  1\n2\n  1\n  2\n  x\n  y" },
	{ "a section that ends where a line begins", "{\"l\":[1,2]}", " {{>one}}",
	    "{\"one\":\"{{#l}}x\\n{{/l}}y\"}", " x\n x\n y" },
	/* Inheritance */
	{ "default", "{\"v\":1}", "a{{$b}}[{{v}}]{{/b}}c\n", "{}", "a[1]c\n" },
	{ "a parent alone", "{}", "{{<p}}{{/p}}\n", "{\"p\":\"<{{$b}}d{{/b}}>\"}", "<d>" },
	{ "a parent that is not there", "{}", "<{{<p}}{{$b}}x{{/b}}{{/p}}>", "{}", "<>" },
	{ "one block of two", "{}", "{{<p}}{{$two}}2{{/two}}{{/p}}",
	    "{\"p\":\"{{$one}}a{{/one}}{{$two}}b{{/two}}\"}", "a2" },
	{ "text between blocks is nothing", "{}", "{{<p}} t {{$b}}x{{/b}} u {{/p}}",
	    "{\"p\":\"{{$b}}d{{/b}}\"}", "x" },
	{ "block names are not data", "{\"b\":\"data\"}", "{{<p}}{{$b}}x{{/b}}{{/p}}{{<p}}{{/p}}",
	    "{\"p\":\"{{$b}}d{{/b}}\"}", "xd" },
	{ "two parents on a line", "{}", "{{<p}}{{$b}}1{{/b}}{{/p}} {{<p}}{{$b}}2{{/b}}{{/p}}\n",
	    "{\"p\":\"({{$b}}d{{/b}})\"}", "(1) (2)\n" },
	{ "the outermost decides", "{}", "{{<p}}{{$b}}1{{/b}}{{/p}}",
	    "{\"p\":\"{{<q}}{{$b}}2{{/b}}{{/q}}\",\"q\":\"{{<r}}{{$b}}3{{/b}}{{/r}}\","
	    "\"r\":\"{{$b}}4{{/b}}\"}", "1" },
	{ "else the next", "{}", "{{<p}}{{/p}}", "{\"p\":\"{{<q}}{{$b}}2{{/b}}{{/q}}\","
	    "\"q\":\"{{<r}}{{$b}}3{{/b}}{{/r}}\",\"r\":\"{{$b}}4{{/b}}\"}", "2" },
	{ "through a partial", "{}", "{{<p}}{{$b}}1{{/b}}{{/p}}",
	    "{\"p\":\"{{>q}}\",\"q\":\"{{$b}}2{{/b}}\"}", "1" },
	{ "a block in the context where it is put", "{\"f\":\"out\",\"o\":{\"f\":\"in\"}}",
	    "{{<p}}{{$b}}{{f}}{{/b}}{{/p}}", "{\"p\":\"{{#o}}{{$b}}{{/b}}{{/o}}\"}", "in" },
	{ "the same block name one level in", "{}",
	    "{{<p}}{{$b}}[{{<p}}{{$b}}x{{/b}}{{/p}}]{{/b}}{{/p}}",
	    "{\"p\":\"({{$b}}d{{/b}})\"}", "([(x)])" },
	{ "parents that call each other end", "{}", "{{<p}}{{$a}}A{{/a}}{{/p}}",
	    "{\"p\":\"{{$a}}a{{/a}}{{$b}}{{<q}}{{/q}}{{/b}}\","
	    "\"q\":\"{{$a}}q{{/a}}{{<p}}{{$b}}end{{/b}}{{/p}}\"}", "AAAend" },
	{ "the frame's indentation", "{}", "{{<p}}{{$b}}x{{/b}}{{/p}}",
	    "{\"p\":\"a:\\n  {{$b}}d{{/b}}\\n\"}", "a:\n  x\n" },
	{ "a parent alone on its line is indented", "{}", "a\n  {{<p}}{{/p}}\nb\n",
	    "{\"p\":\"1\\n2\\n\"}", "a\n  1\n  2\nb\n" },
	{ "also in a partial that is indented", "{}", " {{>q}}\n",
	    "{\"q\":\"a\\n  {{<p}}{{/p}}\\nb\\n\",\"p\":\"1\\n2\\n\"}", " a\n   1\n   2\n b\n" },
	{ "so is one over several lines", "{}",
	    "a\n  {{<p}}\n    {{$b}}\n    x\n    y\n    {{/b}}\n  {{/p}}\nb\n",
	    "{\"p\":\"1\\n {{$b}}\\n {{/b}}\\n2\\n\"}", "a\n  1\n   x\n   y\n  2\nb\n" },
	{ "lines of a block are indented where they go", "{}", "{{<p}}{{$b}}\n1\n2{{/b}}\n{{/p}}\n",
	    "{\"p\":\"a\\n  {{$b}}{{/b}}\\n\"}", "a\n  1\n  2\n" },
	{ "and lose the indentation they had", "{}",
	    "{{<p}}\n{{$b}}\n      1\n        2\n{{/b}}\n{{/p}}\n",
	    "{\"p\":\"a\\n  {{$b}}\\n  {{/b}}\\n\"}", "a\n  1\n    2\n" },
	{ "the default says how far", "{}", "{{<p}}{{$b}}\n1\n2\n{{/b}}{{/p}}\n",
	    "{\"p\":\"a\\n{{$b}}\\n   d\\n{{/b}}\\n\"}", "a\n   1\n   2\n" },
	{ "a default stays as it is", "{}", "{{<p}}{{/p}}\n",
	    "{\"p\":\"a\\n {{$b}}\\n   d\\n  e\\n {{/b}}\\nb\\n\"}", "a\n   d\n  e\nb\n" },
	{ "a block in a block", "{}", "{{<p}}{{$in}}\nthree\n{{/in}}{{/p}}\n",
	    "{\"p\":\"{{<q}}{{$b}}\\n   one\\n   {{$in}}\\n     two\\n   "
	    "{{/in}}\\n{{/b}}{{/q}}\\n\",\"q\":\"{{$b}}default{{/b}}\"}", "one\n  three\n" },
	{ "a partial in a block", "{}", "{{<p}}\n{{$b}}\n    {{>q}}\n    z\n{{/b}}\n{{/p}}",
	    "{\"p\":\"<\\n  {{$b}}\\n  {{/b}}\\n>\\n\",\"q\":\"x\\ny\\n\"}",
	    "<\n  x\n  y\n  z\n>\n" },
};

static void
test_cases(void **state)
{
	size_t	failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t	*data = json_loads(cases[i].data, JSON_DECODE_ANY, NULL);
		json_t	*partials = json_loads(cases[i].partials, 0, NULL);

		assert_non_null(data);
		assert_non_null(partials);
		failed += !passes("ours", cases[i].name, data, cases[i].template,
		    strlen(cases[i].template), partials, cases[i].expected);
		json_decref(data);
		json_decref(partials);
	}
	assert_int_equal(failed, 0);
}

/* What is refused in a page, and with which words; NULL where nothing is wrong. */
static const struct {
	enum escape_kind	 escape;
	const char		*template, *error;
} strict[] = {
	{ ESCAPE_HTML, "a\n\n{{titel}}", "page:3: no query offers “titel”" },
	{ ESCAPE_HTML, "{{#peple}}x{{/peple}}", "page:1: no query offers “peple”" },
	{ ESCAPE_HTML, "{{^peple}}x{{/peple}}", "page:1: no query offers “peple”" },
	{ ESCAPE_HTML, "{{o.x}}", "page:1: no query offers “o.x”" },
	{ ESCAPE_HTML, "{{people}}",
	    "page:1: “people” is a list, not a value; open it with {{#people}}" },
	{ ESCAPE_HTML, "{{>foot}}", "page:1: there is no partial “foot”" },
	{ ESCAPE_HTML, "\n{{<frame}}{{/frame}}", "page:2: there is no partial “frame”" },
	{ ESCAPE_HTML, "{{>bad}}", "bad:2: “x” is opened but never closed" },
	{ ESCAPE_HTML, "{{{title}}}",
	    "page:1: “title” would go in unescaped; unescaped output is for "
	    "markup our own code made, whose names end in _markup" },
	{ ESCAPE_JSON, "{{&_markup}}",
	    "page:1: “_markup” would go in unescaped; unescaped output is for "
	    "markup our own code made, whose names end in _markup" },
	{ ESCAPE_HTML, "{{{qr_markup}}}{{&qr_markup}}", NULL },
	{ ESCAPE_HTML, "{{<good}}\ntext{{$b}}{{/b}}{{/good}}",
	    "page:2: text between the blocks of a parent is never shown; put it into a block" },
	{ ESCAPE_HTML, "{{<good}}{{title}}{{/good}}",
	    "page:1: “title” stands between the blocks of a "
	    "parent and is never shown; put it into a block" },
	{ ESCAPE_HTML, "{{<good}}{{! why }} {{$b}}{{title}}{{/b}}\n{{/good}}", NULL },
	/* Grammar */
	{ ESCAPE_HTML, "a\n{{#title}}\n\n{{/titel}}",
	    "page:4: “titel” is closed, but “title” of line 2 is still open" },
	{ ESCAPE_HTML, "a\n{{/title}}", "page:2: “title” is closed but was not opened" },
	{ ESCAPE_HTML, "{{title}}\n{{title", "page:2: the tag is not closed; }} is missing" },
	{ ESCAPE_HTML, "{{{title}}", "page:1: the tag is not closed; }}} is missing" },
	{ ESCAPE_HTML, "{{ }}", "page:1: the tag has no name" },
	{ ESCAPE_HTML, "{{a b}}", "page:1: “a b” is not a name: it has a blank in it" },
	{ ESCAPE_HTML, "{{=<%=}}",
	    "page:1: delimiters are set like {{=<% %>=}}: two of them, 16 bytes "
	    "at most, no = inside" },
	{ ESCAPE_HTML, "{{!\n\n}}\n{{=| |=}}\n|nobody|", "page:5: no query offers “nobody”" },
	/* Places in HTML */
	{ ESCAPE_HTML, "<p>{{title}}</p><a href=\"/r/{{title}}\" title='{{title}}'>{{title}}</a>",
	    NULL },
	{ ESCAPE_HTML, "<!doctype html><title>{{title}}</title><!-- - > -->{{title}} 1 < 2 "
	    "{{title}}", NULL },
	{ ESCAPE_HTML, "<script src=\"{{title}}\"></script>{{title}}<br/>{{title}}", NULL },
	{ ESCAPE_HTML, "<option{{#title}} selected{{/title}}>{{title}}</option>", NULL },
	{ ESCAPE_HTML, "<a title=\">\">{{title}}</a>", NULL },
	{ ESCAPE_HTML, "<script>\nlet a = '{{title}}'",
	    "page:2: “title” is inserted into a script or a "
	    "style, where escaping does not help; put it into text or between quotes" },
	{ ESCAPE_HTML, "<STYLE media=\"all\"><b>{{title}}",
	    "page:1: “title” is inserted into a script or a "
	    "style, where escaping does not help; put it into text or between quotes" },
	{ ESCAPE_HTML, "<!-- {{title}} -->",
	    "page:1: “title” is inserted into a comment, where escaping "
	    "does not help; put it into text or between quotes" },
	{ ESCAPE_HTML, "<a href={{title}}>",
	    "page:1: “title” is inserted into an attribute value without "
	    "quotes, where escaping does not help; put it into text or between quotes" },
	{ ESCAPE_HTML, "<a href=/r/{{title}}>",
	    "page:1: “title” is inserted into an attribute value "
	    "without quotes, where escaping does not help; put it into text or between quotes" },
	{ ESCAPE_HTML, "<a {{title}}>",
	    "page:1: “title” is inserted into a tag, outside a quoted value, "
	    "where escaping does not help; put it into text or between quotes" },
	{ ESCAPE_HTML, "<a data-{{title}}=\"1\">",
	    "page:1: “title” is inserted into a tag, outside a "
	    "quoted value, where escaping does not help; put it into text or between quotes" },
	{ ESCAPE_HTML, "<h{{title}}>",
	    "page:1: “title” is inserted into the name of a tag, where escaping "
	    "does not help; put it into text or between quotes" },
	{ ESCAPE_HTML, "<{{title}}>",
	    "page:1: “title” is inserted into the name of a tag, where escaping "
	    "does not help; put it into text or between quotes" },
	{ ESCAPE_HTML, "<style>{{>good}}</style>",
	    "page:1: “good” is inserted into a script or a style, "
	    "where escaping does not help; put it into text or between quotes" },
	{ ESCAPE_HTML, "<body class=\"{{$class}}{{/class}}\">{{title}}", NULL },
	{ ESCAPE_HTML, "<i title=\"{{<good}}{{$b}}<b>{{title}}{{/b}}{{/good}}\">{{title}}", NULL },
	{ ESCAPE_HTML, "{{<good}}{{$b}}<a title=\"{{/b}}{{$c}}{{title}}<a {{/c}}{{/good}}{{title}}",
	    NULL },
	{ ESCAPE_HTML, "<i title=\"{{<good}}{{$b}}<a {{title}}>{{/b}}{{/good}}\">",
	    "page:1: “title” is inserted into a tag, outside a quoted value, where escaping does "
	    "not help; put it into text or between quotes" },
	{ ESCAPE_JSON, "<a {{title}}>", NULL },
	/* Loops */
	{ ESCAPE_HTML, "{{>loop}}",
	    "loop:1: “loop” is more than 64 deep; does a partial contain itself?" },
};

static void
test_strict(void **state)
{
	json_t	*data = json_pack("{s:s,s:s,s:[{}],s:{}}", "title", "T", "qr_markup", "<svg/>",
	    "people", "o");
	json_t	*partials = json_pack("{s:s,s:s,s:s}", "bad", "\n{{#x}}", "good", "{{$b}}{{/b}}",
	    "loop", "{{>loop}}");
	size_t	 failed = 0;

	(void)state;
	assert_non_null(data);
	assert_non_null(partials);
	for (size_t i = 0; i < sizeof(strict) / sizeof(strict[0]); i++) {
		struct mustache_options	 options = { strict[i].escape, true };
		struct json_source	 source = { .depth = 1 };
		struct mustache_error	 error = { "" };
		struct buffer		 out = { 0 };
		bool			 is_made;

		source.stack[0].item = data;
		is_made = make_page(strict[i].template, strlen(strict[i].template), partials,
		    &source, &options, &out, &error);
		if (is_made != (strict[i].error == NULL) ||
		    strcmp(error.text, is_made ? "" : strict[i].error) != 0) {
			print_error("%s\n  expected: %s\n  got: %s\n", strict[i].template,
			    strict[i].error != NULL ? strict[i].error : "a page", error.text);
			failed++;
		}
		buffer_clear(&out);
	}
	json_decref(data);
	json_decref(partials);
	assert_int_equal(failed, 0);
}

/* A fault of the data names the line of the section, and every section that was begun is ended. */
static void
test_source_fault(void **state)
{
	struct mustache_options	 options = { ESCAPE_HTML, true };
	struct json_source	 source = { .depth = 1, .is_broken = true };
	struct mustache_error	 error = { "" };
	struct buffer		 out = { 0 };

	(void)state;
	source.stack[0].item = json_pack("{s:[i]}", "l", 1);
	assert_false(make_page("\n{{#l}}x{{/l}}", 14, NULL, &source, &options, &out, &error));
	assert_string_equal(error.text, "page:2: the disk has gone");
	assert_int_equal(source.begun, 1);
	assert_int_equal(source.ended, 1);
	json_decref(source.stack[0].item);
	buffer_clear(&out);
}

/*
 * A list is opened once for a section and what stands behind it for none, with items and without.
 */
static void
test_otherwise(void **state)
{
	static const char	 text[] =
	    "{{#none}}\n- {{.}}\n{{/none}}\n{{^none}}\nnothing\n{{/none}}\n"
	    "{{#two}}{{.}},{{/two}}{{^two}}nothing{{/two}}!{{^none}}none{{/none}}";
	struct mustache_options	 options = { ESCAPE_HTML, true };
	struct json_source	 source = { .depth = 1 };
	struct mustache_error	 error = { "" };
	struct buffer		 out = { 0 };

	(void)state;
	source.stack[0].item = json_pack("{s:[],s:[i,i]}", "none", "two", 1, 2);
	assert_true(make_page(text, sizeof(text) - 1, NULL, &source, &options, &out, &error));
	assert_string_equal(buffer_text(&out), "nothing\n1,2,!none");
	assert_int_equal(source.begun, 3);
	assert_int_equal(source.ended, 3);
	json_decref(source.stack[0].item);
	buffer_clear(&out);
}

static void
test_output_cap(void **state)
{
	struct mustache_options	 options = { ESCAPE_HTML, true };
	struct json_source	 source = { .depth = 1 };
	struct mustache_error	 error = { "" };
	struct buffer		 out = { 0 };
	char			*text = malloc((1 << 20) + 1);
	json_t			*list = json_array();

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 1 << 20);
	text[1 << 20] = '\0';
	for (size_t i = 0; i < 65; i++)
		json_array_append_new(list, json_integer(1));
	source.stack[0].item = json_pack("{s:o,s:s}", "l", list, "t", text);
	assert_false(make_page("{{#l}}{{t}}{{/l}}", 17, NULL, &source, &options, &out, &error));
	assert_string_equal(error.text,
	    "page:1: the page is larger than 64 MiB; split it into several pages");
	assert_int_equal(source.begun, source.ended);
	json_array_remove(list, 0);
	source.depth = 1;
	out.length = 0;
	assert_true(make_page("{{#l}}{{t}}{{/l}}", 17, NULL, &source, &options, &out, &error));
	assert_int_equal(out.length, 64 << 20);
	json_decref(source.stack[0].item);
	buffer_clear(&out);
	free(text);
}

static void
test_depth_cap(void **state)
{
	struct mustache_options		 options = { ESCAPE_HTML, false };
	struct mustache_template	 template;
	struct mustache_error		 error = { "" };
	struct buffer			 text = { 0 };

	(void)state;
	for (int i = 0; i < 65; i++)
		buffer_append_text(&text, "{{#a}}\n");
	assert_false(mustache_parse(&template, "page", text.data, text.length, &options, &error));
	assert_string_equal(error.text, "page:65: more than 64 sections are inside each other");
	assert_null(template.nodes);
	buffer_clear(&text);
}

static bool
note_name(void *handle, const struct mustache_name *name, struct mustache_error *error)
{
	static const char	signs[MUSTACHE_USE_END] = {
		[MUSTACHE_USE_VARIABLE] = '=', [MUSTACHE_USE_RAW] = '&',
		    [MUSTACHE_USE_SECTION] = '#',
		[MUSTACHE_USE_INVERTED] = '^', [MUSTACHE_USE_CLOSE] = '/',
		    [MUSTACHE_USE_PARTIAL] = '>',
		[MUSTACHE_USE_PARENT] = '<', [MUSTACHE_USE_BLOCK] = '$',
	};

	buffer_format(handle, "%s:%u%c%.*s ", name->file, name->line, signs[name->use],
	    (int)name->length, name->name);
	if (name->length == 4 && memcmp(name->name, "stop", 4) == 0)
		return mustache_fail(error, name->file, name->line, "stopped");
	return true;
}

static void
test_names(void **state)
{
	static const char		 page[] =
	    "{{<frame}}\n{{$main}}{{#people}}{{name}}\n{{>item}}{{/people}}"
	    "{{^people}}{{{none}}}{{/people}}{{<frame}}{{$foot}}{{in}}{{/foot}}{{/frame}}"
	    "{{/main}}{{/frame}}", halt[] = "{{a}}{{stop}}{{b}}";
	struct mustache_options		 options = { ESCAPE_HTML, false };
	struct mustache_template	 template;
	struct mustache_set		 set;
	struct mustache_loader		 loader = { NULL, load_partial };
	struct mustache_error		 error = { "" };
	struct buffer			 seen = { 0 };

	(void)state;
	loader.handle = json_pack("{s:s,s:s}", "frame",
	    "{{title}}{{$main}}{{gone}}{{/main}}{{$foot}}{{f}}{{/foot}}",
	    "item", "{{v}}{{>item}}");
	mustache_set_init(&set, &options, &loader);
	assert_true(mustache_parse(&template, "page", page, sizeof(page) - 1, &options, &error));
	assert_true(mustache_names(&template, &set, note_name, &seen, &error));
	assert_string_equal(buffer_text(&seen), "page:1<frame frame:1=title frame:1$main "
	    "page:2#people page:2=name page:3>item item:1=v item:1>item page:3/people "
	    "page:3^people page:3&none page:3/people page:3<frame frame:1=title frame:1$main "
	    "frame:1=gone frame:1$foot page:3=in frame:1$foot frame:1=f ");
	mustache_clear(&template);
	seen.length = 0;
	assert_true(mustache_parse(&template, "page", halt, sizeof(halt) - 1, &options, &error));
	assert_false(mustache_names(&template, &set, note_name, &seen, &error));
	assert_string_equal(buffer_text(&seen), "page:1=a page:1=stop ");
	assert_string_equal(error.text, "page:1: stopped");
	mustache_clear(&template);
	mustache_set_clear(&set);
	json_decref(loader.handle);
	buffer_clear(&seen);
}

static void
test_files(void **state)
{
	char				 folder[] = "/tmp/mustache.XXXXXX", path[64];
	struct mustache_options		 options = { ESCAPE_HTML, true };
	struct mustache_folder		 partials = { folder, "html" };
	struct mustache_loader		 loader = { &partials, mustache_folder_load };
	struct mustache_set		 set;
	const struct mustache_template	*first, *second;
	struct mustache_error		 error = { "" };
	FILE				*file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/foot.html", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs("<p>{{a}}\n{{/a}}", file) >= 0);
	assert_int_equal(fclose(file), 0);
	mustache_set_init(&set, &options, &loader);
	assert_false(mustache_set_find(&set, "foot", 4, &first, &error));
	assert_non_null(strstr(error.text, "/foot.html:2: “a” is closed but was not opened"));
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs("<p>", file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_true(mustache_set_find(&set, "foot", 4, &first, &error));
	assert_non_null(first);
	assert_int_equal(remove(path), 0);
	assert_true(mustache_set_find(&set, "foot", 4, &second, &error));
	assert_ptr_equal(first, second);
	assert_true(mustache_set_find(&set, "../foot", 7, &second, &error));
	assert_null(second);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_true(mustache_set_find(&set, "foot", 4, &second, &error));
	mustache_set_clear(&set);
	assert_false(mustache_set_find(&set, "foot", 4, &second, &error));
	assert_non_null(strstr(error.text, "/foot.html: cannot be read: Is a directory; "));
	assert_int_equal(remove(path), 0);
	mustache_set_clear(&set);
	assert_int_equal(remove(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_specification),
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_source_fault),
		cmocka_unit_test(test_otherwise),
		cmocka_unit_test(test_output_cap),
		cmocka_unit_test(test_depth_cap),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
