// SPDX-License-Identifier: ISC
/*
 * target.h: what --to may name: a folder, a place that rsync reaches, a command.
 */
#ifndef TURNOUT_TARGET_H
#define TURNOUT_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

enum target_kind {
	TARGET_COMMAND,		/* anything else */
	TARGET_FOLDER,		/* a folder that is there, or a name that ends in a slash */
	/* rsync:HOST:PATH, rsync:USER@HOST:PATH, rsync:HOST::MODULE, rsync://HOST/MODULE */
	TARGET_REMOTE,
};

/*
 * Is it any of these? Blanks alone are not, nor is a host that begins with a hyphen: ssh would take
 * it for an option.
 */
bool		target_is_valid(const char *target);

/* What kind a valid one is just now: a folder may come and go, a stick that is pulled out. */
enum target_kind target_kind(const char *target);

/* The whole path of a folder, which may have to be made yet. */
void		target_folder(const char *folder, char path[PATH_MAX]);

/*
 * Where rsync puts things, as it wants to be told: with a slash behind it. `size` at least PATH_MAX
 * + 8. A command's is of no use.
 */
void		target_place(const char *target, char *place, size_t size);

#endif
