// SPDX-License-Identifier: ISC
/*
 * mustache_parse.c: source to nodes.
 *
 * One pass. Tags that stand alone on their line take the line with them; what is left of
 * indentation is written into the nodes, so that rendering never looks at the source again
 * except to copy it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "gen/mustache_tree.h"

enum {
	DELIMITER_MAX = 16,
	SOURCE_MAX = 16 << 20
};

/* A section, parent or block whose close tag has not come yet. */
struct opened {
	uint32_t		 node;
	size_t			 content;	/* offset of what is inside */
	/* before the tag, when nothing else is on its line */
	size_t			 blanks;
	bool			 is_line_start;	/* only blanks are before the tag */
	struct html_state	 html;		/* around a parent: its blocks are elsewhere */
};

struct parser {
	struct mustache_template	*template;
	const struct mustache_options	*options;
	struct mustache_error		*error;
	const char			*text;
	size_t				 length;
	size_t				 at;		/* of what comes next */
	size_t				 literal;	/* of text that no node has yet */
	uint32_t			 line;
	char				 open[DELIMITER_MAX], close[DELIMITER_MAX];
	size_t				 open_length, close_length;
	struct opened			 stack[MUSTACHE_DEPTH_MAX];
	size_t				 depth;
	struct html_state		 html;
};

/* A tag as it stands in the source. */
struct tag {
	char		 sign;		/* 0 for a plain variable */
	size_t		 start, end;	/* of the tag with its delimiters */
	size_t		 name, length;
	uint32_t	 line;
	size_t		 line_start;	/* offset of the line it begins on */
	/* offset behind its line when only blanks follow it, else 0 */
	size_t		 next_line;
	bool		 is_first;	/* only blanks are before it */
};

bool
mustache_fail(struct mustache_error *error, const char *file, unsigned int line,
    const char *format, ...)
{
	va_list	 arguments;
	int	 length;

	length = snprintf(error->text, sizeof(error->text), "%s:%u: ", file, line);
	if (length < 0 || (size_t)length >= sizeof(error->text))
		length = 0;
	va_start(arguments, format);
	(void)vsnprintf(error->text + length, sizeof(error->text) - (size_t)length, format,
	    arguments);
	va_end(arguments);
	return false;
}

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static bool
is_space(char byte)
{
	return is_blank(byte) || byte == '\n' || byte == '\r';
}

static struct mustache_node *
add_node(struct parser *parser, enum node_kind kind, size_t at, size_t length)
{
	struct mustache_template	*template = parser->template;
	struct mustache_node		*node, *nodes;

	if (template->count == template->capacity) {
		template->capacity = template->capacity == 0 ? 32 : template->capacity * 2;
		nodes = reallocarray(template->nodes, template->capacity, sizeof(*nodes));
		if (nodes == NULL)
			buffer_fail();
		template->nodes = nodes;
	}
	node = &template->nodes[template->count++];
	*node = (struct mustache_node){ .kind = kind, .line = parser->line, .at = (uint32_t)at,
		.length = (uint32_t)length, .is_dotted = kind != NODE_LITERAL && length > 1 &&
		memchr(parser->text + at, '.', length) != NULL };
	return node;
}

/* The innermost open tag, or NULL. */
static struct opened *
innermost(struct parser *parser)
{
	return parser->depth == 0 ? NULL : &parser->stack[parser->depth - 1];
}

/* Text between the blocks of a parent is not part of anything. */
static bool
is_in_parent(struct parser *parser)
{
	struct opened	*opened = innermost(parser);

	return opened != NULL && parser->template->nodes[opened->node].kind == NODE_PARENT;
}

static bool
check_parent_text(struct parser *parser, size_t end, uint32_t line)
{
	for (size_t i = parser->literal; i < end && parser->options->is_strict; i++) {
		if (!is_space(parser->text[i]))
			return mustache_fail(parser->error, parser->template->file, line,
			    "text between the blocks of a parent is never shown; put it into a "
			    "block");
	}
	return true;
}

/* Make a literal of the text up to `end`; nothing of nothing. */
static bool
flush_literal(struct parser *parser, size_t end, uint32_t line)
{
	struct mustache_node	*node;
	size_t			 start = parser->literal;

	if (is_in_parent(parser)) {
		if (!check_parent_text(parser, end, line))
			return false;
	} else if (start < end) {
		node = add_node(parser, NODE_LITERAL, start, end - start);
		node->is_line_start = start == 0 || parser->text[start - 1] == '\n';
		if (parser->options->is_strict && parser->options->escape == ESCAPE_HTML)
			html_follow(&parser->html, parser->text + start, end - start);
	}
	parser->literal = end;
	return true;
}

/* What is around the tag on its lines. */
static void
look_around(struct parser *parser, struct tag *tag)
{
	const char	*text = parser->text;
	size_t		 at = tag->start;

	while (at > 0 && is_blank(text[at - 1]))
		at--;
	tag->is_first = at == 0 || text[at - 1] == '\n';
	tag->line_start = at;
	for (at = tag->end; at < parser->length && is_blank(text[at]); at++)
		;
	if (at + 1 < parser->length && text[at] == '\r' && text[at + 1] == '\n')
		at++;
	if (at == parser->length || text[at] == '\n')
		tag->next_line = at == parser->length ? at : at + 1;
}

/* Read the tag whose opening delimiter is at parser->at. */
static bool
read_tag(struct parser *parser, struct tag *tag)
{
	const char	*text = parser->text, *found;
	char		 closing[DELIMITER_MAX + 1];
	size_t		 at = parser->at + parser->open_length, closing_length = 0, stop;

	*tag = (struct tag){ .start = parser->at, .line = parser->line };
	while (at < parser->length && is_space(text[at]))
		at++;
	if (at < parser->length && strchr("{&#^/!=><$", text[at]) != NULL && text[at] != '\0')
		tag->sign = text[at++];
	if (tag->sign == '{' || tag->sign == '=')
		closing[closing_length++] = tag->sign == '{' ? '}' : '=';
	memcpy(closing + closing_length, parser->close, parser->close_length);
	closing_length += parser->close_length;
	found = memmem(text + at, parser->length - at, closing, closing_length);
	if (found == NULL)
		return mustache_fail(parser->error, parser->template->file, tag->line,
		    "the tag is not closed; %.*s is missing", (int)closing_length, closing);
	stop = (size_t)(found - text);
	tag->end = stop + closing_length;
	while (at < stop && is_space(text[at]))
		at++;
	while (stop > at && is_space(text[stop - 1]))
		stop--;
	tag->name = at;
	tag->length = stop - at;
	look_around(parser, tag);
	return true;
}

static bool
check_name(struct parser *parser, const struct tag *tag)
{
	const char	*name = parser->text + tag->name;

	if (tag->length == 0)
		return mustache_fail(parser->error, parser->template->file, tag->line,
		    "the tag has no name");
	for (size_t i = 0; i < tag->length; i++) {
		if (is_space(name[i]))
			return mustache_fail(parser->error, parser->template->file, tag->line,
			    "“%.*s” is not a name: it has a blank in it", (int)tag->length, name);
	}
	return true;
}

static bool
set_delimiters(struct parser *parser, const struct tag *tag)
{
	const char	*open = parser->text + tag->name, *end = open + tag->length;
	const char	*open_end = open, *close;

	while (open_end < end && !is_space(*open_end))
		open_end++;
	for (close = open_end; close < end && is_space(*close); close++)
		;
	for (const char *at = close; at < end; at++) {
		if (is_space(*at))
			close = end;
	}
	if (open_end == open || close == end || memchr(open, '=', tag->length) != NULL ||
	    open_end - open > DELIMITER_MAX || end - close > DELIMITER_MAX)
		return mustache_fail(parser->error, parser->template->file, tag->line,
		    "delimiters are set like {{=<%% %%>=}}: two of them, %d bytes at most, no = "
		    "inside", DELIMITER_MAX);
	parser->open_length = (size_t)(open_end - open);
	parser->close_length = (size_t)(end - close);
	memcpy(parser->open, open, parser->open_length);
	memcpy(parser->close, close, parser->close_length);
	return true;
}

/* Escaping must be able to make safe what is inserted here. */
static bool
check_insertion(struct parser *parser, const struct tag *tag)
{
	static const char	 suffix[] = "_markup";
	const char		*name = parser->text + tag->name, *danger;
	size_t			 suffix_length = sizeof(suffix) - 1;

	if (!parser->options->is_strict)
		return true;
	if ((tag->sign == '{' || tag->sign == '&') && (tag->length <= suffix_length ||
	    memcmp(name + tag->length - suffix_length, suffix, suffix_length) != 0))
		return mustache_fail(parser->error, parser->template->file, tag->line,
		    "“%.*s” would go in unescaped; unescaped output is for markup our own code "
		    "made, whose names end in %s", (int)tag->length, name, suffix);
	danger = parser->options->escape == ESCAPE_HTML ? html_danger(&parser->html) : NULL;
	if (danger != NULL)
		return mustache_fail(parser->error, parser->template->file, tag->line,
		    "“%.*s” is inserted into %s, where escaping does not help; put it into text or "
		    "between quotes", (int)tag->length, name, danger);
	return true;
}

/* Comments and delimiters: nothing is left of the tag, and of its line if it has it for itself. */
static bool
take_out(struct parser *parser, const struct tag *tag)
{
	bool	is_alone = tag->is_first && tag->next_line > 0;

	if (!flush_literal(parser, is_alone ? tag->line_start : tag->start, tag->line))
		return false;
	if (!is_alone && tag->start == tag->line_start && tag->is_first && !is_in_parent(parser))
		add_node(parser, NODE_LITERAL, tag->start, 0)->is_line_start = true;
	parser->literal = is_alone ? tag->next_line : tag->end;
	return true;
}

static bool
add_variable(struct parser *parser, const struct tag *tag)
{
	struct mustache_node	*node;

	if (!flush_literal(parser, tag->start, tag->line) || !check_insertion(parser, tag))
		return false;
	node = add_node(parser, tag->sign == 0 ? NODE_VARIABLE : NODE_RAW, tag->name, tag->length);
	node->is_line_start = tag->is_first && tag->start == tag->line_start;
	parser->literal = tag->end;
	return true;
}

static bool
add_partial(struct parser *parser, const struct tag *tag)
{
	bool			 is_alone = tag->is_first && tag->next_line > 0;
	struct mustache_node	*node;

	if (!flush_literal(parser, is_alone ? tag->line_start : tag->start, tag->line) ||
	    !check_insertion(parser, tag))
		return false;
	node = add_node(parser, NODE_PARTIAL, tag->name, tag->length);
	node->is_standalone = is_alone;
	node->is_line_start = !is_alone && tag->is_first && tag->start == tag->line_start;
	if (is_alone) {
		node->indent_at = (uint32_t)tag->line_start;
		node->indent_length = (uint32_t)(tag->start - tag->line_start);
	}
	parser->literal = is_alone ? tag->next_line : tag->end;
	return true;
}

static enum node_kind
kind_of_sign(char sign)
{
	return sign == '#' ? NODE_SECTION : sign == '^' ? NODE_INVERTED :
	    sign == '<' ? NODE_PARENT : NODE_BLOCK;
}

/*
 * The node added last is an inverted section: does it tell what happens where a section before it
 * does not?
 */
static void
note_else(struct mustache_template *template, const char *text)
{
	struct mustache_node	*node = &template->nodes[template->count - 1], *section;

	if (template->count < 2 || node->is_line_start || node[-1].kind != NODE_CLOSE)
		return;
	section = &template->nodes[node[-1].end];
	section->has_else = section->kind == NODE_SECTION && section->length == node->length &&
	    memcmp(text + section->at, text + node->at, node->length) == 0;
}

/*
 * Sections and blocks take their line out when they have it for themselves. Whether a parent, or a
 * block that begins on its tag's line, has its lines for itself is known only at the close tag: the
 * blanks before it become a literal of their own, to be emptied then.
 */
static bool
open_tag(struct parser *parser, const struct tag *tag)
{
	enum node_kind		 kind = kind_of_sign(tag->sign);
	bool			 in_parent = is_in_parent(parser), is_alone;
	struct mustache_node	*node;
	struct opened		*opened;

	is_alone = kind != NODE_PARENT && tag->next_line > 0 && (tag->is_first || in_parent) &&
	    !(kind == NODE_BLOCK && tag->next_line == parser->length);
	if (tag->is_first && !flush_literal(parser, tag->line_start, tag->line))
		return false;
	if (is_alone && tag->is_first)
		parser->literal = tag->start;
	else if (!flush_literal(parser, tag->start, tag->line))
		return false;
	if ((kind == NODE_PARENT || (kind == NODE_BLOCK && !in_parent)) &&
	    !check_insertion(parser, tag))
		return false;
	if (parser->depth == MUSTACHE_DEPTH_MAX)
		return mustache_fail(parser->error, parser->template->file, tag->line,
		    "more than %d sections are inside each other", MUSTACHE_DEPTH_MAX);
	node = add_node(parser, kind, tag->name, tag->length);
	node->is_standalone = node->has_own_lines = is_alone;
	node->is_line_start = !is_alone && !in_parent && tag->is_first &&
	    tag->start == tag->line_start;
	if (kind == NODE_INVERTED)
		note_else(parser->template, parser->text);
	parser->literal = is_alone ? tag->next_line : tag->end;
	opened = &parser->stack[parser->depth++];
	*opened = (struct opened){ .node = (uint32_t)parser->template->count - 1,
		.content = parser->literal, .is_line_start = tag->is_first && !in_parent,
		.blanks = tag->start - tag->line_start, .html = parser->html };
	if (in_parent)	/* the block goes somewhere else; its text begins anew */
		parser->html = (struct html_state){ 0 };
	return true;
}

/* The blanks before the first line of the source from `at` to `end` that has more than blanks. */
static uint32_t
first_indent(const char *text, size_t at, size_t end, size_t *length)
{
	size_t	start = at;

	for (; at < end && is_space(text[at]); at++) {
		if (text[at] == '\n')
			start = at + 1;
	}
	*length = at < end ? at - start : 0;
	return at < end ? (uint32_t)start : UINT32_MAX;
}

/* At the close tag: what is the block's indentation, or the parent's? */
static void
settle_indent(struct parser *parser, const struct opened *opened, const struct tag *tag)
{
	struct mustache_node	*nodes = parser->template->nodes, *node = &nodes[opened->node];
	uint32_t		 tag_at = node->at;
	size_t			 length;

	while (tag_at > 0 && parser->text[tag_at - 1] != '\n')
		tag_at--;
	if (node->has_own_lines) {
		node->indent_at = first_indent(parser->text, opened->content, tag->start, &length);
		node->strip = (uint32_t)length;
		if (node->indent_at == UINT32_MAX) {
			node->indent_at = tag_at;
			length = opened->is_line_start ? opened->blanks : 0;
		}
		node->indent_length = (uint32_t)length;
	} else if (opened->is_line_start && tag->next_line > 0) {
		if (opened->blanks > 0)		/* the literal before holds just them */
			nodes[opened->node - 1].length = 0;
		if (opened->blanks > 0)
			nodes[opened->node - 1].is_line_start = false;
		node->is_standalone = true;
		node->is_line_start = false;
		node->indent_at = tag_at;
		node->indent_length = (uint32_t)opened->blanks;
	}
}

static bool
close_tag(struct parser *parser, const struct tag *tag)
{
	struct opened		*opened = innermost(parser);
	struct mustache_template *template = parser->template;
	struct mustache_node	*node = opened != NULL ? &template->nodes[opened->node] : NULL;
	enum node_kind		 kind;
	bool			 in_parent, is_alone;

	if (node == NULL)
		return mustache_fail(parser->error, template->file, tag->line,
		    "“%.*s” is closed but was not opened", (int)tag->length,
		    parser->text + tag->name);
	if (node->length != tag->length ||
	    memcmp(parser->text + node->at, parser->text + tag->name, tag->length) != 0)
		return mustache_fail(parser->error, template->file, tag->line,
		    "“%.*s” is closed, but “%.*s” of line %u is still open", (int)tag->length,
		    parser->text + tag->name, (int)node->length, parser->text + node->at,
		    node->line);
	kind = node->kind;
	parser->depth--;
	in_parent = is_in_parent(parser);
	parser->depth++;
	is_alone = kind != NODE_PARENT && tag->is_first && (tag->next_line > 0 || in_parent);
	if (!flush_literal(parser, is_alone ? tag->line_start : tag->start, tag->line))
		return false;
	if (kind == NODE_PARENT || (kind == NODE_BLOCK && !in_parent) ||
	    template->nodes[opened->node].has_own_lines)
		settle_indent(parser, opened, tag);
	node = add_node(parser, NODE_CLOSE, tag->name, tag->length);
	node->is_line_start = !is_alone && kind != NODE_PARENT && tag->is_first &&
	    tag->start == tag->line_start;
	node->end = opened->node;
	template->nodes[opened->node].end = (uint32_t)template->count - 1;
	if (kind == NODE_PARENT && template->nodes[opened->node].is_standalone)
		is_alone = true;
	parser->literal = is_alone && tag->next_line > 0 ? tag->next_line : tag->end;
	if (kind == NODE_PARENT || in_parent)
		parser->html = opened->html;
	parser->depth--;
	return true;
}

static bool
parse_tag(struct parser *parser, const struct tag *tag)
{
	if (tag->sign == '!')
		return take_out(parser, tag);
	if (tag->sign == '=')
		return take_out(parser, tag) && set_delimiters(parser, tag);
	if (!check_name(parser, tag))
		return false;
	if (tag->sign == '/')
		return close_tag(parser, tag);
	if (parser->options->is_strict && is_in_parent(parser) && tag->sign != '$')
		return mustache_fail(parser->error, parser->template->file, tag->line,
		    "“%.*s” stands between the blocks of a parent and is never shown; put it into "
		    "a block", (int)tag->length, parser->text + tag->name);
	if (tag->sign == 0 || tag->sign == '{' || tag->sign == '&')
		return add_variable(parser, tag);
	if (tag->sign == '>')
		return add_partial(parser, tag);
	return open_tag(parser, tag);
}

static uint32_t
count_lines(const char *text, size_t from, size_t to)
{
	uint32_t	lines = 0;

	for (; from < to; from++)
		lines += text[from] == '\n';
	return lines;
}

static bool
parse_all(struct parser *parser)
{
	const char	*found;
	struct tag	 tag;
	size_t		 start;

	while ((found = memmem(parser->text + parser->at, parser->length - parser->at,
	    parser->open, parser->open_length)) != NULL) {
		start = (size_t)(found - parser->text);
		parser->line += count_lines(parser->text, parser->at, start);
		parser->at = start;
		if (!read_tag(parser, &tag) || !parse_tag(parser, &tag))
			return false;
		parser->line += count_lines(parser->text, start, tag.end);
		parser->at = tag.end;
	}
	if (parser->depth > 0) {
		const struct mustache_node	*node;

		node = &parser->template->nodes[innermost(parser)->node];
		return mustache_fail(parser->error, parser->template->file, node->line,
		    "“%.*s” is opened but never closed", (int)node->length,
		    parser->text + node->at);
	}
	return flush_literal(parser, parser->length, parser->line);
}

bool
mustache_parse(struct mustache_template *template, const char *file, const char *text,
    size_t length, const struct mustache_options *options, struct mustache_error *error)
{
	struct parser	parser = { .template = template, .options = options, .error = error,
		.length = length, .line = 1, .open = "{{", .close = "}}", .open_length = 2,
		.close_length = 2 };

	*template = (struct mustache_template){ 0 };
	if (length > SOURCE_MAX)
		return mustache_fail(error, file, 1, "a template has %d bytes at most", SOURCE_MAX);
	template->file = strdup(file);
	template->text = malloc(length + 1);
	if (template->file == NULL || template->text == NULL)
		buffer_fail();
	if (length > 0)
		memcpy(template->text, text, length);
	template->text[length] = '\0';
	parser.text = template->text;
	if (parse_all(&parser))
		return true;
	mustache_clear(template);
	return false;
}

void
mustache_clear(struct mustache_template *template)
{
	free(template->file);
	free(template->text);
	free(template->nodes);
	*template = (struct mustache_template){ 0 };
}
