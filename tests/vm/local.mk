# Tests in a guest with a real kernel; run by hand: tests/vm/run.
EXTRA_DIST += tests/vm/asleep tests/vm/below
EXTRA_DIST += tests/vm/departure tests/vm/leaving tests/vm/pulled \
	tests/vm/switched-off
EXTRA_DIST += tests/vm/all
EXTRA_DIST += tests/vm/dkms tests/vm/driver.c
EXTRA_DIST += tests/vm/enumerate
EXTRA_DIST += tests/vm/guest.sh
EXTRA_DIST += tests/vm/image
EXTRA_DIST += tests/vm/init
EXTRA_DIST += tests/vm/interrupts
EXTRA_DIST += tests/vm/machine.sh
EXTRA_DIST += tests/vm/modules
EXTRA_DIST += tests/vm/root
EXTRA_DIST += tests/vm/run
EXTRA_DIST += tests/vm/sandbox
EXTRA_DIST += tests/vm/stream
EXTRA_DIST += tests/vm/strangers
EXTRA_DIST += tests/vm/crate tests/vm/page tests/vm/together
EXTRA_DIST += tests/vm/table
EXTRA_DIST += tests/vm/devlib2 tests/vm/devlib2.build tests/vm/devlib2.c \
	tests/vm/devlib2.h tests/vm/devlib2_alike.c tests/vm/devlib2_itself.c \
	tests/vm/epics/epics.h
EXTRA_DIST += tests/vm/lspci tests/vm/lspci.golden tests/vm/refused
EXTRA_DIST += tests/vm/transfers-1g tests/vm/transfers-6g \
	tests/vm/transfers-bridge \
	tests/vm/transfers-iommu tests/vm/transfers-iommu-pt \
	tests/vm/transfers-numa

EXTRA_DIST += tests/vm/transfers
check_PROGRAMS += tests/vm/matrix
tests_vm_matrix_SOURCES = tests/vm/matrix.c tests/scenario/witness.c \
	tests/scenario/witness.h
tests_vm_matrix_CFLAGS = $(AM_CFLAGS)
tests_vm_matrix_LDADD = libplxdma.la

EXTRA_DIST += tests/vm/pages-stay
check_PROGRAMS += tests/vm/moving
tests_vm_moving_SOURCES = tests/vm/moving.c
tests_vm_moving_LDADD = libplxdma.la

EXTRA_DIST += tests/vm/cost
check_PROGRAMS += tests/vm/calls tests/vm/wake
tests_vm_calls_SOURCES = tests/vm/calls.c
tests_vm_calls_LDADD = libplxdma.la
tests_vm_wake_SOURCES = tests/vm/wake.c
tests_vm_wake_LDADD = libplxdma.la

# A board behind a card of the guests; libtool makes it only for -rpath.
EXTRA_DIST += tests/vm/hpdi tests/vm/hpdi.c
noinst_LTLIBRARIES += tests/vm/hpdi_board.la
tests_vm_hpdi_board_la_SOURCES = tests/vm/hpdi_board.c $(board_sources)
tests_vm_hpdi_board_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version \
	-rpath /nowhere

# Holders of a card that are killed; what anybody may ask of the stub.
EXTRA_DIST += tests/vm/grab.c tests/vm/holding tests/vm/kill \
	tests/vm/kill-unpinned
EXTRA_DIST += tests/vm/bounce tests/vm/bounced.c tests/vm/shared-line \
	tests/vm/unprivileged
EXTRA_DIST += tests/vm/ioctls tests/vm/ioctls.c tests/vm/sdk
EXTRA_DIST += tests/vm/returns tests/vm/returns.c tests/vm/seen.h
check_PROGRAMS += tests/vm/victim
tests_vm_victim_SOURCES = tests/vm/victim.c
tests_vm_victim_LDADD = libplxdma.la

EXTRA_DIST += tests/vm/stub tests/vm/stub-stuck tests/vm/stub_check.c
