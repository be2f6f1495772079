// SPDX-License-Identifier: ISC
/* claim.c: see claim.h. */
#include "core/claim.h"

#include <sodium.h>
#include <string.h>

void
claim_hash(const char *claim, const uint8_t key[CODE_KEY_BYTES], uint8_t hash[CLAIM_HASH_BYTES])
{
	static const char prefix[] = "claim";
	uint8_t mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, CODE_KEY_BYTES);
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)prefix, sizeof prefix - 1);
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)claim, strlen(claim));
	crypto_auth_hmacsha256_final(&state, mac);
	memcpy(hash, mac, CLAIM_HASH_BYTES);
}
