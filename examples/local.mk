# Programs to learn from, under MIT: ordinary clients of the public headers.
noinst_PROGRAMS += examples/smallest examples/chain-eventfd examples/throughput
noinst_PROGRAMS += examples/acquire examples/crate-poll examples/crate-threads examples/armed-fifo
EXTRA_DIST += examples/armed-fifo.ini
EXTRA_DIST += \
	examples/python/acquire.py \
	examples/python/capture.py \
	examples/python/list_cards.py \
	examples/python/spectrum.py
EXAMPLE_CPPFLAGS = -I$(top_srcdir)/include
throughput_sources = \
	examples/measure/files.c \
	examples/measure/files.h \
	examples/measure/lane.c \
	examples/measure/lane.h \
	examples/measure/machine.c \
	examples/measure/machine.h \
	examples/measure/measure.c \
	examples/measure/measure.h \
	examples/measure/names.c \
	examples/measure/options.c \
	examples/measure/options.h \
	examples/measure/pattern.c \
	examples/measure/pattern.h \
	examples/measure/plan.c \
	examples/measure/plot.c \
	examples/measure/plot.h \
	examples/measure/rig.c \
	examples/measure/rig.h \
	examples/measure/run.c \
	examples/measure/syscalls.c \
	examples/measure/syscalls.h \
	examples/measure/table.c \
	examples/measure/table.h \
	examples/measure/throughput.h

# A board is a shared object, which libtool builds only for -rpath.
noinst_LTLIBRARIES += examples/board-counter.la
examples_board_counter_la_SOURCES = examples/board-counter.c
examples_board_counter_la_CPPFLAGS = $(EXAMPLE_CPPFLAGS)
examples_board_counter_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version \
	-rpath /nowhere
examples_acquire_SOURCES = examples/acquire.c
examples_acquire_CPPFLAGS = $(EXAMPLE_CPPFLAGS)
examples_acquire_LDADD = libplxdma.la
examples_smallest_SOURCES = examples/smallest.c
examples_smallest_CPPFLAGS = $(EXAMPLE_CPPFLAGS)
examples_smallest_LDADD = libplxdma.la
examples_chain_eventfd_SOURCES = examples/chain-eventfd.c
examples_chain_eventfd_CPPFLAGS = $(EXAMPLE_CPPFLAGS)
examples_chain_eventfd_LDADD = libplxdma.la
examples_crate_poll_SOURCES = examples/crate-poll.c
examples_crate_poll_CPPFLAGS = $(EXAMPLE_CPPFLAGS)
examples_crate_poll_LDADD = libplxdma.la
examples_crate_threads_SOURCES = examples/crate-threads.c
examples_crate_threads_CPPFLAGS = $(EXAMPLE_CPPFLAGS)
examples_crate_threads_LDADD = libplxdma.la
examples_armed_fifo_SOURCES = examples/armed-fifo.c
examples_armed_fifo_CPPFLAGS = $(EXAMPLE_CPPFLAGS)
examples_armed_fifo_LDADD = libplxdma.la
examples_throughput_SOURCES = examples/throughput.c $(throughput_sources)
examples_throughput_CPPFLAGS = $(EXAMPLE_CPPFLAGS)
examples_throughput_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
examples_throughput_LDADD = libplxdma.la $(JSON_LIBS)
# The same benchmark is `plxdma bench`.
plxdma_SOURCES += $(throughput_sources)
