// SPDX-License-Identifier: ISC
/* limit.c: see limit.h. */
#include "endpoint/limit.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define KEY_LIFE_MS	INT64_C(86400000)	/* exactly 24 hours, not a calendar day */
#define SETS		2048
#define WAYS		8		/* buckets of a set: 16,384 in all, 256 KiB */
#define ADDRESS_BYTES	16
#define ALARM_EVERY_MS	2000		/* how often people may mistype, all in all */

struct bucket {
	uint64_t	key;		/* 0: none */
	/* the theoretical arrival time; once it is past, the bucket is as good as unused */
	int64_t		arrival_ms;
};

struct limits {
	uint8_t		hash_key[crypto_shorthash_KEYBYTES];
	int64_t		keyed_ms;		/* when the key was made */
	struct bucket	purses[LIMIT_END];	/* of LIMIT_FIRST and LIMIT_GUESS */
	int64_t		alarm_ms;		/* an arrival time, for limits_alarm */
	struct bucket	sets[SETS][WAYS];
};

const struct limit_rate *
limit_rate(enum limit limit)
{
	static const struct limit_rate rates[LIMIT_END] = {
		[LIMIT_PHONE] = { "phone", 6, 10000 },
		[LIMIT_PHONE_WRONG] = { "phone_wrong", 10, 60000 },
		[LIMIT_ADDRESS_WRONG] = { "address_wrong", 10, 60000 },
		[LIMIT_ADDRESS] = { "address", 2000, 20 },
		[LIMIT_FIRST] = { "first_guess", 800, 120 },
		[LIMIT_GUESS] = { "guess", 200, 120 },
	};

	return &rates[limit];
}

static void
make_key(struct limits *limits, int64_t now_ms)
{
	crypto_shorthash_keygen(limits->hash_key);
	limits->keyed_ms = now_ms;
}

struct limits *
limits_open(int64_t now_ms)
{
	struct limits *limits = calloc(1, sizeof *limits);

	if (limits != NULL)
		make_key(limits, now_ms);
	return limits;
}

void
limits_close(struct limits *limits)
{
	free(limits);
}

/* ---- one bucket ---- */

static bool
has_room(const struct bucket *bucket, enum limit limit, int64_t now_ms)
{
	const struct limit_rate *rate = limit_rate(limit);

	return bucket == NULL ||
	    bucket->arrival_ms <= now_ms + (int64_t)(rate->burst - 1) * rate->every_ms;
}

static void
take(struct bucket *bucket, enum limit limit, int64_t now_ms)
{
	if (bucket->arrival_ms < now_ms)
		bucket->arrival_ms = now_ms;
	bucket->arrival_ms += limit_rate(limit)->every_ms;
}

/* ---- whose bucket ---- */

void
limit_address(const char *address, uint8_t bytes[8], size_t *length)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	uint8_t whole[ADDRESS_BYTES];

	*length = 0;
	if (inet_pton(AF_INET, address, whole) == 1)
		*length = 4;
	else if (inet_pton(AF_INET6, address, whole) == 1) {
		*length = memcmp(whole, mapped, sizeof mapped) == 0 ? 4 : 8;
		if (*length == 4)
			memmove(whole, whole + sizeof mapped, 4);
	}
	memcpy(bytes, whole, *length);
}

static uint64_t
hash(const struct limits *limits, enum limit limit, const void *bytes, size_t length)
{
	uint8_t text[1 + 128] = { (uint8_t)limit };
	uint64_t key;

	if (length > sizeof text - 1)
		length = sizeof text - 1;
	memcpy(text + 1, bytes, length);
	crypto_shorthash((uint8_t *)&key, text, 1 + length, limits->hash_key);
	return key == 0 ? 1 : key;
}

/*
 * The bucket of `key`. If there is none: NULL or, with `is_made`, a new one in place of the one
 * that would be empty soonest.
 */
static struct bucket *
find(struct limits *limits, uint64_t key, bool is_made)
{
	struct bucket *set = limits->sets[key % SETS], *oldest = set;
	size_t i;

	for (i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].arrival_ms < oldest->arrival_ms)
			oldest = &set[i];
	}
	if (!is_made)
		return NULL;
	*oldest = (struct bucket){ .key = key };
	return oldest;
}

/*
 * The bucket of `asker` for `limit`; NULL as with find, and when the phone is unknown.
 */
static struct bucket *
bucket_of(struct limits *limits, enum limit limit, const struct limit_asker *asker, bool is_made)
{
	uint8_t bytes[8] = { 0 };
	size_t length;

	switch (limit) {
	case LIMIT_PHONE:
	case LIMIT_PHONE_WRONG:
		length = strlen(asker->phone);
		return length == 0 ? NULL
		    : find(limits, hash(limits, limit, asker->phone, length), is_made);
	case LIMIT_ADDRESS_WRONG:
	case LIMIT_ADDRESS:
		limit_address(asker->address, bytes, &length);
		return find(limits, hash(limits, limit, bytes, length), is_made);
	case LIMIT_FIRST:
	case LIMIT_GUESS:
	case LIMIT_END:
		break;
	}
	return &limits->purses[limit];
}

static bool
is_free(struct limits *limits, enum limit limit, const struct limit_asker *asker, int64_t now_ms)
{
	return has_room(bucket_of(limits, limit, asker, false), limit, now_ms);
}

static void
charge(struct limits *limits, enum limit limit, const struct limit_asker *asker, int64_t now_ms)
{
	struct bucket *bucket = bucket_of(limits, limit, asker, true);

	if (bucket != NULL)
		take(bucket, limit, now_ms);
}

/* Count a wrong typed code for the alarm, which need not tell a flood from a few hundred. */
static void
note_guess(struct limits *limits, int64_t now_ms)
{
	const int64_t most_ms = now_ms + 2 * LIMIT_ALARM_GUESSES * ALARM_EVERY_MS;

	if (limits->alarm_ms < now_ms)
		limits->alarm_ms = now_ms;
	limits->alarm_ms += ALARM_EVERY_MS;
	if (limits->alarm_ms > most_ms)
		limits->alarm_ms = most_ms;
}

bool
limits_alarm(const struct limits *limits, int64_t now_ms)
{
	return limits->alarm_ms - now_ms > (LIMIT_ALARM_GUESSES - 1) * ALARM_EVERY_MS;
}

/* ---- the rules ---- */

/* Would a wrong code from this address be charged to LIMIT_FIRST? */
static bool
is_first(struct limits *limits, const struct limit_asker *asker, int64_t now_ms)
{
	return is_free(limits, LIMIT_ADDRESS_WRONG, asker, now_ms) &&
	    is_free(limits, LIMIT_FIRST, asker, now_ms);
}

enum status
limits_ask(struct limits *limits, const struct limit_asker *asker, int64_t now_ms, enum limit *over)
{
	enum limit first = LIMIT_END;

	if (now_ms - limits->keyed_ms >= KEY_LIFE_MS) {
		make_key(limits, now_ms);
		/* only here: at the start that would touch memory that nobody needs yet */
		memset(limits->sets, 0, sizeof limits->sets);
	}
	if (asker->is_check_in && !is_free(limits, LIMIT_PHONE, asker, now_ms))
		first = LIMIT_PHONE;
	else if (!asker->is_signed && !is_free(limits, LIMIT_PHONE_WRONG, asker, now_ms))
		first = LIMIT_PHONE_WRONG;
	else if (asker->is_typed && !is_first(limits, asker, now_ms) &&
	    !is_free(limits, LIMIT_GUESS, asker, now_ms))
		first = LIMIT_GUESS;
	else if (!asker->is_signed && !is_free(limits, LIMIT_ADDRESS, asker, now_ms))
		first = LIMIT_ADDRESS;
	if (over != NULL)
		*over = first;
	if (first == LIMIT_END)
		return ST_OK;
	return first == LIMIT_PHONE || first == LIMIT_ADDRESS ? ST_RATE : ST_TRIES;
}

void
limits_count(struct limits *limits, const struct limit_asker *asker, enum limit_end end,
    int64_t now_ms)
{
	if (asker->is_check_in)
		charge(limits, LIMIT_PHONE, asker, now_ms);
	if (end == LIMIT_WELL)
		return;
	charge(limits, LIMIT_ADDRESS, asker, now_ms);
	if (end == LIMIT_VAIN)
		return;
	charge(limits, LIMIT_PHONE_WRONG, asker, now_ms);
	if (!asker->is_typed)
		return;
	note_guess(limits, now_ms);
	if (is_first(limits, asker, now_ms)) {
		charge(limits, LIMIT_ADDRESS_WRONG, asker, now_ms);
		charge(limits, LIMIT_FIRST, asker, now_ms);
	} else
		charge(limits, LIMIT_GUESS, asker, now_ms);
}
