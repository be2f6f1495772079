// SPDX-License-Identifier: ISC
/* status.c: the table behind status.h. A new status is one line there and one here. */
#include "core/status.h"

#include <assert.h>
#include <stddef.h>

static const struct status_info table[ST_END] = {
	[ST_OK] = { "ok", 201, 0, "You are in", "You are in. Have a good one!" },
	[ST_PENDING] = { "pending", 201, 0, "You are in, to be confirmed",
	    "You are in. Something this one asks for did not come along, so the host will confirm "
	    "it." },
	[ST_SAME] = { "already_you", 200, 0, "You are in already",
	    "This phone is in already; there is nothing more to do." },
	[ST_LEFT] = { "checked_out", 200, 0, "Checked out", "You are checked out. Good-bye!" },
	[ST_UNDONE] = { "undone", 200, 0, "Taken back",
	    "The check-in is taken back. You may check in again." },
	[ST_ALREADY] = { "already", 409, 1, "Already on the list",
	    "This name is already on the list. If that is you, there is nothing more to do; "
	    "if you are another person of that name, add a letter of your surname." },
	[ST_CODE_MISSING] = { "code_missing", 400, 1, "No code",
	    "There was no code. Scan the QR again, or type the code beside it." },
	[ST_CODE_UNKNOWN] = { "code_unknown", 403, 1, "Unknown code",
	    "We do not know this code. Check what you typed, or scan the QR again." },
	[ST_CODE_EXPIRED] = { "code_expired", 410, 1, "This code is over",
	    "This code is no longer valid. Scan the one that is shown today." },
	[ST_CODE_AHEAD] = { "code_ahead", 403, 1, "Not shown yet",
	    "This code is not shown yet. Scan the one that is on the screen now." },
	[ST_CODE_OTHER] = { "code_other", 403, 1, "Code of another one",
	    "This code belongs to another one than the page you came from. Scan the code that is "
	    "shown where you are." },
	[ST_CODE_USED] = { "code_used", 409, 1, "Code used",
	    "Each code on this screen is good for one person, and this one was used. Scan the one "
	    "that is shown now." },
	[ST_RECEIPT_UNKNOWN] = { "receipt_unknown", 403, 1, "Unknown receipt",
	    "We do not know this receipt. Scan the QR again." },
	[ST_RECEIPT_EXPIRED] = { "receipt_expired", 410, 1, "Scan again",
	    "More than 15 minutes have passed since the scan. Scan the QR again." },
	[ST_SEEN_WRONG] = { "seen_at_wrong", 403, 1, "Not the code's time",
	    "What is delivered late must be a code of a screen, with the time that the code "
	    "itself says. Nothing was counted; ask the host to add you." },
	[ST_SEEN_LATE] = { "delivered_too_late", 410, 1, "Delivered too late",
	    "This was delivered later than this one takes. Nothing was counted; ask the host to "
	    "add you." },
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
	    "This was sent before with another name. Nothing was counted; open the check-in page "
	    "again." },
	[ST_NOT_LISTED] = { "not_listed", 403, 1, "Not on the list",
	    "This group has a fixed list and the name is not on it. Type it as the "
	    "host wrote it, or ask the host." },
	[ST_PLACE_MISSING] = { "position_missing", 403, 1, "Position missing",
	    "This one asks where you are. Allow the position and send again, or ask the host to "
	    "add you." },
	[ST_PLACE_OTHER] = { "position_other", 403, 1, "Not at the place",
	    "Your phone says that you are somewhere else. Go to the place and send again, or ask "
	    "the host to add you." },
	[ST_NETWORK_OTHER] = { "network_other", 403, 1, "Another network",
	    "This one wants the network of the place. Join it and send again, or ask the host to "
	    "add you." },
	[ST_ACCESS_POINT_OTHER] = { "access_point_other", 403, 1, "No access point of the place",
	    "This one wants a phone that sees an access point of the place. Ask the host to add "
	    "you." },
	[ST_CLAIM_MISSING] = { "claim_missing", 400, 1, "Which phone?",
	    "Only the phone that checked in may do this, and it did not say which it is. Ask the "
	    "host." },
	[ST_NOT_IN] = { "not_in", 404, 1, "Not in",
	    "This phone is not in here, so there is nothing to change. If you checked in "
	    "otherwise, ask the host." },
	[ST_UNDO_LATE] = { "undo_late", 403, 1, "Too late to take back",
	    "A check-in may be taken back for a minute. It stays; ask the host to change it." },
	[ST_NO_CHECK_OUT] = { "no_check_out", 403, 1, "No check-out",
	    "Nobody has to check out of this one. You may just go." },
	[ST_PREFIX_SHORT] = { "prefix_short", 422, 1, "Three letters",
	    "Names are suggested once three letters of them are typed. Type one more." },
	[ST_BAD_REQUEST] = { "bad_request", 400, 1, "Request not understood",
	    "The request could not be read. Open the check-in page again." },
	[ST_UNAUTHORIZED] = { "unauthorized", 401, 1, "For the admin",
	    "This is for the admin, who sends the secret that `turnout export link` prints: "
	    "Authorization: Bearer SECRET." },
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
	[ST_TRIES] = { "too_many_tries", 429, 75, "Too many wrong codes",
	    "Too many wrong codes were tried. Nothing was counted yet. Scan the QR, which is "
	    "taken at once, or try again in a moment." },
	[ST_RATE] = { "too_many_requests", 429, 75, "Too many requests",
	    "Too much was sent from here in a short time. Nothing was counted yet; please try "
	    "again in a moment." },
	[ST_FULL] = { "storage_full", 507, 1, "No room",
	    "The disk is full. Nothing was counted; tell the host." },
	[ST_READ_ONLY] = { "read_only", 503, 1, "Read only",
	    "The database cannot be written. Nothing was counted; tell the host." },
	[ST_FAULT] = { "server", 500, 1, "Something broke",
	    "Something broke on our side. Please try again; nobody is counted twice." },
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
