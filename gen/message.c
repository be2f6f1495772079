// SPDX-License-Identifier: ISC
/* message.c: reading the words of a language, and putting them into the text of a template. */
#include "gen/message.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "gen/file.h"

static const char *const categories[] = { "zero", "one", "two", "few", "many", "other" };

bool
message_is_category(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof categories / sizeof categories[0]; i++)
		if (strlen(categories[i]) == length && memcmp(categories[i], name, length) == 0)
			return true;
	return false;
}

static const char *
category_arabic(unsigned long long number)
{
	static const char *const first[] = { "zero", "one", "two" };

	if (number < 3)
		return first[number];
	if (number % 100 >= 3 && number % 100 <= 10)
		return "few";
	return number % 100 >= 11 ? "many" : "other";
}

const char *
message_category(const char *language, unsigned long long number)
{
	if (strcmp(language, "ar") == 0)
		return category_arabic(number);
	if ((strcmp(language, "fr") == 0 || strcmp(language, "es") == 0) && number != 0 && number % 1000000 == 0)
		return "many";
	if (strcmp(language, "fr") == 0)
		return number < 2 ? "one" : "other";
	return number == 1 && strcmp(language, "zh") != 0 ? "one" : "other";
}

/* Read messages/NAME.json; *words stays NULL when there is none. */
static bool
read_words(const char *templates, const char *name, size_t length, struct json_t **words, struct mustache_error *why)
{
	struct buffer path = { 0 }, text = { 0 };
	json_error_t error;
	bool is_done = true;

	buffer_format(&path, "%s/messages/%.*s.json", templates, (int)length, name);
	if (file_read(buffer_text(&path), &text)) {
		*words = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &error);
		if (*words == NULL)
			is_done = mustache_fail(why, buffer_text(&path), (unsigned int)error.line, "%s", error.text);
		else if (!json_is_object(*words))
			is_done = mustache_fail(why, buffer_text(&path), 1, "an object of keys and texts is wanted");
	}
	buffer_clear(&path);
	buffer_clear(&text);
	return is_done;
}

bool
messages_load(struct messages *messages, const char *templates, const char *language, struct mustache_error *why)
{
	size_t length = strlen(language), part = strcspn(language, "-");
	bool is_done;

	*messages = (struct messages){ .language = "en" };
	is_done = read_words(templates, "en", 2, &messages->english, why);
	if (is_done && strcmp(language, "en") != 0)
		is_done = read_words(templates, language, length, &messages->own, why);
	if (is_done && messages->own == NULL && part < length)
		is_done = read_words(templates, language, part, &messages->own, why);
	if (!is_done)
		messages_clear(messages);
	else if (messages->own != NULL)
		snprintf(messages->language, sizeof messages->language, "%.*s", (int)part, language);
	return is_done;
}

void
messages_clear(struct messages *messages)
{
	json_decref(messages->own);
	json_decref(messages->english);
	*messages = (struct messages){ 0 };
}

/* The text under each category that the language tells apart, in sections that page_render.c opens by the number. */
static bool
put_plural(const struct json_t *word, struct buffer *out)
{
	const char *count = json_string_value(json_object_get(word, "count"));
	const char *other = json_string_value(json_object_get(word, "other")), *text;
	size_t i;

	if (count == NULL || other == NULL)
		return false;
	for (i = 0; i < sizeof categories / sizeof categories[0]; i++) {
		text = json_string_value(json_object_get(word, categories[i]));
		buffer_format(out, "{{#%s.%s}}%s{{/%s.%s}}", count, categories[i], text == NULL ? other : text, count, categories[i]);
	}
	return true;
}

static bool
put_word(const struct messages *messages, const char *key, size_t length, struct buffer *out)
{
	const struct json_t *word = json_object_getn(messages->own, key, length);

	if (word == NULL)
		word = json_object_getn(messages->english, key, length);
	if (json_is_object(word))
		return put_plural(word, out);
	if (!json_is_string(word))
		return false;
	buffer_append(out, json_string_value(word), json_string_length(word));
	return true;
}

const char *
messages_text(const struct messages *messages, const char *key)
{
	const char *text = json_string_value(json_object_get(messages->own, key));

	return text != NULL ? text : json_string_value(json_object_get(messages->english, key));
}

bool
messages_fill(const struct messages *messages, const char *file, struct buffer *text, struct mustache_error *why)
{
	static const char tag[] = "{{t.";
	const char *at = buffer_text(text), *start, *key, *end, *line;
	struct buffer out = { 0 };
	unsigned int number = 1;

	while ((start = strstr(at, tag)) != NULL && (end = strstr(start, "}}")) != NULL) {
		key = start + strlen(tag);
		buffer_append(&out, at, (size_t)(start - at));
		if (!put_word(messages, key, (size_t)(end - key), &out)) {
			for (line = text->data; (line = memchr(line, '\n', (size_t)(start - line))) != NULL; line++)
				number++;
			buffer_clear(&out);
			return mustache_fail(why, file, number, "messages/en.json has no text “%.*s”, or one without “count” and “other”",
			    (int)(end - key), key);
		}
		at = end + 2;
	}
	buffer_append(&out, at, text->length - (size_t)(at - text->data));
	buffer_clear(text);
	*text = out;
	return true;
}

/* ---- languages beside English ---- */

/* What a comparison has at hand. */
struct comparison {
	const char	*templates;
	void		(*take)(void *handle, const char *file, unsigned int line, const char *found);
	void		*handle;
};

/* The line of `key` in messages/NAME; 0 when it is written in a way that a search does not find. */
static unsigned int
line_of(const struct comparison *comparison, const char *name, const char *key)
{
	struct buffer path = { 0 }, text = { 0 }, quoted = { 0 };
	const char *at, *found;
	unsigned int line = 0;

	buffer_format(&path, "%s/messages/%s", comparison->templates, name);
	buffer_format(&quoted, "\"%s\":", key);
	if (file_read(buffer_text(&path), &text) && (found = strstr(buffer_text(&text), buffer_text(&quoted))) != NULL)
		for (line = 1, at = text.data; (at = memchr(at, '\n', (size_t)(found - at))) != NULL; at++)
			line++;
	buffer_clear(&path);
	buffer_clear(&text);
	buffer_clear(&quoted);
	return line;
}

/* Tell the keys of messages/NAME that `others` lacks. */
static void
tell_keys(const struct comparison *comparison, const char *name, const char *lack, struct json_t *words, const struct json_t *others,
    const char *other)
{
	struct buffer file = { 0 }, found = { 0 };
	const char *key;
	json_t *word;

	buffer_format(&file, "%s/messages/%s", comparison->templates, name);
	json_object_foreach(words, key, word) {
		if (json_object_get(others, key) != NULL)
			continue;
		found.length = 0;
		buffer_format(&found, "“%s” %s %s", key, lack, other);
		comparison->take(comparison->handle, buffer_text(&file), line_of(comparison, name, key), buffer_text(&found));
	}
	buffer_clear(&file);
	buffer_clear(&found);
}

static void
compare_file(const struct comparison *comparison, const char *name, struct json_t *english)
{
	struct json_t *words = NULL;
	struct mustache_error why;

	if (!read_words(comparison->templates, name, strlen(name) - strlen(".json"), &words, &why))
		comparison->take(comparison->handle, NULL, 0, why.text);
	else if (words != NULL) {
		tell_keys(comparison, "en.json", "is missing in", english, words, name);
		tell_keys(comparison, name, "is not in", words, english, "en.json");
	}
	json_decref(words);
}

static int
is_words(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot != NULL && strcmp(dot, ".json") == 0 && strcmp(entry->d_name, "en.json") != 0;
}

void
messages_compare(const char *templates, void (*take)(void *handle, const char *file, unsigned int line, const char *found), void *handle)
{
	const struct comparison comparison = { templates, take, handle };
	struct mustache_error why;
	struct dirent **entries;
	struct json_t *english = NULL;
	struct buffer folder = { 0 };
	int i, count;

	buffer_format(&folder, "%s/messages", templates);
	count = scandir(buffer_text(&folder), &entries, is_words, alphasort);
	if (count >= 0 && !read_words(templates, "en", 2, &english, &why))
		take(handle, NULL, 0, why.text);
	for (i = 0; i < count; i++) {
		if (english != NULL)
			compare_file(&comparison, entries[i]->d_name, english);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	json_decref(english);
	buffer_clear(&folder);
}
