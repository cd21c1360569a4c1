# Programs to learn from, under MIT: ordinary clients of the public headers.
EXTRA_PROGRAMS += examples/smallest examples/chain-eventfd examples/throughput
EXAMPLE_CPPFLAGS = -I$(top_srcdir)/include
throughput_sources = \
	examples/throughput/files.c \
	examples/throughput/files.h \
	examples/throughput/lane.c \
	examples/throughput/lane.h \
	examples/throughput/machine.c \
	examples/throughput/machine.h \
	examples/throughput/measure.c \
	examples/throughput/measure.h \
	examples/throughput/names.c \
	examples/throughput/pattern.c \
	examples/throughput/pattern.h \
	examples/throughput/plan.c \
	examples/throughput/plot.c \
	examples/throughput/plot.h \
	examples/throughput/rig.c \
	examples/throughput/rig.h \
	examples/throughput/run.c \
	examples/throughput/syscalls.c \
	examples/throughput/syscalls.h \
	examples/throughput/table.c \
	examples/throughput/table.h \
	examples/throughput/throughput.h

examples_smallest_SOURCES = examples/smallest.c
examples_smallest_CPPFLAGS = $(EXAMPLE_CPPFLAGS)
examples_smallest_LDADD = libplxdma.la
examples_chain_eventfd_SOURCES = examples/chain-eventfd.c
examples_chain_eventfd_CPPFLAGS = $(EXAMPLE_CPPFLAGS)
examples_chain_eventfd_LDADD = libplxdma.la
examples_throughput_SOURCES = examples/throughput.c $(throughput_sources)
examples_throughput_CPPFLAGS = $(EXAMPLE_CPPFLAGS)
examples_throughput_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
examples_throughput_LDADD = libplxdma.la $(JSON_LIBS)
# The same benchmark is `plxdma bench`.
plxdma_SOURCES += $(throughput_sources)
