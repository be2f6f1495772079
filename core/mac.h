// SPDX-License-Identifier: ISC
/*
 * mac.h: HMAC-SHA256 (RFC 2104, FIPS 180-4), with which a run's key signs.
 *
 * Many calls in a row use the key of one run, so each thread keeps the state that the last key led
 * to: half of the work.
 */
#ifndef TURNOUT_MAC_H
#define TURNOUT_MAC_H

#include <stddef.h>
#include <stdint.h>

#define MAC_KEY_BYTES	32
#define MAC_BYTES	32

/*
 * The MAC under `key` of `prefix` (a string, may be ""; its NUL is not signed) followed by `length`
 * bytes of `data`. Any thread.
 */
void	mac_make(const uint8_t key[MAC_KEY_BYTES], const char *prefix, const void *data,
		    size_t length, uint8_t mac[MAC_BYTES]);

#endif
