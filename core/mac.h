// SPDX-License-Identifier: ISC
/*
 * mac.h: HMAC-SHA256 (RFC 2104, FIPS 180-4), with which a run signs.
 *
 * A hall signs with one key: the key's half of the work is kept from one call to the next, in each
 * thread.
 */
#ifndef TURNOUT_MAC_H
#define TURNOUT_MAC_H

#include <stddef.h>
#include <stdint.h>

#define MAC_KEY_BYTES	32
#define MAC_BYTES	32

/*
 * The MAC of `prefix` (a string without its end, may be "") and `length` bytes of `data` under
 * `key` into `mac`. Any thread.
 */
void	mac_make(const uint8_t key[MAC_KEY_BYTES], const char *prefix, const void *data,
		    size_t length, uint8_t mac[MAC_BYTES]);

#endif
