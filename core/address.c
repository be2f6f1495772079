// SPDX-License-Identifier: ISC
/* address.c: see address.h. */
#include "core/address.h"

#include <stdio.h>
#include <string.h>

/* The capital of an ASCII letter, whatever the locale. */
static char
capital(char letter)
{
	return letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
}

enum status
address_form(const char *address, const char *code, char *out, size_t size)
{
	const char *host = strstr(address, "://");
	int length;
	char *end;

	if (host == NULL || host == address || host[3] == '\0' || host[3] == '/')
		return ST_REFUSED;
	length = snprintf(out, size, "%s/" ADDRESS_FORM "#%s", address, code);
	if (length < 0 || (size_t)length >= size)
		return ST_REFUSED;
	if (strchr(host + 3, '/') != NULL)
		return ST_OK;
	for (end = out + strlen(address); out < end; out++)
		*out = capital(*out);
	return ST_OK;
}
