// SPDX-License-Identifier: ISC
/* reference.c: see reference.h. The only file that knows libxml2. */
#include "gen/reference.h"

#include <errno.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <limits.h>
#include <strings.h>

#include "gen/file.h"

#define BLANKS	" \t\r\n\f"

struct reader {
	reference_each	*each;
	void		*handle;
	struct buffer	 text;		/* the text that is told */
	struct buffer	 inner;		/* the text of an element */
	unsigned int	 line;
	xmlParserCtxtPtr parser;	/* libxml2's, while it runs */
	bool		 is_address;	/* the text of this element is an address */
};

static void
tell(struct reader *reader, enum reference_kind kind, const char *text, size_t length)
{
	for (; length > 0 && strchr(BLANKS, *text) != NULL; length--)
		text++;
	while (length > 0 && strchr(BLANKS, text[length - 1]) != NULL)
		length--;
	reader->text.length = 0;
	buffer_append(&reader->text, text, length);
	reader->each(reader->handle, kind, buffer_text(&reader->text), reader->line);
}

/* ---- HTML and XML ---- */

/* Attributes that hold references, in any element (NULL) or in one. */
static const struct {
	const char		*attribute;
	const char		*element;
	enum reference_kind	 kind;
	bool			 is_list;
} attributes[] = {
	{ "href", NULL, REFERENCE_LINK, false }, { "src", NULL, REFERENCE_LINK, false },
	{ "xlink:href", NULL, REFERENCE_LINK, false },
	{ "srcset", NULL, REFERENCE_LINK, true }, { "imagesrcset", NULL, REFERENCE_LINK, true },
	{ "poster", NULL, REFERENCE_LINK, false }, { "data", "object", REFERENCE_LINK, false },
	{ "data-live", NULL, REFERENCE_LINK, false },
	{ "action", "form", REFERENCE_FORM, false }, { "formaction", NULL, REFERENCE_FORM, false },
	{ "content", "meta", REFERENCE_WHOLE, false }, { "id", NULL, REFERENCE_ID, false },
	{ "name", "a", REFERENCE_NAME, false },
};

/* Elements of sitemaps and feeds whose text may be an address. */
static const char *const addresses[] = { "loc", "id", "link", "url", "uri", "icon", "logo" };

/* "a.png, b.png 2x": addresses, each perhaps with a descriptor, and commas between. */
static void
tell_list(struct reader *reader, const char *list)
{
	size_t length, end;

	for (list += strspn(list, BLANKS ","); *list != '\0'; list += strspn(list, BLANKS ",")) {
		length = end = strcspn(list, BLANKS);
		while (list[end - 1] == ',')
			end--;
		tell(reader, REFERENCE_LINK, list, end);
		list += length;
		if (end == length)
			list += strcspn(list, ",");
	}
}

static void
tell_attribute(struct reader *reader, const char *element, const char *attribute, const char *value)
{
	size_t i;

	for (i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
		if (strcmp(attribute, attributes[i].attribute) != 0
		    || (attributes[i].element != NULL &&
		    strcmp(element, attributes[i].element) != 0))
			continue;
		if (attributes[i].is_list)
			tell_list(reader, value);
		else
			tell(reader, attributes[i].kind, value, strlen(value));
	}
}

static void
start_element(void *handle, const xmlChar *name, const xmlChar **given)
{
	struct reader *reader = handle;
	size_t i;

	reader->line = (unsigned int)reader->parser->input->line;
	for (; given != NULL && given[0] != NULL; given += 2)
		if (given[1] != NULL)
			tell_attribute(reader, (const char *)name, (const char *)given[0],
			    (const char *)given[1]);
	reader->is_address = false;
	for (i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
		reader->is_address |= strcmp((const char *)name, addresses[i]) == 0;
	reader->inner.length = 0;
}

static void
take_text(void *handle, const xmlChar *text, int length)
{
	struct reader *reader = handle;

	if (reader->is_address)
		buffer_append(&reader->inner, (const char *)text, (size_t)length);
}

static void
end_element(void *handle, const xmlChar *name)
{
	struct reader *reader = handle;

	(void)name;
	if (reader->is_address)
		tell(reader, REFERENCE_WHOLE, reader->inner.data, reader->inner.length);
	reader->is_address = false;
}

/* Where libxml2 is out of memory, so are we. */
static void
read_html(struct reader *reader, const struct buffer *content)
{
	htmlSAXHandler handler = { .startElement = start_element };

	reader->parser = htmlCreatePushParserCtxt(&handler, reader, NULL, 0, NULL,
	    XML_CHAR_ENCODING_UTF8);
	if (reader->parser == NULL)
		buffer_fail();
	/* what it says about HTML5 does not matter */
	(void)htmlParseChunk(reader->parser, content->data, (int)content->length, 1);
	htmlFreeParserCtxt(reader->parser);
}

static void
read_xml(struct reader *reader, const struct buffer *content)
{
	xmlSAXHandler handler = { .startElement = start_element, .endElement = end_element,
	    .characters = take_text, .cdataBlock = take_text };
	const xmlError *error;

	reader->parser = xmlCreatePushParserCtxt(&handler, reader, NULL, 0, NULL);
	if (reader->parser == NULL)
		buffer_fail();
	(void)xmlParseChunk(reader->parser, content->data, (int)content->length, 1);
	error = xmlCtxtGetLastError(reader->parser);
	if (!reader->parser->wellFormed) {
		reader->line = error == NULL || error->line < 1 ? 1 : (unsigned int)error->line;
		tell(reader, REFERENCE_FAULT,
		    error == NULL || error->message == NULL ? "?" : error->message,
		    error == NULL || error->message == NULL ? 1 : strcspn(error->message, "\n"));
	}
	xmlFreeParserCtxt(reader->parser);
}

/* ---- iCalendar, robots.txt ---- */

/* One unfolded line: NAME:VALUE or NAME;PARAMETER=…:VALUE. */
static void
tell_line(struct reader *reader, const char *line)
{
	static const char *const names[] = { "URL", "SOURCE", "Sitemap" };
	size_t i, length;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		length = strlen(names[i]);
		if (strncasecmp(line, names[i], length) != 0 ||
		    (line[length] != ':' && line[length] != ';'))
			continue;
		line += strcspn(line, ":");
		line += *line == ':';
		tell(reader, REFERENCE_WHOLE, line, strlen(line));
		return;
	}
}

/* A line that begins with a blank continues the one before (RFC 5545 3.1). */
static void
read_lines(struct reader *reader, struct buffer *content)
{
	const char *at = buffer_text(content);
	struct buffer line = { 0 };
	unsigned int number = 1;

	for (reader->line = 1; *at != '\0'; number++) {
		size_t length = strcspn(at, "\n");

		buffer_append(&line, at,
		    length > 0 && at[length - 1] == '\r' ? length - 1 : length);
		at += length + (at[length] == '\n');
		if (*at == ' ' || *at == '\t') {
			at++;
			continue;
		}
		tell_line(reader, buffer_text(&line));
		line.length = 0;
		reader->line = number + 1;
	}
	buffer_clear(&line);
}

/* ---- JSON ---- */

/* The end of the string that begins at `at`, a quotation mark; `end` when it is not closed. */
static const char *
skip_string(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		at += *at == '\\';
	return at < end ? at + 1 : end;
}

/* Is it one of the members by which a web manifest refers to files? */
static bool
is_member(const char *name, size_t length)
{
	static const char *const names[] = { "\"src\"", "\"url\"", "\"start_url\"" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return true;
	return false;
}

/*
 * Tell every string that is a value; some in a web manifest are relative addresses. Strings with an
 * escape are skipped: no address of ours has one.
 */
static void
read_json(struct reader *reader, const struct buffer *content, bool is_manifest)
{
	const char *at, *next, *end = content->data + content->length, *name = NULL;
	size_t name_length = 0;

	reader->line = 1;
	for (at = content->data; at < end; at = next) {
		next = at + 1;
		reader->line += *at == '\n';
		if (*at != '"')
			continue;
		next = skip_string(at, end);
		while (next < end && *next == ' ')
			next++;
		if (next < end && *next == ':') {
			name = at;
			name_length = (size_t)(skip_string(at, end) - at);
			continue;
		}
		next = skip_string(at, end);
		if (next - at >= 2 && next[-1] == '"' &&
		    memchr(at, '\\', (size_t)(next - at)) == NULL)
			tell(reader, is_manifest && name != NULL && is_member(name, name_length)
			    ? REFERENCE_LINK : REFERENCE_WHOLE, at + 1,
			    (size_t)(next - at) - 2);
		name = NULL;
	}
}

/* ---- CSS ---- */

/* Is there an address at `at`, in url(…) or as the string after @import? Sets both if so. */
static bool
is_css_address(const char *at, const char **address, size_t *length)
{
	bool is_url = strncasecmp(at, "url(", 4) == 0;

	if (!is_url && strncasecmp(at, "@import", 7) != 0)
		return false;
	at += is_url ? 4 : 7;
	at += strspn(at, BLANKS);
	*address = at + 1;
	if (*at == '"' || *at == '\'') {
		*length = strcspn(at + 1, *at == '"' ? "\"" : "'");
		return true;
	}
	*address = at;
	*length = strcspn(at, BLANKS ")");
	return is_url;
}

static void
read_css(struct reader *reader, struct buffer *content)
{
	const char *at = buffer_text(content), *address, *end;
	size_t length;

	for (reader->line = 1; *at != '\0'; at++) {
		end = at;
		if (strncmp(at, "/*", 2) == 0) {
			end = strstr(at + 2, "*/");
			if (end == NULL)
				return;
		} else if (is_css_address(at, &address, &length)) {
			tell(reader, REFERENCE_LINK, address, length);
			end = address + length - 1;
		}
		for (; at < end; at++)
			reader->line += *at == '\n';
		reader->line += *at == '\n';
	}
}

/* ---- which is which ---- */

enum form { FORM_NONE, FORM_HTML, FORM_XML, FORM_LINES, FORM_JSON, FORM_MANIFEST, FORM_CSS };

static enum form
form_of(const char *path)
{
	static const struct { const char *ending; enum form form; } forms[] = {
		{ ".html", FORM_HTML }, { ".xml", FORM_XML }, { ".atom", FORM_XML },
		{ ".svg", FORM_XML }, { ".ics", FORM_LINES },
		{ "/robots.txt", FORM_LINES }, { ".json", FORM_JSON },
		{ ".webmanifest", FORM_MANIFEST }, { ".css", FORM_CSS },
	};
	size_t i, length = strlen(path), ending;

	for (i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		ending = strlen(forms[i].ending);
		if (length >= ending && strcmp(path + length - ending, forms[i].ending) == 0)
			return forms[i].form;
	}
	return FORM_NONE;
}

bool
reference_read(const char *path, struct buffer *content, reference_each *each, void *handle)
{
	struct reader reader = { .each = each, .handle = handle, .line = 1 };
	enum form form = form_of(path);

	content->length = 0;
	if (form != FORM_NONE && !file_read(path, content))
		return false;
	if (content->length > INT_MAX) {
		errno = EFBIG;
		return false;
	}
	switch (content->length == 0 ? FORM_NONE : form) {
	case FORM_NONE:
		break;
	case FORM_HTML:
		read_html(&reader, content);
		break;
	case FORM_XML:
		read_xml(&reader, content);
		break;
	case FORM_LINES:
		read_lines(&reader, content);
		break;
	case FORM_JSON:
	case FORM_MANIFEST:
		read_json(&reader, content, form == FORM_MANIFEST);
		break;
	case FORM_CSS:
		read_css(&reader, content);
		break;
	}
	buffer_clear(&reader.text);
	buffer_clear(&reader.inner);
	return true;
}
