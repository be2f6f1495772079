// SPDX-License-Identifier: ISC
/* reply.c: see reply.h. */
#include "endpoint/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "endpoint/log.h"

static const char *
reason(int http)
{
	static const struct { int http; const char *reason; } table[] = {
		{ 200, "OK" }, { 201, "Created" }, { 301, "Moved Permanently" },
		{ 303, "See Other" },
		{ 304, "Not Modified" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 408, "Request Timeout" }, { 409, "Conflict" },
		{ 410, "Gone" },
		{ 411, "Length Required" }, { 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" }, { 500, "Internal Server Error" },
		{ 503, "Service Unavailable" }, { 507, "Insufficient Storage" },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (table[i].http == http)
			return table[i].reason;
	return "Unknown";
}

/*
 * Append `text`, or nothing if it does not fit. Not by printf, which took half the time of an
 * answer.
 */
static void
append(struct reply_head *head, const char *text)
{
	size_t length = strlen(text);

	if (length > sizeof head->text - head->length)
		return;
	memcpy(head->text + head->length, text, length);
	head->length += length;
}

/* Append the line "name: value", unless the value is empty or has a control byte. */
static void
add_header(struct reply_head *head, const char *name, const char *value)
{
	const char *at;

	if (value == NULL || value[0] == '\0')
		return;
	for (at = value; *at != '\0'; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			return;
	append(head, name);
	append(head, ": ");
	append(head, value);
	append(head, "\r\n");
}

static void
add_number(struct reply_head *head, const char *name, size_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%zu", number);
	add_header(head, name, text);
}

static void
add_date(struct reply_head *head)
{
	time_t now = time(NULL);
	struct tm utc;
	char date[40];

	if (gmtime_r(&now, &utc) != NULL &&
	    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc) > 0)
		add_header(head, "Date", date);
}

/* Compose status line and headers. */
static void
compose_head(struct reply_head *head, const struct reply *reply, bool is_kept)
{
	char text[sizeof reply->file_name + 32];

	head->length = (size_t)snprintf(head->text, sizeof head->text, "HTTP/1.1 %d %s\r\n",
	    reply->http, reason(reply->http));
	add_date(head);
	add_header(head, "X-Request-Id", reply->id);
	add_header(head, "Content-Type", reply->type);
	if (reply->http != 304)
		add_number(head, "Content-Length", reply->length);
	add_header(head, "Cache-Control", reply->cache == NULL ? "no-store" : reply->cache);
	add_header(head, "ETag", reply->etag);
	add_header(head, "Content-Language", reply->language);
	add_header(head, "Vary", reply->is_packable ? "Accept-Encoding" : reply->language[0] != '\0'
	    ? "Accept-Language" : NULL);
	add_header(head, "Content-Encoding", reply->is_packed ? "gzip" : NULL);
	add_header(head, "Location", reply->location);
	add_header(head, "Allow", reply->allow);
	add_header(head, "WWW-Authenticate",
	    reply->is_challenge ? "Bearer realm=\"turnout\"" : NULL);
	if (reply->file_name[0] != '\0') {
		snprintf(text, sizeof text, "attachment; filename=\"%s\"", reply->file_name);
		add_header(head, "Content-Disposition", text);
	}
	if (reply->retry_s > 0)
		add_number(head, "Retry-After", (size_t)reply->retry_s);
	append(head, "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src "
	    "'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
	    "base-uri 'none'; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n");
	append(head, reply->is_secret ? "Referrer-Policy: no-referrer\r\nX-Robots-Tag: noindex\r\n"
	    : "Referrer-Policy: same-origin\r\n");
	append(head, is_kept ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}

char *
reply_compose(struct reply_head *head, const struct reply *reply, bool is_head, bool is_kept,
    size_t *length, size_t *body_length)
{
	char *message = head->text;

	compose_head(head, reply, is_kept);
	*body_length = is_head || reply->body == NULL || reply->http == 304 ? 0 : reply->length;
	*length = head->length + *body_length;
	if (*length > sizeof head->text) {
		message = malloc(*length);
		if (message == NULL) {
			log_event("event=no_memory bytes=%zu", *length);
			abort();	/* nothing acknowledged is lost: it is on disk */
		}
		memcpy(message, head->text, head->length);
	}
	if (*body_length > 0)
		memcpy(message + head->length, reply->body, *body_length);
	return message;
}
