// SPDX-License-Identifier: ISC
/*
 * log.h: one line an event on standard error, key=value, UTC.
 *
 * No names of people, no addresses of clients, and no secret: what in a path may be a capability or
 * a code is shown as "…". A line is one write, so lines of many threads never mix.
 */
#ifndef TURNOUT_LOG_H
#define TURNOUT_LOG_H

#include <stddef.h>

/*
 * Write "time=… " and the formatted text; control bytes in it become \xNN, what is over 1,000 bytes
 * is cut.
 */
void	log_event(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * `path` as it may be logged, into `text` (`size` bytes, at least 8): what follows /validate/ and
 * every run of 20 letters and digits or more become "…"; the end is cut when there is no room.
 */
void	log_path(const char *path, char *text, size_t size);

#endif
