/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See trap.h. */
#include "config.h"

#include "plxapi/trap.h"

#include <errno.h>

#ifdef HAVE_ZYDIS

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "plxapi/instruction.h"

/* Three BARs of 64 cards. */
#define WINDOWS 192

/* Odd while the entry is being changed; no size: it is free. */
static struct slot {
	atomic_uint version;
	_Atomic uintptr_t base;
	_Atomic size_t size;
	_Atomic(struct plxdma_card *) card;
	atomic_uint bar;
} windows[WINDOWS];

/* Guards the making of windows, and says what was there before. */
static struct {
	pthread_mutex_t lock;
	int installed;
	struct sigaction before;
} handler = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* 0 if it changed meanwhile. */
static int slot_read(struct slot *slot, struct trap_window *window)
{
	unsigned int version = atomic_load(&slot->version);

	window->base = atomic_load(&slot->base);
	window->size = atomic_load(&slot->size);
	window->card = atomic_load(&slot->card);
	window->bar = atomic_load(&slot->bar);
	return !(version & 1) && version == atomic_load(&slot->version);
}

static void slot_write(struct slot *slot, const struct trap_window *window)
{
	atomic_fetch_add(&slot->version, 1);
	atomic_store(&slot->base, window->base);
	atomic_store(&slot->size, window->size);
	atomic_store(&slot->card, window->card);
	atomic_store(&slot->bar, window->bar);
	atomic_fetch_add(&slot->version, 1);
}

int trap_find(uintptr_t address, size_t size, struct trap_window *found)
{
	unsigned int i;

	for (i = 0; i < WINDOWS; i++) {
		if (!atomic_load_explicit(&windows[i].size,
					  memory_order_relaxed))
			continue;
		while (!slot_read(&windows[i], found))
			;
		if (address >= found->base &&
		    address - found->base < found->size)
			return size <= found->size - (address - found->base);
	}
	return 0;
}

/* The default action, at the instruction that faulted. */
static void give_up(void)
{
	struct sigaction fatal = { .sa_handler = SIG_DFL };

	sigaction(SIGSEGV, &fatal, NULL);
}

static void complain(const ucontext_t *context, uintptr_t address)
{
	const unsigned char *code =
		(const unsigned char *)context->uc_mcontext.gregs[REG_RIP];
	char text[256];
	int length, i;

	length = snprintf(text, sizeof(text),
			  "plxapi: an instruction at %p that can't be "
			  "emulated touched a mapped BAR at %p: use loads and "
			  "stores of 8 to 64 bits, memcpy() or "
			  "PlxPci_PciBarSpaceRead(); it begins",
			  (const void *)code, (void *)address);
	for (i = 0; i < 8; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
				   " %02x", code[i]);
	text[length++] = '\n';
	/* Nobody is left to be told that this failed. */
	if (write(STDERR_FILENO, text, (size_t)length) < 0)
		return;
}

static void pass_on(int number, siginfo_t *info, void *context)
{
	const struct sigaction *before = &handler.before;

	if (before->sa_flags & SA_SIGINFO)
		before->sa_sigaction(number, info, context);
	else if (before->sa_handler == SIG_DFL || before->sa_handler == SIG_IGN)
		give_up();
	else
		before->sa_handler(number);
}

static void on_fault(int number, siginfo_t *info, void *opaque)
{
	ucontext_t *context = opaque;
	uintptr_t address = (uintptr_t)info->si_addr;
	struct trap_window window;
	int saved = errno;

	if (info->si_code != SEGV_ACCERR || !trap_find(address, 1, &window)) {
		pass_on(number, info, opaque);
	} else if (instruction_do(context)) {
		complain(context, address);
		give_up();
	}
	errno = saved;
}

/* Windows are not inherited: the child has no card behind them. */
static void in_child(void)
{
	unsigned int i;

	for (i = 0; i < WINDOWS; i++)
		atomic_store(&windows[i].size, 0);
}

/*
 * All signals wait while an access is done: their handlers might touch a
 * window as well, and find a lock of the library held by their own thread.
 */
static int handler_install(void)
{
	struct sigaction action = { .sa_sigaction = on_fault };
	struct sigaction now;

	if (sigaction(SIGSEGV, NULL, &now))
		return -errno;
	if (now.sa_flags & SA_SIGINFO && now.sa_sigaction == on_fault)
		return 0;
	if (!handler.installed)
		pthread_atfork(NULL, NULL, in_child);
	instruction_prepare();
	handler.before = now;
	action.sa_flags = SA_SIGINFO | (now.sa_flags & SA_ONSTACK);
	sigfillset(&action.sa_mask);
	handler.installed = 1;
	return sigaction(SIGSEGV, &action, NULL) ? -errno : 0;
}

static int window_fill(const struct trap_window *window)
{
	unsigned int i;

	for (i = 0; i < WINDOWS; i++) {
		if (atomic_load(&windows[i].size))
			continue;
		slot_write(&windows[i], window);
		return 0;
	}
	return -ENOSPC;
}

int trap_open(struct plxdma_card *card, unsigned int bar, size_t size,
	      void **address)
{
	void *space = mmap(NULL, size, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	const struct trap_window window = {
		.base = (uintptr_t)space,
		.size = size,
		.card = card,
		.bar = bar,
	};
	int result;

	if (space == MAP_FAILED)
		return -errno;
	madvise(space, size, MADV_DONTFORK);
	madvise(space, size, MADV_DONTDUMP);
	pthread_mutex_lock(&handler.lock);
	result = handler_install();
	if (!result)
		result = window_fill(&window);
	pthread_mutex_unlock(&handler.lock);
	if (result)
		munmap(space, size);
	else
		*address = space;
	return result;
}

void trap_close(void *address)
{
	const struct trap_window none = { .size = 0 };
	size_t size = 0;
	unsigned int i;

	pthread_mutex_lock(&handler.lock);
	for (i = 0; i < WINDOWS; i++) {
		if (atomic_load(&windows[i].base) != (uintptr_t)address ||
		    !atomic_load(&windows[i].size))
			continue;
		size = atomic_load(&windows[i].size);
		slot_write(&windows[i], &none);
	}
	pthread_mutex_unlock(&handler.lock);
	if (size)
		munmap(address, size);
}

#else

int trap_open(struct plxdma_card *card, unsigned int bar, size_t size,
	      void **address)
{
	(void)card;
	(void)bar;
	(void)size;
	(void)address;
	return -EOPNOTSUPP;
}

void trap_close(void *address)
{
	(void)address;
}

#endif
