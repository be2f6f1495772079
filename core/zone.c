// SPDX-License-Identifier: ISC
/* zone.c: files of tzdata: a list of changes, then a footer: the rule after the last, as in TZ. */
#include "core/zone.h"

#include <endian.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ZONES_FOLDER	"/usr/share/zoneinfo"
#define FILE_MAX	(64 << 10)	/* bytes; the longest has 4 kB */
#define HEAD_BYTES	44
#define TYPE_BYTES	6
#define NAME_SIZE	64		/* of a zone's name, and of an abbreviation */
#define DAY_S		86400

/* A day of each year, and a time on it: "M3.5.0/2", "J60", "59". */
struct rule {
	char	kind;			/* M, J, or 0: day of the year from 0, with 29 February */
	/* week 5: the last; day: of the week, 0 Sunday, or of the year */
	int	month, week, day;
	int	time_s;			/* by the wall clock before the change */
};

struct zone {
	struct zone		*next;
	char			 name[NAME_SIZE];
	unsigned char		*file;
	/* inside `file`: entries of 8 bytes, 1 byte and TYPE_BYTES */
	const unsigned char	*changes, *kinds, *types;
	const char		*names;
	size_t			 n_changes;
	/* What the footer says. */
	bool			 has_footer, has_summer;
	char			 footer_names[2][NAME_SIZE];	/* standard time, summer time */
	struct zone_state	 standard, summer;
	struct rule		 begins, ends;
};

/* ---- the footer ---- */

/* Read "GMT" or "<+03>"; returns what follows, NULL when there is no name. */
static const char *
read_name(const char *text, char name[NAME_SIZE])
{
	const bool is_quoted = *text == '<';
	size_t length = strcspn(text += is_quoted, is_quoted ? ">" : "0123456789+-,");

	if (length == 0 || length >= NAME_SIZE || (is_quoted && text[length] != '>'))
		return NULL;
	memcpy(name, text, length);
	name[length] = '\0';
	return text + length + is_quoted;
}

/* Read "1", "-3:30" or "+2:00:00" into seconds; returns what follows. */
static const char *
read_seconds(const char *text, int *seconds)
{
	const int sign = *text == '-' ? -1 : 1;
	char *end;

	*seconds = 0;
	text += *text == '-' || *text == '+';
	for (int unit = 3600; unit > 0 && *text >= '0' && *text <= '9'; unit /= 60) {
		*seconds += sign * unit * (int)strtol(text, &end, 10);
		text = end + (*end == ':');
	}
	return text;
}

static const char *
read_rule(const char *text, struct rule *rule)
{
	int used = 0;

	rule->time_s = 2 * 3600;
	if (sscanf(text, "M%d.%d.%d%n", &rule->month, &rule->week, &rule->day, &used) == 3)
		rule->kind = 'M';
	else if (sscanf(text, "J%d%n", &rule->day, &used) == 1)
		rule->kind = 'J';
	else if (sscanf(text, "%d%n", &rule->day, &used) != 1)
		return NULL;
	text += used;
	return *text == '/' ? read_seconds(text + 1, &rule->time_s) : text;
}

/* Read "GMT0BST,M3.5.0/1,M10.5.0"; false when it is no footer. */
static bool
read_footer(struct zone *zone, const char *text)
{
	int west_s;

	text = read_name(text, zone->footer_names[0]);
	if (text == NULL)
		return false;
	text = read_seconds(text, &west_s);
	zone->standard = (struct zone_state){ .offset_s = -west_s, .name = zone->footer_names[0] };
	if (*text == '\0')
		return true;
	text = read_name(text, zone->footer_names[1]);
	if (text == NULL)
		return false;
	west_s -= 3600;
	if (*text != ',')
		text = read_seconds(text, &west_s);
	zone->summer = (struct zone_state){ .offset_s = -west_s, .is_daylight = true,
	    .name = zone->footer_names[1] };
	zone->has_summer = true;
	return *text == ',' && (text = read_rule(text + 1, &zone->begins)) != NULL &&
	    *text == ',' && read_rule(text + 1, &zone->ends) != NULL;
}

static int64_t
first_of(int year, int month)
{
	struct tm tm = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = 1 };

	return (int64_t)timegm(&tm);
}

/* The instant that the rule names in `year`, on a clock `offset_s` seconds east of Greenwich. */
static int64_t
rule_instant(const struct rule *rule, int year, int offset_s)
{
	int64_t day = first_of(year, rule->kind == 'M' ? rule->month : 1), next;

	if (rule->kind == 'M') {
		next = rule->month == 12 ? first_of(year + 1, 1) : first_of(year, rule->month + 1);
		/* 1970 began on a Thursday */
		day += (int64_t)((rule->day - (day / DAY_S + 4) % 7 + 7) % 7 + 7 * (rule->week - 1))
		    * DAY_S;
		if (day >= next)
			day -= 7 * DAY_S;
	} else if (rule->kind == 'J') {		/* 29 February is not counted */
		day += (int64_t)(rule->day - 1) * DAY_S;
		if (rule->day > 59)
			day += first_of(year, 3) - first_of(year, 2) - 28 * DAY_S;
	} else {
		day += (int64_t)rule->day * DAY_S;
	}
	return day + rule->time_s - offset_s;
}

static void
follow_footer(const struct zone *zone, int64_t instant, struct zone_state *state)
{
	time_t local = (time_t)(instant + zone->standard.offset_s);
	int64_t begins, ends;
	struct tm tm;
	bool is_summer = false;

	if (zone->has_summer && gmtime_r(&local, &tm) != NULL) {
		begins = rule_instant(&zone->begins, tm.tm_year + 1900, zone->standard.offset_s);
		ends = rule_instant(&zone->ends, tm.tm_year + 1900, zone->summer.offset_s);
		is_summer = begins < ends ? instant >= begins && instant < ends
		    : instant >= begins || instant < ends;
	}
	*state = is_summer ? zone->summer : zone->standard;
}

/* ---- the file ---- */

static uint32_t
read_32(const unsigned char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof value);
	return be32toh(value);
}

static int64_t
change_at(const struct zone *zone, size_t i)
{
	uint64_t value;

	memcpy(&value, zone->changes + 8 * i, sizeof value);
	return (int64_t)be64toh(value);
}

/*
 * How many bytes follow a head whose instants are `width` bytes wide; `counts`: changes, types,
 * bytes of names. 0 when it is no head.
 */
static size_t
read_head(const unsigned char *head, size_t left, size_t width, size_t counts[3])
{
	size_t flags, leaps;

	if (left < HEAD_BYTES || memcmp(head, "TZif", 4) != 0 || head[4] < '2')
		return 0;
	flags = (size_t)read_32(head + 20) + read_32(head + 24);
	leaps = read_32(head + 28);
	counts[0] = read_32(head + 32);
	counts[1] = read_32(head + 36);
	counts[2] = read_32(head + 40);
	if (flags > FILE_MAX || leaps > FILE_MAX || counts[0] > FILE_MAX || counts[1] - 1 > 255 ||
	    counts[2] - 1 > 255)
		return 0;
	return counts[0] * (width + 1) + counts[1] * TYPE_BYTES + counts[2] + leaps * (width + 4)
	    + flags;
}

/* Are all indices in the file within its tables, and do the names end? */
static bool
is_sound(const struct zone *zone, const size_t counts[3])
{
	for (size_t i = 0; i < counts[0]; i++)
		if (zone->kinds[i] >= counts[1])
			return false;
	for (size_t i = 0; i < counts[1]; i++)
		if (zone->types[TYPE_BYTES * i + 5] >= counts[2])
			return false;
	return zone->names[counts[2] - 1] == '\0';
}

/* Find the tables of the file, which ends with a NUL that `length` does not count. */
static bool
read_zone(struct zone *zone, size_t length)
{
	size_t counts[3], old = read_head(zone->file, length, 4, counts), size;
	const unsigned char *head;
	char *footer;

	if (old == 0 || old + HEAD_BYTES > length)
		return false;
	head = zone->file + HEAD_BYTES + old;
	length -= HEAD_BYTES + old;
	size = read_head(head, length, 8, counts);
	if (size == 0 || HEAD_BYTES + size > length)
		return false;
	zone->n_changes = counts[0];
	zone->changes = head + HEAD_BYTES;
	zone->kinds = zone->changes + 8 * counts[0];
	zone->types = zone->kinds + counts[0];
	zone->names = (const char *)zone->types + TYPE_BYTES * counts[1];
	footer = (char *)zone->file + (head - zone->file) + HEAD_BYTES + size;
	if (*footer == '\n') {
		footer[1 + strcspn(footer + 1, "\n")] = '\0';
		zone->has_footer = read_footer(zone, footer + 1);
	}
	return is_sound(zone, counts);
}

/*
 * Is it a name of the IANA's? Other files below zoneinfo have leap seconds, or are the machine's
 * own zone or a placeholder.
 */
static bool
is_zone_name(const char *name)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_/";
	size_t length = strlen(name);

	return length > 0 && length < NAME_SIZE && strspn(name, letters) == length &&
	    name[0] != '/' && strncmp(name, "posix", 5) != 0 && strncmp(name, "right/", 6) != 0 &&
	    strcmp(name, "localtime") != 0 && strcmp(name, "Factory") != 0;
}

static size_t
read_file(const char *name, unsigned char *data)
{
	char path[sizeof ZONES_FOLDER + NAME_SIZE];
	size_t length = 0;
	FILE *file;

	snprintf(path, sizeof path, ZONES_FOLDER "/%s", name);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	length = fread(data, 1, FILE_MAX, file);
	if (ferror(file))
		length = 0;
	fclose(file);		/* only read from */
	return length;
}

static struct zone *
load(const char *name)
{
	struct zone *zone = calloc(1, sizeof *zone);
	size_t length = 0;

	if (zone != NULL)
		zone->file = malloc(FILE_MAX + 1);
	if (zone != NULL && zone->file != NULL)
		length = read_file(name, zone->file);
	if (length > 0) {
		unsigned char *cut = realloc(zone->file, length + 1);

		zone->file = cut != NULL ? cut : zone->file;
		zone->file[length] = '\0';
		memcpy(zone->name, name, strlen(name) + 1);
		if (read_zone(zone, length))
			return zone;
	}
	if (zone != NULL)
		free(zone->file);
	free(zone);
	return NULL;
}

const struct zone *
zone_find(const char *name)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct zone *zones;	/* those read so far */
	struct zone *zone;

	pthread_mutex_lock(&lock);
	for (zone = zones; zone != NULL && strcmp(zone->name, name) != 0; zone = zone->next)
		;
	if (zone == NULL && is_zone_name(name) && (zone = load(name)) != NULL) {
		zone->next = zones;
		zones = zone;
	}
	pthread_mutex_unlock(&lock);
	return zone;
}

void
zone_at(const struct zone *zone, int64_t instant, struct zone_state *state)
{
	const unsigned char *type = zone->types;	/* before the first change: the first */
	size_t low = 0, high = zone->n_changes;

	while (low < high) {		/* the changes before `low` have happened */
		size_t middle = low + (high - low) / 2;

		if (change_at(zone, middle) <= instant)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == zone->n_changes && zone->has_footer) {
		follow_footer(zone, instant, state);
		return;
	}
	if (low > 0)
		type += TYPE_BYTES * zone->kinds[low - 1];
	*state = (struct zone_state){ .offset_s = (int)read_32(type), .is_daylight = type[4] != 0,
	    .name = zone->names + type[5] };
}

int
zone_offset_s(const struct zone *zone, int64_t instant)
{
	struct zone_state state;

	zone_at(zone, instant, &state);
	return state.offset_s;
}
