// SPDX-License-Identifier: ISC
/*
 * test_slab.c: pieces of all sizes stay intact wherever they move; what other threads free is used
 * again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "db/slab.h"

static void
assert_filled(const unsigned char *piece, int with, int size)
{
	int i;

	for (i = 0; i < size; i++)
		assert_int_equal(piece[i], with & 0xff);
}

static void
pieces_of_all_sizes_are_whole(void **state)
{
	enum { SIZES = 2100 };
	static unsigned char *pieces[SIZES];
	int size, round;

	(void)state;
	assert_int_equal(slab_size(NULL), 0);
	slab_give(NULL);
	for (round = 0; round < 3; round++) {		/* the second time they come from lists */
		for (size = 1; size < SIZES; size++) {
			pieces[size] = slab_take(size);
			assert_non_null(pieces[size]);
			assert_int_equal((uintptr_t)pieces[size] % 8, 0);
			assert_int_equal(slab_size(pieces[size]), slab_round(size));
			assert_in_range(slab_round(size), size, size + 15);
			memset(pieces[size], size, (size_t)slab_round(size));
		}
		for (size = 1; size < SIZES; size++) {
			assert_filled(pieces[size], size, slab_round(size));
			slab_give(pieces[size]);
		}
		slab_rest();
	}
}

static void
a_piece_keeps_what_it_holds_when_it_moves(void **state)
{
	static const int sizes[] = { 1, 8, 9, 24, 40, 1016, 1017, 4096, 65536, 5000, 1017, 1016, 25,
	    8, 2000, 3 };
	unsigned char *piece = slab_take(1);
	int held = 1;
	size_t i;

	(void)state;
	assert_non_null(piece);
	piece[0] = 7;
	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		piece = slab_resize(piece, sizes[i]);
		assert_non_null(piece);
		assert_int_equal(slab_size(piece), slab_round(sizes[i]));
		assert_filled(piece, 7, held < sizes[i] ? held : sizes[i]);
		memset(piece, 7, (size_t)sizes[i]);
		held = sizes[i];
	}
	slab_give(piece);
}

/* ---- one thread takes, the other gives ---- */

#define PIECES	1000
#define ROUNDS	200

struct exchange {
	pthread_barrier_t	 barrier;
	void			*pieces[PIECES];
	void			*seen[ROUNDS * PIECES];
};

static void *
give_all(void *handle)
{
	struct exchange *exchange = handle;
	int round, i;

	for (round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&exchange->barrier);
		for (i = 0; i < PIECES; i++)
			slab_give(exchange->pieces[i]);
		pthread_barrier_wait(&exchange->barrier);
	}
	slab_rest();
	return NULL;
}

static int
by_address(const void *a, const void *b)
{
	const uintptr_t one = (uintptr_t)*(void *const *)a, other = (uintptr_t)*(void *const *)b;

	return (one > other) - (one < other);
}

static size_t
count_different(void **pieces, size_t count)
{
	size_t i, different = count > 0;

	qsort(pieces, count, sizeof *pieces, by_address);
	for (i = 1; i < count; i++)
		different += pieces[i] != pieces[i - 1];
	return different;
}

static void
what_another_thread_gives_is_taken_again(void **state)
{
	static struct exchange exchange;
	pthread_t thread;
	int round, i;

	(void)state;
	assert_int_equal(pthread_barrier_init(&exchange.barrier, NULL, 2), 0);
	assert_int_equal(pthread_create(&thread, NULL, give_all, &exchange), 0);
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < PIECES; i++) {
			exchange.pieces[i] = exchange.seen[round * PIECES + i] = slab_take(40);
			assert_non_null(exchange.pieces[i]);
		}
		pthread_barrier_wait(&exchange.barrier);
		pthread_barrier_wait(&exchange.barrier);
	}
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&exchange.barrier);
	/* At most what is out, and what may lie in the other's list. */
	assert_in_range(count_different(exchange.seen, ROUNDS * PIECES), PIECES, 4 * PIECES);
}

static void *
take_and_end(void *handle)
{
	void **pieces = handle;
	int i;

	for (i = 0; i < PIECES; i++)
		pieces[i] = slab_take(100);
	for (i = 0; i < PIECES; i++)
		slab_give(pieces[i]);
	slab_rest();
	return NULL;
}

static void
threads_that_end_leave_their_pieces(void **state)
{
	static void *seen[ROUNDS / 10 * PIECES];
	pthread_t thread;
	int round;

	(void)state;
	for (round = 0; round < ROUNDS / 10; round++) {
		assert_int_equal(pthread_create(&thread, NULL, take_and_end,
		    seen + round * PIECES), 0);
		pthread_join(thread, NULL);
	}
	assert_in_range(count_different(seen, ROUNDS / 10 * PIECES), PIECES, PIECES + 100);
}

/* Beyond what lists may have. */
static void
there_are_as_many_as_are_wanted(void **state)
{
	enum { MANY = 40000 };
	static unsigned char *pieces[MANY];
	int i;

	(void)state;
	for (i = 0; i < MANY; i++) {
		pieces[i] = slab_take(40);
		assert_non_null(pieces[i]);
		memset(pieces[i], i, 40);
	}
	for (i = 0; i < MANY; i++) {
		assert_filled(pieces[i], i, 40);
		assert_int_equal(slab_size(pieces[i]), 40);
		pieces[i] = slab_resize(pieces[i], 41);
		assert_filled(pieces[i], i, 40);
	}
	for (i = 0; i < MANY; i++)
		slab_give(pieces[i]);
}

int
main(void)
{
	/* Those that count pieces come before those that use up what lists may have. */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_another_thread_gives_is_taken_again),
		cmocka_unit_test(threads_that_end_leave_their_pieces),
		cmocka_unit_test(a_piece_keeps_what_it_holds_when_it_moves),
		cmocka_unit_test(pieces_of_all_sizes_are_whole),
		cmocka_unit_test(there_are_as_many_as_are_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
