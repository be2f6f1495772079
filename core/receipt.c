// SPDX-License-Identifier: ISC
/*
 * receipt.c: receipts over libsodium. Whatever depends on a key is compared with sodium_memcmp.
 */
#include "core/receipt.h"

#include <sodium.h>
#include <string.h>

#include "core/bytes.h"
#include "core/crockford.h"
#include "core/mac.h"

#define RECEIPT_BYTES	32
#define SAID_BYTES	16	/* what is signed: the first half of a receipt */

/* HMAC-SHA256 over `prefix`, which names the purpose, and 16 bytes. */
static void
sign(const char *prefix, const uint8_t said[SAID_BYTES], const uint8_t key[CODE_KEY_BYTES],
    uint8_t mac[MAC_BYTES])
{
	mac_make(key, prefix, said, SAID_BYTES, mac);
}

/* Are all values in range? */
static bool
is_fit(const struct receipt *receipt)
{
	return receipt->run_id > 0 && receipt->run_id <= UINT32_MAX && receipt->kind >= CODE_PRINTED
	    && receipt->kind < CODE_KIND_END && receipt->number >= 0 &&
	    receipt->number <= CODE_NUMBER_MAX && receipt->at >= 0;
}

enum status
receipt_make(const struct receipt *receipt, const uint8_t key[CODE_KEY_BYTES],
    char text[RECEIPT_SIZE])
{
	uint8_t bytes[RECEIPT_BYTES], mac[MAC_BYTES];

	text[0] = '\0';
	if (!is_fit(receipt))
		return ST_REFUSED;
	bytes_put32(bytes, (uint32_t)receipt->run_id);
	bytes_put32(bytes + 4, (uint32_t)receipt->kind << 28 | (uint32_t)receipt->number);
	bytes_put64(bytes + 8, (uint64_t)receipt->at);
	sign("receipt", bytes, key, mac);
	memcpy(bytes + SAID_BYTES, mac, RECEIPT_BYTES - SAID_BYTES);
	crockford_encode(bytes, RECEIPT_BYTES, text);
	return ST_OK;
}

/* What the first half of `bytes` says; false for what receipt_make never makes. */
static bool
read_said(const uint8_t bytes[RECEIPT_BYTES], struct receipt *receipt)
{
	uint32_t word = bytes_get32(bytes + 4);
	uint64_t at = bytes_get64(bytes + 8);

	*receipt = (struct receipt){ .run_id = bytes_get32(bytes),
	    .kind = (enum code_kind)(word >> 28),
	    .number = word & CODE_NUMBER_MAX, .at = at > INT64_MAX ? -1 : (int64_t)at };
	return is_fit(receipt);
}

enum status
receipt_read(const char *text, size_t length, struct receipt *receipt)
{
	uint8_t bytes[RECEIPT_BYTES];

	return crockford_decode(text, length, bytes, RECEIPT_BYTES) && read_said(bytes, receipt)
	    ? ST_OK : ST_RECEIPT_UNKNOWN;
}

enum status
receipt_check(const char *text, size_t length, const uint8_t key[CODE_KEY_BYTES], int64_t now)
{
	uint8_t bytes[RECEIPT_BYTES], mac[MAC_BYTES];
	struct receipt receipt;

	if (!crockford_decode(text, length, bytes, RECEIPT_BYTES))
		return ST_RECEIPT_UNKNOWN;
	sign("receipt", bytes, key, mac);
	if (sodium_memcmp(mac, bytes + SAID_BYTES, RECEIPT_BYTES - SAID_BYTES) != 0 ||
	    !read_said(bytes, &receipt))
		return ST_RECEIPT_UNKNOWN;
	return receipt.at < now - RECEIPT_LIFE_S ? ST_RECEIPT_EXPIRED : ST_OK;
}

void
receipt_short(int64_t person_id, int64_t since, const uint8_t key[CODE_KEY_BYTES],
    char text[RECEIPT_SHORT_SIZE])
{
	uint8_t said[SAID_BYTES], mac[MAC_BYTES];
	uint32_t bits;

	bytes_put64(said, (uint64_t)person_id);
	bytes_put64(said + 8, (uint64_t)since);
	sign("shown", said, key, mac);
	bits = bytes_get32(mac) >> 12;
	for (int i = RECEIPT_SHORT_SIZE - 2; i >= 0; i--, bits >>= 5)
		text[i] = crockford_symbol(bits);
	text[RECEIPT_SHORT_SIZE - 1] = '\0';
}
