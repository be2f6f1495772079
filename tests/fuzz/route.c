// SPDX-License-Identifier: ISC
/*
 * route.c: whatever is requested as an address: it has one meaning, its argument is part of it, and
 * nothing leads elsewhere. Input: a byte for the method, the path.
 */
#include "core/route.h"
#include "tests/fuzz/fuzz.h"

static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get",
    "" };

static bool
is_allowed(const char *method, const char *allow)
{
	if (strcmp(allow, "GET, HEAD") == 0)
		return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
	HOLDS(strcmp(allow, "GET") == 0 || strcmp(allow, "POST") == 0);
	return strcmp(method, allow) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *method = methods[size > 0 ? data[0] % (sizeof methods / sizeof methods[0]) : 0];
	char *path = fuzz_text(size > 0 ? data + 1 : data, size > 0 ? size - 1 : 0);
	size_t length = strlen(path);
	struct target target;
	enum status status;

	memset(&target, 0xA5, sizeof target);
	status = route_find(method, path, &target);
	HOLDS((status == ST_BAD_REQUEST) == !route_path_valid(path));
	HOLDS(target.route < ROUTE_END && target.allow != NULL);
	HOLDS(target.is_api == (strncmp(path, "/api/", 5) == 0 ||
	    strncmp(path, "/health/", 8) == 0));
	if (status != ST_BAD_REQUEST) {
		HOLDS((status == ST_OK) == is_allowed(method, target.allow) &&
		    (status == ST_OK || status == ST_BAD_METHOD));
		HOLDS(length <= 1000 && path[0] == '/' && strstr(path, "//") == NULL &&
		    strstr(path, "/../") == NULL);
		HOLDS(length < 3 || strcmp(path + length - 3, "/..") != 0);
		HOLDS(target.argument == NULL ||
		    (target.argument > path && target.argument + target.length <= path + length));
		HOLDS(target.route == ROUTE_FILE || target.argument == NULL ||
		    memchr(target.argument, '/', target.length) == NULL);
	}
	free(path);
	return 0;
}
