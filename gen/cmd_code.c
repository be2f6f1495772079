// SPDX-License-Identifier: ISC
/* cmd_code.c: the code of one run, and the address of its screen. */
#include <string.h>

#include "core/address.h"
#include "core/code.h"
#include "gen/cmd_share.h"

/* Give the run a new capability. Whoever has the old address is locked out. */
static enum status
revoke_screen(const struct call *call, struct run *run)
{
	enum status status = call_confirm(call,
	    "Give the screen of this run a new address, and stop the old one working?");

	if (status != ST_OK)
		return status;
	status = store_run_revoke(call->store, run->id, call->now);
	if (status == ST_OK)
		status = store_run(call->store, run->id, run);
	return status == ST_OK ? ST_OK
	    : call_fail_store(call, status, "The old address still works.");
}

/* All that turnout code prints about `run`; NULL (said) when it has no code. */
static json_t *
describe_code(const struct call *call, const struct run *run)
{
	struct run_time time = run_time_of(run);
	struct code_content content = { .run_id = run->id, .kind = CODE_PRINTED };
	char token[CODE_TOKEN_SIZE], shown[CODE_TOKEN_SIZE], typed[CODE_DIGITS_SIZE],
	    valid[WALL_ISO_SIZE];
	int64_t number;
	char address[STORE_TEXT_SIZE + 64], screen[STORE_TEXT_SIZE + 64];
	struct run_window window;
	enum status status = run_window(&time, &window);

	content.expires = window.closes;
	if (status == ST_OK)
		status = code_token_make(&content, run->key, token);
	if (status == ST_OK)
		status = run_screen_token(run, call->now, shown, &number);
	if (status == ST_OK)
		status = address_form(call->club.address, token, address, sizeof(address));
	if (status == ST_OK)
		status = wall_iso(window.closes, run->zone, valid);
	if (status != ST_OK) {
		call_fail(call, status,
		    "Run %lld has no code: its zone “%s” is not known here, or the club's address "
		    "is off. turnout doctor says more.", (long long)run->id, run->zone);
		return NULL;
	}
	code_typed_make(run->rules.typed, run->key, call->now, typed);
	snprintf(screen, sizeof(screen), "%s/screen/%s/", call->club.address, run->capability);
	return listing_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I}",
	    "id", (json_int_t)run->id, "run", run_title(run),
	    "date", run->date, "start", run->start, "end", run->end,
	    "state", run_state_name(run_state(&time, &window, call->now)),
	    "token", token, "digits", typed, "address", address, "session_id", run->session,
	    "valid_until", valid, "screen", screen, "screen_token", shown,
	    run->rules.is_single ? "serial" : "slot", (json_int_t)number);
}

enum status
command_code(struct call *call)
{
	json_t *object;
	struct run run;
	enum status status = share_run(call, call->words[0], &run);

	if (status == ST_OK && call_has(call, OPTION_REVOKE))
		status = revoke_screen(call, &run);
	if (status != ST_OK)
		return status;
	object = describe_code(call, &run);
	if (object == NULL)
		return ST_FAULT;
	call_show(call, object, "WHAT");
	return ST_OK;
}
