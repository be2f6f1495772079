// SPDX-License-Identifier: ISC
/*
 * cmd_export_all.c: turnout export --all: everything of a club in one folder, to leave with. The
 * folder is filled under another name, synced to disk and then renamed, so that it is complete or
 * not there.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gen/cmd_output.h"
#include "gen/cmd_share.h"
#include "gen/file.h"
#include "gen/folder.h"
#include "gen/publish.h"

struct leaving {
	struct call	*call;
	struct store	*copy;			/* a snapshot of the database */
	char		 folder[PATH_MAX];	/* the one being filled */
	size_t		 lines;			/* of the register and the event log */
	json_t		*list;			/* where the rows of a list go */
	enum status	 status;		/* of the lists that a row has */
	struct buffer	 groups;		/* struct group of each */
};

static const char readme[] =
    "Everything that Turnout knew of %s on %s.\n"
    "\n"
    "register.csv      who came, was late, excused or absent: a line a person and run\n"
    "events.csv        everything that happened, in its order, a line an event; `turnout import "
    "events.csv` makes it again\neverything.json   both, and the club, its groups, places, hosts, "
    "schedules, runs and people; what is in it is described\n"
    "                  in site/api/openapi.json, as components/schemas/Everything\n"
    "calendar.ics      the runs of the last 400 days and all to come, for calendar programs; "
    "older ones are in everything.json\ncalendar-GROUP.ics  the same of one group\n"
    "site/             the public site, for any web server\n"
    "\n"
    "CSV is UTF-8 with a head, as RFC 4180 has it; a field that a spreadsheet would run as a "
    "formula has an apostrophe in front.\nDates are YYYY-MM-DD; times are wall times in the zone "
    "beside them, or ISO 8601 with the offset of that zone.\n"
    "Names are in all of it, whatever the site shows: keep it private. Secret addresses and codes "
    "are in none of it.\n";

/* Say why nothing was exported, by errno. */
static enum status
fail(const struct leaving *leaving, const char *path)
{
	return call_fail(leaving->call, export_failed(),
	    "%s cannot be written: %s. Nothing was exported. Make room, or choose another place.",
	    path, strerror(errno));
}

/* Open `name` in the folder for writing; NULL (said) when that fails. */
static FILE *
begin_file(const struct leaving *leaving, const char *name)
{
	char path[PATH_MAX + 256];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", leaving->folder, name);
	file = fopen(path, "wx");
	if (file == NULL)
		fail(leaving, path);
	return file;
}

static enum status
end_file(const struct leaving *leaving, FILE *file, const char *name, enum status status)
{
	int error = errno;

	if (fclose(file) != 0 && status == ST_OK) {
		error = errno;
		status = ST_FAULT;
	}
	errno = error;
	return status == ST_OK || (status != ST_FULL && status != ST_FAULT) ? status
	    : fail(leaving, name);
}

/* ---- lists ---- */

static bool
add_text(void *handle, const char *text)
{
	json_array_append_new(handle, listing_pack("s", text));
	return true;
}

static bool
add_listed(void *handle, const struct person *person)
{
	return add_text(handle, person->name);
}

static bool
add_group(void *handle, const struct group *group, int64_t runs, int64_t people)
{
	struct leaving *leaving = handle;
	json_t *listed = listing_pack("[]");

	(void)runs;
	(void)people;
	leaving->status = store_people(leaving->copy, group->id, add_listed, listed);
	json_array_append_new(leaving->list,
	    listing_pack("{s:I,s:s,s:s,s:b,s:o}", "id", (json_int_t)group->id, "name", group->name,
	    "slug", group->slug, "is_closed", group->is_closed, "people", listed));
	buffer_append(&leaving->groups, (const char *)group, sizeof *group);
	return leaving->status == ST_OK;
}

static bool
add_place(void *handle, const struct place *place, int64_t runs)
{
	struct leaving *leaving = handle;
	json_t *networks = listing_pack("[]"), *points = listing_pack("[]");

	(void)runs;
	leaving->status = store_place_marks(leaving->copy, place->id, true, add_text, networks);
	if (leaving->status == ST_OK)
		leaving->status = store_place_marks(leaving->copy, place->id, false, add_text,
		    points);
	json_array_append_new(leaving->list,
	    listing_pack("{s:I,s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:o}", "id", (json_int_t)place->id,
	    "name", place->name, "slug", place->slug, "address", place->address,
	    "latitude", place->has_position ? json_real(place->latitude) : json_null(),
	    "longitude", place->has_position ? json_real(place->longitude) : json_null(),
	    "radius_m", place->radius_m > 0 ? json_integer(place->radius_m) : json_null(),
	    "networks", networks, "access_points", points));
	return leaving->status == ST_OK;
}

static bool
add_host(void *handle, const struct host *host)
{
	struct leaving *leaving = handle;

	json_array_append_new(leaving->list,
	    listing_pack("{s:I,s:s,s:b}", "id", (json_int_t)host->id, "name", host->name,
	    "is_admin", host->is_admin));
	return true;
}

/* An id, or null where it is 0. */
static json_t *
id_json(int64_t id)
{
	return id == 0 ? json_null() : json_integer(id);
}

static bool
add_schedule(void *handle, const struct schedule *schedule)
{
	struct leaving *leaving = handle;
	json_t *skips = listing_pack("[]");

	leaving->status = store_schedule_skips(leaving->copy, schedule->id, add_text, skips);
	json_array_append_new(leaving->list,
	    listing_pack("{s:I,s:o,s:o,s:o,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}",
	    "id", (json_int_t)schedule->id, "group_id", id_json(schedule->group_id),
	    "place_id", id_json(schedule->place_id), "host_id", id_json(schedule->host_id),
	    "title", schedule->title, "rule", schedule->rule, "first", schedule->first,
	    "start", schedule->start, "end", schedule->end, "zone", schedule->zone,
	    "through", schedule->through, "skips", skips));
	return leaving->status == ST_OK;
}

/* The rules of a run as {key: value}. */
static json_t *
rules_json(const struct run_rules *rules)
{
	json_t *rows = listing_pack("[]"), *object = listing_pack("{}"), *row;
	size_t i;

	share_rules(rules, NULL, rows);
	json_array_foreach(rows, i, row)
		json_object_set(object, json_string_value(json_object_get(row, "key")),
		    json_object_get(row, "value"));
	json_decref(rows);
	return object;
}

static bool
add_run(void *handle, const struct run *run)
{
	struct leaving *leaving = handle;

	json_array_append_new(leaving->list,
	    listing_pack("{s:s,s:o,s:o,s:o,s:o,s:s,s:s,s:s,s:s,s:s,s:b,s:s,s:i,s:i,s:i,s:i,s:o}",
	    "session", run->session, "group_id", id_json(run->group_id),
	    "schedule_id", id_json(run->schedule_id), "place_id", id_json(run->place_id),
	    "host_id", id_json(run->host_id), "date", run->date, "start", run->start,
	    "end", run->end, "zone", run->zone, "title", run->title,
	    "is_cancelled", run->is_cancelled, "reason", run->reason,
	    "present", run->present, "late", run->late, "excused", run->excused,
	    "absent", run->absent, "rules", rules_json(&run->rules)));
	return true;
}

static bool
add_person(void *handle, const struct person *person)
{
	struct leaving *leaving = handle;

	json_array_append_new(leaving->list,
	    listing_pack("{s:I,s:s,s:s,s:s,s:I}", "id", (json_int_t)person->id,
	    "name", person->name, "nickname", person->nickname, "visibility", person->visibility,
	    "came", (json_int_t)person->came));
	return true;
}

static enum status
each_group(struct leaving *leaving)
{
	return store_groups(leaving->copy, add_group, leaving);
}

static enum status
each_place(struct leaving *leaving)
{
	return store_places(leaving->copy, add_place, leaving);
}

static enum status
each_host(struct leaving *leaving)
{
	return store_hosts(leaving->copy, add_host, leaving);
}

static enum status
each_schedule(struct leaving *leaving)
{
	return store_schedules(leaving->copy, 0, add_schedule, leaving);
}

static enum status
each_run(struct leaving *leaving)
{
	return store_runs(leaving->copy, 0, NULL, NULL, add_run, leaving);
}

static enum status
each_person(struct leaving *leaving)
{
	return store_people(leaving->copy, 0, add_person, leaving);
}

/* Write `before`, `key` and its value, whose reference is taken over. */
static enum status
put_value(FILE *out, const char *before, const char *key, json_t *value)
{
	bool is_good = fprintf(out, "%s\"%s\": ", before, key) >= 0 &&
	    json_dumpf(value, out, JSON_COMPACT | JSON_ENCODE_ANY) == 0;

	json_decref(value);
	return is_good ? ST_OK : export_failed();
}

/* Say that the facts could not be read. */
static enum status
fail_reading(const struct leaving *leaving)
{
	return call_fail(leaving->call, ST_REFUSED, "The facts cannot be read: %s. Nothing was "
	    "exported. turnout doctor may say more.", store_why(leaving->copy));
}

/* Write the register or the event log in `format`. */
static enum status
put_lines(struct leaving *leaving, enum export_kind kind, enum export_format format, FILE *out)
{
	struct export_request request = { .kind = kind, .format = format };
	size_t lines = 0;
	enum status status = export_write(leaving->copy, &request, out, &lines);

	leaving->lines += format == EXPORT_CSV ? lines : 0;
	return status == ST_REFUSED ? fail_reading(leaving) : status;
}

/* Write the list `key` of what `each` adds. */
static enum status
put_list(struct leaving *leaving, const char *key, enum status (*each)(struct leaving *leaving),
    FILE *out)
{
	enum status status;

	leaving->list = listing_pack("[]");
	leaving->status = ST_OK;
	status = each(leaving);
	if (status == ST_OK)
		status = leaving->status;
	if (status == ST_OK)
		return put_value(out, ",\n", key, leaving->list);
	json_decref(leaving->list);
	return fail_reading(leaving);
}

static enum status
put_everything(struct leaving *leaving, FILE *out)
{
	static const struct { const char *key; enum status (*each)(struct leaving *leaving);
	    } lists[] = {
		{ "groups", each_group }, { "places", each_place }, { "hosts", each_host },
		{ "schedules", each_schedule },
		{ "runs", each_run }, { "people", each_person },
	};
	const struct club *club = &leaving->call->club;
	char at[WALL_ISO_SIZE];
	enum status status = wall_iso(leaving->call->now, club->zone, at);

	if (status == ST_OK)
		status = put_value(out, "{", "exported_at", listing_pack("s", at));
	if (status == ST_OK)
		status = put_value(out, ",\n",
		    "club", listing_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:i,s:i}",
		    "name", club->name, "zone", club->zone, "language", club->language,
		    "address", club->address, "visibility", club->visibility, "word", club->word,
		    "opens_min", club->opens_min, "closes_min", club->closes_min,
		    "position_days", club->position_days));
	for (size_t i = 0; status == ST_OK && i < sizeof lists / sizeof lists[0]; i++)
		status = put_list(leaving, lists[i].key, lists[i].each, out);
	for (enum export_kind kind = EXPORT_REGISTER; status == ST_OK && kind <= EXPORT_EVENTS;
	    kind++) {
		status = fprintf(out, ",\n\"%s\": ", export_kind_name(kind)) < 0 ? export_failed()
		    : put_lines(leaving, kind, EXPORT_JSON, out);
	}
	return status != ST_OK || fputs("}\n", out) >= 0 ? status : export_failed();
}

static enum status
put_readme(struct leaving *leaving, FILE *out)
{
	char date[WALL_DATE_SIZE];
	enum status status = share_today(leaving->call, date);

	return status != ST_OK || fprintf(out, readme, leaving->call->club.name, date) >= 0 ? status
	    : export_failed();
}

static enum status
put_register(struct leaving *leaving, FILE *out)
{
	return put_lines(leaving, EXPORT_REGISTER, EXPORT_CSV, out);
}

static enum status
put_events(struct leaving *leaving, FILE *out)
{
	return put_lines(leaving, EXPORT_EVENTS, EXPORT_CSV, out);
}

static enum status
write_files(struct leaving *leaving)
{
	static const struct { const char *name;
	    enum status (*put)(struct leaving *leaving, FILE *out); } files[] = {
		{ "README.txt", put_readme }, { "register.csv", put_register },
		{ "events.csv", put_events }, { "everything.json", put_everything },
	};
	enum status status = ST_OK;

	for (size_t i = 0; status == ST_OK && i < sizeof files / sizeof files[0]; i++) {
		FILE *file = begin_file(leaving, files[i].name);

		status = file == NULL ? ST_FAULT
		    : end_file(leaving, file, files[i].name, files[i].put(leaving, file));
	}
	return status;
}

/* ---- the site ---- */

/* Publish into a folder of its own, and keep only the public half. */
static enum status
write_site(struct leaving *leaving)
{
	char site[PATH_MAX + 16], half[PATH_MAX + 32], place[PATH_MAX + 16];
	struct publish_request request = { .now = leaving->call->now, .is_full = true };
	struct publish_report report;
	struct publisher *publisher;
	struct store *mine = NULL;	/* call->store is in use for reading */
	enum status status;

	snprintf(site, sizeof site, "%s/making", leaving->folder);
	snprintf(half, sizeof half, "%s/public", site);
	snprintf(place, sizeof place, "%s/site", leaving->folder);
	status = publisher_open(leaving->call->database, &mine, leaving->call->templates, site,
	    &publisher);
	if (status == ST_OK)
		status = publish(publisher, &request, &report);
	if (status != ST_OK)
		call_fail(leaving->call, status, "%s Nothing was exported.",
		    publisher_why(publisher));
	publisher_close(publisher);
	if (status == ST_OK && (rename(half, place) != 0 || !folder_remove(site)))
		return fail(leaving, place);
	return status;
}

/* Copy site/`from` to `to`. */
static enum status
copy_feed(struct leaving *leaving, const char *from, const char *to)
{
	char path[PATH_MAX + 256];
	struct buffer content = { 0 };
	enum status status = ST_FAULT;
	FILE *file;

	snprintf(path, sizeof path, "%s/site/%s", leaving->folder, from);
	if (!file_read(path, &content))
		fail(leaving, path);
	else if ((file = begin_file(leaving, to)) != NULL)
		status = end_file(leaving, file, to,
		    export_put(file, content.data, content.length));
	buffer_clear(&content);
	return status;
}

static enum status
write_feeds(struct leaving *leaving)
{
	const struct group *group = (const struct group *)(const void *)leaving->groups.data;
	char from[STORE_SLUG_SIZE + 32], to[STORE_SLUG_SIZE + 32];
	enum status status = copy_feed(leaving, "calendar.ics", "calendar.ics");

	for (size_t i = 0; status == ST_OK && i < leaving->groups.length / sizeof *group; i++) {
		snprintf(from, sizeof from, "groups/%s/calendar.ics", group[i].slug);
		snprintf(to, sizeof to, "calendar-%s.ics", group[i].slug);
		status = copy_feed(leaving, from, to);
	}
	return status;
}

/* ---- the folder ---- */

/* Is `path` free: not there, or an empty folder? If not, ST_EXISTS (said). */
static enum status
check_free(const struct leaving *leaving, const char *path)
{
	struct folder inside = { 0 };
	struct stat info;
	bool is_free;

	if (lstat(path, &info) != 0)
		return errno == ENOENT ? ST_OK : fail(leaving, path);
	is_free = S_ISDIR(info.st_mode) && folder_read(&inside, path, ".") && inside.count == 0;
	folder_clear(&inside);
	return is_free ? ST_OK
	    : call_fail(leaving->call, ST_EXISTS,
	    "%s already exists and is not an empty folder. Nothing was exported. "
	    "Choose another name.", path);
}

/* Sync what was written to disk, rename the folder to `path`, and sync that too. */
static enum status
put_in_place(const struct leaving *leaving, const char *path)
{
	char parent[PATH_MAX];
	int folder;
	bool is_good;

	snprintf(parent, sizeof parent, "%s", path);
	folder = open(dirname(parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	is_good = folder >= 0 && syncfs(folder) == 0 && rename(leaving->folder, path) == 0 &&
	    fsync(folder) == 0;
	if (!is_good)
		fail(leaving, path);
	if (folder >= 0)
		(void)close(folder);
	return is_good ? ST_OK : ST_FAULT;
}

static enum status
fill_folder(struct leaving *leaving, const char *path)
{
	enum status status = write_files(leaving);

	if (status == ST_OK)
		status = write_site(leaving);
	if (status == ST_OK)
		status = write_feeds(leaving);
	if (status == ST_OK)
		status = put_in_place(leaving, path);
	if (status != ST_OK && !folder_remove(leaving->folder))
		call_tell(leaving->call, "%s could not be removed; you can delete "
		    "it.", leaving->folder);
	return status;
}

/* Read DIR, without the slashes at its end. */
static enum status
read_path(const struct call *call, char path[PATH_MAX])
{
	size_t length = strlen(call_value(call, OPTION_ALL));

	while (length > 1 && call_value(call, OPTION_ALL)[length - 1] == '/')
		length--;
	if (length == 0 || length > PATH_MAX - 32)
		return call_fail(call, ST_USAGE,
		    "--all needs the name of a folder. Nothing was exported.");
	snprintf(path, PATH_MAX, "%.*s", (int)length, call_value(call, OPTION_ALL));
	return ST_OK;
}

/* --all exports everything, so no option may choose a part. */
static enum status
check_alone(const struct call *call)
{
	static const enum option_id fitting[] = { OPTION_ALL, OPTION_BY, OPTION_TEMPLATES,
	    OPTION_DB, OPTION_NOW, OPTION_QUIET };

	for (size_t i = 0, j; i < call->n_given; i++) {
		for (j = 0; j < sizeof fitting / sizeof fitting[0] &&
		    fitting[j] != call->given[i].id; j++)
			;
		if (j == sizeof fitting / sizeof fitting[0])
			return call_fail(call, ST_USAGE,
			    "--all exports everything: leave out --%s. Nothing was "
			    "exported.", option_names[call->given[i].id].name);
	}
	return call->n_words == 0 ? ST_OK
	    : call_fail(call, ST_USAGE,
	    "--all exports everything: leave out “%s”. Nothing was exported.",
	    call->words[0]);
}

enum status
command_export_all(struct call *call)
{
	struct leaving leaving = { .call = call };
	const struct register_filter all = { 0 };
	char path[PATH_MAX];
	enum status status = check_alone(call);

	if (status == ST_OK)
		status = read_path(call, path);
	if (status == ST_OK)
		status = check_free(&leaving, path);
	if (status != ST_OK)
		return status;
	snprintf(leaving.folder, sizeof leaving.folder, "%.*s.part-XXXXXX", PATH_MAX - 32, path);
	if (mkdtemp(leaving.folder) == NULL)
		return fail(&leaving, path);
	status = store_snapshot(call->store, &leaving.copy);
	if (status == ST_OK) {
		status = fill_folder(&leaving, path);
	} else {
		(void)rmdir(leaving.folder);
		call_fail_store(call, status, "Nothing was exported.");
	}
	store_close(leaving.copy);
	buffer_clear(&leaving.groups);
	if (status == ST_OK)
		status = output_note(call, "all", "folder", &all, leaving.lines);
	if (status == ST_OK)
		call_tell(call, "Everything is in %s: start with README.txt.", path);
	return status;
}
