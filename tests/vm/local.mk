# Tests in a guest with a real kernel; run by hand: tests/vm/run.
EXTRA_DIST += tests/vm/driver.c tests/vm/enumerate tests/vm/guest.sh \
	tests/vm/init tests/vm/interrupts tests/vm/machine.sh \
	tests/vm/modules tests/vm/root tests/vm/run tests/vm/transfers
check_PROGRAMS += tests/vm/matrix
tests_vm_matrix_SOURCES = tests/vm/matrix.c tests/scenario/witness.c \
	tests/scenario/witness.h
tests_vm_matrix_CFLAGS = $(AM_CFLAGS)
tests_vm_matrix_LDADD = libplxdma.la
