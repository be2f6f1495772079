// SPDX-License-Identifier: ISC
/* message.c: see message.h. */
#include "endpoint/message.h"

#include <stdio.h>
#include <string.h>

/* What a sentence is made of. */
struct words {
	const struct said_language	*language;
	const struct verdict		*verdict;
	int64_t				 now;
	char				*message;
};

/* A moment as people say it. */
struct moment {
	char	time[WALL_TIME_SIZE];
	char	date[LOCALE_TEXT_SIZE];	/* "" when it is today's */
};

/* `instant` in the zone of the run; false when it cannot be computed. */
static bool
take_moment(const struct words *words, int64_t instant, struct moment *moment)
{
	const char *zone = words->verdict->run.zone;
	char date[WALL_DATE_SIZE], today[WALL_DATE_SIZE], clock[WALL_TIME_SIZE];

	if (wall_local(instant, zone, date, moment->time) != ST_OK ||
	    wall_local(words->now, zone, today, clock) != ST_OK)
		return false;
	moment->date[0] = '\0';
	if (strcmp(date, today) != 0)
		said_date(words->language, date, moment->date);
	return true;
}

/* The sentence of `key` with name, run and `moment` (may be NULL) filled in. */
static void
say(const struct words *words, enum said_key key, const struct moment *moment)
{
	const struct said_value values[] = { { "name", words->verdict->name, true },
	    { "run", run_title(&words->verdict->run), true },
	    { "time", moment == NULL ? "" : moment->time, false },
	    { "date", moment == NULL ? "" : moment->date, false }, { 0 } };

	said_fill(words->language, key, values, words->message, MESSAGE_SIZE);
}

/*
 * The sentence of `key` when `instant` is today, of `key_day` when it is not. The message stays as
 * it is when that cannot be computed.
 */
static void
say_when(const struct words *words, enum said_key key, enum said_key key_day, int64_t instant)
{
	struct moment moment;

	if (take_moment(words, instant, &moment))
		say(words, moment.date[0] == '\0' ? key : key_day, &moment);
}

static bool
ends_sentence(const char *text)
{
	static const char *const ends[] = { ".", "!", "?", "…", "。", "！", "？", "؟" };
	size_t i, length = strlen(text);

	for (i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (length >= strlen(ends[i]) &&
		    strcmp(text + length - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

static void
say_cancelled(const struct words *words)
{
	const struct run *run = &words->verdict->run;
	const struct said_value values[] = { { "run", run_title(run), true },
	    { "reason", run->reason, true },
	    { "stop", ends_sentence(run->reason) ? "" : said_text(words->language, SAID_STOP),
	        false }, { 0 } };

	said_fill(words->language, SAID_CANCELLED_WHY, values, words->message, MESSAGE_SIZE);
}

/* What the host is to confirm: one thing, or several joined by "and". */
static void
list_missing(const struct words *words, char *list, size_t size)
{
	static const struct { const char *word; enum said_key key; } things[] = {
		{ "position", SAID_POSITION }, { "network", SAID_NETWORK },
		{ "access-point", SAID_ACCESS_POINT },
	};
	char before[256];
	size_t i;

	list[0] = '\0';
	for (i = 0; i < sizeof things / sizeof things[0]; i++) {
		const struct said_value values[] = { { "one", before, false },
		    { "other", said_text(words->language, things[i].key), false }, { 0 } };

		if (strstr(words->verdict->pending, things[i].word) == NULL)
			continue;
		snprintf(before, sizeof before, "%s", list);
		said_fill(words->language, before[0] == '\0' ? things[i].key : SAID_AND, values,
		    list, size);
	}
}

/*
 * Add to the message so far what the host is to confirm. Not inlined, so that only this rare case
 * has its buffers on the stack.
 */
static void __attribute__((noinline))
say_pending(const struct words *words)
{
	char in[MESSAGE_SIZE], missing[256];
	const struct said_value values[] = { { "in", in, false }, { "missing", missing, false },
	    { 0 } };

	snprintf(in, sizeof in, "%s", words->message);
	list_missing(words, missing, sizeof missing);
	said_fill(words->language, SAID_IN_PENDING, values, words->message, MESSAGE_SIZE);
}

/* In, with their place in the order of arrival; late or not; with or without something pending. */
static void
say_in(const struct words *words)
{
	const struct verdict *verdict = words->verdict;
	char place[16];
	const struct said_value values[] = { { "name", verdict->name, true },
	    { "run", run_title(&verdict->run), true }, { "place", place, false }, { 0 } };

	snprintf(place, sizeof place, "%d", verdict->ordinal);
	said_fill(words->language, verdict->attendance == ATTENDANCE_LATE ? SAID_IN_LATE : SAID_IN,
	    values, words->message, MESSAGE_SIZE);
	if (verdict->pending[0] != '\0')
		say_pending(words);
}

/* An expired code: say of which day, if not today. */
static void
say_expired(const struct words *words)
{
	struct moment moment;

	if (take_moment(words, words->verdict->window.starts, &moment) && moment.date[0] != '\0')
		say(words, SAID_EXPIRED_DAY, &moment);
}

void
message_compose(const struct said_language *language, const struct verdict *verdict, int64_t now,
    char message[MESSAGE_SIZE])
{
	const struct words words = { language, verdict, now, message };
	const struct run *run = &verdict->run;

	snprintf(message, MESSAGE_SIZE, "%s", said_text(language, (enum said_key)verdict->status));
	if (run->id == 0)
		return;
	if ((verdict->status == ST_OK || verdict->status == ST_PENDING) && verdict->ordinal > 0)
		say_in(&words);
	else if (verdict->status == ST_SAME)
		say_when(&words, SAID_SINCE, SAID_SINCE_DAY, verdict->since);
	else if (verdict->status == ST_LEFT)
		say_when(&words, SAID_LEFT, SAID_LEFT_DAY, verdict->left_at);
	else if (verdict->status == ST_NOT_OPEN)
		say_when(&words, SAID_OPENS, SAID_OPENS_DAY, verdict->window.opens);
	else if (verdict->status == ST_CLOSED)
		say_when(&words, SAID_CLOSES, SAID_CLOSES_DAY, verdict->window.closes);
	else if (verdict->status == ST_CANCELLED && run->reason[0] != '\0')
		say_cancelled(&words);
	else if (verdict->status == ST_CODE_EXPIRED)
		say_expired(&words);
	else if (verdict->status == ST_CODE_OTHER)
		say(&words, SAID_OTHER, NULL);
	else if (verdict->status == ST_UNDONE && verdict->name[0] != '\0')
		say(&words, SAID_UNDONE_NAME, NULL);
	else if (verdict->status == ST_ALREADY && verdict->since > 0)
		say_when(&words, SAID_ALREADY_SINCE, SAID_ALREADY_SINCE_DAY, verdict->since);
}

void
message_of_run(const struct said_language *language, enum said_key key, const struct run *run,
    char message[MESSAGE_SIZE])
{
	const struct said_value values[] = { { "run", run_title(run), true }, { 0 } };

	said_fill(language, key, values, message, MESSAGE_SIZE);
}
