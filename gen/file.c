// SPDX-License-Identifier: ISC
/* file.c: see file.h. */
#include "gen/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

bool
file_read(const char *path, struct buffer *content)
{
	int file = open(path, O_RDONLY | O_CLOEXEC), saved;
	struct stat info;
	ssize_t length;

	if (file < 0)
		return false;
	/*
	 * Room for the whole file, and one byte by which its end is noticed. Pipes, and files that
	 * report a size of 0, make it grow.
	 */
	buffer_reserve(content,
	    fstat(file, &info) == 0 && info.st_size > 0 ? (size_t)info.st_size + 1 : 4096);
	do {
		buffer_reserve(content, 1);
		length = read(file, content->data + content->length,
		    content->capacity - content->length);
		if (length > 0)
			content->length += (size_t)length;
	} while (length > 0 || (length < 0 && errno == EINTR));
	saved = errno;
	(void)close(file);	/* only read from */
	errno = saved;
	return length == 0;
}

bool
file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}
