// SPDX-License-Identifier: ISC
/* test_links.c: good and bad links and anchors of each kind. */
#include "tests/unit/scratch.h"

#include "gen/folder.h"
#include "gen/links.h"

/* A site below "site", and what a check said of it: "FILE:LINE: WHAT\n" each. */
struct scene {
	struct scratch		scratch;
	struct buffer		said;
	struct link_report	report;
};

static void
scene_open(struct scene *scene)
{
	*scene = (struct scene){ 0 };
	scratch_init(&scene->scratch);
	scratch_folder(&scene->scratch, "site");
	scratch_folder(&scene->scratch, "site/public");
	scratch_folder(&scene->scratch, "site/public/runs");
	scratch_folder(&scene->scratch, "site/public/runs/1");
	scratch_folder(&scene->scratch, "site/public/R");
	scratch_folder(&scene->scratch, "site/public/assets");
	scratch_folder(&scene->scratch, "site/private");
	scratch_folder(&scene->scratch, "site/private/screen");
	scratch_write(&scene->scratch, "site/public/index.html",
	    "<!DOCTYPE html>\n<h1 id=top-of-it>Home</h1>\n");
	scratch_write(&scene->scratch, "site/public/R/index.html", "<form id=form></form>");
	scratch_write(&scene->scratch, "site/public/runs/1/index.html",
	    "<main id=main>\n<a name=old></a></main>\n");
	scratch_write(&scene->scratch, "site/public/assets/icon.svg",
	    "<svg xmlns='http://www.w3.org/2000/svg'><g id='dot'/></svg>");
	scratch_write(&scene->scratch, "site/public/assets/caf\xc3\xa9.png", "");
	scratch_write(&scene->scratch, "site/private/screen/index.html", "<p id=digits>1</p>");
	scratch_write(&scene->scratch, "site/private/screen/qr.png", "");
}

static void
scene_close(struct scene *scene)
{
	buffer_clear(&scene->said);
	scratch_clear(&scene->scratch);
}

static void
take(void *handle, const struct link_fault *fault)
{
	struct scene *scene = handle;

	buffer_format(&scene->said, "%s:%u: %s\n", fault->file, fault->line, fault->what);
}

static void
check_at(struct scene *scene, const char *address, const char *expected)
{
	scene->said.length = 0;
	links_check(scratch_path(&scene->scratch, "site"), address, take, scene, &scene->report);
	assert_string_equal(buffer_text(&scene->said), expected);
}

/*
 * With the one more file `name` holding `text`, the check says `expected`; *links of it lead into
 * the site.
 */
static void
check_file(struct scene *scene, const char *name, const char *text, int64_t links,
    const char *expected)
{
	char path[300];
	int64_t before;

	snprintf(path, sizeof path, "site/%s", name);
	assert_int_equal(access(scratch_path(&scene->scratch, path), F_OK), -1);
	check_at(scene, "https://club.example", "");
	before = scene->report.links;
	scratch_write(&scene->scratch, path, text);
	check_at(scene, "https://club.example", expected);
	if (scene->report.links - before != links)
		fail_msg("%lld links are counted, not %lld, in %s",
		    (long long)(scene->report.links - before), (long long)links, text);
	assert_int_equal(unlink(scratch_path(&scene->scratch, path)), 0);
}

/* One link in public/runs/x.html leads somewhere, or is none of the site's. */
static void
good_links_lead_somewhere(void **state)
{
	static const char *const inside[] = { "", "#", "#top", "#TOP", "#here", "?a=b#here",
	"x.html", "./x.html#here", "1", "1/", "1/?page=2#main",
		"1/index.html#main", "1/#old", "./1/", "../", "..", "../runs/1/",
		"../runs/./2/../1/", "/", "/./", "/runs/1/", "/../../runs/1/", "../../../runs/1/",
		"../assets/icon.svg", "../assets/icon.svg#dot", "../assets/caf%c3%A9.png",
		"../assets/caf\xc3\xa9.png", " ../assets/icon.svg\n",
		"https://club.example", "https://club.example/",
		"https://club.example/runs/1/#main", "https://club.example?x",
		"https://club.example#top-of-it", "HTTPS://CLUB.EXAMPLE/R/#ABCDEFGHJK",
		"//club.example/runs/1/", "../R/#ABCDEFGHJK0123456789ABCDEF",
		"../api/calendar", "/api/calendar/today", "/api/qr/ABCDEFGHJK",
		"/api/qr/validate/ABC", "/health/live" };
	static const char *const outside[] = { "https://elsewhere.example/nothing",
	"http://club.example/nothing", "https://club.example.org/", "https://club.example:8080/",
		"//elsewhere.example/x", "mailto:a@club.example", "tel:+44",
		"data:image/png;base64,AA", "javascript:void(0)", "webcal://club.example/x" };
	struct scene scene;
	char text[300];
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof inside / sizeof inside[0] + sizeof outside / sizeof outside[0];
	    i++) {
		bool is_inside = i < sizeof inside / sizeof inside[0];

		snprintf(text, sizeof text, "<p id=here><a href=\"%s\">x</a>",
		    is_inside ? inside[i] : outside[i - sizeof inside / sizeof inside[0]]);
		check_file(&scene, "public/runs/x.html", text, is_inside, "");
	}
	scene_close(&scene);
}

static void
bad_links_lead_nowhere(void **state)
{
	static const char *const nowhere[] = { "nothing.html", "2/", "1/nothing", "1//",
	"../assets/", "../assets", "/runs", "runs/1/", "../../run/1/", "1/index.htm",
		"//club.example/nothing", "https://club.example/runs/2/",
		"HTTPS://CLUB.EXAMPLE/RUNS/1/", "%2e%2e/x", "1%2Findex.html", "%00", "%", "%4",
		"/api/register", "/api/nothing", "/api/qr/", "/health", "/nothing?/runs/1/" };
	static const struct { const char *link, *target; } anchors[] = {
		{ "#nothing", "public/runs/x.html" }, { "#HERE", "public/runs/x.html" },
		{ "1/#here", "public/runs/1/index.html" },
		{ "1#nothing", "public/runs/1/index.html" },
		{ "../#main", "public/index.html" },
		{ "../assets/icon.svg#dash", "public/assets/icon.svg" },
		{ "https://club.example/#x", "public/index.html" },
	};
	struct scene scene;
	char text[300], expected[300];
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
		snprintf(text, sizeof text, "<p id=here>\n<a\nhref=\"%s\">x</a>", nowhere[i]);
		snprintf(expected, sizeof expected,
		    "public/runs/x.html:3: the link “%s” leads nowhere\n", nowhere[i]);
		check_file(&scene, "public/runs/x.html", text, 1, expected);
	}
	for (i = 0; i < sizeof anchors / sizeof anchors[0]; i++) {
		snprintf(text, sizeof text, "<p id=here>\n\n<a href=\"%s\">x</a>", anchors[i].link);
		snprintf(expected, sizeof expected,
		    "public/runs/x.html:3: the link “%s” leads to no anchor: %s has no such id\n",
		    anchors[i].link, anchors[i].target);
		check_file(&scene, "public/runs/x.html", text, 1, expected);
	}
	scene_close(&scene);
}

/* Every attribute that refers, in old and new elements of HTML. */
static void
attributes_of_html_are_read(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	check_file(&scene, "public/x.html",
	    "<!DOCTYPE html>\n<html lang=en><head><link rel=stylesheet href=a1><script "
	    "type=module src=a2></script>\n<script>if (1 < 2) document.write('<a "
	    "href=no>');</script><style>p > a { color: red }</style>\n"
	    "<meta property=og:url content=https://club.example/a3><meta name=description "
	    "content='https://club.example/no is ours'>\n<meta name=x "
	    "content=no></head><body><!-- <a href=no> -->\n"
	    "<main><search><img srcset='a4, a5 2x,a6 100w' src=a7 alt=''><picture><source "
	    "srcset=a8></picture></search>\n<video poster=a9 src=a10></video><object "
	    "data=a11></object><dialog data-live=a12 data-else=no></dialog>\n"
	    "<form action=api/register method=post><button formaction=a13>x</button></form><form "
	    "action=a14></form>\n<svg viewBox='0 0 1 1'><use href=a15 /><image xlink:href=a16 "
	    "/></svg><a title='a &gt; b' href='?a&amp;b'>\n"
	    "</a><a href='a17&amp;b'>x</a>&nbsp;&hellip;&nosuch; <q cite=no>\n<a href=a18>no end",
	    20, "public/x.html:2: the link “a1” leads nowhere\npublic/x.html:2: the link “a2” "
	    "leads nowhere\npublic/x.html:4: the link “https://club.example/a3” leads nowhere\n"
	    "public/x.html:6: the link “a4” leads nowhere\npublic/x.html:6: the link “a5” leads "
	    "nowhere\npublic/x.html:6: the link “a6” leads nowhere\n"
	    "public/x.html:6: the link “a7” leads nowhere\npublic/x.html:6: the link “a8” leads "
	    "nowhere\npublic/x.html:7: the link “a9” leads nowhere\npublic/x.html:7: the link "
	    "“a10” leads nowhere\npublic/x.html:7: the link “a11” leads nowhere\npublic/x.html:7: "
	    "the link “a12” leads nowhere\npublic/x.html:8: the link “a13” leads "
	    "nowhere\npublic/x.html:8: the link “a14” leads nowhere\n"
	    "public/x.html:9: the link “a15” leads nowhere\npublic/x.html:9: the link “a16” leads "
	    "nowhere\npublic/x.html:10: the link “a17&b” leads nowhere\npublic/x.html:11: the "
	    "link “a18” leads nowhere\n");
	scene_close(&scene);
}

static void
ids_are_there_once(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	check_file(&scene, "public/x.html",
	    "<p id=a>\n<p id=b>\n<p id=a>\n<a id=c name=c></a>\n<p id=a>\n<a name=c></a><p id=c>",
	    0, "public/x.html:3: the id “a” is there again, as in line 1\npublic/x.html:5: the id "
	    "“a” is there again, as in line 3\npublic/x.html:6: the id “c” is there again, as in "
	    "line 4\n");
	scene_close(&scene);
}

/* Private pages lead into the public site and among themselves; no public page leads there. */
static void
private_pages_stay_private(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	check_file(&scene, "private/x.html",
	    "<a href=screen/#digits></a><a href=screen/qr.png></a><a href=runs/1/#main></a><a "
	    "href='./'></a>", 4, "");
	check_file(&scene, "private/x.html", "<a href=screen/#main></a>\n<a href=private/screen/>",
	    2, "private/x.html:2: the link “private/screen/” leads nowhere\n"
	    "private/x.html:1: the link “screen/#main” leads to no anchor: "
	    "private/screen/index.html has no such id\n");
	check_file(&scene, "public/x.html", "<a href=screen/></a>\n<a href=screen/qr.png>", 2,
	    "public/x.html:1: the link “screen/” leads to a private page: its address is a secret\n"
	    "public/x.html:2: the link “screen/qr.png” leads to a private page: its address is a "
	    "secret\n");
	scene_close(&scene);
}

/* A club that lives below a path of its host. */
static void
the_address_may_have_a_path(void **state)
{
	static const char *const good[] = { "./", "/club/", "/club", "/club/runs/1/", "runs/1/",
	"https://club.example/club", "https://club.example/club/runs/1/",
		"https://club.example/other", "https://club.example/clubhouse", "/other/../club/" };
	static const char *const bad[] = { "/runs/1/", "../", "/", "../clubhouse",
	    "https://club.example/club/../x" };
	struct scene scene;
	char text[300], expected[300];
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof good / sizeof good[0]; i++) {
		snprintf(text, sizeof text, "<a href=\"%s\">x</a>", good[i]);
		scratch_write(&scene.scratch, "site/public/x.html", text);
		check_at(&scene, "https://club.example/club", "");
	}
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		snprintf(text, sizeof text, "<a href=\"%s\">x</a>", bad[i]);
		snprintf(expected, sizeof expected,
		    "public/x.html:1: the link “%s” leads out of the site. Write the whole "
		    "address if that is meant\n", bad[i]);
		scratch_write(&scene.scratch, "site/public/x.html", text);
		check_at(&scene, "https://club.example/club", expected);
	}
	scene_close(&scene);
}

static void
other_files_are_read(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	check_file(&scene, "public/x.ics",
	    "BEGIN:VCALENDAR\r\nSOURCE;VALUE=URI:https://club.example/x.ics\r\nURL:https://club.exam\r\n ple/runs/\r\n 1/\r\n"
	    "DESCRIPTION:https://club.example/no\r\nURL:https://elsewhere.example/\r\nURL:https://club.example/ru\r\n ns/2/\r\nEND:VCALENDAR\r\n", 3,
	    "public/x.ics:8: the link “https://club.example/runs/2/” leads nowhere\n");
	check_file(&scene, "public/sitemap.xml",
	    "<?xml version=\"1.0\"?>\n<urlset "
	    "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
	    "<url><loc>https://club.example/</loc></url>\n<url><loc>\nhttps://club.example/a&amp;b\n</loc></url></urlset>", 2,
	    "public/sitemap.xml:4: the link “https://club.example/a&b” leads nowhere\n");
	check_file(&scene, "public/feed.atom",
	    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>tag:club.example,2026:x</id><link "
	    "rel=\"self\" href=\"feed.atom\"/>\n<entry><id>https://club.example/runs/1/</id><link "
	    "href=\"https://club.example/runs/2/\"/><title>https://club.example/no</title></entry></feed>", 3,
	    "public/feed.atom:2: the link “https://club.example/runs/2/” leads nowhere\n");
	check_file(&scene, "public/feed.atom",
	    "<feed><icon>https://club.example/R/</icon>\n<logo>https://club.example/no.png</logo>"
	    "</feed>", 2,
	    "public/feed.atom:2: the link “https://club.example/no.png” leads nowhere\n");
	check_file(&scene, "public/feed.atom", "<feed>\n<id>&nbsp;</id></feed>", 0,
	    "public/feed.atom:2: it is not well-formed XML: Entity 'nbsp' not defined\n");
	check_file(&scene, "public/x.svg",
	    "<svg xmlns:xlink='http://www.w3.org/1999/xlink'>\n<g id='a'/><use "
	    "xlink:href='#a'/><use href='#b'/></svg>", 2,
	    "public/x.svg:2: the link “#b” leads to no anchor: public/x.svg has no such id\n");
	check_file(&scene, "public/x.json",
	    "{\"a\": \"https://club.example/runs/1/\", \"b\":\n[\"https://club.example/b\", "
	    "\"src\", \"see https://club.example/no\",\n\"https://club.example/no no\", "
	    "\"https:\\/\\/club.example/no\", \"\\\"\"], \"src\": \"no\", "
	    "\"https://club.example/no\": 1, \"c\": \"https://club.example/c", 2,
	    "public/x.json:2: the link “https://club.example/b” leads nowhere\n");
	check_file(&scene, "public/x.webmanifest",
	    "{\"start_url\": \"./\", \"scope\": \"no/\", \"name\": \"no\",\n\"icons\": [{\"src\": "
	    "\"assets/icon.svg\", \"type\": \"no\"},\n{\"sizes\": \"9x9\", \"src\" : "
	    "\"assets/no.png\"}], \"shortcuts\": [{\"url\": \"runs/1/\"}]}", 4,
	    "public/x.webmanifest:3: the link “assets/no.png” leads nowhere\n");
	check_file(&scene, "public/assets/x.css",
	    "/* url(no)\n */ a { background: url( \"icon.svg\" ) } @import 'x.css';\nb { "
	    "background: URL(../no.png), url('data:,x') }\n"
	    "@import url(a.css); c { d: url() } @media print {}\n@import \"b.css\" screen; e: url(",
	    7, "public/assets/x.css:3: the link “../no.png” leads nowhere\npublic/assets/x.css:4: "
	    "the link “a.css” leads nowhere\npublic/assets/x.css:5: the link “b.css” leads "
	    "nowhere\n");
	check_file(&scene, "public/robots.txt",
	    "User-agent: *\nAllow: /no\nSitemap: https://club.example/sitemap.xml\n", 1,
	    "public/robots.txt:3: the link “https://club.example/sitemap.xml” leads nowhere\n");
	check_file(&scene, "public/x.txt", "Sitemap: https://club.example/sitemap.xml\n", 0, "");
	check_file(&scene, "public/x.js", "<a href=no>", 0, "");
	check_file(&scene, "public/empty.html", "", 0, "");
	scene_close(&scene);
}

/* What is no HTML at all harms nobody. */
static void
rubbish_is_read_to_its_end(void **state)
{
	static const char *const rubbish[] = { "<", "<a", "<a href", "<a href=", "<a href='",
	"<!--", "<!DOCTYPE", "</", "\xff\xfe<a>", "<a href=\"\xff\">", "&", "&#", "<script>",
	"<svg><!",
		"{\"", "{\"a\":\"", "\"\\", "\"", "url(", "url('", "@import", "@import '", "/*",
		"/", "URL", "URL:", "URL;", "\n \n ", "\r\n\r\n", "<?xml",
		"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM '/etc/passwd'>]><a>&b;</a>" };
	static const char *const names[] = { "site/public/x.html", "site/public/x.xml",
	    "site/public/x.ics", "site/public/x.json", "site/public/x.css",
	    "site/public/x.webmanifest" };
	struct scene scene;
	size_t i, j;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof rubbish / sizeof rubbish[0]; i++) {
		for (j = 0; j < sizeof names / sizeof names[0]; j++)
			scratch_write(&scene.scratch, names[j], rubbish[i]);
		links_check(scratch_path(&scene.scratch, "site"), "https://club.example", take,
		    &scene, &scene.report);
		assert_int_equal(scene.report.files, 13);
		assert_null(strstr(buffer_text(&scene.said), "root:"));
	}
	scene_close(&scene);
}

static void
folders_are_listed_in_order(void **state)
{
	static const char *const names[] = { "public/R/index.html", "public/assets/caf\xc3\xa9.png",
	"public/assets/icon.svg", "public/index.html",
		"public/runs-2", "public/runs/1/index.html", "public/runs/link" };
	struct folder folder = { 0 };
	struct scene scene;
	size_t i;

	(void)state;
	scene_open(&scene);
	scratch_write(&scene.scratch, "site/public/runs-2", "");
	assert_int_equal(symlink("/etc", scratch_path(&scene.scratch, "site/public/runs/link")), 0);
	assert_true(folder_read(&folder, scratch_path(&scene.scratch, "site"), "public"));
	assert_true(folder_read(&folder, scratch_path(&scene.scratch, "site"), "not-there"));
	assert_int_equal(folder.count, sizeof names / sizeof names[0]);
	for (i = 0; i < folder.count; i++) {
		assert_string_equal(folder_name(&folder, i), names[i]);
		assert_int_equal(folder_find(&folder, names[i]), i);
	}
	assert_true(folder_find(&folder, "public/runs") == SIZE_MAX);
	assert_true(folder_find(&folder, "public/zzz") == SIZE_MAX);
	folder_clear(&folder);
	assert_true(folder_find(&folder, "public/runs") == SIZE_MAX);
	scene_close(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_links_lead_somewhere),
		cmocka_unit_test(bad_links_lead_nowhere),
		cmocka_unit_test(attributes_of_html_are_read),
		cmocka_unit_test(ids_are_there_once),
		cmocka_unit_test(private_pages_stay_private),
		cmocka_unit_test(the_address_may_have_a_path),
		cmocka_unit_test(other_files_are_read),
		cmocka_unit_test(rubbish_is_read_to_its_end),
		cmocka_unit_test(folders_are_listed_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
