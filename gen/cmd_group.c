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
	status = share_end(call, status);
	for (i = 0; i < call->n_words && status == ST_OK; i++)
		call_tell(call, "Added the group “%s”%s.", call->words[i],
		    is_closed ? ", for those on its list" : "");
	return status;
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

	return share_list(call, status, rows, columns,
	    "There are no groups yet. turnout group add makes one.");
}

enum status
command_group_set(struct call *call)
{
	const char *name = call_value(call, OPTION_NAME),
	    *language = call_value(call, OPTION_LANGUAGE);
	char before[NAME_SIZE];
	struct group group;
	enum status status;

	if (name == NULL && language == NULL)
		return call_fail(call, ST_USAGE,
		    "“group set” needs --name or --language. Nothing was changed.");
	if (language != NULL && *language != '\0' && !store_language_valid(language))
		return call_fail(call, ST_USAGE,
		    "“%s” is not a language tag such as de or pt-BR. Nothing was changed.",
		    language);
	status = store_group_find(call->store, call->words[0], &group);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	memcpy(before, group.name, sizeof before);
	if (name != NULL && (status = share_name(call, name, group.name)) != ST_OK)
		return status;
	if (language != NULL)
		snprintf(group.language, sizeof group.language, "%s", language);
	status = store_group_update(call->store, &group);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	if (name != NULL)
		call_tell(call, "“%s” is now called “%s”; the address of its pages stays.", before,
		    group.name);
	if (language == NULL)
		return ST_OK;
	call_tell(call, *language == '\0' ? "The language of “%s” is now the club's."
	    : "The language of “%s” is now “%s”.", group.name, language);
	share_tell_language(call, language);
	return ST_OK;
}

/* Close the group that the first word names, or open it. */
static enum status
close_group(const struct call *call, bool is_closed)
{
	struct group group;
	enum status status = store_group_find(call->store, call->words[0], &group);

	group.is_closed = is_closed;
	if (status == ST_OK)
		status = store_group_update(call->store, &group);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	call_tell(call, "Group “%s” is %s.", group.name,
	    is_closed ? "for those on its list" : "open to everybody");
	return ST_OK;
}

enum status
command_group_open(struct call *call)
{
	return close_group(call, false);
}

enum status
command_group_close(struct call *call)
{
	return close_group(call, true);
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
	status = share_end(call, status);
	for (i = 0; i < call->n_words && status == ST_OK; i++)
		call_tell(call, "Added the host “%s”.", call->words[i]);
	return status;
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

	return share_list(call, status, rows, columns,
	    "There are no hosts yet. turnout host add makes one.");
}
