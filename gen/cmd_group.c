// SPDX-License-Identifier: ISC
/* cmd_group.c: groups and hosts. */
#include <stdio.h>
#include <string.h>

#include "gen/cmd_share.h"

/* ---- groups ---- */

enum status
command_group_add(struct call *call)
{
	bool is_closed = call_has(call, OPTION_CLOSED);
	enum status status = store_begin(call->store);
	int64_t id;
	int i;

	for (i = 0; i < call->n_words && status == ST_OK; i++)
		status = store_group_add(call->store, call->words[i], is_closed, call->now, &id);
	if (status == ST_OK)
		status = store_commit(call->store);
	if (status != ST_OK) {
		call_fail_store(call, status, "Nothing was changed.");
		store_rollback(call->store);
		return status;
	}
	for (i = 0; i < call->n_words; i++)
		call_tell(call, "Added the group “%s”%s.", call->words[i],
		    is_closed ? ", for those on its list" : "");
	return ST_OK;
}

static bool
list_group(void *handle, const struct group *group, int64_t runs, int64_t people)
{
	json_array_append_new(handle,
	    listing_pack("{s:I,s:s,s:s,s:b,s:s,s:I,s:I}", "id", (json_int_t)group->id,
	    "slug", group->slug, "name", group->name, "closed", group->is_closed,
	    "language", group->language, "runs", (json_int_t)runs,
	    "people", (json_int_t)people));
	return true;
}

enum status
command_group_list(struct call *call)
{
	static const struct listing_column columns[] = {
		{ "id", "ID" }, { "name", "NAME" }, { "slug", "SLUG" }, { "closed", "CLOSED" },
		{ "language", "LANGUAGE" }, { "runs", "RUNS" },
		{ "people", "LISTED" }, { NULL, NULL },
	};
	json_t *rows = listing_pack("[]");
	enum status status = store_groups(call->store, list_group, rows);

	if (status == ST_OK)
		call_list(call, rows, columns,
		    "There are no groups yet. turnout group add makes one.");
	else
		call_fail_store(call, status, "The list is not complete.");
	json_decref(rows);
	return status;
}

/*
 * Change the group that the first word names: its name and language, unless NULL, and `is_closed`,
 * unless `keeps_closed`.
 */
static enum status
update_group(struct call *call, const char *name, const char *language, bool is_closed,
    bool keeps_closed)
{
	struct group group;
	char before[NAME_SIZE] = "";
	enum status status = store_group_find(call->store, call->words[0], &group);

	if (status == ST_OK)
		memcpy(before, group.name, sizeof before);
	if (status == ST_OK && name != NULL)
		status = name_tidy(name, strlen(name), group.name);
	if (status == ST_NAME_BAD)
		return call_fail(call, ST_USAGE,
		    "that is not a name: it must have 1 to %d printable characters. Nothing was "
		    "changed.",
		    NAME_MAX_CHARS);
	if (language != NULL && language[0] != '\0' && !store_language_valid(language))
		return call_fail(call, ST_USAGE,
		    "“%s” is not a language tag such as de or pt-BR. Nothing was "
		    "changed.", language);
	if (language != NULL && status == ST_OK)
		snprintf(group.language, sizeof group.language, "%s", language);
	if (!keeps_closed)
		group.is_closed = is_closed;
	if (status == ST_OK)
		status = store_group_update(call->store, &group);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	if (name != NULL)
		call_tell(call, "“%s” is now called “%s”; the address of its pages stays.", before,
		    group.name);
	if (language != NULL && *language != '\0')
		call_tell(call, "The language of “%s” is now “%s”.", group.name, language);
	else if (language != NULL)
		call_tell(call, "The language of “%s” is now the club's.", group.name);
	if (language != NULL)
		share_tell_language(call, language);
	if (!keeps_closed)
		call_tell(call, "Group “%s” is %s.", group.name,
		    is_closed ? "for those on its list" : "open to everybody");
	return ST_OK;
}

enum status
command_group_set(struct call *call)
{
	if (!call_has(call, OPTION_NAME) && !call_has(call, OPTION_LANGUAGE))
		return call_fail(call, ST_USAGE,
		    "“group set” needs --name or --language. Nothing was changed.");
	return update_group(call, call_value(call, OPTION_NAME), call_value(call, OPTION_LANGUAGE),
	    false, true);
}

enum status
command_group_open(struct call *call)
{
	return update_group(call, NULL, NULL, false, false);
}

enum status
command_group_close(struct call *call)
{
	return update_group(call, NULL, NULL, true, false);
}

/* ---- hosts ---- */

enum status
command_host_add(struct call *call)
{
	enum status status = store_begin(call->store);
	int64_t id;
	int i;

	for (i = 0; i < call->n_words && status == ST_OK; i++)
		status = store_host_add(call->store, call->words[i], call->now, &id);
	if (status == ST_OK)
		status = store_commit(call->store);
	if (status != ST_OK) {
		call_fail_store(call, status, "Nothing was changed.");
		store_rollback(call->store);
		return status;
	}
	for (i = 0; i < call->n_words; i++)
		call_tell(call, "Added the host “%s”.", call->words[i]);
	return ST_OK;
}

static bool
list_host(void *handle, const struct host *host)
{
	json_array_append_new(handle,
	    listing_pack("{s:I,s:s,s:b}", "id", (json_int_t)host->id, "name", host->name,
	    "admin", host->is_admin));
	return true;
}

enum status
command_host_list(struct call *call)
{
	static const struct listing_column columns[] = { { "id", "ID" }, { "name", "NAME" },
	    { "admin", "ADMIN" }, { NULL, NULL } };
	json_t *rows = listing_pack("[]");
	enum status status = store_hosts(call->store, list_host, rows);

	if (status == ST_OK)
		call_list(call, rows, columns,
		    "There are no hosts yet. turnout host add makes one.");
	else
		call_fail_store(call, status, "The list is not complete.");
	json_decref(rows);
	return status;
}
