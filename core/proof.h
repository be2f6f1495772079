// SPDX-License-Identifier: ISC
/*
 * proof.h: how an attendance is known, what that is worth, and what a run asks for.
 */
#ifndef TURNOUT_PROOF_H
#define TURNOUT_PROOF_H

#include "core/code.h"
#include "core/place.h"
#include "core/status.h"

/* As event.proof says it. */
enum proof {
	PROOF_SESSION,		/* the run's public id alone */
	PROOF_DIGITS,		/* typed from the screen */
	PROOF_PRINTED,		/* from a poster */
	PROOF_SCREEN,		/* scanned from the screen */
	PROOF_PLACE,		/* a code, and position, network or access point say so too */
	PROOF_HOST,		/* a host says so */
	PROOF_IMPORT,		/* from elsewhere */
	PROOF_END
};

/* What proofs are worth, the lower the less. */
enum level {
	LEVEL_NONE,		/* anybody who knows the run */
	LEVEL_PRINTED,		/* saw the poster, or a picture of it */
	LEVEL_SCREEN,		/* saw the screen at that moment */
	LEVEL_PLACE,		/* and was at the place */
	LEVEL_HOST,		/* was seen by a host */
	LEVEL_END
};

/* What a run does with position, network and access point. */
enum demand {
	DEMAND_IGNORED,		/* not asked for, not looked at */
	DEMAND_NOTED,		/* looked at; being there counts, not being there does not */
	DEMAND_PENDING,		/* demanded: without it the host is to confirm */
	DEMAND_REFUSED,		/* demanded: nobody gets in without it */
	DEMAND_END
};

/*
 * "session", "digits" …; "printed", "screen" …; "ignored", "noted" …: as the database and the
 * replies say it. Constant.
 */
const char	*proof_name(enum proof proof);
const char	*level_name(enum level level);
const char	*demand_name(enum demand demand);

/* The proof, or the demand, of that name. ST_UNKNOWN. */
enum status	proof_read(const char *name, enum proof *proof);
enum status	demand_read(const char *name, enum demand *demand);

/* What a proof is worth. An import is worth what a host says, who made it. */
enum level	proof_level(enum proof proof);

/*
 * The proof that a code of that kind makes; PROOF_PLACE when `finding` is FINDING_HERE too and
 * there was a code at all. A session id and a finding make PROOF_SESSION: a place without a code is
 * only what the phone says of itself.
 */
enum proof	proof_made(enum code_kind kind, enum place_finding finding);

#endif
