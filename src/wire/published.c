/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The page as a file, and the daemon's end of it.
 */
#include "published.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS (F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

int wire_published_new(struct wire_published **area)
{
	const size_t size = sizeof(**area);
	void *at = MAP_FAILED;
	int fd = memfd_create("plxdma-published",
			      MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int err;

	if (fd < 0)
		return -errno;
	if (!ftruncate(fd, (off_t)size) && !fchmod(fd, 0600))
		at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_POPULATE, fd, 0);
	/* This mapping stays writable, and no other will be. */
	if (at == MAP_FAILED || fcntl(fd, F_ADD_SEALS, SEALS)) {
		err = -errno;
		if (at != MAP_FAILED)
			munmap(at, size);
		close(fd);
		return err;
	}
	*area = at;
	return fd;
}

int wire_published_map(int fd, const struct wire_published **area)
{
	const int seals = fcntl(fd, F_GET_SEALS);
	struct stat st;
	void *at;

	if (seals < 0 || !(seals & F_SEAL_SHRINK))
		return -EPROTO;
	if (fstat(fd, &st))
		return -errno;
	if (st.st_size != (off_t)sizeof(**area))
		return -EPROTO;
	at = mmap(NULL, sizeof(**area), PROT_READ, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	*area = at;
	return 0;
}

void wire_published_unmap(const struct wire_published *area)
{
	if (area)
		munmap((void *)(uintptr_t)area, sizeof(*area));
}

static struct wire_place *place_of(const struct publisher *publisher,
				   uint64_t number)
{
	return &publisher->area->places[number % WIRE_PLACES];
}

void publisher_state(struct publisher *publisher,
		     enum wire_published_state state)
{
	atomic_store(&publisher->area->state, (uint32_t)state);
}

void publisher_start(struct publisher *publisher, uint64_t run,
		     uint64_t number, int64_t tai_offset_ns)
{
	publisher->run = run;
	publisher->next = number;
	atomic_store(&publisher->area->run, run);
	atomic_store(&publisher->area->tai_offset_ns, tai_offset_ns);
	atomic_store(&publisher->area->next, number);
	publisher_state(publisher, WIRE_STREAM_RUNS);
}

uint64_t publisher_put(struct publisher *publisher, uint64_t offset,
		       const struct plxdma_result *result)
{
	const uint64_t number = publisher->next++;
	struct wire_place *place = place_of(publisher, number);

	/* Who reads what was here before sees no half of this. */
	atomic_store_explicit(&place->mark, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&place->offset, offset, memory_order_relaxed);
	atomic_store_explicit(&place->bytes, result->bytes,
			      memory_order_relaxed);
	atomic_store_explicit(&place->time_ns, result->time_ns,
			      memory_order_relaxed);
	atomic_store_explicit(&place->run, publisher->run,
			      memory_order_relaxed);
	atomic_store_explicit(&place->status, result->status,
			      memory_order_relaxed);
	atomic_store_explicit(&place->bytes_exact, result->bytes_exact,
			      memory_order_relaxed);
	atomic_store_explicit(&place->mark, number + 1, memory_order_release);
	atomic_store_explicit(&publisher->area->next, publisher->next,
			      memory_order_release);
	return number + 1;
}

void publisher_take_away(struct publisher *publisher, uint64_t mark)
{
	struct wire_place *place = place_of(publisher, mark - 1);

	if (!mark || atomic_load_explicit(&place->mark,
					  memory_order_relaxed) != mark)
		return;
	atomic_store_explicit(&place->mark, 0, memory_order_relaxed);
	/* Before the card writes there, and the register that starts it. */
	atomic_thread_fence(memory_order_seq_cst);
}

int publisher_must_wake(const struct publisher *publisher,
			struct wire_observer *observer)
{
	uint64_t wants;

	atomic_thread_fence(memory_order_seq_cst);
	wants = atomic_load_explicit(&observer->wants, memory_order_relaxed);
	if (!wants)
		return 0;
	if (wants > publisher->next &&
	    atomic_load(&publisher->area->state) == WIRE_STREAM_RUNS)
		return 0;
	return atomic_exchange(&observer->wants, 0) != 0;
}
