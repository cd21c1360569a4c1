EXTRA_DIST += tests/plxapi/check-defect tests/plxapi/check-interface \
	tests/plxapi/crate tests/plxapi/smallest.c
if PLXAPI
# Programs for the SDK: its interface and nothing of plxdma's.
check_PROGRAMS += tests/plxapi/pixie/pixie
tests_plxapi_pixie_pixie_SOURCES = \
	tests/plxapi/pixie/memory.c \
	tests/plxapi/pixie/module.c \
	tests/plxapi/pixie/module.h \
	tests/plxapi/pixie/pixie.c \
	tests/plxapi/pixie/run.c \
	tests/plxapi/pixie/wires.c
tests_plxapi_pixie_pixie_CPPFLAGS = -I$(top_srcdir)/include/plxapi -DPLX_LINUX
tests_plxapi_pixie_pixie_LDADD = libplxapi-compat.la
check_PROGRAMS += tests/plxapi/sis/sis
tests_plxapi_sis_sis_SOURCES = tests/plxapi/sis/sis.c
tests_plxapi_sis_sis_CPPFLAGS = -I$(top_srcdir)/include/plxapi -DPLX_LINUX
tests_plxapi_sis_sis_LDADD = libplxapi-compat.la
TESTS += tests/plxapi/crate

check_PROGRAMS += tests/plxapi/defect
tests_plxapi_defect_SOURCES = tests/plxapi/defect.c
tests_plxapi_defect_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/include/plxapi
tests_plxapi_defect_LDADD = libplxapi-compat.la -ldl
tests_plxapi_defect_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic
# Planted defects are for the plain build: a sanitizer has its own say.
if !SANITIZED
TESTS += tests/plxapi/check-defect
endif

check_PROGRAMS += tests/plxapi/cost
tests_plxapi_cost_SOURCES = tests/plxapi/cost.c
tests_plxapi_cost_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/include/plxapi
tests_plxapi_cost_LDADD = libplxapi-compat.la libplxdma.la

TESTS += tests/plxapi/check-interface

check_PROGRAMS += tests/plxapi/check-plxapi
TESTS += tests/plxapi/check-plxapi
tests_plxapi_check_plxapi_SOURCES = \
	tests/daemon/fixture.c \
	tests/daemon/fixture.h \
	tests/plxapi/check-plxapi.c \
	tests/plxapi/device.c \
	tests/plxapi/device.h \
	tests/plxapi/suite-bar.c \
	tests/plxapi/suite-channel.c \
	tests/plxapi/suite-daemon.c \
	tests/plxapi/suite-find.c \
	tests/plxapi/suite-memory.c \
	tests/plxapi/suite-notify.c \
	tests/plxapi/suite-registers.c \
	tests/plxapi/suite-transfer.c \
	tests/plxapi/suites.h
tests_plxapi_check_plxapi_CFLAGS = $(UNIT_CFLAGS) \
	-DPLXDMAD='"$(abs_top_builddir)/plxdmad"'
tests_plxapi_check_plxapi_LDADD = libplxapi-compat.la $(CHECK_LIBS)
if ZYDIS
check_PROGRAMS += tests/plxapi/check-loads
TESTS += tests/plxapi/check-loads
tests_plxapi_check_loads_SOURCES = \
	src/plxapi/access.c \
	src/plxapi/access.h \
	src/plxapi/arithmetic.c \
	src/plxapi/arithmetic.h \
	src/plxapi/decoded.h \
	src/plxapi/instruction.c \
	src/plxapi/instruction.h \
	src/plxapi/registers.c \
	src/plxapi/registers.h \
	src/plxapi/strings.c \
	src/plxapi/trap.c \
	src/plxapi/trap.h \
	src/plxapi/vectors.c \
	tests/plxapi/check-loads.c
tests_plxapi_check_loads_CFLAGS = $(UNIT_CFLAGS)
tests_plxapi_check_loads_LDADD = $(CHECK_LIBS) $(ZYDIS_LIBS)
endif
endif
