// SPDX-License-Identifier: ISC
/*
 * import_event.h: reading one event of an iCalendar file, as far as a run can say the same.
 *
 * Times are resolved here to a wall time and a zone. Which occurrences exist, and what becomes of
 * them, is up to import_calendar.c.
 */
#ifndef TURNOUT_IMPORT_EVENT_H
#define TURNOUT_IMPORT_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include <libical/ical.h>

#include "db/store.h"
#include "gen/import.h"

#define IMPORT_UID_MAX	480		/* the longest UID that is kept, bytes */

/* The club's clock, for times without a zone, and where notes go. All borrowed. */
struct import_clock {
	icaltimezone		*zone;
	const char		*name;			/* IANA */
	struct import_notes	*notes;
	/* the zone that the last note was about, so that it is not noted for each event */
	char			 unknown[STORE_ZONE_SIZE];
};

/* A wall time and its zone. */
struct import_moment {
	struct icaltimetype	 time;
	icaltimezone		*zone;
	/* the name of the zone, as a run keeps it */
	char			 name[STORE_ZONE_SIZE];
	/* to be written in the club's zone, which `name` is then */
	bool			 is_instant;
};

struct import_event {
	icalcomponent	*component, *calendar;
	char		 uid[IMPORT_UID_MAX + 1];		/* "" for none */
	char		 title[NAME_SIZE];
	struct import_moment	 start;
	int		 length_s;			/* 0: no end was given */
	char		 end[WALL_TIME_SIZE];	/* wall time in the start's zone, "" for none */
	bool		 is_cancelled, is_override;
	char		 original[WALL_DATE_SIZE];	/* the date that an override replaces */
	bool		 is_place_read;
	int64_t		 place_id;
};

/* How sentences name an event: by title and first date. */
#define IMPORT_EVENT_FORMAT	"“%s” of %04d-%02d-%02d"
#define IMPORT_EVENT_WORDS(event) \
	(event)->title, (event)->start.time.year, (event)->start.time.month, (event)->start.time.day

/* Write the date, or the time of day, of `time` as the store does. */
void	import_write_date(const struct icaltimetype *time, char date[WALL_DATE_SIZE]);
void	import_write_time(const struct icaltimetype *time, char text[WALL_TIME_SIZE]);

/*
 * Make a name of any text: control characters become blanks, and what comes after 80 characters is
 * cut off. "" when nothing is left.
 */
void	import_cut_name(const char *text, char name[NAME_SIZE]);

/*
 * Work out the moment that `property` holds as `time`, of an event in `calendar`:
 *   with a TZID of an IANA zone, by name or by its definition in `calendar`: wall time there
 *   with a TZID that only `calendar` defines, or in UTC: an instant
 *   without a TZID, or a bare date: wall time in the club's zone
 *   with a TZID that is not known at all: the same, with an odd note
 */
void	import_moment(struct import_clock *clock, icalcomponent *calendar, icalproperty *property,
	    struct icaltimetype time, struct import_moment *moment);

/* The date of `moment` on the clock of `start`; occurrences are known by it. */
void	import_date_beside(const struct import_moment *moment, const struct import_moment *start,
	    char date[WALL_DATE_SIZE]);

/*
 * Read `event`, whose component and calendar are set. NULL when that succeeds; otherwise the reason
 * why it makes no run, as the end of a sentence ("lasts all day …"); title and start are set all
 * the same, for that sentence. Place and original are not read.
 */
const char	*import_event(struct import_clock *clock, struct import_event *event);

#endif
