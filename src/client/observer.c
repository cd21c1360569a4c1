/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Another's stream, read along: the owner's memory and the page on which its
 * blocks are published, both mapped here and neither to be written.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/card.h"
#include "client/channel.h"
#include "client/observer.h"
#include "wire/published.h"

#define SPIN_NS	 20000
/* However long a sleep may be, the daemon is looked for so often. */
#define SLEEP_NS 100000000

struct client_observer {
	struct plxdma_observer front;
	unsigned int channel;
	const char *base;
	uint64_t size;
	struct reader reader;
	struct wire_observer *word;
	int wakes;
	struct reader_block block;	/* the one that is taken */
	int taken;
	uint64_t skipped;		/* since the last that was taken */
	uint64_t whole, whole_bytes, missed;
};

static struct client_observer *observer_of(struct plxdma_observer *front)
{
	return (struct client_observer *)front;
}

static struct connection *connection_of(const struct client_observer *observer)
{
	return &client_card(observer->front.card)->share->connection;
}

static int memory_map(struct client_observer *observer, int fd)
{
	const int seals = fcntl(fd, F_GET_SEALS);
	struct stat st;
	void *base;

	/* What can shrink can hit us with SIGBUS. */
	if (seals < 0 || !(seals & F_SEAL_SHRINK))
		return -EPROTO;
	if (fstat(fd, &st))
		return -errno;
	base = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED)
		return -errno;
	(void)madvise(base, (size_t)st.st_size, MADV_DONTDUMP);
	observer->base = base;
	observer->size = (uint64_t)st.st_size;
	return 0;
}

static int all_map(struct client_observer *observer, struct packet *packet)
{
	const struct wire_published *area = NULL;
	void *word;
	int err = memory_map(observer, packet->fds[0]);

	if (!err)
		err = wire_published_map(packet->fds[1], &area);
	if (err)
		return err;
	reader_init(&observer->reader, area, observer->size);
	err = wire_shared_map(packet->fds[2], sizeof(*observer->word), &word);
	if (err)
		return err;
	observer->word = word;
	observer->wakes = packet->fds[3];
	packet->fds[3] = -1;
	return 0;
}

static int ask(struct plxdma_card *card, enum wire_type type,
	       unsigned int channel, struct packet *packet, unsigned int fds,
	       struct error *error)
{
	connection_request(packet, type);
	packet->message.channel.card = client_card(card)->number;
	packet->message.channel.index = channel;
	return connection_ask(&client_card(card)->share->connection, packet,
			      fds, error);
}

static void observer_free(struct client_observer *observer)
{
	if (observer->base)
		munmap((void *)(uintptr_t)observer->base,
		       (size_t)observer->size);
	wire_published_unmap(observer->reader.area);
	wire_shared_unmap(observer->word, sizeof(*observer->word));
	if (observer->wakes >= 0)
		close(observer->wakes);
	free(observer);
}

static void tell_end(struct plxdma_card *card, unsigned int channel)
{
	struct packet packet;
	struct error error;

	(void)ask(card, WIRE_OBSERVE_END, channel, &packet, 0, &error);
}

int client_observer_open(struct plxdma_card *card, unsigned int channel,
			 struct plxdma_observer **observer, struct error *error)
{
	struct client_observer *made = calloc(1, sizeof(*made));
	struct packet packet;
	int err;

	if (!made)
		return error_set(error, -ENOMEM, "no memory for an observer");
	made->front.ops = card->ops;
	made->front.card = card;
	made->channel = channel;
	made->wakes = -1;
	err = ask(card, WIRE_OBSERVE, channel, &packet, WIRE_FDS, error);
	if (err) {
		observer_free(made);
		return err;
	}
	err = all_map(made, &packet);
	packet_close_fds(&packet);
	if (err) {
		tell_end(card, channel);
		observer_free(made);
		return error_set(error, err, "can't map the stream that plxdmad "
				 "lends: %s", strerror(-err));
	}
	*observer = &made->front;
	return 0;
}

void client_observer_close(struct plxdma_observer *front)
{
	struct client_observer *observer = observer_of(front);

	tell_end(front->card, observer->channel);
	observer_free(observer);
}

int client_observer_give(struct plxdma_observer *front)
{
	struct client_observer *observer = observer_of(front);

	if (!observer->taken)
		return -EINVAL;
	observer->taken = 0;
	if (!reader_intact(&observer->reader, observer->block.number)) {
		observer->missed++;
		return -ESTALE;
	}
	observer->whole++;
	observer->whole_bytes += observer->block.bytes;
	return 0;
}

static int look(struct client_observer *observer)
{
	uint64_t missed;
	int got = reader_take(&observer->reader, &observer->block, &missed);

	observer->missed += missed;
	observer->skipped += missed;
	return got;
}

static uint32_t state(const struct client_observer *observer)
{
	return atomic_load(&observer->reader.area->state);
}

/* Is there any use in sleeping? */
static int must_sleep(const struct client_observer *observer,
		      uint64_t watermark)
{
	const uint32_t now = state(observer);
	const uint64_t ready = reader_ready(&observer->reader);

	return now == WIRE_STREAM_RUNS ? ready < watermark :
				  !ready && now != WIRE_STREAM_CLOSED;
}

static int doze(struct client_observer *observer, uint64_t watermark,
		uint64_t until)
{
	struct pollfd pollers[2] = {
		{ .fd = observer->wakes, .events = POLLIN },
		{ .fd = connection_of(observer)->fd },
	};
	const uint64_t now = channel_now();
	uint64_t length = until > now ? until - now : 0;
	struct timespec timeout = { 0 };
	eventfd_t value;
	int count;

	if (length > SLEEP_NS)
		length = SLEEP_NS;
	timeout.tv_nsec = (long)length;
	reader_sleep(&observer->reader, observer->word, watermark);
	if (!must_sleep(observer, watermark)) {
		reader_awake(observer->word);
		return 0;
	}
	count = ppoll(pollers, 2, &timeout, NULL);
	reader_awake(observer->word);
	if (count < 0)
		return -EINTR;
	if (pollers[0].revents)
		eventfd_read(observer->wakes, &value);
	return pollers[1].revents ? -ENODEV : 0;
}

static int await(struct client_observer *observer, uint64_t watermark,
		 uint64_t until)
{
	const uint64_t begun = channel_now();
	int err = 0;

	while (!err && must_sleep(observer, watermark)) {
		if (channel_now() < begun + SPIN_NS)
			continue;
		err = doze(observer, watermark, until);
		if (!err && channel_now() >= until)
			err = -ETIMEDOUT;
	}
	return err;
}

/* The next look at the descriptor of a poll loop is to be rung for. */
static int nothing(struct client_observer *observer, uint64_t watermark)
{
	eventfd_t value;

	eventfd_read(observer->wakes, &value);
	reader_sleep(&observer->reader, observer->word, watermark);
	return reader_ready(&observer->reader) >= watermark ? 1 : 0;
}

static void tell(const struct client_observer *observer,
		 struct plxdma_block *block)
{
	const struct reader_block *from = &observer->block;

	*block = (struct plxdma_block){
		.size = sizeof(*block),
		.status = from->status,
		.run = from->run,
		.sequence = from->number,
		.dropped = observer->skipped,
		.time_ns = from->time_ns,
		.bytes = from->bytes,
		.data = observer->base + from->offset,
	};
}

/* What is published ends with plxdmad, or when the stream is closed. */
static int over(const struct client_observer *observer)
{
	if (state(observer) == WIRE_STREAM_CLOSED)
		return -ENODATA;
	return connection_alive(connection_of(observer)) ? 0 : -ENODEV;
}

static int poll_once(struct client_observer *observer, uint64_t watermark)
{
	int err;

	if (look(observer) || (nothing(observer, watermark) && look(observer)))
		return 0;
	err = over(observer);
	return err ? err : -EAGAIN;
}

static int take(struct client_observer *observer, uint64_t watermark,
		int64_t timeout_ns)
{
	const uint64_t until = channel_deadline(timeout_ns, channel_now());
	int err = 0;

	if (!timeout_ns)
		return poll_once(observer, watermark);
	while (!look(observer)) {
		/* Else what came was written over before it was looked at. */
		if (!err)
			err = await(observer, watermark, until);
		else
			return err;
		if (state(observer) == WIRE_STREAM_CLOSED &&
		    !reader_ready(&observer->reader))
			return -ENODATA;
	}
	return 0;
}

int client_observer_take(struct plxdma_observer *front, uint64_t watermark,
			 int64_t timeout_ns, struct plxdma_block *block,
			 struct error *error)
{
	struct client_observer *observer = observer_of(front);
	int err;

	(void)client_observer_give(front);
	err = take(observer, watermark, timeout_ns);
	if (err == -ENODEV)
		return connection_gone(connection_of(observer), error);
	if (err)
		return err;
	observer->taken = 1;
	tell(observer, block);
	observer->skipped = 0;
	return 0;
}

int client_observer_fd(struct plxdma_observer *front)
{
	return observer_of(front)->wakes;
}

void client_observer_stats(const struct plxdma_observer *front,
			   struct plxdma_observer_stats *stats)
{
	const struct client_observer *observer =
		(const struct client_observer *)front;
	const struct wire_published *area = observer->reader.area;
	const uint32_t now = state(observer);

	*stats = (struct plxdma_observer_stats){
		.size = sizeof(*stats),
		.status = now == WIRE_STREAM_RUNS ? PLXDMA_RUNNING :
			  now == WIRE_STREAM_STOPPED ? PLXDMA_DONE : PLXDMA_GONE,
		.run = atomic_load(&area->run),
		.whole = observer->whole,
		.whole_bytes = observer->whole_bytes,
		.missed = observer->missed,
		.ready = reader_ready(&observer->reader),
		.tai_offset_ns = atomic_load(&area->tai_offset_ns),
	};
}

int client_publish(struct plxdma_channel *front, int runs, uint64_t run,
		   uint64_t sequence, int64_t tai_offset_ns,
		   struct error *error)
{
	struct client_channel *channel = client_channel(front);
	struct packet packet;

	if (!channel_card(channel)->share->memory.read_only)
		return 0;
	connection_request(&packet, WIRE_PUBLISH);
	packet.message.publish = (struct wire_publish){
		.card = channel_card(channel)->number,
		.index = channel->index,
		.run = run,
		.number = sequence,
		.tai_offset_ns = tai_offset_ns,
		.runs = runs != 0,
	};
	return connection_ask(channel_connection(channel), &packet, 0, error);
}
