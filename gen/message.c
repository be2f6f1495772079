// SPDX-License-Identifier: ISC
/* message.c: reads the words of a language, and puts them into the text of a template. */
#include "gen/message.h"

#include <jansson.h>
#include <stdio.h>

#include "gen/file.h"
#include "gen/pseudo.h"

bool
message_is_category(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < LOCALE_CATEGORIES; i++)
		if (strlen(locale_categories[i]) == length &&
		    memcmp(locale_categories[i], name, length) == 0)
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
	if ((strcmp(language, "fr") == 0 || strcmp(language, "es") == 0) && number != 0 &&
	    number % 1000000 == 0)
		return "many";
	if (strcmp(language, "fr") == 0)
		return number < 2 ? "one" : "other";
	return number == 1 && strcmp(language, "zh") != 0 ? "one" : "other";
}

bool
messages_read(const char *templates, const char *name, size_t length, struct json_t **words,
    struct mustache_error *why)
{
	struct buffer path = { 0 }, text = { 0 };
	json_error_t error;
	bool is_done = true;

	buffer_format(&path, "%s/messages/%.*s.json", templates, (int)length, name);
	if (file_read(buffer_text(&path), &text)) {
		*words = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &error);
		if (*words == NULL)
			is_done = mustache_fail(why, buffer_text(&path), (unsigned int)error.line,
			    "%s", error.text);
		else if (!json_is_object(*words))
			is_done = mustache_fail(why, buffer_text(&path), 1,
			    "an object of keys and texts is wanted");
	}
	buffer_clear(&path);
	buffer_clear(&text);
	return is_done;
}

bool
messages_load(struct messages *messages, const char *templates, const char *language,
    struct mustache_error *why)
{
	size_t length = strlen(language), part = strcspn(language, "-");
	bool is_done;

	*messages = (struct messages){ .language = "en", .locale = locale_english };
	snprintf(messages->tag, sizeof messages->tag, "%s", language);
	is_done = messages_read(templates, "en", 2, &messages->english, why);
	if (is_done && strcmp(language, "en") != 0)
		is_done = messages_read(templates, language, length, &messages->own, why);
	if (is_done && messages->own == NULL && part < length)
		is_done = messages_read(templates, language, part, &messages->own, why);
	if (!is_done) {
		messages_clear(messages);
	} else if (messages->own == NULL && strcmp(language, PSEUDO_LANGUAGE) == 0) {
		messages->own = pseudo_words(messages->english);
	} else if (messages->own != NULL) {
		snprintf(messages->language, sizeof messages->language, "%.*s", (int)part,
		    language);
		locale_read(&messages->locale, json_object_get(messages->own, "locale"), NULL,
		    NULL);
	}
	return is_done;
}

void
messages_defer(struct messages *messages, const char *templates, const char *language)
{
	*messages = (struct messages){ .language = "en", .locale = locale_english,
	    .templates = templates };
	snprintf(messages->tag, sizeof messages->tag, "%s", language);
}

const struct messages *
tongues_at(const struct tongues *tongues, size_t number)
{
	const struct messages *messages = &tongues->list[number];

	return strcmp(messages->tag, "en") == 0 ? messages : tongues_words(tongues, number);
}

const struct messages *
tongues_words(const struct tongues *tongues, size_t number)
{
	struct messages *messages = &tongues->list[number], deferred = *messages;
	struct mustache_error why;

	if (deferred.templates != NULL &&
	    !messages_load(messages, deferred.templates, deferred.tag, &why))
		messages_defer(messages, NULL, deferred.tag);
	return messages;
}

const struct messages *
tongues_find(const struct tongues *tongues, const char *tag)
{
	size_t i;

	for (i = 0; tag != NULL && i < tongues->count; i++)
		if (strcmp(tongues->list[i].tag, tag) == 0)
			return tongues_at(tongues, i);
	return tongues_at(tongues, 0);
}

void
messages_clear(struct messages *messages)
{
	json_decref(messages->own);
	json_decref(messages->english);
	*messages = (struct messages){ 0 };
}

/*
 * Add `text` for rows where COLUMN is VALUE; whatever is added after it is for the other rows. So
 * values are compared one after another until one matches. The tags that close this go to the front
 * of `ends`.
 */
static void
put_choice(const char *column, const char *value, struct buffer *out, struct buffer *ends,
    const char *text)
{
	struct buffer end = { 0 };

	buffer_format(out, "{{#%s.%s}}%s{{/%s.%s}}{{^%s.%s}}", column, value, text, column, value,
	    column, value);
	buffer_format(&end, "{{/%s.%s}}", column, value);
	buffer_append(&end, ends->data, ends->length);
	buffer_clear(ends);
	*ends = end;
}

/* Add the text for each category, in sections that page_render.c opens according to the number. */
static bool
put_plural(const struct json_t *word, const char *count, struct buffer *out)
{
	const char *other = json_string_value(json_object_get(word, "other")), *text;
	struct buffer ends = { 0 };
	size_t i;

	if (other == NULL)
		return false;
	for (i = 0; i < LOCALE_CATEGORIES; i++) {
		text = json_string_value(json_object_get(word, locale_categories[i]));
		if (text != NULL && strcmp(text, other) != 0)
			put_choice(count, locale_categories[i], out, &ends, text);
	}
	buffer_append_text(out, other);
	buffer_append(out, ends.data, ends.length);
	buffer_clear(&ends);
	return true;
}

/* Add a text, or a text by number; false when `word` is neither. */
static bool
put_text(const struct json_t *word, struct buffer *out)
{
	const char *count = json_string_value(json_object_get(word, "count"));

	if (count != NULL)
		return put_plural(word, count, out);
	if (!json_is_string(word))
		return false;
	buffer_append(out, json_string_value(word), json_string_length(word));
	return true;
}

/* Add the text for each value of the column, and "other"; false when that is missing. */
static bool
put_select(struct json_t *word, const char *column, struct buffer *out)
{
	struct buffer ends = { 0 }, inside = { 0 };
	const char *value;
	struct json_t *text;
	bool is_done = true;

	json_object_foreach(word, value, text) {
		if (!is_done || strcmp(value, "select") == 0 || strcmp(value, "other") == 0)
			continue;
		inside.length = 0;
		is_done = put_text(text, &inside);
		put_choice(column, value, out, &ends, buffer_text(&inside));
	}
	is_done = is_done && put_text(json_object_get(word, "other"), out);
	buffer_append(out, ends.data, ends.length);
	buffer_clear(&inside);
	buffer_clear(&ends);
	return is_done;
}

static bool
put_word(const struct messages *messages, const char *key, size_t length, struct buffer *out)
{
	struct json_t *word = json_object_getn(messages->own, key, length);
	const char *column;

	if (word == NULL)
		word = json_object_getn(messages->english, key, length);
	column = json_string_value(json_object_get(word, "select"));
	return column != NULL ? put_select(word, column, out) : put_text(word, out);
}

const char *
messages_text(const struct messages *messages, const char *key)
{
	const char *text = json_string_value(json_object_get(messages->own, key));

	return text != NULL ? text : json_string_value(json_object_get(messages->english, key));
}

bool
messages_fill(const struct messages *messages, const char *file, struct buffer *text,
    struct mustache_error *why)
{
	static const char tag[] = "{{t.";
	const char *at = buffer_text(text), *start, *key, *end, *line;
	struct buffer out = { 0 };
	unsigned int number = 1;

	while ((start = strstr(at, tag)) != NULL && (end = strstr(start, "}}")) != NULL) {
		key = start + strlen(tag);
		buffer_append(&out, at, (size_t)(start - at));
		if (!put_word(messages, key, (size_t)(end - key), &out)) {
			for (line = text->data;
			    (line = memchr(line, '\n', (size_t)(start - line))) != NULL; line++)
				number++;
			buffer_clear(&out);
			return mustache_fail(why, file, number,
			    "messages/en.json has no text “%.*s”, or one without “other”",
			    (int)(end - key), key);
		}
		at = end + 2;
	}
	buffer_append(&out, at, text->length - (size_t)(at - text->data));
	buffer_clear(text);
	*text = out;
	return true;
}
