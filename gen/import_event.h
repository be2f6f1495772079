// SPDX-License-Identifier: ISC
/*
 * import_event.h: what one event of an iCalendar file says, as far as a run can say it too.
 *
 * Times are resolved to a wall time and a zone here; which occurrences there are, and what becomes
 * of them, is import_calendar.c's business.
 */
#ifndef TURNOUT_IMPORT_EVENT_H
#define TURNOUT_IMPORT_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include <libical/ical.h>

#include "db/store.h"
#include "gen/import.h"

#define IMPORT_UID_MAX	480		/* bytes of a UID that is remembered */

/* The clock of the club, for times without a zone, and where notes go; all borrowed. */
struct import_clock {
	icaltimezone		*zone;
	const char		*name;			/* IANA */
	struct import_notes	*notes;
	/* the last zone that a note was about */
	char			 unknown[STORE_ZONE_SIZE];
};

/* A wall time and its zone. */
struct import_moment {
	struct icaltimetype	 time;
	icaltimezone		*zone;
	char			 name[STORE_ZONE_SIZE];	/* the zone as a run keeps it */
	bool			 is_instant;	/* to be written in the club's zone instead */
};

struct import_event {
	icalcomponent	*component, *calendar;
	char		 uid[IMPORT_UID_MAX + 1];		/* "" for none */
	char		 title[NAME_SIZE];
	struct import_moment	 start;
	int		 length_s;			/* 0: no end given */
	char		 end[WALL_TIME_SIZE];	/* wall time in the start's zone, "" for none */
	bool		 is_cancelled, is_override;
	char		 original[WALL_DATE_SIZE];	/* of an override: the date it stands for */
	bool		 is_place_read;
	int64_t		 place_id;
};

/* An event as sentences name it: title and first date. */
#define IMPORT_EVENT_FORMAT	"“%s” of %04d-%02d-%02d"
#define IMPORT_EVENT_WORDS(event) \
	(event)->title, (event)->start.time.year, (event)->start.time.month, (event)->start.time.day

/* The date and the time of `time` as the store writes them. */
void	import_write_date(const struct icaltimetype *time, char date[WALL_DATE_SIZE]);
void	import_write_time(const struct icaltimetype *time, char text[WALL_TIME_SIZE]);

/*
 * Make a name of any text: control characters are blanks, what is behind 80 characters goes. ""
 * when nothing is left.
 */
void	import_cut_name(const char *text, char name[NAME_SIZE]);

/*
 * The moment that `property` of an event holds as `time`: in its own zone where that is an IANA
 * one, by name or by what `calendar` says of it; an instant in another zone of the file, or in UTC;
 * on the club's clock without a zone, and, with an odd note, in a zone that nobody knows.
 */
void	import_moment(struct import_clock *clock, icalcomponent *calendar, icalproperty *property,
	    struct icaltimetype time, struct import_moment *moment);

/* The date of `moment` on the clock of `start`, by which an occurrence is known. */
void	import_date_beside(const struct import_moment *moment, const struct import_moment *start,
	    char date[WALL_DATE_SIZE]);

/*
 * Read `event`, whose component and calendar are set. NULL when it is read; otherwise why it makes
 * no run here, as the end of a sentence ("lasts all day …"). Place and original are not read.
 */
const char	*import_event(struct import_clock *clock, struct import_event *event);

#endif
