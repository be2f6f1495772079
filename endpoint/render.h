// SPDX-License-Identifier: ISC
/*
 * render.h: writes JSON (RFC 8259), straight into the body of a reply.
 *
 * Values appear in the order of the calls. `key` needs no escaping; in a list it is NULL. Texts are
 * UTF-8, as in the store. Once memory is lacking nothing more is written, and the reply is 500.
 */
#ifndef TURNOUT_RENDER_H
#define TURNOUT_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/store.h"
#include "endpoint/http.h"

struct render {
	char	*text;		/* malloc'd, without a NUL; NULL: memory is lacking */
	size_t	 length, size;	/* bytes */
};

/*
 * Begin an object, and end it, which makes the text the body of `reply`, with HTTP status `http`.
 * Nothing else needs to be released.
 */
void	render_begin(struct render *render);
void	render_reply(struct render *render, struct reply *reply, int http);

void	render_object(struct render *render, const char *key);
void	render_object_end(struct render *render);
void	render_list(struct render *render, const char *key);
void	render_list_end(struct render *render);

void	render_string(struct render *render, const char *key, const char *text);
void	render_number(struct render *render, const char *key, int64_t number);
void	render_truth(struct render *render, const char *key, bool truth);
void	render_null(struct render *render, const char *key);

/* A text, or null when it is ""; a number, or null when it is 0. */
void	render_text(struct render *render, const char *key, const char *text);
void	render_count(struct render *render, const char *key, int count);

/*
 * What everybody may know of a run, its state at `now`, and what its check-in asks for; null when
 * run->id is 0.
 */
void	render_run(struct render *render, const char *key, const struct run *run,
		    const struct run_window *window, int64_t now);

/* "18:31" in the run's zone, or ISO 8601 with an offset; null for 0 or out of range. */
void	render_time(struct render *render, const char *key, int64_t instant, const struct run *run);
void	render_iso(struct render *render, const char *key, int64_t instant, const struct run *run);

/* The words of `words`, which blanks separate, as a list. */
void	render_words(struct render *render, const char *key, const char *words);

#endif
