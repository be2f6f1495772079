// SPDX-License-Identifier: ISC
/*
 * code.c: whatever is sent as a code: only codes that we made are accepted, and those read back.
 * Input: a time, a number, the text.
 */
#include "core/code.h"
#include "core/crockford.h"
#include "core/slot.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t key[CODE_KEY_BYTES] = { 1, 2, 3 };

/* `text` without fillers, in the spelling of a screen. */
static void
spell(const char *text, size_t length, char *plain, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; i < length && at + 1 < size; i++)
		if (!crockford_is_filler(text[i]) && crockford_value(text[i]) >= 0)
			plain[at++] = crockford_symbol((unsigned int)crockford_value(text[i]));
	plain[at] = '\0';
}

static void
try_token(const char *text, size_t length, int64_t now)
{
	struct code_content content;
	char token[CODE_TOKEN_SIZE], plain[CODE_TOKEN_SIZE];
	enum status read = code_token_read(text, length, &content),
	    check = code_token_check(text, length, key, now);

	HOLDS(read == ST_OK || read == ST_CODE_UNKNOWN);
	if (read != ST_OK) {
		HOLDS(check == ST_CODE_UNKNOWN);
		return;
	}
	HOLDS(code_token_make(&content, key, token) == ST_OK);
	spell(text, length, plain, sizeof plain);
	HOLDS((strcmp(token, plain) == 0) == (check != ST_CODE_UNKNOWN));
	HOLDS(code_token_check(token, strlen(token), key, INT64_MIN) == ST_OK);
}

static void
try_typed(const char *text, size_t length, int64_t now)
{
	for (int typed = CODE_DIGITS; typed < CODE_TYPED_END; typed++) {
		char shown[CODE_DIGITS_SIZE];

		if (code_typed_check((enum code_typed)typed, text, length, key, now))
			HOLDS(code_typed_like(text, length));
		code_typed_make((enum code_typed)typed, key, now, shown);
		HOLDS(code_typed_check((enum code_typed)typed, shown, strlen(shown), key,
		    now) == (now >= 0));
	}
}

static void
try_slot(int64_t now, int interval_s)
{
	int64_t slot = slot_at(now, interval_s);
	struct code_content content = { .run_id = 1, .kind = CODE_SCREEN, .number = slot };
	char token[CODE_TOKEN_SIZE];

	if (now < 0 || slot > CODE_NUMBER_MAX)
		return;
	HOLDS(slot_check(slot, interval_s, now) == ST_OK);
	HOLDS(slot_begins(slot, interval_s) <= now && now < slot_begins(slot + 1, interval_s));
	HOLDS(slot_check(slot, interval_s,
	    slot_valid_until(slot, interval_s) + 1) == ST_CODE_EXPIRED);
	HOLDS((code_token_make(&content, key, token) == ST_OK) == (slot > 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t now = fuzz_number(&data, &size) % (INT64_C(1) << 40),
	    number = fuzz_number(&data, &size);
	char *text = fuzz_text(data, size);

	HOLDS(code_init() == ST_OK);
	try_token(text, size, now);
	try_typed(text, size, now);
	try_slot(now, (int)(number % 200));
	slot_check(number, 25, now);
	free(text);
	return 0;
}
