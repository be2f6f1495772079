// SPDX-License-Identifier: ISC
/* message_check.c: compares the other languages with English. */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "gen/file.h"
#include "gen/message.h"

/* A comparison: of what, and who is told. */
struct comparison {
	const char	*templates;
	void		(*take)(void *handle, const char *file, unsigned int line,
	    const char *found);
	void		*handle;
};

/* The line of `key` in messages/NAME; 0 when a plain search does not find it. */
static unsigned int
line_of(const struct comparison *comparison, const char *name, const char *key)
{
	struct buffer path = { 0 }, text = { 0 }, quoted = { 0 };
	const char *at, *found;
	unsigned int line = 0;

	buffer_format(&path, "%s/messages/%s", comparison->templates, name);
	buffer_format(&quoted, "\"%s\":", key);
	if (file_read(buffer_text(&path), &text) &&
	    (found = strstr(buffer_text(&text), buffer_text(&quoted))) != NULL)
		for (line = 1, at = text.data;
		    (at = memchr(at, '\n', (size_t)(found - at))) != NULL; at++)
			line++;
	buffer_clear(&path);
	buffer_clear(&text);
	buffer_clear(&quoted);
	return line;
}

/* Tell of the keys of messages/NAME that `others` lacks. */
static void
tell_keys(const struct comparison *comparison, const char *name, const char *lack,
    struct json_t *words, const struct json_t *others, const char *other)
{
	struct buffer file = { 0 }, found = { 0 };
	const char *key;
	json_t *word;

	buffer_format(&file, "%s/messages/%s", comparison->templates, name);
	json_object_foreach(words, key, word) {
		if (json_object_get(others, key) != NULL || strcmp(key, "locale") == 0)
			continue;
		found.length = 0;
		buffer_format(&found, "“%s” %s %s", key, lack, other);
		comparison->take(comparison->handle, buffer_text(&file),
		    line_of(comparison, name, key), buffer_text(&found));
	}
	buffer_clear(&file);
	buffer_clear(&found);
}

/* Tell of one text of messages/NAME: a sentence in three pieces. */
static void
tell_text(const struct comparison *comparison, const char *name, const char *key, const char *what,
    const char *more, const char *end)
{
	struct buffer file = { 0 }, found = { 0 };

	buffer_format(&file, "%s/messages/%s", comparison->templates, name);
	buffer_format(&found, "“%s” %s%s%s", key, what, more, end);
	comparison->take(comparison->handle, buffer_text(&file), line_of(comparison, name, key),
	    buffer_text(&found));
	buffer_clear(&file);
	buffer_clear(&found);
}

/*
 * Collect, as keys of `tags`, the columns that a text inserts, {{NAME}}, and what scripts or
 * turnoutd fill in, {NAME}, in all of its forms.
 */
static void
collect_tags(struct json_t *word, struct json_t *tags)
{
	const char *at = json_string_value(word), *end, *form;
	size_t length;
	struct json_t *text;
	char tag[128];

	for (; at != NULL && (at = strchr(at, '{')) != NULL && (end = strchr(at, '}')) != NULL;
	    at = end) {
		at += strspn(at, "{#^/&");
		length = strcspn(at, ".}");
		snprintf(tag, sizeof tag, "%.*s", (int)length, at);
		json_object_set_new(tags, tag, json_true());
	}
	json_object_foreach(word, form, text)
		if (strcmp(form, "count") != 0 && strcmp(form, "select") != 0)
			collect_tags(text, tags);
}

/* Does the language have this plural category? The numbers tried meet all categories of CLDR 42. */
static bool
has_category(const char *language, const char *category)
{
	unsigned long long number;

	for (number = 0; number <= 200; number++)
		if (strcmp(message_category(language, number), category) == 0)
			return true;
	return strcmp(message_category(language, 1000000), category) == 0;
}

/* Tell of plural categories that the language does not have, or that lack a text. */
static void
check_plurals(const struct comparison *comparison, const char *name, const char *language,
    const char *key, struct json_t *word)
{
	const char *form;
	struct json_t *text;
	size_t i;

	json_object_foreach(word, form, text) {
		if (json_object_get(word, "count") == NULL)
			check_plurals(comparison, name, language, key, text);
		else if (strcmp(form, "count") != 0 && !has_category(language, form))
			tell_text(comparison, name, key, "has a text for “", form,
			    "”, which is no plural category of the language");
	}
	for (i = 0; i < LOCALE_CATEGORIES && json_object_get(word, "count") != NULL; i++)
		if (has_category(language, locale_categories[i]) &&
		    json_object_get(word, locale_categories[i]) == NULL)
			tell_text(comparison, name, key, "has no text for the plural category “",
			    locale_categories[i], "”");
}

static void
compare_texts(const struct comparison *comparison, const char *name, const char *language,
    struct json_t *words, const struct json_t *english)
{
	const char *key;
	struct json_t *word, *own, *others, *other;

	json_object_foreach(words, key, word) {
		other = json_object_get(english, key);
		if (strcmp(key, "locale") == 0 || other == NULL)
			continue;
		own = json_object();
		others = json_object();
		collect_tags(word, own);
		collect_tags(other, others);
		if (!json_equal(own, others))
			tell_text(comparison, name, key, "has other tags than in", " en.json", "");
		json_decref(own);
		json_decref(others);
		check_plurals(comparison, name, language, key, word);
	}
}

/* The file that locale_read is checking. */
struct locale_check {
	const struct comparison	*comparison;
	const char		*name;
};

static void
take_locale(void *handle, const char *key, const char *found)
{
	const struct locale_check *check = handle;

	tell_text(check->comparison, check->name, key, found, " ", check->name);
}

static void
compare_file(const struct comparison *comparison, const char *name, struct json_t *english)
{
	struct locale_check check = { comparison, name };
	struct locale locale = locale_english;
	struct json_t *words = NULL;
	struct mustache_error why;
	char language[MESSAGE_TAG_SIZE];

	snprintf(language, sizeof language, "%.*s", (int)strcspn(name, "-."), name);
	if (!messages_read(comparison->templates, name, strlen(name) - strlen(".json"), &words,
	    &why)) {
		comparison->take(comparison->handle, NULL, 0, why.text);
	} else if (words != NULL) {
		tell_keys(comparison, "en.json", "is missing in", english, words, name);
		tell_keys(comparison, name, "is not in", words, english, "en.json");
		compare_texts(comparison, name, language, words, english);
		if (json_object_get(words, "locale") == NULL)
			tell_text(comparison, name, "locale",
			    "is missing: dates and numbers are English", "", "");
		else
			locale_read(&locale, json_object_get(words, "locale"), take_locale, &check);
	}
	json_decref(words);
}

static int
is_words(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot != NULL && strcmp(dot, ".json") == 0 &&
	    strcmp(entry->d_name, "en.json") != 0;
}

void
messages_compare(const char *templates,
    void (*take)(void *handle, const char *file, unsigned int line, const char *found),
    void *handle)
{
	const struct comparison comparison = { templates, take, handle };
	struct mustache_error why;
	struct dirent **entries;
	struct json_t *english = NULL;
	struct buffer folder = { 0 };
	int i, count;

	buffer_format(&folder, "%s/messages", templates);
	count = scandir(buffer_text(&folder), &entries, is_words, alphasort);
	if (count >= 0 && !messages_read(templates, "en", 2, &english, &why))
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
