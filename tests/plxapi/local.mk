if PLXAPI
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
