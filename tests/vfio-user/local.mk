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

check_PROGRAMS += tests/vfio-user/hostile
TESTS += tests/vfio-user/hostile
tests_vfio_user_hostile_SOURCES = \
	tests/vfio-user/hostile.c \
	tests/vfio-user/peer.c \
	tests/vfio-user/peer.h \
	tests/vfio-user/served.c \
	tests/vfio-user/served.h
tests_vfio_user_hostile_CFLAGS = $(VFIO_USER_CFLAGS)
tests_vfio_user_hostile_LDADD = $(CHECK_LIBS) $(JSON_LIBS)

# plxdma-model with a planted defect, see defect.c.
check_PROGRAMS += tests/vfio-user/plxdma-model-defect
tests_vfio_user_plxdma_model_defect_SOURCES = \
	src/vfio-user/plxdma-model.c \
	tests/vfio-user/defect.c
tests_vfio_user_plxdma_model_defect_CFLAGS = $(UNIT_CFLAGS)
tests_vfio_user_plxdma_model_defect_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=guest_unmap -Wl,--wrap=guest_release \
	-Wl,--wrap=line_set_level -Wl,--wrap=line_unmask \
	-Wl,--wrap=guard_copy -Wl,--wrap=message_header_check \
	-Wl,--wrap=message_fds -Wl,--wrap=connection_consume \
	-Wl,--wrap=model_reset -Wl,--wrap=region_read
tests_vfio_user_plxdma_model_defect_LDADD = libvfiouser.la libcore.la
dist_check_SCRIPTS += tests/vfio-user/bites
if !SANITIZED
# A defect under a sanitizer is found by that, not by the test.
TESTS += tests/vfio-user/bites
endif
