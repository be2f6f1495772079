// SPDX-License-Identifier: ISC
/*
 * test_page.c: single pages: what is refused when they are loaded and in their rows, who may read
 * what, and where values come from.
 */
#include "tests/unit/scratch.h"

#include "core/wall.h"
#include "gen/page.h"

/* A club with two runs, and a folder for one page. */
struct scene {
	struct scratch	 scratch;
	struct store	*store;
	struct pages	*pages;
};

static void
scene_open(struct scene *scene)
{
	int64_t group;

	scratch_init(&scene->scratch);
	scene->store = scratch_store(&scene->scratch, "club.db");
	group = scratch_group(scene->store, "Tuesday");
	scratch_run(scene->store, group, "2026-11-17", "18:30", "");
	scratch_run(scene->store, group, "2026-11-20", "18:30", "Hills & <dales>");
	scratch_person(scene->store, "Ada Lovelace");
	scratch_sql(scene->store,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES "
	    "(1, 1, 'mark', 'present', 1, 1, 'host')");
	scratch_person(scene->store, "Ben Nevis");
	scratch_sql(scene->store, "UPDATE person SET nickname = 'Benny' WHERE name = 'Ben Nevis'");
	store_close(scene->store);
	assert_int_equal(store_open(scratch_path(&scene->scratch, "club.db"), STORE_READ,
	    &scene->store), ST_OK);
	scratch_folder(&scene->scratch, "templates");
	scratch_folder(&scene->scratch, "templates/pages");
	scratch_folder(&scene->scratch, "templates/partials");
	scene->pages = NULL;
}

static void
scene_close(struct scene *scene)
{
	pages_clear(scene->pages);
	store_close(scene->store);
	scratch_clear(&scene->scratch);
}

/* Load the page "p" of `sql` and, unless NULL, `html`. */
static enum status
load(struct scene *scene, const char *sql, const char *html, struct mustache_error *why)
{
	enum status status;

	scratch_write(&scene->scratch, "templates/pages/p.sql", sql);
	unlink(scratch_path(&scene->scratch, "templates/pages/p.html"));
	if (html != NULL)
		scratch_write(&scene->scratch, "templates/pages/p.html", html);
	pages_clear(scene->pages);
	why->text[0] = '\0';
	status = pages_load(store_driver(scene->store), scratch_path(&scene->scratch, "templates"),
	    NULL, &scene->pages, why);
	if (status == ST_OK &&
	    (status = page_ready(scene->pages, pages_at(scene->pages, 0))) != ST_OK)
		snprintf(why->text, sizeof why->text, "%s", pages_why(scene->pages));
	return status;
}

#define HEAD	"-- @page public {key}.html\n-- @query keys\nSELECT id AS key FROM public_run WHERE :since = 0\n-- @query page\n"
#define PAGE	HEAD "SELECT t.key, r.* FROM temp.touched AS t JOIN public_run AS r ON r.id = t.key\n"
#define PRIVATE	"-- @page private {key}.html\n-- @query keys\nSELECT 1 AS key\n-- @query page\n"

static void
bad_pages_are_refused_with_file_and_line(void **state)
{
	static const struct { const char *sql, *html, *says; } cases[] = {
		/* The head. */
		{ "SELECT 1\n", "", "p.sql:1: " },
		{ "-- @page\n", "", "p.sql:1: “-- @” wants page, query or include" },
		{ "-- @querry x\n", "", "p.sql:1: “-- @” wants page, query or include" },
		{ "-- page public x.html\n", "", "no “-- @page” line" },
		{ PAGE "-- @include /etc/passwd\n", "",
		    "an include wants the name of a file in partials/" },
		{ PAGE "-- @include nobody\n", "",
		    "partials/nobody.sql cannot be read: No such file" },
		{ "\n-- @page everybody x.html\n", "", "p.sql:2: the head wants" },
		{ "-- @page public \nx.html\n", "", "p.sql:1: the head wants" },
		{ "-- @page public x.html\n-- @query page\nSELECT 1 AS key\n-- @query "
		    "keys\nSELECT 1 AS key\n", "", "the first two queries" },
		{ "-- @page public x.html\n-- @query keys\nSELECT 1 AS key\n", "",
		    "the first two queries" },
		{ "-- @page public x\n-- @query keys\nSELECT 1 AS key\n-- @query page\nSELECT 1 "
		    "AS key\n", "", "wants an extension" },
		{ "-- @page public x.html\n-- @query \nSELECT 1 AS key\n", "",
		    "p.sql:2: a query wants a name" },
		/* Queries. */
		{ HEAD "SELEKT key\n", "", "p.sql:4: query “page”: near \"SELEKT\"" },
		{ HEAD "SELECT wishes FROM public_run\n", "",
		    "p.sql:4: query “page”: no such column: wishes" },
		{ HEAD "SELECT 1 AS key; SELECT 2 AS key\n", "", "must be one SELECT" },
		{ HEAD "\n-- only words\n", "", "must be one SELECT" },
		{ HEAD "SELECT 1 AS id\n", "", "p.sql:4: the page query offers no “key”" },
		{ "-- @page public {slug}.html\n-- @query keys\nSELECT 1 AS key\n-- @query "
		    "page\nSELECT 1 AS key\n", "", "offers no column for {slug}" },
		{ "-- @page public x.html\n-- @query keys\nSELECT 1 AS id\n-- @query page\nSELECT "
		    "1 AS key\n", "", "p.sql:2: the keys query gives one column" },
		{ PAGE "-- @query page_2\nDELETE FROM temp.touched\n", "{{#page_2}}{{/page_2}}",
		    "p.sql:6: query “page_2”" },
		{ PAGE "-- @query x\nROLLBACK\n", "{{#x}}{{/x}}", "p.sql:6: query “x”" },
		{ PAGE "-- @query x\nATTACH 'other.db' AS other\n", "{{#x}}{{/x}}",
		    "p.sql:6: query “x”" },
		{ PAGE "-- @query x\nPRAGMA user_version\n", "{{#x}}{{/x}}", "p.sql:6: query “x”" },
		/* Parameters. */
		{ "-- @page public x.html\n-- @query keys\nSELECT :id AS key\n-- @query "
		    "page\nSELECT 1 AS key\n", "",
		    "p.sql:2: query “keys” has nobody to offer :id" },
		{ HEAD "SELECT 1 AS key WHERE :then_ = 1\n", "", "nobody to offer :then_" },
		{ HEAD "SELECT 1 AS key WHERE ? = 1\n", "", "p.sql:4: " },
		{ HEAD "SELECT 1 AS key WHERE $now = 1\n", "", "p.sql:4: " },
		{ PAGE "-- @query x\nSELECT 1 AS y WHERE :nobody = 1\n", "a\n{{#x}}{{/x}}",
		    "p.html:2: section “x” needs :nobody" },
		/* Names. */
		{ PAGE, "a\n\n<p>{{nobody}}", "p.html:3: no query offers “nobody”" },
		{ PAGE, "{{#nobody}}{{/nobody}}", "p.html:1: no query offers “nobody”" },
		{ PAGE "-- @query x\nSELECT 1 AS y\n", "{{#x}}{{y}}{{/x}}\n{{y}}",
		    "p.html:2: no query offers “y”" },
		/* no row, no column */
		{ PAGE "-- @query x\nSELECT 1 AS y\n", "{{^x}}{{y}}{{/x}}",
		    "p.html:1: no query offers “y”" },
		/* What is kept shows its own row alone, and not where it stands. */
		{ PAGE "-- @query x kept\nSELECT :id AS y\n", "",
		    "p.sql:6: behind the name may stand" },
		{ PAGE "-- @query x keep y\nSELECT :id AS y\n", "",
		    "p.sql:6: behind the name may stand" },
		{ PAGE "-- @query x kept y y y\nSELECT :id AS y\n", "",
		    "p.sql:6: behind the name may stand" },
		{ PAGE "-- @query x kept y no\nSELECT :id AS y\n", "{{#x}}{{/x}}",
		    "p.sql:6: query “x” has no column “no”" },
		{ PAGE "-- @query x kept y\nSELECT :id AS y\n",
		    "{{#x}}{{y}}{{/x}}{{title}}\n{{#x}}{{title}}{{/x}}",
		    "p.html:2: no query offers “title”" },
		{ PAGE "-- @query x kept y\nSELECT :id AS y\n", "{{#x}}{{#y}}{{here}}{{/y}}{{/x}}",
		    "p.html:1: no query offers “here”" },
		{ PAGE "-- @query x kept y\nSELECT :id AS y\n",
		    "{{#x}}{{^is_first}}{{/is_first}}{{/x}}", "no query offers “is_first”" },
		{ PAGE "-- @query x kept y\nSELECT :id AS y\n", "{{#x}}{{y.so_far}}{{/x}}",
		    "no query offers “y.so_far”" },
		{ PAGE "-- @query x kept y\nSELECT :id AS y\n-- @query z\nSELECT :title AS a",
		    "{{#x}}{{#z}}{{/z}}{{/x}}", "section “z” needs :title" },
		/* It stays when facts and clock go on. */
		{ PAGE "-- @query x kept y\nSELECT :id AS y\n-- @query z\nSELECT :now - :y AS a",
		    "{{#x}}{{#z}}{{/z}}{{/x}}", "“z” is inside one that is kept, and may not ask" },
		{ PAGE "-- @query x kept y\nSELECT :id AS y\n-- @query z\n"
		    "SELECT came AS a FROM public_count WHERE run_id = :y",
		    "{{#x}}{{#z}}{{/z}}{{/x}}", "“z” is inside one that is kept, and may read" },
		{ PAGE, "{{>gone}}", "p.html:1: " },
		{ PAGE, "{{#title}}", "p.html:1: " },
		{ PAGE, "{{{title}}}", "p.html:1: " },
		{ PAGE, "<script>{{title}}</script>", "p.html:1: " },
		{ PAGE, NULL, "the page query offers no “body”" },
	};
	struct scene scene;
	struct mustache_error why;
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (load(&scene, cases[i].sql, cases[i].html, &why) != ST_REFUSED)
			fail_msg("taken: %s%s", cases[i].sql, cases[i].html);
		if (strstr(why.text, cases[i].says) == NULL)
			fail_msg("%s%s\nsays: %s\nnot: %s", cases[i].sql, cases[i].html, why.text,
			    cases[i].says);
	}
	scene_close(&scene);
}

/*
 * A template whose .sql was deleted: its pages are not to go from the site. What an editor leaves
 * behind is no template.
 */
static void
half_a_pair_is_refused(void **state)
{
	struct scene scene;
	struct mustache_error why;

	(void)state;
	scene_open(&scene);
	scratch_write(&scene.scratch, "templates/pages/q.html~", "{{title}}");
	scratch_write(&scene.scratch, "templates/pages/.q.html", "{{title}}");
	assert_int_equal(load(&scene, PAGE, "{{title}}", &why), ST_OK);
	scratch_write(&scene.scratch, "templates/pages/q.html", "{{title}}");
	assert_int_equal(load(&scene, PAGE, "{{title}}", &why), ST_REFUSED);
	if (strstr(why.text, "pages/q.html:1: there is no ") == NULL ||
	    strstr(why.text, "pages/q.sql") == NULL)
		fail_msg("%s", why.text);
	scene_close(&scene);
}

/* A file of assets/ that a page or a partial names is there, or the page would lead nowhere. */
static void
a_named_asset_is_there(void **state)
{
	static const char *const fine[] = { "{{! assets/no.css }}", "{{root}}assets/{{title}}.css",
	    "https://elsewhere.example/assets/no.css", "{{root}}assets/a.css{{root}}assets/a.css?1" };
	static const char *const missing[] = { "\n<link href=\"{{root}}assets/no.css\">",
	    "{{root}}assets/a.css\n<i>{{root}}assets/no.css#x</i>", "\n{{address}}/assets/no.css",
	    "\n\"assets/no.css\"" };
	struct scene scene;
	struct mustache_error why;
	size_t i;

	(void)state;
	scene_open(&scene);
	scratch_folder(&scene.scratch, "templates/assets");
	scratch_write(&scene.scratch, "templates/assets/a.css", "");
	for (i = 0; i < sizeof fine / sizeof fine[0]; i++)
		if (load(&scene, PAGE, fine[i], &why) != ST_OK)
			fail_msg("%s: %s", fine[i], why.text);
	for (i = 0; i < sizeof missing / sizeof missing[0]; i++) {
		assert_int_equal(load(&scene, PAGE, missing[i], &why), ST_REFUSED);
		if (strstr(why.text, "pages/p.html:2: there is no ") == NULL ||
		    strstr(why.text, "templates/assets/no.css") == NULL)
			fail_msg("%s: %s", missing[i], why.text);
	}
	scratch_write(&scene.scratch, "templates/partials/frame.html", "{{root}}assets/no.css");
	assert_int_equal(load(&scene, PAGE, "{{title}}", &why), ST_REFUSED);
	if (strstr(why.text, "partials/frame.html:1: there is no ") == NULL)
		fail_msg("%s", why.text);
	scene_close(&scene);
}

static void
tables_and_secrets_are_out_of_reach(void **state)
{
	static const struct { const char *sql; bool is_taken; } cases[] = {
		{ HEAD "SELECT name AS key FROM person\n", false },
		{ HEAD "SELECT key FROM temp.touched WHERE EXISTS (SELECT 1 FROM person WHERE "
		    "name = 'Ada')\n", false },
		{ HEAD "SELECT (SELECT capability FROM run) AS key\n", false },
		{ HEAD "SELECT capability AS key FROM private_run\n", false },
		{ HEAD "SELECT sql AS key FROM sqlite_schema\n", false },
		{ HEAD "SELECT name AS key FROM pragma_table_info('person')\n", false },
		{ HEAD "SELECT person.name AS key FROM public_run JOIN person\n", false },
		{ HEAD "SELECT key FROM main.change\n", false },
		/* A name that only looks like one of the views. */
		{ HEAD "WITH public_x AS (SELECT name FROM person) SELECT name AS key FROM "
		    "public_x\n", false },
		{ HEAD "WITH public_run(key) AS (SELECT name FROM person) SELECT key FROM "
		    "public_run\n", false },
		{ HEAD "WITH \"public_x\" AS MATERIALIZED (SELECT name FROM person) SELECT name "
		    "AS key FROM \"public_x\"\n", false },
		{ HEAD "WITH a AS (SELECT 1), public_x /* x */ AS -- y\n (SELECT capability AS "
		    "name FROM run) SELECT name AS key FROM public_x\n", false },
		{ HEAD "WITH 'public_x' AS NOT MATERIALIZED (SELECT name FROM person) SELECT name "
		    "AS key FROM 'public_x'\n", false },
		{ HEAD "WITH [PUBLIC_X] AS (SELECT name FROM person) SELECT name AS key FROM "
		    "public_x\n", false },
		{ HEAD "SELECT name AS key FROM (SELECT name FROM person) AS public_x\n", false },
		{ HEAD "SELECT name AS key FROM person AS public_run\n", false },
		{ PRIVATE "WITH private_x AS (SELECT name FROM person) SELECT name AS key FROM "
		    "private_x\n", false },
		{ PRIVATE "SELECT name AS key FROM person\n", false },
		{ HEAD "SELECT first AS key FROM temp.beginning\n", false },
		{ PRIVATE "SELECT first AS key FROM temp.beginning\n", true },
		{ HEAD "SELECT marks AS key FROM each_line('')\n", true },
		{ HEAD "SELECT id AS key FROM public_run\n", true },
		{ HEAD "WITH x AS (SELECT id AS key FROM public_run) SELECT key FROM x\n", true },
		{ HEAD "SELECT p.id AS key FROM public_run AS p JOIN public_attendance AS a ON "
		    "a.run_id = p.id\n", true },
		{ HEAD "SELECT count(*) AS key FROM public_run AS public_run\n", true },
		{ HEAD "SELECT sentence AS key FROM temp.status JOIN temp.changed JOIN "
		    "temp.touched\n", true },
		{ HEAD "SELECT j.value AS key FROM json_each('[1]') AS j\n", true },
		{ PRIVATE "SELECT capability AS key FROM private_run JOIN public_run USING (id)\n",
		    true },
	};
	struct scene scene;
	struct mustache_error why;
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (load(&scene, cases[i].sql, "",
		    &why) != (cases[i].is_taken ? ST_OK : ST_REFUSED))
			fail_msg("%s: %s", cases[i].sql, cases[i].is_taken ? why.text : "taken");
	scene_close(&scene);
}

/* ---- rendering ---- */

static const struct page_clock full = { .now = SCRATCH_NOW, .then = SCRATCH_NOW,
    .today = "2026-11-20", .then_day = "2026-11-20" };

/* What was rendered, as text, and where the next page is composed. */
struct collected {
	struct buffer	*out, content;
};

static enum status
collect(void *handle, const struct page *page, const char *key, const char *path, size_t at)
{
	struct collected *collected = handle;

	(void)page;
	buffer_format(collected->out, "%s|%s|%s\n", key, path,
	    buffer_text(&collected->content) + at);
	return ST_OK;
}

static enum status
collect_key(void *handle, const struct page *page, const char *key)
{
	struct collected *collected = handle;

	(void)page;
	buffer_format(collected->out, "missing %s\n", key);
	return ST_OK;
}

/* Touch and render what is loaded; what came of it is in `out`. */
static enum status
publish(struct scene *scene, const struct page_clock *clock, struct buffer *out)
{
	struct collected collected = { .out = out };
	const struct page_taker taker = { .handle = &collected, .content = &collected.content,
	    .page = collect, .missing = collect_key };
	struct page_keys keys = { 0 };
	struct page *page;
	enum status status;

	assert_int_equal(pages_count(scene->pages), 1);
	page = pages_at(scene->pages, 0);
	out->length = 0;
	assert_int_equal(pages_begin(scene->pages, clock), ST_OK);
	assert_int_equal(pages_changed(scene->pages), ST_OK);
	status = page_touch(scene->pages, page, false, &keys);
	if (status == ST_OK)
		status = page_render(scene->pages, page, keys.keys, keys.count, &taker);
	buffer_clear(&collected.content);
	pages_end(scene->pages);
	page_keys_clear(&keys);
	return status;
}

/* The same, loaded before. */
static enum status
render(struct scene *scene, const char *sql, const char *html, const struct page_clock *clock,
    struct buffer *out)
{
	struct mustache_error why;

	if (load(scene, sql, html, &why) != ST_OK)
		fail_msg("%s", why.text);
	return publish(scene, clock, out);
}

static void
assert_render(struct scene *scene, const char *sql, const char *html, const char *expected)
{
	struct buffer out = { 0 };

	if (render(scene, sql, html, &full, &out) != ST_OK)
		fail_msg("%s", pages_why(scene->pages));
	assert_string_equal(buffer_text(&out), expected);
	buffer_clear(&out);
}

static void
values_come_from_the_rows_around(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	/* Page row, club row, built-ins, escaping. */
	assert_render(&scene, PAGE, "{{title}} {{club}} {{today}} {{root}}",
	    "1|public/1.html|Tuesday Harriers 2026-11-20 \n"
	    "2|public/2.html|Hills &amp; &lt;dales&gt; Harriers 2026-11-20 \n");
	/* Sections: parameters from the innermost row out; nothing; a truth. */
	assert_render(&scene,
	    HEAD "SELECT key, 'page' AS a, 'page' AS b FROM temp.touched WHERE key = 1\n"
	    "-- @query outer\nSELECT 'outer' AS b UNION SELECT 'outer 2'\n-- @query inner\nSELECT "
	    ":a || ' ' || :b || ' ' || :key AS c\n-- @query nothing\nSELECT 1 AS d WHERE 0\n",
	    "{{b}}{{#outer}} [{{b}}: {{#inner}}{{c}}{{/inner}}]{{/outer}} "
	    "{{^nothing}}none{{/nothing}}{{#nothing}}some{{/nothing}} {{#a}}true{{/a}}",
	    "1|public/1.html|page [outer: page outer 1] [outer 2: page outer 2 1] none "
	    "true\nmissing 2\n");
	/* NULL, '' and 0 are false; 0 is shown. */
	assert_render(&scene,
	    HEAD "SELECT key, NULL AS a, '' AS b, 0 AS c, '0' AS d, 0.0 AS e, 7 AS f FROM "
	    "temp.touched WHERE key = 1\n",
	    "{{a}}{{b}}{{c}}{{d}}{{#a}}A{{/a}}{{#b}}B{{/b}}{{#c}}C{{/c}}{{#d}}D{{/d}}{{^a}}a{{/a}}{{^c}}c{{/c}}{{#f}}{{f}}{{/f}}",
	    "1|public/1.html|00Dac7\nmissing 2\n");
	/* :root, and the way to it by depth; on 404.html it is the address. */
	assert_render(&scene,
	    "-- @page public a/{key}/index.html\n-- @query keys\nSELECT 1 AS key\n-- @query "
	    "page\nSELECT key FROM temp.touched\n-- @query x\nSELECT :root || 'x' AS y\n",
	    "{{root}} {{#x}}{{y}}{{/x}}", "1|public/a/1/index.html|../../ ../../x\n");
	assert_render(&scene,
	    "-- @page public 404.html\n-- @query keys\nSELECT 1 AS key\n-- @query page\nSELECT "
	    "key FROM temp.touched\n", "{{root}}", "1|public/404.html|/\n");
	/* The same section twice, and one with a partial of its kind. */
	scratch_write(&scene.scratch, "templates/partials/row.html", "[{{y}}]");
	assert_render(&scene,
	    HEAD "SELECT key FROM temp.touched WHERE key = 1\n-- @query x\nSELECT 1 AS y UNION "
	    "SELECT 2\n", "{{#x}}{{y}}{{/x}}{{#x}}{{>row}}{{/x}}",
	    "1|public/1.html|12[1][2]\nmissing 2\n");
	/*
	 * The sum so far, also of the rows that do not say it, and anew each time and on each page.
	 */
	assert_render(&scene, HEAD "SELECT key FROM temp.touched\n-- @query x\n"
	    "SELECT :key * value AS y, value <> 2 AS z FROM json_each('[1, 2, -3, 9]')\n",
	    "{{#x}}{{#z}}{{y.so_far}} {{y.so_far}},{{/z}}{{/x}}{{#x}}{{y.so_far}};{{/x}}",
	    "1|public/1.html|1 1,0 0,9 9,1;3;0;9;\n2|public/2.html|2 2,0 0,18 18,2;6;0;18;\n");
	/* No template: the body as it is. */
	assert_render(&scene,
	    HEAD "SELECT key, CAST('<' || key || '>' AS BLOB) AS body FROM temp.touched\n", NULL,
	    "1|public/1.html|<1>\n2|public/2.html|<2>\n");
	scene_close(&scene);
}

/*
 * What the rows say in `b` does not follow from `a`: so that of the first one stays, by tag and by
 * value, for that publish.
 */
static void
what_is_kept_is_rendered_once(void **state)
{
	static const char sql[] =
	    "-- @page public {key}/index.html\n-- @query keys\nSELECT id AS key FROM public_run "
	    "WHERE :since = 0\n-- @query page\nSELECT key FROM temp.touched\n-- @query x kept "
	    "a\nSELECT value ->> 0 AS a, 10 * :key + value ->> 1 AS b "
	    "FROM json_each('[[1, 4], [2, 5], [1, 6], [null, 7], [null, 8], [\"7 bytes\", 9], "
	    "[\"7 bytes\", 0], [\"8 bytes!\", 1], [\"8 bytes!\", 2]]')\n";
	struct page_clock later = full;
	struct scene scene;
	struct buffer out = { 0 };

	(void)state;
	scene_open(&scene);
	assert_render(&scene, sql, "{{#x}}{{a}}:{{b}} {{/x}}|{{#x}}{{b}}({{root}} {{/x}}",
	    "1|public/1/index.html|1:14 2:15 1:14 :17 :18 7 bytes:19 7 bytes:19 8 bytes!:11 "
	    "8 bytes!:12 |14(../ 15(../ 14(../ 17(../ 18(../ 19(../ 19(../ 11(../ 12(../ \n"
	    "2|public/2/index.html|1:14 2:15 1:14 :27 :28 7 bytes:19 7 bytes:19 8 bytes!:21 "
	    "8 bytes!:22 |14(../ 15(../ 14(../ 27(../ 28(../ 19(../ 19(../ 21(../ 22(../ \n");
	/* The next publish knows nothing of it. */
	later.now += 7;
	assert_render(&scene,
	    HEAD "SELECT key FROM temp.touched WHERE key = 1\n-- @query x kept a\nSELECT 1 AS a, "
	    ":now - 1795198800 AS b\n", "{{#x}}{{b}}{{/x}}", "1|public/1.html|0\nmissing 2\n");
	assert_int_equal(publish(&scene, &later, &out), ST_OK);
	assert_string_equal(buffer_text(&out), "1|public/1.html|7\nmissing 2\n");
	buffer_clear(&out);
	/* From pages elsewhere the ways are others. */
	assert_render(&scene,
	    "-- @page public {path}index.html\n-- @query keys\nSELECT id AS key FROM public_run "
	    "WHERE :since = 0\n-- @query page\nSELECT key, CASE key WHEN 1 THEN 'a/' ELSE 'a/b/' "
	    "END AS path FROM temp.touched ORDER BY key\n-- @query x kept one\nSELECT 1 AS one\n",
	    "{{#x}}{{root}}{{/x}}", "1|public/a/index.html|../\n2|public/a/b/index.html|../../\n");
	/* Where lines are indented it would be another text. */
	scratch_write(&scene.scratch, "templates/partials/rows.html", "{{#x}}\n{{b}}\n{{/x}}\n");
	assert_render(&scene, sql, "{{>rows}}\n  {{>rows}}\n",
	    "1|public/1/index.html|14\n15\n14\n17\n18\n19\n19\n11\n12\n  14\n  15\n  16\n  17\n"
	    "  18\n  19\n  10\n  11\n  12\n\n2|public/2/index.html|14\n15\n14\n27\n28\n19\n19\n21\n22"
	    "\n  24\n  25\n  26\n  27\n  28\n  29\n  20\n  21\n  22\n\n");
	scene_close(&scene);
}

/* As another connection does: that of the pages only reads. */
static void
write_sql(struct scene *scene, const char *sql)
{
	struct store *store;

	assert_int_equal(store_open(scratch_path(&scene->scratch, "club.db"), STORE_WRITE, &store),
	    ST_OK);
	scratch_sql(store, sql);
	store_close(store);
}

/* What is kept once more in a publish of what came behind the log's end: is it new? */
static bool
is_kept_anew(struct scene *scene, const char *sql, struct page_clock *clock)
{
	struct buffer out = { 0 };
	char expected[64];
	bool is_new;

	clock->since = scratch_number(scene->store, "SELECT max(id) FROM change");
	clock->event = scratch_number(scene->store, "SELECT max(id) FROM event");
	clock->then = clock->now++;
	write_sql(scene, sql);
	assert_int_equal(publish(scene, clock, &out), ST_OK);
	snprintf(expected, sizeof expected, "1|public/1.html|%lld\n", (long long)clock->now);
	is_new = strcmp(buffer_text(&out), expected) == 0;
	buffer_clear(&out);
	return is_new;
}

static void
what_is_kept_lasts_while_people_check_in(void **state)
{
	static const char sql[] =
	    "-- @page public {key}.html\n-- @query keys\nSELECT 1 AS key\n-- @query page\n"
	    "SELECT key FROM temp.touched\n-- @query x kept a\nSELECT 1 AS a, :now AS b\n";
	static const struct { const char *change; bool is_new; } cases[] = {
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (2, 1, 'check-in', 'present', 1, 1, 'session')", false },
		{ "UPDATE person SET nickname = 'B' WHERE id = 2", true },
		{ "SELECT 1", false },
		{ "UPDATE run SET title = 'T' WHERE id = 1", true },
		{ "UPDATE club SET visibility = 'name'", true },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (2, 2, 'mark', 'present', 1, 1, 'host')", false },
	};
	struct page_clock clock = full;
	struct scene scene;
	struct buffer out = { 0 };
	size_t i;

	(void)state;
	scene_open(&scene);
	assert_int_equal(render(&scene, sql, "{{#x}}{{b}}{{/x}}", &clock, &out), ST_OK);
	buffer_clear(&out);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (is_kept_anew(&scene, cases[i].change, &clock) != cases[i].is_new)
			fail_msg("%s: %s", cases[i].change, cases[i].is_new ? "kept" : "not kept");
	/* Midnight: a row may say what day it is. */
	memcpy(clock.today, "2026-11-21", sizeof clock.today);
	assert_true(is_kept_anew(&scene, "SELECT 1", &clock));
	scene_close(&scene);
}

/* More texts than there is room for. */
static void
what_is_kept_makes_room(void **state)
{
	struct scene scene;
	struct buffer out = { 0 };
	const char *at;
	char zs[91];
	int i;

	(void)state;
	memset(zs, 'z', sizeof zs);
	scene_open(&scene);
	assert_int_equal(render(&scene,
	    HEAD "SELECT key FROM temp.touched WHERE key = 1\n-- @query x kept y\n"
	    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 5999) "
	    "SELECT i % 3000 AS y, printf('%.*c', i % 3000 % 90 + 1, 'z') AS z FROM n\n",
	    "{{#x}}{{y}}{{z}},{{/x}}", &full, &out), ST_OK);
	at = buffer_text(&out) + strlen("1|public/1.html|");
	for (i = 0; i < 6000; i++) {
		char expected[200];
		int length = snprintf(expected, sizeof expected, "%d%.*s,", i % 3000,
		    i % 3000 % 90 + 1, zs);

		assert_memory_equal(at, expected, (size_t)length);
		at += length;
	}
	buffer_clear(&out);
	scene_close(&scene);
}

static void
the_clock_and_the_log_are_bound(void **state)
{
	static const char sql[] =
	    "-- @page public {key}.html\n-- @query keys\nSELECT kind || '-' || key AS key FROM "
	    "temp.changed\n-- @query page\nSELECT key, :now - :then AS moved, :today || :then_day "
	    "AS days, :since AS since FROM temp.touched ORDER BY key\n";
	struct page_clock clock = { .now = SCRATCH_NOW, .then = SCRATCH_NOW - 60,
	    .today = "2026-11-20", .then_day = "2026-11-19" };
	struct scene scene;
	struct buffer out = { 0 };
	char expected[400];

	(void)state;
	scene_open(&scene);
	clock.since = scratch_number(scene.store, "SELECT max(id) FROM change") - 1;
	clock.event = 1;
	assert_int_equal(render(&scene, sql, "{{moved}} {{days}} {{since}}", &clock, &out), ST_OK);
	snprintf(expected, sizeof expected,
	    "minute-2|public/minute-2.html|60 2026-11-202026-11-19 %lld\n"
	    "person-2|public/person-2.html|60 2026-11-202026-11-19 %lld\n"
	    "slot-2|public/slot-2.html|60 2026-11-202026-11-19 %lld\n"
	    "today-2026-11-19|public/today-2026-11-19.html|60 2026-11-202026-11-19 %lld\n"
	    "today-2026-11-20|public/today-2026-11-20.html|60 2026-11-202026-11-19 %lld\n",
	    (long long)clock.since, (long long)clock.since, (long long)clock.since,
	    (long long)clock.since, (long long)clock.since);
	assert_string_equal(buffer_text(&out), expected);
	clock.since++;
	clock.then = clock.now;
	memcpy(clock.then_day, clock.today, sizeof clock.then_day);
	assert_int_equal(render(&scene, sql, "{{moved}}", &clock, &out), ST_OK);
	assert_int_equal(out.length, 0);
	clock.event--;
	assert_int_equal(render(&scene, sql, "", &clock, &out), ST_OK);
	assert_string_equal(buffer_text(&out),
	    "count-1|public/count-1.html|\ndebut-1|public/debut-1.html|\npast-1|public/past-1.html|\n"
	    "record-1|public/record-1.html|\nsettled-1|public/settled-1.html|\n");
	buffer_clear(&out);
	scene_close(&scene);
}

/* The keys of a page whose keys query is `query`, after the last change of the log, a person's. */
static int
count_keys(struct scene *scene, const char *query)
{
	struct page_clock clock = { .now = SCRATCH_NOW, .then = SCRATCH_NOW - 1,
	    .today = "2026-11-20", .then_day = "2026-11-20" };
	struct buffer out = { 0 }, sql = { 0 };
	const char *at;
	int count = 0;

	clock.since = scratch_number(scene->store, "SELECT max(id) FROM change") - 1;
	clock.event = 1;
	buffer_format(&sql, "-- @page public {key}.html\n-- @query keys\n%s\n-- @query "
	    "page\nSELECT key FROM temp.touched\n", query);
	assert_int_equal(render(scene, buffer_text(&sql), "", &clock, &out), ST_OK);
	for (at = buffer_text(&out); (at = strchr(at, '\n')) != NULL; at++)
		count++;
	buffer_clear(&sql);
	buffer_clear(&out);
	return count;
}

static void
keys_are_asked_when_what_they_name_has_changed(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	assert_int_equal(count_keys(&scene, "SELECT 1 AS key WHERE 'person' > ''"), 1);
	assert_int_equal(count_keys(&scene, "SELECT 1 AS key WHERE 'run' > '' OR 'person' > ''"),
	    1);
	assert_int_equal(count_keys(&scene, "SELECT 1 AS key WHERE 'run' > ''"), 0);
	assert_int_equal(count_keys(&scene, "SELECT 1 AS key -- WHERE kind = 'run'"), 1);
	assert_int_equal(count_keys(&scene, "SELECT 1 AS key FROM public_club AS run"), 1);
	assert_int_equal(count_keys(&scene, "SELECT 1 AS key WHERE 'run' > '' AND :then < :now"),
	    1);
	assert_int_equal(count_keys(&scene,
	    "SELECT 1 AS key WHERE 'run' > '' AND :then_day <= :today"), 1);
	/* it can only be about :since = 0 */
	assert_int_equal(count_keys(&scene, "SELECT 1 AS key WHERE :since > 0"), 0);
	assert_int_equal(count_keys(&scene, "SELECT 1 AS key WHERE :since > 0 AND :now > 0"), 1);
	assert_int_equal(count_keys(&scene, "SELECT 1 AS key FROM public_club WHERE :since > 0"),
	    1);
	scene_close(&scene);
}

/* Somebody changed, no run, and not everything is looked at. */
static void
parts_of_keys_are_asked_by_what_they_name(void **state)
{
	static const struct { const char *sql; int count; } cases[] = {
		{ "SELECT 1 AS key WHERE 'run' > '' UNION ALL SELECT 2 WHERE 'person' > ''", 1 },
		{ "SELECT 1 AS key WHERE 'person' > '' union -- one\nall SELECT 2 WHERE 'run' > ''",
		    1 },
		{ "SELECT 1 AS key WHERE 'person' > '' UNION ALL SELECT 2", 2 },
		{ "SELECT 1 AS key WHERE 'person' > '' UNION ALL "
		    "SELECT 2 FROM public_club WHERE :since = 0 OR 1", 1 },
		{ "SELECT 1 AS key WHERE 'run' > '' UNION ALL "
		    "SELECT 2 FROM public_club WHERE :since = 0 OR 1", 0 },
		{ "SELECT 1 AS key WHERE 'person' > '' UNION ALL "
		    "SELECT 2 WHERE 'run' > '' AND :then < :now", 2 },
		/* these stand for themselves in no part */
		{ "SELECT key FROM (SELECT 1 AS key WHERE 'run' > '' UNION ALL "
		    "SELECT 2 WHERE 'person' > '')", 2 },
		{ "WITH x(a) AS (SELECT 1) SELECT a AS key FROM x WHERE 'run' > '' UNION ALL "
		    "SELECT 2 WHERE 'person' > ''", 2 },
		{ "SELECT 1 AS key WHERE 'run' > '' UNION SELECT 2 WHERE 'person' > ''", 2 },
		{ "SELECT 1 AS key WHERE 'run' > '' UNION ALL SELECT 2 WHERE 'person' > '' ORDER BY 1",
		    2 },
		{ "SELECT 1 AS key WHERE 'person' > '' -- UNION ALL SELECT 2\n", 1 },
	};
	struct scene scene;
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (count_keys(&scene, cases[i].sql) != cases[i].count)
			fail_msg("not %d keys: %s", cases[i].count, cases[i].sql);
	scene_close(&scene);
}

/*
 * A check-in at run 2, which is open, by somebody with a page of their own and by somebody without.
 */
static void
whom_a_check_in_touches(void **state)
{
	static const char sql[] =
	    "-- @page public {key}.html\n-- @query keys\nSELECT kind || '-' || key AS key FROM "
	    "temp.changed WHERE kind IN ('record', 'past')\n-- @query page\nSELECT key FROM "
	    "temp.touched ORDER BY key\n";
	struct page_clock clock = { .now = SCRATCH_NOW, .then = SCRATCH_NOW, .today = "2026-11-20",
	    .then_day = "2026-11-20" };
	struct scene scene;
	struct buffer out = { 0 };

	(void)state;
	scene_open(&scene);
	write_sql(&scene, "UPDATE person SET capability = 'P' WHERE id = 1");
	clock.since = scratch_number(scene.store, "SELECT max(id) FROM change");
	clock.event = scratch_number(scene.store, "SELECT max(id) FROM event");
	write_sql(&scene, "INSERT INTO event (run_id, person_id, kind, status, at, received_at, "
	    "proof) VALUES (2, 1, 'check-in', 'present', 1, 1, 'digits'), (2, 2, 'check-in', "
	    "'present', 1, 1, 'digits')");
	assert_int_equal(render(&scene, sql, "", &clock, &out), ST_OK);
	assert_string_equal(buffer_text(&out), "record-1|public/record-1.html|\n");
	/* Where it is about more, about everybody. */
	write_sql(&scene, "INSERT INTO group_list VALUES (1, 2, 1)");
	out.length = 0;
	assert_int_equal(render(&scene, sql, "", &clock, &out), ST_OK);
	assert_string_equal(buffer_text(&out),
	    "past-1|public/past-1.html|\npast-2|public/past-2.html|\n"
	    "record-1|public/record-1.html|\nrecord-2|public/record-2.html|\n");
	write_sql(&scene, "DELETE FROM change WHERE kind = 'list'; INSERT INTO change (kind, key) "
	    "VALUES ('date', '2026-01-01')");
	out.length = 0;
	assert_int_equal(render(&scene, sql, "", &clock, &out), ST_OK);
	assert_string_equal(buffer_text(&out),
	    "record-1|public/record-1.html|\nrecord-2|public/record-2.html|\n");
	buffer_clear(&out);
	scene_close(&scene);
}

static void
faults_in_a_row_stop_with_a_sentence(void **state)
{
	static const struct { const char *sql, *html, *says; enum status status; } cases[] = {
		{ "-- @page public {slug}.html\n-- @query keys\nSELECT 1 AS key\n-- @query "
		    "page\nSELECT key, '' AS slug FROM temp.touched\n", "", "gives no whole path",
		    ST_REFUSED },
		{ "-- @page public {slug}.html\n-- @query keys\nSELECT 1 AS key\n-- @query "
		    "page\nSELECT key, printf('%.*c', 2000, 'x') AS slug FROM temp.touched\n", "",
		  "gives no whole path", ST_REFUSED },
		{ "-- @page public x.html\n-- @query keys\nSELECT date_add('no date', 1) AS "
		    "key\n-- @query page\nSELECT key FROM temp.touched\n", "",
		  "pages/p.sql: keys: date_add: not a date", ST_FAULT },
		{ "-- @page public x.html\n-- @query keys\nSELECT 1 AS key\n-- @query "
		    "page\nSELECT key, date_add('no date', 1) FROM temp.touched\n", "",
		  "pages/p.sql: date_add: not a date", ST_FAULT },
		{ "-- @page public x.html\n-- @query keys\nSELECT 1 AS key\n-- @query "
		    "page\nSELECT key FROM temp.touched\n-- @query x\nSELECT date_add('no date', "
		    "1) AS y\n",
		  "a\n{{#x}}{{y}}{{/x}}", "p.html:2: query “x”: date_add: not a date", ST_REFUSED },
		{ "-- @page public x.html\n-- @query keys\nSELECT 1 AS key\n-- @query "
		    "page\nSELECT key FROM temp.touched\n-- @query x\nSELECT 1 AS y\n",
		  "{{#x}}{{#x}}{{/x}}{{/x}}", "opened inside itself", ST_REFUSED },
		{ PAGE "-- @query x\nSELECT 1 AS y UNION SELECT 2\n",
		    "{{#x}}{{^is_first}}{{y.so_far}}{{/is_first}}{{/x}}",
		  "p.html:1: “so_far” is for one column of a section", ST_REFUSED },
		{ PAGE "-- @query x\nSELECT 1 AS y, 2 AS z\n",
		    "{{#x}}{{y.so_far}}{{z.so_far}}{{/x}}", "p.html:1: “so_far” is for",
		    ST_REFUSED },
		{ PAGE, "{{id.so_far}}", "p.html:1: “so_far” is for", ST_REFUSED },
	};
	struct scene scene;
	struct buffer out = { 0 };
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(render(&scene, cases[i].sql, cases[i].html, &full, &out),
		    cases[i].status);
		if (strstr(pages_why(scene.pages), cases[i].says) == NULL)
			fail_msg("says: %s\nnot: %s", pages_why(scene.pages), cases[i].says);
	}
	buffer_clear(&out);
	scene_close(&scene);
}

/* The hash of a page follows its own files and the partials, and nothing else. */
static void
hashes_follow_the_sources(void **state)
{
	struct scene scene;
	struct mustache_error why;
	uint8_t first[MANIFEST_HASH_BYTES];

	(void)state;
	scene_open(&scene);
	assert_int_equal(load(&scene, PAGE, "a", &why), ST_OK);
	memcpy(first, pages_at(scene.pages, 0)->hash, sizeof first);
	assert_int_equal(load(&scene, PAGE, "a", &why), ST_OK);
	assert_memory_equal(pages_at(scene.pages, 0)->hash, first, sizeof first);
	assert_int_equal(load(&scene, PAGE, "b", &why), ST_OK);
	assert_memory_not_equal(pages_at(scene.pages, 0)->hash, first, sizeof first);
	assert_int_equal(load(&scene, PAGE "-- x\n", "a", &why), ST_OK);
	assert_memory_not_equal(pages_at(scene.pages, 0)->hash, first, sizeof first);
	scratch_write(&scene.scratch, "templates/partials/new.html", "x");
	assert_int_equal(load(&scene, PAGE, "a", &why), ST_OK);
	assert_memory_not_equal(pages_at(scene.pages, 0)->hash, first, sizeof first);
	scene_close(&scene);
}

static void
a_folder_that_is_not_there_is_said(void **state)
{
	struct scene scene;
	struct mustache_error why;

	(void)state;
	scene_open(&scene);
	assert_int_equal(pages_load(store_driver(scene.store),
	    scratch_path(&scene.scratch, "nowhere"), NULL, &scene.pages, &why), ST_UNKNOWN);
	assert_non_null(strstr(why.text, "nowhere/pages"));
	scene_close(&scene);
}

/* Publish again, as of `now`: who began when. */
static void
assert_beginning(struct scene *scene, int64_t now, const char *expected)
{
	struct page_clock clock = full;
	struct buffer out = { 0 };

	clock.now = clock.then = now;
	assert_int_equal(publish(scene, &clock, &out), ST_OK);
	assert_string_equal(buffer_text(&out), expected);
	buffer_clear(&out);
}

static void
when_people_began_follows_facts_and_clock(void **state)
{
	static const char sql[] = PRIVATE "SELECT 1 AS key\n-- @query began\n"
	    "SELECT person_id, level, first, second, third FROM temp.beginning "
	    "WHERE group_id = 1 ORDER BY person_id, level\n";
	static const char html[] =
	    "{{#began}}{{person_id}} {{level}} {{first}} {{second}} {{third}};{{/began}}";
	struct scene scene;
	struct mustache_error why;
	struct store *store;

	(void)state;
	scene_open(&scene);
	assert_int_equal(load(&scene, sql, html, &why), ST_OK);
	assert_beginning(&scene, SCRATCH_NOW, "1|private/1.html|1 4 2026-11-17  ;\n");
	assert_int_equal(store_open(scratch_path(&scene.scratch, "club.db"), STORE_WRITE, &store),
	    ST_OK);
	/* out of order; a cancelled run is none, of a fourth date nobody asks */
	scratch_run(store, 1, "2026-10-01", "18:30", "");
	scratch_run(store, 1, "2026-10-08", "18:30", "");
	scratch_run(store, 1, "2026-10-15", "18:30", "");
	scratch_run(store, 1, "2026-10-22", "18:30", "");
	scratch_sql(store, "UPDATE run SET cancelled_at = 1 WHERE date = '2026-10-01'");
	scratch_sql(store,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
	    "SELECT column1, column2, 'mark', column3, 1, 1, column4 FROM (VALUES "
	    "(2, 1, 'late', 'host'), (6, 1, 'late', 'place'), (5, 1, 'late', 'host'), "
	    "(4, 1, 'present', 'host'), (3, 1, 'present', 'host'), (4, 2, 'excused', 'host'), "
	    "(6, 2, 'absent', 'import'), (5, 2, 'present', 'session'))");
	store_close(store);
	/* the run of the 20th is not over, and then it is */
	assert_beginning(&scene, SCRATCH_NOW, "1|private/1.html|"
	    "1 3 2026-10-22  ;1 4 2026-10-08 2026-10-15 2026-11-17;"
	    "2 -1 2026-10-08 2026-10-22 ;2 0 2026-10-15  ;\n");
	write_sql(&scene, "UPDATE run SET cancelled_at = 1 WHERE date = '2026-11-17'");
	assert_beginning(&scene, SCRATCH_NOW, "1|private/1.html|"
	    "1 3 2026-10-22  ;1 4 2026-10-08 2026-10-15 ;"
	    "2 -1 2026-10-08 2026-10-22 ;2 0 2026-10-15  ;\n");
	assert_beginning(&scene, SCRATCH_NOW + 86400, "1|private/1.html|"
	    "1 3 2026-10-22  ;1 4 2026-10-08 2026-10-15 2026-11-20;"
	    "2 -1 2026-10-08 2026-10-22 ;2 0 2026-10-15  ;\n");
	scene_close(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_pages_are_refused_with_file_and_line),
		cmocka_unit_test(half_a_pair_is_refused),
		cmocka_unit_test(a_named_asset_is_there),
		cmocka_unit_test(tables_and_secrets_are_out_of_reach),
		cmocka_unit_test(values_come_from_the_rows_around),
		cmocka_unit_test(what_is_kept_is_rendered_once),
		cmocka_unit_test(what_is_kept_lasts_while_people_check_in),
		cmocka_unit_test(what_is_kept_makes_room),
		cmocka_unit_test(the_clock_and_the_log_are_bound),
		cmocka_unit_test(keys_are_asked_when_what_they_name_has_changed),
		cmocka_unit_test(parts_of_keys_are_asked_by_what_they_name),
		cmocka_unit_test(whom_a_check_in_touches),
		cmocka_unit_test(when_people_began_follows_facts_and_clock),
		cmocka_unit_test(faults_in_a_row_stop_with_a_sentence),
		cmocka_unit_test(hashes_follow_the_sources),
		cmocka_unit_test(a_folder_that_is_not_there_is_said),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
