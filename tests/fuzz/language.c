// SPDX-License-Identifier: ISC
/*
 * language.c: whatever is sent as Accept-Language: the language chosen is available, was asked for,
 * and has a weight above 0. Input: the header.
 */
#include <strings.h>

#include "core/language.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const tags[] = { "ar", "de", "en", "pt-BR", "zh" };
	const int count = sizeof tags / sizeof tags[0];
	char *header = fuzz_text(data, size);
	int found = language_accepted(header, tags, count);

	HOLDS(found >= -1 && found < count);
	HOLDS(found < 0 || strcasestr(header, tags[found]) != NULL);
	HOLDS(language_accepted(header, tags, 0) == -1);
	HOLDS(found < 0 || strpbrk(header, "123456789") != NULL || strchr(header, ';') == NULL ||
	    strchr(header, ',') != NULL);
	found = language_find(header, strlen(header), tags, count);
	HOLDS(found >= -1 && found < count);
	HOLDS(found < 0 || strncasecmp(header, tags[found], strlen(tags[found])) == 0);
	free(header);
	return 0;
}
