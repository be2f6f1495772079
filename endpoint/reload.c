// SPDX-License-Identifier: ISC
/* reload.c: see reload.h. */
#include "endpoint/reload.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

long long
reload_number(const char *news, size_t length)
{
	json_t *object = json_loadb(news, length, 0, NULL);
	long long number = json_integer_value(json_object_get(object, "number"));

	json_decref(object);
	return number;
}

/* Where the script goes: the first "</head" in any case, or the end. */
static size_t
find_place(const char *page, size_t length)
{
	static const char end[] = "</head";
	size_t at;

	for (at = 0; at + sizeof end - 1 <= length; at++)
		if (strncasecmp(page + at, end, sizeof end - 1) == 0)
			return at;
	return length;
}

void
reload_insert(struct reply *reply, long long number)
{
	size_t place = find_place(reply->body, reply->length), script_length;
	char script[128], *page;

	script_length = (size_t)snprintf(script, sizeof script,
	    "<script type=\"module\" src=\"/" RELOAD_SCRIPT "\" data-number=\"%lld\"></script>\n",
	    number);
	page = realloc(reply->body, reply->length + script_length + 1);
	if (page == NULL)
		return;
	memmove(page + place + script_length, page + place, reply->length - place);
	memcpy(page + place, script, script_length);
	reply->body = page;
	reply->length += script_length;
}
