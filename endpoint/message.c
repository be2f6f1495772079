// SPDX-License-Identifier: ISC
/* message.c: see message.h. */
#include "endpoint/message.h"

#include <stdio.h>
#include <string.h>

#define MOMENT_SIZE	32

/* "at 18:15", or "on 2026-11-21 at 18:15" when that is another day than `now`; false when it cannot be told. */
static bool
moment(const struct verdict *verdict, int64_t instant, int64_t now, char text[MOMENT_SIZE])
{
	char date[WALL_DATE_SIZE], time[WALL_TIME_SIZE], today[WALL_DATE_SIZE], clock[WALL_TIME_SIZE];

	if (verdict->run.id == 0 || wall_local(instant, verdict->run.zone, date, time) != ST_OK ||
	    wall_local(now, verdict->run.zone, today, clock) != ST_OK)
		return false;
	if (strcmp(date, today) == 0)
		snprintf(text, MOMENT_SIZE, "at %s", time);
	else
		snprintf(text, MOMENT_SIZE, "on %s at %s", date, time);
	return true;
}

static void
compose_cancelled(const struct verdict *verdict, char message[MESSAGE_SIZE])
{
	const char *reason = verdict->run.reason;
	size_t length = strlen(reason);

	snprintf(message, MESSAGE_SIZE, "%s is cancelled: %s%s", run_title(&verdict->run), reason,
	    strchr(".!?", reason[length - 1]) != NULL ? "" : ".");
}

/* What the host is to settle, in words. */
static void
compose_pending(const char *pending, char *text, size_t size)
{
	static const struct { const char *word, *phrase; } phrases[] = {
		{ "position", "your position" }, { "network", "the network of the place" }, { "access-point", "an access point of the place" },
	};
	size_t i, length = 0;

	text[0] = '\0';
	for (i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
		if (strstr(pending, phrases[i].word) != NULL)
			length += (size_t)snprintf(text + length, size - length, "%s%s", length == 0 ? "" : " and ", phrases[i].phrase);
}

/* In: with the place, and what is out of the ordinary. */
static void
compose_in(const struct verdict *verdict, char message[MESSAGE_SIZE])
{
	char missing[128];
	int length = snprintf(message, MESSAGE_SIZE, "You are in, %s: number %d at %s%s.", verdict->name, verdict->ordinal,
	    run_title(&verdict->run), verdict->attendance == ATTENDANCE_LATE ? ", late" : "");

	if (verdict->pending[0] == '\0' || length < 0 || length >= MESSAGE_SIZE)
		return;
	compose_pending(verdict->pending, missing, sizeof missing);
	snprintf(message + length, MESSAGE_SIZE - (size_t)length, " The host will confirm it, because %s did not come along.", missing);
}

void
message_compose(const struct verdict *verdict, int64_t now, char message[MESSAGE_SIZE])
{
	const struct run *run = &verdict->run;
	char when[MOMENT_SIZE];

	snprintf(message, MESSAGE_SIZE, "%s", status_info(verdict->status)->sentence);
	if (run->id == 0)
		return;
	if ((verdict->status == ST_OK || verdict->status == ST_PENDING) && verdict->ordinal > 0)
		compose_in(verdict, message);
	else if (verdict->status == ST_SAME && moment(verdict, verdict->since, now, when))
		snprintf(message, MESSAGE_SIZE, "You are in since %s, %s. There is nothing more to do.", when + 3, verdict->name);		/* behind "at " or "on " */
	else if (verdict->status == ST_LEFT && moment(verdict, verdict->left_at, now, when))
		snprintf(message, MESSAGE_SIZE, "You are checked out %s, %s. Good-bye!", when, verdict->name);
	else if (verdict->status == ST_NOT_OPEN && moment(verdict, verdict->window.opens, now, when))
		snprintf(message, MESSAGE_SIZE, "Check-in opens %s.", when);
	else if (verdict->status == ST_CLOSED && moment(verdict, verdict->window.closes, now, when))
		snprintf(message, MESSAGE_SIZE, "Check-in closed %s. Ask the host to add you.", when);
	else if (verdict->status == ST_CANCELLED && run->reason[0] != '\0')
		compose_cancelled(verdict, message);
	else if (verdict->status == ST_CODE_EXPIRED && moment(verdict, verdict->window.starts, now, when) && when[0] == 'o')
		snprintf(message, MESSAGE_SIZE, "This code is of %s, %s, and no longer valid. Scan the one that is shown today.", run_title(run), when);
	else if (verdict->status == ST_CODE_OTHER)
		snprintf(message, MESSAGE_SIZE, "This code belongs to %s, another one than the page you came from. Scan the code that is shown where you are.",
		    run_title(run));
	else if (verdict->status == ST_UNDONE && verdict->name[0] != '\0')
		snprintf(message, MESSAGE_SIZE, "The check-in of %s is taken back. You may check in again.", verdict->name);
	else if (verdict->status == ST_ALREADY && verdict->since > 0 && moment(verdict, verdict->since, now, when))
		snprintf(message, MESSAGE_SIZE, "%s is on the list since %s. If that is you, there is nothing more to do; "
		    "if you are another person of that name, add a letter of your surname.", verdict->name,
		    when + 3);		/* behind "at " or "on " */
}
