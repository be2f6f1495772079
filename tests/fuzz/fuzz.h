// SPDX-License-Identifier: ISC
/*
 * fuzz.h: what the fuzz targets share. A target is LLVMFuzzerTestOneInput; `make fuzz` links it
 * with libFuzzer, and `make check` with replay.c, which feeds it the kept corpus.
 */
#ifndef TURNOUT_FUZZ_H
#define TURNOUT_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A rule that must hold whatever comes in. */
#define HOLDS(rule) \
	do { \
		if (!(rule)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #rule); \
			abort(); \
		} \
	} while (0)

/* Take in one input; 0 always. */
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The input as a text of its own, a NUL behind it: what is read too far is seen. Freed by the
 * caller.
 */
static inline char *
fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	HOLDS(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

/* Eight bytes off the front of the input, as a number; 0 when there are not so many. */
static inline int64_t
fuzz_number(const uint8_t **data, size_t *size)
{
	int64_t number = 0;

	if (*size < sizeof number)
		return 0;
	memcpy(&number, *data, sizeof number);
	*data += sizeof number;
	*size -= sizeof number;
	return number;
}

#endif
