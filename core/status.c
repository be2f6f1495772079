// SPDX-License-Identifier: ISC
/* status.c: the table behind status.h; a new status is one line there and one here. */
#include "core/status.h"

#include <assert.h>
#include <stddef.h>

static const struct status_info table[ST_END] = {
	[ST_OK] = { "ok", 201, 0, "You are in", "You are in. Have a good one!" },
	[ST_ALREADY] = { "already", 409, 1, "Already on the list",
	    "This name is already on the list. If that is you, there is nothing more to do; "
	    "if you are another person of that name, add a letter of your surname." },
	[ST_CODE_MISSING] = { "code_missing", 400, 1, "No code",
	    "There was no code. Scan the QR again, or type the code beside it." },
	[ST_CODE_UNKNOWN] = { "code_unknown", 403, 1, "Unknown code",
	    "We do not know this code. Check what you typed, or scan the QR again." },
	[ST_CODE_EXPIRED] = { "code_expired", 410, 1, "This code is over",
	    "This code is no longer valid. Scan the one that is shown today." },
	[ST_RUN_UNKNOWN] = { "run_unknown", 404, 1, "Unknown number",
	    "Nothing here has this number. Scan the QR again." },
	[ST_NO_RUN_DAY] = { "no_run_today", 404, 1, "Nothing today",
	    "Nothing takes place today. The calendar shows what comes next." },
	[ST_NOT_OPEN] = { "not_open_yet", 403, 1, "Not open yet",
	    "Check-in has not opened yet. Come back shortly before the start." },
	[ST_CLOSED] = { "closed", 403, 1, "Check-in is closed",
	    "Check-in is over for this one. Ask the host to add you." },
	[ST_CANCELLED] = { "cancelled", 409, 1, "Cancelled",
	    "This is cancelled. The calendar shows what comes next." },
	[ST_NAME_BAD] = { "name_bad", 422, 1, "Check the name",
	    "A name has 1 to 80 printable characters. Please type it again." },
	[ST_NONCE_USED] = { "nonce_used", 409, 1, "Sent before",
	    "This was sent before with another name. Nothing was counted; open the check-in page again." },
	[ST_NOT_LISTED] = { "not_listed", 403, 1, "Not on the list",
	    "This group has a fixed list and the name is not on it. Type it as the "
	    "host wrote it, or ask the host." },
	[ST_BAD_REQUEST] = { "bad_request", 400, 1, "Request not understood",
	    "The request could not be read. Open the check-in page again." },
	[ST_NOT_FOUND] = { "not_found", 404, 1, "Not found",
	    "There is nothing at this address. The home page leads on." },
	[ST_BAD_METHOD] = { "bad_method", 405, 1, "Wrong method",
	    "This address does not take that kind of request." },
	[ST_TIMED_OUT] = { "timed_out", 408, 1, "Too slow",
	    "The request did not arrive in time. Nothing was counted; send it again." },
	[ST_NO_LENGTH] = { "no_length", 411, 1, "Length missing",
	    "The request must carry one plain Content-Length." },
	[ST_TOO_LARGE] = { "too_large", 413, 1, "Too large",
	    "The request is too large. A check-in fits into a few hundred bytes." },
	[ST_BAD_TYPE] = { "bad_type", 415, 1, "Wrong type",
	    "The request must be JSON or a form." },
	[ST_BUSY] = { "slow_down", 503, 75, "Busy",
	    "Busy right now. Nothing was counted yet; please try again in a moment." },
	[ST_FULL] = { "storage_full", 507, 1, "No room",
	    "The disk is full. Nothing was counted; tell the host." },
	[ST_READ_ONLY] = { "read_only", 503, 1, "Read only",
	    "The database cannot be written. Nothing was counted; tell the host." },
	[ST_FAULT] = { "server", 500, 1, "Something broke",
	    "Something broke on our side. Nothing was counted; please try again." },
	[ST_USAGE] = { "usage", 0, 2, "Usage", "The command is not understood." },
	[ST_PROBLEMS] = { "problems", 0, 3, "Problems", "The check found problems." },
	[ST_LOCKED] = { "locked", 0, 4, "In use", "Another process is using it." },
	[ST_VERSION] = { "version", 0, 5, "Version",
	    "The file is from a newer version of this program." },
	[ST_EXISTS] = { "exists", 0, 1, "Exists", "There is one already." },
	[ST_UNKNOWN] = { "unknown", 0, 1, "Unknown", "There is none of that name." },
	[ST_REFUSED] = { "refused", 0, 1, "Refused", "The input breaks a rule." },
};

const struct status_info *
status_info(enum status status)
{
	assert(status < ST_END && table[status].code != NULL);
	return &table[status];
}
