// SPDX-License-Identifier: ISC
/* claim.c: see claim.h. */
#include "core/claim.h"

#include <string.h>

#include "core/mac.h"

void
claim_hash(const char *claim, const uint8_t key[CODE_KEY_BYTES], uint8_t hash[CLAIM_HASH_BYTES])
{
	uint8_t mac[MAC_BYTES];

	mac_make(key, "claim", claim, strlen(claim), mac);
	memcpy(hash, mac, CLAIM_HASH_BYTES);
}
