// SPDX-License-Identifier: ISC
/*
 * store_rules.c: the rules of a run's check-in, by name: columns of run, and of club for new runs.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/slot.h"
#include "db/store_inside.h"

enum kind { KIND_NUMBER, KIND_OPTIONAL, KIND_TRUTH, KIND_TYPED, KIND_DEMAND };

/*
 * The rules. `at` is the offset in struct run_rules of an int, a bool or an enum, depending on
 * `kind`; `wants` says which values are accepted.
 */
static const struct rule {
	const char	*key;
	enum kind	 kind;
	size_t		 at;
	int		 least, most;
	const char	*wants, *meaning;
} table[] = {
	{ "interval_s", KIND_NUMBER, offsetof(struct run_rules, interval_s), SLOT_INTERVAL_MIN_S,
	    SLOT_INTERVAL_MAX_S, "whole seconds, 10 to 120",
	    "seconds after which a screen shows another code" },
	{ "typed", KIND_TYPED, offsetof(struct run_rules, typed), 0, 0, "digits or letters",
	    "what the code to type is made of: digits, letters" },
	{ "is_single", KIND_TRUTH, offsetof(struct run_rules, is_single), 0, 1, "yes or no",
	    "each code on the screen is for one person: yes, no" },
	{ "late_min", KIND_OPTIONAL, offsetof(struct run_rules, late_min), 0, 1440,
	    "whole minutes, 0 to 1440, or never",
	    "minutes after the start from which people are late; never" },
	{ "deliver_min", KIND_NUMBER, offsetof(struct run_rules, deliver_min), 0, 1440,
	    "whole minutes, 0 to 1440",
	    "minutes after the closing in which a code seen before may still arrive" },
	{ "has_check_out", KIND_TRUTH, offsetof(struct run_rules, has_check_out), 0, 1, "yes or no",
	    "people may check out as well: yes, no" },
	{ "position", KIND_DEMAND, offsetof(struct run_rules, position), 0, 0,
	    "ignored, noted, pending or refused",
	    "what to do with a phone's position: ignored, noted, pending, refused" },
	{ "network", KIND_DEMAND, offsetof(struct run_rules, network), 0, 0,
	    "ignored, noted, pending or refused", "with its network" },
	{ "access_point", KIND_DEMAND, offsetof(struct run_rules, access_point), 0, 0,
	    "ignored, noted, pending or refused", "with the access points it sees" },
};

#define RULES	(sizeof table / sizeof table[0])

static const char *const typed_names[CODE_TYPED_END] = { [CODE_DIGITS] = "digits",
    [CODE_LETTERS] = "letters" };

const char *
run_rule_key(size_t which)
{
	return which < RULES ? table[which].key : NULL;
}

const char *
run_rule_meaning(size_t which)
{
	return table[which].meaning;
}

static bool
read_typed(const char *value, enum code_typed *typed)
{
	for (*typed = CODE_DIGITS; *typed < CODE_TYPED_END; (*typed)++)
		if (strcmp(value, typed_names[*typed]) == 0)
			return true;
	return false;
}

/* Read a whole number in the rule's range; "never", if that is allowed, is -1. */
static bool
read_number(const struct rule *rule, const char *value, int *number)
{
	char *end;
	long read = strtol(value, &end, 10);

	*number = -1;
	if (rule->kind == KIND_OPTIONAL && strcmp(value, "never") == 0)
		return true;
	*number = read > INT_MAX || read < 0 ? -1 : (int)read;
	return *value >= '0' && *value <= '9' && *end == '\0' && *number >= rule->least &&
	    *number <= rule->most;
}

static bool
read_truth(const char *value, bool *truth)
{
	*truth = strcmp(value, "yes") == 0 || strcmp(value, "1") == 0;
	return *truth || strcmp(value, "no") == 0 || strcmp(value, "0") == 0;
}

enum status
run_rules_set(struct run_rules *rules, const char *key, const char *value, const char **why)
{
	struct run_rules before = *rules;
	const struct rule *rule;
	bool is_fit = false;
	void *at;

	for (rule = table; rule < table + RULES; rule++)
		if (strcmp(key, rule->key) == 0)
			break;
	if (rule == table + RULES)
		return ST_UNKNOWN;
	at = (char *)rules + rule->at;
	switch (rule->kind) {
	case KIND_NUMBER:
	case KIND_OPTIONAL:
		is_fit = read_number(rule, value, at);
		break;
	case KIND_TRUTH:
		is_fit = read_truth(value, at);
		break;
	case KIND_TYPED:
		is_fit = read_typed(value, at);
		break;
	case KIND_DEMAND:
		is_fit = demand_read(value, at) == ST_OK;
		break;
	}
	*why = is_fit ? NULL : rule->wants;
	if (!is_fit)
		*rules = before;
	return is_fit ? ST_OK : ST_REFUSED;
}

void
run_rule_text(const struct run_rules *rules, size_t which, char text[RUN_RULE_SIZE])
{
	const struct rule *rule = &table[which];
	const void *at = (const char *)rules + rule->at;

	switch (rule->kind) {
	case KIND_NUMBER:
	case KIND_OPTIONAL:
		if (*(const int *)at < 0)
			snprintf(text, RUN_RULE_SIZE, "never");
		else
			snprintf(text, RUN_RULE_SIZE, "%d", *(const int *)at);
		break;
	case KIND_TRUTH:
		snprintf(text, RUN_RULE_SIZE, "%s", *(const bool *)at ? "yes" : "no");
		break;
	case KIND_TYPED:
		snprintf(text, RUN_RULE_SIZE, "%s", typed_names[*(const enum code_typed *)at]);
		break;
	case KIND_DEMAND:
		snprintf(text, RUN_RULE_SIZE, "%s", demand_name(*(const enum demand *)at));
		break;
	}
}

void
store_rules_bind(struct rows *rows, const struct run_rules *rules)
{
	rows_bind_int(rows, "interval_s", rules->interval_s);
	rows_bind_text(rows, "typed", typed_names[rules->typed]);
	rows_bind_int(rows, "is_single", rules->is_single);
	if (rules->late_min < 0)
		rows_bind_null(rows, "late_min");
	else
		rows_bind_int(rows, "late_min", rules->late_min);
	rows_bind_int(rows, "deliver_min", rules->deliver_min);
	rows_bind_int(rows, "has_check_out", rules->has_check_out);
	rows_bind_text(rows, "position", demand_name(rules->position));
	rows_bind_text(rows, "network", demand_name(rules->network));
	rows_bind_text(rows, "access_point", demand_name(rules->access_point));
}

/* The demand in a column; the schema allows only those that demand_read knows. */
static enum demand
read_demand(struct rows *rows, int column)
{
	enum demand demand;

	return demand_read(rows_text(rows, column, NULL), &demand) == ST_OK ? demand
	    : DEMAND_IGNORED;
}

void
store_rules_fill(struct rows *rows, int column, struct run_rules *rules)
{
	rules->interval_s = (int)rows_int(rows, column);
	if (!read_typed(rows_text(rows, column + 1, NULL), &rules->typed))
		rules->typed = CODE_DIGITS;
	rules->is_single = rows_int(rows, column + 2) != 0;
	rules->late_min = rows_is_null(rows, column + 3) ? -1 : (int)rows_int(rows, column + 3);
	rules->deliver_min = (int)rows_int(rows, column + 4);
	rules->has_check_out = rows_int(rows, column + 5) != 0;
	rules->position = read_demand(rows, column + 6);
	rules->network = read_demand(rows, column + 7);
	rules->access_point = read_demand(rows, column + 8);
}

enum status
store_run_rules(struct store *store, int64_t id, const struct run_rules *rules, int64_t now)
{
	struct rows *rows = store_query(store, Q_RUN_RULES);
	enum status status;

	store_rules_bind(rows, rules);
	rows_bind_int(rows, "id", id);
	rows_bind_int(rows, "now", now);
	status = store_write(store, rows);
	if (status == ST_OK && driver_changed(store->driver) == 0)
		status = store_fail(store, ST_UNKNOWN,
		    "There is no such run. `turnout calendar list` shows them.");
	return status;
}

enum status
store_runs_unmet(struct store *store, const char *from, int64_t *count, char *first, size_t size)
{
	struct rows *rows = store_query(store, Q_RUNS_UNMET);
	enum status status;

	rows_bind_text(rows, "from", from);
	status = rows_step(rows);
	if (status == ST_OK) {
		*count = rows_int(rows, 0);
		store_copy(rows, 1, first, size);
	}
	rows_reset(rows);
	return status;
}
