# The boards that come with the library: alone, and on the software card.
check_PROGRAMS += tests/boards/check-boards
TESTS += tests/boards/check-boards
tests_boards_check_boards_SOURCES = \
	tests/boards/bench.c \
	tests/boards/bench.h \
	tests/boards/check-boards.c \
	tests/boards/suite-digitizer.c \
	tests/boards/suite-digitizer-card.c \
	tests/boards/suite-example.c \
	tests/boards/suite-line.c \
	tests/boards/suite-sequencer.c \
	tests/boards/suite-sequencer-card.c \
	tests/boards/suites.h \
	tests/model/card.c \
	tests/model/card.h \
	tests/model/channel.c \
	tests/model/channel.h
tests_boards_check_boards_CFLAGS = $(UNIT_CFLAGS)
tests_boards_check_boards_CPPFLAGS = $(AM_CPPFLAGS) \
	-I$(top_srcdir)/tests/model \
	-DBUILDDIR='"$(abs_top_builddir)"'
tests_boards_check_boards_LDADD = $(UNIT_LDADD)
EXTRA_tests_boards_check_boards_DEPENDENCIES = $(boards_LTLIBRARIES) \
	examples/board-counter.la
