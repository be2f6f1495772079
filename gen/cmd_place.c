// SPDX-License-Identifier: ISC
/* cmd_place.c: places. */
#include <stdlib.h>
#include <string.h>

#include "gen/buffer.h"
#include "gen/cmd_share.h"

/* Read one coordinate: unchanged when it is not given, *is_none when it is given as "". */
static enum status
read_degrees(const struct call *call, enum option_id id, double limit, double *degrees,
    bool *is_none)
{
	const char *text = call_value(call, id);

	*is_none = text != NULL && *text == '\0';
	return *is_none ? ST_OK : share_number(call, id, -limit, limit, degrees);
}

/* Put what the options say into `place`. */
static enum status
read_place(const struct call *call, struct place *place)
{
	bool no_latitude, no_longitude;
	double radius = place->radius_m;
	enum status status;

	status = share_line(call, OPTION_ADDRESS, place->address, sizeof(place->address));
	if (status == ST_OK)
		status = read_degrees(call, OPTION_LATITUDE, 90, &place->latitude, &no_latitude);
	if (status == ST_OK)
		status = read_degrees(call, OPTION_LONGITUDE, 180, &place->longitude,
		    &no_longitude);
	if (status == ST_OK)
		status = share_number(call, OPTION_RADIUS, 0, 100000, &radius);
	if (status != ST_OK)
		return status;
	place->radius_m = (int)radius;
	if (no_latitude != no_longitude || (!place->has_position
	    && call_has(call, OPTION_LATITUDE) != call_has(call, OPTION_LONGITUDE)))
		return call_fail(call, ST_USAGE,
		    "--latitude and --longitude go together. Nothing was changed.");
	if (call_has(call, OPTION_LATITUDE) || call_has(call, OPTION_LONGITUDE))
		place->has_position = !no_latitude;
	return ST_OK;
}

/* Write the networks or access points of the place, if options give any; in a transaction. */
static enum status
write_marks(const struct call *call, enum option_id id, int64_t place_id)
{
	const char **marks = calloc(call->n_given + 1, sizeof(*marks));
	enum status status = ST_OK;
	size_t count = 0;

	if (marks == NULL)
		buffer_fail();
	while ((marks[count] = call_value_at(call, id, count)) != NULL)
		count++;
	if (count > 0)
		status = store_place_marks_set(call->store, place_id, id == OPTION_NETWORK, marks,
		    count);
	free(marks);
	return status;
}

/* Write the place, new (id 0) or changed, and its networks and access points: all or nothing. */
static enum status
write_place(const struct call *call, struct place *place)
{
	enum status status = store_begin(call->store);

	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	status = place->id == 0 ? store_place_add(call->store, place, call->now, &place->id)
	    : store_place_update(call->store, place);
	if (status == ST_OK)
		status = write_marks(call, OPTION_NETWORK, place->id);
	if (status == ST_OK)
		status = write_marks(call, OPTION_ACCESS_POINT, place->id);
	return share_end(call, status);
}

enum status
command_place_add(struct call *call)
{
	struct place place = { 0 };
	enum status status = read_place(call, &place);

	if (status == ST_OK)
		status = share_name(call, call->words[0], place.name);
	if (status == ST_OK)
		status = write_place(call, &place);
	if (status != ST_OK)
		return status;
	call_tell(call, "Added the place “%s”.", place.name);
	return ST_OK;
}

enum status
command_place_set(struct call *call)
{
	const char *name = call_value(call, OPTION_NAME);
	struct place place;
	enum status status = store_place_find(call->store, call->words[0], &place);

	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	status = read_place(call, &place);
	if (status == ST_OK && name != NULL)
		status = share_name(call, name, place.name);
	if (status == ST_OK)
		status = write_place(call, &place);
	if (status != ST_OK)
		return status;
	call_tell(call, "Place “%s” was changed.", place.name);
	return ST_OK;
}

static bool
list_place(void *handle, const struct place *place, int64_t runs)
{
	json_array_append_new(handle,
	    listing_pack("{s:I,s:s,s:s,s:s,s:o,s:o,s:o,s:I}", "id", (json_int_t)place->id,
	    "slug", place->slug, "name", place->name, "address", place->address,
	    "latitude", place->has_position ? json_real(place->latitude) : json_null(),
	    "longitude", place->has_position ? json_real(place->longitude) : json_null(),
	    "radius_m", place->radius_m > 0 ? json_integer(place->radius_m) : json_null(),
	    "runs", (json_int_t)runs));
	return true;
}

static bool
list_mark(void *handle, const char *mark)
{
	json_array_append_new(handle, json_string(mark));
	return true;
}

/* Give each place of `rows` its networks or access points. */
static enum status
add_marks(const struct call *call, json_t *rows, bool is_network)
{
	enum status status = ST_OK;
	size_t i;

	for (i = 0; i < json_array_size(rows) && status == ST_OK; i++) {
		json_t *row = json_array_get(rows, i), *marks = listing_pack("[]");

		status = store_place_marks(call->store,
		    json_integer_value(json_object_get(row, "id")), is_network, list_mark, marks);
		json_object_set_new(row, is_network ? "networks" : "access_points", marks);
	}
	return status;
}

enum status
command_place_list(struct call *call)
{
	static const struct listing_column columns[] = {
		{ "id", "ID" }, { "name", "NAME" }, { "address", "ADDRESS" },
		{ "latitude", "LATITUDE" },
		{ "longitude", "LONGITUDE" }, { "radius_m", "RADIUS M" }, { "runs", "RUNS" },
		{ NULL, NULL },
	};
	json_t *rows = listing_pack("[]");
	enum status status = store_places(call->store, list_place, rows);

	if (status == ST_OK)
		status = add_marks(call, rows, true);
	if (status == ST_OK)
		status = add_marks(call, rows, false);
	return share_list(call, status, rows, columns,
	    "There are no places yet. turnout place add makes one.");
}
