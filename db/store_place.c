// SPDX-License-Identifier: ISC
/*
 * store_place.c: the networks and access points by which a phone at a place is recognised.
 */
#include <string.h>

#include "db/store_inside.h"

/* Replace the list with the marks, inside a transaction. */
static enum status
replace_marks(struct store *store, int64_t place_id, bool is_network, const char *const *marks,
    size_t count)
{
	struct rows *rows = store_query(store,
	    is_network ? Q_NETWORKS_CLEAR : Q_ACCESS_POINTS_CLEAR);
	char mark[PLACE_NETWORK_SIZE];
	enum status status;
	size_t i;

	rows_bind_int(rows, "place_id", place_id);
	status = store_write(store, rows);
	for (i = 0; i < count && status == ST_OK; i++) {
		if (marks[i][0] == '\0')
			continue;
		if ((is_network ? place_network_tidy(marks[i], mark)
		    : place_bssid_tidy(marks[i], mark)) != ST_OK)
			return store_fail(store, ST_REFUSED,
			    is_network ? "“%s” is not a network; write 192.0.2.0/24 or "
			    "2001:db8::/32."
			    : "“%s” is not an access point; write 00:00:5e:00:53:01.", marks[i]);
		rows = store_query(store, is_network ? Q_NETWORK_ADD : Q_ACCESS_POINT_ADD);
		rows_bind_int(rows, "place_id", place_id);
		rows_bind_text(rows, "mark", mark);
		status = store_write(store, rows);
	}
	return status;
}

enum status
store_place_marks_set(struct store *store, int64_t place_id, bool is_network,
    const char *const *marks, size_t count)
{
	bool is_mine;
	enum status status = store_enter(store, &is_mine);

	if (status == ST_OK)
		status = store_leave(store, is_mine,
		    replace_marks(store, place_id, is_network, marks, count));
	return status;
}

enum status
store_place_marks(struct store *store, int64_t place_id, bool is_network,
    bool (*each)(void *handle, const char *mark), void *handle)
{
	struct rows *rows = store_query(store, is_network ? Q_NETWORKS : Q_ACCESS_POINTS);
	enum status status;

	rows_bind_int(rows, "place_id", place_id);
	while ((status = rows_step(rows)) == ST_OK)
		if (!each(handle, rows_text(rows, 0, NULL)))
			break;
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}
