// SPDX-License-Identifier: ISC
/*
 * test_said.c: every sentence in every language, what is filled in, which language is chosen, and
 * files that change.
 */
#include "tests/unit/scratch.h"

#include <dirent.h>
#include <jansson.h>
#include <utime.h>

#include "endpoint/message.h"
#include "endpoint/said.h"

#define FOLDER	"templates/messages"

/*
 * Call `each` for every language of the templates but English, with its file as jansson reads it.
 */
static void
each_language(void (*each)(const char *tag, const struct said_language *language,
    const json_t *file))
{
	struct dirent *entry;
	DIR *folder = opendir(FOLDER);
	int count = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		struct said_language *language;
		char path[512], tag[LANGUAGE_SIZE];
		json_t *file;

		if (entry->d_name[0] == '.' || strcmp(entry->d_name, "en.json") == 0)
			continue;
		snprintf(path, sizeof path, FOLDER "/%s", entry->d_name);
		snprintf(tag, sizeof tag, "%.*s", (int)strcspn(entry->d_name, "."), entry->d_name);
		language = said_read(tag, path);
		assert_non_null(language);
		file = json_load_file(path, 0, NULL);
		each(tag, language, file);
		json_decref(file);
		said_free(language);
		count++;
	}
	closedir(folder);
	assert_true(count >= 5);
}

/* The program's English and the file's are one; a title of a verdict too. */
static void
test_english(void **state)
{
	json_t *file = json_load_file(FOLDER "/en.json", 0, NULL);
	char name[64], title[80];
	int key;

	(void)state;
	assert_non_null(file);
	for (key = 0; key < SAID_END; key++) {
		const char *text;

		if (!said_name((enum said_key)key, name))
			continue;
		text = json_string_value(json_object_get(file, name));
		if (text == NULL || strcmp(text, said_text(NULL, (enum said_key)key)) != 0)
			fail_msg("%s: “%s” in the program, “%s” in en.json", name,
			    said_text(NULL, (enum said_key)key), text);
		snprintf(title, sizeof title, "%s_title", name);
		if (key < ST_END)
			assert_string_equal(json_string_value(json_object_get(file, title)),
			    status_info((enum status)key)->title);
	}
	json_decref(file);
}

static void
check_texts(const char *tag, const struct said_language *language, const json_t *file)
{
	char name[64];
	int key;

	for (key = 0; key < SAID_END; key++) {
		const char *text = said_text(language, (enum said_key)key),
		    *english = said_text(NULL, (enum said_key)key);
		bool is_heard = said_name((enum said_key)key, name);

		if (is_heard && !json_is_string(json_object_get(file, name)))
			fail_msg("%s: %s is missing", tag, name);
		if (is_heard && key != SAID_STOP && strcmp(text, english) == 0)
			fail_msg("%s: %s is English: %s", tag, name, text);
		if (key < ST_END && is_heard && strpbrk(text + strlen(text) - 1, ".!") == NULL &&
		    strstr(text, "。") == NULL && strstr(text, "！") == NULL)
			fail_msg("%s: %s is no sentence: %s", tag, name, text);
		if (key < ST_END && strchr(text, '{') != NULL)
			fail_msg("%s: %s has something to be filled in: %s", tag, name, text);
	}
}

static void
test_languages(void **state)
{
	(void)state;
	each_language(check_texts);
}

/* ---- what stands in a text ---- */

static void
test_fill(void **state)
{
	struct said_language *arabic = said_read("ar", FOLDER "/ar.json");
	const struct said_value latin[] = { { "run", "Track", true }, { 0 } },
	arab[] = { { "run", "الملعب", true }, { 0 } },
	    tricky[] = { { "run", "{{run}}", true }, { 0 } }, none[] = { { 0 } };
	char text[200];

	(void)state;
	said_fill(NULL, SAID_VALID, latin, text, sizeof text);
	assert_string_equal(text, "This code is good for Track.");
	said_fill(NULL, SAID_VALID, arab, text, sizeof text);
	assert_string_equal(text, "This code is good for \u2068الملعب\u2069.");
	said_fill(arabic, SAID_VALID, latin, text, sizeof text);
	assert_string_equal(text, "هذا الرمز صالح لـ \u2068Track\u2069.");
	said_fill(NULL, SAID_VALID, tricky, text, sizeof text);
	assert_string_equal(text, "This code is good for {{run}}.");
	said_fill(NULL, SAID_VALID, none, text, sizeof text);
	assert_string_equal(text, "This code is good for .");
	said_free(arabic);
}

/* Whatever room there is, what is written is whole characters. */
static void
test_room(void **state)
{
	const struct said_value values[] = { { "run", "Zoë 跑步 محمد", true }, { 0 } };
	char text[80];
	size_t size;

	(void)state;
	for (size = 1; size <= sizeof text; size++) {
		json_t *value;

		memset(text, 'x', sizeof text);
		said_fill(NULL, SAID_VALID, values, text, size);
		assert_true(strlen(text) < size);
		value = json_string(text);
		assert_non_null(value);
		json_decref(value);
	}
}

/* ---- sentences of a run ---- */

static struct verdict
verdict_of(enum status status)
{
	struct verdict verdict = { .status = status, .name = "Ada", .ordinal = 3,
	.attendance = ATTENDANCE_PRESENT, .since = SCRATCH_NOW - 600,
	    .left_at = SCRATCH_NOW,
	        .window = { .opens = SCRATCH_NOW + 3600, .closes = SCRATCH_NOW - 86400,
	        .starts = SCRATCH_NOW - 2 * 86400 } };

	verdict.run.id = 1;
	snprintf(verdict.run.group, sizeof verdict.run.group, "Track");
	snprintf(verdict.run.zone, sizeof verdict.run.zone, "Europe/London");
	snprintf(verdict.run.reason, sizeof verdict.run.reason, "Ice");
	return verdict;
}

static void
assert_message(const struct said_language *language, const struct verdict *verdict,
    const char *expected)
{
	char message[MESSAGE_SIZE];

	message_compose(language, verdict, SCRATCH_NOW, message);
	assert_string_equal(message, expected);
}

static void
test_messages(void **state)
{
	static const struct { enum status status; const char *german; } cases[] = {
		{ ST_OK, "Eingecheckt, Ada: Nummer 3 bei Track." },
		{ ST_SAME, "Eingecheckt seit 18:10, Ada. Mehr ist nicht zu tun." },
		{ ST_LEFT, "Ausgecheckt um 18:20, Ada. Auf Wiedersehen!" },
		{ ST_NOT_OPEN, "Check-in öffnet um 19:20." },
		{ ST_CLOSED, "Check-in war bis Donnerstag, 19. November 2026, 18:20 offen. "
		    "Bitte bei der Leitung eintragen lassen." },
		{ ST_CANCELLED, "Track ist abgesagt: Ice." },
		{ ST_CODE_EXPIRED, "Dieser Code ist von Track am Mittwoch, 18. November 2026, um "
		    "18:20 und gilt nicht mehr. Bitte den scannen, der heute gezeigt wird." },
		{ ST_UNDONE, "Der Check-in von Ada ist zurückgenommen. Ein neuer ist möglich." },
		{ ST_CODE_MISSING, "Es war kein Code dabei. Bitte den QR-Code noch einmal scannen "
		    "oder den Code daneben eintippen." },
	};
	struct said_language *german = said_read("de", FOLDER "/de.json"),
	    *chinese = said_read("zh", FOLDER "/zh.json");
	struct verdict verdict;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		verdict = verdict_of(cases[i].status);
		assert_message(german, &verdict, cases[i].german);
	}
	verdict = verdict_of(ST_OK);
	verdict.attendance = ATTENDANCE_LATE;
	assert_message(german, &verdict, "Eingecheckt, Ada: Nummer 3 bei Track, zu spät.");
	snprintf(verdict.pending, sizeof verdict.pending, "position network access-point");
	assert_message(german, &verdict,
	    "Eingecheckt, Ada: Nummer 3 bei Track, zu spät. Die Leitung bestätigt es noch. "
	    "Es fehlte: der Standort und das Netz des Ortes und ein Zugangspunkt des Ortes.");
	verdict = verdict_of(ST_CANCELLED);
	assert_message(chinese, &verdict, "Track 已取消：Ice。");
	snprintf(verdict.run.reason, sizeof verdict.run.reason, "下雪。");
	assert_message(chinese, &verdict, "Track 已取消：下雪。");
	said_free(german);
	said_free(chinese);
}

/* A date is said as the pages write it. */
static void
test_days(void **state)
{
	static const struct { const char *tag, *opens; } cases[] = {
		{ "en", "Check-in opens on Saturday 21 November 2026 at 18:20." },
		{ "ar", "يُفتح تسجيل الحضور يوم السبت، 21 نوفمبر 2026 الساعة 18:20." },
		{ "de", "Check-in öffnet am Samstag, 21. November 2026, um 18:20." },
		{ "es", "El registro abre el sábado, 21 de noviembre de 2026 a las 18:20." },
		{ "fr", "L’enregistrement ouvre le samedi 21 novembre 2026 à 18:20." },
		{ "zh", "签到于 2026年11月21日星期六 18:20 开放。" },
	};
	struct verdict verdict = verdict_of(ST_NOT_OPEN);

	(void)state;
	verdict.window.opens = SCRATCH_NOW + 86400;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct said_language *language;
		char path[64];

		snprintf(path, sizeof path, FOLDER "/%s.json", cases[i].tag);
		language = said_read(cases[i].tag, path);
		assert_message(language, &verdict, cases[i].opens);
		said_free(language);
	}
	assert_message(NULL, &verdict, cases[0].opens);
}

/* ---- whose language, and files that change ---- */

/* The language for somebody who names one, and the text for "closed" in it. */
static void
assert_speaks(struct said *said, const char *asked, const char *language, const char *text)
{
	struct said_reader reader = { .said = said };
	struct reply reply = { 0 };

	snprintf(reader.asked, sizeof reader.asked, "%s", asked);
	assert_string_equal(said_text(said_begin(&reader, &reply), (enum said_key)ST_CLOSED), text);
	said_end(&reader);
	assert_string_equal(reply.language, language);
}

/* Make the folder older than what is looked at twice. */
static void
settle(struct scratch *scratch)
{
	const struct utimbuf before = { SCRATCH_NOW - 3600, SCRATCH_NOW - 3600 };

	assert_int_equal(utime(scratch_path(scratch, "private/messages"), &before), 0);
}

static void
test_look(void **state)
{
	const char *english = status_info(ST_CLOSED)->sentence;
	struct scratch scratch;
	struct said *said;

	(void)state;
	scratch_init(&scratch);
	assert_int_equal(said_open(scratch.folder, &said), ST_OK);
	said_look(said, "de");
	assert_speaks(said, "de", "en", english);
	scratch_folder(&scratch, "private");
	scratch_folder(&scratch, "private/messages");
	scratch_write(&scratch, "private/messages/de.json", "{\"said_closed\": \"Zu.\"}");
	scratch_write(&scratch, "private/messages/fr.json", "{\"said_ok\": \"Oui.\"}");
	scratch_write(&scratch, "private/messages/xx.json", "{\"said_closed\": ");
	said_look(said, "de");
	assert_speaks(said, "", "de", "Zu.");			/* the club's */
	assert_speaks(said, "de-AT", "de", "Zu.");
	assert_speaks(said, "xx", "de", "Zu.");			/* a broken file is no language */
	assert_speaks(said, "fr", "fr", english);		/* what a file lacks */
	scratch_write(&scratch, "private/messages/de.json", "{\"said_closed\": \"Geschlossen.\"}");
	said_look(said, "fr");
	/* changed within the same tick, perhaps */
	assert_speaks(said, "de", "de", "Geschlossen.");
	assert_speaks(said, "", "fr", english);
	settle(&scratch);
	said_look(said, "de");
	assert_speaks(said, "de", "de", "Geschlossen.");	/* read when it is asked for */
	scratch_write(&scratch, "private/messages/de.json", "{\"said_closed\": \"Vorbei.\"}");
	settle(&scratch);
	said_look(said, "de");
	/* nothing is read while the folder is the same */
	assert_speaks(said, "de", "de", "Geschlossen.");
	scratch_write(&scratch, "private/messages/es.json", "{\"said_closed\": \"Cerrado.\"}");
	said_look(said, "de");
	assert_speaks(said, "de", "de", "Vorbei.");
	assert_speaks(said, "es", "es", "Cerrado.");
	said_close(said);
	scratch_clear(&scratch);
}

/* A form is led to pages in its language where the site has them, and nowhere else. */
static void
test_folder(void **state)
{
	struct scratch scratch;
	struct said_reader reader = { 0 };
	char folder[LANGUAGE_SIZE + 1];

	(void)state;
	scratch_init(&scratch);
	assert_int_equal(said_open(scratch.folder, &reader.said), ST_OK);
	scratch_folder(&scratch, "public");
	scratch_folder(&scratch, "public/de");
	scratch_folder(&scratch, "public/de/R");
	scratch_folder(&scratch, "public/de/R/ok");
	scratch_folder(&scratch, "public/R");
	scratch_folder(&scratch, "public/R/ok");
	scratch_write(&scratch, "public/de/R/ok/index.html", "ja");
	scratch_write(&scratch, "public/R/ok/index.html", "yes");
	snprintf(reader.asked, sizeof reader.asked, "de");
	assert_string_equal(said_folder(&reader, "ok", folder), "de/");
	assert_string_equal(said_folder(&reader, "closed", folder), "");
	for (const char *const *tag = (const char *const[]){ "", "fr", ".", "..", "../public",
	    "de/", "de\r\nX: y", "%64e", NULL }; *tag != NULL; tag++) {
		snprintf(reader.asked, sizeof reader.asked, "%s", *tag);
		assert_string_equal(said_folder(&reader, "ok", folder), "");
	}
	said_close(reader.said);
	scratch_clear(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_english), cmocka_unit_test(test_languages),
		    cmocka_unit_test(test_fill), cmocka_unit_test(test_room),
		cmocka_unit_test(test_messages), cmocka_unit_test(test_days),
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
