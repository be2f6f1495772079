// SPDX-License-Identifier: ISC
/*
 * code.c: tokens and digits over libsodium and liboath.
 *
 * Whatever depends on a key is compared with sodium_memcmp; memcmp and strcmp have no business
 * in this file. The text of a token is no secret: reading it need not take constant time.
 */
#include "core/code.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <string.h>

#include "core/bytes.h"
#include "core/crockford.h"
#include "core/mac.h"

#define TOKEN_BYTES	16
#define CONTENT_BYTES	8	/* what is signed: the first half of a token */
#define DIGITS		6
#define TYPED_PREFIX	"typed"	/* so that the MAC of a step is never that of a token */

enum status
code_init(void)
{
	if (sodium_init() < 0 || oath_init() != OATH_OK)
		return ST_FAULT;
	return ST_OK;
}

/* HMAC-SHA256 over the first half of `bytes`; the caller uses its first 64 bits. */
static void
sign(const uint8_t bytes[TOKEN_BYTES], const uint8_t key[CODE_KEY_BYTES],
    uint8_t mac[MAC_BYTES])
{
	mac_make(key, "", bytes, CONTENT_BYTES, mac);
}

/* The number of 28 bits that stands for `content`; false when there is none. */
static bool
number_of(const struct code_content *content, int64_t *number)
{
	switch (content->kind) {
	case CODE_PRINTED:
		*number = content->expires > CODE_NUMBER_MAX * 60 ? 0
		    : (content->expires + 59) / 60;
		return content->expires > 0 && *number > 0;
	case CODE_SCREEN:
	case CODE_SINGLE:
		*number = content->number;
		return *number > 0 && *number <= CODE_NUMBER_MAX;
	case CODE_TYPED:
	case CODE_SESSION:
	case CODE_KIND_END:
		break;
	}
	return false;
}

enum status
code_token_make(const struct code_content *content, const uint8_t key[CODE_KEY_BYTES],
    char token[CODE_TOKEN_SIZE])
{
	uint8_t bytes[TOKEN_BYTES], mac[MAC_BYTES];
	int64_t number;

	token[0] = '\0';
	if (content->run_id < 1 || content->run_id > UINT32_MAX || !number_of(content, &number))
		return ST_REFUSED;
	bytes_put32(bytes, (uint32_t)content->run_id);
	bytes_put32(bytes + 4, (uint32_t)content->kind << 28 | (uint32_t)number);
	sign(bytes, key, mac);
	for (size_t i = CONTENT_BYTES; i < TOKEN_BYTES; i++)
		bytes[i] = mac[i - CONTENT_BYTES];
	crockford_encode(bytes, TOKEN_BYTES, token);
	return ST_OK;
}

/* What the first half of `bytes` says; ST_CODE_UNKNOWN for what code_token_make never makes. */
static enum status
read_content(const uint8_t bytes[TOKEN_BYTES], struct code_content *content)
{
	uint32_t word = bytes_get32(bytes + 4);
	int64_t number = word & CODE_NUMBER_MAX;

	*content = (struct code_content){ .run_id = bytes_get32(bytes),
	    .kind = (enum code_kind)(word >> 28) };
	if (content->run_id == 0 || number == 0 || content->kind < CODE_PRINTED ||
	    content->kind > CODE_SINGLE)
		return ST_CODE_UNKNOWN;
	if (content->kind == CODE_PRINTED)
		content->expires = number * 60;
	else
		content->number = number;
	return ST_OK;
}

enum status
code_token_read(const char *text, size_t length, struct code_content *content)
{
	uint8_t bytes[TOKEN_BYTES];

	if (!crockford_decode(text, length, bytes, TOKEN_BYTES))
		return ST_CODE_UNKNOWN;
	return read_content(bytes, content);
}

/*
 * Are `bytes` a token that `key` signed? Everybody in a hall sends the same one, so each thread
 * remembers the last that was.
 */
static bool
is_signed(const uint8_t bytes[TOKEN_BYTES], const uint8_t key[CODE_KEY_BYTES])
{
	static _Thread_local struct { bool is_set; uint8_t bytes[TOKEN_BYTES], key[CODE_KEY_BYTES];
	    } last;
	uint8_t mac[MAC_BYTES];

	if (last.is_set && sodium_memcmp(last.bytes, bytes, sizeof last.bytes) == 0 &&
	    sodium_memcmp(last.key, key, sizeof last.key) == 0)
		return true;
	sign(bytes, key, mac);
	if (sodium_memcmp(mac, bytes + CONTENT_BYTES, TOKEN_BYTES - CONTENT_BYTES) != 0)
		return false;
	last.is_set = true;
	memcpy(last.bytes, bytes, sizeof last.bytes);
	memcpy(last.key, key, sizeof last.key);
	return true;
}

enum status
code_token_check(const char *text, size_t length, const uint8_t key[CODE_KEY_BYTES], int64_t now)
{
	uint8_t bytes[TOKEN_BYTES];
	struct code_content content;

	if (!crockford_decode(text, length, bytes, TOKEN_BYTES) || !is_signed(bytes, key))
		return ST_CODE_UNKNOWN;
	if (read_content(bytes, &content) != ST_OK)
		return ST_CODE_UNKNOWN;
	return content.kind == CODE_PRINTED && now > content.expires ? ST_CODE_EXPIRED : ST_OK;
}

void
code_digits_make(const uint8_t key[CODE_KEY_BYTES], int64_t now, char digits[CODE_DIGITS_SIZE])
{
	if (now < 0 || oath_totp_generate((const char *)key, CODE_KEY_BYTES, (time_t)now,
	    CODE_STEP_S, 0, DIGITS, digits) != OATH_OK)
		sodium_memzero(digits, CODE_DIGITS_SIZE);
}

/* The six letters of the step that `now` is in. */
static void
make_letters(const uint8_t key[CODE_KEY_BYTES], int64_t now, char text[CODE_DIGITS_SIZE])
{
	uint8_t step[8], mac[MAC_BYTES];
	uint32_t bits;

	sodium_memzero(text, CODE_DIGITS_SIZE);
	if (now < 0)
		return;
	bytes_put64(step, (uint64_t)(now / CODE_STEP_S));
	mac_make(key, TYPED_PREFIX, step, sizeof step, mac);
	bits = bytes_get32(mac) >> 2;
	for (int i = DIGITS - 1; i >= 0; i--, bits >>= 5)
		text[i] = crockford_symbol(bits);
}

void
code_typed_make(enum code_typed typed, const uint8_t key[CODE_KEY_BYTES], int64_t now,
    char text[CODE_DIGITS_SIZE])
{
	if (typed == CODE_LETTERS)
		make_letters(key, now, text);
	else
		code_digits_make(key, now, text);
}

/*
 * The six Crockford characters of `text`, spelled as on the screen; false when it is not six.
 */
static bool
read_letters(const char *text, size_t length, char letters[CODE_DIGITS_SIZE])
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		int value = crockford_value(text[i]);

		if (crockford_is_filler(text[i]))
			continue;
		if (value < 0 || count == DIGITS)
			return false;
		letters[count++] = crockford_symbol((unsigned int)value);
	}
	letters[count] = '\0';
	return count == DIGITS;
}

bool
code_typed_check(enum code_typed typed, const char *text, size_t length,
    const uint8_t key[CODE_KEY_BYTES], int64_t now)
{
	char letters[CODE_DIGITS_SIZE], current[CODE_DIGITS_SIZE], previous[CODE_DIGITS_SIZE];
	int is_current, is_previous;

	if (!read_letters(text, length, letters))
		return false;
	code_typed_make(typed, key, now, current);
	code_typed_make(typed, key, now < INT64_MIN + CODE_STEP_S ? now : now - CODE_STEP_S,
	    previous);
	/* Always compare both, so that the time taken does not tell which step it was. */
	is_current = sodium_memcmp(letters, current, CODE_DIGITS_SIZE) == 0;
	is_previous = sodium_memcmp(letters, previous, CODE_DIGITS_SIZE) == 0;
	return (is_current | is_previous) != 0;
}

/* The character of ASCII that `at`, in UTF-8, means, and its *length there; 0 if it means none. */
static char
plain_of(const unsigned char *at, size_t *length)
{
	*length = 2;
	if (at[0] == 0xd9 && at[1] >= 0xa0 && at[1] <= 0xa9)		/* U+0660 to U+0669 */
		return (char)('0' + at[1] - 0xa0);
	if (at[0] == 0xdb && at[1] >= 0xb0 && at[1] <= 0xb9)		/* U+06F0 to U+06F9 */
		return (char)('0' + at[1] - 0xb0);
	*length = 3;
	if (at[0] == 0xef && at[1] == 0xbc && at[2] >= 0x81 && at[2] <= 0xbf)	/* U+FF01 on */
		return (char)('!' + at[2] - 0x81);
	if (at[0] == 0xef && at[1] == 0xbd && at[2] >= 0x80 && at[2] <= 0x9e)	/* to U+FF5E */
		return (char)('`' + at[2] - 0x80);
	return at[0] == 0xe3 && at[1] == 0x80 && at[2] == 0x80 ? ' ' : '\0';	/* U+3000 */
}

void
code_plain(char *text)
{
	const char *at = text;
	size_t length;
	char plain;

	while (*at != '\0') {
		plain = plain_of((const unsigned char *)at, &length);
		*text++ = plain == '\0' ? *at : plain;
		at += plain == '\0' ? 1 : length;
	}
	*text = '\0';
}

bool
code_typed_like(const char *text, size_t length)
{
	char letters[CODE_DIGITS_SIZE];

	return read_letters(text, length, letters);
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
		session[i] = crockford_symbol(bytes[i]);
	session[sizeof bytes] = '\0';
}

void
code_capability_new(char capability[CODE_CAPABILITY_SIZE])
{
	uint8_t bytes[TOKEN_BYTES];

	randombytes_buf(bytes, sizeof bytes);
	crockford_encode(bytes, TOKEN_BYTES, capability);
}
