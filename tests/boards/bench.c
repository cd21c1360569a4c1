/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A board on the bench.
 */
#include "bench.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { L2PDBELL = 0x64, DMACSR0 = 0xa8 };

static void host_linti(void *card, int active)
{
	((struct bench *)card)->linti = active;
}

static void host_dreq(void *card, unsigned int channel, int active)
{
	ck_assert_uint_lt(channel, 2);
	((struct bench *)card)->dreq[channel] = active;
}

static void host_eot(void *card)
{
	((struct bench *)card)->eots++;
}

static void host_user(void *card, int level)
{
	(void)card;
	(void)level;
}

static uint32_t host_reg_read(void *card, unsigned int offset)
{
	return offset == DMACSR0 ? ((struct bench *)card)->csr : 0;
}

static void host_reg_write(void *card, unsigned int offset, uint32_t value)
{
	if (offset == L2PDBELL)
		((struct bench *)card)->bells |= value;
}

static uint64_t host_now(void *card)
{
	return ((struct bench *)card)->now;
}

static void host_alarm(void *card, uint64_t when)
{
	((struct bench *)card)->alarm = when;
}

static const struct plxdma_board_ops *bench_load(const char *name,
						 void **plugin)
{
	const struct plxdma_board_ops *(*entry)(void);
	char path[512];
	void *symbol;

	snprintf(path, sizeof(path), BUILDDIR "/src/boards/.libs/%s.so", name);
	*plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	ck_assert_msg(*plugin != NULL, "%s", dlerror());
	symbol = dlsym(*plugin, "plxdma_board");
	ck_assert_ptr_nonnull(symbol);
	memcpy(&entry, &symbol, sizeof(entry));
	return entry();
}

struct bench *bench_new(const char *name, const char *const *options)
{
	static const char *const none[] = {NULL};
	struct bench *bench = calloc(1, sizeof(*bench));
	char why[128] = "";

	ck_assert_ptr_nonnull(bench);
	bench->now = 1000000000;
	bench->csr = 0x10;
	bench->host = (struct plxdma_board_host){
		.card = bench,
		.linti = host_linti,
		.dreq = host_dreq,
		.eot = host_eot,
		.user = host_user,
		.reg_read = host_reg_read,
		.reg_write = host_reg_write,
		.now = host_now,
		.alarm = host_alarm,
	};
	bench->ops = bench_load(name, &bench->plugin);
	ck_assert_uint_eq(bench->ops->version, PLXDMA_BOARD_VERSION);
	ck_assert_msg(!bench->ops->open(&bench->host, options ? options : none,
					&bench->board, why, sizeof(why)),
		      "%s", why);
	return bench;
}

int bench_refusal(const char *name, const char *option, char *why, size_t size)
{
	const char *const options[] = {option, NULL};
	struct plxdma_board_host host = {.card = NULL};
	const struct plxdma_board_ops *ops;
	void *plugin, *board = NULL;
	int ret;

	ops = bench_load(name, &plugin);
	ret = ops->open(&host, options, &board, why, size);
	dlclose(plugin);
	return ret;
}

void bench_free(struct bench *bench)
{
	bench->ops->close(bench->board);
	dlclose(bench->plugin);
	free(bench);
}

uint32_t bench_read(struct bench *bench, uint32_t address)
{
	struct plxdma_board_access access = {
		.channel = PLXDMA_BOARD_HOST,
		.width = 32,
	};
	uint32_t value = 0xffffffff;

	bench->ops->read(bench->board, address, &value, 4, &access);
	return value;
}

void bench_write(struct bench *bench, uint32_t address, uint32_t value)
{
	struct plxdma_board_access access = {
		.channel = PLXDMA_BOARD_HOST,
		.width = 32,
	};

	ck_assert_uint_eq(bench->ops->write(bench->board, address, &value, 4,
					    &access),
			  4);
}

size_t bench_dma(struct bench *bench, uint32_t address, uint32_t *words,
		 size_t count, bool demand)
{
	struct plxdma_board_access access = {
		.width = 32,
		.constant = 1,
		.demand = demand,
	};

	return bench->ops->read(bench->board, address, words, 4 * count,
				&access) / 4;
}

void bench_wait(struct bench *bench, uint64_t ns)
{
	uint64_t end = bench->now + ns;

	for (int i = 0; i < 100000 && bench->alarm && bench->alarm <= end;
	     i++) {
		uint64_t next;

		if (bench->alarm > bench->now)
			bench->now = bench->alarm;
		bench->alarm = 0;
		next = bench->ops->time(bench->board, bench->now);
		if (next && (!bench->alarm || next < bench->alarm))
			bench->alarm = next;
	}
	bench->now = end;
}

uint64_t bench_read64(struct bench *bench, uint32_t address)
{
	return bench_read(bench, address) |
	       (uint64_t)bench_read(bench, address + 4) << 32;
}
