// SPDX-License-Identifier: ISC
/*
 * mustache.h: the template language.
 *
 * Mustache by its specification 1.4: comments, set delimiters, interpolation, sections, inverted
 * sections, partials and inheritance ({{<frame}}{{$title}}…{{/title}}{{/frame}}); no lambdas and no
 * dynamic names. A template is parsed once and rendered many times. Data comes through an
 * interface that streams: nobody asks for the length of a list or for an item twice.
 *
 * Functions that can fail return false and put a sentence into `error`, "FILE:LINE: what is wrong".
 */
#ifndef TURNOUT_MUSTACHE_H
#define TURNOUT_MUSTACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "gen/buffer.h"
#include "gen/escape.h"

enum {
	MUSTACHE_DEPTH_MAX = 64,	/* sections, partials and parents inside each other */
	MUSTACHE_OUTPUT_MAX = 64 << 20		/* bytes one rendering may add */
};

struct mustache_error {
	char	text[512];
};

struct mustache_options {
	enum escape_kind escape;	/* what {{name}} is escaped for */
	/*
	 * For pages: a name that nobody offers, a partial that is not there, {{{raw}}} of a name
	 * that does not end in "_markup", text of a {{<parent}} outside its blocks, and in
	 * HTML an insertion where escaping does not help (script, style, comment, tag, attribute
	 * without quotes) are errors. Otherwise as the specification says: mostly nothing is shown.
	 */
	bool		 is_strict;
};

/* A parsed template; {0} is an empty one. Owns a copy of its source. */
struct mustache_template {
	char			*file;		/* for messages */
	char			*text;
	struct mustache_node	*nodes;
	size_t			 count, capacity;
};

/*
 * Parse `length` bytes of `text`, keeping a copy; `file` is the name in messages. On failure the
 * template is empty. mustache_clear() gives back what it owns.
 */
bool	mustache_parse(struct mustache_template *template, const char *file, const char *text,
	    size_t length, const struct mustache_options *options, struct mustache_error *error);
void	mustache_clear(struct mustache_template *template);

/*
 * The partials and parents of one kind of file: each is loaded when first named, then kept. `load`
 * finds the source of `name`, adds it to `text` and its name for messages to `file`; *is_there is
 * false if there is none. It returns false with a sentence when it cannot tell.
 */
struct mustache_loader {
	void	*handle;
	bool	(*load)(void *handle, const char *name, size_t length, struct buffer *file,
		    struct buffer *text, bool *is_there, struct mustache_error *error);
};

struct mustache_set {
	struct mustache_options		  options;
	struct mustache_loader		  loader;
	struct mustache_set_entry	**entries;
	size_t				  count, capacity;
};

void	mustache_set_init(struct mustache_set *set, const struct mustache_options *options,
	    const struct mustache_loader *loader);
void	mustache_set_clear(struct mustache_set *set);

/* *found is the template of that name, owned by the set, or NULL if there is none. */
bool	mustache_set_find(struct mustache_set *set, const char *name, size_t length,
	    const struct mustache_template **found, struct mustache_error *error);

/*
 * A loader's `load` for a folder: its handle is a struct mustache_folder, NAME is
 * PATH/NAME.EXTENSION. A name with a slash or a dot in front is none of the folder.
 */
struct mustache_folder {
	const char	*path;
	const char	*extension;
};

bool	mustache_folder_load(void *folder, const char *name, size_t length, struct buffer *file,
	    struct buffer *text, bool *is_there, struct mustache_error *error);

/* What a name stands for. */
enum mustache_kind {
	MUSTACHE_MISSING,	/* nobody offers the name */
	/* offered, and nothing: NULL, false, 0; its text, if any, is still inserted */
	MUSTACHE_FALSE,
	MUSTACHE_TEXT,		/* a scalar that is true */
	MUSTACHE_LIST,		/* items, perhaps none; begin opens it */
	MUSTACHE_OBJECT		/* one item with members */
};

struct mustache_value {
	enum mustache_kind	 kind;
	const char		*text;	/* of TEXT and FALSE; valid until the source's next call */
	size_t			 length;
	const void		*item;	/* the source's own: what begin and member need to know */
};

/*
 * Where data comes from. The source keeps the stack of open contexts; all of these return false
 * with a sentence (no file and line: the engine adds them) when the data cannot be had.
 */
struct mustache_source {
	void	*handle;
	/*
	 * Look `name` up, innermost context first; "." is the current item itself. *value comes in
	 * empty. While the template lives, the same tag always gives the same address: a source may
	 * remember by it.
	 */
	bool	(*find)(void *handle, const char *name, size_t length, struct mustache_value *value,
		    struct mustache_error *error);
	/* The member `name` of `of` alone, for dotted names. NULL: dotted names are MISSING. */
	bool	(*member)(void *handle, const struct mustache_value *of, const char *name,
		    size_t length, struct mustache_value *value, struct mustache_error *error);
	/*
	 * A section opens on a LIST, an OBJECT or a TEXT, steps to the first and every next item,
	 * which is then the innermost context, and closes: begin, next …, end. An OBJECT and a TEXT
	 * have one item. Every begin that succeeded has its end, also after a fault and before the
	 * last item.
	 */
	bool	(*begin)(void *handle, const struct mustache_value *value,
	    struct mustache_error *error);
	bool	(*next)(void *handle, bool *has_item, struct mustache_error *error);
	void	(*end)(void *handle);
	/*
	 * May be NULL. What the section of the tag `name` (its address, see find) on that LIST was
	 * for an item such as the current one: *text, valid until the source's next call. False:
	 * not known, and what it becomes is told to keep, before the next item.
	 */
	bool	(*recall)(void *handle, const char *name, const struct mustache_value *value,
		    const char **text, size_t *length);
	void	(*keep)(void *handle, const char *name, const struct mustache_value *value,
		    const char *text, size_t length);
};

/*
 * Add the page to `out`. The options are the set's, which also has the partials. After a fault what
 * was added so far stays in `out`.
 */
bool	mustache_render(const struct mustache_template *template, struct mustache_set *set,
	    const struct mustache_source *source, struct buffer *out, struct mustache_error *error);

/* How a template uses a name. */
enum mustache_use {
	MUSTACHE_USE_VARIABLE,	/* {{name}} */
	MUSTACHE_USE_RAW,	/* {{{name}}}, {{&name}} */
	MUSTACHE_USE_SECTION,	/* {{#name}}; what follows up to its CLOSE is inside */
	MUSTACHE_USE_INVERTED,	/* {{^name}}; likewise */
	MUSTACHE_USE_CLOSE,	/* {{/name}} of a section or an inverted section */
	MUSTACHE_USE_PARTIAL,	/* {{>name}}; its content follows */
	MUSTACHE_USE_PARENT,	/* {{<name}}; its content follows, with the blocks put in */
	MUSTACHE_USE_BLOCK,	/* {{$name}}; the content it has here follows */
	MUSTACHE_USE_END
};

struct mustache_name {
	enum mustache_use	 use;
	const char		*name;		/* not terminated */
	size_t			 length;
	const char		*file;
	unsigned int		 line;
};

/*
 * Visit every name in the order of rendering as if every section had one item, through partials,
 * parents and blocks, so that a page can be checked before it has data. A partial that
 * contains itself is entered once. Stops with false when `visit` says false.
 */
bool	mustache_names(const struct mustache_template *template, struct mustache_set *set,
	    bool (*visit)(void *handle, const struct mustache_name *name,
	    struct mustache_error *error), void *handle, struct mustache_error *error);

/* Put "FILE:LINE: " and the formatted sentence into `error`; always false, to be returned. */
bool	mustache_fail(struct mustache_error *error, const char *file, unsigned int line,
	    const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
