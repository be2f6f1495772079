// SPDX-License-Identifier: ISC
/*
 * mac.c: HMAC-SHA256 over libsodium. Keys are compared with sodium_memcmp only.
 */
#include "core/mac.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

_Static_assert(MAC_BYTES == crypto_auth_hmacsha256_BYTES, "MAC size");

/* The last key that this thread used, and the state that it leads to. */
static _Thread_local struct {
	bool				is_set;
	uint8_t				key[MAC_KEY_BYTES];
	crypto_auth_hmacsha256_state	state;
} last;

void
mac_make(const uint8_t key[MAC_KEY_BYTES], const char *prefix, const void *data, size_t length,
    uint8_t mac[MAC_BYTES])
{
	crypto_auth_hmacsha256_state state;

	if (!last.is_set || sodium_memcmp(last.key, key, MAC_KEY_BYTES) != 0) {
		crypto_auth_hmacsha256_init(&last.state, key, MAC_KEY_BYTES);
		memcpy(last.key, key, MAC_KEY_BYTES);
		last.is_set = true;
	}
	state = last.state;
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)prefix, strlen(prefix));
	crypto_auth_hmacsha256_update(&state, data, length);
	crypto_auth_hmacsha256_final(&state, mac);
}
