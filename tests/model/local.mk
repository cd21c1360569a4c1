# Conformance of the software card: registers.tsv and a test per statement.
check_PROGRAMS += tests/model/check-model
TESTS += tests/model/check-model
tests_model_check_model_SOURCES = \
	tests/model/card.c \
	tests/model/card.h \
	tests/model/channel.c \
	tests/model/channel.h \
	tests/model/check-model.c \
	tests/model/cksuite-abort.c \
	tests/model/cksuite-access.c \
	tests/model/cksuite-block.c \
	tests/model/cksuite-board.c \
	tests/model/cksuite-bus.c \
	tests/model/cksuite-chain.c \
	tests/model/cksuite-config.c \
	tests/model/cksuite-descriptor.c \
	tests/model/cksuite-eeprom.c \
	tests/model/cksuite-eot.c \
	tests/model/cksuite-fault.c \
	tests/model/cksuite-interrupt.c \
	tests/model/cksuite-localbus.c \
	tests/model/cksuite-memory.c \
	tests/model/cksuite-messaging.c \
	tests/model/cksuite-open.c \
	tests/model/cksuite-pins.c \
	tests/model/cksuite-posting.c \
	tests/model/cksuite-queue.c \
	tests/model/cksuite-recovery.c \
	tests/model/cksuite-registers.c \
	tests/model/cksuite-reset.c \
	tests/model/cksuite-routing.c \
	tests/model/cksuite-share.c \
	tests/model/cksuite-space.c \
	tests/model/cksuite-start.c \
	tests/model/cksuite-switch.c \
	tests/model/cksuite-timing.c \
	tests/model/cksuite-trace.c \
	tests/model/cksuite-violation.c \
	tests/model/cksuite-vpd.c \
	tests/model/eeprom.c \
	tests/model/eeprom.h \
	tests/model/fifo.c \
	tests/model/fifo.h \
	tests/model/registers.c \
	tests/model/registers.h \
	tests/model/suites.h
tests_model_check_model_CFLAGS = $(UNIT_CFLAGS)
tests_model_check_model_CPPFLAGS = $(AM_CPPFLAGS) \
	-DSRCDIR='"$(abs_top_srcdir)"' -DBUILDDIR='"$(abs_top_builddir)"'
tests_model_check_model_LDADD = $(UNIT_LDADD)
EXTRA_DIST += tests/model/registers.tsv

# The board that pulls pins; -rpath makes libtool build a shared object.
check_LTLIBRARIES += tests/model/board-probe.la
tests_model_board_probe_la_SOURCES = tests/model/board-probe.c
tests_model_board_probe_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version \
	-rpath /nowhere
EXTRA_tests_model_check_model_DEPENDENCIES = tests/model/board-probe.la
