// SPDX-License-Identifier: ISC
/*
 * proof.h: how an attendance is known, what that is worth, and what a run asks for.
 */
#ifndef TURNOUT_PROOF_H
#define TURNOUT_PROOF_H

#include "core/code.h"
#include "core/place.h"
#include "core/status.h"

/* How an attendance is known; the values of event.proof. */
enum proof {
	PROOF_SESSION,		/* the run's public id alone */
	PROOF_DIGITS,		/* typed from the screen */
	PROOF_PRINTED,		/* from a poster */
	PROOF_SCREEN,		/* scanned from the screen */
	PROOF_PLACE,		/* a code, confirmed by position, network or access point */
	PROOF_HOST,		/* marked by a host */
	PROOF_IMPORT,		/* imported from elsewhere */
	PROOF_END
};

/* What a proof is worth, in ascending order. */
enum level {
	LEVEL_NONE,		/* anybody who knows the run */
	LEVEL_PRINTED,		/* saw the poster, or a picture of it */
	LEVEL_SCREEN,		/* saw the screen at that moment */
	LEVEL_PLACE,		/* and was at the place */
	LEVEL_HOST,		/* was seen by a host */
	LEVEL_END
};

/* What a run does with a position, a network or an access point. */
enum demand {
	DEMAND_IGNORED,		/* not asked for, not looked at */
	DEMAND_NOTED,		/* looked at: a match raises the level, its lack costs nothing */
	DEMAND_PENDING,		/* demanded: without it, the host is to confirm the check-in */
	DEMAND_REFUSED,		/* demanded: without it, the check-in is refused */
	DEMAND_END
};

/*
 * "session", "digits" …; "none", "printed" …; "ignored", "noted" …: as written in the database and
 * in replies. Constant.
 */
const char	*proof_name(enum proof proof);
const char	*level_name(enum level level);
const char	*demand_name(enum demand demand);

/* The proof, or the demand, of that name. ST_UNKNOWN when there is none. */
enum status	proof_read(const char *name, enum proof *proof);
enum status	demand_read(const char *name, enum demand *demand);

/* What a proof is worth; an import as much as a host's mark. */
enum level	proof_level(enum proof proof);

/*
 * The proof that a code of this kind makes; PROOF_PLACE when `finding` is FINDING_HERE as well. A
 * session id makes PROOF_SESSION whatever the finding: a place without a code is only the phone's
 * word.
 */
enum proof	proof_made(enum code_kind kind, enum place_finding finding);

#endif
