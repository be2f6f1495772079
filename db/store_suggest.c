// SPDX-License-Identifier: ISC
/*
 * store_suggest.c: suggests names from a closed list to people at its run who have typed enough of
 * one.
 */
#include <string.h>

#include "db/attend_inside.h"

/* Count the ASCII letters and digits, and all other code points beyond ASCII, of folded UTF-8. */
static int
count_letters(const char *folded)
{
	int count = 0;

	for (; *folded != '\0'; folded++) {
		unsigned char byte = (unsigned char)*folded;

		count += byte >= 0xC0 || (byte >= 'a' && byte <= 'z') ||
		    (byte >= '0' && byte <= '9');
	}
	return count;
}

/* Does `prefix`, which may span several words, begin at a word of `folded`? */
static bool
has_word(const char *folded, const char *prefix)
{
	size_t length = strlen(prefix);
	const char *word = folded;

	while (word != NULL) {
		if (strncmp(word, prefix, length) == 0)
			return true;
		word = strpbrk(word, " -'");
		if (word != NULL)
			word++;
	}
	return false;
}

static enum status
search_list(struct store *store, int64_t group_id, const char *prefix,
    char names[SUGGEST_MAX][NAME_SIZE], int *count)
{
	struct rows *rows = store_query(store, Q_LISTED);
	enum status status = ST_OK;

	rows_bind_int(rows, "group_id", group_id);
	while (*count < SUGGEST_MAX && (status = rows_step(rows)) == ST_OK)
		if (has_word(rows_text(rows, 1, NULL), prefix))
			store_copy(rows, 0, names[(*count)++], NAME_SIZE);
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
store_suggest(struct store *store, const struct attempt *attempt,
    char names[SUGGEST_MAX][NAME_SIZE], int *count, struct verdict *verdict)
{
	char name[NAME_SIZE], folded[NAME_FOLD_SIZE];
	struct source source;
	enum status status;

	*count = 0;
	memset(verdict, 0, sizeof *verdict);
	verdict->attendance = ATTENDANCE_END;
	status = store_judge_code(store, attempt, verdict, &source);
	if (status != ST_OK || verdict->status != ST_OK)
		return status;
	if (source.kind == CODE_SESSION || source.is_delivered_late)
		verdict->status = ST_CODE_MISSING;
	else if (name_tidy(attempt->name, strlen(attempt->name), name) != ST_OK ||
	    name_fold(name, folded) != ST_OK || count_letters(folded) < SUGGEST_LETTERS)
		verdict->status = ST_PREFIX_SHORT;
	if (verdict->status != ST_OK || !verdict->run.is_list)
		return ST_OK;
	return search_list(store, verdict->run.group_id, folded, names, count);
}
