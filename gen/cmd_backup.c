// SPDX-License-Identifier: ISC
/* cmd_backup.c: makes a copy of the database, reads it back, and prints its size and checksum. */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "gen/command.h"

/*
 * Read the whole file for its SHA-256 (FIPS 180-4), in hexadecimal, and its size in bytes. False
 * with errno when it cannot be read.
 */
static bool
sum_file(const char *path, char sum[crypto_hash_sha256_BYTES * 2 + 1], uint64_t *size)
{
	unsigned char block[65536], hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	FILE *file = fopen(path, "re");
	size_t length;
	bool is_read;

	if (file == NULL)
		return false;
	*size = 0;
	crypto_hash_sha256_init(&state);
	while ((length = fread(block, 1, sizeof(block), file)) > 0) {
		crypto_hash_sha256_update(&state, block, length);
		*size += length;
	}
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(sum, sizeof(hash) * 2 + 1, hash, sizeof(hash));
	is_read = !ferror(file);
	(void)fclose(file);		/* only read from */
	return is_read;
}

enum status
command_backup(struct call *call)
{
	const char *path = call->words[0];
	char sum[crypto_hash_sha256_BYTES * 2 + 1];
	uint64_t size;
	json_t *object, *name;
	enum status status = store_backup(call->store, path);

	if (status != ST_OK)
		return call_fail_store(call, status, "No backup was made.");
	if (!sum_file(path, sum, &size))
		return call_fail(call, ST_FAULT,
		    "%s was written but cannot be read back: %s. Do not rely on it.", path,
		    strerror(errno));
	if (call->is_json) {
		name = json_string(path);		/* NULL when the name is not UTF-8 */
		object = listing_pack("{s:o,s:I,s:s}", "file", name != NULL ? name : json_null(),
		    "size", (json_int_t)size, "sha256", sum);
		listing_json(stdout, object);
		json_decref(object);
	} else {
		printf("%s  %" PRIu64 " bytes  sha256 %s\n", path, size, sum);
	}
	call_tell(call, "It was read back and is whole. It holds names and secret keys: keep it "
	    "private.");
	return ST_OK;
}
