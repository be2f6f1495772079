// SPDX-License-Identifier: ISC
/* target.h: what --to may name: a folder, a place that rsync reaches, or a command. */
#ifndef TURNOUT_TARGET_H
#define TURNOUT_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

enum target_kind {
	TARGET_COMMAND,		/* anything else */
	TARGET_FOLDER,		/* an existing folder, or a name that ends in a slash */
	/* rsync:HOST:PATH, rsync:USER@HOST:PATH, rsync:HOST::MODULE, rsync://HOST/MODULE */
	TARGET_REMOTE,
};

/*
 * Is `target` any of these? Blanks alone are not, nor is a host that begins with a hyphen, which
 * ssh would take for an option.
 */
bool		target_is_valid(const char *target);

/* Of which kind a valid target is at the moment: the folder of a USB stick may come and go. */
enum target_kind target_kind(const char *target);

/* The absolute path of a folder, which need not exist yet. */
void		target_folder(const char *folder, char path[PATH_MAX]);

/*
 * The destination, as rsync expects it, with a slash at the end. `size` is at least PATH_MAX + 8.
 * Not meaningful for a command.
 */
void		target_place(const char *target, char *place, size_t size);

#endif
