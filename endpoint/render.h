// SPDX-License-Identifier: ISC
/*
 * render.h: what JSON replies are made of. Every value is the caller's to hand on (jansson's "new reference").
 */
#ifndef TURNOUT_RENDER_H
#define TURNOUT_RENDER_H

#include <jansson.h>
#include <stdint.h>

#include "db/store.h"
#include "endpoint/http.h"

/* Fill `reply` with `json`, which is given up. */
void	render_reply(struct reply *reply, int http, json_t *json);

/* A text, or a number; null when it is empty, or 0. */
json_t	*render_text(const char *text);
json_t	*render_count(int count);

/* What everybody may know of a run, its state at `now`, and what its check-in asks for; null when there is none. */
json_t	*render_run(const struct run *run, const struct run_window *window, int64_t now);

/* "18:31" in the run's zone, or ISO 8601 with the offset; null for 0 and what cannot be told. */
json_t	*render_time(int64_t instant, const struct run *run);
json_t	*render_iso(int64_t instant, const struct run *run);

/* The words of a text with blanks between, as a list. */
json_t	*render_words(const char *words);

#endif
