// SPDX-License-Identifier: ISC
/*
 * checkin.h: a club with a run in every state, and what phones send to it; shared by the tests of
 * the validator.
 *
 * The time is SCRATCH_NOW, 18:20 today, the first second of a slot of 25 s. All runs are at a place
 * with a position, networks and an access point.
 */
#ifndef TURNOUT_CHECKIN_H
#define TURNOUT_CHECKIN_H

#include "tests/unit/scratch.h"

#include "core/slot.h"
#include "core/wall.h"
#include "endpoint/message.h"

#define HOME	"192.0.2.7"		/* in the network of the place */
#define POINT	{ 51.5, -0.1 }		/* where it is */

enum at { OPEN, SCHEDULED, CLOSED, CANCELLED, PAST, AT_END };

struct scene {
	struct scratch	 scratch;
	struct store	*store;
	struct run	 runs[AT_END];
	struct run	 list;			/* open too, of a closed list, at the place */
	int64_t		 place_id;
};

static inline void
reload(struct scene *scene, struct run *run)
{
	assert_int_equal(store_run(scene->store, run->id, run), ST_OK);
}

static inline void
add_run(struct scene *scene, int64_t group_id, const char *date, const char *start, struct run *run)
{
	run->id = scratch_run(scene->store, group_id, date, start, "");
	scratch_sql(scene->store, "UPDATE run SET place_id = 1");
	reload(scene, run);
}

static inline void
scene_open(struct scene *scene)
{
	struct place place = { .name = "Boathouse", .has_position = true, .latitude = 51.5,
	    .longitude = -0.1, .radius_m = 100 };
	const char *networks[] = { "192.0.2.0/24", "2001:db8::/32" },
	    *points[] = { "00:00:5e:00:53:01" };
	int64_t group, list;
	bool is_new;

	scratch_init(&scene->scratch);
	scene->store = scratch_store(&scene->scratch, "club.db");
	assert_int_equal(store_place_add(scene->store, &place, SCRATCH_NOW, &scene->place_id),
	    ST_OK);
	assert_int_equal(store_place_marks_set(scene->store, scene->place_id, true, networks, 2),
	    ST_OK);
	assert_int_equal(store_place_marks_set(scene->store, scene->place_id, false, points, 1),
	    ST_OK);
	group = scratch_group(scene->store, "Tuesday");
	assert_int_equal(store_group_add(scene->store, "Committee", true, SCRATCH_NOW, &list),
	    ST_OK);
	add_run(scene, group, "2026-11-20", "18:30", &scene->runs[OPEN]);
	add_run(scene, group, "2026-11-20", "21:00", &scene->runs[SCHEDULED]);
	add_run(scene, group, "2026-11-20", "08:00", &scene->runs[CLOSED]);
	add_run(scene, group, "2026-11-20", "18:00", &scene->runs[CANCELLED]);
	assert_int_equal(store_run_cancel(scene->store, scene->runs[CANCELLED].id, true,
	    "Ice", SCRATCH_NOW), ST_OK);
	reload(scene, &scene->runs[CANCELLED]);
	add_run(scene, group, "2026-11-17", "18:30", &scene->runs[PAST]);
	add_run(scene, list, "2026-11-20", "18:20", &scene->list);
	assert_int_equal(store_list_add(scene->store, list,
	    scratch_person(scene->store, "Grace Hopper"), SCRATCH_NOW, &is_new), ST_OK);
}

static inline void
scene_close(struct scene *scene)
{
	assert_int_equal(store_check(scene->store), ST_OK);
	store_close(scene->store);
	scratch_clear(&scene->scratch);
}

static inline struct attempt
attempt_of(const char *name, const char *claim)
{
	struct attempt attempt = { .now = SCRATCH_NOW };

	snprintf(attempt.name, sizeof attempt.name, "%s", name);
	snprintf(attempt.claim, sizeof attempt.claim, "%s", claim);
	return attempt;
}

/* Judge it; the verdict must have a sentence, whatever it is. */
static inline struct verdict
attend(struct scene *scene, const struct attempt *attempt)
{
	char message[MESSAGE_SIZE];
	struct verdict verdict;

	if (store_attend(scene->store, attempt, &verdict) != ST_OK)
		fail_msg("%s", store_why(scene->store));
	message_compose(NULL, &verdict, attempt->now, message);
	assert_true(strlen(message) > 10);
	assert_non_null(strchr(".!", message[strlen(message) - 1]));
	return verdict;
}

static inline void
assert_says(const struct verdict *verdict, int64_t now, const char *sentence)
{
	char message[MESSAGE_SIZE];

	message_compose(NULL, verdict, now, message);
	assert_string_equal(message, sentence);
}

static inline void
set_rule(struct scene *scene, struct run *run, const char *key, const char *value)
{
	const char *why;

	assert_int_equal(run_rules_set(&run->rules, key, value, &why), ST_OK);
	assert_int_equal(store_run_rules(scene->store, run->id, &run->rules, SCRATCH_NOW), ST_OK);
}

/* ---- codes ---- */

static inline void
give_token(struct attempt *attempt, const struct run *run, enum code_kind kind, int64_t number)
{
	struct code_content content = { .run_id = run->id, .kind = kind, .number = number,
	    .expires = number };

	assert_int_equal(code_token_make(&content, run->key, attempt->code), ST_OK);
}

/* Have the attempt carry the code of the slot that is shown `ago_s` before its time. */
static inline void
give_slot(struct attempt *attempt, const struct run *run, int64_t ago_s, bool has_seen_at,
    int64_t shift)
{
	int64_t slot = slot_at(attempt->now - ago_s, run->rules.interval_s);

	give_token(attempt, run, CODE_SCREEN, slot);
	attempt->has_seen_at = has_seen_at;
	attempt->seen_at = slot + shift;
}

static inline void
give_receipt(struct attempt *attempt, const struct run *run, enum code_kind kind, int64_t number,
    int64_t ago_s)
{
	struct receipt receipt = { run->id, kind, number, attempt->now - ago_s };

	assert_int_equal(receipt_make(&receipt, run->key, attempt->receipt), ST_OK);
}

static inline uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * UINT64_C(2685821657736338717);
}

#endif
