// SPDX-License-Identifier: ISC
/*
 * mustache_tree.h: a parsed template, between the parser and the renderer.
 *
 * Nodes stand in one array in the order of the source. A node that opens something knows the
 * index of the CLOSE that ends it. Offsets and lengths are bytes of template->text.
 */
#ifndef TURNOUT_MUSTACHE_TREE_H
#define TURNOUT_MUSTACHE_TREE_H

#include <stdint.h>

#include "gen/mustache.h"

enum node_kind {
	NODE_LITERAL,
	NODE_VARIABLE,
	NODE_RAW,
	NODE_SECTION,
	NODE_INVERTED,
	NODE_PARTIAL,
	NODE_PARENT,
	NODE_BLOCK,
	NODE_CLOSE
};

struct mustache_node {
	enum node_kind	 kind;
	uint32_t	 line;		/* from 1 */
	uint32_t	 at, length;	/* the literal, or the name */
	/* SECTION, INVERTED, PARENT, BLOCK: index of their CLOSE, and CLOSE: of what it ends */
	uint32_t	 end;
	/*
	 * Partials, parents and blocks that have their lines for themselves: the blanks that go in
	 * front of each line of what is put in. Of a block also what is taken away from the lines
	 * of its own content when that goes elsewhere (strip bytes at most).
	 */
	uint32_t	 indent_at, indent_length, strip;
	bool		 is_line_start;	/* first on a line of the source that is not taken out */
	bool		 is_standalone;	/* has its lines for itself */
	bool		 has_own_lines;	/* BLOCK: its content begins on the line after the tag */
	bool		 is_dotted;	/* the name has parts: “a.b” */
	/* SECTION: behind its CLOSE stands the INVERTED of its name, with nothing between */
	bool		 has_else;
};

/* Where in an HTML file the literal text has led to. */
enum html_place {
	HTML_TEXT,
	HTML_TAG_OPEN,		/* behind < */
	HTML_TAG_NAME,
	HTML_TAG,		/* in a tag, where attributes are named */
	HTML_EQUALS,		/* behind the = of an attribute */
	HTML_DOUBLE_QUOTED,
	HTML_SINGLE_QUOTED,
	HTML_UNQUOTED,
	HTML_COMMENT,
	HTML_DECLARATION,	/* <!doctype …> */
	HTML_RAW		/* the content of script or style */
};

struct html_state {
	enum html_place	 place;
	bool		 is_end_tag;
	size_t		 name_length;
	char		 name[8];	/* the tag's, in small letters, cut short */
};

/* Follow the literal text. */
void	html_follow(struct html_state *state, const char *text, size_t length);

/*
 * What the place is called when escaping does not make an insertion safe there; NULL where it does.
 */
const char	*html_danger(const struct html_state *state);

#endif
