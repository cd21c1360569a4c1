# What is in this folder.
check_PROGRAMS += tests/stream/check-stream
TESTS += tests/stream/check-stream
tests_stream_check_stream_SOURCES = \
	tests/scenario/daemon-child.c \
	tests/scenario/daemon-child.h \
	tests/stream/check-stream.c \
	tests/stream/rig.c \
	tests/stream/rig.h \
	tests/stream/suite-armed.c \
	tests/stream/suite-ends.c \
	tests/stream/suite-observers.c \
	tests/stream/suite-setup.c \
	tests/stream/suite-slow.c
tests_stream_check_stream_CFLAGS = $(UNIT_CFLAGS) -I$(top_srcdir)/tests \
	-DPLXDMAD_FILE='"$(abs_builddir)/plxdmad"'
tests_stream_check_stream_LDADD = $(UNIT_LDADD)

# Run in a guest by tests/vm/stream, and by hand.
check_PROGRAMS += tests/stream/keep-up
tests_stream_keep_up_SOURCES = \
	tests/stream/beside.c \
	tests/stream/beside.h \
	tests/stream/keep-up.c
tests_stream_keep_up_LDADD = libplxdma.la
