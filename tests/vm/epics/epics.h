/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * As much of EPICS, by its documented names, as devlib2's PCI file for Linux
 * wants: lists, mutexes, events and threads on POSIX. Included under each name
 * that it includes, see devlib2.build.
 */
#ifndef TESTS_VM_EPICS_H
#define TESTS_VM_EPICS_H

#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef uint8_t epicsUInt8;
typedef uint16_t epicsUInt16;
typedef int32_t epicsInt32;
typedef uint32_t epicsUInt32;

#define epicsShareFunc
#define epicsShareExtern extern
#define EPICS_PRINTF_STYLE(text, first) \
	__attribute__((format(printf, text, first)))
#define NELEMENTS(array) (sizeof(array) / sizeof((array)[0]))
#define epicsExportRegistrar(name) extern int epics_registrar_##name

enum {
	S_dev_badArgument = 1, S_dev_noMemory, S_dev_addrMapFail,
	S_dev_internal, S_dev_noDevice, S_dev_badRequest, S_dev_vecInstlFail,
	S_dev_intDisconnect, S_dev_badInit,
};

#define errMessage(status, text) fprintf(stderr, "%d: %s\n", status, text)
#define errlogPrintf(...) fprintf(stderr, __VA_ARGS__)
#define epicsSnprintf snprintf
#define epicsStrDup strdup

typedef struct ELLNODE {
	struct ELLNODE *next, *previous;
} ELLNODE;

typedef struct {
	ELLNODE node;
	int count;
} ELLLIST;

#define ellFirst(list) ((list)->node.next)
#define ellLast(list) ((list)->node.previous)
#define ellNext(entry) ((entry)->next)
#define ellCount(list) ((list)->count)

/* Behind @before, or first. */
static inline void ellInsert(ELLLIST *list, ELLNODE *before, ELLNODE *entry)
{
	ELLNODE **link = before ? &before->next : &list->node.next;
	ELLNODE *after = *link;

	entry->next = after;
	entry->previous = before;
	*link = entry;
	*(after ? &after->previous : &list->node.previous) = entry;
	list->count++;
}

static inline void ellAdd(ELLLIST *list, ELLNODE *entry)
{
	ellInsert(list, ellLast(list), entry);
}

static inline void ellDelete(ELLLIST *list, ELLNODE *entry)
{
	*(entry->previous ? &entry->previous->next : &list->node.next) =
		entry->next;
	*(entry->next ? &entry->next->previous : &list->node.previous) =
		entry->previous;
	list->count--;
}

typedef pthread_mutex_t *epicsMutexId;

static inline epicsMutexId epicsMutexMustCreate(void)
{
	epicsMutexId mutex = malloc(sizeof(*mutex));

	if (!mutex || pthread_mutex_init(mutex, NULL))
		abort();
	return mutex;
}

static inline void epicsMutexDestroy(epicsMutexId mutex)
{
	pthread_mutex_destroy(mutex);
	free(mutex);
}

#define epicsMutexMustLock(mutex) ((void)pthread_mutex_lock(mutex))
#define epicsMutexUnlock(mutex) ((void)pthread_mutex_unlock(mutex))

typedef sem_t *epicsEventId;

#define epicsEventEmpty 0u

static inline epicsEventId epicsEventMustCreate(unsigned int full)
{
	epicsEventId event = malloc(sizeof(*event));

	if (!event || sem_init(event, 0, full))
		abort();
	return event;
}

static inline void epicsEventDestroy(epicsEventId event)
{
	sem_destroy(event);
	free(event);
}

#define epicsEventSignal(event) ((void)sem_post(event))
#define epicsEventWait(event) sem_wait(event)

typedef void (*EPICSTHREADFUNC)(void *);

struct epics_thread {
	pthread_t thread;
	EPICSTHREADFUNC run;
	void *argument;
};

typedef struct epics_thread *epicsThreadId;

#define epicsThreadPriorityMax 99
#define epicsThreadStackMedium 0
#define epicsThreadGetStackSize(size) (size)
#define epicsThreadGetNameSelf() "isr"
#define epicsThreadSleep(seconds) usleep((useconds_t)((seconds) * 1e6))

static inline void *epics_thread_run(void *argument)
{
	const struct epics_thread *thread = argument;

	thread->run(thread->argument);
	return NULL;
}

static inline epicsThreadId epicsThreadCreate(const char *name, int priority,
					      unsigned int stack,
					      EPICSTHREADFUNC run,
					      void *argument)
{
	epicsThreadId thread = malloc(sizeof(*thread));

	(void)name;
	(void)priority;
	(void)stack;
	if (!thread)
		return NULL;
	thread->run = run;
	thread->argument = argument;
	if (pthread_create(&thread->thread, NULL, epics_thread_run, thread)) {
		free(thread);
		return NULL;
	}
	return thread;
}

#define epicsInterruptLock() 0
#define epicsInterruptUnlock(key) ((void)(key))

#endif
