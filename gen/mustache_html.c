// SPDX-License-Identifier: ISC
/*
 * mustache_html.c: where in an HTML file a template inserts something.
 *
 * A small reading of the HTML tokenizer, enough for the tags of templates written with care: it
 * errs on the side of refusing.
 */
#include "gen/mustache_tree.h"

#include <ctype.h>

static bool
is_named(const struct html_state *state, const char *name)
{
	return state->name_length == strlen(name) &&
	    memcmp(state->name, name, state->name_length) == 0;
}

static enum html_place
place_after_tag(const struct html_state *state)
{
	if (!state->is_end_tag && (is_named(state, "script") || is_named(state, "style")))
		return HTML_RAW;
	return HTML_TEXT;
}

static enum html_place
place_in_tag(const struct html_state *state, char byte)
{
	if (byte == '>')
		return place_after_tag(state);
	return byte == '=' ? HTML_EQUALS : HTML_TAG;
}

static enum html_place
place_after_equals(const struct html_state *state, char byte)
{
	if (byte == '"')
		return HTML_DOUBLE_QUOTED;
	if (byte == '\'')
		return HTML_SINGLE_QUOTED;
	if (byte == '>')
		return place_after_tag(state);
	return isspace((unsigned char)byte) ? HTML_EQUALS : HTML_UNQUOTED;
}

/* Behind a < at `rest`: the kind of tag. */
static void
open_tag(struct html_state *state, const char *rest, size_t left)
{
	state->name_length = 0;
	state->is_end_tag = left > 0 && rest[0] == '/';
	if (left >= 3 && memcmp(rest, "!--", 3) == 0)
		state->place = HTML_COMMENT;
	else if (left > 0 && (rest[0] == '!' || rest[0] == '?'))
		state->place = HTML_DECLARATION;
	else if (left == 0 || state->is_end_tag || isalpha((unsigned char)rest[0]))
		state->place = HTML_TAG_OPEN;
}

static void
read_name(struct html_state *state, char byte)
{
	if (byte == '/' && state->place == HTML_TAG_OPEN && state->name_length == 0) {
		state->is_end_tag = true;
		return;
	}
	if (byte == '>' || byte == '/' || isspace((unsigned char)byte)) {
		state->place = place_in_tag(state, byte);
		return;
	}
	state->place = HTML_TAG_NAME;
	if (state->name_length < sizeof(state->name))
		state->name[state->name_length++] = (char)tolower((unsigned char)byte);
}

static bool
ends_raw(const struct html_state *state, const char *text, size_t left)
{
	return left > state->name_length + 1 && text[0] == '<' && text[1] == '/' &&
	    strncasecmp(text + 2, state->name, state->name_length) == 0;
}

void
html_follow(struct html_state *state, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		char	byte = text[i];

		switch (state->place) {
		case HTML_TEXT:
			if (byte == '<')
				open_tag(state, text + i + 1, length - i - 1);
			break;
		case HTML_TAG_OPEN:
		case HTML_TAG_NAME:
			read_name(state, byte);
			break;
		case HTML_TAG:
			state->place = place_in_tag(state, byte);
			break;
		case HTML_EQUALS:
			state->place = place_after_equals(state, byte);
			break;
		case HTML_DOUBLE_QUOTED:
			if (byte == '"')
				state->place = HTML_TAG;
			break;
		case HTML_SINGLE_QUOTED:
			if (byte == '\'')
				state->place = HTML_TAG;
			break;
		case HTML_UNQUOTED:
			if (byte == '>')
				state->place = place_after_tag(state);
			else if (isspace((unsigned char)byte))
				state->place = HTML_TAG;
			break;
		case HTML_COMMENT:
			if (byte == '>' && i >= 2 && text[i - 1] == '-' && text[i - 2] == '-')
				state->place = HTML_TEXT;
			break;
		case HTML_DECLARATION:
			if (byte == '>')
				state->place = HTML_TEXT;
			break;
		case HTML_RAW:
			if (ends_raw(state, text + i, length - i))
				open_tag(state, text + i + 1, length - i - 1);
			break;
		}
	}
}

const char *
html_danger(const struct html_state *state)
{
	switch (state->place) {
	case HTML_TEXT:
	case HTML_DOUBLE_QUOTED:
	case HTML_SINGLE_QUOTED:
		return NULL;
	case HTML_TAG_OPEN:
	case HTML_TAG_NAME:
		return "the name of a tag";
	case HTML_TAG:
		return "a tag, outside a quoted value";
	case HTML_EQUALS:
	case HTML_UNQUOTED:
		return "an attribute value without quotes";
	case HTML_COMMENT:
		return "a comment";
	case HTML_DECLARATION:
		return "a declaration";
	case HTML_RAW:
		return "a script or a style";
	}
	return "an unknown place";
}
