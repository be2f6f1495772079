// SPDX-License-Identifier: ISC
/*
 * code.c: tokens and digits over libsodium and liboath.
 *
 * What depends on a key is compared by sodium_memcmp alone; memcmp and strcmp have no
 * business in this file. Reading a token's text is not secret and need not take constant time.
 */
#include "core/code.h"

#include <liboath/oath.h>
#include <sodium.h>

#define TOKEN_CHARS	26
#define TOKEN_BYTES	16
#define CLAIM_BYTES	8	/* what is signed: the first half of a token */
#define DIGITS		6
#define MINUTES_MAX	((INT64_C(1) << 28) - 1)

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum status
code_init(void)
{
	if (sodium_init() < 0 || oath_init() != OATH_OK)
		return ST_FAULT;
	return ST_OK;
}

static bool
is_filler(char c)
{
	return c == ' ' || c == '-';
}

/* The value of a Crockford character, -1 for none. */
static int
symbol_value(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	for (int i = 0; i < 32; i++)
		if (alphabet[i] == c)
			return i;
	return -1;
}

/* 16 bytes as 26 characters: two zero bits, then the 128, five at a time. */
static void
encode(const uint8_t bytes[TOKEN_BYTES], char text[TOKEN_CHARS + 1])
{
	unsigned int bits = 0;
	int have = 2;
	size_t at = 0;

	for (size_t i = 0; i < TOKEN_CHARS; i++) {
		if (have < 5) {
			bits = (bits << 8 | bytes[at++]) & 0xFFF;
			have += 8;
		}
		have -= 5;
		text[i] = alphabet[bits >> have & 31];
	}
	text[TOKEN_CHARS] = '\0';
}

/* The reverse; false unless `text` is exactly 26 characters whose first two bits are zero. */
static bool
decode(const char *text, size_t length, uint8_t bytes[TOKEN_BYTES])
{
	unsigned int bits = 0;
	int have = -2;
	size_t chars = 0, at = 0;

	for (size_t i = 0; i < length; i++) {
		int value;

		if (is_filler(text[i]))
			continue;
		value = symbol_value(text[i]);
		if (value < 0 || chars == TOKEN_CHARS || (chars == 0 && value > 7))
			return false;
		chars++;
		bits = (bits << 5 | (unsigned int)value) & 0xFFF;
		have += 5;
		if (have >= 8) {
			have -= 8;
			bytes[at++] = (uint8_t)(bits >> have & 0xFF);
		}
	}
	return chars == TOKEN_CHARS;
}

static void
put32(uint8_t *bytes, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(value >> (24 - 8 * i) & 0xFF);
}

static uint32_t
get32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	    (uint32_t)bytes[3];
}

/* HMAC-SHA256 over the first half of `bytes`; the caller uses its first 64 bits. */
static void
sign(const uint8_t bytes[TOKEN_BYTES], const uint8_t key[CODE_KEY_BYTES],
    uint8_t mac[crypto_auth_hmacsha256_BYTES])
{
	_Static_assert(CODE_KEY_BYTES == crypto_auth_hmacsha256_KEYBYTES, "key size");
	crypto_auth_hmacsha256(mac, bytes, CLAIM_BYTES, key);
}

enum status
code_token_make(const struct code_claim *claim, const uint8_t key[CODE_KEY_BYTES],
    char token[CODE_TOKEN_SIZE])
{
	uint8_t bytes[TOKEN_BYTES], mac[crypto_auth_hmacsha256_BYTES];
	int64_t minutes;

	token[0] = '\0';
	if (claim->run_id < 1 || claim->run_id > UINT32_MAX || claim->kind != CODE_PRINTED ||
	    claim->expires < 1 || claim->expires > MINUTES_MAX * 60)
		return ST_REFUSED;
	minutes = (claim->expires + 59) / 60;
	put32(bytes, (uint32_t)claim->run_id);
	put32(bytes + 4, (uint32_t)claim->kind << 28 | (uint32_t)minutes);
	sign(bytes, key, mac);
	for (size_t i = CLAIM_BYTES; i < TOKEN_BYTES; i++)
		bytes[i] = mac[i - CLAIM_BYTES];
	encode(bytes, token);
	return ST_OK;
}

/* What the first half of `bytes` says; ST_CODE_UNKNOWN for what code_token_make never makes. */
static enum status
read_claim(const uint8_t bytes[TOKEN_BYTES], struct code_claim *claim)
{
	uint32_t word = get32(bytes + 4);

	claim->run_id = get32(bytes);
	claim->kind = CODE_PRINTED;
	claim->expires = (int64_t)(word & MINUTES_MAX) * 60;
	if (claim->run_id == 0 || word >> 28 != CODE_PRINTED || claim->expires == 0)
		return ST_CODE_UNKNOWN;
	return ST_OK;
}

enum status
code_token_read(const char *text, size_t length, struct code_claim *claim)
{
	uint8_t bytes[TOKEN_BYTES];

	if (!decode(text, length, bytes))
		return ST_CODE_UNKNOWN;
	return read_claim(bytes, claim);
}

enum status
code_token_check(const char *text, size_t length, const uint8_t key[CODE_KEY_BYTES], int64_t now)
{
	uint8_t bytes[TOKEN_BYTES], mac[crypto_auth_hmacsha256_BYTES];
	struct code_claim claim;

	if (!decode(text, length, bytes))
		return ST_CODE_UNKNOWN;
	sign(bytes, key, mac);
	if (sodium_memcmp(mac, bytes + CLAIM_BYTES, TOKEN_BYTES - CLAIM_BYTES) != 0)
		return ST_CODE_UNKNOWN;
	if (read_claim(bytes, &claim) != ST_OK)
		return ST_CODE_UNKNOWN;
	return now > claim.expires ? ST_CODE_EXPIRED : ST_OK;
}

void
code_digits_make(const uint8_t key[CODE_KEY_BYTES], int64_t now, char digits[CODE_DIGITS_SIZE])
{
	if (now < 0 || oath_totp_generate((const char *)key, CODE_KEY_BYTES, (time_t)now,
	    CODE_STEP_S, 0, DIGITS, digits) != OATH_OK)
		sodium_memzero(digits, CODE_DIGITS_SIZE);
}

/* The six digits of `text` without fillers; false when it is anything else. */
static bool
read_digits(const char *text, size_t length, char digits[CODE_DIGITS_SIZE])
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		if (is_filler(text[i]))
			continue;
		if (text[i] < '0' || text[i] > '9' || count == DIGITS)
			return false;
		digits[count++] = text[i];
	}
	digits[count] = '\0';
	return count == DIGITS;
}

bool
code_digits_check(const char *digits, size_t length, const uint8_t key[CODE_KEY_BYTES], int64_t now)
{
	char typed[CODE_DIGITS_SIZE], current[CODE_DIGITS_SIZE], previous[CODE_DIGITS_SIZE];
	int is_current, is_previous;

	if (!read_digits(digits, length, typed))
		return false;
	code_digits_make(key, now, current);
	code_digits_make(key, now - CODE_STEP_S, previous);
	/* Both are always compared, so that the time does not tell which step it was. */
	is_current = sodium_memcmp(typed, current, CODE_DIGITS_SIZE) == 0;
	is_previous = sodium_memcmp(typed, previous, CODE_DIGITS_SIZE) == 0;
	return (is_current | is_previous) != 0;
}

bool
code_digits_like(const char *text, size_t length)
{
	char digits[CODE_DIGITS_SIZE];

	return read_digits(text, length, digits);
}

void
code_key_new(uint8_t key[CODE_KEY_BYTES])
{
	randombytes_buf(key, CODE_KEY_BYTES);
}

void
code_session_new(char session[CODE_SESSION_SIZE])
{
	uint8_t bytes[CODE_SESSION_SIZE - 1];

	randombytes_buf(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++)
		session[i] = alphabet[bytes[i] & 31];
	session[sizeof bytes] = '\0';
}

void
code_capability_new(char capability[CODE_CAPABILITY_SIZE])
{
	uint8_t bytes[TOKEN_BYTES];

	randombytes_buf(bytes, sizeof bytes);
	encode(bytes, capability);
}
