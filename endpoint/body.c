// SPDX-License-Identifier: ISC
/* body.c: see body.h. */
#include "endpoint/body.h"

#include <ctype.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum field { FIELD_CODE, FIELD_TOKEN, FIELD_SESSION, FIELD_NAME, FIELD_NONCE, FIELD_END };

static const char *const field_names[FIELD_END] = {
	[FIELD_CODE] = "code", [FIELD_TOKEN] = "token", [FIELD_SESSION] = "session_id",
	[FIELD_NAME] = "runner_name", [FIELD_NONCE] = "nonce",
};

/* What has been said so far; the texts lie in the body or in the parsed JSON. */
struct fields {
	struct { const char *text; size_t length; } value[FIELD_END];
	char		*why;
};

enum status
body_kind(const char *type, enum body_kind *kind)
{
	static const char *const types[] = { [BODY_JSON] = "application/json",
	    [BODY_FORM] = "application/x-www-form-urlencoded" };
	enum body_kind candidate;
	size_t length;

	if (type == NULL)
		return ST_BAD_TYPE;
	length = strcspn(type, "; \t");
	for (candidate = BODY_JSON; candidate <= BODY_FORM; candidate++)
		if (strlen(types[candidate]) == length && strncasecmp(type, types[candidate], length) == 0) {
			*kind = candidate;
			return ST_OK;
		}
	return ST_BAD_TYPE;
}

static enum status __attribute__((format(printf, 2, 3)))
refuse(struct fields *fields, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(fields->why, BODY_WHY_SIZE, format, arguments);
	va_end(arguments);
	return ST_BAD_REQUEST;
}

/* Name an unknown field without repeating what is not plain text in it. */
static enum status
refuse_unknown(struct fields *fields, const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0' && i <= 40; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_' && name[i] != '-')
			break;
	if (name[0] == '\0' || name[i] != '\0')
		return refuse(fields, "There is a field that is not known here.");
	return refuse(fields, "The field \"%s\" is not known here.", name);
}

/* Remember one field; `text` is borrowed, NULL when it was no text. */
static enum status
take_field(struct fields *fields, const char *name, const char *text, size_t length)
{
	enum field field;

	for (field = 0; field < FIELD_END; field++)
		if (strcmp(name, field_names[field]) == 0)
			break;
	if (field == FIELD_END)
		return refuse_unknown(fields, name);
	if (text == NULL)
		return refuse(fields, "The field \"%s\" must be text.", name);
	if (fields->value[field].text != NULL)
		return refuse(fields, "The field \"%s\" is there twice.", name);
	if (memchr(text, '\0', length) != NULL)
		return refuse(fields, "The field \"%s\" has a zero byte in it.", name);
	fields->value[field].text = text;
	fields->value[field].length = length;
	return ST_OK;
}

static enum status
copy_field(struct fields *fields, enum field field, char *to, size_t size)
{
	size_t length = fields->value[field].length;

	if (length >= size)
		return field == FIELD_NAME ? ST_NAME_BAD :
		    refuse(fields, "The field \"%s\" is too long.", field_names[field]);
	if (length > 0)
		memcpy(to, fields->value[field].text, length);
	to[length] = '\0';
	return ST_OK;
}

static enum status
fill_attempt(struct fields *fields, struct attempt *attempt)
{
	enum field code = fields->value[FIELD_TOKEN].length > 0 ? FIELD_TOKEN : FIELD_CODE;
	enum status status;
	const char *at;

	if (fields->value[FIELD_TOKEN].length > 0 && fields->value[FIELD_CODE].length > 0)
		return refuse(fields, "The fields \"code\" and \"token\" mean the same; send one of them.");
	status = copy_field(fields, code, attempt->code, sizeof attempt->code);
	if (status == ST_OK)
		status = copy_field(fields, FIELD_SESSION, attempt->session, sizeof attempt->session);
	if (status == ST_OK)
		status = copy_field(fields, FIELD_NONCE, attempt->nonce, sizeof attempt->nonce);
	if (status == ST_OK)
		status = copy_field(fields, FIELD_NAME, attempt->name, sizeof attempt->name);
	if (status != ST_OK)
		return status;
	for (at = attempt->nonce; *at != '\0'; at++)
		if ((unsigned char)*at <= 0x20 || (unsigned char)*at >= 0x7f)
			return refuse(fields, "The field \"nonce\" has other than printable ASCII in it.");
	return attempt->name[0] == '\0' ? ST_NAME_BAD : ST_OK;
}

/* ---- JSON ---- */

/* The deepest nesting in `length` bytes of JSON, brackets in strings not counted. */
static int
depth_of(const char *text, size_t length)
{
	int depth = 0, deepest = 0;
	bool is_string = false;
	size_t i;

	for (i = 0; i < length; i++) {
		if (is_string) {
			if (text[i] == '\\')
				i++;
			else if (text[i] == '"')
				is_string = false;
		} else if (text[i] == '"')
			is_string = true;
		else if (text[i] == '{' || text[i] == '[') {
			if (++depth > deepest)
				deepest = depth;
		} else if (text[i] == '}' || text[i] == ']')
			depth--;
	}
	return deepest;
}

static enum status
read_json(const char *body, size_t length, struct fields *fields, struct attempt *attempt)
{
	enum status status = ST_OK;
	json_error_t error;
	json_t *root, *value;
	const char *name;

	if (depth_of(body, length) > BODY_DEPTH_MAX)
		return refuse(fields, "The JSON is nested too deeply.");
	root = json_loadb(body, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (root == NULL && json_error_code(&error) == json_error_out_of_memory)
		return ST_FAULT;
	if (root == NULL)
		status = json_error_code(&error) == json_error_duplicate_key ?
		    refuse(fields, "A field is there twice.") :
		    refuse(fields, "The JSON cannot be read (line %d, column %d).", error.line, error.column);
	else if (!json_is_object(root))
		status = refuse(fields, "The JSON must be one object.");
	else
		json_object_foreach(root, name, value) {
			status = take_field(fields, name, json_string_value(value), json_string_length(value));
			if (status != ST_OK)
				break;
		}
	if (status == ST_OK)
		status = fill_attempt(fields, attempt);
	json_decref(root);
	return status;
}

/* ---- forms ---- */

static int
hex_value(char digit)
{
	const char *digits = "0123456789abcdef", *at = digit == '\0' ? NULL : strchr(digits, tolower((unsigned char)digit));

	return at == NULL ? -1 : (int)(at - digits);
}

/* Undo percent-encoding in place up to `end`, NUL behind it; false when it is malformed. */
static bool
decode(char *text, const char *end, size_t *length)
{
	char *to = text;

	*length = 0;
	while (text < end) {
		if (*text == '%') {
			int high = end - text > 2 ? hex_value(text[1]) : -1, low = high < 0 ? -1 : hex_value(text[2]);

			if (low < 0)
				return false;
			*to = (char)(high * 16 + low);
			text += 3;
		} else {
			*to = *text == '+' ? ' ' : *text;
			text++;
		}
		to++;
		(*length)++;
	}
	*to = '\0';
	return true;
}

static enum status
read_form(char *body, size_t length, struct fields *fields, struct attempt *attempt)
{
	char *at = body, *end = body + length;
	enum status status = ST_OK;

	while (at < end && status == ST_OK) {
		char *stop = memchr(at, '&', (size_t)(end - at)), *equals;
		size_t name_length, value_length;

		if (stop == NULL)
			stop = end;
		equals = memchr(at, '=', (size_t)(stop - at));
		if (equals == NULL)
			return refuse(fields, "The form cannot be read.");
		if (!decode(equals + 1, stop, &value_length) || !decode(at, equals, &name_length) ||
		    memchr(at, '\0', name_length) != NULL)
			return refuse(fields, "The form cannot be read.");
		status = take_field(fields, at, equals + 1, value_length);
		at = stop + 1;
	}
	return status == ST_OK ? fill_attempt(fields, attempt) : status;
}

enum status
body_read(enum body_kind kind, char *body, size_t length, struct attempt *attempt, char why[BODY_WHY_SIZE])
{
	struct fields fields = { .why = why };

	why[0] = '\0';
	attempt->code[0] = attempt->session[0] = attempt->name[0] = attempt->nonce[0] = '\0';
	switch (kind) {
	case BODY_JSON:
		return read_json(body, length, &fields, attempt);
	case BODY_FORM:
		return read_form(body, length, &fields, attempt);
	}
	return ST_FAULT;
}
