# What is in this folder.
SCENARIO_CFLAGS = $(UNIT_CFLAGS) \
	-DSHARED_BOARD_FILE='"$(abs_builddir)/tests/scenario/.libs/shared-board.so"' \
	-DPLXDMAD_FILE='"$(abs_builddir)/plxdmad"'
if SANITIZED
SCENARIO_CFLAGS += -DSANITIZED
endif

# A board that the tests can look into.  -rpath makes it a shared object.
check_LTLIBRARIES += tests/scenario/shared-board.la
tests_scenario_shared_board_la_SOURCES = \
	tests/scenario/shared-board.c \
	tests/scenario/shared-board.h
tests_scenario_shared_board_la_LDFLAGS = $(AM_LDFLAGS) -module \
	-avoid-version -shared -rpath /nowhere

MATRIX_FILES = \
	tests/scenario/act.c \
	tests/scenario/act.h \
	tests/scenario/cases.c \
	tests/scenario/cases.h \
	tests/scenario/configurations.c \
	tests/scenario/configurations.h \
	tests/scenario/daemon-child.c \
	tests/scenario/daemon-child.h \
	tests/scenario/row-lists.c \
	tests/scenario/row-modes.c \
	tests/scenario/row-own.c \
	tests/scenario/row.c \
	tests/scenario/row.h \
	tests/scenario/stage.c \
	tests/scenario/stage.h \
	tests/scenario/transfer-matrix.c \
	tests/scenario/witness.c \
	tests/scenario/witness.h

check_PROGRAMS += tests/scenario/transfer-matrix
if !TSAN
# One thread and gigabytes of patterns: hours, and no race to be found.
TESTS += tests/scenario/transfer-matrix
endif
tests_scenario_transfer_matrix_SOURCES = $(MATRIX_FILES)
tests_scenario_transfer_matrix_CFLAGS = $(SCENARIO_CFLAGS)
tests_scenario_transfer_matrix_LDADD = $(UNIT_LDADD)

# The same with defects between driver and transport.
check_PROGRAMS += tests/scenario/transfer-matrix-defects
dist_check_SCRIPTS += tests/scenario/check-defects
if !SANITIZED
# It asks whether the matrix finds defects: once is enough, and slow here.
TESTS += tests/scenario/check-defects
endif
tests_scenario_transfer_matrix_defects_SOURCES = $(MATRIX_FILES) \
	tests/scenario/defects.c
tests_scenario_transfer_matrix_defects_CFLAGS = $(SCENARIO_CFLAGS)
tests_scenario_transfer_matrix_defects_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=transport_open
tests_scenario_transfer_matrix_defects_LDADD = $(UNIT_LDADD)

RIG_FILES = \
	tests/scenario/rig.c \
	tests/scenario/rig.h \
	tests/scenario/shared-board.h \
	tests/scenario/stage.c \
	tests/scenario/stage.h \
	tests/scenario/suites.h \
	tests/scenario/witness.c \
	tests/scenario/witness.h

check_PROGRAMS += tests/scenario/check-faults
TESTS += tests/scenario/check-faults
tests_scenario_check_faults_SOURCES = $(RIG_FILES) \
	tests/scenario/check-faults.c \
	tests/scenario/endings.c \
	tests/scenario/faults.c
tests_scenario_check_faults_CFLAGS = $(SCENARIO_CFLAGS)
tests_scenario_check_faults_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/scenario/check-faults-defects
tests_scenario_check_faults_defects_SOURCES = \
	$(tests_scenario_check_faults_SOURCES) \
	tests/scenario/defects.c
tests_scenario_check_faults_defects_CFLAGS = $(SCENARIO_CFLAGS)
tests_scenario_check_faults_defects_LDFLAGS = \
	$(tests_scenario_transfer_matrix_defects_LDFLAGS)
tests_scenario_check_faults_defects_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/scenario/check-use
TESTS += tests/scenario/check-use
tests_scenario_check_use_SOURCES = $(RIG_FILES) \
	tests/scenario/check-use.c \
	tests/scenario/costs.c \
	tests/scenario/misuse.c \
	tests/scenario/queues.c
tests_scenario_check_use_CFLAGS = $(SCENARIO_CFLAGS)
tests_scenario_check_use_LDADD = $(UNIT_LDADD)
