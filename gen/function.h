// SPDX-License-Identifier: ISC
/*
 * function.h: the SQL functions that page queries have besides SQLite's own.
 *
 * Instants are seconds since 1970, dates and times are text as in db/schema.sql. NULL in the first
 * argument gives NULL. A language is that of the page (:language) or a row's.
 *
 *   run_state(date, start, end, zone, opens_min, closes_min, is_cancelled, now)
 *                                        scheduled, open, closed, cancelled
 *   run_is_over(date, start, end, zone, opens_min, closes_min, now)
 *                                        1 when check-in has closed, also of a cancelled run
 *   run_opens, run_starts, run_ends, run_closes (date, start, end, zone, opens_min, closes_min)
 *                                        instant
 *   instant(date, time, zone)            of a wall time
 *   iso(instant, zone)                   2026-11-20T18:30:00+00:00
 *   wall_time(instant, zone)             18:30
 *   wall_date(instant, zone)             2026-11-20
 *   zone_short(date, time, zone)         GMT
 *   date_words(date, language)           Friday 20 November 2026
 *   date_short(date, language)           Fri 20 Nov
 *   date_near(date, today, language)     Fri 20 Nov, or Fri 20 Nov 2026 when that is another year
 *   day_words, day_short, day_year(date, language)  20 November, 20 Nov, 20 Nov 2026
 *   month_words, month_name, month_short, month_letter(month, language)  November 2026, November,
 *                                                                        Nov, N; of 2026-11 or a
 *                                                                        date
 *   weekday_name, weekday_short, weekday_letters(date, language)  Friday, Fri, Fr
 *   week_field(date, language)           0 to 6: how many days of its week are over
 *   weekday(date)                        1 Monday to 7 Sunday
 *   date_add(date, days)                 2026-11-21
 *   percent(number, language)            14%, as {{NUMBER.percent}} has it
 *   rule_words(rule, language)           every Tuesday
 *   word(key, language)                  the text of templates/messages/, for markup that a query
 *                                        makes; one that depends on nothing
 *   utc_stamp(instant)                   20261120T183000Z
 *   vtimezone_markup(zone)               a VTIMEZONE component
 *   code_token(run_id, key, expires)     what a poster shows
 *   code_shown(run_id, key, is_single, number)  what a screen shows: the code of a slot, or of a
 *                                               serial for one person
 *   code_typed(key, typed, now)          what it shows to be typed; typed: digits, letters
 *   slot_at(now, interval_s)             the slot that is shown; slot_begins(slot, interval_s) and
 *                                        slot_valid_until(slot, interval_s): from when, and how
 *                                        long its code is taken
 *   proof_level(proof), level_name(level)   what a proof is worth, a number (core/proof.h), and its
 *                                           name
 *   mark(status, proof, level)           of an entry of a report: 1 present, 2 late, 3 excused, 4
 *                                        absent; 5 came with a lesser proof than that level
 *   lines(person_id, group_id, size, place, status, proof, level, late_s)
 *                                        of all rows: a line for each person in each group, as a
 *                                        BLOB for each_line, which gives them ordered by person and
 *                                        group: person_id, group_id; marks: a digit for each of the
 *                                        group's `size` dates, that of a row at its place from 1, 0
 *                                        elsewhere; how often they came, were late, excused and
 *                                        unproven; minutes late in all, and worst, the most of one
 *                                        date; printed, screen, place and host: how often they came
 *                                        with a proof of that level or more. A row without a status
 *                                        (NULL) only has the line be there
 *   marked(marks, digits)                how many of them are one of the digits
 *   missed_longest(marks), missed_now(marks)   how many dates in a row were missed, at most and at
 *                                              the end; a mark of 1 or 2 is there, 3 is skipped
 *   steps_path(x, width, height)         of a group's rows: SVG path data, each row a line across
 *                                        to x, and from there one up: H-15l5 -9
 *   came_in(month)                       how many came to all runs of a month, kept between
 *                                        publishes
 *   form_address(address, code)          HTTPS://HOST/R/#CODE
 *   qr_png(text)                         a PNG, BLOB
 *   qr_path(text)                        SVG path data in modules
 *   qr_size(text)                        modules across, quiet zone included
 */
#ifndef TURNOUT_FUNCTION_H
#define TURNOUT_FUNCTION_H

#include "core/status.h"

struct driver;
struct tongues;

/*
 * Add them all to a connection. `tongues` are the languages they speak, there before the first call
 * and as long as the connection.
 */
enum status	function_add_all(struct driver *driver, const struct tongues *tongues);

#endif
