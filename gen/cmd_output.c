// SPDX-License-Identifier: ISC
/* cmd_output.c: see cmd_output.h. */
#include "gen/cmd_output.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum status
output_paper(const struct call *call, bool *is_letter)
{
	const char *paper = call_value(call, OPTION_PAPER);

	*is_letter = paper != NULL && strcmp(paper, "letter") == 0;
	return paper == NULL || *is_letter || strcmp(paper, "a4") == 0 ? ST_OK
	    : call_fail(call, ST_USAGE,
	    "--paper must be a4 or letter, not “%s”. Nothing was written.", paper);
}

enum status
output_form(const struct call *call, enum export_format *format, bool *is_letter)
{
	const char *name = call_value(call, OPTION_FORMAT), *lacks;

	if (name != NULL && export_format_find(name, format) != ST_OK)
		return call_fail(call, ST_USAGE,
		    "--format must be csv, excel, json, xlsx or pdf, not “%s”. Nothing was "
		    "written.", name);
	lacks = export_format_lacks(*format);
	return lacks != NULL ? call_elsewhere(call, lacks) : output_paper(call, is_letter);
}

void
output_path(const struct call *call, const char *name, bool is_text, struct buffer *path)
{
	const char *given = call_value(call, OPTION_OUTPUT);
	struct stat info;

	path->length = 0;
	if (given == NULL && !is_text)
		buffer_append_text(path, name);
	else if (given != NULL && *given != '\0' &&
	    (given[strlen(given) - 1] == '/' || (stat(given, &info) == 0 && S_ISDIR(info.st_mode))))
		buffer_format(path, "%s%s%s", given, given[strlen(given) - 1] == '/' ? "" : "/",
		    name);
	else if (given != NULL && strcmp(given, "-") != 0)
		buffer_append_text(path, given);
	(void)buffer_text(path);
}

/* Say why `path` could not be written; `error` is an errno. */
static enum status
fail_write(const struct call *call, const char *path, int error)
{
	errno = error;
	return call_fail(call, export_failed(),
	    "%s could not be written: %s. What was there before is untouched. Make room, or choose "
	    "another place.", path, strerror(error));
}

/* Fill `part`, the open file `part_path`, and rename it to `path`. */
static enum status
fill_part(const struct call *call, FILE *part, const char *part_path, const char *path,
    enum status (*fill)(void *handle, FILE *out), void *handle)
{
	enum status status = fill(handle, part);
	int error = errno;

	/* EINVAL: on a file system without it */
	if (status == ST_OK && fsync(fileno(part)) != 0 && errno != EINVAL) {
		error = errno;
		status = ST_FAULT;
	}
	if (fclose(part) != 0 && status == ST_OK) {
		error = errno;
		status = ST_FAULT;
	}
	if (status == ST_OK && rename(part_path, path) != 0) {
		error = errno;
		status = ST_FAULT;
	}
	if (status == ST_OK)
		return ST_OK;
	(void)unlink(part_path);
	return status == ST_FULL || status == ST_FAULT ? fail_write(call, path, error) : status;
}

enum status
output_write(const struct call *call, const char *path,
    enum status (*fill)(void *handle, FILE *out), void *handle)
{
	struct buffer part_path = { 0 };
	FILE *part;
	enum status status;
	int file;

	if (*path == '\0') {
		status = fill(handle, stdout);
		if (status == ST_FULL || status == ST_FAULT)
			call_fail(call, status,
			    "standard output could not be written: %s. What was printed is not "
			    "whole.", strerror(errno));
		return status;
	}
	buffer_format(&part_path, "%s.part-XXXXXX", path);
	buffer_text(&part_path);
	file = mkstemp(part_path.data);
	part = file < 0 ? NULL : fdopen(file, "w");
	if (part == NULL) {
		status = fail_write(call, path, errno);
		if (file >= 0) {
			(void)close(file);
			(void)unlink(part_path.data);
		}
	} else {
		status = fill_part(call, part, part_path.data, path, fill, handle);
	}
	buffer_clear(&part_path);
	return status;
}

enum status
output_note(const struct call *call, const char *kind, const char *format,
    const struct register_filter *filter, size_t lines)
{
	const struct passwd *user = getpwuid(getuid());
	const char *who = call_value(call, OPTION_BY);
	char number[32];
	enum status status;

	snprintf(number, sizeof number, "user %lu", (unsigned long)getuid());
	if (who == NULL)
		who = user != NULL ? user->pw_name : number;
	status = store_export_note(call->store, call->now, who, kind, format, filter, lines);
	return status == ST_OK ? ST_OK
	    : call_fail_store(call, status,
	    "It was exported, but could not be added to the history of exports.");
}
