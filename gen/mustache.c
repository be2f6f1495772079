// SPDX-License-Identifier: ISC
/*
 * mustache.c: nodes and data to a page, and nodes to the names they use.
 *
 * Rendering recurses over sections, partials and blocks. Nothing is allocated on the way but the
 * page itself and the indentation of partials, which share one buffer each.
 */
#include "gen/mustache_tree.h"

/* A parent tag being rendered. The parents around the place where it stands are its frame's. */
struct scope {
	const struct frame	*frame;
	uint32_t		 parent;	/* node index */
};

/* What applies to a stretch of nodes of one template. */
struct frame {
	const struct mustache_template	*template;
	const struct scope		*scope;
	const struct frame		*includer;	/* where its template was put in */
	size_t				 indent_at, indent_length;	/* in render->indents */
	size_t				 strip;	/* blanks to leave out where a line starts */
};

struct render {
	struct mustache_set		*set;
	const struct mustache_source	*source;
	struct buffer			*out;
	size_t				 out_start;
	struct buffer			 indents;
	struct mustache_error		*error;
	unsigned int			 depth;
	bool				(*visit)(void *, const struct mustache_name *,
					    struct mustache_error *);	/* NULL when rendering */
	void				*handle;
};

static bool	render_nodes(struct render *render, const struct frame *frame, uint32_t at,
		    uint32_t end);

static const char *
name_of(const struct frame *frame, const struct mustache_node *node)
{
	return frame->template->text + node->at;
}

/* Put file and line before what the source said. */
static bool
fail_at(struct render *render, const struct frame *frame, const struct mustache_node *node)
{
	struct mustache_error	inner = *render->error;

	return mustache_fail(render->error, frame->template->file, node->line, "%s", inner.text);
}

static void
put_indent(struct render *render, const struct frame *frame)
{
	if (frame->indent_length > 0)
		buffer_append(render->out, render->indents.data + frame->indent_at,
		    frame->indent_length);
}

static void
put_literal(struct render *render, const struct frame *frame, const struct mustache_node *node)
{
	const char	*at = frame->template->text + node->at, *end = at + node->length, *stop;
	bool		 is_line_start = node->is_line_start;
	size_t		 strip;

	if (frame->indent_length == 0 && frame->strip == 0) {
		buffer_append(render->out, at, node->length);
		return;
	}
	do {
		if (is_line_start) {
			put_indent(render, frame);
			for (strip = frame->strip; strip > 0 && at < end &&
			    (*at == ' ' || *at == '\t'); strip--)
				at++;
		}
		stop = memchr(at, '\n', (size_t)(end - at));
		stop = stop == NULL ? end : stop + 1;
		buffer_append(render->out, at, (size_t)(stop - at));
		at = stop;
		is_line_start = true;
	} while (at < end);
}

/* The frame for what `node` puts in: its indentation is added to that around it. */
static void
enter_indent(struct render *render, const struct frame *frame, const struct mustache_node *node,
    struct frame *inner)
{
	size_t	strip = node->indent_length < frame->strip ? node->indent_length : frame->strip;

	inner->indent_at = render->indents.length;
	inner->indent_length = 0;
	if (!node->is_standalone || frame->indent_length + node->indent_length - strip == 0)
		return;
	buffer_reserve(&render->indents, frame->indent_length + node->indent_length);
	if (frame->indent_length > 0)
		buffer_append(&render->indents, render->indents.data + frame->indent_at,
		    frame->indent_length);
	buffer_append(&render->indents, frame->template->text + node->indent_at + strip,
	    node->indent_length - strip);
	inner->indent_length = render->indents.length - inner->indent_at;
}

static bool
enter(struct render *render, const struct frame *frame, const struct mustache_node *node)
{
	if (render->depth == MUSTACHE_DEPTH_MAX)
		return mustache_fail(render->error, frame->template->file, node->line,
		    "“%.*s” is more than %d deep; does a partial contain itself?",
		    (int)node->length, name_of(frame, node), MUSTACHE_DEPTH_MAX);
	render->depth++;
	return true;
}

/* Look a dotted name up, part by part. */
static bool
find_parts(struct render *render, const char *name, size_t length, struct mustache_value *value)
{
	const struct mustache_source	*source = render->source;
	const char			*end = name + length, *dot = memchr(name, '.', length);
	struct mustache_value		 of;
	bool				 is_read;

	if (source->member == NULL)
		return true;
	is_read = source->find(source->handle, name, (size_t)(dot - name), value, render->error);
	while (is_read && dot != NULL && value->kind != MUSTACHE_MISSING) {
		of = *value;
		*value = (struct mustache_value){ 0 };
		name = dot + 1;
		dot = memchr(name, '.', (size_t)(end - name));
		is_read = source->member(source->handle, &of, name,
		    (size_t)((dot != NULL ? dot : end) - name), value, render->error);
	}
	return is_read;
}

/* Say that nobody offers the node's name. */
static bool
fail_missing(struct render *render, const struct frame *frame, const struct mustache_node *node)
{
	return mustache_fail(render->error, frame->template->file, node->line,
	    "no query offers “%.*s”", (int)node->length, name_of(frame, node));
}

/* Look the node's name up. */
static inline bool
find_value(struct render *render, const struct frame *frame, const struct mustache_node *node,
    struct mustache_value *value)
{
	const struct mustache_source	*source = render->source;
	bool				 is_read;

	*value = (struct mustache_value){ 0 };
	is_read = node->is_dotted ? find_parts(render, name_of(frame, node), node->length, value) :
	    source->find(source->handle, name_of(frame, node), node->length, value, render->error);
	if (!is_read)
		return fail_at(render, frame, node);
	return value->kind != MUSTACHE_MISSING || !render->set->options.is_strict ||
	    fail_missing(render, frame, node);
}

static bool
render_variable(struct render *render, const struct frame *frame, const struct mustache_node *node)
{
	struct mustache_value	value;
	bool			is_scalar;

	if (!find_value(render, frame, node, &value))
		return false;
	is_scalar = value.kind == MUSTACHE_TEXT || value.kind == MUSTACHE_FALSE;
	if (is_scalar && node->kind == NODE_RAW)
		buffer_append(render->out, value.text, value.length);
	else if (is_scalar && value.length > 0)
		escape_append(render->out, render->set->options.escape, value.text, value.length);
	else if ((value.kind == MUSTACHE_LIST || value.kind == MUSTACHE_OBJECT) &&
	    render->set->options.is_strict)
		return mustache_fail(render->error, frame->template->file, node->line,
		    "“%.*s” is a list, not a value; open it with {{#%.*s}}", (int)node->length,
		    name_of(frame, node), (int)node->length, name_of(frame, node));
	return true;
}

/* Render what is inside the section for the current item, or take what it was for another such. */
static bool
render_item(struct render *render, const struct frame *frame, uint32_t index,
    const struct mustache_value *value, bool can_recall)
{
	const struct mustache_source	*source = render->source;
	const struct mustache_node	*node = &frame->template->nodes[index];
	const char			*name = name_of(frame, node), *text;
	const size_t			 at = render->out->length;
	size_t				 length;

	if (can_recall && source->recall(source->handle, name, value, &text, &length)) {
		buffer_append(render->out, text, length);
		return true;
	}
	/* The close tag is one of them: it may begin a line. */
	if (!render_nodes(render, frame, index + 1, node->end + 1))
		return false;
	if (can_recall)
		source->keep(source->handle, name, value, render->out->data + at,
		    render->out->length - at);
	return true;
}

/*
 * Open the section on its value and render what is inside, once per item; *is_empty: there was
 * none.
 */
static bool
render_items(struct render *render, const struct frame *frame, uint32_t index,
    const struct mustache_value *value, bool *is_empty)
{
	const struct mustache_source	*source = render->source;
	const struct mustache_node	*node = &frame->template->nodes[index];
	/* Where lines are indented it would be another text. */
	const bool			 can_recall = source->recall != NULL &&
	    value->kind == MUSTACHE_LIST && frame->indent_length == 0 && frame->strip == 0;
	bool				 has_item = false, is_done = true;

	*is_empty = true;
	if (!source->begin(source->handle, value, render->error))
		return fail_at(render, frame, node);
	for (;;) {
		if (!source->next(source->handle, &has_item, render->error)) {
			is_done = fail_at(render, frame, node);
			break;
		}
		if (!has_item)
			break;
		*is_empty = false;
		if (node->kind == NODE_INVERTED)
			break;
		is_done = render_item(render, frame, index, value, can_recall);
		if (!is_done)
			break;
	}
	source->end(source->handle);
	return is_done;
}

/* A section, and what else there is: a name is looked up once for both, and a list opened once. */
static bool
render_section(struct render *render, const struct frame *frame, uint32_t *at)
{
	const struct mustache_node	*nodes = frame->template->nodes, *node = &nodes[*at];
	const uint32_t			 otherwise = node->has_else ? node->end + 1 : *at;
	struct mustache_value		 value;
	bool				 is_done = true, is_empty;

	*at = nodes[otherwise].end;
	if (!find_value(render, frame, node, &value) || !enter(render, frame, node))
		return false;
	is_empty = value.kind == MUSTACHE_MISSING || value.kind == MUSTACHE_FALSE;
	if (value.kind == MUSTACHE_LIST || (!is_empty && node->kind == NODE_SECTION))
		is_done = render_items(render, frame, (uint32_t)(node - nodes), &value, &is_empty);
	if (is_done && is_empty && nodes[otherwise].kind == NODE_INVERTED)
		is_done = render_nodes(render, frame, otherwise + 1, nodes[otherwise].end + 1);
	render->depth--;
	return is_done;
}

/* Is the template being walked already, further out? */
static bool
is_entered(const struct frame *frame, const struct mustache_template *template)
{
	for (; frame != NULL; frame = frame->includer) {
		if (frame->template == template)
			return true;
	}
	return false;
}

/* A partial, or a parent with the blocks inside its tag. */
static bool
render_partial(struct render *render, const struct frame *frame, uint32_t index)
{
	const struct mustache_node	*node = &frame->template->nodes[index];
	const struct mustache_template	*partial;
	struct scope			 scope = { frame, index };
	struct frame			 inner = { .includer = frame, .scope = frame->scope };
	bool				 is_done;

	if (!mustache_set_find(render->set, name_of(frame, node), node->length, &partial,
	    render->error))
		return false;
	if (partial == NULL && render->set->options.is_strict)
		return mustache_fail(render->error, frame->template->file, node->line,
		    "there is no partial “%.*s”", (int)node->length, name_of(frame, node));
	if (partial == NULL || (render->visit != NULL && is_entered(frame, partial)))
		return true;
	if (!enter(render, frame, node))
		return false;
	inner.template = partial;
	if (node->kind == NODE_PARENT)
		inner.scope = &scope;
	enter_indent(render, frame, node, &inner);
	is_done = render_nodes(render, &inner, 0, (uint32_t)partial->count);
	render->indents.length = inner.indent_at;
	render->depth--;
	return is_done;
}

/* The block of that name directly inside the parent tag; NULL if there is none. */
static const struct mustache_node *
find_argument(const struct scope *scope, const char *name, size_t length)
{
	const struct mustache_template	*template = scope->frame->template;
	const struct mustache_node	*nodes = template->nodes;

	for (uint32_t at = scope->parent + 1; at < nodes[scope->parent].end; at++) {
		if (nodes[at].kind == NODE_BLOCK && nodes[at].length == length &&
		    memcmp(template->text + nodes[at].at, name, length) == 0)
			return &nodes[at];
		if (nodes[at].end > at)
			at = nodes[at].end;
	}
	return NULL;
}

/* A block: the outermost parent tag that has one of that name decides, else what is here. */
static bool
render_block(struct render *render, const struct frame *frame, uint32_t index)
{
	const struct mustache_node	*node = &frame->template->nodes[index], *content = node,
	    *found;
	const struct scope		*decider = NULL;
	struct frame			 inner = *frame, argument;
	bool				 is_done;

	if (!enter(render, frame, node))
		return false;
	for (const struct scope *scope = frame->scope; scope != NULL;
	    scope = scope->frame->scope) {
		found = find_argument(scope, name_of(frame, node), node->length);
		if (found != NULL) {
			content = found;
			decider = scope;
		}
	}
	enter_indent(render, frame, node, &inner);
	if (node->is_standalone && !content->has_own_lines && render->visit == NULL)
		put_indent(render, &inner);
	if (decider != NULL) {
		argument = *decider->frame;
		argument.indent_at = inner.indent_at;
		argument.indent_length = inner.indent_length;
		argument.strip = content->strip;
		is_done = render_nodes(render, &argument,
		    (uint32_t)(content - argument.template->nodes) + 1, content->end);
	} else
		is_done = render_nodes(render, frame, index + 1, content->end + 1);
	render->indents.length = inner.indent_at;
	render->depth--;
	return is_done;
}

static bool
visit_name(struct render *render, const struct frame *frame, const struct mustache_node *node,
    enum mustache_use use)
{
	struct mustache_name	name = { use, name_of(frame, node), node->length,
		frame->template->file, node->line };

	return render->visit(render->handle, &name, render->error);
}

/* Visit the name of node *at and what it puts in; *at becomes the last node that is done with. */
static bool
visit_node(struct render *render, const struct frame *frame, uint32_t *at)
{
	const struct mustache_node	*nodes = frame->template->nodes, *node = &nodes[*at];
	uint32_t			 index = *at;

	switch (node->kind) {
	case NODE_LITERAL:
	case NODE_CLOSE:
		return true;
	case NODE_VARIABLE:
		return visit_name(render, frame, node, MUSTACHE_USE_VARIABLE);
	case NODE_RAW:
		return visit_name(render, frame, node, MUSTACHE_USE_RAW);
	case NODE_SECTION:
	case NODE_INVERTED:
		*at = node->end;
		return visit_name(render, frame, node, node->kind == NODE_SECTION ?
		    MUSTACHE_USE_SECTION : MUSTACHE_USE_INVERTED) &&
		    render_nodes(render, frame, index + 1, node->end) &&
		    visit_name(render, frame, &nodes[node->end], MUSTACHE_USE_CLOSE);
	case NODE_PARTIAL:
		return visit_name(render, frame, node, MUSTACHE_USE_PARTIAL) &&
		    render_partial(render, frame, index);
	case NODE_PARENT:
		*at = node->end;
		return visit_name(render, frame, node, MUSTACHE_USE_PARENT) &&
		    render_partial(render, frame, index);
	case NODE_BLOCK:
		*at = node->end;
		return visit_name(render, frame, node, MUSTACHE_USE_BLOCK) &&
		    render_block(render, frame, index);
	}
	return true;
}

/* Render node *at; *at becomes the last node that is done with. */
static bool
render_node(struct render *render, const struct frame *frame, uint32_t *at)
{
	const struct mustache_node	*node = &frame->template->nodes[*at];
	uint32_t			 index = *at;

	if (node->kind == NODE_LITERAL) {
		put_literal(render, frame, node);
		return true;
	}
	if (node->is_line_start)
		put_indent(render, frame);
	switch (node->kind) {
	case NODE_LITERAL:
	case NODE_CLOSE:
		return true;
	case NODE_VARIABLE:
	case NODE_RAW:
		return render_variable(render, frame, node);
	case NODE_SECTION:
	case NODE_INVERTED:
		return render_section(render, frame, at);
	case NODE_PARTIAL:
		return render_partial(render, frame, index);
	case NODE_PARENT:
		*at = node->end;
		return render_partial(render, frame, index);
	case NODE_BLOCK:
		*at = node->end;
		return render_block(render, frame, index);
	}
	return true;
}

static bool
visit_nodes(struct render *render, const struct frame *frame, uint32_t at, uint32_t end)
{
	for (; at < end; at++) {
		if (!visit_node(render, frame, &at))
			return false;
	}
	return true;
}

static bool
render_nodes(struct render *render, const struct frame *frame, uint32_t at, uint32_t end)
{
	if (render->visit != NULL || at == end)
		return visit_nodes(render, frame, at, end);
	for (; at < end; at++) {
		if (!render_node(render, frame, &at))
			return false;
	}
	if (render->out->length - render->out_start > MUSTACHE_OUTPUT_MAX)
		return mustache_fail(render->error, frame->template->file,
		    frame->template->nodes[end - 1].line,
		    "the page is larger than %d MiB; split it into several pages",
		    MUSTACHE_OUTPUT_MAX >> 20);
	return true;
}

bool
mustache_render(const struct mustache_template *template, struct mustache_set *set,
    const struct mustache_source *source, struct buffer *out, struct mustache_error *error)
{
	struct render	render = { .set = set, .source = source, .out = out,
		.out_start = out->length, .error = error };
	struct frame	frame = { .template = template };
	bool		is_done;

	is_done = render_nodes(&render, &frame, 0, (uint32_t)template->count);
	buffer_clear(&render.indents);
	return is_done;
}

bool
mustache_names(const struct mustache_template *template, struct mustache_set *set,
    bool (*visit)(void *handle, const struct mustache_name *name, struct mustache_error *error),
    void *handle, struct mustache_error *error)
{
	struct render	render = { .set = set, .error = error, .visit = visit, .handle = handle };
	struct frame	frame = { .template = template };
	bool		is_done;

	is_done = render_nodes(&render, &frame, 0, (uint32_t)template->count);
	buffer_clear(&render.indents);
	return is_done;
}
