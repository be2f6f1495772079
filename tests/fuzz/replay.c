// SPDX-License-Identifier: ISC
/*
 * replay.c: feeds a fuzz target every file of a folder, and every prefix of each; for compilers
 * without libFuzzer.
 */
#include <dirent.h>

#include "tests/fuzz/fuzz.h"

#define INPUT_MAX	65536

/* One file, whole and cut short. */
static void
replay(const char *folder, const char *name)
{
	static uint8_t input[INPUT_MAX];
	char path[1024];
	size_t size, cut;
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "rb");
	HOLDS(file != NULL);
	size = fread(input, 1, sizeof input, file);
	HOLDS(fclose(file) == 0);
	LLVMFuzzerTestOneInput(input, size);
	for (cut = 0; cut < size && cut < 128; cut++)
		LLVMFuzzerTestOneInput(input, cut);
}

int
main(int argc, char **argv)
{
	struct dirent *entry;
	int count = 0;
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;

	if (folder == NULL) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.') {
			replay(argv[1], entry->d_name);
			count++;
		}
	closedir(folder);
	printf("%d passed, 0 failed\n", count);
	return count > 0 ? 0 : 1;
}
