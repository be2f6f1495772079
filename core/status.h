// SPDX-License-Identifier: ISC
/*
 * status.h: every outcome, from the store to the HTTP reply and the exit code.
 *
 * One enum for both programs. The table in status.c gives each outcome its stable code (used by
 * the API, the logs and `--json`), the HTTP status, the exit code and the sentence that a person
 * reads. Nothing else chooses these numbers or words the errors of a check-in.
 */
#ifndef TURNOUT_STATUS_H
#define TURNOUT_STATUS_H

enum status {
	ST_OK,			/* done; for a check-in: this person is in */
	/* Verdicts on a check-in. */
	ST_PENDING,		/* in, but a demand of the run is not met: the host is to confirm */
	ST_SAME,		/* this phone is in already */
	ST_LEFT,		/* this person has checked out */
	ST_UNDONE,		/* the check-in of this phone is taken back */
	ST_ALREADY,		/* somebody with the same folded name is in */
	ST_CODE_MISSING,	/* neither token, digits nor session id */
	ST_CODE_UNKNOWN,	/* forged, mistyped, or of no run of ours */
	ST_CODE_EXPIRED,	/* a genuine code whose time is over */
	ST_CODE_AHEAD,		/* a genuine code of a screen, whose slot is still to come */
	ST_CODE_OTHER,		/* a genuine code, but of another run than the session id */
	ST_CODE_USED,		/* a genuine code for one person that another has used */
	ST_RECEIPT_UNKNOWN,	/* forged, or of no run of ours */
	ST_RECEIPT_EXPIRED,	/* a genuine receipt, too old */
	/* delivered late, and the time given is not that of the code's slot, or it has no slot */
	ST_SEEN_WRONG,
	ST_SEEN_LATE,		/* delivered later than the run allows */
	ST_RUN_UNKNOWN,		/* no run has this session id */
	ST_NO_RUN_DAY,		/* no run today */
	ST_NOT_OPEN,		/* the run's check-in has not opened yet */
	ST_CLOSED,		/* the run's check-in is over */
	ST_CANCELLED,		/* the run does not take place */
	ST_NAME_BAD,		/* not 1 to 80 printable characters */
	ST_NONCE_USED,		/* this nonce came before, with another name */
	ST_NOT_LISTED,		/* the group is a closed list and the name is not on it */
	ST_PLACE_MISSING,	/* the run demands a position; none, or none exact enough, came */
	ST_PLACE_OTHER,		/* the run demands a position; it is not at the place */
	ST_NETWORK_OTHER,	/* the run demands a network of the place; it came from another */
	ST_ACCESS_POINT_OTHER,	/* the run demands an access point of the place; none was seen */
	ST_CLAIM_MISSING,	/* only the phone that checked in may do this; no claim came */
	ST_NOT_IN,		/* this phone is not in at this run */
	ST_UNDO_LATE,		/* too late to take the check-in back */
	ST_NO_CHECK_OUT,	/* the run offers no check-out */
	ST_PREFIX_SHORT,	/* names are suggested from three letters on */
	/* Requests that never reach the validator. */
	ST_BAD_REQUEST,		/* malformed, or not the JSON object or form that is expected */
	ST_UNAUTHORIZED,	/* for the admin only, and the secret is missing or wrong */
	ST_NOT_FOUND,		/* no such page */
	ST_BAD_METHOD,		/* this address does not accept that method */
	ST_TIMED_OUT,		/* the body did not arrive in time */
	ST_NO_LENGTH,		/* a body without one plain Content-Length */
	ST_TOO_LARGE,		/* a body over the cap */
	ST_BAD_TYPE,		/* a body that is neither JSON nor a form */
	ST_BUSY,		/* more is waiting than can be served */
	ST_TRIES,		/* too many wrong codes from one source */
	ST_RATE,		/* too many requests from one source */
	/* Faults: ours, or the machine's. */
	ST_FULL,		/* no room on the disk */
	ST_READ_ONLY,		/* the database cannot be written */
	ST_FAULT,		/* anything else; the log has the cause */
	/* Of commands and of functions; never a reply. */
	ST_USAGE,		/* the command line is malformed */
	ST_PROBLEMS,		/* a check found problems */
	ST_LOCKED,		/* another process holds it */
	ST_VERSION,		/* the file is from a newer program */
	ST_EXISTS,		/* there is one already */
	ST_UNKNOWN,		/* nothing has that name */
	ST_REFUSED,		/* the input breaks a rule */
	ST_END
};

/*
 * One row per status. `sentence` is what a person reads: it ends with a full stop or an exclamation
 * mark and says what to do next. It has no `%s`: the caller composes what depends on the run.
 */
struct status_info {
	const char	*code;		/* stable, lower case, for programs */
	int		 http;		/* RFC 9110 status, 0 where none fits */
	int		 exit;		/* sysexits-like, see turnout(1) EXIT STATUS */
	const char	*title;		/* a few words, the heading of a page */
	const char	*sentence;
};

/* The row of `status`; never NULL. Borrowed, constant. */
const struct status_info	*status_info(enum status status);

#endif
