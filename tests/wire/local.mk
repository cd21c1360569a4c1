check_PROGRAMS += tests/wire/check-wire
TESTS += tests/wire/check-wire
tests_wire_check_wire_SOURCES = \
	tests/wire/check-wire.c \
	tests/wire/suite-batch.c \
	tests/wire/suite-message.c \
	tests/wire/suite-packet.c \
	tests/wire/suite-published.c \
	tests/wire/suite-request.c \
	tests/wire/suite-ring.c \
	tests/wire/suites.h
tests_wire_check_wire_CFLAGS = $(UNIT_CFLAGS)
tests_wire_check_wire_LDADD = $(UNIT_LDADD)

# The order of stores, by a model checker.
dist_check_SCRIPTS += tests/wire/order
TESTS += tests/wire/order
EXTRA_DIST += tests/wire/order.pml
