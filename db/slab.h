// SPDX-License-Identifier: ISC
/*
 * slab.h: small pieces of memory for SQLite, which asks for some twenty thousand to read its schema
 * and to prepare the statements of one publish. Debian builds it without its own way for these
 * (lookaside), and malloc is a quarter of such a process.
 *
 * A piece begins with a word that says how large it is. Up to a kibibyte it comes from a list of
 * its size, and goes back to one: each thread has its lists, so nobody waits for a lock. Larger
 * ones are malloc's, and so are those beyond what all lists may have, 640 KiB: it stays the
 * process's. What one thread has too much of others take when they have none. Sizes are bytes, and
 * int as SQLite has them.
 */
#ifndef TURNOUT_SLAB_H
#define TURNOUT_SLAB_H

/* `size` bytes, at an address that 8 divides; NULL: there is no memory left. For slab_give. */
void	*slab_take(int size);
void	 slab_give(void *piece);		/* NULL is accepted */

/* The piece with another size, perhaps elsewhere; NULL, and it is as it was, without memory. */
void	*slab_resize(void *piece, int size);

/* How many bytes the piece has, which is what slab_round says of the size it was asked for with. */
int	 slab_size(void *piece);		/* 0 for NULL */
int	 slab_round(int size);

/* What the calling thread has in its lists is for all: for one that ends, or does another thing. */
void	 slab_rest(void);

#endif
