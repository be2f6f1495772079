// SPDX-License-Identifier: ISC
/*
 * slab.h: small pieces of memory for SQLite, which asks for some twenty thousand to read its schema
 * and prepare the statements of one publish. Debian builds it without its own allocator for these
 * (lookaside), and malloc would take a quarter of the process's time.
 *
 * A piece begins with a word that holds its size. A piece of up to a kibibyte, that word included,
 * comes from a list of free pieces of its size and returns to one; each thread has its own lists,
 * so none waits for a lock. Larger pieces are malloc's, and so are those beyond the 640 KiB that
 * all lists together may have, which are never returned to malloc. A thread that has too many of a
 * size hands them to the others. Sizes are bytes, and of type int as in SQLite.
 */
#ifndef TURNOUT_SLAB_H
#define TURNOUT_SLAB_H

/* `size` bytes at a multiple of 8, to be returned by slab_give; NULL for lack of memory. */
void	*slab_take(int size);
void	 slab_give(void *piece);		/* NULL is accepted */

/* The piece (not NULL) resized, maybe moved; NULL, and unchanged, for lack of memory. */
void	*slab_resize(void *piece, int size);

/* How many bytes the piece has: slab_round of the size that was asked for. */
int	 slab_size(void *piece);		/* 0 for NULL */
int	 slab_round(int size);

/* Hand all pieces in the calling thread's lists to the others: it ends, or has other work. */
void	 slab_rest(void);

#endif
