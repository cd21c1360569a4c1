check_PROGRAMS += tests/transport/check-transport
TESTS += tests/transport/check-transport
tests_transport_check_transport_SOURCES = \
	tests/transport/check-transport.c \
	tests/transport/fake.c \
	tests/transport/fake.h \
	tests/transport/fake_stub.c \
	tests/transport/fake_stub.h \
	tests/transport/suite-control.c \
	tests/transport/suite-interrupt.c \
	tests/transport/suite-memory.c \
	tests/transport/suite-model.c \
	tests/transport/suite-uio.c \
	tests/transport/suites.h
tests_transport_check_transport_CFLAGS = $(UNIT_CFLAGS)
tests_transport_check_transport_LDADD = $(UNIT_LDADD)
# Two calls of the kernel's are led to fake_stub.c.
tests_transport_check_transport_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=open,--wrap=ioctl
