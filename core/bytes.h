// SPDX-License-Identifier: ISC
/*
 * bytes.h: numbers as big-endian bytes, for signed texts.
 */
#ifndef TURNOUT_BYTES_H
#define TURNOUT_BYTES_H

#include <stdint.h>

/* Four bytes at `bytes`. */
static inline void
bytes_put32(uint8_t *bytes, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(value >> (24 - 8 * i) & 0xFF);
}

static inline uint32_t
bytes_get32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	    (uint32_t)bytes[3];
}

/* Eight bytes at `bytes`. */
static inline void
bytes_put64(uint8_t *bytes, uint64_t value)
{
	bytes_put32(bytes, (uint32_t)(value >> 32));
	bytes_put32(bytes + 4, (uint32_t)(value & UINT32_MAX));
}

static inline uint64_t
bytes_get64(const uint8_t *bytes)
{
	return (uint64_t)bytes_get32(bytes) << 32 | bytes_get32(bytes + 4);
}

#endif
