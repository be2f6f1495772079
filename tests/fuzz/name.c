// SPDX-License-Identifier: ISC
/*
 * name.c: whatever is typed as a name: what is accepted can be folded, and tidying and folding
 * again change nothing.
 */
#include "core/name.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	char name[NAME_SIZE], again[NAME_SIZE], folded[NAME_FOLD_SIZE], twice[NAME_FOLD_SIZE],
	    initials[64], slug[49];

	if (name_tidy(text, size, name) == ST_OK) {
		HOLDS(name[0] != '\0' && strlen(name) < sizeof name);
		HOLDS(name_tidy(name, strlen(name), again) == ST_OK && strcmp(name, again) == 0);
		HOLDS(name_fold(name, folded) == ST_OK && folded[0] != '\0');
		HOLDS(name_fold(folded, twice) == ST_OK && strcmp(folded, twice) == 0);
		name_initials(name, initials, sizeof initials);
	}
	name_fold(text, folded);
	name_slug(text, slug, sizeof slug);
	HOLDS(slug[0] != '\0' &&
	    slug[strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0');
	free(text);
	return 0;
}
