// SPDX-License-Identifier: ISC
/* files.c: see files.h. */
#include "endpoint/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "db/manifest.h"
#include "endpoint/gzip.h"
#include "endpoint/log.h"
#include "endpoint/register.h"
#include "endpoint/reload.h"

#define FILE_MAX_BYTES	(64L * 1024 * 1024)
#define ETAG_BYTES	16	/* of BLAKE2b */
#define NAME_BYTES	1100	/* "private/" + path + "index.html" */

struct files {
	char		 site[PATH_MAX - 32];
	struct manifest	*manifest;
	/* of the file `manifest`: the site may be deleted and published anew */
	dev_t		 device;
	ino_t		 inode;
	bool		 is_reload;
};

enum status
files_open(const char *site, bool is_reload, struct files **opened)
{
	struct files *files = calloc(1, sizeof *files);

	*opened = files;
	if (files == NULL || strlen(site) >= sizeof files->site)
		return ST_FAULT;
	snprintf(files->site, sizeof files->site, "%s", site);
	files->is_reload = is_reload;
	return ST_OK;
}

void
files_close(struct files *files)
{
	if (files == NULL)
		return;
	manifest_close(files->manifest);
	free(files);
}

/* Open the manifest that the site has now, if it is not open; false when there is none. */
static bool
has_manifest(struct files *files)
{
	char path[PATH_MAX];
	struct stat info;

	snprintf(path, sizeof path, "%s/manifest.db", files->site);
	if (stat(path, &info) == 0 && files->manifest != NULL && info.st_dev == files->device &&
	    info.st_ino == files->inode)
		return true;
	manifest_close(files->manifest);
	files->manifest = NULL;
	if (stat(path, &info) != 0 || manifest_open(path, false, &files->manifest) != ST_OK) {
		manifest_close(files->manifest);
		files->manifest = NULL;
		return false;
	}
	files->device = info.st_dev;
	files->inode = info.st_ino;
	return true;
}

bool
files_published(struct files *files, int64_t *change)
{
	struct manifest_state state;

	if (!has_manifest(files) || manifest_state(files->manifest, &state) != ST_OK)
		return false;
	*change = state.since + state.event;
	return true;
}

const char *
files_type(const char *path)
{
	static const struct { const char *extension, *type; } types[] = {
		{ "html", "text/html; charset=utf-8" }, { "css", "text/css; charset=utf-8" },
		{ "js", "text/javascript; charset=utf-8" },
		{ "mjs", "text/javascript; charset=utf-8" },
		{ "json", "application/json; charset=utf-8" }, { "svg", "image/svg+xml" },
		{ "png", "image/png" },
		{ "ico", "image/x-icon" }, { "xml", "application/xml; charset=utf-8" },
		{ "atom", "application/atom+xml; charset=utf-8" },
		{ "ics", "text/calendar; charset=utf-8" },
		{ "csv", "text/csv; charset=utf-8" },
		{ "webmanifest", "application/manifest+json" },
		{ "txt", "text/plain; charset=utf-8" }, { "pdf", "application/pdf" },
	};
	const char *name = strrchr(path, '/'), *dot = strrchr(name == NULL ? path : name, '.');
	size_t i;

	for (i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++)
		if (strcmp(dot + 1, types[i].extension) == 0)
			return types[i].type;
	return "application/octet-stream";
}

/* RFC 9110 13.1.2: a list of tags or "*", compared weakly. */
bool
files_etag_match(const char *header, const char *etag)
{
	size_t length = strlen(etag);

	if (strcmp(header, "*") == 0)
		return true;
	while (*header != '\0') {
		const char *end;

		header += strspn(header, ", \t");
		if (strncmp(header, "W/", 2) == 0)
			header += 2;
		if (*header != '"' || (end = strchr(header + 1, '"')) == NULL)
			return false;
		if ((size_t)(end + 1 - header) == length && strncmp(header, etag, length) == 0)
			return true;
		header = end + 1;
	}
	return false;
}

/* Read the regular file `name` below the site into reply->body; no link is followed. */
static enum status
read_file(const struct files *files, const char *name, struct reply *reply)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
	struct stat info;
	enum status status = ST_FAULT;
	int directory, file = -1;

	directory = open(files->site, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory >= 0)
		file = (int)syscall(SYS_openat2, directory, name, &how, sizeof how);
	if (file < 0 || fstat(file, &info) != 0) {
		status = errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? ST_NOT_FOUND
		    : ST_FAULT;
		log_event("event=file_missing name=%s reason=\"%s\"",
		    strncmp(name, "private/", 8) == 0 ? "private" : name,
		    strerror(errno));
		goto out;
	}
	if (!S_ISREG(info.st_mode) || info.st_size > FILE_MAX_BYTES) {
		status = ST_NOT_FOUND;
		goto out;
	}
	reply->body = malloc((size_t)info.st_size + 1);
	if (reply->body == NULL)
		goto out;
	for (reply->length = 0; reply->length < (size_t)info.st_size; ) {
		ssize_t got = read(file, reply->body + reply->length,
		    (size_t)info.st_size - reply->length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			goto out;
		reply->length += (size_t)got;
	}
	status = ST_OK;
out:
	if (status != ST_OK) {
		free(reply->body);
		reply->body = NULL;
		reply->length = 0;
	}
	if (file >= 0)
		close(file);
	if (directory >= 0)
		close(directory);
	return status;
}

/*
 * Read the file `name`; with `is_reload`, a page gets the script that loads it again.
 */
static enum status
read_page(const struct files *files, const char *name, struct reply *reply)
{
	struct reply news = { 0 };
	long long number = 0;
	enum status status;

	reply->type = files_type(name);
	if (!files->is_reload || strncmp(reply->type, "text/html", 9) != 0)
		return read_file(files, name, reply);
	/* read before the page: any later change raises the number */
	if (read_file(files, RELOAD_NEWS, &news) == ST_OK)
		number = reload_number(news.body, news.length);
	free(news.body);
	status = read_file(files, name, reply);
	if (status == ST_OK)
		reload_insert(reply, number);
	return status;
}

/* A strong validator of the body; `mark` tells its packed form from the plain one. */
static void
set_etag(struct reply *reply, const char *mark)
{
	unsigned char hash[ETAG_BYTES];
	char text[ETAG_BYTES * 2 + 1];

	crypto_generichash(hash, sizeof hash, (unsigned char *)reply->body, reply->length, NULL, 0);
	sodium_bin2hex(text, sizeof text, hash, sizeof hash);
	snprintf(reply->etag, sizeof reply->etag, "\"%s%s\"", text, mark);
}

/* Answer with the file `name`, "public/…" or "private/…", which the manifest has. */
static enum status
send_file(const struct files *files, const struct request *request, const char *name,
    struct reply *reply)
{
	const char *known = http_header(request, "If-None-Match");
	bool is_packed;
	enum status status = read_page(files, name, reply);

	if (status != ST_OK)
		return status;
	reply->http = 200;
	reply->is_packable = gzip_worth(reply->type, reply->length);
	is_packed = reply->is_packable && gzip_accepted(http_header(request, "Accept-Encoding"));
	set_etag(reply, is_packed ? "-gz" : "");
	reply->is_secret = strncmp(name, "private/", 8) == 0;
	reply->cache = reply->is_secret ? "private, no-cache" : "no-cache";
	/* every phone polls these */
	reply->is_unlogged = strncmp(name, "public/live/", 12) == 0;
	if (known != NULL && files_etag_match(known, reply->etag))
		reply->http = 304;
	else if (is_packed && !(reply->is_packed = gzip_pack(&reply->body, &reply->length)))
		reply->etag[0] = '\0';
	return ST_OK;
}

/* Redirect "/runs" to "runs/", a relative address made of the last segment. */
static void
send_to_directory(const char *path, struct reply *reply)
{
	const char *last = strrchr(path, '/');

	reply->http = 301;
	reply->cache = "no-cache";
	snprintf(reply->location, sizeof reply->location, "%s/", last == NULL ? path : last + 1);
}

/* Answer with the site's own page for missing ones, or refuse with `status` when it has none. */
static void
send_missing(struct files *files, const struct said_reader *reader, enum status status, bool is_api,
    struct reply *reply)
{
	static const char page[] = "public/404.html";

	if (status != ST_NOT_FOUND || is_api || files->manifest == NULL ||
	    !manifest_has(files->manifest, page) || read_page(files, page, reply) != ST_OK) {
		register_refuse(reply, reader, status, NULL, is_api);
		return;
	}
	reply->http = 404;
	reply->cache = "no-cache";
}

/* Does the path hold a capability: of a run's screen, a person's own page, or the admin's? */
static bool
is_secret(const char *path)
{
	return strncmp(path, "screen/", 7) == 0 || strncmp(path, "person/", 7) == 0 ||
	    strncmp(path, "exports/", 8) == 0 || strncmp(path, "reports/", 8) == 0;
}

/* The name of the file that `target` stands for, below the site. */
static void
name_file(const struct target *target, char name[NAME_BYTES])
{
	const char *path = target->argument;
	size_t length = path == NULL ? 0 : strlen(path);

	switch (target->route) {
	case ROUTE_CALENDAR:
		snprintf(name, NAME_BYTES, "public/api/calendar.json");
		return;
	case ROUTE_CALENDAR_TODAY:
		snprintf(name, NAME_BYTES, "public/api/calendar/today.json");
		return;
	case ROUTE_ATTENDANCE_TODAY:
		snprintf(name, NAME_BYTES, "public/api/attendance/today.json");
		return;
	case ROUTE_QR:
		snprintf(name, NAME_BYTES, "public/qr/%s.png", path);
		return;
	case ROUTE_COUNT:
		snprintf(name, NAME_BYTES, "public/live/%s", path);
		return;
	case ROUTE_FILE:
	case ROUTE_REGISTER:
	case ROUTE_SCAN:
	case ROUTE_UNDO:
	case ROUTE_CHECK_OUT:
	case ROUTE_SUGGEST:
	case ROUTE_STATS:
	case ROUTE_HISTORY:
	case ROUTE_EXPORT:
	case ROUTE_VALIDATE:
	case ROUTE_LIVE:
	case ROUTE_READY:
	case ROUTE_METRICS:
	case ROUTE_END:
		break;
	}
	snprintf(name, NAME_BYTES, "%s/%s%s", is_secret(path) ? "private" : "public", path,
	    length == 0 || path[length - 1] == '/' ? "index.html" : "");
}

/* Answer with the reload script, or the file that it polls; false when `target` is neither. */
static bool
answer_reload(const struct files *files, const struct said_reader *reader,
    const struct target *target, struct reply *reply)
{
	if (target->route != ROUTE_FILE)
		return false;
	if (strcmp(target->argument, RELOAD_SCRIPT) == 0) {
		reply->body = strdup(reload_script);
		reply->length = reply->body == NULL ? 0 : strlen(reply->body);
	} else if (strcmp(target->argument, RELOAD_NEWS) != 0) {
		return false;
	} else if (read_file(files, RELOAD_NEWS, reply) != ST_OK) {
		register_refuse(reply, reader, ST_NOT_FOUND, NULL, true);
		return true;
	}
	reply->http = 200;
	reply->type = files_type(target->argument);
	reply->is_unlogged = true;
	return true;
}

void
files_answer(struct files *files, const struct said_reader *reader, const struct target *target,
    struct reply *reply)
{
	char name[NAME_BYTES], index[NAME_BYTES + 16];
	enum status status = ST_NOT_FOUND;

	if (files->is_reload && answer_reload(files, reader, target, reply))
		return;
	name_file(target, name);
	if (has_manifest(files)) {
		snprintf(index, sizeof index, "%s/index.html", name);
		if (manifest_has(files->manifest, name))
			status = send_file(files, reader->request, name, reply);
		else if (target->route == ROUTE_FILE && manifest_has(files->manifest, index)) {
			send_to_directory(target->argument, reply);
			return;
		}
	}
	if (status == ST_NOT_FOUND && target->route == ROUTE_QR)
		status = ST_RUN_UNKNOWN;
	if (status != ST_OK)
		send_missing(files, reader, status, target->is_api, reply);
}
