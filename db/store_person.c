// SPDX-License-Identifier: ISC
/*
 * store_person.c: people, the groups' lists, events, and marks made elsewhere than at the check-in.
 */
#include <string.h>

#include "db/attend_inside.h"

static const char *const status_names[ATTENDANCE_END] = { "present", "late", "excused", "absent" };

const char *
attendance_status_name(enum attendance_status status)
{
	return status_names[status];
}

enum attendance_status
attendance_status_read(const char *name)
{
	enum attendance_status status;

	for (status = 0; status < ATTENDANCE_END; status++)
		if (strcmp(name, status_names[status]) == 0)
			break;
	return status;
}

static enum status
add_person(struct store *store, const char *name, const char *folded, int64_t now, int64_t *id)
{
	char initials[64];
	struct rows *rows;
	enum status status = name_initials(name, initials, sizeof initials);

	if (status != ST_OK)
		return status;
	rows = store_query(store, Q_PERSON_ADD);
	rows_bind_text(rows, "name", name);
	rows_bind_text(rows, "folded", folded);
	rows_bind_text(rows, "initials", initials);
	rows_bind_int(rows, "now", now);
	status = store_write(store, rows);
	if (status == ST_OK)
		*id = driver_last_id(store->driver);
	return status;
}

enum status
store_person(struct store *store, const char *text, bool is_made, int64_t now, int64_t *id,
    bool *is_new)
{
	char name[NAME_SIZE], folded[NAME_FOLD_SIZE];
	struct rows *rows;
	enum status status = name_tidy(text, strlen(text), name);

	if (is_new != NULL)
		*is_new = false;
	if (status == ST_OK)
		status = name_fold(name, folded);
	if (status != ST_OK)
		return store_fail(store, status,
		    "“%.120s” is not a name: it must have 1 to 80 printable characters.", text);
	rows = store_query(store, Q_PERSON_FIND);
	rows_bind_text(rows, "folded", folded);
	status = rows_step(rows);
	if (status == ST_OK)
		*id = rows_int(rows, 0);
	rows_reset(rows);
	if (status != ST_UNKNOWN)
		return status;
	if (!is_made)
		return store_fail(store, ST_UNKNOWN,
		    "There is nobody called “%s”. `turnout person list` shows everybody.", name);
	if (is_new != NULL)
		*is_new = true;
	return add_person(store, name, folded, now, id);
}

enum status
store_people(struct store *store, int64_t group_id,
    bool (*each)(void *handle, const struct person *person), void *handle)
{
	struct rows *rows = store_query(store, Q_PEOPLE);
	struct person person;
	enum status status;

	rows_bind_int(rows, "group_id", group_id);
	while ((status = rows_step(rows)) == ST_OK) {
		person.id = rows_int(rows, 0);
		store_copy(rows, 1, person.name, sizeof person.name);
		store_copy(rows, 2, person.nickname, sizeof person.nickname);
		store_copy(rows, 3, person.visibility, sizeof person.visibility);
		person.came = rows_int(rows, 4);
		if (!each(handle, &person))
			break;
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
store_person_there(struct store *store, int64_t id)
{
	struct rows *rows = store_query(store, Q_PERSON_THERE);

	rows_bind_int(rows, "id", id);
	return store_exists(rows);
}

/* Is the person there? With the sentence if not. */
static enum status
find_person(struct store *store, int64_t id)
{
	enum status status = store_person_there(store, id);

	return status != ST_UNKNOWN ? status : store_fail(store, status,
	    "That person is not there, or was forgotten. Nothing was changed.");
}

/* Run `query`, which sets the column `name` of a person, with `text`; "" and NULL are none. */
static enum status
set_column(struct store *store, enum query query, int64_t id, const char *name, const char *text)
{
	struct rows *rows = store_query(store, query);

	rows_bind_text(rows, name, text == NULL || text[0] == '\0' ? NULL : text);
	rows_bind_int(rows, "id", id);
	return store_write(store, rows);
}

enum status
store_person_set(struct store *store, int64_t id, const char *nickname, const char *visibility)
{
	char tidy[NAME_SIZE] = "";
	bool is_mine;
	enum status status;

	if (nickname != NULL && nickname[0] != '\0' &&
	    name_tidy(nickname, strlen(nickname), tidy) != ST_OK)
		return store_fail(store, ST_NAME_BAD,
		    "“%.120s” is not a name: it must have 1 to 80 printable characters.", nickname);
	status = store_enter(store, &is_mine);
	if (status != ST_OK)
		return status;
	status = find_person(store, id);
	if (status == ST_OK && nickname != NULL)
		status = set_column(store, Q_PERSON_NICKNAME, id, "nickname", tidy);
	if (status == ST_OK && visibility != NULL) {
		status = set_column(store, Q_PERSON_VISIBILITY, id, "visibility", visibility);
		if (status == ST_REFUSED)
			store_fail(store, status,
			    "“%s” is not a visibility: use hidden, initials, nickname, name, or "
			    "empty for the club's. Nothing was changed.", visibility);
	}
	return store_leave(store, is_mine, status);
}

enum status
store_person_pages(struct store *store, int64_t id, struct person_pages *pages)
{
	struct rows *rows = store_query(store, Q_PERSON_PAGES);
	enum status status;

	rows_bind_int(rows, "id", id);
	status = rows_step(rows);
	if (status == ST_OK) {
		store_copy(rows, 0, pages->capability, sizeof pages->capability);
		store_copy(rows, 1, pages->profile, sizeof pages->profile);
		pages->is_hidden = rows_int(rows, 2) != 0;
	}
	rows_reset(rows);
	return status;
}

enum status
store_person_link(struct store *store, int64_t id, bool is_given)
{
	char capability[CODE_CAPABILITY_SIZE];
	bool is_mine;
	enum status status = store_enter(store, &is_mine);

	if (status != ST_OK)
		return status;
	code_capability_new(capability);
	status = find_person(store, id);
	if (status == ST_OK)
		status = set_column(store, Q_PERSON_CAPABILITY, id, "capability",
		    is_given ? capability : NULL);
	return store_leave(store, is_mine, status);
}

enum status
store_person_publish(struct store *store, int64_t id, bool is_public)
{
	struct person_pages pages;
	bool is_mine;
	enum status status = store_enter(store, &is_mine);

	if (status != ST_OK)
		return status;
	status = find_person(store, id);
	if (status == ST_OK)
		status = store_person_pages(store, id, &pages);
	if (status == ST_OK && is_public != (pages.profile[0] != '\0')) {
		code_session_new(pages.profile);
		status = set_column(store, Q_PERSON_PROFILE, id, "profile",
		    is_public ? pages.profile : NULL);
	}
	return store_leave(store, is_mine, status);
}

enum status
store_person_traces(struct store *store, int64_t id, struct person_traces *traces)
{
	struct rows *rows = store_query(store, Q_PERSON_TRACES);
	enum status status;

	rows_bind_int(rows, "id", id);
	status = rows_step(rows);
	if (status == ST_OK) {
		store_copy(rows, 0, traces->name, sizeof traces->name);
		traces->lists = rows_int(rows, 1);
		traces->events = rows_int(rows, 2);
		traces->came = rows_int(rows, 3);
		traces->is_host = rows_int(rows, 4) != 0;
	}
	rows_reset(rows);
	return status;
}

enum status
store_person_forget(struct store *store, int64_t id)
{
	static const enum query queries[] = { Q_LIST_FORGET, Q_POSITION_FORGET, Q_USED_FORGET,
	    Q_EVENT_FORGET, Q_PERSON_FORGET };
	struct rows *rows;
	bool is_mine;
	size_t i;
	enum status status = store_enter(store, &is_mine);

	if (status != ST_OK)
		return status;
	for (i = 0; i < sizeof queries / sizeof queries[0] && status == ST_OK; i++) {
		rows = store_query(store, queries[i]);
		rows_bind_int(rows, "id", id);
		status = store_write(store, rows);
	}
	return store_leave(store, is_mine, status);
}

enum status
store_list_add(struct store *store, int64_t group_id, int64_t person_id, int64_t now, bool *is_new)
{
	struct rows *rows = store_query(store, Q_LIST_ADD);
	enum status status;

	rows_bind_int(rows, "group_id", group_id);
	rows_bind_int(rows, "person_id", person_id);
	rows_bind_int(rows, "now", now);
	status = store_write(store, rows);
	*is_new = status == ST_OK && driver_changed(store->driver) > 0;
	return status;
}

enum status
store_attendance(struct store *store, int64_t run_id, int64_t person_id,
    enum attendance_status *known, int64_t *since)
{
	struct rows *rows = store_query(store, Q_ATTENDANCE);
	enum status status;

	rows_bind_int(rows, "run_id", run_id);
	rows_bind_int(rows, "person_id", person_id);
	status = rows_step(rows);
	if (status == ST_OK) {
		*known = attendance_status_read(rows_text(rows, 0, NULL));
		*since = rows_int(rows, 1);
	}
	rows_reset(rows);
	return status;
}

enum status
store_event_add(struct store *store, const struct event *event, int64_t *id)
{
	struct rows *rows = store_query(store, Q_EVENT_ADD);
	enum status status;

	rows_bind_int(rows, "run_id", event->run_id);
	rows_bind_int(rows, "person_id", event->person_id);
	rows_bind_text(rows, "kind", event->kind);
	rows_bind_text(rows, "status", event->status);
	rows_bind_int(rows, "at", event->at);
	rows_bind_int(rows, "now", event->now);
	rows_bind_text(rows, "proof", event->proof);
	rows_bind_text(rows, "nonce", event->nonce);
	if (event->claim == NULL)
		rows_bind_null(rows, "claim");
	else
		rows_bind_blob(rows, "claim", event->claim, CLAIM_HASH_BYTES);
	rows_bind_int(rows, "is_delivered_late", event->is_delivered_late);
	rows_bind_text(rows, "pending", event->pending == NULL ? "" : event->pending);
	status = store_write(store, rows);
	if (status == ST_OK && id != NULL)
		*id = driver_last_id(store->driver);
	return status;
}

/* Is there something for the host to confirm? */
static bool
is_pending(struct store *store, int64_t run_id, int64_t person_id)
{
	struct rows *rows = store_query(store, Q_ATTENDANCE);
	bool is;

	rows_bind_int(rows, "run_id", run_id);
	rows_bind_int(rows, "person_id", person_id);
	is = rows_step(rows) == ST_OK && rows_text(rows, 4, NULL)[0] != '\0';
	rows_reset(rows);
	return is;
}

enum status
store_mark(struct store *store, int64_t run_id, int64_t person_id, enum attendance_status mark,
    const char *proof, int64_t at, int64_t now, bool *is_new)
{
	struct event event = { .run_id = run_id, .person_id = person_id,
	    .kind = "mark", .status = attendance_status_name(mark),
	    .proof = proof, .at = at, .now = now };
	enum attendance_status known;
	int64_t since;
	enum status status = store_attendance(store, run_id, person_id, &known, &since);

	*is_new = status == ST_UNKNOWN || (status == ST_OK && known != mark);
	if (status == ST_OK && known == mark && is_pending(store, run_id, person_id)) {
		*is_new = true;
		event.at = since;
	}
	if (!*is_new || (status != ST_OK && status != ST_UNKNOWN))
		return status;
	return store_event_add(store, &event, NULL);
}
