// SPDX-License-Identifier: ISC
/*
 * store_at_place.c: compares position, network and access points with the place, and judges by what
 * the run demands.
 *
 * A part of the one validator. If the place has nothing to compare one of them with, it cannot be
 * demanded, and counts as ignored.
 */
#include <stdio.h>
#include <string.h>

#include "db/attend_inside.h"

/* A search for a mark (network or access point) of the place that the phone sees. */
struct look {
	const struct attempt	*attempt;
	bool			 has_marks;
	bool			 is_seen;
};

static bool
look_network(void *handle, const char *network)
{
	struct look *look = handle;

	look->has_marks = true;
	look->is_seen = look->is_seen || place_network_has(network, look->attempt->address);
	return !look->is_seen;
}

static bool
look_access_point(void *handle, const char *bssid)
{
	struct look *look = handle;
	int i;

	look->has_marks = true;
	for (i = 0; i < look->attempt->n_access_points; i++)
		look->is_seen = look->is_seen ||
		    strcmp(bssid, look->attempt->access_points[i]) == 0;
	return !look->is_seen;
}

/* Judge the network or the access points; *is_asked is false when the place has none. */
static enum status
judge_marks(struct store *store, const struct attempt *attempt, int64_t place_id, bool is_network,
    enum place_finding *finding, bool *is_asked)
{
	struct look look = { .attempt = attempt };
	enum status status = store_place_marks(store, place_id, is_network,
	    is_network ? look_network : look_access_point, &look);

	*is_asked = look.has_marks;
	*finding = look.is_seen ? FINDING_HERE : FINDING_OTHER;
	return status;
}

/* Judge the position; *is_asked is false when the place has none. */
static enum status
judge_position(struct store *store, const struct attempt *attempt, int64_t place_id,
    enum place_finding *finding, bool *is_asked)
{
	struct rows *rows = store_query(store, Q_PLACE);
	struct place_point centre = { 0, 0 };
	int radius_m = 0;
	enum status status;

	rows_bind_int(rows, "id", place_id);
	status = rows_step(rows);
	*is_asked = status == ST_OK && !rows_is_null(rows, 4);
	if (*is_asked) {
		centre = (struct place_point){ rows_real(rows, 4), rows_real(rows, 5) };
		radius_m = (int)rows_int(rows, 6);
	}
	rows_reset(rows);
	*finding = attempt->has_position
	    ? place_position(&centre, radius_m, &attempt->point, attempt->accuracy_m)
	    : FINDING_NONE;
	return status == ST_UNKNOWN ? ST_OK : status;
}

/*
 * Apply the demand of the run to a finding: if it is not met, `missing` is added to what the host
 * is to confirm, or `refusal` is the verdict.
 */
static void
weigh(enum demand demand, enum place_finding finding, const char *missing, enum status refusal,
    struct verdict *verdict)
{
	size_t length = strlen(verdict->pending);

	if (finding == FINDING_HERE || demand == DEMAND_IGNORED || demand == DEMAND_NOTED)
		return;
	if (demand == DEMAND_REFUSED && verdict->status == ST_OK)
		verdict->status = refusal;
	if (demand == DEMAND_PENDING)
		snprintf(verdict->pending + length, sizeof verdict->pending - length, "%s%s",
		    length == 0 ? "" : " ", missing);
}

enum status
store_judge_place(struct store *store, const struct attempt *attempt, const struct source *source,
    struct verdict *verdict)
{
	const struct run *run = &verdict->run;
	const struct { enum demand demand; const char *missing; enum status refusal; } asks[] = {
		{ run->rules.position, "position", ST_PLACE_OTHER },
		{ run->rules.network, "network", ST_NETWORK_OTHER },
		{ run->rules.access_point, "access-point", ST_ACCESS_POINT_OTHER },
	};
	enum place_finding best = FINDING_NONE, finding;
	enum status status = ST_OK;
	bool is_asked;
	int i;

	for (i = 0; i < 3 && status == ST_OK; i++) {
		if (asks[i].demand == DEMAND_IGNORED || run->place_id == 0)
			continue;
		status = i == 0 ? judge_position(store, attempt, run->place_id, &finding, &is_asked)
		    : judge_marks(store, attempt, run->place_id, i == 1, &finding, &is_asked);
		if (status != ST_OK || !is_asked)
			continue;
		weigh(asks[i].demand, finding, asks[i].missing,
		    i == 0 && finding != FINDING_OTHER ? ST_PLACE_MISSING : asks[i].refusal,
		    verdict);
		if (finding == FINDING_HERE)
			best = FINDING_HERE;
	}
	verdict->proof = proof_made(source->kind, best);
	return status;
}
