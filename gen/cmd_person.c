// SPDX-License-Identifier: ISC
/* cmd_person.c: people and whose lists they are on. Importing them is cmd_import.c's business. */
#include "gen/cmd_share.h"

/* Make or find one person, and enter what the options say of them. */
static enum status
enter_person(const struct call *call, const char *name, bool is_made, bool *is_new)
{
	struct group group;
	const char *list;
	int64_t id;
	size_t i;
	bool is_added;
	enum status status = store_person(call->store, name, is_made, call->now, &id, is_new);

	if (status == ST_OK)
		status = store_person_set(call->store, id, call_value(call, OPTION_NICKNAME), call_value(call, OPTION_VISIBILITY));
	for (i = 0; status == ST_OK && (list = call_value_at(call, OPTION_GROUP, i)) != NULL; i++) {
		status = store_group_find(call->store, list, &group);
		if (status == ST_OK)
			status = store_list_add(call->store, group.id, id, call->now, &is_added);
	}
	return status;
}

/* All the words in one transaction. */
static enum status
enter_people(const struct call *call, bool is_made, int *n_new)
{
	enum status status = store_begin(call->store);
	bool is_new;
	int i;

	*n_new = 0;
	for (i = 0; i < call->n_words && status == ST_OK; i++) {
		status = enter_person(call, call->words[i], is_made, &is_new);
		*n_new += is_new;
	}
	if (status == ST_OK)
		status = store_commit(call->store);
	if (status == ST_OK)
		return ST_OK;
	call_fail_store(call, status, "Nothing was changed.");
	store_rollback(call->store);
	return status;
}

enum status
command_person_add(struct call *call)
{
	int n_new;
	enum status status = enter_people(call, true, &n_new);

	if (status == ST_OK)
		call_tell(call, "%d new, %d there before.", n_new, call->n_words - n_new);
	return status;
}

enum status
command_person_set(struct call *call)
{
	int n_new;
	enum status status;

	if (!call_has(call, OPTION_NICKNAME) && !call_has(call, OPTION_VISIBILITY) && !call_has(call, OPTION_GROUP))
		return call_fail(call, ST_USAGE, "“person set” needs --nickname, --visibility or --group. Nothing was changed.");
	status = enter_people(call, false, &n_new);
	if (status == ST_OK)
		call_tell(call, "“%s” is changed.", call->words[0]);
	return status;
}

static bool
list_person(void *handle, const struct person *person)
{
	json_array_append_new(handle, listing_pack("{s:I,s:s,s:s,s:s,s:I}", "id", (json_int_t)person->id, "name", person->name,
	    "nickname", person->nickname, "visibility", person->visibility, "came", (json_int_t)person->came));
	return true;
}

enum status
command_person_list(struct call *call)
{
	static const struct listing_column columns[] = {
		{ "id", "ID" }, { "name", "NAME" }, { "nickname", "NICKNAME" }, { "visibility", "VISIBILITY" }, { "came", "CAME" },
		{ NULL, NULL },
	};
	json_t *rows;
	int64_t group_id;
	enum status status = share_group(call, OPTION_GROUP, &group_id);

	if (status != ST_OK)
		return status;
	rows = listing_pack("[]");
	status = store_people(call->store, group_id, list_person, rows);
	if (status == ST_OK)
		call_list(call, rows, columns, "There is nobody yet. turnout person add makes people, and so does a check-in.");
	else
		call_fail_store(call, status, "The list is not whole.");
	json_decref(rows);
	return status;
}
