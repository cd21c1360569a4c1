/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cards on the kernel stub, with a stub of plain variables: what the transport
 * asks it, what it makes of the answers, and what it says where it can't go on.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "chip/plx9054.h"
#include "fake_stub.h"
#include "mem/arena.h"
#include "suites.h"
#include "transport/transport.h"

#define SPEC "uio:" FAKE_STUB_ADDRESS
#define PAGE 4096u
#define PAGES 8u

static struct transport *card;
static struct error error;
static uint64_t frames[PAGES];
static char memory[PAGES * PAGE];
static struct arena arena;

static void setup(void)
{
	fake_stub_reset();
	arena = (struct arena){
		.base = memory,
		.size = sizeof(memory),
		.page_size = PAGE,
		.page_shift = 12,
		.pages = PAGES,
		.frames = frames,
	};
}

static void card_open(void)
{
	error.text[0] = '\0';
	ck_assert_msg(!transport_open(SPEC, &card, &error), "%s", error.text);
}

static void card_close(void)
{
	card->ops->close(card);
}

static void check_says(const char *text)
{
	ck_assert_msg(strstr(error.text, text), "\"%s\" lacks \"%s\"",
		      error.text, text);
}

static const struct {
	int code;
	int result;
	const char *says;
} refusals[] = {
	{ ENOENT, -ENODEV, "no PCI device" },
	{ EACCES, -EACCES, "plxdma-hw" },
	{ EBUSY, -EBUSY, "plxdmad" },
	{ ENODEV, -ENODEV, "gone" },
	{ ENXIO, -ENODEV, "gone" },
	{ EIO, -EIO, "Input/output" },
};

START_TEST(a_card_that_cannot_be_opened_says_why)
{
	fake_stub.open_error = refusals[_i].code;
	ck_assert_int_eq(transport_open(SPEC, &card, &error),
			 refusals[_i].result);
	check_says(SPEC);
	check_says(refusals[_i].says);
}
END_TEST

START_TEST(another_version_of_the_module_is_refused)
{
	fake_stub.info.abi = PLX9054_ABI + 1;
	ck_assert_int_eq(transport_open(SPEC, &card, &error), -EPROTO);
	check_says("version 3");
	check_says("modprobe");
	fake_stub_reset();
	fake_stub.errors[fake_stub_request(PLX9054_INFO)] = EINVAL;
	ck_assert_int_eq(transport_open(SPEC, &card, &error), -EPROTO);
}
END_TEST

START_TEST(what_the_stub_knows_is_told)
{
	fake_stub.info.flags = PLX9054_TRANSLATED;
	fake_stub.info.numa_node = 1;
	card_open();
	ck_assert_str_eq(card->info.pci, FAKE_STUB_ADDRESS);
	ck_assert_int_eq(card->info.numa_node, 1);
	ck_assert_int_eq(card->info.iommu, 1);
	ck_assert_int_eq(card->info.dac, 0);
	ck_assert_int_eq(card->info.pin, PLXDMA_PIN_OWNER);
	card_close();
}
END_TEST

START_TEST(registers_are_loads_and_stores_in_bar_0)
{
	uint32_t flags;

	card_open();
	fake_stub_put(0, PLX_PCIHIDR, 0x905410b5);
	ck_assert_uint_eq(card->ops->reg_read(card, PLX_PCIHIDR, 32),
			  0x905410b5);
	ck_assert_uint_eq(card->ops->reg_read(card, PLX_PCIHIDR, 16), 0x10b5);
	ck_assert_uint_eq(card->ops->reg_read(card, PLX_PCIHIDR + 3, 8), 0x90);
	card->ops->reg_write(card, PLX_MBOX2, 32, 0x11223344);
	card->ops->reg_write(card, PLX_MBOX2 + 1, 8, 0xaa);
	card->ops->reg_write(card, PLX_MBOX2 + 2, 16, 0xbbcc);
	ck_assert_uint_eq(fake_stub_get(0, PLX_MBOX2), 0xbbccaa44);
	ck_assert_uint_eq(card->ops->bar_size(card, 0, &flags), 256);
	ck_assert_uint_eq(flags, 0);
	ck_assert_uint_eq(card->ops->bar_size(card, 1, &flags), 256);
	ck_assert_uint_eq(flags, 1);
	ck_assert_uint_eq(card->ops->bar_size(card, 4, &flags), 0);
	ck_assert_uint_eq(card->ops->bar_size(card, 6, &flags), 0);
	card_close();
}
END_TEST

START_TEST(beyond_a_bar_there_are_ones)
{
	card_open();
	ck_assert_uint_eq(card->ops->bar_read(card, 0, 256, 8), 0xff);
	ck_assert_uint_eq(card->ops->bar_read(card, 2, 8190, 32), UINT32_MAX);
	ck_assert_uint_eq(card->ops->bar_read(card, 4, 0, 16), 0xffff);
	card->ops->bar_write(card, 2, 8192, 32, 1);
	card_close();
}
END_TEST

START_TEST(without_memory_the_io_bar_shows_the_registers)
{
	fake_stub.info.bars[0].flags = 0;
	card_open();
	fake_stub.access_value = 0x905410b5;
	ck_assert_uint_eq(card->ops->reg_read(card, PLX_PCIHIDR, 32),
			  0x905410b5);
	ck_assert_uint_eq(fake_stub.access.space, PLX9054_SPACE_IO);
	ck_assert_uint_eq(fake_stub.access.offset, PLX_PCIHIDR);
	card->ops->reg_write(card, PLX_MBOX2, 16, 5);
	ck_assert_uint_eq(fake_stub.access.write, 1);
	ck_assert_uint_eq(fake_stub.access.width, 16);
	ck_assert_uint_eq(fake_stub.access.value, 5);
	card_close();
}
END_TEST

/* Its page of ones keeps what was written to it. */
START_TEST(a_card_that_is_gone_has_no_channel_to_wait_for)
{
	card_open();
	fake_stub_put(0, PLX_DMACSR0, 0x00001011);
	ck_assert_uint_eq(card->ops->reg_read(card, PLX_DMACSR0, 32), 0x1011);
	ck_assert_uint_eq(card->ops->reg_read(card, PLX_DMACSR1, 8), 0x10);
	fake_stub_put(0, PLX_DMACSR0, UINT32_MAX);
	card->ops->reg_write(card, PLX_DMACSR0, 8, 0x01);
	card->ops->reg_write(card, PLX_DMACSR0, 8, 0x03);
	ck_assert_uint_eq(card->ops->reg_read(card, PLX_DMACSR0, 32),
			  UINT32_MAX);
	ck_assert_uint_eq(card->ops->reg_read(card, PLX_DMACSR0, 8), 0xff);
	fake_stub.errors[fake_stub_request(PLX9054_ACCESS)] = ENODEV;
	ck_assert_uint_eq(card->ops->config_read(card, PLX_CFG_ID, 16),
			  0xffff);
	fake_stub.errors[fake_stub_request(PLX9054_CHANNEL)] = ENODEV;
	ck_assert_int_eq(card->ops->channel_control(card, 0, TRANSPORT_ABORT),
			 -ENODEV);
	card_close();
}
END_TEST

START_TEST(a_window_is_a_local_space)
{
	void *address;
	size_t size;

	card_open();
	ck_assert_int_eq(card->ops->window(card, 2, &address, &size), 0);
	ck_assert_uint_eq(size, 8192);
	fake_stub_put(2, 4096, 0x12345678);
	ck_assert_uint_eq(((volatile uint32_t *)address)[1024], 0x12345678);
	ck_assert_int_eq(card->ops->window(card, 1, &address, &size),
			 -EOPNOTSUPP);
	card_close();
}
END_TEST

START_TEST(runs_become_addresses_of_pages)
{
	uint64_t bus[PAGES];
	unsigned int page;

	fake_stub.runs[0] = (struct plx9054_run){ 0x140000000, 3 * PAGE };
	fake_stub.runs[1] = (struct plx9054_run){ 0x10000, 5 * PAGE };
	fake_stub.run_count = 2;
	card_open();
	ck_assert_int_eq(card->ops->map(card, &arena, bus, &error), 0);
	ck_assert_uint_eq(fake_stub.mapped.address, (uintptr_t)memory);
	ck_assert_uint_eq(fake_stub.mapped.length, sizeof(memory));
	ck_assert_uint_eq(fake_stub.mapped.granule, PAGE);
	for (page = 0; page < PAGES; page++)
		ck_assert_uint_eq(bus[page], page < 3 ?
				  0x140000000 + page * PAGE :
				  0x10000 + (page - 3) * PAGE);
	card->ops->unmap(card, &arena, bus);
	ck_assert_uint_eq(fake_stub.unmapped, 7);
	card_close();
}
END_TEST

START_TEST(addresses_that_are_not_the_frames_are_refused)
{
	uint64_t bus[PAGES];
	unsigned int page;

	arena.frames_known = 1;
	for (page = 0; page < PAGES; page++)
		frames[page] = 0x200000 + page * PAGE;
	fake_stub.runs[0] = (struct plx9054_run){ 0x200000, PAGES * PAGE };
	fake_stub.run_count = 1;
	card_open();
	ck_assert_int_eq(card->ops->map(card, &arena, bus, &error), 0);
	card->ops->unmap(card, &arena, bus);
	fake_stub.unmapped = 0;
	frames[5] += PAGE;
	ck_assert_int_eq(card->ops->map(card, &arena, bus, &error), -EIO);
	check_says("page 5");
	ck_assert_uint_eq(fake_stub.unmapped, 7);
	/* Behind an IOMMU they have nothing to do with each other. */
	card->info.iommu = 1;
	ck_assert_int_eq(card->ops->map(card, &arena, bus, &error), 0);
	card_close();
}
END_TEST

static const struct {
	int code;
	uint32_t flags;
	const char *says;
} map_failures[] = {
	{ EACCES, PLX9054_DAC, "swiotlb=force" },
	{ EACCES, 0, "above 4 GiB" },
	{ ENOMEM, 0, "RLIMIT_MEMLOCK" },
	{ ERANGE, 0, "iommu=pt" },
	{ ENODEV, 0, "gone" },
	{ EFAULT, 0, "Bad address" },
};

START_TEST(memory_that_cannot_be_mapped_is_explained)
{
	uint64_t bus[PAGES];

	fake_stub.info.flags = map_failures[_i].flags;
	fake_stub.errors[fake_stub_request(PLX9054_MAP)] =
		map_failures[_i].code;
	card_open();
	ck_assert_int_eq(card->ops->map(card, &arena, bus, &error),
			 -map_failures[_i].code);
	check_says(map_failures[_i].says);
	card_close();
}
END_TEST

START_TEST(frames_stand_in_only_for_who_said_unpinned)
{
	uint64_t bus[PAGES];
	unsigned int page;

	arena.frames_known = 1;
	for (page = 0; page < PAGES; page++)
		frames[page] = 0x300000 + page * PAGE;
	fake_stub.errors[fake_stub_request(PLX9054_MAP)] = ENOMEM;
	card_open();
	ck_assert_int_eq(card->ops->map(card, &arena, bus, &error), -ENOMEM);
	card->info.unpinned = 1;
	card->info.iommu = 1;
	ck_assert_int_eq(card->ops->map(card, &arena, bus, &error), -ENOMEM);
	card->info.iommu = 0;
	ck_assert_int_eq(card->ops->map(card, &arena, bus, &error), 0);
	ck_assert_uint_eq(bus[7], 0x307000);
	ck_assert_int_eq(card->info.pin, PLXDMA_PIN_NONE);
	card->ops->unmap(card, &arena, bus);
	ck_assert_uint_eq(fake_stub.calls[fake_stub_request(PLX9054_FREE)],
			  0);
	card_close();
}
END_TEST

START_TEST(what_the_stub_keeps_is_given_back_later)
{
	const unsigned int unmap = fake_stub_request(PLX9054_FREE);
	uint64_t bus[PAGES], other[PAGES];

	fake_stub.runs[0] = (struct plx9054_run){ 0x200000, PAGES * PAGE };
	fake_stub.run_count = 1;
	card_open();
	ck_assert_int_eq(card->ops->map(card, &arena, bus, &error), 0);
	fake_stub.errors[unmap] = EBUSY;
	card->ops->unmap(card, &arena, bus);
	fake_stub.errors[unmap] = 0;
	ck_assert_uint_eq(fake_stub.unmapped, 0);
	ck_assert_int_eq(card->ops->map(card, &arena, other, &error), 0);
	ck_assert_uint_eq(fake_stub.unmapped, 7);
	ck_assert_uint_eq(fake_stub.calls[unmap], 2);
	card_close();
}
END_TEST

START_TEST(descriptor_memory_is_whole_pages_at_its_offset)
{
	volatile char *cpu;
	uint64_t bus;
	void *map;

	card_open();
	ck_assert_int_eq(card->ops->coherent_alloc(card, 5000, &map, &bus,
						   &error), 0);
	ck_assert_uint_eq(bus, 0x1000000);
	cpu = map;
	ck_assert_int_eq(cpu[8191], 0);
	cpu[8191] = 1;
	card->ops->coherent_free(card, 5000, map, bus);
	ck_assert_uint_eq(
		fake_stub.calls[fake_stub_request(PLX9054_FREE)], 1);
	fake_stub.errors[fake_stub_request(PLX9054_COHERENT)] = EDQUOT;
	ck_assert_int_eq(card->ops->coherent_alloc(card, 1, &map, &bus,
						   &error), -EDQUOT);
	check_says("coherent_limit");
	card_close();
}
END_TEST

START_TEST(an_interrupt_is_told_once_with_its_bits)
{
	struct plxdma_irq_event event = { .size = sizeof(event) };
	struct plx9054_event *doorbell =
		&fake_stub.events[PLX9054_DOORBELL];
	struct pollfd ready;

	card_open();
	ready.fd = card->ops->irq_fd(card, PLXDMA_IRQ_DOORBELL);
	ready.events = POLLIN;
	ck_assert_int_eq(ready.fd, fake_stub.fds[PLX9054_DOORBELL]);
	*doorbell = (struct plx9054_event){ .bits = 5, .count = 3,
					    .time_ns = 99 };
	ck_assert_int_eq(eventfd_write(ready.fd, 3), 0);
	ck_assert_int_eq(card->ops->irq_read(card, PLXDMA_IRQ_DOORBELL,
					     &event), 3);
	ck_assert_uint_eq(event.bits, 5);
	ck_assert_uint_eq(event.count, 3);
	ck_assert_uint_eq(event.time_ns, 99);
	ck_assert_int_eq(poll(&ready, 1, 0), 0);
	ck_assert_int_eq(card->ops->irq_read(card, PLXDMA_IRQ_DOORBELL,
					     &event), 0);
	fake_stub.errors[fake_stub_request(PLX9054_EVENT)] = ENODEV;
	ck_assert_int_eq(card->ops->irq_read(card, PLXDMA_IRQ_DOORBELL,
					     &event), -ENODEV);
	card_close();
}
END_TEST

START_TEST(what_the_handler_shares_goes_through_the_stub)
{
	uint16_t status;

	card_open();
	ck_assert_int_eq(card->ops->channel_control(card, 1, TRANSPORT_ABORT),
			 0);
	ck_assert_uint_eq(fake_stub.channel.channel, 1);
	ck_assert_uint_eq(fake_stub.channel.operation, PLX9054_ABORT_CHANNEL);
	ck_assert_int_eq(card->ops->channel_control(card, 0, TRANSPORT_CLEAR),
			 0);
	ck_assert_uint_eq(fake_stub.channel.operation, PLX9054_CLEAR);
	fake_stub.status = 0x2000;
	ck_assert_int_eq(card->ops->clear_status(card, &status), 0);
	ck_assert_uint_eq(status, 0x2000);
	ck_assert_int_eq(card->ops->bus_master(card, 1), 0);
	ck_assert_uint_eq(fake_stub.master, 1);
	card_close();
}
END_TEST

Suite *suite_uio(void)
{
	Suite *suite = suite_create("uio");
	TCase *tests = tcase_create("uio");

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_loop_test(tests, a_card_that_cannot_be_opened_says_why, 0,
			    sizeof(refusals) / sizeof(refusals[0]));
	tcase_add_test(tests, another_version_of_the_module_is_refused);
	tcase_add_test(tests, what_the_stub_knows_is_told);
	tcase_add_test(tests, registers_are_loads_and_stores_in_bar_0);
	tcase_add_test(tests, beyond_a_bar_there_are_ones);
	tcase_add_test(tests, without_memory_the_io_bar_shows_the_registers);
	tcase_add_test(tests, a_card_that_is_gone_has_no_channel_to_wait_for);
	tcase_add_test(tests, a_window_is_a_local_space);
	tcase_add_test(tests, runs_become_addresses_of_pages);
	tcase_add_test(tests, addresses_that_are_not_the_frames_are_refused);
	tcase_add_loop_test(tests, memory_that_cannot_be_mapped_is_explained,
			    0, sizeof(map_failures) / sizeof(map_failures[0]));
	tcase_add_test(tests, frames_stand_in_only_for_who_said_unpinned);
	tcase_add_test(tests, what_the_stub_keeps_is_given_back_later);
	tcase_add_test(tests, descriptor_memory_is_whole_pages_at_its_offset);
	tcase_add_test(tests, an_interrupt_is_told_once_with_its_bits);
	tcase_add_test(tests, what_the_handler_shares_goes_through_the_stub);
	suite_add_tcase(suite, tests);
	return suite;
}
