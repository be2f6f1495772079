// SPDX-License-Identifier: ISC
/*
 * claim.h: recognising a phone again at the same run, and nowhere else.
 *
 * A phone makes a random mark, keeps it and sends it with each request: neither an account nor a
 * cookie. We keep only the first 128 bits of HMAC-SHA256 over "claim" and the mark, keyed with the
 * run's key. So the same phone has a different hash at each run, and the database alone reveals
 * nothing about the phone.
 */
#ifndef TURNOUT_CLAIM_H
#define TURNOUT_CLAIM_H

#include <stdint.h>

#include "core/code.h"

#define CLAIM_HASH_BYTES	16
#define CLAIM_SIZE		65	/* a mark of 64 bytes at most, and the NUL */

/* The hash of `claim`, a non-empty string, with the run's `key`. */
void	claim_hash(const char *claim, const uint8_t key[CODE_KEY_BYTES],
		    uint8_t hash[CLAIM_HASH_BYTES]);

#endif
