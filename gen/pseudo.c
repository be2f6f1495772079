// SPDX-License-Identifier: ISC
/* pseudo.c: see pseudo.h. */
#include "gen/pseudo.h"

#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "gen/buffer.h"

/* Add a letter, with an accent if there is one for it. */
static void
put_letter(char letter, struct buffer *out)
{
	static const char plain[] = "aeioucnyAEIOUCNY";
	static const char *const accented[] = { "á", "é", "í", "ö", "ü", "ç", "ñ", "ý", "Á", "É",
	    "Í", "Ö", "Ü", "Ç", "Ñ", "Ý" };
	const char *found = letter == '\0' ? NULL : strchr(plain, letter);

	if (found != NULL)
		buffer_append_text(out, accented[found - plain]);
	else
		buffer_append(out, &letter, 1);
}

/* The length of the {{tag}}, {name} for a script, <tag> or &entity; at `at`; 0 for text. */
static size_t
markup_length(const char *at)
{
	const char *end = NULL;

	if (strncmp(at, "{{", 2) == 0 && (end = strstr(at, "}}")) != NULL)
		return (size_t)(end - at) + 2;
	if ((*at == '{' && (end = strchr(at, '}')) != NULL) ||
	    (*at == '<' && (end = strchr(at, '>')) != NULL) ||
	    (*at == '&' && (end = strchr(at, ';')) != NULL))
		return (size_t)(end - at) + 1;
	return 0;
}

static json_t *
pseudo_text(const char *text)
{
	struct buffer out = { 0 };
	size_t letters = 0, length, i;
	json_t *word;

	buffer_append_text(&out, "[");
	while (*text != '\0') {
		length = markup_length(text);
		if (length > 0) {
			buffer_append(&out, text, length);
			text += length;
			continue;
		}
		put_letter(*text++, &out);
		letters++;
	}
	for (i = 0; i < (letters * 2 + 4) / 5; i++)
		buffer_append_text(&out, i % 6 == 0 ? " " : "~");
	buffer_append_text(&out, "]");
	word = json_string(buffer_text(&out));
	buffer_clear(&out);
	return word;
}

/* Convert a text, or an object of texts; the names of columns stay. */
static json_t *
pseudo_word(const char *key, const json_t *word)
{
	json_t *made, *inner;
	const char *name;

	if (json_is_string(word))
		return strcmp(key, "dir") == 0 || strcmp(key, "count") == 0 ||
		    strcmp(key, "select") == 0
		    ? json_string(json_string_value(word)) : pseudo_text(json_string_value(word));
	made = json_object();
	json_object_foreach((json_t *)(uintptr_t)word, name, inner)
		json_object_set_new(made, name, pseudo_word(name, inner));
	return made;
}

json_t *
pseudo_words(const json_t *english)
{
	return english == NULL ? NULL : pseudo_word("", english);
}
