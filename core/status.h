// SPDX-License-Identifier: ISC
/*
 * status.h: how anything can end, from the store to the HTTP reply and the exit code.
 *
 * One enum for the whole program. The table in status.c gives each its stable code (what
 * the API, the logs and `--json` say), the HTTP number, the exit code and the sentence a person
 * reads. Nobody else chooses a number or words an error of the check-in.
 */
#ifndef TURNOUT_STATUS_H
#define TURNOUT_STATUS_H

enum status {
	ST_OK,			/* done; for a check-in: this person is in */
	/* Verdicts on a check-in. */
	ST_PENDING,	/* in, but something the run asks for is missing: the host is to confirm */
	ST_SAME,		/* this phone is in already */
	ST_LEFT,		/* this person has checked out */
	ST_UNDONE,		/* the check-in of this phone is taken back */
	ST_ALREADY,		/* somebody of that folded name is in */
	ST_CODE_MISSING,	/* neither token, digits nor session id */
	ST_CODE_UNKNOWN,	/* forged, mistyped, or of no run of ours */
	ST_CODE_EXPIRED,	/* a real code whose time is over */
	ST_CODE_AHEAD,		/* a real code of a screen, of a slot that is still to come */
	ST_CODE_OTHER,		/* a real code, of another run than the session id beside it */
	ST_CODE_USED,		/* a real code for one person, and another had it */
	ST_RECEIPT_UNKNOWN,	/* forged, or of no run of ours */
	ST_RECEIPT_EXPIRED,	/* a real receipt, older than it may be */
	/* delivered late with another slot than the code's, or without a slot at all */
	ST_SEEN_WRONG,
	ST_SEEN_LATE,		/* delivered later than the run takes */
	ST_RUN_UNKNOWN,		/* no run has this session id */
	ST_NO_RUN_DAY,		/* no run today */
	ST_NOT_OPEN,		/* the run's check-in has not opened yet */
	ST_CLOSED,		/* the run's check-in is over */
	ST_CANCELLED,		/* the run does not take place */
	ST_NAME_BAD,		/* not 1 to 80 printable characters */
	ST_NONCE_USED,		/* this nonce came before, with another name */
	ST_NOT_LISTED,		/* the group is a closed list and the name is not on it */
	/* the run demands a position, and there was none that is exact enough */
	ST_PLACE_MISSING,
	ST_PLACE_OTHER,		/* the position is not at the place */
	ST_NETWORK_OTHER,	/* the run demands a network of the place */
	ST_ACCESS_POINT_OTHER,	/* the run demands an access point of the place */
	/* only the phone that checked in may do this, and it did not say which it is */
	ST_CLAIM_MISSING,
	ST_NOT_IN,		/* this phone is not in at this run */
	ST_UNDO_LATE,		/* the time to take a check-in back is over */
	ST_NO_CHECK_OUT,	/* the run offers no check-out */
	ST_PREFIX_SHORT,	/* names are suggested from three letters on */
	/* Requests that never reach the validator. */
	ST_BAD_REQUEST,		/* not the JSON object or form that was asked for */
	ST_UNAUTHORIZED,	/* for the admin alone, and the secret did not come along */
	ST_NOT_FOUND,		/* no such page */
	ST_BAD_METHOD,		/* this address does not take that method */
	ST_TIMED_OUT,		/* the body did not arrive in time */
	ST_NO_LENGTH,		/* a body without one plain Content-Length */
	ST_TOO_LARGE,		/* a body over the cap */
	ST_BAD_TYPE,		/* a body that is neither JSON nor a form */
	ST_BUSY,		/* more is waiting than can be served */
	ST_TRIES,		/* too many wrong codes from there */
	ST_RATE,		/* too many requests from there */
	/* Faults: ours, or the machine's. */
	ST_FULL,		/* no room on the disk */
	ST_READ_ONLY,		/* the database cannot be written */
	ST_FAULT,		/* anything else; the log has the cause */
	/* The command line alone. */
	ST_USAGE,		/* the words of the command are off */
	ST_PROBLEMS,		/* a check found something */
	ST_LOCKED,		/* another process holds it */
	ST_VERSION,		/* the file is of a newer program */
	ST_EXISTS,		/* there is one already */
	ST_UNKNOWN,		/* nothing of that name */
	ST_REFUSED,		/* the input breaks a rule */
	ST_END
};

/*
 * One row a status. `sentence` is what a person reads; it ends with a full stop and says what
 * to do next. A `%s` in it never occurs: what depends on the run is composed by the caller.
 */
struct status_info {
	const char	*code;		/* stable, lower case, for programs */
	int		 http;		/* RFC 9110 status, 0 where none fits */
	int		 exit;		/* sysexits-like, see turnout(1) EXIT STATUS */
	const char	*title;		/* two or three words, heading of a page */
	const char	*sentence;
};

/* The row of `status`; never NULL. Borrowed, constant. */
const struct status_info	*status_info(enum status status);

#endif
