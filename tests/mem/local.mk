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

# The same sources with calls that can be made to fail.
check_PROGRAMS += tests/mem/check-mem-faults
TESTS += tests/mem/check-mem-faults
tests_mem_check_mem_faults_SOURCES = \
	tests/mem/check-mem-faults.c \
	tests/mem/faults.h \
	tests/mem/inject.c \
	tests/mem/inject.h \
	tests/mem/pool.c \
	tests/mem/pool.h \
	tests/mem/suite-disorder.c \
	tests/mem/suite-fallbacks.c \
	tests/mem/suite-refusals.c
tests_mem_check_mem_faults_CFLAGS = $(UNIT_CFLAGS) -Wno-cast-qual
tests_mem_check_mem_faults_LDADD = $(UNIT_LDADD)
tests_mem_check_mem_faults_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=memfd_create,--wrap=fchmod,--wrap=ftruncate \
	-Wl,--wrap=mmap,--wrap=madvise,--wrap=fallocate,--wrap=fcntl \
	-Wl,--wrap=pread,--wrap=fopen,--wrap=calloc,--wrap=malloc \
	-Wl,--wrap=syscall,--wrap=dlopen,--wrap=dlsym,--wrap=uname \
	-Wl,--wrap=io_uring_queue_init \
	-Wl,--wrap=io_uring_register_buffers_sparse \
	-Wl,--wrap=io_uring_register_buffers_update_tag

dist_check_SCRIPTS += tests/mem/check-bench
TESTS += tests/mem/check-bench
