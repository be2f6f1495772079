// SPDX-License-Identifier: ISC
/* function.c: thin wrappers that lend the rules of core/ and the QR images to SQL. */
#include "gen/function.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/address.h"
#include "core/code.h"
#include "core/proof.h"
#include "core/run.h"
#include "core/slot.h"
#include "core/vtimezone.h"
#include "core/wall.h"
#include "db/sql.h"
#include "gen/lines.h"
#include "gen/message.h"
#include "gen/qr.h"
#include "gen/rule.h"

/* NULL in, NULL out. */
static bool
is_nothing(struct sql_call *call)
{
	if (!sql_call_is_null(call, 0))
		return false;
	sql_call_give_text(call, NULL);
	return true;
}

/* Text argument, "" for NULL. */
static const char *
text(struct sql_call *call, int argument)
{
	const char *value = sql_call_text(call, argument);

	return value == NULL ? "" : value;
}

#define REMEMBERED	16

/* A copy of what a window follows from. */
struct remembered {
	char			 date[WALL_DATE_SIZE], start[WALL_TIME_SIZE], end[WALL_TIME_SIZE],
	    zone[64];
	int			 opens_min, closes_min;
	struct run_window	 window;
};

static bool
is_same(const struct remembered *last, const struct run_time *time)
{
	return last->zone[0] != '\0' && strcmp(last->date, time->date) == 0 &&
	    strcmp(last->start, time->start) == 0 &&
	    strcmp(last->end, time->end == NULL ? "" : time->end) == 0 &&
	    strcmp(last->zone, time->zone) == 0 && last->opens_min == time->opens_min &&
	    last->closes_min == time->closes_min;
}

/* Which of the windows remembered it may be: runs near each other have places of their own. */
static size_t
place_of(const struct run_time *time)
{
	const char *at;
	size_t sum = 0;

	for (at = time->date; *at != '\0'; at++)
		sum += (unsigned char)*at;
	for (at = time->start; *at != '\0'; at++)
		sum += (unsigned char)*at;
	return sum % REMEMBERED;
}

/* run_window; a row asks for the same one several times, and pages for those around today. */
static bool
window_of(const struct run_time *time, struct run_window *window)
{
	static _Thread_local struct remembered windows[REMEMBERED];
	struct remembered *last = &windows[place_of(time)];

	if (!is_same(last, time)) {
		if (run_window(time, window) != ST_OK)
			return false;
		*last = (struct remembered){ .opens_min = time->opens_min,
		    .closes_min = time->closes_min, .window = *window };
		snprintf(last->date, sizeof last->date, "%s", time->date);
		snprintf(last->start, sizeof last->start, "%s", time->start);
		snprintf(last->end, sizeof last->end, "%s", time->end == NULL ? "" : time->end);
		snprintf(last->zone, sizeof last->zone, "%s", time->zone);
	}
	*window = last->window;
	return true;
}

/* The first six arguments of the run_* functions. */
static bool
read_window(struct sql_call *call, struct run_time *time, struct run_window *window)
{
	*time = (struct run_time){
		.date = text(call, 0), .start = text(call, 1), .end = sql_call_text(call, 2),
		.zone = text(call, 3),
		.opens_min = (int)sql_call_int(call, 4), .closes_min = (int)sql_call_int(call, 5),
	};
	if (window_of(time, window))
		return true;
	sql_call_fail(call, "a run whose date, time or zone is not valid");
	return false;
}

/* The state of a run that is not cancelled; false when it was said that there is none. */
static bool
read_state(struct sql_call *call, int64_t now, enum run_state *state)
{
	struct run_time time;
	struct run_window window;

	*state = run_state_far(text(call, 0), now);
	if (*state != RUN_STATE_END)
		return true;
	if (!read_window(call, &time, &window))
		return false;
	*state = run_state(&time, &window, now);
	return true;
}

static void
sql_run_state(struct sql_call *call)
{
	enum run_state state = RUN_CANCELLED;

	if (!is_nothing(call) &&
	    (sql_call_int(call, 6) != 0 || read_state(call, sql_call_int(call, 7), &state)))
		sql_call_give_text(call, run_state_name(state));
}

static void
sql_run_is_over(struct sql_call *call)
{
	enum run_state state;

	if (!is_nothing(call) && read_state(call, sql_call_int(call, 6), &state))
		sql_call_give_int(call, state == RUN_CLOSED);
}

#define WINDOW_FUNCTION(member)						\
	static void							\
	sql_run_##member(struct sql_call *call)				\
	{								\
		struct run_time time;					\
		struct run_window window;				\
									\
		if (!is_nothing(call) && read_window(call, &time, &window)) \
			sql_call_give_int(call, window.member);		\
	}
WINDOW_FUNCTION(opens)
WINDOW_FUNCTION(starts)
WINDOW_FUNCTION(ends)
WINDOW_FUNCTION(closes)

static void
sql_instant(struct sql_call *call)
{
	int64_t instant;

	if (is_nothing(call))
		return;
	if (wall_instant(text(call, 0), text(call, 1), text(call, 2), &instant) == ST_OK)
		sql_call_give_int(call, instant);
	else
		sql_call_fail(call, "instant: not a date, time and zone");
}

static void
sql_iso(struct sql_call *call)
{
	char iso[WALL_ISO_SIZE];

	if (is_nothing(call))
		return;
	if (wall_iso(sql_call_int(call, 0), text(call, 1), iso) == ST_OK)
		sql_call_give_text(call, iso);
	else
		sql_call_fail(call, "iso: not a zone");
}

static void
sql_wall_time(struct sql_call *call)
{
	char date[WALL_DATE_SIZE], time[WALL_TIME_SIZE];

	if (is_nothing(call))
		return;
	if (wall_local(sql_call_int(call, 0), text(call, 1), date, time) == ST_OK)
		sql_call_give_text(call, time);
	else
		sql_call_fail(call, "wall_time: not a zone");
}

static void
sql_wall_date(struct sql_call *call)
{
	char date[WALL_DATE_SIZE], time[WALL_TIME_SIZE];

	if (is_nothing(call))
		return;
	if (wall_local(sql_call_int(call, 0), text(call, 1), date, time) == ST_OK)
		sql_call_give_text(call, date);
	else
		sql_call_fail(call, "wall_date: not a zone");
}

static void
sql_zone_short(struct sql_call *call)
{
	char name[16];
	int64_t instant;

	if (is_nothing(call))
		return;
	if (wall_instant(text(call, 0), text(call, 1), text(call, 2), &instant) == ST_OK
	    && wall_zone_short(instant, text(call, 2), name, sizeof name) == ST_OK)
		sql_call_give_text(call, name);
	else
		sql_call_fail(call, "zone_short: not a date, time and zone");
}

/* The language that argument number `argument` names. */
static const struct messages *
read_language(struct sql_call *call, int argument)
{
	return tongues_find(sql_call_handle(call), sql_call_text(call, argument));
}

/*
 * Answer with the date, or the first day of the month, in argument 0; the language is in number
 * `language`.
 */
static void
give_date(struct sql_call *call, enum locale_form form, int language)
{
	char first[WALL_DATE_SIZE], words[LOCALE_TEXT_SIZE];
	const char *date = text(call, 0);

	if (is_nothing(call))
		return;
	if (strlen(date) == 7 && form >= LOCALE_MONTH_WORDS && form <= LOCALE_MONTH_LETTER) {
		snprintf(first, sizeof first, "%.7s-01", date);
		date = first;
	}
	if (!wall_date_valid(date)) {
		sql_call_fail(call, "not a date");
		return;
	}
	locale_date(&read_language(call, language)->locale, form, date, words);
	sql_call_give_text(call, words);
}

#define DATE_FUNCTION(name, form)				\
	static void						\
	sql_##name(struct sql_call *call)			\
	{							\
		give_date(call, form, 1);			\
	}
DATE_FUNCTION(date_words, LOCALE_DATE_WORDS)
DATE_FUNCTION(date_short, LOCALE_DATE_SHORT)
DATE_FUNCTION(day_words, LOCALE_DAY_WORDS)
DATE_FUNCTION(day_short, LOCALE_DAY_SHORT)
DATE_FUNCTION(day_year, LOCALE_DAY_YEAR)
DATE_FUNCTION(month_words, LOCALE_MONTH_WORDS)
DATE_FUNCTION(month_name, LOCALE_MONTH_NAME)
DATE_FUNCTION(month_short, LOCALE_MONTH_SHORT)
DATE_FUNCTION(month_letter, LOCALE_MONTH_LETTER)
DATE_FUNCTION(weekday_name, LOCALE_WEEKDAY_NAME)
DATE_FUNCTION(weekday_short, LOCALE_WEEKDAY_SHORT)
DATE_FUNCTION(weekday_letters, LOCALE_WEEKDAY_LETTERS)

static void
sql_date_near(struct sql_call *call)
{
	give_date(call, strncmp(text(call, 0), text(call, 1), 4) == 0 ? LOCALE_DATE_SHORT
	    : LOCALE_DATE_SHORT_YEAR, 2);
}

static void
sql_week_field(struct sql_call *call)
{
	int first;

	if (is_nothing(call))
		return;
	first = atoi(read_language(call, 1)->locale.first_day);
	sql_call_give_int(call, (wall_weekday(text(call, 0)) - first + 7) % 7);
}

static void
sql_word(struct sql_call *call)
{
	const struct tongues *tongues = sql_call_handle(call);
	const char *word;

	if (is_nothing(call))
		return;
	word = messages_text(tongues_words(tongues,
	    (size_t)(read_language(call, 1) - tongues->list)), text(call, 0));
	if (word != NULL)
		sql_call_give_text(call, word);
	else
		sql_call_fail(call, "word: messages/en.json has no such text");
}

static void
sql_percent(struct sql_call *call)
{
	char words[LOCALE_TEXT_SIZE];
	const char *number = text(call, 0);

	if (is_nothing(call))
		return;
	locale_percent(&read_language(call, 1)->locale, number, strlen(number), words);
	sql_call_give_text(call, words);
}

static void
sql_weekday(struct sql_call *call)
{
	if (!is_nothing(call))
		sql_call_give_int(call, wall_weekday(text(call, 0)));
}

static void
sql_date_add(struct sql_call *call)
{
	char date[WALL_DATE_SIZE];

	if (is_nothing(call))
		return;
	if (wall_date_add(text(call, 0), (int)sql_call_int(call, 1), date) == ST_OK)
		sql_call_give_text(call, date);
	else
		sql_call_fail(call, "date_add: not a date");
}

static void
sql_rule_words(struct sql_call *call)
{
	const struct messages *messages;
	struct buffer words = { 0 };

	if (is_nothing(call))
		return;
	messages = read_language(call, 1);
	rule_words(&messages->locale, messages->language, text(call, 0), &words);
	sql_call_give_text(call, buffer_text(&words));
	buffer_clear(&words);
}

static void
sql_utc_stamp(struct sql_call *call)
{
	char stamp[32];
	struct tm utc;
	time_t instant = (time_t)sql_call_int(call, 0);

	if (is_nothing(call))
		return;
	if (gmtime_r(&instant, &utc) == NULL ||
	    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc) == 0)
		sql_call_fail(call, "utc_stamp: out of range");
	else
		sql_call_give_text(call, stamp);
}

/*
 * vtimezone_text of the zone asked for last: it walks through every change of the zone, and each
 * feed asks for the same. NULL: not a zone.
 */
static const char *
vtimezone_of(const char *zone)
{
	static char last[64];
	static char *component;

	if (component == NULL || strcmp(last, zone) != 0) {
		free(component);
		component = vtimezone_text(zone);
		snprintf(last, sizeof last, "%s", zone);
	}
	return component;
}

static void
sql_vtimezone(struct sql_call *call)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	const char *component;

	if (is_nothing(call))
		return;
	pthread_mutex_lock(&lock);
	component = vtimezone_of(text(call, 0));
	if (component == NULL)
		sql_call_fail(call, "vtimezone_markup: not a zone");
	else
		sql_call_give_text(call, component);
	pthread_mutex_unlock(&lock);
}

/* A run's key argument. */
static const uint8_t *
read_key(struct sql_call *call, int argument)
{
	size_t length;
	const void *key = sql_call_blob(call, argument, &length);

	if (length == CODE_KEY_BYTES)
		return key;
	sql_call_fail(call, "not a run's key");
	return NULL;
}

/* Answer with the token of `content`; the run's key is argument 1. */
static void
give_token(struct sql_call *call, const struct code_content *content)
{
	char token[CODE_TOKEN_SIZE];
	const uint8_t *key;

	if (is_nothing(call) || (key = read_key(call, 1)) == NULL)
		return;
	if (code_token_make(content, key, token) == ST_OK)
		sql_call_give_text(call, token);
	else
		sql_call_fail(call, "a token whose run, time or number is out of range");
}

static void
sql_code_token(struct sql_call *call)
{
	const struct code_content content = { .run_id = sql_call_int(call, 0), .kind = CODE_PRINTED,
	    .expires = sql_call_int(call, 2) };

	give_token(call, &content);
}

static void
sql_code_shown(struct sql_call *call)
{
	const struct code_content content = { .run_id = sql_call_int(call, 0),
	    .kind = sql_call_int(call, 2) != 0 ? CODE_SINGLE : CODE_SCREEN,
		.number = sql_call_int(call, 3) };

	give_token(call, &content);
}

static void
sql_code_typed(struct sql_call *call)
{
	char typed[CODE_DIGITS_SIZE];
	const uint8_t *key;

	if (is_nothing(call) || (key = read_key(call, 0)) == NULL)
		return;
	code_typed_make(strcmp(text(call, 1), "letters") == 0 ? CODE_LETTERS : CODE_DIGITS, key,
	    sql_call_int(call, 2), typed);
	sql_call_give_text(call, typed);
}

static void
sql_slot_at(struct sql_call *call)
{
	if (!is_nothing(call))
		sql_call_give_int(call, slot_at(sql_call_int(call, 0), (int)sql_call_int(call, 1)));
}

static void
sql_slot_begins(struct sql_call *call)
{
	if (!is_nothing(call))
		sql_call_give_int(call,
		    slot_begins(sql_call_int(call, 0), (int)sql_call_int(call, 1)));
}

static void
sql_slot_valid_until(struct sql_call *call)
{
	if (!is_nothing(call))
		sql_call_give_int(call,
		    slot_valid_until(sql_call_int(call, 0), (int)sql_call_int(call, 1)));
}

static void
sql_proof_level(struct sql_call *call)
{
	enum proof proof;

	if (is_nothing(call))
		return;
	if (proof_read(text(call, 0), &proof) == ST_OK)
		sql_call_give_int(call, proof_level(proof));
	else
		sql_call_fail(call, "proof_level: not a proof");
}

static void
sql_level_name(struct sql_call *call)
{
	int64_t level = sql_call_int(call, 0);

	if (is_nothing(call))
		return;
	if (level >= LEVEL_NONE && level < LEVEL_END)
		sql_call_give_text(call, level_name((enum level)level));
	else
		sql_call_fail(call, "level_name: not a level");
}

static void
sql_form_address(struct sql_call *call)
{
	char address[1024];

	if (is_nothing(call))
		return;
	if (address_form(text(call, 0), text(call, 1), address, sizeof address) == ST_OK)
		sql_call_give_text(call, address);
	else
		sql_call_fail(call, "form_address: too long, or not the address of a site");
}

static void
sql_qr_png(struct sql_call *call)
{
	struct buffer png = { 0 };

	if (is_nothing(call))
		return;
	if (qr_png(text(call, 0), &png))
		sql_call_give_blob(call, png.data, png.length);
	else
		sql_call_fail(call, "qr_png: too long for a QR symbol");
	buffer_clear(&png);
}

static void
sql_qr_path(struct sql_call *call)
{
	struct buffer path = { 0 };

	if (is_nothing(call))
		return;
	if (qr_path(text(call, 0), &path))
		sql_call_give_text(call, buffer_text(&path));
	else
		sql_call_fail(call, "qr_path: too long for a QR symbol");
	buffer_clear(&path);
}

static void
sql_qr_size(struct sql_call *call)
{
	if (!is_nothing(call))
		sql_call_give_int(call, qr_size(text(call, 0)));
}

/* ---- lines and marks of a report: templates/partials/report.sql ---- */

/* mark(status, proof, level): what an entry is worth where a proof is to be of that level. */
static void
sql_mark(struct sql_call *call)
{
	int64_t level = sql_call_int(call, 2);
	enum proof proof = PROOF_SESSION;

	if (is_nothing(call))
		return;
	if (level > 0 && proof_read(text(call, 1), &proof) != ST_OK)
		sql_call_fail(call, "mark: not a proof");
	else
		sql_call_give_int(call, lines_mark(text(call, 0), proof_level(proof), level));
}

/* A row of lines(person_id, group_id, size, place, status, proof, level, late_s). */
static void
sql_lines_row(struct sql_call *call)
{
	struct lines *lines = sql_call_state(call, sizeof *lines);
	struct line_entry entry = { .person_id = sql_call_int(call, 0),
	    .group_id = sql_call_int(call, 1), .size = sql_call_int(call, 2),
	    .place = sql_call_int(call, 3), .late_s = sql_call_int(call, 7) };
	const char *status = sql_call_text(call, 4);
	enum proof proof;

	if (lines == NULL)
		return;
	if (status != NULL) {
		if (proof_read(text(call, 5), &proof) != ST_OK) {
			sql_call_fail(call, "lines: not a proof");
			return;
		}
		entry.proof = proof_level(proof);
		entry.mark = lines_mark(status, entry.proof, sql_call_int(call, 6));
	}
	if (!lines_add(lines, &entry))
		sql_call_fail(call, "lines: a group's number of dates is not one of 1 to 1000000");
}

static void
sql_lines_result(struct sql_call *call)
{
	struct lines *lines = sql_call_state(call, 0), none = { 0 };
	struct buffer bytes = { 0 };

	lines_take(lines == NULL ? &none : lines, &bytes);
	(void)buffer_text(&bytes);		/* without lines it is empty, not NULL */
	sql_call_give_own(call, bytes.data, bytes.length);
}

/* How many of its marks are among the digits? */
static void
sql_marked(struct sql_call *call)
{
	const char *marks = text(call, 0), *digits = text(call, 1);
	uint64_t wanted = 0;
	int64_t count = 0;

	if (is_nothing(call))
		return;
	for (; *digits != '\0'; digits++)
		wanted |= UINT64_C(1) << (*digits & 63);
	for (; *marks != '\0'; marks++)
		count += (wanted >> (*marks & 63) & 1) != 0;
	sql_call_give_int(call, count);
}

/*
 * How many dates in a row somebody missed of those they were not excused from: at most, and at the
 * end.
 */
static int64_t
count_missed(const char *marks, int64_t *longest)
{
	int64_t now = 0;

	for (*longest = 0; *marks != '\0'; marks++) {
		if (*marks == '3')
			continue;
		now = *marks == '1' || *marks == '2' ? 0 : now + 1;
		if (now > *longest)
			*longest = now;
	}
	return now;
}

static void
sql_missed_longest(struct sql_call *call)
{
	int64_t longest;

	if (is_nothing(call))
		return;
	(void)count_missed(text(call, 0), &longest);
	sql_call_give_int(call, longest);
}

static void
sql_missed_now(struct sql_call *call)
{
	int64_t longest;

	if (!is_nothing(call))
		sql_call_give_int(call, count_missed(text(call, 0), &longest));
}

/* ---- charts ---- */

/* A row of steps_path(x, width, height). */
static void
sql_steps_row(struct sql_call *call)
{
	struct buffer *path = sql_call_state(call, sizeof *path);
	char digits[BUFFER_DIGITS];

	if (path == NULL)
		return;
	buffer_append_byte(path, 'H');
	buffer_append_text(path, buffer_digits(sql_call_int(call, 0), digits));
	buffer_append_byte(path, 'l');
	buffer_append_text(path, buffer_digits(sql_call_int(call, 1), digits));
	buffer_append_text(path, " -");
	buffer_append_text(path, buffer_digits(sql_call_int(call, 2), digits));
}

static void
sql_steps_result(struct sql_call *call)
{
	struct buffer *path = sql_call_state(call, 0);

	sql_call_give_text(call, path == NULL ? NULL : buffer_text(path));
	if (path != NULL)
		buffer_clear(path);
}

enum status
function_add_all(struct driver *driver, const struct tongues *tongues)
{
	static const struct {
		const char	*name;
		int		 arguments;
		void		(*function)(struct sql_call *call);
	} functions[] = {
		{ "run_state", 8, sql_run_state }, { "run_is_over", 7, sql_run_is_over },
		{ "run_opens", 6, sql_run_opens }, { "run_starts", 6, sql_run_starts },
		{ "run_ends", 6, sql_run_ends }, { "run_closes", 6, sql_run_closes },
		{ "instant", 3, sql_instant },
		{ "iso", 2, sql_iso }, { "wall_time", 2, sql_wall_time },
		{ "wall_date", 2, sql_wall_date },
		{ "zone_short", 3, sql_zone_short }, { "date_words", 2, sql_date_words },
		{ "date_short", 2, sql_date_short },
		{ "date_near", 3, sql_date_near }, { "day_words", 2, sql_day_words },
		{ "day_short", 2, sql_day_short },
		{ "day_year", 2, sql_day_year }, { "month_words", 2, sql_month_words },
		{ "month_name", 2, sql_month_name },
		{ "month_short", 2, sql_month_short }, { "month_letter", 2, sql_month_letter },
		{ "weekday_name", 2, sql_weekday_name },
		{ "weekday_short", 2, sql_weekday_short },
		{ "weekday_letters", 2, sql_weekday_letters }, { "week_field", 2, sql_week_field },
		{ "weekday", 1, sql_weekday }, { "date_add", 2, sql_date_add },
		{ "percent", 2, sql_percent }, { "word", 2, sql_word },
		{ "rule_words", 2, sql_rule_words }, { "utc_stamp", 1, sql_utc_stamp },
		{ "vtimezone_markup", 1, sql_vtimezone },
		{ "code_token", 3, sql_code_token }, { "code_typed", 3, sql_code_typed },
		{ "code_shown", 4, sql_code_shown }, { "slot_at", 2, sql_slot_at },
		{ "slot_begins", 2, sql_slot_begins },
		{ "slot_valid_until", 2, sql_slot_valid_until },
		{ "proof_level", 1, sql_proof_level }, { "level_name", 1, sql_level_name },
		{ "form_address", 2, sql_form_address }, { "mark", 3, sql_mark },
		{ "marked", 2, sql_marked }, { "missed_longest", 1, sql_missed_longest },
		{ "missed_now", 1, sql_missed_now },
		{ "qr_png", 1, sql_qr_png }, { "qr_path", 1, sql_qr_path },
		{ "qr_size", 1, sql_qr_size },
	};
	enum status status = ST_OK;
	size_t i;

	for (i = 0; i < sizeof functions / sizeof functions[0] && status == ST_OK; i++)
		status = sql_function_add(driver, functions[i].name, functions[i].arguments,
		    functions[i].function, tongues);
	if (status == ST_OK)
		status = sql_table_add(driver, &lines_table);
	if (status == ST_OK)
		status = sql_aggregate_add(driver, "lines", 8, sql_lines_row, sql_lines_result);
	return status == ST_OK
	    ? sql_aggregate_add(driver, "steps_path", 3, sql_steps_row, sql_steps_result) : status;
}
