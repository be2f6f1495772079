// SPDX-License-Identifier: ISC
/* queue.c: see queue.h. */
#include "endpoint/queue.h"

#include <stddef.h>

#include "endpoint/clock.h"

#define STACK_BYTES	(1024 * 1024)

void
queue_init(struct queue *queue, int capacity, int still_capacity)
{
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->filled, NULL);
	queue->first = NULL;
	queue->last = &queue->first;
	queue->inside = 0;
	queue->capacity = capacity;
	queue->still_capacity = still_capacity;
	queue->moved_ms = 0;
	queue->is_closed = false;
}

void
queue_clear(struct queue *queue)
{
	pthread_cond_destroy(&queue->filled);
	pthread_mutex_destroy(&queue->lock);
}

/* Under the lock: is there room for one more? */
static bool
has_room(const struct queue *queue)
{
	if (queue->is_closed || queue->inside >= queue->capacity)
		return false;
	return queue->inside < queue->still_capacity ||
	    clock_ms() - queue->moved_ms < QUEUE_STILL_MS;
}

int
queue_inside(struct queue *queue, bool *is_still)
{
	int inside;

	pthread_mutex_lock(&queue->lock);
	inside = queue->inside;
	if (is_still != NULL)
		*is_still = inside > 0 && clock_ms() - queue->moved_ms >= QUEUE_STILL_MS;
	pthread_mutex_unlock(&queue->lock);
	return inside;
}

/* Under the lock: append `job`. */
static void
put(struct queue *queue, struct job *job)
{
	job->next = NULL;
	*queue->last = job;
	queue->last = &job->next;
}

/* Append `job` if there is room; was there? */
static bool
offer(struct queue *queue, struct job *job)
{
	bool is_in;

	pthread_mutex_lock(&queue->lock);
	is_in = has_room(queue);
	if (is_in) {
		if (queue->inside++ == 0)
			queue->moved_ms = clock_ms();
		put(queue, job);
	}
	pthread_mutex_unlock(&queue->lock);
	if (is_in)
		pthread_cond_signal(&queue->filled);	/* unlocked, since the woken thread locks */
	return is_in;
}

enum status
queue_ask(struct queue *queue, struct job *job)
{
	bool is_in;

	sem_init(&job->done, 0, 0);
	is_in = offer(queue, job);
	while (is_in && sem_wait(&job->done) != 0)
		;			/* interrupted; the answer is still to come */
	sem_destroy(&job->done);
	return is_in ? ST_OK : ST_BUSY;
}

enum status
queue_leave(struct queue *queue, struct job *job)
{
	return offer(queue, job) ? ST_OK : ST_BUSY;
}

void
queue_return(struct job *job)
{
	struct queue *back = job->back;

	pthread_mutex_lock(&back->lock);
	put(back, job);
	pthread_mutex_unlock(&back->lock);
	pthread_cond_signal(&back->filled);
}

/* Under the lock: wait until there is work, or the queue is closed. */
static void
wait_filled(struct queue *queue)
{
	while (queue->first == NULL && !queue->is_closed)
		pthread_cond_wait(&queue->filled, &queue->lock);
}

void
queue_wait(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	wait_filled(queue);
	pthread_mutex_unlock(&queue->lock);
}

bool
queue_wait_for(struct queue *queue, int64_t wait_us)
{
	const struct timespec until = clock_after(wait_us);
	bool has_come;

	pthread_mutex_lock(&queue->lock);
	while (queue->first == NULL && !queue->is_closed)
		if (pthread_cond_clockwait(&queue->filled, &queue->lock, CLOCK_MONOTONIC,
		    &until) != 0)
			break;
	has_come = queue->first != NULL || queue->is_closed;
	pthread_mutex_unlock(&queue->lock);
	return has_come;
}

struct job *
queue_take_all(struct queue *queue)
{
	struct job *jobs;

	pthread_mutex_lock(&queue->lock);
	wait_filled(queue);
	jobs = queue->first;
	queue->first = NULL;
	queue->last = &queue->first;
	pthread_mutex_unlock(&queue->lock);
	return jobs;
}

struct job *
queue_take(struct queue *queue)
{
	struct job *job;

	pthread_mutex_lock(&queue->lock);
	wait_filled(queue);
	job = queue->first;
	if (job != NULL) {
		queue->first = job->next;
		if (queue->first == NULL)
			queue->last = &queue->first;
		job->next = NULL;
	}
	pthread_mutex_unlock(&queue->lock);
	return job;
}

void
queue_done(struct queue *queue, struct job *const *jobs, int count)
{
	int i;

	pthread_mutex_lock(&queue->lock);
	queue->inside -= count;
	queue->moved_ms = clock_ms();
	pthread_mutex_unlock(&queue->lock);
	for (i = 0; i < count; i++)
		if (jobs[i]->back != NULL)
			queue_return(jobs[i]);
		else
			sem_post(&jobs[i]->done);
}

void
queue_close(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->is_closed = true;
	pthread_cond_broadcast(&queue->filled);
	pthread_mutex_unlock(&queue->lock);
}

enum status
queue_thread(pthread_t *thread, void *(*run)(void *), void *handle)
{
	pthread_attr_t attributes;
	int failed;

	if (pthread_attr_init(&attributes) != 0)
		return ST_FAULT;
	failed = pthread_attr_setstacksize(&attributes, STACK_BYTES);
	if (failed == 0)
		failed = pthread_create(thread, &attributes, run, handle);
	pthread_attr_destroy(&attributes);
	return failed == 0 ? ST_OK : ST_FAULT;
}
