// SPDX-License-Identifier: ISC
/* body.c: see body.h. */
#include "endpoint/body.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/code.h"
#include "endpoint/form.h"

enum field {
	FIELD_CODE, FIELD_TOKEN, FIELD_SESSION, FIELD_RECEIPT, FIELD_NAME, FIELD_NONCE, FIELD_CLAIM,
	FIELD_LANG, FIELD_SEEN_AT, FIELD_LATITUDE, FIELD_LONGITUDE, FIELD_ACCURACY,
	FIELD_ACCESS_POINTS, FIELD_END
};

enum shape { SHAPE_TEXT, SHAPE_WHOLE, SHAPE_NUMBER, SHAPE_LIST };

#define IN(use)	(1u << (use))
#define IN_ALL	(IN(BODY_CHECK_IN) | IN(BODY_SCAN) | IN(BODY_PHONE) | IN(BODY_SUGGEST))

static const struct { const char *name; enum shape shape; unsigned int uses; } known[FIELD_END] = {
	[FIELD_CODE] = { "code", SHAPE_TEXT, IN_ALL },
	[FIELD_TOKEN] = { "token", SHAPE_TEXT, IN_ALL },
	[FIELD_SESSION] = { "session_id", SHAPE_TEXT, IN_ALL },
	[FIELD_RECEIPT] = { "receipt", SHAPE_TEXT,
	    IN(BODY_CHECK_IN) | IN(BODY_PHONE) | IN(BODY_SUGGEST) },
	[FIELD_NAME] = { "runner_name", SHAPE_TEXT, IN(BODY_CHECK_IN) | IN(BODY_SUGGEST) },
	[FIELD_NONCE] = { "nonce", SHAPE_TEXT, IN(BODY_CHECK_IN) | IN(BODY_SCAN) },
	[FIELD_CLAIM] = { "claim", SHAPE_TEXT, IN(BODY_CHECK_IN) | IN(BODY_SCAN) | IN(BODY_PHONE) },
	[FIELD_LANG] = { "lang", SHAPE_TEXT, IN_ALL },
	[FIELD_SEEN_AT] = { "seen_at", SHAPE_WHOLE, IN(BODY_CHECK_IN) },
	[FIELD_LATITUDE] = { "latitude", SHAPE_NUMBER, IN(BODY_CHECK_IN) },
	[FIELD_LONGITUDE] = { "longitude", SHAPE_NUMBER, IN(BODY_CHECK_IN) },
	[FIELD_ACCURACY] = { "accuracy_m", SHAPE_NUMBER, IN(BODY_CHECK_IN) },
	[FIELD_ACCESS_POINTS] = { "access_points", SHAPE_LIST, IN(BODY_CHECK_IN) },
};

/*
 * The fields read so far. Texts are in the body or in the parsed JSON, and so is the list.
 */
struct fields {
	struct { bool is_there; const char *text; size_t length; double number; int64_t whole;
	    } value[FIELD_END];
	json_t		*list;
	enum body_use	use;
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
		if (strlen(types[candidate]) == length &&
		    strncasecmp(type, types[candidate], length) == 0) {
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

/* Name an unknown field, unless its name is not plain text. */
static enum status
refuse_unknown(struct fields *fields, const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0' && i <= 40; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_' && name[i] != '-')
			break;
	if (name[0] == '\0' || name[i] != '\0')
		return refuse(fields, "One of the fields is not known.");
	return refuse(fields, "The field \"%s\" is not known.", name);
}

/*
 * The field of that name; ST_BAD_REQUEST when it is unknown in a body of this use, or came before.
 */
static enum status
find_field(struct fields *fields, const char *name, enum field *field)
{
	for (*field = 0; *field < FIELD_END; (*field)++)
		if (strcmp(name, known[*field].name) == 0)
			break;
	if (*field == FIELD_END || (known[*field].uses & IN(fields->use)) == 0)
		return refuse_unknown(fields, name);
	if (fields->value[*field].is_there)
		return refuse(fields, "The field \"%s\" was sent twice.", name);
	return ST_OK;
}

/* Remember a text, borrowed. */
static enum status
take_text(struct fields *fields, enum field field, const char *text, size_t length)
{
	if (memchr(text, '\0', length) != NULL)
		return refuse(fields, "The field \"%s\" has a zero byte in it.", known[field].name);
	fields->value[field].is_there = true;
	fields->value[field].text = text;
	fields->value[field].length = length;
	return ST_OK;
}

/* Remember a number. */
static enum status
take_number(struct fields *fields, enum field field, double number, int64_t whole)
{
	fields->value[field].is_there = true;
	fields->value[field].number = number;
	fields->value[field].whole = whole;
	return ST_OK;
}

static enum status
copy_field(struct fields *fields, enum field field, char *to, size_t size)
{
	size_t length = fields->value[field].length;

	if (length >= size)
		return field == FIELD_NAME ? ST_NAME_BAD :
		    refuse(fields, "The field \"%s\" is too long.", known[field].name);
	if (length > 0)
		memcpy(to, fields->value[field].text, length);
	to[length] = '\0';
	return ST_OK;
}

/* A mark is printable ASCII. */
static enum status
copy_mark(struct fields *fields, enum field field, char *to, size_t size)
{
	enum status status = copy_field(fields, field, to, size);
	const char *at;

	for (at = to; status == ST_OK && *at != '\0'; at++)
		if ((unsigned char)*at <= 0x20 || (unsigned char)*at >= 0x7f)
			status = refuse(fields,
			    "The field \"%s\" must be printable ASCII.",
			    known[field].name);
	return status;
}

/* Latitude, longitude and accuracy: all three, each in its range, or none. */
static enum status
fill_position(struct fields *fields, struct attempt *attempt)
{
	int there = fields->value[FIELD_LATITUDE].is_there + fields->value[FIELD_LONGITUDE].is_there
	    + fields->value[FIELD_ACCURACY].is_there;

	attempt->has_position = there == 3;
	attempt->point = (struct place_point){ fields->value[FIELD_LATITUDE].number,
	    fields->value[FIELD_LONGITUDE].number };
	attempt->accuracy_m = fields->value[FIELD_ACCURACY].number;
	if (there != 0 && there != 3)
		return refuse(fields,
		    "The fields \"latitude\", \"longitude\" and \"accuracy_m\" go together.");
	if (there == 3 && (!place_point_valid(&attempt->point) ||
	    !(attempt->accuracy_m >= 0 && attempt->accuracy_m <= 1e9)))
		return refuse(fields, "The position is nowhere on earth.");
	return ST_OK;
}

/* The entries of the list that name an access point. */
static enum status
fill_access_points(struct fields *fields, struct attempt *attempt)
{
	size_t i, count = json_array_size(fields->list);

	attempt->n_access_points = 0;
	if (count > ATTEMPT_ACCESS_POINTS)
		return refuse(fields, "The field \"access_points\" has more than %d in it.",
		    ATTEMPT_ACCESS_POINTS);
	for (i = 0; i < count; i++) {
		const json_t *text = json_array_get(fields->list, i);

		if (!json_is_string(text))
			return refuse(fields,
			    "The field \"access_points\" must be a list of texts.");
		if (place_bssid_tidy(json_string_value(text),
		    attempt->access_points[attempt->n_access_points]) == ST_OK)
			attempt->n_access_points++;
	}
	return ST_OK;
}

static enum status
fill_attempt(struct fields *fields, struct attempt *attempt)
{
	enum field code = fields->value[FIELD_TOKEN].length > 0 ? FIELD_TOKEN : FIELD_CODE;
	enum status status;

	if (fields->value[FIELD_TOKEN].length > 0 && fields->value[FIELD_CODE].length > 0)
		return refuse(fields,
		    "The fields \"code\" and \"token\" mean the same; send one of them.");
	attempt->has_seen_at = fields->value[FIELD_SEEN_AT].is_there;
	attempt->seen_at = fields->value[FIELD_SEEN_AT].whole;
	status = copy_field(fields, code, attempt->code, sizeof attempt->code);
	if (status == ST_OK)
		code_plain(attempt->code);
	if (status == ST_OK)
		status = copy_field(fields, FIELD_SESSION, attempt->session,
		    sizeof attempt->session);
	if (status == ST_OK)
		status = copy_field(fields, FIELD_RECEIPT, attempt->receipt,
		    sizeof attempt->receipt);
	if (status == ST_OK)
		status = copy_mark(fields, FIELD_NONCE, attempt->nonce, sizeof attempt->nonce);
	if (status == ST_OK)
		status = copy_mark(fields, FIELD_CLAIM, attempt->claim, sizeof attempt->claim);
	if (status == ST_OK)
		status = copy_mark(fields, FIELD_LANG, attempt->lang, sizeof attempt->lang);
	if (status == ST_OK)
		status = fill_position(fields, attempt);
	if (status == ST_OK)
		status = fill_access_points(fields, attempt);
	if (status == ST_OK)
		status = copy_field(fields, FIELD_NAME, attempt->name, sizeof attempt->name);
	return status == ST_OK && fields->use == BODY_CHECK_IN && attempt->name[0] == '\0'
	    ? ST_NAME_BAD : status;
}

/* ---- JSON ---- */

/* How deeply brackets are nested in `length` bytes of JSON, outside strings. */
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

/* Remember one field of the object, if its type is right. */
static enum status
take_json(struct fields *fields, enum field field, json_t *value)
{
	const char *name = known[field].name;

	switch (known[field].shape) {
	case SHAPE_TEXT:
		return json_is_string(value)
		    ? take_text(fields, field, json_string_value(value), json_string_length(value))
		    : refuse(fields, "The field \"%s\" must be text.", name);
	case SHAPE_WHOLE:
		return json_is_integer(value)
		    ? take_number(fields, field, 0, json_integer_value(value))
		    : refuse(fields, "The field \"%s\" must be a whole number.", name);
	case SHAPE_NUMBER:
		return json_is_number(value)
		    ? take_number(fields, field, json_number_value(value), 0)
		    : refuse(fields, "The field \"%s\" must be a number.", name);
	case SHAPE_LIST:
		fields->list = value;
		return json_is_array(value) ? take_number(fields, field, 0, 0)
		    : refuse(fields, "The field \"%s\" must be a list of texts.", name);
	}
	return ST_FAULT;
}

static enum status
read_json(const char *body, size_t length, struct fields *fields, struct attempt *attempt)
{
	enum status status = ST_OK;
	json_error_t error;
	json_t *root, *value;
	enum field field;
	const char *name;

	if (depth_of(body, length) > BODY_DEPTH_MAX)
		return refuse(fields, "The JSON is nested too deeply.");
	root = json_loadb(body, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (root == NULL && json_error_code(&error) == json_error_out_of_memory)
		return ST_FAULT;
	if (root == NULL)
		status = json_error_code(&error) == json_error_duplicate_key ?
		    refuse(fields, "A field was sent twice.") :
		    refuse(fields, "The JSON cannot be read (line %d, column %d).", error.line,
		        error.column);
	else if (!json_is_object(root))
		status = refuse(fields, "The JSON must be one object.");
	else
		json_object_foreach(root, name, value) {
			status = find_field(fields, name, &field);
			if (status == ST_OK)
				status = take_json(fields, field, value);
			if (status != ST_OK)
				break;
		}
	if (status == ST_OK)
		status = fill_attempt(fields, attempt);
	json_decref(root);
	return status;
}

/* ---- forms ---- */

/*
 * Remember one field of a form. A number is written as in JSON; an empty one counts as missing.
 */
static enum status
take_form(struct fields *fields, enum field field, const char *text, size_t length)
{
	bool is_whole = known[field].shape == SHAPE_WHOLE;
	char *end;
	double number;
	int64_t whole;

	if (known[field].shape == SHAPE_LIST)
		return refuse(fields, "The field \"%s\" can only be sent in "
		    "JSON.", known[field].name);
	if (known[field].shape == SHAPE_TEXT)
		return take_text(fields, field, text, length);
	if (length == 0)
		return ST_OK;
	errno = 0;
	whole = is_whole ? strtoll(text, &end, 10) : 0;
	number = is_whole ? 0 : strtod(text, &end);
	if (errno != 0 || end != text + length ||
	    strspn(text, is_whole ? "-0123456789" : "+-.0123456789eE") != length)
		return refuse(fields, "The field \"%s\" must be a %snumber.", known[field].name,
		    is_whole ? "whole " : "");
	return take_number(fields, field, number, whole);
}

static enum status
read_form(char *body, size_t length, struct fields *fields, struct attempt *attempt)
{
	char *at = body;
	struct form_field given;
	enum field field;
	enum status status;

	while ((status = form_next(&at, body + length, &given)) == ST_OK) {
		status = find_field(fields, given.name, &field);
		if (status == ST_OK)
			status = take_form(fields, field, given.value, given.length);
		if (status != ST_OK)
			return status;
	}
	return status == ST_UNKNOWN ? fill_attempt(fields, attempt)
	    : refuse(fields, "The form cannot be read.");
}

enum status
body_read(enum body_kind kind, enum body_use use, char *body, size_t length,
    struct attempt *attempt, char why[BODY_WHY_SIZE])
{
	struct fields fields = { .use = use, .why = why };

	why[0] = '\0';
	attempt->code[0] = attempt->session[0] = attempt->name[0] = attempt->nonce[0] = '\0';
	attempt->receipt[0] = attempt->claim[0] = '\0';
	attempt->has_seen_at = attempt->has_position = false;
	attempt->n_access_points = 0;
	switch (kind) {
	case BODY_JSON:
		return read_json(body, length, &fields, attempt);
	case BODY_FORM:
		return read_form(body, length, &fields, attempt);
	}
	return ST_FAULT;
}
