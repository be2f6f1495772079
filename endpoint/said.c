// SPDX-License-Identifier: ISC
/*
 * said.c: see said.h.
 *
 * All languages lie in a book; when a file changes, a new book takes its place. A file is read when
 * somebody wants its language: all of them took half of the time of a start. A text is found by two
 * indices.
 */
#include "endpoint/said.h"

#include <dirent.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "endpoint/log.h"

#define FOLDER		"private/messages"
/* a folder that changed less long ago may change again without another time */
#define SETTLED_S	2
#define ISOLATE		"\u2068"	/* FIRST STRONG ISOLATE */
#define ISOLATE_END	"\u2069"	/* POP DIRECTIONAL ISOLATE */

/*
 * The names of the keys, and their English; those of a status are in core/status.c.
 * templates/messages/en.json says the same.
 */
static const struct { const char *name, *english; } own[] = {
#define OWN(key, name, english)	[key - ST_END] = { name, english }
	OWN(SAID_IN, "in", "You are in, {{name}}: number {{place}} at {{run}}."),
	OWN(SAID_IN_LATE, "in_late", "You are in, {{name}}: number {{place}} at {{run}}, late."),
	OWN(SAID_IN_PENDING, "in_pending",
	    "{{in}} The host will confirm it, because {{missing}} could not be verified."),
	OWN(SAID_POSITION, "position", "your location"),
	OWN(SAID_NETWORK, "network", "the network at the place"),
	OWN(SAID_ACCESS_POINT, "access_point", "an access point at the place"),
	OWN(SAID_AND, "and", "{{one}} and {{other}}"),
	OWN(SAID_SINCE, "since",
	    "You have been in since {{time}}, {{name}}. There is nothing more to do."),
	OWN(SAID_SINCE_DAY, "since_day",
	    "You have been in since {{date}} at {{time}}, {{name}}. There is nothing more to "
	    "do."),
	OWN(SAID_LEFT, "left", "You checked out at {{time}}, {{name}}. Goodbye!"),
	OWN(SAID_LEFT_DAY, "left_day",
	    "You checked out on {{date}} at {{time}}, {{name}}. Goodbye!"),
	OWN(SAID_OPENS, "opens", "Check-in opens at {{time}}."),
	OWN(SAID_OPENS_DAY, "opens_day", "Check-in opens on {{date}} at {{time}}."),
	OWN(SAID_CLOSES, "closes", "Check-in closed at {{time}}. Ask the host to add you."),
	OWN(SAID_CLOSES_DAY, "closes_day",
	    "Check-in closed on {{date}} at {{time}}. Ask the host to add you."),
	OWN(SAID_CANCELLED_WHY, "cancelled_why", "{{run}} is cancelled: {{reason}}{{stop}}"),
	OWN(SAID_STOP, "stop", "."),
	OWN(SAID_EXPIRED_DAY, "expired_day",
	    "This code was for {{run}} on {{date}} at {{time}} and is no longer valid. Scan "
	    "the one shown today."),
	OWN(SAID_OTHER, "other",
	    "This code is for {{run}}, not for the page you came from. Scan the code shown "
	    "where you are."),
	OWN(SAID_UNDONE_NAME, "undone_name",
	    "The check-in for {{name}} has been undone. You can check in again."),
	OWN(SAID_ALREADY_SINCE, "already_since",
	    "{{name}} has been on the list since {{time}}. If that is you, there is nothing "
	    "more to do. If you are somebody else with the same name, add a letter of your "
	    "surname."),
	OWN(SAID_ALREADY_SINCE_DAY, "already_since_day",
	    "{{name}} has been on the list since {{date}} at {{time}}. If that is you, there "
	    "is nothing more to do. If you are somebody else with the same name, add a letter "
	    "of your surname."),
	OWN(SAID_GOOD, "good", "This code is good for {{run}}. Now type your name."),
	OWN(SAID_VALID, "valid", "This code is good for {{run}}."),
#undef OWN
};

struct said_language {
	char		 tag[LANGUAGE_SIZE];	/* "": it cannot be read, and nobody finds it */
	bool		 is_read;
	bool		 is_rtl;		/* read from right to left */
	const char	*texts[SAID_END];	/* in `memory`; NULL: English */
	char		*memory;
	struct locale	 locale;		/* its texts are in `names`, or are English */
	json_t		*names;			/* "locale" of its file; NULL: there is none */
};

struct book {
	struct said_language	*languages[SAID_LANGUAGES];
	const char		*tags[SAID_LANGUAGES];	/* of these */
	int			 count;
};

struct said {
	const char		*site;
	pthread_rwlock_t	 lock;	/* over `book` and `club`; held while somebody reads */
	/* over what the book has read so far; within `lock` */
	pthread_mutex_t		 choosing;
	struct book		*book;
	char			 club[LANGUAGE_SIZE];
	/* of the folder, when the book was read; 0 while it may change again unseen */
	struct timespec		 changed;
};

/* ---- reading files ---- */

bool
said_name(enum said_key key, char name[64])
{
	bool is_status = (int)key < ST_END;

	snprintf(name, 64, "said_%s",
	    is_status ? status_info((enum status)key)->code : own[key - ST_END].name);
	return !is_status || status_info((enum status)key)->http != 0;
}

void
said_free(struct said_language *language)
{
	if (language == NULL)
		return;
	free(language->memory);
	json_decref(language->names);
	free(language);
}

/* The texts of `file` into one piece of memory: counted first, then copied. */
static bool
take_texts(struct said_language *language, const json_t *file)
{
	const json_t *texts[SAID_END] = { NULL };
	size_t length = 0;
	char name[64], *to;
	int key;

	for (key = 0; key < SAID_END; key++)
		if (said_name((enum said_key)key, name) &&
		    json_is_string(texts[key] = json_object_get(file, name)))
			length += json_string_length(texts[key]) + 1;
	language->memory = to = malloc(length + 1);
	if (to == NULL)
		return false;
	for (key = 0; key < SAID_END; key++) {
		if (!json_is_string(texts[key]))
			continue;
		language->texts[key] = to;
		to = stpcpy(to, json_string_value(texts[key])) + 1;
	}
	return true;
}

/* Read its file `path`; false when it is none. */
static bool
read_words(struct said_language *language, const char *path)
{
	json_t *file = json_load_file(path, 0, NULL);
	const char *direction = json_string_value(json_object_get(file, "dir"));

	language->is_rtl = direction != NULL && strcmp(direction, "rtl") == 0;
	language->is_read = json_is_object(file) && take_texts(language, file);
	language->locale = locale_english;
	language->names = json_incref(json_object_get(file, "locale"));
	locale_read(&language->locale, language->names, NULL, NULL);
	json_decref(file);
	return language->is_read;
}

/* One that is not read yet; NULL without memory. */
static struct said_language *
new_language(const char *tag, size_t length)
{
	struct said_language *language = calloc(1, sizeof *language);

	if (language != NULL)
		snprintf(language->tag, sizeof language->tag, "%.*s", (int)length, tag);
	return language;
}

struct said_language *
said_read(const char *tag, const char *path)
{
	struct said_language *language = new_language(tag, strlen(tag));

	if (language == NULL || read_words(language, path))
		return language;
	said_free(language);
	return NULL;
}

static void
free_book(struct book *book)
{
	int i;

	for (i = 0; book != NULL && i < book->count; i++)
		said_free(book->languages[i]);
	free(book);
}

/* Add the language of `name`, "de.json". */
static void
add_file(struct book *book, const char *name)
{
	size_t length = strlen(name) - strlen(".json");
	struct said_language *language;

	if (length == 0 || length >= LANGUAGE_SIZE || book->count == SAID_LANGUAGES ||
	    (language = new_language(name, length)) == NULL)
		return;
	book->languages[book->count] = language;
	book->tags[book->count++] = language->tag;
}

static int
is_words(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot != NULL && strcmp(dot, ".json") == 0;
}

/* All files of the folder, unread; without one, none. NULL without memory. */
static struct book *
read_book(const char *folder)
{
	struct book *book = calloc(1, sizeof *book);
	struct dirent **entries;
	int i, count = book == NULL ? -1 : scandir(folder, &entries, is_words, alphasort);

	for (i = 0; i < count; i++) {
		add_file(book, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return book;
}

/* ---- all languages ---- */

enum status
said_open(const char *site, struct said **opened)
{
	struct said *said = calloc(1, sizeof *said);

	*opened = said;
	if (said == NULL)
		return ST_FAULT;
	said->site = site;
	pthread_rwlock_init(&said->lock, NULL);
	pthread_mutex_init(&said->choosing, NULL);
	said->book = calloc(1, sizeof *said->book);
	return said->book == NULL ? ST_FAULT : ST_OK;
}

void
said_close(struct said *said)
{
	if (said == NULL)
		return;
	pthread_mutex_destroy(&said->choosing);
	pthread_rwlock_destroy(&said->lock);
	free_book(said->book);
	free(said);
}

void
said_look(struct said *said, const char *club)
{
	struct book *book = NULL, *old = NULL;
	struct stat info;
	char folder[4096];

	snprintf(folder, sizeof folder, "%s/" FOLDER, said->site);
	if (stat(folder, &info) == 0 &&
	    (info.st_mtim.tv_sec != said->changed.tv_sec ||
	    info.st_mtim.tv_nsec != said->changed.tv_nsec)) {
		book = read_book(folder);
		said->changed = time(NULL) - info.st_mtim.tv_sec < SETTLED_S
		    ? (struct timespec){ 0 } : info.st_mtim;
	}
	pthread_rwlock_wrlock(&said->lock);
	snprintf(said->club, sizeof said->club, "%s", club);
	if (book != NULL) {
		old = said->book;
		said->book = book;
	}
	pthread_rwlock_unlock(&said->lock);
	free_book(old);
}

/* ---- for one reader ---- */

/* The language for `reader` in the book; NULL: English. */
static struct said_language *
choose(const struct said_reader *reader)
{
	const struct book *book = reader->said->book;
	int number = language_find(reader->asked, strlen(reader->asked), book->tags, book->count);

	if (number < 0 && reader->request != NULL)
		number = language_accepted(http_header(reader->request, "Accept-Language"),
		    book->tags, book->count);
	if (number < 0)
		number = language_find(reader->said->club, strlen(reader->said->club), book->tags,
		    book->count);
	return number < 0 ? NULL : book->languages[number];
}

/* Read the file of a language, or have nobody find it any more. */
static void
read_chosen(const struct said *said, struct said_language *language)
{
	char path[4096 + 256];

	snprintf(path, sizeof path, "%s/" FOLDER "/%s.json", said->site, language->tag);
	if (read_words(language, path))
		return;
	log_event("event=warning message=\"%s.json cannot be read; its language is not spoken.\"",
	    language->tag);
	language->tag[0] = '\0';
}

const struct said_language *
said_begin(const struct said_reader *reader, struct reply *reply)
{
	struct said_language *language;

	if (reader == NULL)
		return NULL;
	pthread_rwlock_rdlock(&reader->said->lock);
	pthread_mutex_lock(&reader->said->choosing);
	while ((language = choose(reader)) != NULL && !language->is_read)
		read_chosen(reader->said, language);
	pthread_mutex_unlock(&reader->said->choosing);
	snprintf(reply->language, sizeof reply->language, "%s",
	    language == NULL ? "en" : language->tag);
	return language;
}

void
said_end(const struct said_reader *reader)
{
	if (reader != NULL)
		pthread_rwlock_unlock(&reader->said->lock);
}

const char *
said_folder(const struct said_reader *reader, const char *code, char folder[LANGUAGE_SIZE + 1])
{
	const char *tag = reader == NULL ? "" : reader->asked, *at;
	char *path;

	folder[0] = '\0';
	for (at = tag; (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
	    (*at >= '0' && *at <= '9') || *at == '-'; at++)
		;
	if (at == tag || *at != '\0')
		return folder;
	if (asprintf(&path, "%s/public/%s/R/%s/index.html", reader->said->site, tag, code) < 0)
		return folder;
	if (access(path, R_OK) == 0)
		snprintf(folder, LANGUAGE_SIZE + 1, "%s/", tag);
	free(path);
	return folder;
}

/* ---- texts ---- */

void
said_date(const struct said_language *language, const char *date, char text[LOCALE_TEXT_SIZE])
{
	locale_date(language == NULL ? &locale_english : &language->locale, LOCALE_DATE_WORDS, date,
	    text);
}

const char *
said_text(const struct said_language *language, enum said_key key)
{
	if (language != NULL && language->texts[key] != NULL)
		return language->texts[key];
	return (int)key < ST_END ? status_info((enum status)key)->sentence
	    : own[key - ST_END].english;
}

/*
 * Has it letters that are written from right to left? (U+0590 to U+08FF; U+FB1D and on, the older
 * forms of these)
 */
static bool
has_rtl(const char *text)
{
	const unsigned char *at;

	for (at = (const unsigned char *)text; *at != '\0'; at++)
		if ((*at >= 0xd6 && *at <= 0xdf) ||
		    (at[0] == 0xe0 && at[1] >= 0xa0 && at[1] <= 0xa3) ||
		    (at[0] == 0xef && at[1] >= 0xac && at[1] <= 0xbb))
			return true;
	return false;
}

/* What has been written so far. */
struct out {
	char	*text;
	size_t	 length, size;
};

/* Append `length` bytes, or as many whole characters as there is room for. */
static void
append(struct out *out, const char *text, size_t length)
{
	size_t room = out->size - 1 - out->length;

	if (length > room)
		for (length = room; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;
		    length--)
			;
	memcpy(out->text + out->length, text, length);
	out->length += length;
	out->text[out->length] = '\0';
}

static void
append_value(struct out *out, const struct said_language *language, const struct said_value *value)
{
	bool is_apart = value->is_own &&
	    ((language != NULL && language->is_rtl) || has_rtl(value->text));

	if (is_apart)
		append(out, ISOLATE, strlen(ISOLATE));
	append(out, value->text, strlen(value->text));
	if (is_apart)
		append(out, ISOLATE_END, strlen(ISOLATE_END));
}

void
said_fill(const struct said_language *language, enum said_key key, const struct said_value *values,
    char *text, size_t size)
{
	struct out out = { text, 0, size };
	const struct said_value *value;
	const char *at = said_text(language, key), *tag, *end;

	text[0] = '\0';
	while ((tag = strstr(at, "{{")) != NULL && (end = strstr(tag, "}}")) != NULL) {
		append(&out, at, (size_t)(tag - at));
		for (value = values; value->name != NULL; value++)
			if (strlen(value->name) == (size_t)(end - tag - 2) &&
			    memcmp(value->name, tag + 2, strlen(value->name)) == 0)
				append_value(&out, language, value);
		at = end + 2;
	}
	append(&out, at, strlen(at));
}
