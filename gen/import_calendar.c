// SPDX-License-Identifier: ISC
/*
 * import_calendar.c: takes events (import_event.h) apart into occurrences. enter_run() decides by
 * uid what becomes of the run of each: added, moved, cancelled, resumed, or left as it was.
 *
 * An event that replaces one occurrence of another (RECURRENCE-ID) is an override: the recurring
 * event leaves that date out, and the override is entered in its place, under the uid of the
 * occurrence.
 */
#include "gen/import_calendar.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "gen/buffer.h"
#include "gen/import_event.h"

/* tells our cancellations from the admin's */
#define REASON		"Cancelled in the imported calendar."
#define LOOKS_MAX	100000		/* the most occurrences of a rule to look at */

/* A uid that this file has mentioned: the UID of an event, or "UID#DATE" of an override. */
struct known {
	size_t	 index;					/* of the event in reading->events */
	char	 key[];
};

struct reading {
	struct store			*store;
	const struct import_calendar	*options;
	icalcomponent			*root;		/* of the file; NULL: it is none */
	struct import_notes		*notes;
	struct import_calendar_counts	*counts;
	struct club	 club;
	struct import_clock clock;			/* the club's */
	int64_t		 group_id;
	char		 group[NAME_SIZE];
	char		 last[WALL_DATE_SIZE];	/* no occurrence after it can be wanted */
	struct buffer	 events;			/* of struct import_event */
	struct buffer	 dates;	/* char[WALL_DATE_SIZE] each: those the current event has given */
	struct buffer	 skipped;			/* the same: those it leaves out (EXDATE) */
	struct buffer	 key;
	void		*known;				/* tree of struct known */
};

static struct import_event *
event_at(const struct reading *reading, size_t index)
{
	return (struct import_event *)(void *)reading->events.data + index;
}

static size_t
count_events(const struct reading *reading)
{
	return reading->events.length / sizeof(struct import_event);
}

/* ---- lists of dates, and the tree of uids ---- */

static bool
has_date(const struct buffer *dates, const char *date)
{
	for (size_t i = 0; i < dates->length; i += WALL_DATE_SIZE)
		if (strcmp(dates->data + i, date) == 0)
			return true;
	return false;
}

static int
compare_known(const void *left, const void *right)
{
	return strcmp(((const struct known *)left)->key, ((const struct known *)right)->key);
}

/* A new struct known for "UID", or for "UID#DATE" when there is a `date`; malloc'd, never NULL. */
static struct known *
make_known(struct reading *reading, const char *uid, const char *date)
{
	struct known *known;
	size_t size;

	reading->key.length = 0;
	buffer_format(&reading->key, date == NULL ? "%s" : "%s#%s", uid, date);
	size = reading->key.length + 1;
	known = calloc(1, sizeof *known + size);
	if (known == NULL)
		buffer_fail();
	memcpy(known->key, buffer_text(&reading->key), size);
	return known;
}

/* What is known under "UID" or "UID#DATE"; NULL when there is nothing. */
static const struct known *
find_uid(struct reading *reading, const char *uid, const char *date)
{
	struct known *probe = make_known(reading, uid, date);
	struct known **found = tfind(probe, &reading->known, compare_known);

	free(probe);
	return found == NULL ? NULL : *found;
}

/* Remember that the event `index` has that uid, unless an earlier one has. */
static void
remember_uid(struct reading *reading, const char *uid, const char *date, size_t index)
{
	struct known *known = make_known(reading, uid, date), **found;

	known->index = index;
	found = tsearch(known, &reading->known, compare_known);
	if (found == NULL)
		buffer_fail();
	if (*found != known)
		free(known);
}

/* Read the events of one VCALENDAR. */
static void
read_events(struct reading *reading, icalcomponent *calendar)
{
	icalcomponent *component = icalcomponent_get_first_component(calendar,
	    ICAL_VEVENT_COMPONENT);

	for (; component != NULL;
	    component = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
		struct import_event event = { .component = component, .calendar = calendar };
		const char *why = import_event(&reading->clock, &event);

		reading->counts->events++;
		if (why == NULL)
			buffer_append(&reading->events, (const char *)&event, sizeof event);
		else {
			reading->counts->skipped++;
			import_odd(reading->notes, 0,
			    "The event " IMPORT_EVENT_FORMAT " %s; it is skipped.",
			    IMPORT_EVENT_WORDS(&event), why);
		}
	}
}

/*
 * Remember all uids, and find the date that each override stands for, on the clock of the event to
 * which it belongs.
 */
static void
link_overrides(struct reading *reading)
{
	for (size_t i = 0; i < count_events(reading); i++)
		if (!event_at(reading, i)->is_override && event_at(reading, i)->uid[0] != '\0')
			remember_uid(reading, event_at(reading, i)->uid, NULL, i);
	for (size_t i = 0; i < count_events(reading); i++) {
		struct import_event *event = event_at(reading, i);
		const struct import_moment *start = &event->start;
		const struct known *whole;
		icalproperty *property;
		struct import_moment moment;

		if (!event->is_override)
			continue;
		property = icalcomponent_get_first_property(event->component,
		    ICAL_RECURRENCEID_PROPERTY);
		import_moment(&reading->clock, event->calendar, property,
		    icalproperty_get_recurrenceid(property), &moment);
		whole = find_uid(reading, event->uid, NULL);
		if (whole != NULL)
			start = &event_at(reading, whole->index)->start;
		import_date_beside(&moment, start, event->original);
		remember_uid(reading, event->uid, event->original, i);
		if (icalproperty_get_first_parameter(property, ICAL_RANGE_PARAMETER) != NULL)
			import_odd(reading->notes, 0,
			    "The event " IMPORT_EVENT_FORMAT " changes all that follow it; only "
			    "this one is changed here.", IMPORT_EVENT_WORDS(event));
	}
}

/* ---- entering ---- */

static enum status
fail(struct reading *reading, const struct import_event *event, enum status status)
{
	import_bad(reading->notes, 0, "The event " IMPORT_EVENT_FORMAT ": %s",
	    IMPORT_EVENT_WORDS(event), store_why(reading->store));
	return status;
}

/*
 * Find or make the place that LOCATION names. The whole text is its name if it is short enough,
 * else what comes before the first comma.
 */
static enum status
enter_place(struct reading *reading, struct import_event *event)
{
	const char *location = icalcomponent_get_location(event->component);
	struct place place = { 0 }, there;
	struct buffer line = { 0 };
	enum status status;

	if (event->is_place_read || location == NULL)
		return ST_OK;
	event->is_place_read = true;
	for (; *location != '\0'; location++)
		if (*location == '\n')
			buffer_append_text(&line, ", ");
		else if (*location != '\r')
			buffer_append_byte(&line, *location);
	if (utf8proc_decompose((const utf8proc_uint8_t *)buffer_text(&line), 0, NULL, 0,
	    UTF8PROC_NULLTERM) > NAME_MAX_CHARS) {
		if (line.length < sizeof place.address)
			memcpy(place.address, line.data, line.length);
		line.length = strcspn(buffer_text(&line), ",");
	}
	import_cut_name(buffer_text(&line), place.name);
	buffer_clear(&line);
	if (place.name[0] == '\0')
		return ST_OK;
	status = store_place_find(reading->store, place.name, &there);
	if (status == ST_OK)
		event->place_id = there.id;
	else if (status == ST_UNKNOWN) {
		status = store_place_add(reading->store, &place, reading->options->now,
		    &event->place_id);
		reading->counts->places += status == ST_OK;
	}
	return status == ST_OK ? ST_OK : fail(reading, event, status);
}

/* Cancel or resume the run, as the file says. Only runs that an import cancelled are resumed. */
static enum status
enter_cancellation(struct reading *reading, const struct import_event *event, const struct run *run,
    bool is_cancelled, bool *is_changed)
{
	enum status status;

	*is_changed = is_cancelled ? !run->is_cancelled
	    : run->is_cancelled && strcmp(run->reason, REASON) == 0;
	if (!*is_changed)
		return ST_OK;
	status = store_run_cancel(reading->store, run->id, is_cancelled, is_cancelled ? REASON : "",
	    reading->options->now);
	if (status != ST_OK)
		return fail(reading, event, status);
	if (is_cancelled)
		reading->counts->cancelled++;
	else
		reading->counts->resumed++;
	return ST_OK;
}

/* Move the run `there` to what `wanted` says; *is_changed when that differs. */
static enum status
enter_move(struct reading *reading, const struct import_event *event, const struct run *there,
    const struct run *wanted, bool *is_changed)
{
	struct run moved = *there;
	enum status status;

	memcpy(moved.date, wanted->date, sizeof moved.date);
	memcpy(moved.start, wanted->start, sizeof moved.start);
	memcpy(moved.end, wanted->end, sizeof moved.end);
	memcpy(moved.zone, wanted->zone, sizeof moved.zone);
	memcpy(moved.title, wanted->title, sizeof moved.title);
	if (wanted->place_id != 0)
		moved.place_id = wanted->place_id;
	*is_changed = strcmp(moved.date, there->date) != 0 ||
	    strcmp(moved.start, there->start) != 0 || strcmp(moved.end, there->end) != 0 ||
	        strcmp(moved.zone, there->zone) != 0 ||
	    strcmp(moved.title, there->title) != 0 || moved.place_id != there->place_id;
	if (!*is_changed)
		return ST_OK;
	status = store_run_move(reading->store, &moved, reading->options->now);
	if (status == ST_OK)
		reading->counts->moved++;
	else if (status == ST_EXISTS) {
		import_odd(reading->notes, 0,
		    "The event " IMPORT_EVENT_FORMAT " was not moved to %s at %s: there is "
		    "another run of that title.", IMPORT_EVENT_WORDS(event), moved.date,
		    moved.start);
		*is_changed = false;
		status = ST_OK;
	} else
		return fail(reading, event, status);
	return status;
}

/* Enter one occurrence. `wanted` has date, start, end, zone and uid; the rest is filled in. */
static enum status
enter_run(struct reading *reading, struct import_event *event, struct run *wanted)
{
	bool is_inside = strcmp(wanted->date, reading->options->from) >= 0 &&
	    strcmp(wanted->date, reading->options->through) <= 0;
	bool is_changed = false, is_flipped;
	struct run there = { 0 };
	enum status status = import_step(reading->store, reading->notes,
	    reading->counts->runs + reading->counts->moved + reading->counts->same);
	enum status found;

	if (status != ST_OK)
		return fail(reading, event, status);
	found = wanted->uid[0] == '\0' ? ST_UNKNOWN
	    : store_run_by_uid(reading->store, wanted->uid, &there);
	if (found != ST_OK && found != ST_UNKNOWN)
		return fail(reading, event, found);
	if (found == ST_UNKNOWN && !is_inside)
		return ST_OK;
	status = enter_place(reading, event);
	if (status != ST_OK)
		return status;
	wanted->group_id = reading->group_id;
	wanted->place_id = event->place_id;
	wanted->opens_min = wanted->closes_min = -1;
	if (strcmp(event->title, reading->group) != 0)
		memcpy(wanted->title, event->title, sizeof wanted->title);
	if (found == ST_OK)
		status = enter_move(reading, event, &there, wanted, &is_changed);
	else {
		there = *wanted;
		status = store_run_add(reading->store, &there, reading->options->now);
		is_changed = status == ST_OK;
		reading->counts->runs += is_changed;
		if (status == ST_EXISTS)
			status = store_run(reading->store, there.id, &there);
		if (status != ST_OK)
			return fail(reading, event, status);
	}
	if (status == ST_OK)
		status = enter_cancellation(reading, event, &there, event->is_cancelled,
		    &is_flipped);
	if (status == ST_OK && !is_changed && !is_flipped)
		reading->counts->same++;
	return status;
}

/* ---- occurrences ---- */

/*
 * Describe the run that the occurrence of `event` starting at `time`, on the clock of event->start,
 * is to be. `original` is its date in the series, "" for a single event.
 */
static enum status
describe_run(const struct reading *reading, const struct import_event *event,
    struct icaltimetype time, const char *original, struct run *wanted)
{
	char date[WALL_DATE_SIZE];
	int64_t instant;
	enum status status = ST_OK;

	*wanted = (struct run){ 0 };
	if (event->uid[0] != '\0')
		(void)snprintf(wanted->uid, sizeof wanted->uid, "%s%s%s", event->uid,
		    original[0] == '\0' ? "" : "#", original);
	if (event->start.is_instant) {
		instant = (int64_t)icaltime_as_timet_with_zone(time, event->start.zone);
		memcpy(wanted->zone, reading->club.zone, sizeof wanted->zone);
		status = wall_local(instant, wanted->zone, wanted->date, wanted->start);
		if (status == ST_OK && event->length_s > 0)
			status = wall_local(instant + event->length_s, wanted->zone, date,
			    wanted->end);
		return status;
	}
	memcpy(wanted->zone, event->start.name, sizeof wanted->zone);
	import_write_date(&time, wanted->date);
	import_write_time(&time, wanted->start);
	memcpy(wanted->end, event->end, sizeof wanted->end);
	return ST_OK;
}

/*
 * Enter an occurrence of a recurring event, unless an override replaces it, it is left out, or it
 * was given before. *is_over when it is after the dates wanted.
 */
static enum status
enter_occurrence(struct reading *reading, struct import_event *event, struct icaltimetype time,
    bool *is_over)
{
	char original[WALL_DATE_SIZE];
	struct run wanted;

	import_write_date(&time, original);
	*is_over = strcmp(original, reading->last) > 0;
	if (*is_over || has_date(&reading->skipped, original) ||
	    has_date(&reading->dates, original) ||
	    find_uid(reading, event->uid, original) != NULL)
		return ST_OK;
	if (describe_run(reading, event, time, original, &wanted) != ST_OK ||
	    strcmp(wanted.date, reading->options->from) < 0)
		return ST_OK;
	if (reading->dates.length / WALL_DATE_SIZE == WALL_RULE_MAX) {
		import_odd(reading->notes, 0,
		    "The event " IMPORT_EVENT_FORMAT " gives more than %d runs; those from %s on "
		    "are left out.", IMPORT_EVENT_WORDS(event), WALL_RULE_MAX, wanted.date);
		*is_over = true;
		return ST_OK;
	}
	buffer_append(&reading->dates, original, sizeof original);
	return enter_run(reading, event, &wanted);
}

/* Put the rule's UNTIL on the clock of the start; a bare date includes that whole day. */
static void
settle_until(struct icalrecurrencetype *rule, const struct import_moment *start)
{
	if (icaltime_is_null_time(rule->until))
		return;
	if (rule->until.is_date) {
		rule->until.is_date = 0;
		rule->until.hour = 23;
		rule->until.minute = rule->until.second = 59;
		(void)icaltime_set_timezone(&rule->until, start->zone);
	} else if (icaltime_is_utc(rule->until)) {
		icaltimezone_convert_time(&rule->until, icaltimezone_get_utc_timezone(),
		    start->zone);
		(void)icaltime_set_timezone(&rule->until, start->zone);
	} else
		(void)icaltime_set_timezone(&rule->until, start->zone);
}

static enum status
enter_rule(struct reading *reading, struct import_event *event, struct icalrecurrencetype rule)
{
	icalrecur_iterator *iterator;
	struct icaltimetype time;
	enum status status = ST_OK;
	bool is_over = false;

	settle_until(&rule, &event->start);
	iterator = icalrecur_iterator_new(rule, event->start.time);
	if (iterator == NULL) {
		import_odd(reading->notes, 0,
		    "The event " IMPORT_EVENT_FORMAT " has a rule that cannot be read; it is "
		    "skipped.", IMPORT_EVENT_WORDS(event));
		reading->counts->skipped++;
		return ST_OK;
	}
	for (int looks = 0; status == ST_OK && !is_over && looks < LOOKS_MAX; looks++) {
		time = icalrecur_iterator_next(iterator);
		if (icaltime_is_null_time(time))
			break;
		status = enter_occurrence(reading, event, time, &is_over);
	}
	icalrecur_iterator_free(iterator);
	return status;
}

/* Read the dates that are left out, and cancel the runs that exist on them. */
static enum status
enter_skipped(struct reading *reading, const struct import_event *event)
{
	icalproperty *property = icalcomponent_get_first_property(event->component,
	    ICAL_EXDATE_PROPERTY);
	char date[WALL_DATE_SIZE];
	struct import_moment moment;
	struct run wanted, there;
	enum status status = ST_OK;
	bool is_changed;

	reading->skipped.length = 0;
	for (; property != NULL && status == ST_OK;
	    property = icalcomponent_get_next_property(event->component, ICAL_EXDATE_PROPERTY)) {
		import_moment(&reading->clock, event->calendar, property,
		    icalproperty_get_exdate(property), &moment);
		import_date_beside(&moment, &event->start, date);
		buffer_append(&reading->skipped, date, sizeof date);
		if (event->uid[0] == '\0' || find_uid(reading, event->uid, date) != NULL ||
		    describe_run(reading, event, moment.time, date, &wanted) != ST_OK)
			continue;
		status = store_run_by_uid(reading->store, wanted.uid, &there);
		if (status == ST_OK)
			status = enter_cancellation(reading, event, &there, true, &is_changed);
		else
			status = status == ST_UNKNOWN ? ST_OK : fail(reading, event, status);
	}
	return status;
}

static enum status
enter_event(struct reading *reading, struct import_event *event)
{
	icalproperty *rule = icalcomponent_get_first_property(event->component,
	    ICAL_RRULE_PROPERTY);
	icalproperty *more = icalcomponent_get_first_property(event->component,
	    ICAL_RDATE_PROPERTY);
	enum status status;
	struct run wanted;
	bool is_over;

	if (event->is_override || (rule == NULL && more == NULL)) {
		if (describe_run(reading, event, event->start.time, event->original,
		    &wanted) != ST_OK)
			return ST_OK;
		return enter_run(reading, event, &wanted);
	}
	reading->dates.length = 0;
	status = enter_skipped(reading, event);
	if (status == ST_OK && rule == NULL)
		status = enter_occurrence(reading, event, event->start.time, &is_over);
	for (; rule != NULL && status == ST_OK;
	    rule = icalcomponent_get_next_property(event->component, ICAL_RRULE_PROPERTY))
		status = enter_rule(reading, event, icalproperty_get_rrule(rule));
	more = icalcomponent_get_first_property(event->component, ICAL_RDATE_PROPERTY);
	for (; more != NULL && status == ST_OK;
	    more = icalcomponent_get_next_property(event->component, ICAL_RDATE_PROPERTY)) {
		struct icaldatetimeperiodtype value = icalproperty_get_rdate(more);
		struct import_moment moment;

		import_moment(&reading->clock, event->calendar, more,
		    icaltime_is_null_time(value.time) ? value.period.start : value.time, &moment);
		if (moment.time.is_date) {
			moment.time.hour = event->start.time.hour;
			moment.time.minute = event->start.time.minute;
			moment.time.is_date = 0;
		} else if (moment.zone != event->start.zone)
			icaltimezone_convert_time(&moment.time, moment.zone, event->start.zone);
		status = enter_occurrence(reading, event, moment.time, &is_over);
	}
	return status;
}

/* ---- the file ---- */

/* Does `text` begin and end as a calendar does? ST_REFUSED after a bad note. */
static enum status
check_ends(struct reading *reading, struct buffer *text)
{
	static const char head[] = "BEGIN:VCALENDAR", tail[] = "END:VCALENDAR";
	size_t length = text->length;

	while (length > 0 && strchr(" \t\r\n", text->data[length - 1]) != NULL)
		length--;
	if (strlen(buffer_text(text)) == text->length && length > strlen(tail) &&
	    strncasecmp(text->data + (strncmp(text->data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0), head,
	    strlen(head)) == 0 &&
	    strncasecmp(text->data + length - strlen(tail), tail, strlen(tail)) == 0)
		return ST_OK;
	import_bad(reading->notes, 0, "This is not an iCalendar file, or it is cut off: "
	    "it does not begin with %s and end with %s.", head, tail);
	return ST_REFUSED;
}

/* Read every event of every calendar. */
static enum status
read_calendars(struct reading *reading)
{
	icalcomponent *root = reading->root, *calendar;

	if (root == NULL) {
		import_bad(reading->notes, 0, "This is not an iCalendar file.");
		return ST_REFUSED;
	}
	if (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT)
		read_events(reading, root);
	else
		for (calendar = icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT);
		calendar != NULL;
		    calendar = icalcomponent_get_next_component(root, ICAL_VCALENDAR_COMPONENT))
			read_events(reading, calendar);
	link_overrides(reading);
	return ST_OK;
}

/* Enter the group and all events. */
static enum status
enter_events(struct reading *reading)
{
	struct group group = { 0 };
	bool is_new = false;
	enum status status = import_group(reading->store, reading->options->group,
	    reading->options->now, &reading->group_id, &is_new);

	reading->counts->groups += is_new;
	if (status == ST_OK)
		status = store_group_find(reading->store, reading->options->group, &group);
	if (status != ST_OK) {
		import_bad(reading->notes, 0, "%s", store_why(reading->store));
		return status;
	}
	memcpy(reading->group, group.name, sizeof reading->group);
	for (int is_override = 0; is_override < 2; is_override++)
		for (size_t i = 0; status == ST_OK && i < count_events(reading); i++)
			if (event_at(reading, i)->is_override == is_override)
				status = enter_event(reading, event_at(reading, i));
	return status;
}

static enum status
enter_all(void *handle, struct store *store)
{
	struct reading *reading = handle;
	enum status status;

	reading->store = store;
	*reading->counts = (struct import_calendar_counts){ 0 };
	reading->events.length = 0;
	status = read_calendars(reading);
	if (status == ST_OK)
		status = enter_events(reading);
	tdestroy(reading->known, free);
	reading->known = NULL;
	return status;
}

/* Check the options and read the club. */
static enum status
prepare(struct reading *reading)
{
	const struct import_calendar *options = reading->options;
	enum status status;

	if (options->group == NULL || options->from == NULL || options->through == NULL ||
	    !wall_date_valid(options->from) || !wall_date_valid(options->through) ||
	    strcmp(options->from, options->through) > 0 ||
	    wall_date_add(options->through, 1, reading->last) != ST_OK) {
		import_bad(reading->notes, 0,
		    "Say the group, and between which dates events become runs, first date first.");
		return ST_USAGE;
	}
	status = store_club(reading->store, &reading->club);
	if (status == ST_OK) {
		reading->clock.notes = reading->notes;
		reading->clock.name = reading->club.zone;
		reading->clock.zone = icaltimezone_get_builtin_timezone(reading->club.zone);
		if (reading->clock.zone != NULL)
			return ST_OK;
		status = ST_FAULT;
	}
	import_bad(reading->notes, 0, "The club, or its time zone, cannot be read. %s",
	    store_why(reading->store));
	return status;
}

enum status
import_calendar(struct store *store, FILE *file, const struct import_calendar *options,
    struct import_notes *notes, struct import_calendar_counts *counts)
{
	struct reading reading = { .store = store, .options = options, .notes = notes,
	    .counts = counts };
	struct buffer text = { 0 };
	const char *begin;
	enum status status;

	icaltimezone_set_builtin_tzdata(0);	/* use the zones of the system */
	icalerror_set_errors_are_fatal(0);
	*counts = (struct import_calendar_counts){ 0 };
	status = prepare(&reading);
	if (status == ST_OK)
		status = import_read(notes, file, IMPORT_CALENDAR_MAX, &text);
	if (status == ST_OK)
		status = check_ends(&reading, &text);
	if (status == ST_OK) {
		begin = buffer_text(&text);
		reading.root = icalparser_parse_string(*begin == '\xEF' ? begin + 3 : begin);
		status = import_enter(store, notes, options->is_dry_run, enter_all, &reading);
	}
	if (reading.root != NULL)
		icalcomponent_free(reading.root);
	buffer_clear(&reading.events);
	buffer_clear(&reading.dates);
	buffer_clear(&reading.skipped);
	buffer_clear(&reading.key);
	buffer_clear(&text);
	return status;
}
