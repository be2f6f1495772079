// SPDX-License-Identifier: ISC
/* proof.c: see proof.h. */
#include "core/proof.h"

#include <string.h>

static const struct { const char *name; enum level level; } proofs[PROOF_END] = {
	[PROOF_SESSION] = { "session", LEVEL_NONE },
	[PROOF_DIGITS] = { "digits", LEVEL_SCREEN },
	[PROOF_PRINTED] = { "printed", LEVEL_PRINTED },
	[PROOF_SCREEN] = { "screen", LEVEL_SCREEN },
	[PROOF_PLACE] = { "place", LEVEL_PLACE },
	[PROOF_HOST] = { "host", LEVEL_HOST },
	[PROOF_IMPORT] = { "import", LEVEL_HOST },
};

static const char *const levels[LEVEL_END] = {
	[LEVEL_NONE] = "none", [LEVEL_PRINTED] = "printed",
	[LEVEL_SCREEN] = "screen", [LEVEL_PLACE] = "place", [LEVEL_HOST] = "host",
};

static const char *const demands[DEMAND_END] = {
	[DEMAND_IGNORED] = "ignored", [DEMAND_NOTED] = "noted",
	[DEMAND_PENDING] = "pending", [DEMAND_REFUSED] = "refused",
};

const char *
proof_name(enum proof proof)
{
	return proofs[proof].name;
}

const char *
level_name(enum level level)
{
	return levels[level];
}

const char *
demand_name(enum demand demand)
{
	return demands[demand];
}

enum status
proof_read(const char *name, enum proof *proof)
{
	for (*proof = PROOF_SESSION; *proof < PROOF_END; (*proof)++)
		if (strcmp(name, proofs[*proof].name) == 0)
			return ST_OK;
	return ST_UNKNOWN;
}

enum status
demand_read(const char *name, enum demand *demand)
{
	for (*demand = DEMAND_IGNORED; *demand < DEMAND_END; (*demand)++)
		if (strcmp(name, demands[*demand]) == 0)
			return ST_OK;
	return ST_UNKNOWN;
}

enum level
proof_level(enum proof proof)
{
	return proofs[proof].level;
}

enum proof
proof_made(enum code_kind kind, enum place_finding finding)
{
	static const enum proof of_kind[CODE_KIND_END] = {
		[CODE_PRINTED] = PROOF_PRINTED, [CODE_SCREEN] = PROOF_SCREEN,
		[CODE_SINGLE] = PROOF_SCREEN,
		[CODE_TYPED] = PROOF_DIGITS, [CODE_SESSION] = PROOF_SESSION,
	};

	return finding == FINDING_HERE && kind != CODE_SESSION ? PROOF_PLACE : of_kind[kind];
}
