# Conformance of the software card: registers.tsv and a test per statement.
check_PROGRAMS += tests/model/check-model
TESTS += tests/model/check-model
tests_model_check_model_SOURCES = \
	tests/model/card.c \
	tests/model/card.h \
	tests/model/check-model.c \
	tests/model/cksuite-access.c \
	tests/model/cksuite-registers.c \
	tests/model/registers.c \
	tests/model/registers.h \
	tests/model/suites.h
tests_model_check_model_CFLAGS = $(UNIT_CFLAGS)
tests_model_check_model_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"'
tests_model_check_model_LDADD = $(UNIT_LDADD)
EXTRA_DIST += tests/model/registers.tsv
