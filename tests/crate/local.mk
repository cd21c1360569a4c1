# Many cards in one process: what the headers say of threads and forks.
check_PROGRAMS += tests/crate/check-crate
TESTS += tests/crate/check-crate
tests_crate_check_crate_SOURCES = \
	tests/crate/check-crate.c \
	tests/crate/crate.c \
	tests/crate/crate.h \
	tests/crate/suite-fork.c \
	tests/crate/suite-threads.c \
	tests/crate/suites.h \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h
tests_crate_check_crate_CFLAGS = $(UNIT_CFLAGS) \
	-DPLXDMAD='"$(abs_top_builddir)/plxdmad"'
tests_crate_check_crate_LDADD = $(UNIT_LDADD)
