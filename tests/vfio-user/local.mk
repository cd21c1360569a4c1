# plxdma-model, by a client of its own.
VFIO_USER_CFLAGS = $(UNIT_CFLAGS) $(JSON_CFLAGS) \
	-DMODEL_PROGRAM='"$(abs_top_builddir)/plxdma-model"'

check_PROGRAMS += tests/vfio-user/check-vfio-user
TESTS += tests/vfio-user/check-vfio-user
tests_vfio_user_check_vfio_user_SOURCES = \
	tests/vfio-user/check-vfio-user.c \
	tests/vfio-user/peer.c \
	tests/vfio-user/peer.h \
	tests/vfio-user/served.c \
	tests/vfio-user/served.h \
	tests/vfio-user/suite-departure.c \
	tests/vfio-user/suite-interrupt.c \
	tests/vfio-user/suite-memory.c \
	tests/vfio-user/suite-message.c \
	tests/vfio-user/suite-program.c \
	tests/vfio-user/suite-session.c \
	tests/vfio-user/suites.h
tests_vfio_user_check_vfio_user_CFLAGS = $(VFIO_USER_CFLAGS)
tests_vfio_user_check_vfio_user_LDADD = libvfiouser.la $(UNIT_LDADD) \
	$(JSON_LIBS)
