// SPDX-License-Identifier: ISC
/*
 * claim.h: recognising the same phone at one run, and nowhere else.
 *
 * A phone keeps a random mark of its own making and sends it along; that is no account and no
 * cookie. Only the first 128 bits of HMAC-SHA256 over "claim" and the mark with the run's key are
 * kept: at another run the same phone has another hash, and who has the database but not the phone
 * learns nothing.
 */
#ifndef TURNOUT_CLAIM_H
#define TURNOUT_CLAIM_H

#include <stdint.h>

#include "core/code.h"

#define CLAIM_HASH_BYTES	16
#define CLAIM_SIZE		65	/* a mark of 64 bytes at most, and the NUL */

/* The hash of `claim`, a text that is not empty, with the run's `key`. */
void	claim_hash(const char *claim, const uint8_t key[CODE_KEY_BYTES],
		    uint8_t hash[CLAIM_HASH_BYTES]);

#endif
