// SPDX-License-Identifier: ISC
/* import_event.c: reads one event of a calendar with libical. */
#include "gen/import_event.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "core/wall.h"
#include "gen/buffer.h"

#define DAY_S	86400		/* a run is shorter; dates are never computed from this */

void
import_write_date(const struct icaltimetype *time, char date[WALL_DATE_SIZE])
{
	char text[3 * 12];

	(void)snprintf(text, sizeof text, "%04d-%02d-%02d", time->year, time->month, time->day);
	memcpy(date, text, WALL_DATE_SIZE - 1);
	date[WALL_DATE_SIZE - 1] = '\0';
}

void
import_write_time(const struct icaltimetype *time, char text[WALL_TIME_SIZE])
{
	(void)snprintf(text, WALL_TIME_SIZE, "%02u:%02u", (unsigned)time->hour % 24,
	    (unsigned)time->minute % 60);
}

void
import_cut_name(const char *text, char name[NAME_SIZE])
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	struct buffer made = { 0 };
	utf8proc_int32_t point;
	utf8proc_ssize_t length;

	for (int count = 0; count < NAME_MAX_CHARS &&
	    (length = utf8proc_iterate(at, -1, &point)) > 0 && point != 0; count++) {
		if (utf8proc_category(point) == UTF8PROC_CATEGORY_CC)
			buffer_append_byte(&made, ' ');
		else
			buffer_append(&made, (const char *)at, (size_t)length);
		at += length;
	}
	if (name_tidy(buffer_text(&made), made.length, name) != ST_OK)
		name[0] = '\0';
	buffer_clear(&made);
}

/* Find the zone called `tzid`; the club's, with a note, if neither file nor system knows it. */
static void
find_zone(struct import_clock *clock, icalcomponent *calendar, const char *tzid,
    struct import_moment *moment)
{
	const char *name = tzid;
	icaltimezone *zone = icalcomponent_get_timezone(calendar, tzid);

	if (!wall_zone_valid(name) && zone != NULL)
		name = icaltimezone_get_location(zone);
	if (name != NULL && wall_zone_valid(name) && strlen(name) < sizeof moment->name) {
		(void)snprintf(moment->name, sizeof moment->name, "%s", name);
		moment->zone = icaltimezone_get_builtin_timezone(name);
		return;
	}
	moment->zone = zone != NULL ? zone : clock->zone;
	moment->is_instant = zone != NULL;
	if (zone != NULL || strncmp(clock->unknown, tzid, sizeof clock->unknown - 1) == 0)
		return;
	(void)snprintf(clock->unknown, sizeof clock->unknown, "%s", tzid);
	import_odd(clock->notes, 0,
	    "The time zone “%s” is unknown; its times are taken as they stand, in %s.",
	    tzid, clock->name);
}

void
import_moment(struct import_clock *clock, icalcomponent *calendar, icalproperty *property,
    struct icaltimetype time, struct import_moment *moment)
{
	icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);

	*moment = (struct import_moment){ .time = time, .zone = clock->zone };
	(void)snprintf(moment->name, sizeof moment->name, "%s", clock->name);
	if (icaltime_is_utc(time)) {
		moment->zone = icaltimezone_get_utc_timezone();
		moment->is_instant = true;
	} else if (parameter != NULL && icalparameter_get_tzid(parameter) != NULL && !time.is_date)
		find_zone(clock, calendar, icalparameter_get_tzid(parameter), moment);
	(void)icaltime_set_timezone(&moment->time, moment->zone);
}

void
import_date_beside(const struct import_moment *moment, const struct import_moment *start,
    char date[WALL_DATE_SIZE])
{
	struct icaltimetype time = moment->time;

	if (!time.is_date && moment->zone != start->zone)
		icaltimezone_convert_time(&time, moment->zone, start->zone);
	import_write_date(&time, date);
}

/* Read how long the event is. False when no run can be that long. */
static bool
read_length(struct import_clock *clock, struct import_event *event)
{
	icalproperty *end = icalcomponent_get_first_property(event->component, ICAL_DTEND_PROPERTY);
	icalproperty *duration = icalcomponent_get_first_property(event->component,
	    ICAL_DURATION_PROPERTY);
	struct icaltimetype time = event->start.time;
	struct import_moment moment;
	int64_t length_s;

	if (end != NULL) {
		import_moment(clock, event->calendar, end, icalproperty_get_dtend(end), &moment);
		time = moment.time;
		if (moment.zone != event->start.zone)
			icaltimezone_convert_time(&time, moment.zone, event->start.zone);
	} else if (duration != NULL)
		time = icaltime_add(time, icalproperty_get_duration(duration));
	length_s = (int64_t)icaltime_as_timet_with_zone(time, event->start.zone) -
	    (int64_t)icaltime_as_timet_with_zone(event->start.time, event->start.zone);
	if (length_s < 0 || length_s >= DAY_S || time.is_date)
		return false;
	event->length_s = (int)length_s;
	if (length_s > 0)
		import_write_time(&time, event->end);
	return true;
}

/* Did libical fail to read a property that the times depend on? */
static bool
is_broken(icalcomponent *component)
{
	static const char *const names[] = {
		"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID",
		"STATUS",
	};
	icalproperty *property = icalcomponent_get_first_property(component,
	    ICAL_XLICERROR_PROPERTY);

	for (; property != NULL;
	    property = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY))
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			const char *text = icalproperty_get_xlicerror(property);

			if (text != NULL && strstr(text, names[i]) != NULL)
				return true;
		}
	return false;
}

/* Is there a rule that gives more than one occurrence a day? */
static bool
is_finer_than_daily(icalcomponent *component)
{
	icalproperty *property = icalcomponent_get_first_property(component, ICAL_RRULE_PROPERTY);

	for (; property != NULL;
	    property = icalcomponent_get_next_property(component, ICAL_RRULE_PROPERTY)) {
		struct icalrecurrencetype rule = icalproperty_get_rrule(property);

		if (rule.freq == ICAL_SECONDLY_RECURRENCE ||
		    rule.freq == ICAL_MINUTELY_RECURRENCE ||
		    rule.freq == ICAL_HOURLY_RECURRENCE)
			return true;
		if ((rule.by_hour[0] != ICAL_RECURRENCE_ARRAY_MAX &&
		    rule.by_hour[1] != ICAL_RECURRENCE_ARRAY_MAX) ||
		    (rule.by_minute[0] != ICAL_RECURRENCE_ARRAY_MAX &&
		    rule.by_minute[1] != ICAL_RECURRENCE_ARRAY_MAX) ||
		    (rule.by_second[0] != ICAL_RECURRENCE_ARRAY_MAX &&
		    rule.by_second[1] != ICAL_RECURRENCE_ARRAY_MAX))
			return true;
	}
	return false;
}

const char *
import_event(struct import_clock *clock, struct import_event *event)
{
	icalproperty *start = icalcomponent_get_first_property(event->component,
	    ICAL_DTSTART_PROPERTY);
	const char *title = icalcomponent_get_summary(event->component),
	    *uid = icalcomponent_get_uid(event->component);

	import_cut_name(title == NULL ? "" : title, event->title);
	if (start != NULL)
		import_moment(clock, event->calendar, start, icalproperty_get_dtstart(start),
		    &event->start);
	if (is_broken(event->component))
		return "has a time or a rule that cannot be read";
	if (start == NULL)
		return "has no start";
	if (event->start.time.is_date)
		return "lasts all day; a run needs a time";
	if (!read_length(clock, event))
		return "ends before it starts, or lasts a day or longer";
	if (is_finer_than_daily(event->component))
		return "recurs more than once a day";
	if (uid != NULL && strlen(uid) > IMPORT_UID_MAX)
		return "has a UID that is too long";
	(void)snprintf(event->uid, sizeof event->uid, "%s", uid == NULL ? "" : uid);
	event->is_cancelled = icalcomponent_get_status(event->component) == ICAL_STATUS_CANCELLED;
	event->is_override = icalcomponent_get_first_property(event->component,
	    ICAL_RECURRENCEID_PROPERTY) != NULL;
	return NULL;
}
