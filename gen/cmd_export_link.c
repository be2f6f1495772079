// SPDX-License-Identifier: ISC
/*
 * cmd_export_link.c: the admin's secret, which is part of the address of the page of exports, and
 * with which turnoutd hands out the register.
 */
#include "gen/cmd_share.h"

enum status
command_export_link(struct call *call)
{
	char address[STORE_TEXT_SIZE + 64];
	enum status status = ST_OK;

	if (call_has(call, OPTION_REVOKE) || call->club.capability[0] == '\0') {
		if (call->club.capability[0] != '\0')
			status = call_confirm(call,
			    "Give the page of exports a new address, and stop the old one "
			    "working?");
		if (status != ST_OK)
			return status;
		status = store_club_revoke(call->store);
		if (status == ST_OK)
			status = store_club(call->store, &call->club);
		if (status != ST_OK)
			return call_fail_store(call, status, "The old address still works.");
	}
	snprintf(address, sizeof address, "%s/exports/%s/", call->club.address,
	    call->club.capability);
	if (call->is_json) {
		json_t *object = listing_pack("{s:s,s:s}", "address", address,
		    "secret", call->club.capability);

		listing_json(stdout, object);
		json_decref(object);
	} else {
		printf("%s\nAuthorization: Bearer %s\n", address, call->club.capability);
	}
	return ST_OK;
}
