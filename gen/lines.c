// SPDX-License-Identifier: ISC
/* lines.c: see lines.h. */
#include "gen/lines.h"

#include <stdlib.h>
#include <string.h>

#define DATES_MAX	1000000
#define FIRST_PLACES	256		/* a power of two; twice as many when half are taken */

struct line {
	int64_t		person_id, group_id;
	int64_t		minutes;
	size_t		at;			/* its marks begin there */
	uint32_t	size;			/* of them */
	uint32_t	worst;
	uint32_t	late, excused, unproven;	/* how often */
	uint32_t	came[LEVEL_END];		/* by the level of the proof */
};

enum mark
lines_mark(const char *status, enum level proof, int64_t level)
{
	switch (status[0]) {
	case 'e':
		return MARK_EXCUSED;
	case 'a':
		return MARK_ABSENT;
	default:
		return (int64_t)proof < level ? MARK_UNPROVEN
		    : status[0] == 'l' ? MARK_LATE : MARK_PRESENT;
	}
}

/* The place of the line of that person and group: of its number, or empty. */
static uint32_t *
find_place(const struct lines *lines, int64_t person_id, int64_t group_id)
{
	const uint64_t hash = ((uint64_t)group_id << 32 ^ (uint64_t)person_id)
	    * 0x9e3779b97f4a7c15u;
	size_t i = (size_t)(hash >> 32) & (lines->n_places - 1);
	const struct line *line;

	for (; lines->places[i] != 0; i = (i + 1) & (lines->n_places - 1)) {
		line = &lines->list[lines->places[i] - 1];
		if (line->person_id == person_id && line->group_id == group_id)
			break;
	}
	return &lines->places[i];
}

static void
make_places(struct lines *lines)
{
	size_t i;

	lines->n_places = lines->n_places == 0 ? FIRST_PLACES : lines->n_places * 2;
	free(lines->places);
	lines->places = calloc(lines->n_places, sizeof *lines->places);
	if (lines->places == NULL)
		buffer_fail();
	for (i = 0; i < lines->count; i++)
		*find_place(lines, lines->list[i].person_id, lines->list[i].group_id) =
		    (uint32_t)i + 1;
}

/* A line without marks, at its place. */
static struct line *
add_line(struct lines *lines, uint32_t *place, const struct line_entry *entry)
{
	const size_t size = (size_t)entry->size;
	struct line *line;

	if (lines->count == lines->capacity) {
		lines->capacity = lines->capacity == 0 ? FIRST_PLACES / 2 : lines->capacity * 2;
		lines->list = reallocarray(lines->list, lines->capacity, sizeof *lines->list);
		if (lines->list == NULL)
			buffer_fail();
	}
	line = &lines->list[lines->count++];
	*line = (struct line){ .person_id = entry->person_id, .group_id = entry->group_id,
	    .at = lines->marks.length, .size = (uint32_t)size };
	buffer_reserve(&lines->marks, size);
	memset(lines->marks.data + line->at, '0', size);
	lines->marks.length += size;
	*place = (uint32_t)lines->count;
	return line;
}

bool
lines_add(struct lines *lines, const struct line_entry *entry)
{
	struct line *line;
	uint32_t *place;

	if (entry->size < 1 || entry->size > DATES_MAX)
		return false;
	if (lines->count * 2 >= lines->n_places)
		make_places(lines);
	place = find_place(lines, entry->person_id, entry->group_id);
	line = *place != 0 ? &lines->list[*place - 1] : add_line(lines, place, entry);
	if (line->size != (size_t)entry->size)
		return false;
	if (entry->mark == MARK_NOTHING || entry->place < 1 || entry->place > entry->size)
		return true;
	lines->marks.data[line->at + (size_t)entry->place - 1] = (char)('0' + entry->mark);
	line->late += entry->mark == MARK_LATE;
	line->excused += entry->mark == MARK_EXCUSED;
	line->unproven += entry->mark == MARK_UNPROVEN;
	if (entry->mark == MARK_PRESENT || entry->mark == MARK_LATE)
		line->came[entry->proof]++;
	if (entry->mark == MARK_LATE && entry->late_s > 0) {
		line->minutes += entry->late_s / 60;
		if (entry->late_s / 60 > line->worst)
			line->worst = (uint32_t)(entry->late_s / 60);
	}
	return true;
}

static int
compare_lines(const void *one, const void *other)
{
	const struct line *a = one, *b = other;

	if (a->person_id != b->person_id)
		return a->person_id < b->person_id ? -1 : 1;
	return a->group_id < b->group_id ? -1 : a->group_id > b->group_id;
}

void
lines_take(struct lines *lines, struct buffer *bytes)
{
	const struct line *line;

	if (lines->count > 0)
		qsort(lines->list, lines->count, sizeof *lines->list, compare_lines);
	buffer_reserve(bytes, lines->count * sizeof *line + lines->marks.length + 1);
	for (line = lines->list; line < lines->list + lines->count; line++) {
		buffer_append(bytes, (const char *)line, sizeof *line);
		buffer_append(bytes, lines->marks.data + line->at, line->size);
	}
	free(lines->list);
	free(lines->places);
	buffer_clear(&lines->marks);
	*lines = (struct lines){ 0 };
}

/* ---- each_line ---- */

static size_t
row_size(const char *row, size_t left)
{
	struct line line;

	if (left < sizeof line)
		return 0;
	memcpy(&line, row, sizeof line);
	return line.size > left - sizeof line ? 0 : sizeof line + line.size;
}

enum column {
	COLUMN_PERSON, COLUMN_GROUP, COLUMN_MARKS, COLUMN_CAME, COLUMN_LATE, COLUMN_MINUTES,
	COLUMN_WORST, COLUMN_EXCUSED, COLUMN_UNPROVEN, COLUMN_PRINTED, COLUMN_SCREEN, COLUMN_PLACE,
	COLUMN_HOST, COLUMN_END
};

static const char *const columns[COLUMN_END + 1] = { "person_id", "group_id", "marks", "came",
	"late", "minutes", "worst", "excused", "unproven", "printed", "screen", "place", "host" };

/* How often they came with a proof of that level at least. */
static int64_t
count_came(const struct line *line, enum level level)
{
	int64_t count = 0;

	for (; level < LEVEL_END; level++)
		count += line->came[level];
	return count;
}

static int64_t
column_number(const struct line *line, enum column column)
{
	switch (column) {
	case COLUMN_PERSON:
		return line->person_id;
	case COLUMN_GROUP:
		return line->group_id;
	case COLUMN_CAME:
		return count_came(line, LEVEL_NONE);
	case COLUMN_LATE:
		return line->late;
	case COLUMN_MINUTES:
		return line->minutes;
	case COLUMN_WORST:
		return line->worst;
	case COLUMN_EXCUSED:
		return line->excused;
	case COLUMN_UNPROVEN:
		return line->unproven;
	case COLUMN_PRINTED:
	case COLUMN_SCREEN:
	case COLUMN_PLACE:
	case COLUMN_HOST:
		return count_came(line, LEVEL_PRINTED + (enum level)(column - COLUMN_PRINTED));
	case COLUMN_MARKS:
	case COLUMN_END:
		break;
	}
	return 0;
}

static void
row_column(const char *row, int column, struct sql_call *call)
{
	struct line line;

	memcpy(&line, row, sizeof line);
	if (column == COLUMN_MARKS)
		sql_call_give_part(call, row + sizeof line, line.size);
	else
		sql_call_give_int(call, column_number(&line, (enum column)column));
}

const struct sql_table lines_table = { .name = "each_line", .columns = columns, .is_ordered = true,
	.size = row_size, .column = row_column };
