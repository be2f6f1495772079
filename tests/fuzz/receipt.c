// SPDX-License-Identifier: ISC
/*
 * receipt.c: whatever is sent as a receipt: only receipts that we made are accepted. Input: a time,
 * then the text.
 */
#include "core/receipt.h"
#include "core/crockford.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t key[CODE_KEY_BYTES] = { 1, 2, 3 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t now = fuzz_number(&data, &size) % (INT64_C(1) << 40);
	char *text = fuzz_text(data, size), made[RECEIPT_SIZE], shown[RECEIPT_SHORT_SIZE];
	uint8_t sent[32], good[32];
	struct receipt receipt = { 0 };
	enum status read = receipt_read(text, size, &receipt),
	    check = receipt_check(text, size, key, now);

	HOLDS(code_init() == ST_OK);
	HOLDS(read == ST_OK || read == ST_RECEIPT_UNKNOWN);
	if (read != ST_OK) {
		HOLDS(check == ST_RECEIPT_UNKNOWN);
	} else {
		HOLDS(receipt_make(&receipt, key, made) == ST_OK);
		HOLDS(crockford_decode(text, size, sent, sizeof sent) &&
		    crockford_decode(made, strlen(made), good, sizeof good));
		HOLDS((memcmp(sent, good, sizeof sent) == 0) == (check != ST_RECEIPT_UNKNOWN));
		HOLDS(receipt_check(made, strlen(made), key, receipt.at) == ST_OK);
	}
	receipt_short(now, receipt.at, key, shown);
	HOLDS(strlen(shown) == RECEIPT_SHORT_SIZE - 1);
	free(text);
	return 0;
}
