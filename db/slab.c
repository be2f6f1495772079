// SPDX-License-Identifier: ISC
/* slab.c: see slab.h. */
#include "db/slab.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define STEP		16		/* sizes, with the word, are multiples of this */
#define LARGEST		1024		/* the largest size that has a list */
#define CLASSES		(LARGEST / STEP + 1)
#define CHUNK_BYTES	(32 << 10)	/* pieces are cut from chunks of this size */
#define CHUNKS		20		/* the most chunks: some queries want megabytes */
#define BATCH_BYTES	1024		/* taken at once by a thread whose list is empty */
#define LIST_BYTES	(64 << 10)	/* a list that grew by so much is handed to all */

/* A piece: the word and, while it is free, a link to the next in its list. */
struct piece {
	size_t		 size;		/* with the word; odd: it is malloc's */
	struct piece	*next;
};

/* The free pieces of one size that a thread has. */
struct list {
	struct piece	*first, *last;	/* `last` is valid while `first` is not NULL */
	ptrdiff_t	 bytes;		/* growth since the list was last empty or handed over */
};

/* Static, because SQLite passes no handle to its allocator. Indexed by size / STEP. */
static _Thread_local struct list own[CLASSES];
static struct {
	pthread_mutex_t	 lock;		/* over all below; a mere look at an atomic needs none */
	_Atomic(struct piece *) first[CLASSES];
	char		*chunk;		/* the part of a chunk that is not cut yet */
	size_t		 left;		/* bytes of `chunk` */
	atomic_int	 n_chunks;
} shared = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct piece *
piece_of(void *content)
{
	return (struct piece *)(void *)((char *)content - sizeof(size_t));
}

static void *
content_of(struct piece *piece)
{
	return (char *)piece + sizeof piece->size;
}

/* The size of the piece for a requested size: with the word, rounded up. */
static size_t
whole_of(int size)
{
	return ((size_t)size + sizeof(size_t) + STEP - 1) / STEP * STEP;
}

int
slab_round(int size)
{
	return (int)(whole_of(size) - sizeof(size_t));
}

int
slab_size(void *piece)
{
	return piece == NULL ? 0 : (int)((piece_of(piece)->size & ~(size_t)1) - sizeof(size_t));
}

/* Hand the whole list to all threads. */
__attribute__((noinline)) static void
give_over(struct list *list)
{
	_Atomic(struct piece *) *to = &shared.first[list - own];

	if (list->first != NULL) {
		pthread_mutex_lock(&shared.lock);
		list->last->next = *to;
		*to = list->first;
		pthread_mutex_unlock(&shared.lock);
	}
	*list = (struct list){ 0 };
}

/*
 * Under the lock: a shared piece, or a new one, or NULL. The rest of a chunk that is too small for
 * a new one is lost.
 */
static struct piece *
find_piece(size_t size)
{
	struct piece *piece = shared.first[size / STEP];

	if (piece != NULL) {
		shared.first[size / STEP] = piece->next;
		return piece;
	}
	if (shared.left < size) {
		if (shared.n_chunks == CHUNKS || (shared.chunk = malloc(CHUNK_BYTES)) == NULL)
			return NULL;
		shared.left = CHUNK_BYTES;
		shared.n_chunks++;
	}
	piece = (struct piece *)(void *)shared.chunk;
	piece->size = size;
	shared.chunk += size;
	shared.left -= size;
	return piece;
}

/* Put some pieces into the empty list; it stays empty when there are none. */
__attribute__((noinline)) static void
fill(struct list *list, size_t size)
{
	struct piece *piece;
	size_t bytes = 0;

	*list = (struct list){ 0 };
	if (shared.n_chunks == CHUNKS && shared.first[size / STEP] == NULL)
		return;			/* without the lock: missing a last piece does no harm */
	pthread_mutex_lock(&shared.lock);
	do {
		piece = find_piece(size);
		if (piece == NULL)
			break;
		if (list->first == NULL)
			list->last = piece;
		piece->next = list->first;
		list->first = piece;
		bytes += size;
	} while (bytes + size <= BATCH_BYTES);
	pthread_mutex_unlock(&shared.lock);
}

/* A piece from malloc. */
__attribute__((noinline)) static void *
take_other(size_t whole)
{
	struct piece *piece = malloc(whole);

	if (piece == NULL)
		return NULL;
	piece->size = whole | 1;
	return content_of(piece);
}

void *
slab_take(int size)
{
	const size_t whole = whole_of(size);
	struct list *list;
	struct piece *piece;

	if (whole > LARGEST)
		return take_other(whole);
	list = &own[whole / STEP];
	if (list->first == NULL)
		fill(list, whole);
	piece = list->first;
	if (piece == NULL)
		return take_other(whole);
	list->first = piece->next;
	list->bytes -= (ptrdiff_t)whole;
	return content_of(piece);
}

void
slab_give(void *content)
{
	struct piece *piece;
	struct list *list;

	if (content == NULL)
		return;
	piece = piece_of(content);
	if ((piece->size & 1) != 0) {
		free(piece);
		return;
	}
	list = &own[piece->size / STEP];
	if (list->first == NULL)
		list->last = piece;
	piece->next = list->first;
	list->first = piece;
	list->bytes += (ptrdiff_t)piece->size;
	if (list->bytes > LIST_BYTES)
		give_over(list);
}

void *
slab_resize(void *content, int size)
{
	struct piece *piece = piece_of(content);
	const size_t whole = whole_of(size), old = piece->size & ~(size_t)1;
	void *moved;

	if (whole == old)
		return content;
	if (whole > LARGEST && old > LARGEST) {
		piece = realloc(piece, whole);
		if (piece == NULL)
			return NULL;
		piece->size = whole | 1;
		return content_of(piece);
	}
	moved = slab_take(size);
	if (moved == NULL)
		return NULL;
	memcpy(moved, content, (old < whole ? old : whole) - sizeof(size_t));
	slab_give(content);
	return moved;
}

void
slab_rest(void)
{
	size_t i;

	for (i = 0; i < CLASSES; i++)
		give_over(&own[i]);
}
