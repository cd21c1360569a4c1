/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The software card as a transport. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <plxdma/card.h>

#include "chip/plx9054.h"
#include "mem/arena.h"
#include "suites.h"
#include "transport/transport.h"

#define SRAM	       0x20000000u
#define BOARD_CONTROL  0x04
#define BOARD_DOORBELL 0x18
#define CONTROL_LINT   0x04u
#define CONTROL_RING   0x10u
#define BOARD_BAR      3

static struct transport *transport;
static const struct transport_ops *ops;
static struct error error;

static void card_open(const char *spec)
{
	error.text[0] = '\0';
	ck_assert_msg(!transport_open(spec, &transport, &error), "%s",
		      error.text);
	ops = transport->ops;
}

static void setup(void)
{
	card_open("model:engine=inline");
}

static void teardown(void)
{
	ops->close(transport);
}

static void reopen(const char *spec)
{
	ops->close(transport);
	card_open(spec);
}

static uint32_t reg(unsigned int offset)
{
	return ops->reg_read(transport, offset, 32);
}

static int taken(enum plxdma_irq_source source, struct plxdma_irq_event *event)
{
	struct plxdma_irq_event ignored;

	return ops->irq_read(transport, source, event ? event : &ignored);
}

static int readable(enum plxdma_irq_source source, int timeout_ms)
{
	struct pollfd poll_fd = {.fd = ops->irq_fd(transport, source),
				 .events = POLLIN};

	return poll(&poll_fd, 1, timeout_ms);
}

/* A zero-length block, which ends at once and interrupts if it may. */
static void transfer_nothing(unsigned int channel, uint32_t mode)
{
	ops->reg_write(transport, PLX_DMAMODE(channel), 32,
		       PLX_DMAMODE_RESET | mode);
	ops->reg_write(transport, PLX_DMASIZ(channel), 32, 0);
	ops->reg_write(transport, PLX_DMADPR(channel), 32, 0);
	ops->reg_write(transport, PLX_DMACSR(channel), 8, PLX_DMACSR_ENABLE);
	ops->reg_write(transport, PLX_DMACSR(channel), 8,
		       PLX_DMACSR_ENABLE | PLX_DMACSR_START);
}

#define INTERRUPTS (PLX_DMAMODE_DONE_INTERRUPT | PLX_DMAMODE_PCI_INTERRUPT)

START_TEST(an_unknown_transport_is_refused)
{
	struct transport *none;

	ck_assert_int_eq(transport_open("tape:0", &none, &error), -ENOTSUP);
	ck_assert_ptr_nonnull(strstr(error.text, "tape:0"));
}
END_TEST

START_TEST(options_that_the_model_refuses_are_refused)
{
	struct transport *none;

	ck_assert_int_eq(transport_open("model:chip=6502", &none, &error),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, "6502"));
}
END_TEST

START_TEST(a_card_starts_readable_and_without_bus_mastering)
{
	ck_assert_uint_eq(reg(PLX_PCIHIDR), PLX_PCIHIDR_9054);
	ck_assert_uint_eq(ops->config_read(transport, PLX_CFG_COMMAND, 16),
			  PLX_COMMAND_MEMORY);
	ops->bus_master(transport, 1);
	ck_assert_uint_eq(ops->config_read(transport, PLX_CFG_COMMAND, 16),
			  PLX_COMMAND_MEMORY | PLX_COMMAND_MASTER);
	ops->bus_master(transport, 0);
	ck_assert_uint_eq(ops->config_read(transport, PLX_CFG_COMMAND, 16),
			  PLX_COMMAND_MEMORY);
}
END_TEST

START_TEST(a_done_channel_interrupts_and_is_acknowledged)
{
	unsigned int channel = (unsigned int)_i;

	ops->bus_master(transport, 1);
	transfer_nothing(channel, INTERRUPTS);
	ck_assert_int_eq(readable((enum plxdma_irq_source)channel, 1000), 1);
	ck_assert_int_eq(taken((enum plxdma_irq_source)channel, NULL), 1);
	ck_assert_uint_eq(reg(PLX_INTCSR) & PLX_INTCSR_DMA(channel), 0);
	ck_assert_int_eq(readable((enum plxdma_irq_source)channel, 0), 0);
}
END_TEST

START_TEST(a_channel_that_may_not_interrupt_does_not)
{
	ops->bus_master(transport, 1);
	transfer_nothing(0, 0);
	ck_assert_uint_eq(ops->reg_read(transport, PLX_DMACSR0, 8) &
				  PLX_DMACSR_DONE,
			  PLX_DMACSR_DONE);
	ck_assert_int_eq(readable(PLXDMA_IRQ_DMA0, 0), 0);
}
END_TEST

START_TEST(the_board_rings_and_the_bits_arrive)
{
	struct plxdma_irq_event event;

	ck_assert_int_eq(ops->irq_enable(transport, PLXDMA_IRQ_DOORBELL, 1), 0);
	ops->bar_write(transport, BOARD_BAR, BOARD_DOORBELL, 32, 0x80000020);
	ops->bar_write(transport, BOARD_BAR, BOARD_CONTROL, 32, CONTROL_RING);
	ck_assert_int_eq(readable(PLXDMA_IRQ_DOORBELL, 1000), 1);
	ck_assert_int_eq(taken(PLXDMA_IRQ_DOORBELL, &event), 1);
	ck_assert_uint_eq(event.bits, 0x80000020);
	ck_assert_uint_eq(reg(PLX_L2PDBELL), 0);
}
END_TEST

START_TEST(lint_fires_once_until_enabled_again)
{
	ops->irq_enable(transport, PLXDMA_IRQ_LINT, 1);
	ops->bar_write(transport, BOARD_BAR, BOARD_CONTROL, 32, CONTROL_LINT);
	ck_assert_int_eq(readable(PLXDMA_IRQ_LINT, 1000), 1);
	ck_assert_int_eq(taken(PLXDMA_IRQ_LINT, NULL), 1);
	/* The pin is still active: it fires in the call that enables it. */
	ops->irq_enable(transport, PLXDMA_IRQ_LINT, 1);
	ck_assert_int_eq(taken(PLXDMA_IRQ_LINT, NULL), 1);
	ops->bar_write(transport, BOARD_BAR, BOARD_CONTROL, 32, 0);
	ops->irq_enable(transport, PLXDMA_IRQ_LINT, 1);
	ck_assert_int_eq(taken(PLXDMA_IRQ_LINT, NULL), 0);
}
END_TEST

START_TEST(an_abort_interrupts_and_status_is_told_and_cleared)
{
	struct plxdma_irq_event event;
	uint16_t status;

	ops->bus_master(transport, 1);
	ops->reg_write(transport, PLX_DMAMODE0, 32, PLX_DMAMODE_RESET);
	ops->reg_write(transport, PLX_DMAPADR0, 32, 0x7000);
	ops->reg_write(transport, PLX_DMALADR0, 32, SRAM);
	ops->reg_write(transport, PLX_DMASIZ0, 32, 4);
	ops->reg_write(transport, PLX_DMADPR0, 32, PLX_DMADPR_TO_HOST);
	ops->reg_write(transport, PLX_DMACSR0, 8, PLX_DMACSR_ENABLE);
	ops->reg_write(transport, PLX_DMACSR0, 8,
		       PLX_DMACSR_ENABLE | PLX_DMACSR_START);
	ck_assert_int_eq(readable(PLXDMA_IRQ_ABORT, 1000), 1);
	ck_assert_int_eq(taken(PLXDMA_IRQ_ABORT, &event), 1);
	ck_assert_uint_eq(event.bits, PLX_STATUS_RECEIVED_MASTER_ABORT);
	ck_assert_int_eq(ops->clear_status(transport, &status), 0);
	ck_assert_uint_eq(status, PLX_STATUS_RECEIVED_MASTER_ABORT);
	ck_assert_int_eq(ops->channel_control(transport, 0, TRANSPORT_ABORT),
			 0);
	/* No interrupt of the abort is left behind. */
	ck_assert_uint_eq(reg(PLX_INTCSR) & PLX_INTCSR_DMA0, 0);
	ck_assert_uint_eq(ops->config_read(transport, PLX_CFG_STATUS, 16) &
				  PLX_STATUS_ABORTS,
			  0);
}
END_TEST

START_TEST(a_neighbours_storm_is_not_ours)
{
	struct plxdma_counters counters = {.size = sizeof(counters)};

	ck_assert_int_eq(ops->fault(transport, "storm", &error), 0);
	reg(PLX_INTCSR);
	ops->counters(transport, &counters);
	ck_assert_uint_eq(counters.interrupts, 0);
}
END_TEST

START_TEST(a_fault_of_no_kind_is_refused)
{
	ck_assert_int_eq(ops->fault(transport, "flood", &error), -EINVAL);
}
END_TEST

/* clang-format off */
static const unsigned int kept_registers[] = {
	PLX_LAS0RR, PLX_LAS0BA, PLX_MARBR, PLX_BIGEND, PLX_EROMRR,
	PLX_EROMBA, PLX_LBRD0, PLX_DMRR, PLX_DMLBAM, PLX_DMLBAI, PLX_DMPBAM,
	PLX_DMCFGA, PLX_OPQIM, PLX_QSR, PLX_LAS1RR, PLX_LAS1BA, PLX_LBRD1,
	PLX_DMATHR, PLX_DMAMODE0, PLX_DMAPADR0, PLX_DMALADR0, PLX_DMASIZ0,
	PLX_DMADPR0, PLX_DMAMODE1, PLX_DMAPADR1, PLX_DMALADR1, PLX_DMASIZ1,
	PLX_DMADPR1, PLX_INTCSR,
};
/* clang-format on */
#define KEPT (sizeof(kept_registers) / sizeof(kept_registers[0]))

static const unsigned int kept_config[] = {
	PLX_CFG_COMMAND, PLX_CFG_CACHE_LINE, PLX_CFG_BAR0,  PLX_CFG_BAR2,
	PLX_CFG_BAR3,	 PLX_CFG_INT_LINE,   PLX_CFG_PMCSR,
};
#define KEPT_CONFIG (sizeof(kept_config) / sizeof(kept_config[0]))

static void registers_take(uint32_t *values, uint32_t *config)
{
	size_t i;

	for (i = 0; i < KEPT; i++)
		values[i] = reg(kept_registers[i]);
	for (i = 0; i < KEPT_CONFIG; i++)
		config[i] = ops->config_read(transport, kept_config[i], 32);
}

static const char *const personalities[] = {
	"model:engine=inline,chip=9054ac",
	"model:engine=inline,chip=9080",
	"model:engine=inline,chip=9056",
	"model:engine=inline,eeprom=none",
};

static void registers_personalize(void)
{
	unsigned int channel;

	ops->bus_master(transport, 1);
	ops->config_write(transport, PLX_CFG_INT_LINE, 8, 0x2b);
	ops->config_write(transport, PLX_CFG_CACHE_LINE, 16, 0x8008);
	ops->config_write(transport, PLX_CFG_BAR0, 32, 0xe0000000);
	ops->config_write(transport, PLX_CFG_BAR2, 32, 0xe0100000);
	ops->reg_write(transport, PLX_MARBR, 32, 0x01210040);
	ops->reg_write(transport, PLX_LAS0BA, 32, 0x20000001);
	ops->reg_write(transport, PLX_LBRD1, 32, 0x143);
	ops->reg_write(transport, PLX_DMATHR, 32, 0x01020304);
	for (channel = 0; channel < PLX_CHANNELS; channel++) {
		ops->reg_write(transport, PLX_DMAPADR(channel), 32, 0x12340);
		ops->reg_write(transport, PLX_DMALADR(channel), 32, 0x45670);
		ops->reg_write(transport, PLX_DMASIZ(channel), 32, 0x89a);
	}
	ops->irq_enable(transport, PLXDMA_IRQ_DOORBELL, 1);
}

START_TEST(a_reset_destroys_nothing_that_can_be_restored)
{
	uint32_t before[KEPT], after[KEPT];
	uint32_t config_before[KEPT_CONFIG], config_after[KEPT_CONFIG];
	struct plxdma_counters counters = {.size = sizeof(counters)};
	size_t i;

	reopen(personalities[_i]);
	registers_personalize();
	registers_take(before, config_before);
	ck_assert_int_eq(ops->reset(transport), 0);
	registers_take(after, config_after);
	for (i = 0; i < KEPT; i++)
		ck_assert_msg(before[i] == after[i], "%#x: %#x became %#x",
			      kept_registers[i], before[i], after[i]);
	for (i = 0; i < KEPT_CONFIG; i++)
		ck_assert_msg(config_before[i] == config_after[i],
			      "config %#x: %#x became %#x", kept_config[i],
			      config_before[i], config_after[i]);
	ck_assert_uint_eq(reg(PLX_CNTRL) & (PLX_CNTRL_RESET | PLX_CNTRL_RELOAD),
			  0);
	ops->counters(transport, &counters);
	ck_assert_uint_eq(counters.violations, 0);
}
END_TEST

START_TEST(a_card_that_is_gone_can_not_be_reset)
{
	ck_assert_int_eq(ops->fault(transport, "gone", &error), 0);
	/* A fault waits for its opportunity: the next transfer. */
	ops->bus_master(transport, 1);
	transfer_nothing(0, 0);
	ck_assert_int_eq(ops->reset(transport), -ENODEV);
	ck_assert_int_eq(ops->channel_control(transport, 0, TRANSPORT_ABORT),
			 -ENODEV);
}
END_TEST

START_TEST(memory_behind_a_bar_is_a_window_and_registers_are_none)
{
	volatile uint32_t *words;
	void *address = NULL;
	size_t size = 0;

	ck_assert_int_eq(ops->window(transport, 2, &address, &size), 0);
	ck_assert_uint_eq(size, 1 << 20);
	words = address;
	words[3] = 0xcafe0000;
	ck_assert_uint_eq(ops->bar_read(transport, 2, 12, 32), 0xcafe0000);
	ck_assert_int_eq(ops->window(transport, 3, &address, &size),
			 -EOPNOTSUPP);
}
END_TEST

START_TEST(a_card_in_a_slot_says_so)
{
	ck_assert_str_eq(transport->info.pci, "");
	reopen("model:slot=05:0d.0");
	ck_assert_str_eq(transport->info.pci, "0000:05:0d.0");
}
END_TEST

START_TEST(register_accesses_are_counted_by_the_card)
{
	struct plxdma_counters before = {.size = sizeof(before)};
	struct plxdma_counters after = {.size = sizeof(after)};

	ops->counters(transport, &before);
	reg(PLX_PCIHIDR);
	ops->reg_write(transport, PLX_P2LDBELL, 32, 1);
	ops->reg_write(transport, PLX_MBOX2, 32, 1);
	ops->counters(transport, &after);
	ck_assert_uint_eq(after.reg_reads - before.reg_reads, 1);
	ck_assert_uint_eq(after.reg_writes - before.reg_writes, 2);
}
END_TEST

static void *interrupts_channel(void *context)
{
	unsigned int channel = *(unsigned int *)context, i;

	for (i = 0; i < 500; i++) {
		transfer_nothing(channel, INTERRUPTS);
		while (!(ops->reg_read(transport, PLX_DMACSR(channel), 8) &
			 PLX_DMACSR_DONE))
			;
		if (i % 16 == 0)
			ops->channel_control(transport, channel,
					     TRANSPORT_CLEAR);
	}
	return NULL;
}

/* Two channels' interrupts, controls, and a third thread that changes
 * INTCSR: with TSan this is the proof that they share it properly. */
START_TEST(two_channels_and_a_third_thread_share_the_card)
{
	static const char *const engines[] = {"model:engine=inline",
					      "model:engine=thread"};
	unsigned int channels[] = {0, 1}, i;
	pthread_t threads[2];
	struct plxdma_counters counters = {.size = sizeof(counters)};

	reopen(engines[_i]);
	ops->bus_master(transport, 1);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
						interrupts_channel,
						&channels[i]),
				 0);
	for (i = 0; i < 500; i++) {
		ops->irq_enable(transport, PLXDMA_IRQ_DOORBELL, i & 1);
		reg(PLX_INTCSR);
		taken(PLXDMA_IRQ_DMA0, NULL);
	}
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(reg(PLX_INTCSR) & (PLX_INTCSR_DMA0_ENABLE |
					     PLX_INTCSR_DMA1_ENABLE),
			  PLX_INTCSR_DMA0_ENABLE | PLX_INTCSR_DMA1_ENABLE);
	ck_assert_uint_eq(reg(PLX_INTCSR) & (PLX_INTCSR_DMA0 | PLX_INTCSR_DMA1),
			  0);
	ops->counters(transport, &counters);
	ck_assert_uint_gt(counters.interrupts, 0);
}
END_TEST

Suite *suite_model(void)
{
	Suite *suite = suite_create("model");
	TCase *tests = tcase_create("transport");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, an_unknown_transport_is_refused);
	tcase_add_test(tests, options_that_the_model_refuses_are_refused);
	tcase_add_test(tests, a_card_starts_readable_and_without_bus_mastering);
	tcase_add_loop_test(tests,
			    a_done_channel_interrupts_and_is_acknowledged, 0,
			    PLX_CHANNELS);
	tcase_add_test(tests, a_channel_that_may_not_interrupt_does_not);
	tcase_add_test(tests, the_board_rings_and_the_bits_arrive);
	tcase_add_test(tests, lint_fires_once_until_enabled_again);
	tcase_add_test(tests,
		       an_abort_interrupts_and_status_is_told_and_cleared);
	tcase_add_test(tests, a_neighbours_storm_is_not_ours);
	tcase_add_test(tests, a_fault_of_no_kind_is_refused);
	tcase_add_loop_test(tests,
			    a_reset_destroys_nothing_that_can_be_restored, 0,
			    sizeof(personalities) / sizeof(personalities[0]));
	tcase_add_test(tests, a_card_that_is_gone_can_not_be_reset);
	tcase_add_test(tests,
		       memory_behind_a_bar_is_a_window_and_registers_are_none);
	tcase_add_test(tests, a_card_in_a_slot_says_so);
	tcase_add_test(tests, register_accesses_are_counted_by_the_card);
	tcase_add_loop_test(
		tests, two_channels_and_a_third_thread_share_the_card, 0, 2);
	suite_add_tcase(suite, tests);
	return suite;
}
