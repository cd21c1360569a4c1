check_PROGRAMS += tests/mem/check-mem
TESTS += tests/mem/check-mem
tests_mem_check_mem_SOURCES = \
	tests/mem/check-mem.c \
	tests/mem/pool.c \
	tests/mem/pool.h \
	tests/mem/suite-arena.c \
	tests/mem/suite-frames.c \
	tests/mem/suite-heap.c \
	tests/mem/suite-privilege.c \
	tests/mem/suite-threads.c \
	tests/mem/suite-translate.c \
	tests/mem/suites.h
tests_mem_check_mem_CFLAGS = $(UNIT_CFLAGS)
tests_mem_check_mem_LDADD = $(UNIT_LDADD)
