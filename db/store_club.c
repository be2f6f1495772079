// SPDX-License-Identifier: ISC
/*
 * store_club.c: the club: its settings, groups, places and hosts.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/store_inside.h"

/* ---- the club ---- */

enum status
store_newest_change(struct store *store, int64_t *change)
{
	struct rows *rows = store_query(store, Q_NEWEST);
	enum status status = rows_step(rows);

	if (status == ST_OK)
		*change = rows_int(rows, 0);
	rows_reset(rows);
	return status;
}

enum status
store_club(struct store *store, struct club *club)
{
	struct rows *rows = store_query(store, Q_CLUB);
	enum status status = rows_step(rows);

	if (status != ST_OK)
		return status;
	store_copy(rows, 0, club->name, sizeof club->name);
	store_copy(rows, 1, club->zone, sizeof club->zone);
	store_copy(rows, 2, club->language, sizeof club->language);
	store_copy(rows, 3, club->address, sizeof club->address);
	store_copy(rows, 4, club->visibility, sizeof club->visibility);
	store_copy(rows, 5, club->word, sizeof club->word);
	club->opens_min = (int)rows_int(rows, 6);
	club->closes_min = (int)rows_int(rows, 7);
	store_rules_fill(rows, 8, &club->rules);
	club->position_days = (int)rows_int(rows, 17);
	store_copy(rows, 18, club->capability, sizeof club->capability);
	store_copy(rows, 19, club->languages, sizeof club->languages);
	rows_reset(rows);
	return ST_OK;
}

enum status
store_club_revoke(struct store *store)
{
	struct rows *rows = store_query(store, Q_CLUB_REVOKE);
	char capability[CODE_CAPABILITY_SIZE];

	code_capability_new(capability);
	rows_bind_text(rows, "capability", capability);
	return store_write(store, rows);
}

/* A whole number, 0 to `most`. */
static bool
read_whole(const char *value, int most, int *whole)
{
	char *end;
	long number = strtol(value, &end, 10);

	if (*value == '\0' || *end != '\0' || number < 0 || number > most)
		return false;
	*whole = (int)number;
	return true;
}

static bool
is_one_of(const char *value, const char *const *choices)
{
	for (; *choices != NULL; choices++)
		if (strcmp(value, *choices) == 0)
			return true;
	return false;
}

/* An http or https address without query, fragment, blanks or a slash at the end. */
static bool
is_address(const char *value)
{
	const char *host = strncmp(value, "https://", 8) == 0 ? value + 8
	    : strncmp(value, "http://", 7) == 0 ? value + 7 : NULL;
	size_t length = strlen(value);

	return host != NULL && *host != '\0' && *host != '/' && value[length - 1] != '/'
	    && strpbrk(value, " \t\r\n\"<>?#\\") == NULL;
}

bool
store_language_valid(const char *tag)
{
	return strlen(tag) >= 2 && strlen(tag) < sizeof ((struct club *)0)->language &&
	    isalnum((unsigned char)tag[1]) &&
	    tag[strspn(tag,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")] == '\0' &&
	    tag[0] != '-';
}

/* Is `tag` one of those in `list`, "de,fr"? */
static bool
is_listed(const char *list, const char *tag)
{
	size_t length;

	for (; *list != '\0'; list += length + (list[length] == ',')) {
		length = strcspn(list, ",");
		if (length == strlen(tag) && strncmp(list, tag, length) == 0)
			return true;
	}
	return false;
}

/*
 * Write tags separated by commas or blanks as "de,fr"; false when one is malformed or repeated.
 */
static bool
read_languages(const char *value, char *languages, size_t size)
{
	char copy[STORE_TEXT_SIZE], *rest, *tag, *end = languages;

	if (strlen(value) >= sizeof copy || strlen(value) >= size)
		return false;
	snprintf(copy, sizeof copy, "%s", value);
	*languages = '\0';
	for (tag = strtok_r(copy, ", ", &rest); tag != NULL; tag = strtok_r(NULL, ", ", &rest)) {
		if (!store_language_valid(tag) || is_listed(languages, tag))
			return false;
		end += sprintf(end, "%s%s", end == languages ? "" : ",", tag);
	}
	return true;
}

/*
 * The setters of club_set: each returns false, with its field undefined, when it does not accept
 * the value.
 */

/* Set a text as it is, if it is valid and fits. */
static bool
set_text(bool is_valid, const char *value, char *field, size_t size)
{
	if (!is_valid || strlen(value) >= size)
		return false;
	snprintf(field, size, "%s", value);
	return true;
}

static bool
set_name(struct club *club, const char *value)
{
	return name_tidy(value, strlen(value), club->name) == ST_OK;
}

static bool
set_zone(struct club *club, const char *value)
{
	return set_text(wall_zone_valid(value), value, club->zone, sizeof club->zone);
}

static bool
set_language(struct club *club, const char *value)
{
	return set_text(store_language_valid(value), value, club->language,
	    sizeof club->language);
}

static bool
set_languages(struct club *club, const char *value)
{
	return read_languages(value, club->languages, sizeof club->languages);
}

static bool
set_address(struct club *club, const char *value)
{
	return set_text(is_address(value), value, club->address, sizeof club->address);
}

static bool
set_visibility(struct club *club, const char *value)
{
	static const char *const choices[] = { "hidden", "initials", "nickname", "name", NULL };

	return set_text(is_one_of(value, choices), value, club->visibility,
	    sizeof club->visibility);
}

static bool
set_word(struct club *club, const char *value)
{
	static const char *const choices[] = { "run", "class", "meeting", NULL };

	return set_text(is_one_of(value, choices), value, club->word, sizeof club->word);
}

static bool
set_opens(struct club *club, const char *value)
{
	return read_whole(value, 1440, &club->opens_min);
}

static bool
set_closes(struct club *club, const char *value)
{
	return read_whole(value, 1440, &club->closes_min);
}

static bool
set_position_days(struct club *club, const char *value)
{
	return read_whole(value, 365, &club->position_days);
}

enum status
club_set(struct club *club, const char *key, const char *value, const char **why)
{
	static const struct {
		const char	*key;
		bool		(*set)(struct club *club, const char *value);
		const char	*wants;
	} fields[] = {
		{ "name", set_name, "1 to 80 printable characters" },
		{ "zone", set_zone, "an IANA time zone such as Europe/London" },
		{ "language", set_language, "a language tag such as en or de-CH" },
		{ "languages", set_languages, "language tags separated by commas, such as "
		    "de,fr,ar, each once; or nothing, \"\"" },
		{ "address", set_address, "an address such as https://turnout.example, with no "
		    "slash at the end" },
		{ "visibility", set_visibility, "hidden, initials, nickname or name" },
		{ "word", set_word, "run, class or meeting" },
		{ "opens_min", set_opens, "whole minutes, 0 to 1440" },
		{ "closes_min", set_closes, "whole minutes, 0 to 1440" },
		{ "position_days", set_position_days, "whole days, 0 to 365" },
	};

	*why = NULL;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (strcmp(key, fields[i].key) == 0) {
			*why = fields[i].set(club, value) ? NULL : fields[i].wants;
			return *why == NULL ? ST_OK : ST_REFUSED;
		}
	return run_rules_set(&club->rules, key, value, why);
}

enum status
store_club_set(struct store *store, const char *key, const char *value)
{
	struct club club;
	struct rows *rows;
	const char *why;
	enum status status = store_club(store, &club);

	if (status != ST_OK)
		return status;
	status = club_set(&club, key, value, &why);
	if (status == ST_UNKNOWN)
		return store_fail(store, status,
		    "There is no setting “%s”. Nothing was changed. `turnout set` lists them.",
		    key);
	if (status != ST_OK)
		return store_fail(store, status,
		    "“%s” is not valid for %s: it must be %s. Nothing was "
		    "changed.", value, key, why);
	rows = store_query(store, Q_CLUB_SET);
	rows_bind_text(rows, "name", club.name);
	rows_bind_text(rows, "zone", club.zone);
	rows_bind_text(rows, "language", club.language);
	rows_bind_text(rows, "languages", club.languages);
	rows_bind_text(rows, "address", club.address);
	rows_bind_text(rows, "visibility", club.visibility);
	rows_bind_text(rows, "word", club.word);
	rows_bind_int(rows, "opens_min", club.opens_min);
	rows_bind_int(rows, "closes_min", club.closes_min);
	store_rules_bind(rows, &club.rules);
	rows_bind_int(rows, "position_days", club.position_days);
	status = store_write(store, rows);
	return status == ST_OK && club.position_days == 0 ? store_positions_prune(store, 0)
	    : status;
}

/* ---- groups, places, hosts ---- */

/* Tidy and fold a name; on failure, sets the sentence of store_why. */
static enum status
read_name(struct store *store, const char *text, char name[NAME_SIZE], char folded[NAME_FOLD_SIZE])
{
	enum status status = name_tidy(text, strlen(text), name);

	if (status == ST_OK)
		status = name_fold(name, folded);
	if (status != ST_OK)
		return store_fail(store, status,
		    "“%.120s” is not a name: it must have 1 to 80 printable characters.", text);
	return ST_OK;
}

/* A free slug: of `name`, followed by -2, -3 … when taken. `query` looks for :slug. */
static void
free_slug(struct store *store, enum query query, const char *name, char slug[STORE_SLUG_SIZE])
{
	char base[STORE_SLUG_SIZE - 12];
	struct rows *rows;
	int number;

	name_slug(name, base, sizeof base);
	snprintf(slug, STORE_SLUG_SIZE, "%s", base);
	for (number = 2; ; number++) {
		rows = store_query(store, query);
		rows_bind_text(rows, "slug", slug);
		if (store_exists(rows) != ST_OK)
			return;
		snprintf(slug, STORE_SLUG_SIZE, "%s-%d", base, number);
	}
}

static void
fill_group(struct rows *rows, struct group *group)
{
	group->id = rows_int(rows, 0);
	store_copy(rows, 1, group->slug, sizeof group->slug);
	store_copy(rows, 2, group->name, sizeof group->name);
	group->is_closed = rows_int(rows, 3) != 0;
	store_copy(rows, 4, group->language, sizeof group->language);
}

enum status
store_group_find(struct store *store, const char *name, struct group *group)
{
	char tidy[NAME_SIZE], folded[NAME_FOLD_SIZE];
	struct rows *rows;
	enum status status = read_name(store, name, tidy, folded);

	if (status != ST_OK)
		return status;
	rows = store_query(store, Q_GROUP_FIND);
	rows_bind_text(rows, "folded", folded);
	rows_bind_text(rows, "name", tidy);
	status = rows_step(rows);
	if (status == ST_OK)
		fill_group(rows, group);
	rows_reset(rows);
	if (status == ST_UNKNOWN)
		store_fail(store, status,
		    "There is no group “%s”. `turnout group list` shows them.", tidy);
	return status;
}

enum status
store_group_add(struct store *store, const char *name, bool is_closed, int64_t now, int64_t *id)
{
	char tidy[NAME_SIZE], folded[NAME_FOLD_SIZE], slug[STORE_SLUG_SIZE];
	struct group there;
	struct rows *rows;
	enum status status = read_name(store, name, tidy, folded);

	if (status != ST_OK)
		return status;
	free_slug(store, Q_GROUP_SLUG, tidy, slug);
	rows = store_query(store, Q_GROUP_ADD);
	rows_bind_text(rows, "slug", slug);
	rows_bind_text(rows, "name", tidy);
	rows_bind_text(rows, "folded", folded);
	rows_bind_int(rows, "is_closed", is_closed);
	rows_bind_int(rows, "now", now);
	status = store_write(store, rows);
	if (status == ST_OK) {
		*id = driver_last_id(store->driver);
	} else if (status == ST_EXISTS && store_group_find(store, name, &there) == ST_OK) {
		*id = there.id;
		store_fail(store, status, "The group “%s” already exists. Nothing was changed.",
		    there.name);
	}
	return status;
}

enum status
store_group_update(struct store *store, const struct group *group)
{
	char tidy[NAME_SIZE], folded[NAME_FOLD_SIZE];
	struct rows *rows;
	enum status status = read_name(store, group->name, tidy, folded);

	if (status != ST_OK)
		return status;
	rows = store_query(store, Q_GROUP_UPDATE);
	rows_bind_int(rows, "id", group->id);
	rows_bind_text(rows, "name", tidy);
	rows_bind_text(rows, "folded", folded);
	rows_bind_int(rows, "is_closed", group->is_closed);
	rows_bind_text(rows, "language", group->language);
	status = store_write(store, rows);
	if (status == ST_EXISTS)
		store_fail(store, status,
		    "There is already another group “%s”. Nothing was changed.", tidy);
	return status;
}

static void
fill_place(struct rows *rows, struct place *place)
{
	place->id = rows_int(rows, 0);
	store_copy(rows, 1, place->slug, sizeof place->slug);
	store_copy(rows, 2, place->name, sizeof place->name);
	store_copy(rows, 3, place->address, sizeof place->address);
	place->has_position = !rows_is_null(rows, 4);
	place->latitude = rows_real(rows, 4);
	place->longitude = rows_real(rows, 5);
	place->radius_m = (int)rows_int(rows, 6);
}

enum status
store_place_find(struct store *store, const char *name, struct place *place)
{
	char tidy[NAME_SIZE], folded[NAME_FOLD_SIZE];
	struct rows *rows;
	enum status status = read_name(store, name, tidy, folded);

	if (status != ST_OK)
		return status;
	rows = store_query(store, Q_PLACE_FIND);
	rows_bind_text(rows, "folded", folded);
	rows_bind_text(rows, "name", tidy);
	status = rows_step(rows);
	if (status == ST_OK)
		fill_place(rows, place);
	rows_reset(rows);
	if (status == ST_UNKNOWN)
		store_fail(store, status,
		    "There is no place “%s”. `turnout place list` shows them.", tidy);
	return status;
}

/* Bind the parameters that PLACE_ADD and PLACE_UPDATE share. */
static void
bind_place(struct rows *rows, const struct place *place, const char *name, const char *folded)
{
	rows_bind_text(rows, "name", name);
	rows_bind_text(rows, "folded", folded);
	rows_bind_text(rows, "address", place->address);
	rows_bind_null(rows, "latitude");
	rows_bind_null(rows, "longitude");
	rows_bind_null(rows, "radius_m");
	if (place->has_position) {
		rows_bind_real(rows, "latitude", place->latitude);
		rows_bind_real(rows, "longitude", place->longitude);
	}
	if (place->radius_m > 0)
		rows_bind_int(rows, "radius_m", place->radius_m);
}

enum status
store_place_add(struct store *store, const struct place *place, int64_t now, int64_t *id)
{
	char tidy[NAME_SIZE], folded[NAME_FOLD_SIZE], slug[STORE_SLUG_SIZE];
	struct place there;
	struct rows *rows;
	enum status status = read_name(store, place->name, tidy, folded);

	if (status != ST_OK)
		return status;
	free_slug(store, Q_PLACE_SLUG, tidy, slug);
	rows = store_query(store, Q_PLACE_ADD);
	bind_place(rows, place, tidy, folded);
	rows_bind_text(rows, "slug", slug);
	rows_bind_int(rows, "now", now);
	status = store_write(store, rows);
	if (status == ST_OK) {
		*id = driver_last_id(store->driver);
	} else if (status == ST_EXISTS && store_place_find(store, place->name, &there) == ST_OK) {
		*id = there.id;
		store_fail(store, status, "The place “%s” already exists. Nothing was changed.",
		    there.name);
	}
	return status;
}

enum status
store_place_update(struct store *store, const struct place *place)
{
	char tidy[NAME_SIZE], folded[NAME_FOLD_SIZE];
	struct rows *rows;
	enum status status = read_name(store, place->name, tidy, folded);

	if (status != ST_OK)
		return status;
	rows = store_query(store, Q_PLACE_UPDATE);
	bind_place(rows, place, tidy, folded);
	rows_bind_int(rows, "id", place->id);
	status = store_write(store, rows);
	if (status == ST_EXISTS)
		store_fail(store, status,
		    "There is already another place “%s”. Nothing was changed.", tidy);
	return status;
}

enum status
store_host_add(struct store *store, const char *name, int64_t now, int64_t *id)
{
	char tidy[NAME_SIZE], folded[NAME_FOLD_SIZE];
	struct host there;
	struct rows *rows;
	enum status status = read_name(store, name, tidy, folded);

	if (status != ST_OK)
		return status;
	rows = store_query(store, Q_HOST_ADD);
	rows_bind_text(rows, "name", tidy);
	rows_bind_text(rows, "folded", folded);
	rows_bind_int(rows, "now", now);
	status = store_write(store, rows);
	if (status == ST_OK) {
		*id = driver_last_id(store->driver);
	} else if (status == ST_EXISTS && store_host_find(store, name, &there) == ST_OK) {
		*id = there.id;
		store_fail(store, status, "The host “%s” already exists. Nothing was changed.",
		    there.name);
	}
	return status;
}

static void
fill_host(struct rows *rows, struct host *host)
{
	host->id = rows_int(rows, 0);
	store_copy(rows, 1, host->name, sizeof host->name);
	host->is_admin = rows_int(rows, 2) != 0;
}

enum status
store_host_find(struct store *store, const char *name, struct host *host)
{
	char tidy[NAME_SIZE], folded[NAME_FOLD_SIZE];
	struct rows *rows;
	enum status status = read_name(store, name, tidy, folded);

	if (status != ST_OK)
		return status;
	rows = store_query(store, Q_HOST_NAMED);
	rows_bind_text(rows, "folded", folded);
	status = rows_step(rows);
	if (status == ST_OK)
		fill_host(rows, host);
	rows_reset(rows);
	if (status == ST_UNKNOWN)
		store_fail(store, status, "There is no host “%s”.", tidy);
	return status;
}

/* ---- lists ---- */

enum status
store_groups(struct store *store,
    bool (*each)(void *handle, const struct group *group, int64_t runs, int64_t people),
    void *handle)
{
	struct rows *rows = store_query(store, Q_GROUPS);
	struct group group;
	enum status status;

	while ((status = rows_step(rows)) == ST_OK) {
		fill_group(rows, &group);
		if (!each(handle, &group, rows_int(rows, 5), rows_int(rows, 6)))
			break;
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
store_places(struct store *store,
    bool (*each)(void *handle, const struct place *place, int64_t runs), void *handle)
{
	struct rows *rows = store_query(store, Q_PLACES);
	struct place place;
	enum status status;

	while ((status = rows_step(rows)) == ST_OK) {
		fill_place(rows, &place);
		if (!each(handle, &place, rows_int(rows, 7)))
			break;
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
store_hosts(struct store *store, bool (*each)(void *handle, const struct host *host), void *handle)
{
	struct rows *rows = store_query(store, Q_HOSTS);
	struct host host;
	enum status status;

	while ((status = rows_step(rows)) == ST_OK) {
		fill_host(rows, &host);
		if (!each(handle, &host))
			break;
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}
