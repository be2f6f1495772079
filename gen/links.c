// SPDX-License-Identifier: ISC
/*
 * links.c: see links.h.
 *
 * Each file is read once. The list of names tells at once whether there is a file for a link.
 * Whether a page has an anchor is known only when all files were read, and such links wait until
 * then.
 */
#include "gen/links.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

#include "core/address.h"
#include "core/route.h"
#include "gen/file.h"
#include "gen/folder.h"
#include "gen/reference.h"

/* An id of a page, as a hash of its text: a collision in one page may hide a missing anchor. */
struct anchor {
	uint64_t	id;
	uint32_t	file;		/* number of its file in check->names */
	uint32_t	line;
	/* where its text is in check->ids, while that file is being read */
	uint32_t	text;
	bool		is_name;	/* from <a name>: the same page may have it as an id too */
};

/* A link with a fragment that waits until all ids are known. */
struct waiting {
	uint64_t	id;
	uint32_t	target;		/* number of the file that it leads to */
	uint32_t	file;
	uint32_t	line;
	uint32_t	text;		/* where the link as written is in check->texts */
};

struct check {
	const char	*address;
	struct buffer	 home;		/* path of the address, with a slash at both ends */
	struct folder	 names;
	struct buffer	 anchors;	/* struct anchor, sorted when their file was read */
	struct buffer	 waiting;	/* struct waiting */
	struct buffer	 texts;
	struct buffer	 ids;		/* the texts of ids in the current file */
	size_t		 first_anchor;	/* of the current file, in `anchors` */
	uint32_t	 file;		/* number of the current file in `names` */
	/* path of the current link: first from the root of the host, then from that of the site */
	struct buffer	 path;
	struct buffer	 fragment;
	struct buffer	 name;		/* name of a file that it may lead to */
	struct buffer	 sentence;	/* of the fault that is being reported */
	void		(*each)(void *handle, const struct link_fault *fault);
	void		*handle;
	struct link_report *report;
};

static void
report_fault(struct check *check, uint32_t file, unsigned int line, const char *link,
    const char *what)
{
	const struct link_fault found = { folder_name(&check->names, file), line, link, what };

	check->report->faults++;
	check->each(check->handle, &found);
}

/* FNV-1a */
static uint64_t
hash_id(const char *text)
{
	uint64_t value = UINT64_C(0xcbf29ce484222325);

	for (; *text != '\0'; text++)
		value = (value ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return value;
}

/* ---- where a link leads ---- */

/*
 * What follows the club's address in `link`, which may leave out its scheme; NULL when it does not
 * begin with it. Case matters only in the path.
 */
static const char *
skip_address(const char *address, const char *link)
{
	const char *host = strstr(address, "://");
	size_t root;

	if (strncmp(link, "//", 2) == 0)
		address = host + 1;
	host = strstr(address, "//") + 2;
	root = (size_t)(host - address) + strcspn(host, "/");
	if (strncasecmp(link, address, root) != 0 ||
	    strncmp(link + root, address + root, strlen(address + root)) != 0)
		return NULL;
	link += strlen(address);
	return *link == '\0' || strchr("/?#", *link) != NULL ? link : NULL;
}

/* Does the link begin with a scheme, such as "mailto:"? */
static bool
has_scheme(const char *link)
{
	size_t length = strspn(link,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	return length > 0 && link[length] == ':';
}

static int
hex_digit(char digit)
{
	return digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'a' && digit <= 'f'
	    ? digit - 'a' + 10
	    : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* Add `length` bytes of `text`, %XX decoded but for slash and NUL, which no file name holds. */
static void
append_decoded(struct buffer *out, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		int high = text[i] == '%' && length - i > 2 ? hex_digit(text[i + 1]) : -1,
		    low = high < 0 ? -1 : hex_digit(text[i + 2]);
		int byte = low < 0 ? 0 : high * 16 + low;

		buffer_append_byte(out, byte == 0 || byte == '/' ? text[i] : (char)byte);
		i += byte == 0 || byte == '/' ? 0 : 2;
	}
}

/* Resolve "." and ".." in `path` as a browser does: above the root is the root. */
static void
remove_dots(struct buffer *path)
{
	char *begin = path->data, *out = begin, *at = begin, *end = begin + path->length;
	size_t length;

	for (; at < end; at += length + 1) {		/* each round begins at a slash */
		char *slash = memchr(at + 1, '/', (size_t)(end - at - 1));
		bool is_last = slash == NULL;

		length = (size_t)((is_last ? end : slash) - at) - 1;
		if (length == 2 && at[1] == '.' && at[2] == '.') {
			while (out > begin && *--out != '/')
				;
		} else if (length != 1 || at[1] != '.') {
			memmove(out, at, length + 1);
			out += length + 1;
			continue;
		}
		if (is_last)		/* "a/.." is a folder */
			*out++ = '/';
	}
	path->length = (size_t)(out - begin);
}

/*
 * Split `link` of the current file into check->path, from the root of the host, and
 * check->fragment. False when it leads elsewhere.
 */
static bool
split_link(struct check *check, const char *link)
{
	const char *inside = skip_address(check->address, link),
	    *page = strchr(folder_name(&check->names, check->file), '/') + 1;
	const char *rest = inside != NULL ? inside : link;
	size_t length = strcspn(rest, "?#");
	const char *mark = strchr(rest + length, '#');

	if (inside == NULL && (has_scheme(link) || strncmp(link, "//", 2) == 0))
		return false;
	check->path.length = check->fragment.length = 0;
	if (inside != NULL || *rest != '/')
		buffer_append(&check->path, check->home.data,
		    check->home.length - (inside != NULL));
	if (inside == NULL && *rest != '/')
		buffer_append(&check->path, page, length == 0 ? strlen(page)
		    : strrchr(page, '/') == NULL ? 0 : (size_t)(strrchr(page, '/') + 1 - page));
	append_decoded(&check->path, rest, length);
	if (inside != NULL && length == 0)
		buffer_append_byte(&check->path, '/');
	if (mark != NULL)
		append_decoded(&check->fragment, mark + 1, strlen(mark + 1));
	return true;
}

/* Make check->path relative to the root of the site; false when it is not in the site. */
static bool
enter_site(struct check *check)
{
	size_t home = check->home.length;

	remove_dots(&check->path);
	if (check->path.length == home - 1)		/* "/club": servers redirect to "/club/" */
		buffer_append_byte(&check->path, '/');
	if (check->path.length < home || memcmp(check->path.data, check->home.data, home) != 0)
		return false;
	check->path.length -= home;
	memmove(check->path.data, check->path.data + home, check->path.length);
	return true;
}

/* The number of the file below `root` ("public/") that check->path leads to, or SIZE_MAX. */
static size_t
find_file(struct check *check, const char *root)
{
	bool is_folder = check->path.length == 0 || check->path.data[check->path.length - 1] == '/';
	size_t found;

	check->name.length = 0;
	buffer_append_text(&check->name, root);
	buffer_append(&check->name, check->path.data, check->path.length);
	found = is_folder ? SIZE_MAX : folder_find(&check->names, buffer_text(&check->name));
	if (found != SIZE_MAX)
		return found;
	/* servers redirect to the folder */
	buffer_append_text(&check->name, is_folder ? "index.html" : "/index.html");
	return folder_find(&check->names, buffer_text(&check->name));
}

/* Does turnoutd answer check->path by itself? */
static bool
is_route(struct check *check, bool is_form)
{
	struct target target;

	check->name.length = 0;
	buffer_append_byte(&check->name, '/');
	buffer_append(&check->name, check->path.data, check->path.length);
	return (route_find("GET", buffer_text(&check->name), &target) == ST_OK
	    || (is_form && route_find("POST", buffer_text(&check->name), &target) == ST_OK)) &&
	    target.route != ROUTE_FILE;
}

/* ---- one file ---- */

static bool
is_private(const struct check *check)
{
	return strncmp(folder_name(&check->names, check->file), "private/", 8) == 0;
}

/* Is `name` a page whose ids we know? The check-in form has codes in fragments, not ids. */
static bool
has_anchors(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL && (strcmp(dot, ".html") == 0 || strcmp(dot, ".svg") == 0)
	    && strcmp(name, "public/" ADDRESS_FORM "index.html") != 0;
}

static void
await_anchor(struct check *check, size_t target, const char *link, unsigned int line)
{
	const char *fragment = buffer_text(&check->fragment);
	const struct waiting waiting = { .id = hash_id(fragment), .target = (uint32_t)target,
	    .file = check->file, .line = line,
		.text = (uint32_t)check->texts.length };

	if (*fragment == '\0' || strcasecmp(fragment, "top") == 0 ||
	    !has_anchors(folder_name(&check->names, target)))
		return;
	buffer_append(&check->texts, link, strlen(link) + 1);
	buffer_append(&check->waiting, (const char *)&waiting, sizeof waiting);
}

/* Report the link “…” and what is wrong with it. */
static void
fault_link(struct check *check, unsigned int line, const char *link, const char *wrong)
{
	check->sentence.length = 0;
	buffer_format(&check->sentence, "the link “%s” %s", link, wrong);
	report_fault(check, check->file, line, link, buffer_text(&check->sentence));
}

static void
follow_link(struct check *check, enum reference_kind kind, const char *link, unsigned int line)
{
	size_t target;

	if (!split_link(check, link))
		return;
	check->report->links++;
	if (!enter_site(check)) {
		fault_link(check, line, link,
		    "leads out of the site. Write the whole address if that is meant");
		return;
	}
	if (is_route(check, kind == REFERENCE_FORM))
		return;
	target = find_file(check, "public/");
	if (target == SIZE_MAX && is_private(check))
		target = find_file(check, "private/");
	if (target != SIZE_MAX)
		await_anchor(check, target, link, line);
	else if (!is_private(check) && find_file(check, "private/") != SIZE_MAX)
		fault_link(check, line, link, "leads to a private page: its address is a secret");
	else
		fault_link(check, line, link, "leads nowhere");
}

static void
take_reference(void *handle, enum reference_kind kind, const char *text, unsigned int line)
{
	struct check *check = handle;
	struct anchor anchor = { .file = check->file, .line = line,
	    .is_name = kind == REFERENCE_NAME };

	switch (kind) {
	case REFERENCE_WHOLE:
		if (skip_address(check->address, text) != NULL && strpbrk(text, " \t\r\n") == NULL)
			follow_link(check, kind, text, line);
		return;
	case REFERENCE_LINK:
	case REFERENCE_FORM:
		follow_link(check, kind, text, line);
		return;
	case REFERENCE_ID:
	case REFERENCE_NAME:
		anchor.id = hash_id(text);
		anchor.text = (uint32_t)check->ids.length;
		buffer_append(&check->ids, text, strlen(text) + 1);
		buffer_append(&check->anchors, (const char *)&anchor, sizeof anchor);
		return;
	case REFERENCE_FAULT:
		check->sentence.length = 0;
		buffer_format(&check->sentence, "it is not well-formed XML: %s", text);
		report_fault(check, check->file, line, "", buffer_text(&check->sentence));
		return;
	}
}

static int
compare_ids(const void *a, const void *b)
{
	const struct anchor *one = a, *other = b;

	if (one->file != other->file)
		return one->file < other->file ? -1 : 1;
	return one->id < other->id ? -1 : one->id > other->id;
}

static int
compare_anchors(const void *a, const void *b)
{
	const struct anchor *one = a, *other = b;
	int order = compare_ids(a, b);

	if (order == 0)
		order = one->is_name - other->is_name;
	return order != 0 ? order : one->line < other->line ? -1 : one->line > other->line;
}

/* All ids of the file are known: sort them, and report those that occur twice. */
static void
end_file(struct check *check)
{
	struct anchor *anchors = (struct anchor *)(void *)check->anchors.data + check->first_anchor;
	size_t i, count = check->anchors.length / sizeof *anchors - check->first_anchor;
	const char *text;

	if (count > 0)
		qsort(anchors, count, sizeof *anchors, compare_anchors);
	for (i = 1; i < count; i++) {
		/* names are sorted last */
		if (anchors[i].id != anchors[i - 1].id || anchors[i].is_name)
			continue;
		text = check->ids.data + anchors[i].text;
		check->sentence.length = 0;
		buffer_format(&check->sentence, "the id “%s” is there again, as in line %u", text,
		    anchors[i - 1].line);
		report_fault(check, check->file, anchors[i].line, text,
		    buffer_text(&check->sentence));
	}
	check->first_anchor += count;
	check->ids.length = 0;
}

/* ---- all of them ---- */

static void
check_files(struct check *check, const char *site)
{
	struct buffer content = { 0 };
	size_t i;

	for (i = 0; i < check->names.count; i++) {
		check->file = (uint32_t)i;
		check->name.length = 0;
		buffer_format(&check->name, "%s/%s", site, folder_name(&check->names, i));
		if (!reference_read(buffer_text(&check->name), &content, take_reference, check)) {
			check->sentence.length = 0;
			buffer_format(&check->sentence, "it cannot be read: %s", strerror(errno));
			report_fault(check, check->file, 1, "", buffer_text(&check->sentence));
		}
		end_file(check);
	}
	buffer_clear(&content);
}

/* All ids are known: report the links whose anchor does not exist. */
static void
check_waiting(struct check *check)
{
	const struct waiting *waiting = (const struct waiting *)(const void *)check->waiting.data;
	size_t i, count = check->waiting.length / sizeof *waiting;
	struct buffer wrong = { 0 };

	for (i = 0; i < count; i++) {
		const struct anchor wanted = { .file = waiting[i].target, .id = waiting[i].id };

		if (check->first_anchor > 0 &&
		    bsearch(&wanted, check->anchors.data, check->first_anchor, sizeof wanted,
		    compare_ids) != NULL)
			continue;
		check->file = waiting[i].file;
		wrong.length = 0;
		buffer_format(&wrong, "leads to no anchor: %s has no such id",
		    folder_name(&check->names, waiting[i].target));
		fault_link(check, waiting[i].line, check->texts.data + waiting[i].text,
		    buffer_text(&wrong));
	}
	buffer_clear(&wrong);
}

/* The path of the club's address, with a slash at both ends. */
static void
find_home(struct check *check)
{
	const char *host = strstr(check->address, "://"),
	    *path = host == NULL ? NULL : strchr(host + 3, '/');

	buffer_format(&check->home, "%s/", path == NULL ? "" : path);
}

void
links_check(const char *site, const char *address,
    void (*each)(void *handle, const struct link_fault *fault), void *handle,
    struct link_report *report)
{
	struct check check = { .address = address, .each = each, .handle = handle,
	    .report = report };
	struct buffer *const buffers[] = { &check.home, &check.anchors, &check.waiting,
	&check.texts, &check.ids, &check.path, &check.fragment,
		&check.name, &check.sentence };
	size_t i;

	*report = (struct link_report){ 0 };
	find_home(&check);
	if (folder_read(&check.names, site, "public") &&
	    folder_read(&check.names, site, "private")) {
		report->files = (int64_t)check.names.count;
		check_files(&check, site);
		check_waiting(&check);
	} else {
		const struct link_fault unreadable = { site, 1, "", strerror(errno) };

		report->faults++;
		each(handle, &unreadable);
	}
	folder_clear(&check.names);
	for (i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
		buffer_clear(buffers[i]);
}
