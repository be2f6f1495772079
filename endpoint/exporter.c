// SPDX-License-Identifier: ISC
/* exporter.c: see exporter.h. */
#include "endpoint/exporter.h"

#include <ctype.h>
#include <jansson.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/name.h"
#include "endpoint/child.h"
#include "endpoint/form.h"
#include "endpoint/log.h"
#include "endpoint/register.h"

#define QUERY_MAX	4096	/* bytes */
#define NICE		10	/* check-ins come first */

struct exporter {
	char		 program[PATH_MAX];
	const char	*db;
	int		 stop;		/* an eventfd, readable once all exports must end */
	atomic_int	 running;
};

#define IN_HISTORY	1u
#define IN_EXPORT	2u

static const struct { const char *name, *option; unsigned int routes;
    } fields[EXPORTER_FIELD_END] = {
	[EXPORTER_FORMAT] = { "format", "--format", IN_EXPORT },
	[EXPORTER_KIND] = { "kind", NULL, IN_EXPORT },
	[EXPORTER_FROM] = { "from", "--from", IN_HISTORY | IN_EXPORT },
	[EXPORTER_TO] = { "to", "--to", IN_HISTORY | IN_EXPORT },
	[EXPORTER_GROUP] = { "group", "--group", IN_HISTORY | IN_EXPORT },
	[EXPORTER_PERSON] = { "person", "--person", IN_HISTORY | IN_EXPORT },
	[EXPORTER_COLUMNS] = { "columns", "--columns", IN_EXPORT },
	[EXPORTER_PAPER] = { "paper", "--paper", IN_EXPORT },
	[EXPORTER_PAGE] = { "page", "--page", IN_HISTORY },
	[EXPORTER_PER_PAGE] = { "per_page", "--per-page", IN_HISTORY },
};

static const struct { const char *name, *ending, *type; } formats[] = {
	{ "csv", "csv", "text/csv; charset=utf-8" }, { "excel", "csv", "text/csv; charset=utf-8" },
	{ "json", "json", "application/json; charset=utf-8" },
	{ "xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
	{ "pdf", "pdf", "application/pdf" },
};
static const char *const kinds[] = { "register", "events" };

enum status
exporter_open(const char *db, struct exporter **opened)
{
	struct exporter *exporter = calloc(1, sizeof *exporter);

	*opened = exporter;
	if (exporter == NULL)
		return ST_FAULT;
	exporter->db = db;
	exporter->stop = eventfd(0, EFD_CLOEXEC);
	return exporter->stop < 0 ? ST_FAULT : child_program(exporter->program);
}

void
exporter_stop(struct exporter *exporter)
{
	if (exporter != NULL && eventfd_write(exporter->stop, 1) != 0)
		log_event("event=fault message=\"Exports could not be told to end.\"");
}

void
exporter_close(struct exporter *exporter)
{
	if (exporter == NULL)
		return;
	if (exporter->stop >= 0)
		(void)close(exporter->stop);
	free(exporter);
}

/* ---- the query ---- */

static size_t
find_format(const char *name)
{
	size_t i = 0;

	while (i < sizeof formats / sizeof formats[0] && strcmp(formats[i].name, name) != 0)
		i++;
	return i;
}

/* Is it text that can be passed on and repeated: UTF-8 without control characters? */
static bool
is_text(const char *value, size_t length)
{
	json_t *text = json_stringn(value, length);
	bool is_good = text != NULL;
	size_t i;

	for (i = 0; is_good && i < length; i++)
		is_good = (unsigned char)value[i] >= 0x20 && value[i] != 0x7f;
	json_decref(text);
	return is_good;
}

static enum status
take(struct exporter_ask *ask, unsigned int route, const struct form_field *given,
    char why[EXPORTER_WHY_SIZE])
{
	size_t i;

	for (i = 0; i < EXPORTER_FIELD_END; i++)
		if ((fields[i].routes & route) != 0 && strcmp(fields[i].name, given->name) == 0)
			break;
	if (i == EXPORTER_FIELD_END)
		snprintf(why, EXPORTER_WHY_SIZE, "One of the parameters is not known.");
	else if (ask->value[i][0] != '\0')
		snprintf(why, EXPORTER_WHY_SIZE, "The parameter \"%s\" was sent twice.",
		    fields[i].name);
	else if (given->length >= EXPORTER_VALUE_SIZE || !is_text(given->value, given->length))
		snprintf(why, EXPORTER_WHY_SIZE, "The parameter \"%s\" is too long or is not text.",
		    fields[i].name);
	else {
		memcpy(ask->value[i], given->value, given->length + 1);
		return ST_OK;
	}
	return ST_BAD_REQUEST;
}

/*
 * Set the defaults, which are the register as CSV, or its first page, and check the two parameters
 * that this file itself depends on.
 */
static enum status
settle(struct exporter_ask *ask, unsigned int route, char why[EXPORTER_WHY_SIZE])
{
	char *format = ask->value[EXPORTER_FORMAT], *kind = ask->value[EXPORTER_KIND];

	if (route == IN_HISTORY && ask->value[EXPORTER_PAGE][0] == '\0')
		snprintf(ask->value[EXPORTER_PAGE], EXPORTER_VALUE_SIZE, "1");
	if (format[0] == '\0')
		snprintf(format, EXPORTER_VALUE_SIZE, "%s", route == IN_HISTORY ? "json" : "csv");
	if (kind[0] == '\0')
		snprintf(kind, EXPORTER_VALUE_SIZE, "%s", kinds[0]);
	if (find_format(format) == sizeof formats / sizeof formats[0])
		snprintf(why, EXPORTER_WHY_SIZE,
		    "The parameter \"format\" must be csv, excel, json, xlsx or pdf.");
	else if (strcmp(kind, kinds[0]) != 0 && strcmp(kind, kinds[1]) != 0)
		snprintf(why, EXPORTER_WHY_SIZE,
		    "The parameter \"kind\" must be register or events.");
	else
		return ST_OK;
	return ST_BAD_REQUEST;
}

enum status
exporter_read(const struct request *request, enum route route, struct exporter_ask *ask,
    char why[EXPORTER_WHY_SIZE])
{
	char query[QUERY_MAX], *at = query;
	size_t length = request->query == NULL ? 0 : strlen(request->query);
	unsigned int wanted = route == ROUTE_HISTORY ? IN_HISTORY : IN_EXPORT;
	struct form_field given;
	enum status status;

	memset(ask, 0, sizeof *ask);
	snprintf(why, EXPORTER_WHY_SIZE, "The part after the \"?\" cannot be read.");
	if (length >= sizeof query)
		return ST_BAD_REQUEST;
	memcpy(query, length == 0 ? "" : request->query, length + 1);
	while ((status = form_next(&at, query + length, &given)) == ST_OK)
		if (take(ask, wanted, &given, why) != ST_OK)
			return ST_BAD_REQUEST;
	return status == ST_UNKNOWN ? settle(ask, wanted, why) : ST_BAD_REQUEST;
}

/* ---- the process ---- */

static _Noreturn void
become_export(const struct exporter *exporter, const struct exporter_ask *ask, pid_t parent,
    int out, int complaints)
{
	const char *words[2 * EXPORTER_FIELD_END + 12] = { exporter->program,
	    "export", ask->value[EXPORTER_KIND], "--db", exporter->db,
	    "--quiet", "--by", "api", "--output", "-" };
	size_t count = 10, i;

	for (i = 0; i < EXPORTER_FIELD_END; i++)
		if (fields[i].option != NULL && ask->value[i][0] != '\0') {
			words[count++] = fields[i].option;
			words[count++] = ask->value[i];
		}
	child_begin(parent, SIGKILL);
	if (dup2(out, STDOUT_FILENO) < 0 || dup2(complaints, STDERR_FILENO) < 0 ||
	    setpriority(PRIO_PROCESS, 0, NICE) != 0)
		_exit(127);
	execv(exporter->program, (char *const *)(uintptr_t)words);
	_exit(127);
}

/*
 * Run the export with its output and complaints into these files. ST_OK: it ended by itself, with
 * exit code *code. ST_BUSY: it was ended.
 */
static enum status
run(const struct exporter *exporter, const struct request *request, const struct exporter_ask *ask,
    FILE *out, FILE *complaints, int *code)
{
	static const char *const reasons[] = { [CHILD_LEFT] = "The client left.",
	    [CHILD_STOPPED] = "turnoutd stops.", [CHILD_LATE] = "It took too long." };
	pid_t parent = getpid(), pid = fork();
	enum child_end end;

	if (pid < 0)
		return ST_FAULT;
	if (pid == 0)
		become_export(exporter, ask, parent, fileno(out), fileno(complaints));
	end = child_wait(pid, http_socket(request), exporter->stop, EXPORTER_MAX_MS, code);
	if (end == CHILD_ENDED)
		return ST_OK;
	log_event("event=export_ended message=\"%s\"", reasons[end]);
	return ST_BUSY;
}

/*
 * The first line of complaint, without the name of the program; "" when there is none.
 */
static void
read_complaint(FILE *complaints, char why[EXPORTER_WHY_SIZE])
{
	static const char name[] = "turnout: ";

	rewind(complaints);
	if (fgets(why, EXPORTER_WHY_SIZE, complaints) == NULL)
		why[0] = '\0';
	why[strcspn(why, "\n")] = '\0';
	if (strncmp(why, name, sizeof name - 1) == 0)
		memmove(why, why + sizeof name - 1, strlen(why + sizeof name - 1) + 1);
	why[0] = (char)toupper((unsigned char)why[0]);
}

static void
refuse(FILE *complaints, int code, const struct said_reader *reader, struct reply *reply)
{
	char why[EXPORTER_WHY_SIZE];

	read_complaint(complaints, why);
	if (code == status_info(ST_USAGE)->exit && is_text(why, strlen(why))) {
		register_refuse_why(reply, ST_BAD_REQUEST, why);
		return;
	}
	log_event("event=fault message=\"turnout export ended with %d: %s\"", code, why);
	register_refuse(reply, reader, code == status_info(ST_LOCKED)->exit ? ST_BUSY : ST_FAULT,
	    NULL, true);
}

/* Make the file `out` the reply, which then owns it. */
static enum status
send_whole(const struct exporter_ask *ask, FILE *out, struct reply *reply)
{
	const char *const parts[] = { ask->club, ask->value[EXPORTER_KIND],
	    ask->value[EXPORTER_GROUP], ask->value[EXPORTER_PERSON],
	    ask->value[EXPORTER_FROM], ask->value[EXPORTER_TO] };
	size_t format = find_format(ask->value[EXPORTER_FORMAT]);
	char name[sizeof reply->file_name - 8];
	struct stat info;

	if (fstat(fileno(out), &info) != 0)
		return ST_FAULT;
	name_slugs(parts, sizeof parts / sizeof parts[0], name, sizeof name);
	if (ask->value[EXPORTER_PAGE][0] == '\0')
		snprintf(reply->file_name, sizeof reply->file_name, "%s.%s", name,
		    formats[format].ending);
	reply->http = 200;
	reply->type = formats[format].type;
	reply->is_secret = true;
	reply->file = out;
	reply->length = (size_t)info.st_size;
	return ST_OK;
}

/* Count one more running export; false when there are enough. */
static bool
enter(struct exporter *exporter)
{
	if (atomic_fetch_add(&exporter->running, 1) < EXPORTER_RUNNING_MAX)
		return true;
	atomic_fetch_sub(&exporter->running, 1);
	return false;
}

void
exporter_answer(struct exporter *exporter, const struct request *request,
    const struct exporter_ask *ask, const struct said_reader *reader, struct reply *reply)
{
	FILE *out, *complaints;
	enum status status = ST_FAULT;
	int code = 0;

	if (!enter(exporter)) {
		register_refuse(reply, reader, ST_BUSY, NULL, true);
		return;
	}
	out = tmpfile();
	complaints = tmpfile();
	if (out != NULL && complaints != NULL)
		status = run(exporter, request, ask, out, complaints, &code);
	if (status == ST_OK && code == 0)
		status = send_whole(ask, out, reply);
	else if (status == ST_OK)
		refuse(complaints, code, reader, reply);
	if (status != ST_OK)
		register_refuse(reply, reader, status, NULL, true);
	if (out != NULL && reply->file == NULL)
		(void)fclose(out);
	if (complaints != NULL)
		(void)fclose(complaints);
	atomic_fetch_sub(&exporter->running, 1);
}
