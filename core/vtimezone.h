// SPDX-License-Identifier: ISC
/*
 * vtimezone.h: a time zone described in an iCalendar file.
 */
#ifndef TURNOUT_VTIMEZONE_H
#define TURNOUT_VTIMEZONE_H

/*
 * The VTIMEZONE component of `zone` for an iCalendar file (RFC 5545 3.6.5): CRLF lines, the IANA
 * name as TZID, the changes from 1970 to 2037 and the yearly rules that still hold then, without
 * UNTIL. malloc'd, owned by the caller; NULL for an unknown zone or lack of memory. The same tzdata
 * gives the same bytes, whatever the date.
 */
char	*vtimezone_text(const char *zone);

#endif
