// SPDX-License-Identifier: ISC
/* cmd_set.c: the club's settings. */
#include <string.h>

#include "gen/cmd_share.h"
#include "gen/message.h"

/* The settings in the order of the listing; the store knows what each may be. */
static const struct {
	const char	*key, *meaning;
} settings[] = {
	{ "name", "name of the club" },
	{ "zone", "IANA time zone of new runs" },
	{ "language", "language of the pages" },
	{ "languages", "languages that readers may choose, such as de,fr; nothing: no choice" },
	{ "address", "where the site is read; codes lead there" },
	{ "visibility", "what public pages show of people: hidden, initials, nickname, name" },
	{ "word", "what pages call a run: run, class, meeting" },
	{ "opens_min", "minutes before the start at which check-in of new runs opens" },
	{ "closes_min", "minutes after the end at which it closes" },
	{ "position_days", "days that positions of phones are kept; 0: dropped after the verdict" },
};

static const struct listing_column columns[] = {
	{ "key", "KEY" }, { "value", "VALUE" }, { "meaning", "MEANING" }, { NULL, NULL },
};

/* The setting called `key`, or all of them where it is NULL, the rules of new runs included. */
static json_t *
list_settings(const struct club *club, const char *key)
{
	json_t *values = listing_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:s}",
	    "name", club->name, "zone", club->zone, "language", club->language,
	    "address", club->address, "visibility", club->visibility, "word", club->word,
	    "opens_min", club->opens_min, "closes_min", club->closes_min,
	    "position_days", club->position_days, "languages", club->languages);
	json_t *rows = listing_pack("[]");
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (key == NULL || strcmp(key, settings[i].key) == 0)
			json_array_append_new(rows,
			    listing_pack("{s:s,s:O,s:s}", "key", settings[i].key,
			    "value", json_object_get(values, settings[i].key),
			    "meaning", settings[i].meaning));
	json_decref(values);
	share_rules(&club->rules, key, rows);
	return rows;
}

/* Print one setting: only its value, for use in scripts. */
static enum status
print_setting(const struct call *call, const char *key)
{
	json_t *rows = list_settings(&call->club, key), *value;
	enum status status = ST_OK;

	value = json_object_get(json_array_get(rows, 0), "value");
	if (value == NULL)
		status = call_fail(call, ST_USAGE,
		    "there is no setting “%s”. turnout set lists them.", key);
	else if (call->is_json)
		listing_json(stdout, json_array_get(rows, 0));
	else if (json_is_integer(value))
		printf("%" JSON_INTEGER_FORMAT "\n", json_integer_value(value));
	else
		printf("%s\n", json_string_value(value));
	json_decref(rows);
	return status;
}

/* Does each run have a value of its own for this setting? */
static bool
is_of_runs(const char *key)
{
	size_t i;

	for (i = 0; run_rule_key(i) != NULL; i++)
		if (strcmp(key, run_rule_key(i)) == 0)
			return true;
	return strcmp(key, "opens_min") == 0 || strcmp(key, "closes_min") == 0;
}

/* Tell which languages of a list have no words. */
static void
tell_languages(const struct call *call, const char *list)
{
	char tag[MESSAGE_TAG_SIZE];
	size_t length;

	for (; *list != '\0'; list += length + (list[length] == ',')) {
		length = strcspn(list, ",");
		snprintf(tag, sizeof tag, "%.*s", (int)length, list);
		share_tell_language(call, tag);
	}
}

enum status
command_set(struct call *call)
{
	enum status status;
	json_t *rows;

	if (call->n_words == 1)
		return print_setting(call, call->words[0]);
	if (call->n_words == 0) {
		rows = list_settings(&call->club, NULL);
		call_list(call, rows, columns, "");
		json_decref(rows);
		return ST_OK;
	}
	status = store_club_set(call->store, call->words[0], call->words[1]);
	if (status == ST_UNKNOWN || status == ST_REFUSED)
		return call_fail_store(call, ST_USAGE, "Nothing was changed.");
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	if (call->words[1][0] != '\0')
		call_tell(call, "%s is now “%s”.", call->words[0], call->words[1]);
	else
		call_tell(call, "%s is now empty.", call->words[0]);
	if (strcmp(call->words[0], "language") == 0)
		share_tell_language(call, call->words[1]);
	if (strcmp(call->words[0], "languages") == 0)
		tell_languages(call, call->words[1]);
	if (strcmp(call->words[0], "zone") == 0)
		call_tell(call, "Existing runs keep their zone; new ones get this one.");
	if (is_of_runs(call->words[0]))
		call_tell(call, "Existing runs keep theirs; new ones get this one.");
	return ST_OK;
}
