// SPDX-License-Identifier: ISC
/* cmd_person.c: people, and the lists they are on. cmd_import.c imports them. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "db/redo.h"
#include "gen/cmd_share.h"

/* Find one person, or add them where `is_made`, and enter what the options say about them. */
static enum status
enter_person(const struct call *call, const char *name, bool is_made, bool *is_new)
{
	const char *page = call_value(call, OPTION_PAGE), *list;
	struct group group;
	int64_t id;
	size_t i;
	bool is_added;
	enum status status = store_person(call->store, name, is_made, call->now, &id, is_new);

	if (status == ST_OK)
		status = store_person_set(call->store, id, call_value(call, OPTION_NICKNAME),
		    call_value(call, OPTION_VISIBILITY));
	if (status == ST_OK && page != NULL)
		status = store_person_publish(call->store, id, strcmp(page, "public") == 0);
	for (i = 0; status == ST_OK && (list = call_value_at(call, OPTION_GROUP, i)) != NULL; i++) {
		status = store_group_find(call->store, list, &group);
		if (status == ST_OK)
			status = store_list_add(call->store, group.id, id, call->now, &is_added);
	}
	return status;
}

/* Is --page "public", "private", or not given? */
static bool
is_page_known(const struct call *call)
{
	const char *page = call_value(call, OPTION_PAGE);

	return page == NULL || strcmp(page, "public") == 0 || strcmp(page, "private") == 0;
}

/* Enter all people named on the command line, in one transaction. */
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
	return share_end(call, status);
}

enum status
command_person_add(struct call *call)
{
	int n_new;
	enum status status = enter_people(call, true, &n_new);

	if (status == ST_OK)
		call_tell(call, "Added: %d. There already: %d.", n_new, call->n_words - n_new);
	return status;
}

/* Tell what was changed; for a public page also its address, or why it cannot be seen. */
static void
tell_changed(const struct call *call)
{
	struct person_pages pages;
	int64_t id;

	call_tell(call, "“%s” was changed.", call->words[0]);
	if (!call_has(call, OPTION_PAGE) ||
	    store_person(call->store, call->words[0], false, call->now, &id, NULL) != ST_OK
	    || store_person_pages(call->store, id, &pages) != ST_OK || pages.profile[0] == '\0')
		return;
	if (pages.is_hidden)
		call_tell(call, "Public pages do not show them: the page is there once "
		    "--visibility is initials, nickname or name.");
	else
		call_tell(call, "The public page, after the next publish: %s/people/%s/",
		call->club.address, pages.profile);
}

enum status
command_person_set(struct call *call)
{
	int n_new;
	enum status status;

	if (!call_has(call, OPTION_NICKNAME) && !call_has(call, OPTION_VISIBILITY) &&
	    !call_has(call, OPTION_PAGE) && !call_has(call, OPTION_GROUP))
		return call_fail(call, ST_USAGE,
		    "“person set” needs --nickname, --visibility, --page or --group. Nothing was "
		    "changed.");
	if (!is_page_known(call))
		return call_fail(call, ST_USAGE,
		    "“%s” is not a kind of page: it must be public or private. Nothing was "
		    "changed.",
		    call_value(call, OPTION_PAGE));
	status = enter_people(call, false, &n_new);
	if (status == ST_OK)
		tell_changed(call);
	return status;
}

/* Give the person a new address, or none; ask first when the old one may be known to somebody. */
static enum status
change_link(const struct call *call, int64_t id, const struct person_pages *pages)
{
	bool is_removed = call_has(call, OPTION_REMOVE);
	enum status status = ST_OK;

	if (pages->capability[0] != '\0')
		status = call_confirm(call, is_removed ? "Remove this person's own page?" :
		    "Give this person's own page a new address, and stop the old one working?");
	if (status != ST_OK)
		return status;
	status = store_person_link(call->store, id, !is_removed);
	return status == ST_OK ? ST_OK : call_fail_store(call, status, "Nothing was changed.");
}

/* Print the address of the person's own page; with --json also that of the public page. */
static void
print_pages(const struct call *call, const struct person_pages *pages)
{
	char own[STORE_TEXT_SIZE + 64] = "", public[STORE_TEXT_SIZE + 64] = "";
	json_t *object;

	if (pages->capability[0] != '\0')
		snprintf(own, sizeof own, "%s/person/%s/", call->club.address, pages->capability);
	if (pages->profile[0] != '\0' && !pages->is_hidden)
		snprintf(public, sizeof public, "%s/people/%s/", call->club.address,
		    pages->profile);
	if (call->is_json) {
		object = listing_pack("{s:s,s:s,s:s}", "person", call->words[0], "page", own,
		    "public_page", public);
		listing_json(stdout, object);
		json_decref(object);
	} else if (own[0] != '\0') {
		printf("%s\n", own);
	} else {
		call_tell(call, "“%s” has no page of their own now.", call->words[0]);
	}
}

enum status
command_person_link(struct call *call)
{
	struct person_pages pages;
	int64_t id;
	enum status status;

	if (call_has(call, OPTION_REVOKE) && call_has(call, OPTION_REMOVE))
		return call_fail(call, ST_USAGE,
		    "--revoke or --remove, not both. Nothing was changed.");
	status = store_person(call->store, call->words[0], false, call->now, &id, NULL);
	if (status == ST_OK)
		status = store_person_pages(call->store, id, &pages);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	if (call_has(call, OPTION_REVOKE) ||
	    (pages.capability[0] != '\0') == call_has(call, OPTION_REMOVE)) {
		status = change_link(call, id, &pages);
		if (status != ST_OK)
			return status;
		status = store_person_pages(call->store, id, &pages);
	}
	if (status != ST_OK)
		return call_fail_store(call, status,
		    "The page was changed; its address could not be read.");
	print_pages(call, &pages);
	return ST_OK;
}

/* Print what would be erased and what would stay. */
static void
print_traces(const struct person_traces *traces)
{
	printf("Would be removed: “%s”, initials, nickname, choices, pages, the marks of their "
	    "phones, and entries on lists: %lld\nWould be kept, without a name: records: %lld, and "
	    "runs counted: %lld\n", traces->name, (long long)traces->lists,
	    (long long)traces->events, (long long)traces->came);
}

enum status
command_person_forget(struct call *call)
{
	struct person_traces traces;
	char question[NAME_SIZE + 160], aside[PATH_MAX];
	int64_t id;
	enum status status = store_person(call->store, call->words[0], false, call->now, &id, NULL);

	if (status == ST_OK)
		status = store_person_traces(call->store, id, &traces);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	if (call_has(call, OPTION_DRY_RUN)) {
		print_traces(&traces);
		return ST_OK;
	}
	snprintf(question, sizeof question,
	    "Forget “%s” (runs attended: %lld, lists: %lld)? It cannot be undone.",
	    traces.name, (long long)traces.came, (long long)traces.lists);
	status = call_confirm(call, question);
	if (status != ST_OK)
		return status;
	status = store_person_forget(call->store, id);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	status = store_compact(call->store);
	if (status != ST_OK)
		return call_fail(call, status,
		    "“%s” has been forgotten, but %s could not be rewritten: %s. Traces of the "
		    "name "
		    "may be left in it. Make room, and run: sqlite3 %s VACUUM", traces.name,
		    call->database, store_why(call->store), call->database);
	call_tell(call, "“%s” has been forgotten; the next publish takes the name out of the site. "
	    "Backups and copies made earlier still hold it.%s",
	    traces.name, traces.is_host ? " The host of that name stays." : "");
	if (redo_find_aside(call->database, aside, sizeof(aside)))
		call_tell(call, "%s holds names, too: enter what is in it, and remove it.", aside);
	return ST_OK;
}

static bool
list_person(void *handle, const struct person *person)
{
	json_array_append_new(handle,
	    listing_pack("{s:I,s:s,s:s,s:s,s:I}", "id", (json_int_t)person->id,
	    "name", person->name, "nickname", person->nickname, "visibility", person->visibility,
	    "came", (json_int_t)person->came));
	return true;
}

enum status
command_person_list(struct call *call)
{
	static const struct listing_column columns[] = {
		{ "id", "ID" }, { "name", "NAME" }, { "nickname", "NICKNAME" },
		{ "visibility", "VISIBILITY" }, { "came", "CAME" },
		{ NULL, NULL },
	};
	json_t *rows;
	int64_t group_id;
	enum status status = share_group(call, OPTION_GROUP, &group_id);

	if (status != ST_OK)
		return status;
	rows = listing_pack("[]");
	status = store_people(call->store, group_id, list_person, rows);
	return share_list(call, status, rows, columns,
	    "There is nobody yet. turnout person add makes people, and so does a check-in.");
}
