// SPDX-License-Identifier: ISC
/*
 * log.h: one line per event on standard error, key=value, times in UTC.
 *
 * No names of people, no addresses of clients, no secrets: a part of a path that may be a
 * capability or a code is shown as "…". A line is one write, so the lines of many threads never
 * mix.
 */
#ifndef TURNOUT_LOG_H
#define TURNOUT_LOG_H

#include <stddef.h>

/*
 * Write "time=… " and the formatted text, cut to 1,000 bytes; control bytes in it become \xNN. Waits
 * a second at most for whoever reads the log, and then no more: while that stands still, lines are
 * lost, and afterwards a line says how many.
 */
void	log_event(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * `path` as it may be logged, into `text` (`size` bytes, at least 8): everything after /validate/,
 * and every sequence of 20 or more letters and digits, becomes "…"; cut where it does not fit.
 */
void	log_path(const char *path, char *text, size_t size);

#endif
