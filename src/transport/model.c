/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The software card as a transport: this process is its host.
 *
 * Register accesses are direct calls.  The model's INTA# is the interrupt
 * line; the handler runs in whichever thread raised it, see interrupt.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "chip/plx9054.h"
#include "transport/model_transport.h"
#include "transport/reset.h"

#define REGISTER_BAR 0

static struct model *model_of(struct transport *transport)
{
	return model_transport_of(transport)->model;
}

static struct interrupt *interrupt_of(struct transport *transport)
{
	return &model_transport_of(transport)->interrupt;
}

static uint32_t card_reg_read(struct transport *transport, unsigned int offset,
			      unsigned int width)
{
	return model_bar_read(model_of(transport), REGISTER_BAR, offset, width);
}

static void card_reg_write(struct transport *transport, unsigned int offset,
			   unsigned int width, uint32_t value)
{
	model_bar_write(model_of(transport), REGISTER_BAR, offset, width,
			value);
}

static uint32_t card_bar_read(struct transport *transport, unsigned int bar,
			      uint64_t offset, unsigned int width)
{
	return model_bar_read(model_of(transport), bar, offset, width);
}

static void card_bar_write(struct transport *transport, unsigned int bar,
			   uint64_t offset, unsigned int width, uint32_t value)
{
	model_bar_write(model_of(transport), bar, offset, width, value);
}

static uint64_t card_bar_size(struct transport *transport, unsigned int bar,
			      uint32_t *flags)
{
	return model_bar_size(model_of(transport), bar, flags);
}

static uint32_t card_config_read(struct transport *transport,
				 unsigned int offset, unsigned int width)
{
	return model_config_read(model_of(transport), offset, width);
}

static void card_config_write(struct transport *transport, unsigned int offset,
			      unsigned int width, uint32_t value)
{
	model_config_write(model_of(transport), offset, width, value);
}

static int card_window(struct transport *transport, unsigned int bar,
		       void **address, size_t *size)
{
	uint64_t bytes = 0;

	*address = model_bar_direct(model_of(transport), bar, &bytes);
	*size = (size_t)bytes;
	return *address ? 0 : -EOPNOTSUPP;
}

/* Memory decoding stays on: the registers are behind it. */
static int card_bus_master(struct transport *transport, int on)
{
	uint32_t command;

	command = card_config_read(transport, PLX_CFG_COMMAND, 16);
	command |= PLX_COMMAND_MEMORY;
	command = on ? command | PLX_COMMAND_MASTER
		     : command & ~(uint32_t)PLX_COMMAND_MASTER;
	card_config_write(transport, PLX_CFG_COMMAND, 16, command);
	return 0;
}

static int card_channel_control(struct transport *transport,
				unsigned int channel,
				enum transport_control control)
{
	return interrupt_channel_control(interrupt_of(transport), channel,
					 control);
}

static int card_clear_status(struct transport *transport, uint16_t *status)
{
	return interrupt_clear_status(interrupt_of(transport), status);
}

static int card_reset(struct transport *transport)
{
	return reset_card(transport, interrupt_of(transport));
}

static int card_irq_fd(struct transport *transport,
		       enum plxdma_irq_source source)
{
	return interrupt_fd(interrupt_of(transport), source);
}

static int card_irq_read(struct transport *transport,
			 enum plxdma_irq_source source,
			 struct plxdma_irq_event *event)
{
	return interrupt_read(interrupt_of(transport), source, event);
}

static int card_irq_enable(struct transport *transport,
			   enum plxdma_irq_source source, int on)
{
	return interrupt_enable(interrupt_of(transport), source, on);
}

static int card_service_fd(struct transport *transport)
{
	return model_service_fd(model_of(transport));
}

static void card_service(struct transport *transport)
{
	model_service(model_of(transport));
}

static int card_fault(struct transport *transport, const char *fault,
		      struct error *error)
{
	return model_fault(model_of(transport), fault, error);
}

static void card_counters(struct transport *transport,
			  struct plxdma_counters *counters)
{
	struct model_counters counted;
	size_t i;

	model_get_counters(model_of(transport), &counted);
	counters->violations = 0;
	for (i = 0; i < MODEL_VIOLATIONS; i++)
		counters->violations += (uint32_t)counted.violations[i];
	counters->reg_reads = 0;
	counters->reg_writes = 0;
	for (i = 0; i < sizeof(counted.reg_reads) / sizeof(uint64_t); i++) {
		counters->reg_reads += counted.reg_reads[i];
		counters->reg_writes += counted.reg_writes[i];
	}
	counters->descriptors = counted.descriptors;
	counters->interrupts = interrupt_handled(interrupt_of(transport));
}

static void card_close(struct transport *transport)
{
	struct model_transport *card = model_transport_of(transport);

	model_set_intx(card->model, NULL, NULL);
	model_free(card->model);
	interrupt_destroy(&card->interrupt);
	pthread_mutex_destroy(&card->coherent_lock);
	free(card);
}

static const struct transport_ops model_ops = {
	.reg_read = card_reg_read,
	.reg_write = card_reg_write,
	.bar_read = card_bar_read,
	.bar_write = card_bar_write,
	.bar_size = card_bar_size,
	.config_read = card_config_read,
	.config_write = card_config_write,
	.window = card_window,
	.bus_master = card_bus_master,
	.map = model_memory_map,
	.unmap = model_memory_unmap,
	.coherent_alloc = model_memory_coherent_alloc,
	.coherent_free = model_memory_coherent_free,
	.channel_control = card_channel_control,
	.clear_status = card_clear_status,
	.reset = card_reset,
	.irq_fd = card_irq_fd,
	.irq_read = card_irq_read,
	.irq_enable = card_irq_enable,
	.service_fd = card_service_fd,
	.service = card_service,
	.fault = card_fault,
	.counters = card_counters,
	.close = card_close,
};

static int card_level(struct transport *transport)
{
	return model_intx(model_of(transport));
}

static void card_intx(void *context, int level)
{
	struct model_transport *card = context;

	if (level)
		interrupt_raise(&card->interrupt);
}

/* The last iommu= of the options; the model's default is on. */
static int options_iommu(const char *options)
{
	static const char key[] = "iommu=";
	int on = 1;

	while (options) {
		if (*options == ',')
			options++;
		if (!strncmp(options, key, sizeof(key) - 1))
			on = strncmp(options + sizeof(key) - 1, "off", 3) != 0;
		options = strchr(options, ',');
	}
	return on;
}

int transport_model_open(const char *options, struct transport **transport,
			 struct error *error)
{
	struct model_transport *card;
	int result;

	card = calloc(1, sizeof(*card));
	if (!card)
		return error_set(error, -ENOMEM, "model: no memory");
	result = model_new(options, &card->model, error);
	if (result)
		goto out_free;
	card->transport.ops = &model_ops;
	card->transport.info = (struct transport_info){
		.name = "model",
		.pci = model_slot(card->model),
		.numa_node = -1,
		.iommu = options_iommu(options),
		.dac = 1,
		.pin = PLXDMA_PIN_NONE,
		.small_pages = 1,
	};
	pthread_mutex_init(&card->coherent_lock, NULL);
	card_bus_master(&card->transport, 0);
	result = interrupt_init(&card->interrupt, &card->transport, card_level);
	if (result) {
		error_set(error, result, "model: no eventfds: %s",
			  strerror(-result));
		goto out_model;
	}
	model_set_intx(card->model, card_intx, card);
	*transport = &card->transport;
	return 0;

out_model:
	pthread_mutex_destroy(&card->coherent_lock);
	model_free(card->model);
out_free:
	free(card);
	return result;
}
